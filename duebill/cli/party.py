"""`duebill party`: who may act, as whom, and at which address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _party_profile, _show
from duebill.cli._issue import write_private
from duebill.cli._reasons import Reason, explained
from duebill.cli._registry_key import registry_key
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT, SPAN
from duebill.documents import text_hash
from duebill.model import FOREVER, ZERO_HASH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

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
    help="Its legal identifier, such as lei:… or uscc:…, or a hash. Only a keyed hash goes to the "
    "chain; without it, what the ledger has stays.",
)
@click.option("--revoke", is_flag=True, help="End its verification.")
@writes
def verify(
    writer: Writer, party: Address, *, until: datetime | None, identifier: str, revoke: bool
) -> None:
    """Verify PARTY as a registrar, so that it can issue, accept and receive."""
    known = writer.ledger.party(party).identifier
    hashed, end = _identifier_hash(identifier) if identifier else known, until or FOREVER

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
    if reason and writer.binding:
        Reason(hash=hashed, words=reason).keep()

    def act(role: Supervisor) -> Transaction[datetime | None]:
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
            ("Encryption key", _party_profile.recipient(found.encryption_key)),
        )
    )


@command.command(name="import")
@click.argument("file")
@click.option("--until", type=MOMENT, help="For rows that name no end; else no end.")
@click.option("--skip-refused", is_flag=True, help="Carry out the others when some are refused.")
@click.option("--results", metavar="FILE", help="Write what became of each row there, as CSV.")
@writes
def import_(
    writer: Writer, file: str, *, until: datetime | None, skip_refused: bool, results: str | None
) -> None:
    """Verify all parties of FILE as a registrar: CSV with account, identifier, until.

    Every row is checked before anything is sent. The exit code is 3 if a row is refused.
    """
    from duebill.cli import _party_batch  # noqa: PLC0415 - reads lists

    _needs_no_reference(writer)
    code = _party_batch.run(
        writer,
        _party_batch.read(file, until=until, hash_of=_identifier_hash),
        skip_refused=skip_refused,
        results=results,
    )
    click.get_current_context().exit(code)


@command.command()
@click.argument("identifier", metavar="IDENTIFIER")
@reads
def find(reader: Reader, identifier: str) -> None:
    """Find the accounts of a party by its IDENTIFIER, with the registrar's key."""
    hashed = _identifier_hash(identifier)
    found, now = reader.ledger.parties(identifier=hashed), reader.ledger.time()
    if reader.as_json:
        _show.as_json([_data(it, now) for it in found])
    elif found:
        _table(reader, found, now)
    else:
        _show.line("No account has this identifier under the key of this registrar.")


@command.command()
@click.option(
    "--within", type=SPAN, default="30d", show_default=True, help="Ends this soon: 30d, 12h."
)
@click.option("--ics", metavar="FILE", help="Write a calendar with a reminder for each.")
@reads
def expiring(reader: Reader, *, within: timedelta, ics: str | None) -> None:
    """List the parties whose verification ends soon, the first to end first."""
    found, now = reader.ledger.expiring(within=within), reader.ledger.time()
    if ics:
        from duebill.parties import calendar  # noqa: PLC0415 - for this option alone

        write_private(Path(ics), calendar(found, chain_id=reader.ledger.chain_id, now=now))
    if reader.as_json:
        _show.as_json([_data(it, now) for it in found])
    elif found:
        rows = ((reader.name(it.address), _end(it, now), str(it.vouchers)) for it in found)
        _show.table(("Party", "Verified until", ">Vouchers"), rows)
    else:
        _show.line("No verification ends so soon.")


for _profile in (
    _party_profile.pack,
    _party_profile.open_,
    _party_profile.prove,
    _party_profile.grant,
):
    command.add_command(_profile)


@command.command()
@click.argument("party", type=ACCOUNT)
@reads
def ties(reader: Reader, party: Address) -> None:
    """List what binds PARTY's address, and what to do about it when its key is lost."""
    found = reader.ledger.ties(party)
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
        return
    if not found:
        _show.line(f"Nothing binds {reader.named(party)}.")
    for it in found:
        _show.line(f"{it.kind}: {_subject(reader, it.subject)}")
        _show.paragraph(it.kind.remedy, indent=4)


@command.command()
@click.argument("old", type=ACCOUNT)
@click.argument("new", type=ACCOUNT)
@click.option("--until", type=MOMENT, help="The last moment of the new verification; else the old.")
@writes
def rotate(writer: Writer, old: Address, new: Address, *, until: datetime | None) -> None:
    """Verify NEW, as a registrar, as the party that was at OLD, which ends there."""
    from duebill.cli import _party_rotation  # noqa: PLC0415 - for this alone

    _needs_no_reference(writer)
    _party_rotation.rotate(writer, old, new, until=until)


@command.command()
@click.argument("old", type=ACCOUNT)
@click.argument("new", type=ACCOUNT)
@explained
@writes
def move(writer: Writer, old: Address, new: Address, *, reason: Reason) -> None:
    """Move the vouchers, as an enforcer, from a party's OLD address to its NEW one.

    Where the role has a delay, this announces; the same command again moves when it is over.
    """
    from duebill.cli import _party_rotation  # noqa: PLC0415 - for this alone

    _needs_no_reference(writer)
    _party_rotation.move(writer, old, new, reason=reason)


@command.command(name="list")
@reads
def list_(reader: Reader) -> None:
    """List every party that was ever verified or frozen."""
    found, now = reader.ledger.parties(), reader.ledger.time()
    if reader.as_json:
        _show.as_json([_data(it, now) for it in found])
        return
    _table(reader, found, now)


def _needs_no_reference(writer: Writer) -> None:
    """What asks the ledger how far it has come is done once without a name of its own."""
    if writer.reference is not None:
        raise click.UsageError(
            "Given again, this goes on where it stands: it takes no --reference."
        )


def _table(reader: Reader, parties: Sequence[Party], now: datetime) -> None:
    rows = (
        (
            reader.name(it.address),
            "yes" if it.is_verified(now) else "no",
            "yes" if it.is_frozen(now) else "no",
            str(it.vouchers),
        )
        for it in parties
    )
    _show.table(("Party", "Verified", "Frozen", ">Vouchers"), rows)


def _end(party: Party, now: datetime) -> str:
    end = party.verified_until or now
    return f"{end:%Y-%m-%d %H:%M} UTC, in {(end - now).days} days"


def _subject(reader: Reader, text: str) -> str:
    """A tie's subject; an account by its name."""
    return next((reader.named(who) for who in reader.labels if who == text), text)


def _data(party: Party, now: datetime) -> dict[str, Any]:
    state = {"verified": party.is_verified(now), "frozen": party.is_frozen(now)}
    return {**party.to_json(), **state}


def _until(end: datetime | None) -> str:
    if end is None or end == FOREVER:
        return "without end"
    return f"until {end:%Y-%m-%d %H:%M:%S} UTC"


def _identifier_hash(text: str) -> str:
    if _HASH.fullmatch(text):
        return text.lower()
    from duebill.identifiers import Identifier  # noqa: PLC0415 - reads the rules of countries

    return Identifier.parse(text).keyed_hash(registry_key())
