"""How well a portfolio pays: late rates, ageing, days sales outstanding. Pure and exact.

Everything is reckoned in whole units and whole days; a share or a mean stays a fraction until it
is written. Ageing follows days past due; days sales outstanding is the plain one: what is open at
the end of a period, over what was invoiced in it, times its days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from duebill.errors import NothingToReckon
from duebill.model import Money

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill.replay._history import PastInvoice

#: The last day past due of each bucket; what is not due yet stands before them.
BUCKETS = (0, 30, 60, 90)
BUCKET_NAMES = ("not due", "1 to 30", "31 to 60", "61 to 90", "over 90")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """How a portfolio stood at the end of a quarter.

    Attributes:
        end: Its last day.
        invoiced: What was invoiced in it.
        ageing: What was open at its end, by days past due; see `BUCKET_NAMES`.
        days_sales_outstanding: Open over invoiced, times the days of the quarter; None where
            nothing was invoiced.
    """

    end: date
    invoiced: Money
    ageing: tuple[Money, ...]
    days_sales_outstanding: Fraction | None

    @property
    def open(self) -> Money:
        """All that was open at its end."""
        return Money.total(self.ageing, currency=self.invoiced.currency)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        dso = self.days_sales_outstanding
        return {
            "end": self.end.isoformat(),
            "invoiced": str(self.invoiced),
            "open": str(self.open),
            "ageing": dict(zip(BUCKET_NAMES, map(str, self.ageing), strict=True)),
            "days_sales_outstanding": None if dso is None else tenths(dso),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a portfolio paid.

    Attributes:
        invoices: How many there are.
        amount: What they are worth together.
        settled: How many are paid.
        late: How many were paid after their due date.
        amount_late: What those are worth.
        disputed: How many were disputed first.
        days_to_settle: From issue to payment, the mean over the paid ones; None if there are none.
        days_late: After the due date, the mean over the late ones; None if there are none.
        quarters: How it stood at the end of each quarter.
    """

    invoices: int
    amount: Money
    settled: int
    late: int
    amount_late: Money
    disputed: int
    days_to_settle: Fraction | None
    days_late: Fraction | None
    quarters: tuple[Quarter, ...]

    @property
    def late_rate(self) -> Fraction:
        """The share of the paid invoices that were paid late; 0 while none is paid."""
        return Fraction(self.late, self.settled) if self.settled else Fraction(0)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON; shares in percent and means in days, to a tenth."""
        return {
            "invoices": self.invoices,
            "amount": str(self.amount),
            "settled": self.settled,
            "late": self.late,
            "amount_late": str(self.amount_late),
            "late_percent": tenths(self.late_rate * 100),
            "disputed": self.disputed,
            "mean_days_to_settle": _tenths(self.days_to_settle),
            "mean_days_late": _tenths(self.days_late),
            "quarters": [quarter.to_json() for quarter in self.quarters],
        }


def figures_of(invoices: Sequence[PastInvoice]) -> Figures:
    """Reckon the figures of invoices in one currency.

    Raises:
        NothingToReckon: There are no invoices.
        CurrencyMismatch: They are in several currencies.
    """
    if not invoices:
        raise NothingToReckon
    code = invoices[0].amount.currency
    late = [invoice for invoice in invoices if invoice.days_late]
    taken = [invoice.days_to_settle for invoice in invoices if invoice.days_to_settle is not None]
    return Figures(
        invoices=len(invoices),
        amount=Money.total((i.amount for i in invoices), currency=code),
        settled=len(taken),
        late=len(late),
        amount_late=Money.total((i.amount for i in late), currency=code),
        disputed=sum(invoice.disputed for invoice in invoices),
        days_to_settle=_mean(taken),
        days_late=_mean([invoice.days_late or 0 for invoice in late]),
        quarters=tuple(_quarter(invoices, first, end) for first, end in _quarters(invoices)),
    )


def tenths(value: Fraction) -> str:
    """A fraction that is not negative as a decimal with one digit, half rounded up."""
    whole = (value.numerator * 20 + value.denominator) // (value.denominator * 2)
    return f"{whole // 10}.{whole % 10}"


def _tenths(value: Fraction | None) -> str | None:
    return None if value is None else tenths(value)


def _mean(values: Sequence[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def _quarters(invoices: Sequence[PastInvoice]) -> Iterator[tuple[date, date]]:
    """The first and last days of the quarters from the first invoice to the last event."""
    first = min(invoice.issued for invoice in invoices)
    last = max(invoice.settled or invoice.issued for invoice in invoices)
    start = date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    while start <= last:
        after = (start.replace(day=28) + timedelta(days=70)).replace(day=1)
        yield start, after - timedelta(days=1)
        start = after


def _quarter(invoices: Sequence[PastInvoice], first: date, end: date) -> Quarter:
    code = invoices[0].amount.currency
    invoiced = Money.total((i.amount for i in invoices if first <= i.issued <= end), currency=code)
    units: Counter[int] = Counter()
    for invoice in invoices:
        if invoice.issued <= end and (invoice.settled is None or invoice.settled > end):
            units[_bucket((end - invoice.due).days)] += invoice.amount.units
    ageing = tuple(Money(units[place], code) for place in range(len(BUCKET_NAMES)))
    days = (end - first).days + 1
    still = units.total()
    return Quarter(
        end=end,
        invoiced=invoiced,
        ageing=ageing,
        days_sales_outstanding=Fraction(still * days, invoiced.units) if invoiced else None,
    )


def _bucket(days_past_due: int) -> int:
    return sum(days_past_due > last for last in BUCKETS)
