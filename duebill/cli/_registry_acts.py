"""What the commands of `duebill registry` do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _invoices, _show
from duebill.cli._session import receipt
from duebill.cli._sheets import bar
from duebill.model import ZERO_ADDRESS, Money, ReceivableId
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from duebill.cli._session import Reader, Writer
    from duebill.model import Address, Invoice
    from duebill.registry import Consortium, InvoiceRegistry, InvoiceStanding, Registrant

# Credit notes in one transaction, well below a block of 30 million gas.
_MOST_NOTES = 200


@dataclass(frozen=True)
class Purpose:
    """What invoices are used for, and the same in words."""

    ledger: str
    subject: str
    words: str


def purpose(writer: Writer, receivable: str | None, elsewhere: str | None) -> Purpose:
    """A receivable of this ledger, issued or not yet; or something outside this chain."""
    if receivable is not None:
        id_ = writer.ledger.resolve(receivable)
        if not isinstance(id_, ReceivableId):
            raise click.UsageError(f"{receivable} is a voucher; give the id of its receivable.")
        return Purpose(writer.ledger.address, id_, f"receivable {id_}")
    from duebill.cli._issue import evidence_hash  # noqa: PLC0415 - imports the XML parser

    subject = evidence_hash(str(elsewhere))
    return Purpose(ZERO_ADDRESS, subject, f"{elsewhere}, outside this chain,")


def check(reader: Reader, files: Sequence[str], *, currency: str, refused: str | None) -> int:
    """Look up invoices; gives the exit code."""
    found = _found(reader, files, currency=currency)
    found.write(refused)
    if reader.as_json:
        _show.as_json(found.to_json())
    else:
        found.tell(refused=refused)
    return found.code


def register(
    writer: Writer,
    files: Sequence[str],
    *,
    currency: str,
    skip_refused: bool,
    refused: str | None,
) -> None:
    """Register invoices, or say what would be registered."""
    from duebill.registry import Finding  # noqa: PLC0415 - imports the client

    before = _found(writer, files, currency=currency)
    before.write(refused)
    if not skip_refused:
        before.require_usable()
    fresh = sum(row.finding is Finding.NEW for row in before.rows)
    after = before if writer.dry_run else _registered(writer, before, fresh)
    sent = {row.transaction for row in after.rows if row.transaction}
    if writer.as_json:
        _show.as_json(
            {**after.to_json(), "simulated": writer.dry_run, "transactions": sorted(sent)}
        )
        return
    after.tell(refused=refused)
    if writer.dry_run:
        _show.line(f"Dry run, nothing was sent. It would register {fresh:,}.")
    else:
        done = sum(1 for row in after.rows if row.transaction)
        _show.line(f"Registered {done:,} in {_count(len(sent), 'transaction')}.")


def use(
    writer: Writer, files: Sequence[str], to: Purpose, *, currency: str, amount: str | None
) -> None:
    """Use invoices, or parts of them."""
    found = _found(writer, files, currency=currency)
    found.require_usable()
    if not found.rows:
        raise click.UsageError("There is no invoice in these files.")
    uses = _invoices.shared_out(found.rows, amount)
    total = _invoices.total_of(uses)
    outcome = writer.carry_out(
        _platform(writer),
        lambda role: role.use(uses, receivable=to.subject, ledger=to.ledger),
        words=f"I use {total} of {_count(len(uses), 'invoice')} for {to.words}, and nobody else "
        "can use that any more.",
    )
    data = {
        "ledger": to.ledger,
        "subject": to.subject,
        "uses": [{"number": it.number, "amount": part.to_json()} for it, part in uses],
    }
    writer.tell(outcome, data, done=f"Used {total} of {_count(len(uses), 'invoice')}.")


def release(writer: Writer, text: str, to: Purpose, *, number: str | None, currency: str) -> None:
    """Give back what is used of an invoice."""
    invoice = _invoices.one(text, number=number, currency=currency)
    outcome = writer.carry_out(
        _platform(writer, needs_secrets=not isinstance(invoice, str)),
        lambda role: role.release(invoice, receivable=to.subject, ledger=to.ledger),
        words=f"I give back what I use of {_named(invoice)} for {to.words}.",
    )
    data = {"ledger": to.ledger, "subject": to.subject, "released": outcome.value.to_json()}
    writer.tell(outcome, data, done=f"Released {grouped(outcome.value)} of {_named(invoice)}.")


def reduce(writer: Writer, files: Sequence[str], *, currency: str) -> None:
    """Apply credit notes to the invoices that they name."""
    from duebill.einvoice import apply_credit_notes  # noqa: PLC0415 - imports the XML parser

    batch = _invoices.read(files, currency=currency, quiet=writer.as_json)
    if batch.faults:
        raise batch.faults[0].error
    credited = apply_credit_notes(it.invoice for it in (*batch.invoices, *batch.notes))
    pairs = [(it.invoice, note) for it in credited.balances for note in it.notes]
    left = [(it.note.number, it.reason.value) for it in credited.unapplied]
    platform = _platform(writer)
    if pairs:
        writer.agree(f"I apply {_count(len(pairs), 'credit note')} to the invoices they name.")
        if not writer.dry_run:
            writer.unlock()
    role = platform.simulate if writer.dry_run else _named_once(writer, platform)
    packs = (pairs[at : at + _MOST_NOTES] for at in range(0, len(pairs), _MOST_NOTES))
    with writer.waiting("Sending, and waiting for the block"):
        sent = [role.reduce_all(pack).wait() for pack in packs]
    writer.propose(role.calls)
    if writer.as_json:
        _show.as_json(_reduced(pairs, left, [receipt(outcome) for outcome in sent]))
        return
    would = "Dry run, nothing was sent. It would apply" if writer.dry_run else "Applied"
    _show.line(f"{would} {_count(len(pairs), 'credit note')}.")
    if left:
        _show.table(("Credit note", "Not applied, because"), left)


def cancel(writer: Writer, text: str, *, number: str | None, currency: str) -> None:
    """Record that an invoice is void."""
    invoice = _invoices.one(text, number=number, currency=currency)
    outcome = writer.carry_out(
        _platform(writer, needs_secrets=not isinstance(invoice, str)),
        lambda role: role.cancel(invoice),
        words=f"For ever void: {_named(invoice)}.",
    )
    data = {"invoice": invoice if isinstance(invoice, str) else invoice.number}
    writer.tell(outcome, data, done=f"Void: {_named(invoice)}.")


def show_invoice(reader: Reader, text: str, *, number: str | None, currency: str) -> None:
    """Where an invoice stands."""
    invoice = _invoices.one(text, number=number, currency=currency)
    found = _registry(reader, needs_secrets=not isinstance(invoice, str)).status(invoice)
    if reader.as_json:
        _show.as_json(found.to_json())
    else:
        _show.facts(_standing(found))


def show_registry(reader: Reader) -> None:
    """The registry itself: who is admitted, which secrets were announced, whether one has them."""
    registry = reader.ledger.registry()
    members = registry.registrants()
    days = [day for day, _ in registry.announced()]
    held = _held(registry)
    if reader.as_json:
        rows = [{"registrant": number, "account": account} for number, account in members]
        told = [day.isoformat() for day in days]
        data = {"address": registry.address, "secrets_from": told, "secrets": held}
        _show.as_json({**data, "registrants": rows})
        return
    _show.facts(
        (
            ("Registry", registry.address),
            ("Secrets announced", ", ".join(f"from {day}" for day in days) or "none"),
            ("Secrets here", held),
        )
    )
    if members:
        _show.line()
        rows_ = ((str(n), reader.named(who) if who else "suspended") for n, who in members)
        _show.table((">Registrant", "Account"), rows_)


def admit(writer: Writer, account: Address, *, number: int | None) -> None:
    """Admit a platform, or give one another account."""
    who = writer.named(account)
    if number is None:
        admitted = writer.carry_out(
            _consortium(writer), lambda role: role.admit(account), words=f"{who} is admitted."
        )
        data = {"registrant": admitted.value, "account": account}
        writer.tell(admitted, data, done=f"Admitted {who} as registrant {admitted.value}.")
        return
    outcome = writer.carry_out(
        _consortium(writer),
        lambda role: role.set_account(number, account),
        words=f"Registrant {number} acts with {who} from now on.",
    )
    data = {"registrant": number, "account": account}
    writer.tell(outcome, data, done=f"Registrant {number} acts with {who}.")


def suspend(writer: Writer, number: int) -> None:
    """Suspend a platform."""
    outcome = writer.carry_out(
        _consortium(writer),
        lambda role: role.set_account(number, None),
        words=f"Registrant {number} can do nothing until it is admitted again.",
    )
    writer.tell(outcome, {"registrant": number}, done=f"Suspended registrant {number}.")


def announce(writer: Writer, from_day: date | None) -> None:
    """Announce a secret of this machine's file."""
    from duebill.registry import load_keys  # noqa: PLC0415 - imports the client

    registry = writer.ledger.registry(keys=load_keys(), announced=False)
    told = {day for day, _ in registry.announced()}
    held = [day for day, _ in registry.keys.checks()]
    waiting = [day for day in held if day not in told]
    if not waiting and from_day is None:
        raise click.UsageError("Every secret of the file was announced; draw a new one first.")
    day = from_day or waiting[0]
    if day not in held:
        raise click.UsageError(f"The file has no secret that begins on {day}.")
    outcome = writer.carry_out(
        registry.consortium(writer.signer),
        lambda role: role.announce(day),
        words=f"Invoices issued from {day} on are keyed with this file's secret for that day.",
    )
    writer.tell(outcome, {"from": day.isoformat()}, done=f"Announced, for invoices from {day} on.")


