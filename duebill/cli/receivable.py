"""`duebill receivable`: payment obligations, from issue to payment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _accounts, _document, _issue, _show
from duebill.cli._session import reads, writes
from duebill.cli._tables import carry_out, writes_table
from duebill.cli._values import ACCOUNT, DATE, MOMENT, PROGRAMME
from duebill.documents import text_hash
from duebill.errors import FileRefused
from duebill.model import ZERO_HASH, Status
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from datetime import date, datetime

    from duebill.cli._session import Reader, Writer
    from duebill.cli._tables import GivenTable
    from duebill.documents import DocumentFile
    from duebill.model import Address, Receivable, Terms
    from duebill.signing import SignedAcceptance, Signer

_STATUSES = ("issued", "accepted", "cancelled", "lapsed", "overdue", "settled")
_LARGEST_ACCEPTANCE = 100_000


@click.group()
def command() -> None:
    """Issue, accept, pay and look at receivables.

    An ID is given by its first characters, as with git.
    """


@command.command()
@click.option("--invoice", "file", metavar="FILE", help="The electronic invoice.")
@click.option("--buyer", type=ACCOUNT, help="Who owes. The signing account is the supplier.")
@click.option("--supplier", type=ACCOUNT, help="Who is owed. The signing account is the buyer.")
@click.option("--due", type=DATE, help="The due date, when the invoice names none.")
@click.option(
    "--programme",
    type=PROGRAMME,
    metavar="N",
    help="The rules; otherwise the only open ones, or the only ones without a gate.",
)
@_document.files_option
@click.option("--use", is_flag=True, help="Use the invoice for it in the invoice registry first.")
@click.option("--platform", metavar="NAME", help="The account that uses it; --account otherwise.")
@click.option("--dossier", metavar="FILE", help="Issue what was drafted there, and nothing else.")
@writes
def issue(  # noqa: PLR0913 - one for each option
    writer: Writer,
    *,
    file: str | None,
    buyer: Address | None,
    supplier: Address | None,
    due: date | None,
    programme: int | None,
    files: list[DocumentFile],
    use: bool,
    platform: str | None,
    dossier: str | None,
) -> None:
    """Issue a receivable from an invoice.

    With --buyer the signing account is the supplier, and the receivable waits for the buyer's
    acceptance; with --supplier it is the buyer, and the receivable is accepted at once. With
    documents, their root commits to each of them and to each field of the invoice.

    A programme can require that the invoice is used in the invoice registry first: --use does that
    too, as an admitted platform. Otherwise a refusal says what to type, and keeps the dossier.
    """
    if (file is None) == (dossier is None):
        raise click.UsageError("Give --invoice FILE, or --dossier FILE that was kept.")
    if file is None:
        _issue.issue_dossier(writer, str(dossier))
        return
    if (buyer is None) == (supplier is None):
        raise click.UsageError("Give --buyer (you are the supplier) or --supplier (you owe).")
    _issue.issue(
        writer,
        file,
        buyer=buyer,
        supplier=supplier,
        due=due,
        programme=programme,
        files=files,
        platform=_platform(writer, platform) if use else None,
    )


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--until", type=MOMENT, help="The last moment in which it counts; else a week.")
@click.option("--out", metavar="FILE", help="Where to write it; standard output otherwise.")
@writes
def sign(writer: Writer, id_: str, *, until: datetime | None, out: str | None) -> None:
    """Sign the acceptance of a receivable as its obligor; nothing is sent.

    Anyone can bring the file to the ledger: `duebill receivable accept --signature FILE`.
    """
    obligor = writer.ledger.obligor(writer.signer)
    if writer.dry_run:
        words = _accepting(writer, writer.ledger.terms(id_))
        _show.as_json({"would_sign": words}) if writer.as_json else _show.line(words)
        return

    def agreed(words: str) -> bool:
        writer.agree(words)
        writer.unlock()
        return True

    signed = obligor.sign_acceptance(id_, deadline=until, review=agreed)
    if out is None:
        _show.as_json(signed.to_json())
        return
    _issue.write_private(Path(out), json.dumps(signed.to_json(), indent=2) + "\n")
    if writer.as_json:
        _show.as_json({"path": out, **signed.to_json()})
    else:
        until_ = f"{signed.deadline:%Y-%m-%d %H:%M:%S} UTC"
        _show.line(f"Signed. Whoever has {out} can bring it to the ledger until {until_}.")


@command.command()
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--signature", metavar="FILE", help="A signed acceptance to bring; anyone may.")
@writes
def accept(writer: Writer, id_: str | None, *, signature: str | None) -> None:
    """Accept a receivable: as its obligor, or by bringing the obligor's signature."""
    if (id_ is None) == (signature is None):
        raise click.UsageError("Give the ID of what you owe, or a file with --signature.")
    if signature is not None:
        _bring(writer, signature)
    elif id_ is not None:
        terms = writer.ledger.terms(id_)
        outcome = writer.carry_out(
            writer.ledger.obligor(writer.signer),
            lambda role: role.accept(terms.id),
            words=_accepting(writer, terms),
        )
        writer.tell(outcome, {"receivable": terms.id}, done=f"Accepted {short(terms.id)}.")


