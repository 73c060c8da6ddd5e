"""Simple interest: what is owed for money lent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from duebill.model import Money, date_of, day_of
from duebill.pricing._days import MOST_DAYS, checked_days, days_between
from duebill.pricing._rate import MILLION
from duebill.pricing._rounding import granule_of

if TYPE_CHECKING:
    from datetime import date

    from duebill.model import DayCount
    from duebill.pricing._rate import Rate, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestTerms:
    """What a loan costs, and from when more.

    Attributes:
        rate: A year, up to the end of the grace days.
        late_rate: Instead of it, for each day after them.
        day_count: Which year the rates are for.
        maturity: The day on which the loan is due.
        grace_days: Days after it, 0 to 65,535.

    Raises:
        BadTenor: The grace days are out of range.
        BadTime: The maturity is before 1970 or after 2149, or has a time.
    """

    rate: Rate
    late_rate: Rate
    day_count: DayCount
    maturity: date
    grace_days: int = 0

    def __post_init__(self) -> None:
        day_of(self.maturity)
        checked_days(self.grace_days)

    @property
    def last_normal_day(self) -> date:
        """The last day of the normal rate: maturity and grace days; at most the last day of all."""
        last = day_of(self.maturity) + self.grace_days
        return date_of(min(last, MOST_DAYS))


def interest_on(principal: Money, rate: Rate, *, days: int, day_count: DayCount) -> Money:
    """Simple interest, rounded down to whole units: principal x rate x days / year.

    Raises:
        AmountTooLarge: It is beyond 80 bits.
        BadTenor: The days are no integer, negative or above 65,535.
    """
    cost = rate.millionths * checked_days(days)
    return Money(principal.units * cost // (MILLION * day_count.year), principal.currency)


def loan_interest(principal: Money, terms: InterestTerms, *, since: date, until: date) -> Money:
    """Interest on a principal that did not change between two days, as the pledge book reckons it.

    The normal rate runs up to the end of the grace days, the late rate from then on; what they come
    to together is rounded down to whole units. What can be paid of it, see `payable_interest`.

    Raises:
        AmountTooLarge: It is beyond 80 bits.
        BadTenor: `until` is before `since`.
        BadTime: A date is before 1970 or after 2149, or has a time.
    """
    days = days_between(since, until)
    normal = min(days, max(0, (terms.last_normal_day - since) // timedelta(days=1)))
    late = days - normal
    cost = terms.rate.millionths * normal + terms.late_rate.millionths * late
    units = principal.units * cost // (MILLION * terms.day_count.year)
    return Money(units, principal.currency)


def payable_interest(interest: Money, *, decimals: int) -> Money:
    """What is owed of the interest that came together: in whole granules, rounded down.

    The rest, less than a granule, is kept for the next reckoning; it is dropped with the last of
    the principal.

    Args:
        interest: What came together, to the unit.
        decimals: The currency's.

    Raises:
        BadPrice: The decimals are no integer, or negative.
    """
    return Money(interest.units - interest.units % granule_of(decimals), interest.currency)


def most_lent(worth: Money, advance_rate: Share, *, decimals: int) -> Money:
    """The most that can be lent on a pledge: its worth x the advance rate, in whole granules, down.

    Args:
        worth: What is still to be redeemed on the pledge.
        advance_rate: The share of it that may be owed.
        decimals: The currency's.

    Raises:
        BadPrice: As for `payable_interest`.
    """
    secured = worth.units * advance_rate.millionths // MILLION
    return Money(secured - secured % granule_of(decimals), worth.currency)
