"""From the cells of a row to values; what is wrong with one is named, and the next is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from duebill.errors import DuebillError
from duebill.errors._base import quoted
from duebill.model import address, hash_text, units_of
from duebill.model._money import MOST_UNITS, UNITS_PER_WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.model import Address

T = TypeVar("T")

_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong with a row.

    Attributes:
        row: The row.
        column: The column; empty when it is the row as a whole.
        reason: What is wrong, as a sentence.
        advice: What to do about it, as a sentence.
    """

    row: int
    column: str
    reason: str
    advice: str

    def __str__(self) -> str:
        where = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return f"{where}: {self.reason} {self.advice}"

    def to_json(self) -> dict[str, Any]:
        """The problem as an object for JSON."""
        return {
            "row": self.row,
            "column": self.column,
            "reason": self.reason,
            "advice": self.advice,
        }


class Wrong(Exception):  # noqa: N818 - named for what was found
    """A cell does not hold what its column is for.

    Attributes:
        reason: What is wrong, as a sentence.
        advice: What to do about it, as a sentence.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason, advice)
        self.reason = reason
        self.advice = advice


class Cells:
    """The cells of one row.

    Attributes:
        row: The row's number.
        problems: What was found to be wrong so far.
    """

    def __init__(
        self, row: int, cells: Mapping[str, Any], accounts: Mapping[str, Address] | None = None
    ) -> None:
        self._accounts = accounts or {}
        self.row = row
        self.problems: list[Problem] = []
        self._cells = cells

    def need(self, column: str, read: Callable[[Any], T]) -> T | None:
        """The value of a cell that has to be there; None if there is a problem with it."""
        value = self._filled(column)
        if value is None:
            self.refuse(column, "It is empty.", "Fill it in.")
            return None
        return self._read(column, value, read)

    def may(self, column: str, read: Callable[[Any], T], default: T) -> T | None:
        """The value of a cell that can be left empty."""
        value = self._filled(column)
        return default if value is None else self._read(column, value, read)

    def account(self, value: Any) -> Address:
        """An account: its address, or one of the names that were given."""
        text = _text(value)
        if text in self._accounts and not text.lower().startswith("0x"):
            return self._accounts[text]
        if self._accounts and not text.lower().startswith("0x"):
            known = ", ".join(sorted(self._accounts)[:_NAMED])
            advice = f"Write its address, or one of the names known here: {known}."
            raise Wrong(f"{quoted(text)} is no account's name.", advice)
        return _address(text)

    def refuse(self, column: str, reason: str, advice: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(row=self.row, column=column, reason=reason, advice=advice))

    def _filled(self, column: str) -> Any:
        value = self._cells.get(column)
        # An id is a text of its own kind, and stays that.
        if type(value) is str:
            value = value.strip()
        return None if value is None or value == "" else value

    def _read(self, column: str, value: Any, read: Callable[[Any], T]) -> T | None:
        try:
            return read(value)
        except Wrong as wrong:
            self.refuse(column, wrong.reason, wrong.advice)
        except DuebillError as error:
            self.refuse(column, error.message, error.hint)
        return None


def units(value: Any) -> int:
    """An amount above zero, in units: a plain decimal as text, a whole number or a Decimal."""
    if type(value) is int:
        value = Decimal(value)
    if isinstance(value, float):
        advice = "Read the table with amounts as text, or write Decimal."
        raise Wrong(f"{value!r} is a binary fraction, which is not exact.", advice)
    found = units_of(value)
    if not 0 < found <= MOST_UNITS:
        most = MOST_UNITS // UNITS_PER_WHOLE
        raise Wrong(f"The amount {quoted(str(value))} is out of range.", f"Above 0, up to {most}.")
    return found


def day(value: Any) -> date:
    """A day: ISO 8601 as text, a date, or a moment at midnight."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise Wrong(f"{value} is no whole day.", "Give a day, such as 2030-01-31.")
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        shown = quoted(str(value))
        raise Wrong(f"{shown} is no day as ISO 8601 has it.", "Write it as 2030-01-31.") from None


def number(value: Any) -> int:
    """A whole number, not negative."""
    if type(value) is str and value.isascii() and value.isdecimal() and len(value) < 20:
        return int(value)
    if type(value) is int and value >= 0:
        return value
    raise Wrong(f"{quoted(str(value))} is no whole number.", "Write digits only.")


def code(value: Any) -> str:
    """A currency's code."""
    return _text(value).upper()


def hash32(value: Any) -> str:
    """32 bytes in hex."""
    return hash_text(_text(value), field="hash")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{quoted(str(value))} is no text.", "Write it as text.")
    return value


@lru_cache(maxsize=4096)
def _address(text: str) -> Address:
    # The same few come again and again, and each has a checksum.
    return address(text)