# -- inside ---------------------------------------------------------------------------------------


def _registry(reader: Reader, *, needs_secrets: bool = True) -> InvoiceRegistry:
    from duebill.registry import load_keys  # noqa: PLC0415 - imports the client

    return reader.ledger.registry(keys=load_keys() if needs_secrets else None)


def _platform(writer: Writer, *, needs_secrets: bool = True) -> Registrant:
    return _registry(writer, needs_secrets=needs_secrets).registrant(writer.signer)


def _named_once(writer: Writer, platform: Registrant) -> Registrant:
    return platform.once(writer.reference) if writer.reference else platform


def _consortium(writer: Writer) -> Consortium:
    return writer.ledger.registry().consortium(writer.signer)


def _found(reader: Reader, files: Sequence[str], *, currency: str) -> _invoices.Findings:
    registry = _registry(reader)
    batch = _invoices.read(files, currency=currency, quiet=reader.as_json)
    with reader.waiting("Looking the invoices up"):
        return _invoices.Findings(batch, registry.check(it.invoice for it in batch.invoices))


def _registered(writer: Writer, before: _invoices.Findings, fresh: int) -> _invoices.Findings:
    writer.agree(f"I register {_count(fresh, 'invoice')} that nobody registered.")
    writer.unlock()
    invoices = [it.invoice for it in before.batch.invoices]
    with bar("Registering", fresh, quiet=writer.as_json) as moved:
        platform = _named_once(writer, _platform(writer))
        rows = platform.register(invoices, skip_refused=True, on_progress=moved)
    return _invoices.Findings(before.batch, rows)


