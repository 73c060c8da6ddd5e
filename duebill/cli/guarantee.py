"""`duebill guarantee`: avals, from the promise to the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _guarantee, _papers, _show
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT, currency_named
from duebill.model import Money
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.cli._session import Reader, Writer
    from duebill.model import Address


@click.group()
def command() -> None:
    """Guarantee what obligors owe: give, take, call and honour avals.

    An AVAL is given by its first characters. A PAPER is a file, the line itself, or - for standard
    input.
    """


# -- giving -----------------------------------------------------------------------------------


@command.command()
@_guarantee.promise
@writes
def give(writer: Writer, receivable: str | None, *, said: dict[str, Any]) -> None:
    """Guarantee a RECEIVABLE, or a line over what an obligor owes, at once and free."""
    role, promise = writer.ledger.guarantor(writer.signer), _guarantee.said_of(writer, said)
    terms = role.draft_aval(receivable, applicant=writer.signer.address, **promise).terms
    outcome = writer.carry_out(
        role,
        lambda it: it.cover(receivable, **promise),
        words=_guarantee.promised(writer, terms),
    )
    what, cap = _guarantee.subject(writer, terms), grouped(terms.cap)
    data = {"aval": outcome.value, "cap": terms.cap.text, "currency": terms.code}
    done = f"Guaranteed {what} up to {cap}: aval {short(outcome.value)}."
    writer.tell(outcome, data, done=done)


@command.command()
@_guarantee.promise
@click.option("--applicant", type=ACCOUNT, required=True, help="Who may have it given.")
@click.option("--fee", metavar="AMOUNT", help="What the applicant pays for it; nothing otherwise.")
@click.option("--signed-until", type=MOMENT, help="Until when it can be taken; else a week.")
@click.option("--out", metavar="FILE", help="Where to write it; else one line is printed.")
@writes
def sign(  # noqa: PLR0913 - one for each option
    writer: Writer,
    receivable: str | None,
    *,
    said: dict[str, Any],
    applicant: Address,
    fee: str | None,
    signed_until: datetime | None,
    out: str | None,
) -> None:
    """Sign an aval that its applicant can have given, for a fee.

    The guarantee book is allowed the margin, on top of what it is allowed already.
    """
    role = writer.ledger.guarantor(writer.signer)
    promise = {
        **_guarantee.said_of(writer, said),
        "applicant": applicant,
        "fee": fee,
        "signed_until": signed_until,
    }
    if writer.dry_run:
        draft = role.draft_aval(receivable, **promise)
        shown = {"would_sign": draft.summary(), "terms": draft.terms.to_json()}
        _show.as_json(shown) if writer.as_json else _show.line(draft.summary())
        return
    review = _papers.reviewing(writer, then="The guarantee book is allowed the margin.")
    _papers.give(writer, role.sign_aval(receivable, review=review, **promise), out=out)


@command.command()
@click.argument("paper", metavar="PAPER")
@writes
def take(writer: Writer, paper: str) -> None:
    """Have a signed aval given, and pay the guarantor its fee."""
    _papers.require_asking(writer, paper)
    signed = _guarantee.read(paper)
    terms = signed.terms
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda it: it.take_cover(signed),
        words=f"{signed.summary()}\n\nI have it given, and pay {grouped(terms.price)} for it.",
    )
    done = f"Taken for {grouped(terms.price)}: aval {short(outcome.value)}."
    writer.tell(outcome, {"aval": outcome.value, "terms": terms.to_json()}, done=done)


@command.command()
@click.argument("paper", metavar="PAPER")
@writes
def withdraw(writer: Writer, paper: str) -> None:
    """Withdraw a signed aval of yours that was not taken."""
    signed = _guarantee.read(paper)
    id_ = signed.digest()
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.withdraw_aval(signed),
        words=f"I withdraw my signature on aval {id_}.",
    )
    writer.tell(outcome, {"aval": id_}, done=f"Withdrawn: aval {short(id_)}.")


@command.command()
@click.argument("aval", metavar="AVAL")
@click.argument("amount", metavar="AMOUNT")
@writes
def secure(writer: Writer, aval: str, amount: str) -> None:
    """Lay up more of an aval's cap in cash."""
    found = writer.ledger.guarantees.aval(aval)
    wanted = Money.parse(amount, found.terms.code)
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.add_margin(found.id, wanted),
        words=f"I lay up {grouped(wanted)} more for aval {found.id}.",
    )
    data = {"aval": found.id, **outcome.value.to_json()}
    writer.tell(outcome, data, done=f"Laid up {grouped(wanted)} for {short(found.id)}.")


