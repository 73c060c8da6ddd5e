"""Business days: which day a payment moves to when its own is none."""

from __future__ import annotations

from collections.abc import Container, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from duebill.errors import BadTime
from duebill.model import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Holidays: TypeAlias = Iterable[date] | Container[date]

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_LONGEST_SEARCH = 366


class Roll(Enum):
    """Where a day moves that is no business day. ISDA 2006 Definitions, section 4.12.

    Modified preceding is not among ISDA's; it is modified following the other way round.
    """

    UNADJUSTED = "unadjusted"
    """Nowhere."""
    FOLLOWING = "following"
    """To the next business day."""
    MODIFIED_FOLLOWING = "modified following"
    """To the next one, but to the one before if that is in another month."""
    PRECEDING = "preceding"
    """To the business day before."""
    MODIFIED_PRECEDING = "modified preceding"
    """To the one before, but to the next if that is in another month."""


_MODIFIED = (Roll.MODIFIED_FOLLOWING, Roll.MODIFIED_PRECEDING)


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """On which days payments are made.

    Attributes:
        holidays: Days that are none, of every year that a roll can reach. Sets, sequences and
            iterators are copied; any other container is asked day by day, so it may work its
            days out, as that of `TARGET2` does.
        weekend: Days of the week that are none; Monday is 0.

    Raises:
        BadTime: A holiday is before 1970 or after 2149, or has a time.
    """

    holidays: Holidays = frozenset()
    weekend: frozenset[int] = frozenset({_SATURDAY, _SUNDAY})

    def __post_init__(self) -> None:
        given = self.holidays
        if isinstance(given, AbstractSet | Sequence) or not isinstance(given, Container):
            copied = frozenset(given)
            for day in copied:
                day_of(day)
            object.__setattr__(self, "holidays", copied)
        object.__setattr__(self, "weekend", frozenset(self.weekend))

    def is_business_day(self, day: date) -> bool:
        """Whether payments are made on a day.

        Raises:
            BadTime: The day is before 1970 or after 2149, or has a time.
        """
        day_of(day)
        return day.weekday() not in self.weekend and day not in self.holidays

    def roll(self, day: date, convention: Roll) -> date:
        """The day, or the business day that it moves to.

        Raises:
            BadTime: There is no business day within a year of it; the search leaves 1970 to 2149;
                or it has a time.
        """
        day_of(day)
        if convention is Roll.UNADJUSTED:
            return day
        forward = convention in (Roll.FOLLOWING, Roll.MODIFIED_FOLLOWING)
        found = self._next(day, _DAY if forward else -_DAY)
        if found.month != day.month and convention in _MODIFIED:
            found = self._next(day, -_DAY if forward else _DAY)
        return found

    def _next(self, day: date, step: timedelta) -> date:
        for count in range(_LONGEST_SEARCH + 1):
            found = day + count * step
            if self.is_business_day(found):
                return found
        raise BadTime(str(day), reason="there is no business day within a year of it")


@cache
def target2_holidays(year: int) -> frozenset[date]:
    """The days from Monday to Friday, and some of the weekend, on which TARGET2 and T2 are closed.

    New Year, Good Friday, Easter Monday, 1 May, 25 and 26 December, by the calendar that the ECB
    made permanent on 14 December 2000 for 2002 and after.

    Raises:
        BadTime: The year is before 2002.
    """
    if year < 2002:
        raise BadTime(str(year), reason="the calendar of TARGET2 begins in 2002")
    fixed = (date(year, month, day) for month, day in ((1, 1), (5, 1), (12, 25), (12, 26)))
    sunday = easter(year)
    return frozenset({*fixed, sunday - 2 * _DAY, sunday + _DAY})


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar.

    Source: the anonymous algorithm in Nature, 20 April 1876; Meeus, Astronomical Algorithms,
    chapter 8. The names are Meeus's.
    """
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


class _Target2:
    """Every holiday of TARGET2, worked out for the year that is asked for."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in target2_holidays(day.year)


TARGET2 = BusinessDays(_Target2())
"""When payments in euro between banks are made, from 2002 on."""
