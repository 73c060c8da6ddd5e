"""How dates, moments, numbers and accounts are written on the command line."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click

from duebill.errors import CurrencyUnknown

if TYPE_CHECKING:
    from duebill.model import Address


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPAN = re.compile(r"([0-9]{1,5})([dh])")
_SPAN_UNITS = {"d": "days", "h": "hours"}


class DateType(click.ParamType):
    """A day: 2027-05-15."""

    name = "date"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """How the value is called in the help."""
        return "DATE"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read a day as ISO 8601 writes it."""
        if isinstance(value, date):
            return value
        day = _day(value)
        if day is None:
            self.fail(f"{value!r} is no day; write it like 2027-05-15.", param, ctx)
        return day


class MomentType(click.ParamType):
    """A moment in UTC: 2027-05-15 (the end of that day) or 2027-05-15T12:00."""

    name = "moment"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """How the value is called in the help."""
        return "TIME"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read a moment as ISO 8601 writes it; without a zone it is UTC."""
        if isinstance(value, datetime):
            return value
        try:
            if _DAY.fullmatch(value):
                return datetime.combine(date.fromisoformat(value), time(23, 59, 59), UTC)
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2027-05-15T12:00Z.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class SpanType(click.ParamType):
    """A length of time: 30d, 12h."""

    name = "span"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """How the value is called in the help."""
        return "SPAN"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read a whole number of days or hours."""
        if isinstance(value, timedelta):
            return value
        found = _SPAN.fullmatch(value)
        if found is None:
            self.fail(f"{value!r} is no length of time; write it like 30d or 12h.", param, ctx)
        return timedelta(**{_SPAN_UNITS[found[2]]: int(found[1])})


class AccountType(click.ParamType):
    """An address, or the name of an account that is listed here."""

    name = "account"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,  # noqa: ARG002 - click's signature
        ctx: click.Context | None,  # noqa: ARG002 - as above
    ) -> Address:
        """Look the account up."""
        from duebill.cli import _accounts  # noqa: PLC0415 - imports every error

        return _accounts.address_of(value)


class NumberType(click.ParamType):
    """A whole number of at most 256 bits."""

    name = "number"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Read the digits; they are counted first."""
        if isinstance(value, int):
            return value
        if not re.fullmatch("[0-9]{1,78}", value) or int(value) >> 256:
            self.fail(f"{value[:80]!r} is no whole number of at most 256 bits.", param, ctx)
        return int(value)


def currency_named(text: str) -> int | str:
    """A currency's number, or its code.

    Raises:
        CurrencyUnknown: No ledger has so many currencies.
    """
    if not re.fullmatch("[0-9]{1,9}", text):
        return text
    if not 0 < int(text) < 2**8:
        raise CurrencyUnknown(currency=int(text))
    return int(text)


def _day(text: str) -> date | None:
    # Python also reads weeks, and days without hyphens: people may mean something else by those.
    if not _DAY.fullmatch(text):
        return None
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text)
    return None


PROGRAMME = click.IntRange(1, 2**16 - 1)
DATE = DateType()
MOMENT = MomentType()
SPAN = SpanType()
NUMBER = NumberType()
ACCOUNT = AccountType()