def _reduced(
    pairs: Sequence[tuple[Invoice, Invoice]],
    left: Sequence[tuple[str, str]],
    receipts: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "applied": [{"invoice": it.number, "note": note.number} for it, note in pairs],
        "unapplied": [{"note": number, "reason": reason} for number, reason in left],
        "transactions": receipts,
    }


def _standing(it: InvoiceStanding) -> list[tuple[str, str]]:
    if not it.registrant:
        return [("Key", it.key), ("State", "not registered")]
    state = "void" if it.is_void else "an applied credit note" if it.is_note else "registered"
    amounts = (("Total", it.units), ("Used", it.used), ("Credited", it.credited))
    facts = [(name, grouped(Money(units, it.currency))) for name, units in amounts]
    left = [] if it.left is None else [("Left", grouped(it.left))]
    return [
        ("Key", it.key),
        ("State", f"{state}, by registrant {it.registrant}"),
        *facts,
        *left,
    ]


def _held(registry: InvoiceRegistry) -> str:
    from duebill.errors import SecretsFileRefused  # noqa: PLC0415 - imports every error
    from duebill.registry import load_keys  # noqa: PLC0415 - imports the client

    try:
        keys = load_keys()
    except SecretsFileRefused as error:
        return f"none to use: {error.reason}"
    return "those that were announced" if keys.checks() == registry.announced() else "others"


def _named(invoice: Invoice | str) -> str:
    return f"key {short(invoice)}…" if isinstance(invoice, str) else f"invoice {invoice.number}"


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
