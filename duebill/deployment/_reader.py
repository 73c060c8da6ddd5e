"""One table of a plan, read key by key; what is wrong is noted under the key's full name."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from duebill.errors._value import AmountError, BadAddress
from duebill.model import ZERO_ADDRESS, Address, address, kind_bytes, plain, units_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

Problems: TypeAlias = list[tuple[str, str]]
_T = TypeVar("_T")

_MISSING = "is missing"
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SPAN = re.compile(r"(0|[1-9][0-9]{0,8})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_MOST_SECONDS = 365 * 86_400


class Table:
    """Reads values out of a mapping, checks each, and remembers what nobody asked for.

    Every reader gives some value of its type even when it notes a problem, so that one pass finds
    them all.
    """

    def __init__(self, data: Any, path: str, problems: Problems, *, name: str = "") -> None:
        self.name = name
        self._path = path
        self._problems = problems
        self._asked: set[str] = set()
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.refuse("", "has to be a table")
            # That its keys are missing as well is no news.
            self._problems = []

    def refuse(self, key: str, reason: str) -> None:
        """Note that something is wrong with a key, or with the table itself."""
        path = ".".join(part for part in (self._path, key) if part)
        self._problems.append((path or "the plan", reason))

    def has(self, key: str) -> bool:
        """Whether anything is given for a key, right or wrong."""
        return self._get(key) not in (None, "", False)

    def refuse_unknown(self) -> None:
        """Note every key that was never asked for: mostly a slip of the pen."""
        for key in self._data:
            if key not in self._asked:
                self.refuse(str(key), "is no key of a plan")

    def table(self, key: str) -> Table:
        """A table inside this one; an absent one is empty."""
        return Table(self._get(key, {}), self._inside(key), self._problems, name=key)

    def tables(self, key: str) -> Iterator[Table]:
        """The named tables inside a table, in the order of the file."""
        outer = self.table(key)
        yield from map(outer.table, outer.names())

    def names(self) -> tuple[str, ...]:
        """The keys of this table, each of which has to be a plain name."""
        for name in self._data:
            if not _LABEL.fullmatch(name):
                self.refuse(name, "is no plain name")
        return tuple(self._data)

    def label(self, key: str) -> str:
        """A short plain name."""
        value = self._get(key)
        if isinstance(value, str) and _LABEL.fullmatch(value):
            return value
        return self._wrong(key, value, "has to be a name of letters, digits and . _ -", "")

    def currency_code(self, key: str) -> str:
        """An ISO 4217 code."""
        value = self._get(key)
        if isinstance(value, str) and re.fullmatch("[A-Z]{3}", value):
            return value
        return self._wrong(key, value, "has to be three capital letters (ISO 4217)", "")

    def flag(self, key: str) -> bool:
        """True or false; absent is false."""
        value = self._get(key, default=False)
        return value if isinstance(value, bool) else self._wrong(key, value, "is no boolean", False)

    def whole(self, key: str, *, most: int, least: int = 0, default: int | None = None) -> int:
        """A whole number between two bounds."""
        value = self._get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        return self._wrong(key, value, f"has to be a whole number from {least} to {most}", least)

    def amount(self, key: str, *, places: int, default: Decimal | None = None) -> Decimal:
        """An exact decimal in quotes, of at most `places` decimals."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        try:
            amount = plain(units_of(value), decimals=0)
        except AmountError as error:
            self._wrong(key, value, f'{error.message} Write it in quotes, as "100.00"', None)
            return Decimal(1)
        if len(amount.partition(".")[2]) > places:
            self.refuse(key, f"has more than the {places} decimals of its currency")
        return Decimal(amount)

    def seconds(self, key: str, default: int) -> int:
        """A span of time such as "36h"; at most a year."""
        value = self._get(key, f"{default}s")
        found = _SPAN.fullmatch(value) if isinstance(value, str) else None
        seconds = int(found[1]) * _SECONDS[found[2]] if found else _MOST_SECONDS + 1
        if seconds <= _MOST_SECONDS:
            return seconds
        return self._wrong(key, value, 'has to be a span up to "365d", as "36h" or "2d"', 0)

    def day(self, key: str) -> date | None:
        """A day, which TOML writes as 2027-06-30; None if absent."""
        value = self._get(key)
        if value is None or (type(value) is date and date(1970, 1, 2) <= value < date(2149, 1, 1)):
            return value
        return self._wrong(key, value, "has to be a day from 1970 to 2148, as 2027-06-30", None)

    def choice(self, key: str, known: Sequence[str]) -> str:
        """One of several words."""
        value = self._get(key)
        if isinstance(value, str) and value in known:
            return value
        return self._wrong(key, value, f"has to be one of {', '.join(known)}", known[0])

    def kind(self, key: str) -> str:
        """A kind of document, as attestations bear it."""
        value = self._get(key)
        try:
            kind_bytes(value)
        except (TypeError, ValueError):
            return self._wrong(key, value, "has to be a label of at most 32 ASCII characters", "")
        return str(value)

    def rows(self, key: str) -> Iterator[Table]:
        """The tables of a list, in its order; an absent one is empty."""
        values = self._get(key, [])
        if not isinstance(values, list):
            self.refuse(key, "has to be a list of tables")
            return
        for place, value in enumerate(values):
            yield Table(value, self._inside(f"{key}[{place}]"), self._problems)

    def within(self, data: Mapping[str, Any]) -> Table:
        """The same table with other content."""
        return Table(data, self._path, self._problems, name=self.name)

    @property
    def content(self) -> Mapping[str, Any]:
        """What stands in it."""
        return self._data

    def reference(self, key: str, known: Container[str]) -> str | None:
        """The name of something else in the plan; None if absent."""
        value = self._get(key, "")
        if value == "" or (isinstance(value, str) and value in known):
            return value or None
        return self._wrong(key, value, f"{value!r} is none of the plan's", None)

    def address(self, key: str) -> Address | None:
        """An address with its checksum; None if absent."""
        value = self._get(key, "")
        if value == "":
            return None
        problem, checked = _address(value)
        return self._wrong(key, value, problem, None) if problem else checked

    def accounts(self, key: str) -> tuple[Address, ...]:
        """A list of addresses without repetition; the word `deployer` may stand among them."""
        values = self._get(key, [])
        if not isinstance(values, list):
            return self._wrong(key, values, "has to be a list of addresses", ())
        found = [(problem, who) for problem, who in map(_account, values)]
        for place, (problem, _) in enumerate(found):
            if problem:
                self.refuse(f"{key}[{place}]", problem)
        accounts = tuple(who for _, who in found)
        if len(set(accounts)) != len(accounts):
            self.refuse(key, "names somebody twice")
        return accounts

    def _get(self, key: str, default: Any = None) -> Any:
        self._asked.add(key)
        return self._data.get(key, default)

    def _wrong(self, key: str, value: Any, reason: str, instead: _T) -> _T:
        self.refuse(key, _MISSING if value is None else reason)
        return instead

    def _inside(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _account(value: Any) -> tuple[str, Address]:
    return ("", Address(value)) if value == "deployer" else _address(value)


def _address(value: Any) -> tuple[str, Address]:
    """A problem, or none, and the address as EIP-55 writes it."""
    try:
        checked = address(value)
    except BadAddress as error:
        return error.message, Address(str(value))
    return ("is the zero address" if checked == ZERO_ADDRESS else ""), checked
