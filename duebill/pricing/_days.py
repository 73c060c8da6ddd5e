"""Days between dates, and the fraction of a year that they are."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from duebill.errors import BadTenor
from duebill.model import day_of

if TYPE_CHECKING:
    from datetime import date

    from duebill.model import DayCount

MOST_DAYS = (1 << 16) - 1
"""The contracts count days in 16 bits."""


def days_between(start: date, end: date) -> int:
    """The actual days from one date to another: the first is not counted, the last is.

    Leap days count like any other; from a day to itself it is 0.

    Raises:
        BadTenor: The end is before the start.
        BadTime: A date is before 1970 or after 2149, or has a time.
    """
    days = day_of(end) - day_of(start)
    if days < 0:
        raise BadTenor(str(days), reason="the end is before the start")
    return days


def year_fraction(days: int, day_count: DayCount) -> Fraction:
    """Days as an exact part of a year: over 360, or over 365.

    Source: ISDA 2006 Definitions, section 4.16(d) and (e).

    Raises:
        BadTenor: As for `checked_days`.
    """
    return Fraction(checked_days(days), day_count.year)


def checked_days(days: int, *, least: int = 0) -> int:
    """The days, once it is sure that contracts can count them.

    Raises:
        BadTenor: They are no integer, below `least` or above 65,535.
    """
    if type(days) is not int:
        raise BadTenor(repr(days), reason="days are whole")
    if not least <= days <= MOST_DAYS:
        # Never written out whole: it may have a million digits.
        shown = str(days) if abs(days) < 1 << 64 else hex(days)
        raise BadTenor(shown, reason=f"it is not between {least} and {MOST_DAYS}")
    return days
