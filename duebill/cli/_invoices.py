"""What `duebill registry` does with files: invoices are read, looked up, and told of in rows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _show
from duebill.cli._failures import BAD_FILE, OK, REFUSED
from duebill.cli._sheets import bar, rows_written, size_of
from duebill.einvoice import Refused, find_files, import_invoices
from duebill.errors import BatchRefused, NotPayable
from duebill.model import InvoiceKind, Money
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill.einvoice import Imported
    from duebill.model import Invoice
    from duebill.registry import CheckedInvoice

_KEY = re.compile(r"0x[0-9a-fA-F]{64}")
_SHOWN = 20
_HEADS = ("file", "row", "number", "finding", "reason")


@dataclass(frozen=True)
class Batch:
    """What was read from files.

    Attributes:
        files: How many files there were.
        invoices: The invoices, with their places.
        notes: The credit notes and red-letter invoices.
        refused: What is no invoice to rely on; a void row is among them.
    """

    files: int
    invoices: tuple[Imported, ...]
    notes: tuple[Imported, ...]
    refused: tuple[Refused, ...]

    @property
    def faults(self) -> tuple[Refused, ...]:
        """What could not be read; void rows could, and oblige nobody."""
        return tuple(it for it in self.refused if not isinstance(it.error, NotPayable))


@dataclass(frozen=True)
class Findings:
    """A batch and what the registry says of each invoice in it, in the same order.

    Attributes:
        batch: What was read.
        rows: What was found.
    """

    batch: Batch
    rows: Sequence[CheckedInvoice]

    @cached_property
    def unusable(self) -> tuple[CheckedInvoice, ...]:
        """The rows of which nothing can be used."""
        return tuple(row for row in self.rows if not row.finding.usable)

    @property
    def code(self) -> int:
        """The exit code: 3 if something could not be read, 1 if something cannot be used."""
        if self.batch.faults:
            return BAD_FILE
        return REFUSED if self.unusable else OK

    def require_usable(self) -> None:
        """Refuse the batch if a row of it cannot be used, or could not be read.

        Raises:
            BatchRefused: One of them.
        """
        refused = [*self._unread(), *self._unfit()]
        if refused:
            file, row, _, finding, reason = refused[0]
            first = f"{file}{f' row {row}' if row else ''}, {finding}: {reason.rstrip('.')}"
            total = len(self.rows) + len(self.batch.faults)
            raise BatchRefused(refused=len(refused), total=total, first=first)

    def to_json(self) -> dict[str, Any]:
        """The rows, what was not read, and the numbers."""
        places = zip(self.batch.invoices, self.rows, strict=True)
        return {
            "rows": [{**row.to_json(), "source": at.source, "row": at.row} for at, row in places],
            "refused": [it.to_json() for it in self.batch.refused],
            "summary": {
                "files": self.batch.files,
                "invoices": len(self.rows),
                "findings": dict(self._counts()),
                "notes": len(self.batch.notes),
                "void": len(self.batch.refused) - len(self.batch.faults),
                "unread": len(self.batch.faults),
            },
        }

    def tell(self, *, refused: str | None) -> None:
        """Print the numbers, and the rows that cannot be used."""
        _show.facts(self._facts())
        unfit = [*self._unread(), *self._unfit()]
        if unfit:
            _show.line()
            _show.table(("file", ">row", *_HEADS[2:]), unfit[:_SHOWN])
        if more := len(unfit[_SHOWN:]):
            where = f"all are in {refused}" if refused else "--refused FILE writes them all"
            _show.line(f"… and {more:,} more: {where}", style="dim")

    def write(self, path: str | None) -> None:
        """Write the rows that cannot be used as CSV, those that could not be read among them."""
        with rows_written(path, _HEADS) as write:
            for cells in (*self._unread(), *self._unfit()):
                write(*cells)

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield "Files", f"{self.batch.files:,}"
        yield "Invoices", f"{len(self.rows):,}"
        for finding, count in self._counts().most_common():
            yield f"  {finding}", f"{count:,}"
        if self.batch.notes:
            yield (
                "Credit notes",
                f"{len(self.batch.notes):,}: `duebill registry reduce` applies them",
            )
        if void := len(self.batch.refused) - len(self.batch.faults):
            yield "Void", f"{void:,}"
        yield "Not read", f"{len(self.batch.faults):,}"

    def _counts(self) -> Counter[str]:
        return Counter(row.finding.value for row in self.rows)

    def _unread(self) -> Iterator[tuple[str, str, str, str, str]]:
        for it in self.batch.faults:
            row = "" if it.row is None else str(it.row)
            yield it.source, row, "", type(it.error).__name__, it.error.message

    def _unfit(self) -> Iterator[tuple[str, str, str, str, str]]:
        for at, row in zip(self.batch.invoices, self.rows, strict=True):
            if not row.finding.usable:
                place = "" if at.row is None else str(at.row)
                yield at.source, place, row.invoice.number, row.finding.value, row.reason


def read(paths: Sequence[str], *, currency: str, quiet: bool) -> Batch:
    """Read files as `duebill invoice import` does, and keep what is in them."""
    files = find_files(paths)
    invoices: list[Imported] = []
    notes: list[Imported] = []
    refused: list[Refused] = []
    with bar("Reading", size_of(files), quiet=quiet) as moved:
        for it in import_invoices(files, currency=currency, on_progress=moved):
            if isinstance(it, Refused):
                refused.append(it)
            else:
                (invoices if it.invoice.kind is InvoiceKind.INVOICE else notes).append(it)
    return Batch(len(files), tuple(invoices), tuple(notes), tuple(refused))


def one(text: str, *, number: str | None, currency: str) -> Invoice | str:
    """The one invoice that is meant: by its key, by a file, by a file and its number there.

    Raises:
        UsageError: There is no such one, or more than one.
        InvoiceError: The file cannot be read.
    """
    if _KEY.fullmatch(text):
        return text.lower()
    batch = read([text], currency=currency, quiet=True)
    if not batch.invoices and batch.refused:
        raise batch.refused[0].error
    found = [it.invoice for it in batch.invoices if number in {None, it.invoice.number}]
    if len(found) != 1:
        raise click.UsageError(f"{text} has {len(found)} such invoices; name one with --number.")
    return found[0]


def shared_out(
    rows: Sequence[CheckedInvoice], amount: str | None
) -> tuple[tuple[Invoice, Money], ...]:
    """How much of each invoice is used: an amount in their order, or all that is left of them.

    What the invoices lack of the amount is asked of the last one, and refused by the registry.
    """
    if amount is None:
        return tuple((row.invoice, row.left) for row in rows)
    wanted = Money.parse(amount, rows[-1].invoice.currency)
    uses: list[tuple[Invoice, Money]] = []
    for row in rows:
        part = wanted if row is rows[-1] else min(wanted, row.left)
        wanted -= part
        if part.units:
            uses.append((row.invoice, part))
    return tuple(uses)


def total_of(uses: Sequence[tuple[Invoice, Money]]) -> str:
    """What uses come to, in words; currencies stand apart."""
    sums: dict[str, Money] = {}
    for _, amount in uses:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return ", ".join(map(grouped, sums.values())) or "nothing"
