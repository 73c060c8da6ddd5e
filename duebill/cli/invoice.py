"""`duebill invoice`: read electronic invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._failures import BAD_FILE
from duebill.cli._session import prints_data

if TYPE_CHECKING:
    from duebill.model import Invoice, InvoiceParty


@click.group()
def command() -> None:
    """Read electronic invoices."""


@command.command()
@click.argument("file")
@prints_data
def show(as_json: bool, file: str) -> None:  # noqa: FBT001 - from the decorator
    """Show what FILE says: an EN 16931 invoice in UBL 2.1 or UN/CEFACT CII, or a PDF with one."""
    from duebill.einvoice import read_invoice  # noqa: PLC0415 - imports the XML parser

    invoice = read_invoice(file)
    if as_json:
        _show.as_json(invoice.to_json())
    else:
        _show.facts(_facts(invoice))


@command.command()
@click.argument("file")
@click.option("--rules", is_flag=True, help="Check the rules of EN 16931 as well.")
@prints_data
def check(as_json: bool, file: str, rules: bool) -> None:  # noqa: FBT001 - as above
    """Check whether FILE is an invoice that can be read, and whether it follows EN 16931.

    The exit code is 3 if a rule is broken that makes it no EN 16931 invoice; warnings leave it 0.
    """
    from duebill.einvoice import read_document, validate  # noqa: PLC0415 - imports the XML parser

    invoice = read_document(file)
    found = validate(file) if rules else ()
    if as_json:
        _show.as_json({"number": invoice.number, "violations": [each.to_json() for each in found]})
    elif found:
        rows = [(each.rule, each.severity, each.text, each.location) for each in found]
        _show.table(("rule", "severity", "asks", "of"), rows)
    else:
        _show.line(f"{invoice.number} can be read{' and follows EN 16931' if rules else ''}.")
    if any(each.severity == "fatal" for each in found):
        click.get_current_context().exit(BAD_FILE)


@command.command(name="import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--currency", default="CNY", show_default=True, help="Of the amounts in lists.")
@click.option("--refused", metavar="FILE", help="Write every refused row there, as CSV.")
@prints_data
def import_(as_json: bool, files: tuple[str, ...], currency: str, refused: str | None) -> None:  # noqa: FBT001 - as above
    """Read many invoices: XML and PDF files, lists of VAT invoices as CSV, folders of them.

    Every row or file that is refused is told with its reason; the others are read all the same.
    With --json one object a line is printed: invoices, refusals, and last the summary.
    """
    from duebill.cli import _import  # noqa: PLC0415 - imports the XML parser

    code = _import.run(files, as_json=as_json, currency=currency, refused=refused)
    click.get_current_context().exit(code)


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    due = invoice.due_date
    return [
        ("Invoice", f"{invoice.number} (type {invoice.type_code}, {invoice.syntax})"),
        ("Seller", _party(invoice.seller)),
        ("Buyer", _party(invoice.buyer)),
        ("Issued", invoice.issue_date.isoformat()),
        ("Due", due.isoformat() if due else "not said: give --due to issue from it"),
        ("Payable", f"{invoice.payable_amount:f} {invoice.currency}"),
        ("Documents hash", invoice.documents_hash),
    ]


def _party(party: InvoiceParty) -> str:
    if party.id is None:
        return party.name
    return (
        f"{party.name} ({party.scheme}: {party.id})"
        if party.scheme
        else f"{party.name} ({party.id})"
    )
