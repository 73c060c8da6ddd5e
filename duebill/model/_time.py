"""Days and moments: dates and aware times here, whole days and seconds since 1970 on the chain."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from duebill.errors._value import BadTime

FOREVER = datetime.max.replace(tzinfo=UTC)
"""What a time beyond the calendar's end reads as; on the chain it is the last second of 40 bits."""

_EPOCH = date(1970, 1, 1)
_LAST_DAY = (1 << 16) - 1
_LAST_SECOND = (1 << 40) - 1


def day_of(value: date) -> int:
    """Whole days since 1970-01-01.

    Raises:
        BadTime: The day is before 1970 or after 2149, where 16 bits end; or it is no plain date.
    """
    if type(value) is not date:
        raise BadTime(str(value), reason="a date without a time is needed")
    days = (value - _EPOCH).days
    if not 0 <= days <= _LAST_DAY:
        raise BadTime(str(value), reason="it is not between 1970 and 2149")
    return days


def date_of(day: int) -> date:
    """The date of a day that the contracts count."""
    return _EPOCH + timedelta(days=min(day, (date.max - _EPOCH).days))


def seconds_of(value: datetime) -> int:
    """Whole seconds since 1970, rounded down; `FOREVER` is the last second that contracts hold.

    Raises:
        BadTime: The time has no time zone, or is before 1970.
    """
    if not getattr(value, "tzinfo", None):
        raise BadTime(str(value), reason="it has no time zone")
    if value == FOREVER:
        return _LAST_SECOND
    seconds = (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    if seconds < 0:
        raise BadTime(str(value), reason="it is before 1970")
    return seconds


def time_of(seconds: int) -> datetime:
    """The moment, in UTC; `FOREVER` when it is beyond the calendar's end."""
    if seconds >= int(FOREVER.timestamp()):
        return FOREVER
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def moment_of(seconds: int) -> datetime | None:
    """As `time_of`, but None for zero, which stands for never."""
    return time_of(seconds) if seconds else None
