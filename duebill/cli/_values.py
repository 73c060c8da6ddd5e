"""How dates, moments, numbers and accounts are written on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from duebill.model import Address


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
        try:
            return date.fromisoformat(value) if len(value) == 10 else self._refuse(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2027-05-15.", param, ctx)

    @staticmethod
    def _refuse(value: str) -> date:
        raise ValueError(value)


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
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value), time(23, 59, 59), UTC)
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write it like 2027-05-15T12:00Z.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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


DATE = DateType()
MOMENT = MomentType()
ACCOUNT = AccountType()
