"""`duebill replay`: what a firm's books say, lived through on a private chain."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._failures import OK, REFUSED
from duebill.cli._session import prints_data
from duebill.replay import BUCKET_NAMES, read_history
from duebill.replay._figures import tenths
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from fractions import Fraction

    from duebill.replay import Figures, PastInvoice, Quarter, Replayed

_SHOWN = 10


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--currency", default="USD", show_default=True, metavar="CODE", help="Of all amounts."
)
@click.option(
    "--dates",
    type=click.Choice(["ymd", "mdy", "dmy"]),
    help="The order of year, month and day; found out when not given.",
)
@prints_data
def command(as_json: bool, *, file: str, currency: str, dates: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Live through a history of invoices on a private chain.

    FILE is a CSV with numbers, customers, amounts and the days of invoice, due date and payment.
    Each invoice is issued, accepted, perhaps disputed, paid and redeemed in the order of its dates;
    then the figures that the chain tells are compared with those of the file. The exit code is 1 if
    they differ.
    """
    from duebill.replay import replay  # noqa: PLC0415 - starts what needs a chain

    history = read_history(file, currency=currency, dates=dates)
    with _bar(history, quiet=as_json) as moved:
        found = replay(history, progress=moved)
    if as_json:
        _show.as_json(found.to_json())
    else:
        _tell(found)
    click.get_current_context().exit(OK if found.agrees else REFUSED)


def _tell(found: Replayed) -> None:
    rows = zip(_facts(found.books), _facts(found.chain), strict=True)
    _show.table(("", ">file", ">chain"), [(name, told, shown) for (name, told), (_, shown) in rows])
    _show.line()
    heads = ("Quarter to", ">invoiced", ">open", ">DSO", *(f">{name}" for name in BUCKET_NAMES))
    _show.table(heads, map(_quarter, found.chain.quarters), title="On the chain, by days past due")
    _show.line()
    for book, chain in found.differences[:_SHOWN]:
        _show.line(f"The file says {book}, the chain {chain}.")
    invariants = "hold" if found.invariants.holds else "are BROKEN"
    words = "The chain tells what the file tells" if found.agrees else "The chain tells otherwise"
    _show.line(f"{words}; the ledger's promises {invariants}.")
    _show.line(f"{found.transactions:,} transactions, {found.seconds:.0f} s.", style="dim")


def _facts(figures: Figures) -> Iterator[tuple[str, str]]:
    yield "invoices", f"{figures.invoices:,}"
    yield "amount", grouped(figures.amount)
    yield "paid", f"{figures.settled:,}"
    yield "paid late", f"{figures.late:,}"
    yield "paid late, of the paid", f"{tenths(figures.late_rate * 100)} %"
    yield "amount paid late", grouped(figures.amount_late)
    yield "disputed first", f"{figures.disputed:,}"
    yield "days to payment, mean", _days(figures.days_to_settle)
    yield "days late, mean of the late", _days(figures.days_late)


def _quarter(quarter: Quarter) -> Sequence[str]:
    amounts = (quarter.invoiced, quarter.open)
    return (
        quarter.end.isoformat(),
        *(grouped(money, code=False) for money in amounts),
        _days(quarter.days_sales_outstanding),
        *(grouped(money, code=False) for money in quarter.ageing),
    )


def _days(value: Fraction | None) -> str:
    return "" if value is None else tenths(value)


@contextlib.contextmanager
def _bar(history: Sequence[PastInvoice], *, quiet: bool) -> Iterator[Callable[[date], None]]:
    """A bar over the days on which something happens, on a terminal."""
    days = {it.issued for it in history} | {it.settled for it in history if it.settled}
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - slow to import, not for --json

    with Progress(console=_show.console(stderr=True), transient=True) as progress:
        task = progress.add_task("Replaying", total=len(days))
        yield lambda _: progress.advance(task)
