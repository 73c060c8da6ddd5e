"""What a firm's books say of invoices that are settled: a table with dates and amounts."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from duebill.errors import BadHistory, DatesAmbiguous, DuebillError
from duebill.model import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_BYTES = 64 * 2**20
_MOST_SHOWN = 20

#: The columns, and the heads that they have in the books of some systems. Case, spaces and
#: underscores do not count.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("invoicenumber", "number", "invoice"),
    "customer": ("customerid", "customer", "obligor", "buyer"),
    "issued": ("invoicedate", "issued", "issuedate"),
    "due": ("duedate", "due"),
    "settled": ("settleddate", "settled", "paymentdate", "paid"),
    "amount": ("invoiceamount", "amount", "total"),
    "disputed": ("disputed", "dispute"),
}
_OPTIONAL = frozenset({"disputed"})
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0", ""})
_NUMBERS = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", re.ASCII)
# The places of year, month and day.
_ORDERS = {"ymd": (0, 1, 2), "mdy": (2, 0, 1), "dmy": (2, 1, 0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastInvoice:
    """An invoice and what became of it.

    Attributes:
        number: Its number.
        customer: Who owed.
        issued: The day of the invoice.
        due: The day on which it was due.
        settled: The day on which all of it was paid; None while it is open.
        amount: What was owed.
        disputed: Whether the customer objected before it paid.
    """

    number: str
    customer: str
    issued: date
    due: date
    settled: date | None
    amount: Money
    disputed: bool = False

    @property
    def days_to_settle(self) -> int | None:
        """Days from issue to payment; None while it is open."""
        return None if self.settled is None else (self.settled - self.issued).days

    @property
    def days_late(self) -> int | None:
        """Days from the due date to payment, at least 0; None while it is open."""
        return None if self.settled is None else max(0, (self.settled - self.due).days)


def read_history(
    source: bytes | str | Path, *, currency: str, dates: str | None = None
) -> tuple[PastInvoice, ...]:
    """Read a history of invoices from CSV, in the order of their issue.

    Args:
        source: The path of the file, or its content. UTF-8, heads in the first line; see `COLUMNS`.
        currency: The ISO 4217 code of all its amounts.
        dates: The order of year, month and day: "ymd", "mdy" or "dmy"; the one that fits every date
            of the file when not given.

    Raises:
        BadHistory: There is no such file, it is no such table, or rows of it are wrong; all of
            them are named.
        DatesAmbiguous: More than one order fits every date.
    """
    heads, rows = _table(_text(source))
    places = _places(heads)
    order = _ORDERS[dates] if dates else _order(rows, places)
    found: dict[str, PastInvoice] = {}
    problems: list[tuple[int, str]] = []
    for line, cells in rows:
        try:
            invoice = _invoice(cells, places, currency, order)
        except (ValueError, DuebillError) as error:
            problems.append((line, str(error).rstrip(".")))
            continue
        if found.setdefault(invoice.number, invoice) is not invoice:
            problems.append((line, f"the number {invoice.number} is met again"))
    if problems:
        raise BadHistory(tuple(problems))
    return tuple(sorted(found.values(), key=lambda it: (it.issued, it.number)))


def _text(source: bytes | str | Path) -> str:
    try:
        content = source if isinstance(source, bytes) else Path(source).read_bytes()
        if len(content) > MOST_BYTES:
            raise BadHistory.whole(f"it is larger than {MOST_BYTES:,} bytes")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise BadHistory.whole(error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise BadHistory.whole("it is not UTF-8") from error


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        heads = next(reader, [])
        rows = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise BadHistory.whole(f"line {reader.line_num}: {error}") from error
    if not rows:
        raise BadHistory.whole("it has no rows")
    return heads, rows


def _places(heads: Sequence[str]) -> dict[str, int]:
    plain = [re.sub(r"[\s_]", "", head).lower() for head in heads]
    places: dict[str, int] = {}
    for column, names in COLUMNS.items():
        found = [place for place, head in enumerate(plain) if head in names]
        if len(found) > 1:
            raise BadHistory.whole(f"two columns are for {column!r}")
        if found:
            places[column] = found[0]
        elif column not in _OPTIONAL:
            raise BadHistory.whole(f"no column is for {column!r}: one of {', '.join(names)}")
    return places


def _order(
    rows: Iterable[tuple[int, list[str]]], places: Mapping[str, int]
) -> tuple[int, int, int]:
    columns = [places[name] for name in ("issued", "due", "settled")]
    texts = {cells[at].strip() for _, cells in rows for at in columns if at < len(cells)} - {""}
    fitting = [name for name, order in _ORDERS.items() if all(_fits(t, order) for t in texts)]
    if len(fitting) > 1:
        raise DatesAmbiguous(tuple(fitting))
    # None fits: every row will say which of its dates is wrong.
    return _ORDERS[fitting[0] if fitting else "ymd"]


def _fits(text: str, order: tuple[int, int, int]) -> bool:
    try:
        _date(text, order)
    except ValueError:
        return False
    return True


def _invoice(
    cells: Sequence[str], places: Mapping[str, int], currency: str, order: tuple[int, int, int]
) -> PastInvoice:
    def cell(column: str) -> str:
        at = places.get(column, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    for column in ("number", "customer"):
        if not cell(column):
            raise ValueError(f"the {column} is missing")
    settled = _date(cell("settled"), order) if cell("settled") else None
    made = PastInvoice(
        number=cell("number"),
        customer=cell("customer"),
        issued=_date(cell("issued"), order),
        due=_date(cell("due"), order),
        settled=settled,
        amount=Money.parse(cell("amount"), currency),
        disputed=_flag(cell("disputed")),
    )
    if not made.amount:
        raise ValueError("the amount is zero")
    if made.due < made.issued:
        raise ValueError("it is due before it is issued")
    if settled is not None and settled < made.issued:
        raise ValueError("it is settled before it is issued")
    return made


def _date(text: str, order: tuple[int, int, int]) -> date:
    if not (found := _NUMBERS.fullmatch(text)):
        raise ValueError(f"{text[:20]!r} is no date")
    year, month, day = (found.groups()[place] for place in order)
    if len(year) != 4:
        raise ValueError(f"{text!r} has no year of four digits where one is expected")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar") from None


def _flag(text: str) -> bool:
    plain = text.lower()
    if plain not in _YES | _NO:
        raise ValueError(f"{text[:20]!r} is neither yes nor no")
    return plain in _YES
