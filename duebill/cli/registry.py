"""`duebill registry`: how much of each invoice is used, across platforms and ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _registry_acts, _show
from duebill.cli._session import prints_data, reads, writes
from duebill.cli._values import ACCOUNT, DATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from duebill.cli._session import Reader, Writer
    from duebill.model import Address

_NUMBER = click.IntRange(1, 2**32 - 1)


def _reads_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command FILE... and the currency of lists."""
    files = click.argument("files", metavar="FILE...", nargs=-1, required=True)
    return files(_currency(command))


def _one_invoice(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command INVOICE, a file or a key, and what picks one out of a list."""
    number = click.option("--number", metavar="TEXT", help="The invoice of this number in a list.")
    return click.argument("invoice", metavar="INVOICE")(number(_currency(command)))


def _for_what(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what invoices are used for."""
    id_ = click.option("--receivable", metavar="ID", help="For this receivable, issued or not yet.")
    text = click.option("--elsewhere", metavar="TEXT", help="For something outside this chain.")
    return id_(text(command))


def _currency(command: Callable[..., None]) -> Callable[..., None]:
    option = click.option(
        "--currency", default="CNY", show_default=True, help="Of the amounts in lists."
    )
    return option(command)


def _writes_refused(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--refused`."""
    return click.option(
        "--refused", metavar="FILE", help="Write every row that cannot be used there, as CSV."
    )(command)


@click.group()
def command() -> None:
    """See to it that invoices are used once."""


@command.command()
@_reads_files
@_writes_refused
@reads
def check(reader: Reader, *, files: tuple[str, ...], currency: str, refused: str | None) -> None:
    """Look up invoices in the registry: XML and PDF files, VAT lists, folders of them.

    Nothing is sent. The exit code is 3 if something could not be read, and 1 if some invoice
    cannot be used.
    """
    code = _registry_acts.check(reader, files, currency=currency, refused=refused)
    click.get_current_context().exit(code)


@command.command()
@_reads_files
@click.option("--skip-refused", is_flag=True, help="Register the others when some cannot be.")
@_writes_refused
@writes
def register(
    writer: Writer,
    *,
    files: tuple[str, ...],
    currency: str,
    skip_refused: bool,
    refused: str | None,
) -> None:
    """Register invoices as an admitted platform; all are checked before anything is sent.

    They go 200 to a transaction. Doing it again after a break does no harm.
    """
    _registry_acts.register(
        writer, files, currency=currency, skip_refused=skip_refused, refused=refused
    )


@command.command()
@_reads_files
@_for_what
@click.option("--amount", help="How much in all; all that is left of them when not given.")
@writes
def use(  # noqa: PLR0913 - one for each option
    writer: Writer,
    *,
    files: tuple[str, ...],
    currency: str,
    receivable: str | None,
    elsewhere: str | None,
    amount: str | None,
) -> None:
    """Use invoices for a receivable: all of them in one transaction, or none.

    Those that nobody registered are registered with it. An amount is taken from them in order.
    """
    purpose = _purpose(writer, receivable, elsewhere)
    _registry_acts.use(writer, files, purpose, currency=currency, amount=amount)


@command.command()
@_one_invoice
@_for_what
@writes
def release(  # noqa: PLR0913 - one for each option
    writer: Writer,
    *,
    invoice: str,
    number: str | None,
    currency: str,
    receivable: str | None,
    elsewhere: str | None,
) -> None:
    """Give back what this platform uses of INVOICE for a receivable that is not to be."""
    purpose = _purpose(writer, receivable, elsewhere)
    _registry_acts.release(writer, invoice, purpose, number=number, currency=currency)


@command.command()
@_reads_files
@writes
def reduce(writer: Writer, *, files: tuple[str, ...], currency: str) -> None:
    """Apply the credit notes in FILE... to the invoices there that they name."""
    _registry_acts.reduce(writer, files, currency=currency)


@command.command()
@_one_invoice
@writes
def cancel(writer: Writer, *, invoice: str, number: str | None, currency: str) -> None:
    """Record that INVOICE is void; final. What is used of it stays used."""
    _registry_acts.cancel(writer, invoice, number=number, currency=currency)


@command.command()
@click.argument("invoice", metavar="[INVOICE]", required=False)
@click.option("--number", metavar="TEXT", help="The invoice of this number in a list.")
@_currency
@reads
def show(reader: Reader, *, invoice: str | None, number: str | None, currency: str) -> None:
    """Show where INVOICE stands, a file or a key; without one, the registry itself."""
    if invoice is None:
        _registry_acts.show_registry(reader)
    else:
        _registry_acts.show_invoice(reader, invoice, number=number, currency=currency)


@command.command()
@click.argument("platform", metavar="ACCOUNT", type=ACCOUNT)
@click.option("--number", type=_NUMBER, help="Give the registrant of this number the account.")
@writes
def admit(writer: Writer, *, platform: Address, number: int | None) -> None:
    """Admit a platform as the consortium; or give one another account, or its own one back."""
    _registry_acts.admit(writer, platform, number=number)


@command.command()
@click.argument("number", type=_NUMBER)
@writes
def suspend(writer: Writer, *, number: int) -> None:
    """Suspend the registrant NUMBER as the consortium, until it is admitted again."""
    _registry_acts.suspend(writer, number)


@command.command()
@click.option("--from", "from_day", type=DATE, help="Its first issue date; the next one otherwise.")
@writes
def announce(writer: Writer, *, from_day: date | None) -> None:
    """Announce a secret as the consortium: by a check that tells only those who have it."""
    _registry_acts.announce(writer, from_day)


@command.command()
@click.option("--from", "from_day", type=DATE, help="For invoices issued from this day on.")
@prints_data
def secret(as_json: bool, *, from_day: date | None) -> None:  # noqa: FBT001 - from the decorator
    """Draw a secret as the consortium; nothing is sent, and nobody is shown it.

    It is put into the file that DUEBILL_REGISTRY_SECRETS names, or registry.secrets in
    DUEBILL_HOME. The platforms of the consortium get the same file.
    """
    from duebill.registry import draw_secret  # noqa: PLC0415 - imports the client

    path = str(draw_secret(from_day=from_day))
    data: dict[str, Any] = {"path": path, "from": from_day.isoformat() if from_day else None}
    if as_json:
        _show.as_json(data)
        return
    _show.line(f"Drawn: {path}")
    _show.line("Hand the file to your platforms where nobody else reads it, then announce it.")


def _purpose(
    writer: Writer, receivable: str | None, elsewhere: str | None
) -> _registry_acts.Purpose:
    if (receivable is None) == (elsewhere is None):
        raise click.UsageError("Give --receivable ID, or --elsewhere TEXT outside this chain.")
    return _registry_acts.purpose(writer, receivable, elsewhere)