@command.command(name="issue-many")
@writes_table
def issue_many(writer: Writer, table: GivenTable) -> None:
    """Issue receivables, as a table says.

    Columns: obligor or creditor (the signing account is the other), amount, currency, due_date,
    programme. FILE is CSV or Parquet; docs/bulk.md says more.
    """
    role = writer.ledger.issuer(writer.signer)
    carry_out(writer, table, role, lambda role: role.issue_many, words="issue receivables")


@command.command(name="accept-many")
@writes_table
def accept_many(writer: Writer, table: GivenTable) -> None:
    """Accept receivables as their obligor, as a table says.

    Columns: receivable. FILE is CSV or Parquet; docs/bulk.md says more.
    """
    role = writer.ledger.obligor(writer.signer)
    carry_out(writer, table, role, lambda role: role.accept_many, words="accept receivables")


@command.command(name="pay-many")
@writes_table
def pay_many(writer: Writer, table: GivenTable) -> None:
    """Pay what is owed on receivables, as a table says.

    Columns: receivable, amount; an empty amount is all that is owed. FILE is CSV or Parquet;
    docs/bulk.md says more.
    """
    role = writer.ledger.obligor(writer.signer)
    carry_out(writer, table, role, lambda role: role.pay_many, words="pay on receivables")


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--reason", default="", help="Why; its hash is put on record.")
@writes
def reject(writer: Writer, id_: str, *, reason: str) -> None:
    """Refuse a receivable as its obligor, while it is not accepted."""
    terms = writer.ledger.terms(id_)
    hashed = text_hash(reason) if reason else ZERO_HASH
    outcome = writer.carry_out(
        writer.ledger.obligor(writer.signer),
        lambda role: role.reject(terms.id, reason=hashed),
        words=f"I refuse receivable {terms.id} of {grouped(terms.face)}.",
    )
    data = {"receivable": terms.id, "reason": hashed}
    writer.tell(outcome, data, done=f"Refused {short(terms.id)}.")


@command.command()
@click.argument("id_", metavar="ID")
@writes
def cancel(writer: Writer, id_: str) -> None:
    """Withdraw a receivable as its creditor, while it is not accepted."""
    terms = writer.ledger.terms(id_)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.cancel(terms.id),
        words=f"I withdraw receivable {terms.id} of {grouped(terms.face)}.",
    )
    writer.tell(outcome, {"receivable": terms.id}, done=f"Withdrawn: {short(terms.id)}.")


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--amount", help="How much; all that is owed when not given.")
@writes
def pay(writer: Writer, id_: str, *, amount: str | None) -> None:
    """Pay on what is owed; anyone may pay for the obligor."""
    found = writer.ledger.receivable(id_)
    wanted = found.owed if amount is None else _issue.money(amount, found.face.currency)
    outcome = writer.carry_out(
        writer.ledger.obligor(writer.signer),
        lambda role: role.pay(found.id, wanted),
        words=f"I pay {grouped(wanted)} on receivable {found.id}, which "
        f"{writer.named(found.obligor)} owes.",
    )
    data = {"receivable": found.id, **outcome.value.to_json()}
    done = f"Paid {grouped(outcome.value)} on {short(found.id)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--amount", help="How much; all that holders lack when not given.")
@writes
def advance(writer: Writer, id_: str, *, amount: str | None) -> None:
    """Pay in what holders lack, as a guarantor who is to be reimbursed by the obligor."""
    found = writer.ledger.receivable(id_)
    lacking = found.face - found.coverage
    wanted = lacking if amount is None else _issue.money(amount, found.face.currency)
    outcome = writer.carry_out(
        writer.ledger.guarantor(writer.signer),
        lambda role: role.advance(found.id, wanted),
        words=f"I advance {grouped(wanted)} on receivable {found.id}, which "
        f"{writer.named(found.obligor)} owes.",
    )
    made = outcome.value
    data = {"receivable": found.id, "start": made.start, **made.amount.to_json()}
    done = f"Advanced {grouped(made.amount)} on {short(found.id)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--amount", required=True, help="What was paid outside the chain.")
