"""`duebill supervision`: what the supervisor and the enforcer do, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from duebill.cli import _reasons, _show
from duebill.cli._accounts import address_of
from duebill.cli._reasons import explained
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT
from duebill.model import ANNOUNCEMENT_LASTS, FOREVER, ActState, VoucherId
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from duebill.chain import Transaction
    from duebill.cli._reasons import Reason
    from duebill.cli._session import Reader, Writer
    from duebill.model import Act, Address
    from duebill.roles import Enforcer, Role, Supervisor

R = TypeVar("R", bound="Role")

_ANNOUNCE = click.option(
    "--announce",
    is_flag=True,
    help="Announce it only; the same again without this carries it out once the delay is over.",
)


@click.group()
def command() -> None:
    """Freeze, pause, take on an order, and see what was done.

    Each act says why: a hash of the reason goes on record, its words stay in DUEBILL_HOME.
    """


@command.command()
@click.option("--until", type=MOMENT, required=True, help="Its last moment: in at most 7 days.")
@_ANNOUNCE
@explained
@writes
def pause(writer: Writer, *, until: datetime, announce: bool, reason: Reason) -> None:
    """Stop issue, acceptance, transfer and split for a while; payment and redemption go on."""

    def act(role: Supervisor) -> Transaction[Any]:
        return role.pause(until=until, reason=reason.hash, announce=announce)

    words = f"Issue and transfer are paused {_until(until)}."
    told = _Told(words, {"paused_until": until.isoformat()}, reason)
    _supervise(writer, act, told, announced=announce)


@command.command()
@_ANNOUNCE
@writes
def unpause(writer: Writer, *, announce: bool) -> None:
    """End a pause early."""
    told = _Told("Issue and transfer go on.", {"paused_until": None})
    _supervise(writer, lambda role: role.unpause(announce=announce), told, announced=announce)


@command.command()
@click.argument("subject", metavar="SUBJECT")
@click.option("--until", type=MOMENT, help="The last moment of the freeze; else no end.")
@_ANNOUNCE
@explained
@writes
def freeze(
    writer: Writer, subject: str, *, until: datetime | None, announce: bool, reason: Reason
) -> None:
    """Freeze SUBJECT: a party, or a voucher in the hands of its holder."""
    end, id_ = until or FOREVER, _subject(writer, subject)

    def act(role: Supervisor) -> Transaction[Any]:
        if isinstance(id_, VoucherId):
            return role.freeze_voucher(id_, until=end, reason=reason.hash, announce=announce)
        return role.freeze_party(id_, until=end, reason=reason.hash, announce=announce)

    words = f"{_named(writer, id_)} is frozen {_until(end)}."
    until_text = None if end == FOREVER else end.isoformat()
    told = _Told(words, {"subject": id_, "frozen_until": until_text}, reason)
    _supervise(writer, act, told, announced=announce)


@command.command()
@click.argument("subject", metavar="SUBJECT")
@_ANNOUNCE
@explained
@writes
def release(writer: Writer, subject: str, *, announce: bool, reason: Reason) -> None:
    """End the freeze of SUBJECT, a party or a voucher, early."""
    id_ = _subject(writer, subject)

    def act(role: Supervisor) -> Transaction[Any]:
        if isinstance(id_, VoucherId):
            return role.unfreeze_voucher(id_, reason=reason.hash, announce=announce)
        return role.unfreeze_party(id_, reason=reason.hash, announce=announce)

    words = f"{_named(writer, id_)} is no longer frozen."
    _supervise(writer, act, _Told(words, {"subject": id_}, reason), announced=announce)


@command.command()
@click.argument("id_", metavar="VOUCHER")
@click.argument("to", type=ACCOUNT)
@_ANNOUNCE
@explained
@writes
def seize(writer: Writer, id_: str, to: Address, *, announce: bool, reason: Reason) -> None:
    """Take a voucher from its holder and give it TO a party, on an order, as the enforcer."""
    found = writer.ledger.voucher(id_)

    def act(role: Enforcer) -> Transaction[Any]:
        return role.seize(found.id, to=to, reason=reason.hash, announce=announce)

    done = f"Voucher {found.id} goes from {writer.named(found.holder)} to {writer.named(to)} on an order."
    data = {"voucher": found.id, "from": found.holder, "to": to}
    _enforce(writer, act, _Told(done, data, reason), announced=announce)


@command.command()
@click.argument("holder", type=ACCOUNT)
@click.option("--to", type=ACCOUNT, help="The payee; the holder itself again when not given.")
@_ANNOUNCE
@explained
@writes
def payee(
    writer: Writer, holder: Address, *, to: Address | None, announce: bool, reason: Reason
) -> None:
    """Name another payee for what HOLDER redeems, on an order, as the enforcer."""

    def act(role: Enforcer) -> Transaction[Any]:
        return role.set_payee(holder, payee=to, reason=reason.hash, announce=announce)

    done = f"What {writer.named(holder)} redeems goes to {writer.named(to or holder)}."
    data = {"holder": holder, "payee": to}
    _enforce(writer, act, _Told(done, data, reason), announced=announce)


@command.command()
@click.argument("announcement", metavar="TRANSACTION")
@writes
def cancel(writer: Writer, announcement: str) -> None:
    """Cancel what was announced in TRANSACTION, before it is carried out: by an enforcer, or by you."""
    words = f"What transaction {announcement} announced is cancelled."
    supervisor = writer.ledger.supervisor(writer.signer)
    outcome = writer.carry_out(supervisor, lambda role: role.cancel(announcement), words=words)
    writer.tell(outcome, {"announcement": announcement}, done=words)


@command.command()
@click.option("--in-force", is_flag=True, help="Only what binds somebody now, or may soon.")
@reads
def log(reader: Reader, *, in_force: bool) -> None:
    """List every act: who, why, until when, and whether it is still in force."""
    with reader.waiting("Reading the ledger"):
        found = [it for it in reader.ledger.acts() if not in_force or it.state in _OPEN]
    words = _reasons.kept()
    if reader.as_json:
        _show.as_json([{**it.to_json(), "words": words.get(it.reason or "")} for it in found])
    elif found:
        heads = ("Time", "Act", "Subject", "By", "Until", "State", "Reason")
        _show.table(heads, (_row(reader, it, words) for it in found))
        for it in found:
            if it.announced and it.state in _OPEN:
                what = f"Against {it.announced.value} of {_of(reader, it)}"
                _show.line(f"{what}: duebill supervision cancel {it.transaction}", style="dim")
    else:
        _show.line("There are none.")


_OPEN = {ActState.IN_FORCE, ActState.WAITING, ActState.READY}


@dataclass(frozen=True, slots=True)
class _Told:
    """An act as people and programs are told of it, and why it is done."""

    words: str
    data: Mapping[str, Any]
    reason: Reason | None = None


def _supervise(
    writer: Writer, act: Callable[[Supervisor], Transaction[Any]], told: _Told, *, announced: bool
) -> None:
    _carry_out(writer, writer.ledger.supervisor(writer.signer), act, told, announced=announced)


def _enforce(
    writer: Writer, act: Callable[[Enforcer], Transaction[Any]], told: _Told, *, announced: bool
) -> None:
    _carry_out(writer, writer.ledger.enforcer(writer.signer), act, told, announced=announced)


def _carry_out(
    writer: Writer, role: R, act: Callable[[R], Transaction[Any]], told: _Told, *, announced: bool
) -> None:
    words = f"Announced, and not done yet: {told.words}" if announced else told.words
    data, why = {**told.data, "announced": announced}, ""
    if told.reason:
        data["reason"], why = told.reason.hash, f"\nReason: {told.reason.words}"
        if writer.binding:
            told.reason.keep()
    outcome = writer.carry_out(role, act, words=words + why)
    ready = outcome.value
    if announced:
        data["ready_at"] = ready.isoformat() if ready else None
    if ready:
        words += f"\n{_when(ready)}"
    writer.tell(outcome, data, done=words)


def _when(ready: datetime) -> str:
    last = ready + ANNOUNCEMENT_LASTS
    return (
        f"Give the same command without --announce to carry it out, from {ready:%Y-%m-%d %H:%M:%S} "
        f"to {last:%Y-%m-%d %H:%M:%S} UTC."
    )


def _subject(writer: Writer, text: str) -> Address | VoucherId:
    return writer.ledger.voucher(text).id if "/" in text else address_of(text)


def _named(writer: Writer, subject: Address | VoucherId) -> str:
    if isinstance(subject, VoucherId):
        return f"Voucher {subject}"
    return writer.named(subject)


def _row(reader: Reader, act: Act, words: Mapping[str, str]) -> tuple[str, ...]:
    what = act.kind.value if act.announced is None else f"announce {act.announced.value}"
    until = "" if act.until is None else _until(act.until).removeprefix("until ")
    if act.announced is not None:
        until = f"not before {until}"
    reason = act.reason or ""
    return (
        f"{act.time:%Y-%m-%d %H:%M}",
        what,
        _of(reader, act),
        reader.name(act.by),
        until,
        act.state.value,
        words.get(reason, reason),
    )


def _of(reader: Reader, act: Act) -> str:
    if act.subject is None:
        return "the ledger"
    subject = act.subject
    of = short(subject) if isinstance(subject, VoucherId) else reader.name(subject)
    whose = f" of {reader.name(act.account)}" if act.account else ""
    return f"{of}{whose}" + (f" to {reader.name(act.to)}" if act.to else "")


def _until(end: datetime) -> str:
    return "without end" if end == FOREVER else f"until {end:%Y-%m-%d %H:%M:%S} UTC"
