"""`duebill party`: who may act."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _show
from duebill.cli._reasons import Reason
from duebill.cli._registry_key import registry_key
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT
from duebill.documents import reference_hash, text_hash
from duebill.model import FOREVER, ZERO_HASH

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.chain import Transaction
    from duebill.cli._session import Reader, Writer
    from duebill.model import Address, Party
    from duebill.roles import Registrar, Supervisor

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


@click.group()
def command() -> None:
    """Verify, freeze and look at parties."""


@command.command()
@click.argument("party", type=ACCOUNT)
@click.option("--until", type=MOMENT, help="The last moment of the verification; else no end.")
@click.option(
    "--identifier",
    default="",
    metavar="TEXT",
    help="Its legal identifier (LEI, USCC), or a hash of it. Only a keyed hash goes to the chain.",
)
@click.option("--revoke", is_flag=True, help="End its verification.")
@writes
def verify(
    writer: Writer, party: Address, *, until: datetime | None, identifier: str, revoke: bool
) -> None:
    """Verify PARTY as a registrar, so that it can issue, accept and receive."""
    hashed, end = _identifier_hash(identifier), until or FOREVER

    def act(role: Registrar) -> Transaction[None]:
        if revoke:
            return role.revoke(party, identifier=hashed)
        return role.verify(party, until=end, identifier=hashed)

    verb = "is no longer verified" if revoke else f"is verified {_until(end)}"
    words = f"{writer.named(party)} {verb}."
    outcome = writer.carry_out(writer.ledger.registrar(writer.signer), act, words=words)
    data = {
        "party": party,
        "verified_until": None if revoke else end.isoformat(),
        "identifier": hashed,
    }
    writer.tell(outcome, data, done=words)


@command.command()
@click.argument("party", type=ACCOUNT)
@click.option("--until", type=MOMENT, help="The last moment of the freeze; else no end.")
@click.option("--reason", default="", help="Why; its hash is put on record.")
@click.option("--lift", is_flag=True, help="End its freeze.")
@writes
def freeze(
    writer: Writer, party: Address, *, until: datetime | None, reason: str, lift: bool
) -> None:
    """Freeze PARTY as the supervisor: it can neither give nor receive."""
    hashed, end = text_hash(reason) if reason else ZERO_HASH, until or FOREVER
    if reason and not writer.dry_run:
        Reason(hash=hashed, words=reason).keep()

    def act(role: Supervisor) -> Transaction[None]:
        if lift:
            return role.unfreeze_party(party, reason=hashed)
        return role.freeze_party(party, until=end, reason=hashed)

    words = f"{writer.named(party)} is {'no longer frozen' if lift else 'frozen ' + _until(end)}."
    outcome = writer.carry_out(writer.ledger.supervisor(writer.signer), act, words=words)
    data = {
        "party": party,
        "frozen_until": None if lift else end.isoformat(),
        "reason": hashed,
    }
    writer.tell(outcome, data, done=words)


@command.command()
@click.argument("party", type=ACCOUNT)
@reads
def show(reader: Reader, party: Address) -> None:
    """Show what the ledger knows of PARTY."""
    found, now = reader.ledger.party(party), reader.ledger.time()
    if reader.as_json:
        _show.as_json(_data(found, now))
        return
    _show.facts(
        (
            ("Party", reader.named(found.address)),
            ("Verified", _until(found.verified_until) if found.is_verified(now) else "no"),
            ("Frozen", _until(found.frozen_until) if found.is_frozen(now) else "no"),
            ("Vouchers", str(found.vouchers)),
            ("Declared defaults", str(found.defaults)),
            ("Payee", reader.named(found.payee) if found.payee else "itself"),
            ("Identifier", found.identifier),
        )
    )


@command.command(name="list")
@reads
def list_(reader: Reader) -> None:
    """List every party that was ever verified or frozen."""
    found, now = reader.ledger.parties(), reader.ledger.time()
    if reader.as_json:
        _show.as_json([_data(it, now) for it in found])
        return
    rows = (
        (
            reader.name(it.address),
            "yes" if it.is_verified(now) else "no",
            "yes" if it.is_frozen(now) else "no",
            str(it.vouchers),
        )
        for it in found
    )
    _show.table(("Party", "Verified", "Frozen", ">Vouchers"), rows)


def _data(party: Party, now: datetime) -> dict[str, Any]:
    state = {"verified": party.is_verified(now), "frozen": party.is_frozen(now)}
    return {**party.to_json(), **state}


def _until(end: datetime | None) -> str:
    if end is None or end == FOREVER:
        return "without end"
    return f"until {end:%Y-%m-%d %H:%M:%S} UTC"


def _identifier_hash(text: str) -> str:
    if not text:
        return ZERO_HASH
    if _HASH.fullmatch(text):
        return text.lower()

    return reference_hash(text, key=registry_key())