@click.option("--evidence", required=True, metavar="TEXT", help="The proof, or its hash.")
@writes
def attest(writer: Writer, id_: str, *, amount: str, evidence: str) -> None:
    """Attest a payment made outside the chain, as the currency's paying agent."""
    found = writer.ledger.receivable(id_)
    paid, hashed = _issue.money(amount, found.face.currency), _issue.evidence_hash(evidence)
    outcome = writer.carry_out(
        writer.ledger.paying_agent(writer.signer),
        lambda role: role.attest_payment(found.id, paid, evidence=hashed),
        words=f"I attest that {grouped(paid)} was paid on receivable {found.id}.",
    )
    data = {"receivable": found.id, "evidence": hashed, **outcome.value.to_json()}
    done = f"Attested {grouped(outcome.value)} on {short(found.id)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("id_", metavar="ID")
@reads
def show(reader: Reader, id_: str) -> None:
    """Show a receivable: its terms, where it stands and who holds it."""
    ledger = reader.ledger
    found, terms = ledger.receivable(id_), ledger.terms(id_)
    holdings = ledger.holdings(receivable=found.id)
    if reader.as_json:
        parts = {"terms": terms.to_json(), "holdings": [held.to_json() for held in holdings]}
        _show.as_json({**found.to_json(), "creditor": terms.creditor, **parts})
        return
    _show.facts(_facts(reader, found, terms))
    if holdings:
        _show.line()
        rows = ((reader.name(h.holder), grouped(h.value)) for h in holdings)
        _show.table(("Holder", ">Value"), rows)


@command.command(name="list")
@click.option("--obligor", type=ACCOUNT, help="Only what this account owes.")
@click.option("--creditor", type=ACCOUNT, help="Only what this account invoiced.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only what stands there.")
@reads
def list_(
    reader: Reader, *, obligor: Address | None, creditor: Address | None, status: str | None
) -> None:
    """List receivables, oldest first."""
    wanted = Status[status.upper()] if status else None
    with reader.waiting("Reading the ledger"):
        found = reader.ledger.receivables(obligor=obligor, creditor=creditor, status=wanted)
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
    elif found:
        heads = ("Receivable", "Status", "Obligor", "Due", ">Face", ">Owed")
        _show.table(heads, (_row(reader, it) for it in found))
    else:
        _show.line("There are none.")


def _row(reader: Reader, it: Receivable) -> tuple[str, ...]:
    status = str(it.status)
    face, owed = grouped(it.face), grouped(it.owed)
    return short(it.id), status, reader.name(it.obligor), it.due_date.isoformat(), face, owed


def _facts(reader: Reader, it: Receivable, terms: Terms) -> list[tuple[str, str]]:
    facts = [
        ("Receivable", it.id),
        ("Status", str(it.status) + (" (default declared)" if it.default_declared else "")),
        ("Obligor", reader.named(it.obligor)),
        ("Creditor", reader.named(terms.creditor)),
        ("Face", grouped(it.face)),
        ("Paid", grouped(it.paid)),
        ("Owed", grouped(it.owed)),
        ("Due", it.due_date.isoformat()),
        ("Accept by", it.accept_by.isoformat()),
        ("Programme", str(it.programme)),
        ("Documents root", terms.documents_root),
    ]
    if it.advanced:
        facts.insert(6, ("Advanced", grouped(it.advanced)))
    return facts


def _platform(writer: Writer, name: str | None) -> Signer:
    if name is None:
        return writer.signer
    chain_id = writer.ledger.chain_id
    return _accounts.signer(name, password_file=writer.password_file, chain_id=chain_id)


def _accepting(writer: Writer, terms: Terms) -> str:
    return (
        f"I owe {grouped(terms.face)} to {writer.named(terms.creditor)}, due "
        f"{terms.due_date.isoformat()}, under programme {terms.programme} "
        f"(receivable {terms.id})."
    )


def _bring(writer: Writer, file: str) -> None:
    signed = _read_acceptance(file)
    id_, terms = signed.terms.id, signed.terms
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.submit_acceptance(signed),
        words=f"I bring the acceptance of {grouped(terms.face)} that "
        f"{writer.named(terms.obligor)} signed (receivable {id_}).",
    )
    writer.tell(outcome, {"receivable": id_}, done=f"Accepted {short(id_)} by signature.")


def _read_acceptance(file: str) -> SignedAcceptance:
    from duebill.signing import SignedAcceptance  # noqa: PLC0415 - imports cryptography

    try:
        with Path(file).open("rb") as opened:
            content = opened.read(_LARGEST_ACCEPTANCE + 1)
        if len(content) > _LARGEST_ACCEPTANCE:
            raise FileRefused(file, "it is too large for a signed acceptance")
        data: Any = json.loads(content)
    except OSError as error:
        raise FileRefused(file, (error.strerror or "it cannot be read").lower()) from error
    except (ValueError, RecursionError) as error:
        raise FileRefused(file, "it is no JSON") from error
    if not isinstance(data, dict):
        raise FileRefused(file, "it is no signed acceptance")
    return SignedAcceptance.from_json(data)
