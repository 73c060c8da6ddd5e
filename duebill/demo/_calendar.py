"""The days of the story: when it begins, when the buyer has to pay, when somebody is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from duebill.model import Invoice

GRACE_DAYS = 5
LONGEST_DAYS = 365

_TERM = timedelta(days=90)
_QUARREL = timedelta(days=21)
_COVER = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Two days, and why they are these; the others follow.

    Attributes:
        begin: When the chain's clock starts.
        due: The day on which payment is due.
        remark: What has to be said about them; empty when the invoice says it all.
    """

    begin: datetime
    due: date
    remark: str = ""

    @property
    def days(self) -> int:
        """From the first day to the due date."""
        return (self.due - self.begin.date()).days

    @property
    def midway(self) -> datetime:
        """When a part of the loan is paid back: half of the time is over."""
        return self.begin + timedelta(days=self.days // 2, minutes=30)

    @property
    def payday(self) -> datetime:
        """When the buyer pays: in the morning of the due date."""
        return _morning(self.due) + timedelta(hours=1)

    @property
    def overdue(self) -> datetime:
        """The first morning after the days of grace."""
        return _morning(self.due) + timedelta(days=GRACE_DAYS + 1)

    @property
    def late(self) -> datetime:
        """When the second tier pays after all."""
        return self.overdue + _QUARREL

    @property
    def covered_until(self) -> datetime:
        """The last second of the aval."""
        return datetime.combine(self.due + _COVER, time(23, 59, 59), UTC)


def calendar_of(invoice: Invoice) -> Calendar:
    """The days that follow from an invoice."""
    issued, due = invoice.issue_date, invoice.due_date
    if due is None:
        remark = "The invoice names no due date: 90 days after its issue are taken."
        return Calendar(begin=_morning(issued), due=issued + _TERM, remark=remark)
    if due < issued:
        remark = "The invoice was due before it was issued: the story begins on the due date."
        return Calendar(begin=_morning(due), due=due, remark=remark)
    if (due - issued).days > LONGEST_DAYS:
        remark = f"The story begins {LONGEST_DAYS} days before the invoice is due."
        return Calendar(begin=_morning(due - timedelta(days=LONGEST_DAYS)), due=due, remark=remark)
    return Calendar(begin=_morning(issued), due=due)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)