@command.command()
@click.argument("amount", metavar="AMOUNT")
@click.argument("currency", metavar="CURRENCY")
@writes
def allow(writer: Writer, amount: str, currency: str) -> None:
    """Let the guarantee book take this much of your money for calls and margins; 0 ends it."""
    row = writer.ledger.currency(currency_named(currency))
    wanted = Money.parse(amount, row.code)
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.allow_calls(wanted),
        words=f"I let the guarantee book take {grouped(wanted)} in all, instead of what it may now.",
    )
    done = f"The guarantee book may take {grouped(wanted)}."
    writer.tell(outcome, wanted.to_json(), done=done)


# -- looking ----------------------------------------------------------------------------------


@command.command(name="list")
@click.option("--receivable", metavar="ID", help="Only what covers this receivable.")
@click.option("--guarantor", type=ACCOUNT, help="Only what this account gave.")
@click.option("--obligor", type=ACCOUNT, help="Only for what this account owes.")
@reads
def list_(
    reader: Reader,
    *,
    receivable: str | None,
    guarantor: Address | None,
    obligor: Address | None,
) -> None:
    """List avals, oldest first."""
    with reader.waiting("Reading the ledger"):
        found = reader.ledger.guarantees.avals(
            receivable=receivable, guarantor=guarantor, obligor=obligor
        )
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
    elif found:
        heads = ("Aval", "Guarantor", "Covers", ">Cap", ">Left", ">Margin", ">Unpaid", "Until")
        _show.table(heads, (_guarantee.row(reader, it) for it in found))
    else:
        _show.line("There are none.")


@command.command()
@click.argument("aval", metavar="AVAL|PAPER")
@reads
def show(reader: Reader, aval: str) -> None:
    """Show an aval as it stands, or what a signed one says."""
    if _papers.is_paper(aval):
        signed = _guarantee.read(aval)
        reader.ledger.guarantees.require_own(signed)
        _papers.show(reader, signed)
        return
    found = reader.ledger.guarantees.aval(aval)
    if reader.as_json:
        _show.as_json(found.to_json())
    else:
        _show.facts(_guarantee.facts(reader, found))


@command.command()
@click.argument("receivable", metavar="RECEIVABLE")
@reads
def cover(reader: Reader, receivable: str) -> None:
    """Show what a receivable's holders can rely on beside its obligor."""
    with reader.waiting("Reading the ledger"):
        found = reader.ledger.guarantees.cover_of(receivable)
    if reader.as_json:
        _show.as_json(found.to_json())
        return
    _show.facts(_guarantee.cover_facts(found))
    if found.avals:
        _show.line()
        heads = ("Aval", "Guarantor", "For", ">Callable", ">In cash", ">Unpaid", "Until", "Failed")
        _show.table(heads, (_guarantee.cover_row(reader, it) for it in found.avals))


# -- calling ----------------------------------------------------------------------------------


@command.command()
@click.argument("receivable", metavar="RECEIVABLE")
@click.option("--aval", metavar="AVAL", help="Only this one; else all that are worth calling.")
@writes
def call(writer: Writer, receivable: str, *, aval: str | None) -> None:
    """Call the avals of an overdue receivable; anyone may."""
    found = writer.ledger.receivable(receivable)
    which = "the avals" if aval is None else f"aval {writer.ledger.guarantees.aval(aval).id}"
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.call_guarantee(found.id, aval=aval),
        words=f"I call {which} of receivable {found.id}.",
    )
    _guarantee.told(writer, outcome, found.id)


@command.command()
@click.argument("receivable", metavar="RECEIVABLE")
@writes
def honour(writer: Writer, receivable: str) -> None:
    """Pay what your own avals are called for, or could be."""
    found = writer.ledger.receivable(receivable)
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.honour(found.id),
        words=f"I pay what my avals promise for receivable {found.id}, margin first.",
    )
    _guarantee.told(writer, outcome, found.id)


@command.command()
@click.argument("aval", metavar="AVAL")
@click.argument("receivable", metavar="RECEIVABLE")
@writes
def clear(writer: Writer, aval: str, receivable: str) -> None:
    """Take off the record what a guarantor did not pay, as far as others did; anyone may."""
    found, id_ = writer.ledger.guarantees.aval(aval), writer.ledger.receivable(receivable).id
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.clear_dishonour(found.id, receivable=id_),
        words=f"I clear the record of aval {found.id} for receivable {id_}.",
    )
    data = {"aval": found.id, "receivable": id_, "left": outcome.value.to_json()}
    done = f"Cleared; {grouped(outcome.value)} stays on record."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("aval", metavar="AVAL")
@writes
def release(writer: Writer, aval: str) -> None:
    """Give what is left of a margin back, once it is not needed; anyone may."""
    found = writer.ledger.guarantees.aval(aval)
    who = writer.named(found.terms.guarantor)
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda it: it.release_margin(found.id),
        words=f"I give the margin of aval {found.id} back to {who}.",
    )
    data = {"aval": found.id, **outcome.value.to_json()}
    writer.tell(outcome, data, done=f"{grouped(outcome.value)} went back to {who}.")
