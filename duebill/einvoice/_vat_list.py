"""Chinese VAT invoice lists: CSV files, row by row."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.einvoice._seen import Seen
from duebill.einvoice._sheet import lines_of, rows_of, separator_of, text_of
from duebill.einvoice._source import opened
from duebill.einvoice._vat_row import NUMBER, VatRows, are_heads
from duebill.errors import InvoiceError, NotAnInvoice, RepeatedInvoice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path
    from typing import BinaryIO

    from duebill.model import Invoice

MAX_LIST_BYTES = 2**30
_MAX_TITLE_LINES = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A row, or a whole file, that is no invoice to rely on.

    Attributes:
        source: The file's path; empty where bytes were given.
        row: The row, counted from 1 as a spreadsheet counts; None for a whole file.
        cells: The row's cells as they stand there. They are data from a stranger: `safe_cell`
            makes them fit for a spreadsheet.
        error: Why it was refused.
    """

    source: str
    row: int | None
    cells: tuple[str, ...]
    error: InvoiceError

    def to_json(self) -> dict[str, object]:
        """The refusal as an object for JSON."""
        return {
            "source": self.source,
            "row": self.row,
            "type": type(self.error).__name__,
            "message": self.error.message,
            "hint": self.error.hint,
            "cells": list(self.cells),
        }


def read_vat_list(
    source: bytes | str | Path, *, currency: str = "CNY", max_bytes: int = MAX_LIST_BYTES
) -> Iterator[Invoice | Refused]:
    """Read a list of Chinese VAT invoices, one row at a time and never more than one in memory.

    The list is CSV in UTF-8, UTF-16 with a byte-order mark, or GB 18030, with Chinese heads in one
    of its first 20 lines. A void row, a row that is met again and a row that is written wrongly
    is refused with its number and reason, and the next one is read. A red-letter row (红字,
    negative) is an `Invoice` of that kind, with positive amounts.

    Args:
        source: The path of the list, or its content.
        currency: The ISO 4217 code of all its amounts.
        max_bytes: The largest list that is read.

    Raises:
        UnreadableInvoice: There is no such regular file, or it cannot be read.
        NotAnInvoice: There is no line of heads with a column 发票号码.
        MissingField: There is no column for the date or the gross amount.
        RepeatedField: Two columns are the same.
        BadEncoding: It cannot be decoded.
        InvoiceTooLarge: It is longer than `max_bytes`, or a line is longer than 64 KiB.
        BrokenList: From some row on it cannot be taken apart; all rows before were given.
    """
    place = "" if isinstance(source, bytes) else str(source)
    with opened(source) as file, Seen() as seen:
        for _, read in rows(file, place, seen=seen, currency=currency, max_bytes=max_bytes):
            yield read


def rows(
    file: BinaryIO, place: str, *, seen: Seen, currency: str, max_bytes: int
) -> Iterator[tuple[int, Invoice | Refused]]:
    """The rows of an open list, with their numbers."""
    text = text_of(file, max_bytes=max_bytes)
    try:
        heads_at, separator, reader = _heads(text, currency)
        for row, cells in rows_of(lines_of(text), separator, first=heads_at + 1):
            if any(map(str.strip, cells)):
                yield row, _row(reader, cells, row, place, seen)
    finally:
        text.detach()  # the file is the caller's to close


def _row(reader: VatRows, cells: list[str], row: int, place: str, seen: Seen) -> Invoice | Refused:
    try:
        invoice = reader.read(cells)
        first = seen.first(invoice, f"{place} row {row}".strip())
        if first is not None:
            raise RepeatedInvoice(invoice.number, first=first)
    except InvoiceError as error:
        return Refused(place, row, tuple(cells), error)
    return invoice


def _heads(text: TextIOWrapper, currency: str) -> tuple[int, str, VatRows]:
    """The number of the line of heads, its separator, and the reader of what follows."""
    for number, line in enumerate(itertools.islice(lines_of(text), _MAX_TITLE_LINES), 1):
        separator = separator_of(line)
        heads = next(csv.reader([line], delimiter=separator), [])
        if are_heads(heads):
            return number, separator, VatRows(heads, currency=currency)
    raise NotAnInvoice(
        f"it is neither XML nor PDF, and no list with a column {NUMBER}",
        hint="Give an EN 16931 invoice, or a list of VAT invoices as CSV with its heads.",
    )
