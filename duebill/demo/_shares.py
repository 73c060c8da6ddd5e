"""Who gets how much, and what the bank pays for it: exact, whatever the amount and its cents."""

from __future__ import annotations

from dataclasses import dataclass

from duebill.errors import TooSmallToShare
from duebill.model import Money

RATE = "4.80 %"
_RATE_PARTS = 480  # of 10,000
_YEAR_DAYS = 360  # ACT/360, as money markets count
_LEAST_UNITS = 100
_FINE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How a face value goes down the chain of suppliers.

    Attributes:
        second: What the first tier passes on to the second.
        third: What the second passes on to the third.
        sold: What the third sells to the bank.
        grain: Every amount is a multiple of this many units.
    """

    second: Money
    third: Money
    sold: Money
    grain: int

    def price(self, days: int) -> Money:
        """What the bank pays for what it buys, `days` before it is due."""
        discount = self.sold.units * _RATE_PARTS * max(0, days)
        units = self.sold.units - -(-discount // (10_000 * _YEAR_DAYS))
        return Money(max(self.grain, units // self.grain * self.grain), self.sold.currency)


def share_out(face: Money, *, owed_to_second: Money | None) -> Shares:
    """Divide a face value.

    Args:
        face: What the buyer owes.
        owed_to_second: What the first tier owes the second by an invoice of its own; about a
            third of the face when there is none, or when the face does not reach.

    Raises:
        TooSmallToShare: The face cannot be divided among all.
    """
    if face.units < _LEAST_UNITS:
        raise TooSmallToShare(str(face))
    grain = _grain(face)
    second = _part(face, 35, grain)
    if owed_to_second and owed_to_second.currency == face.currency and owed_to_second < face:
        second = owed_to_second
    third = _part(second, 40, grain)
    return Shares(second=second, third=third, sold=_part(third, 60, grain), grain=grain)


def _grain(face: Money) -> int:
    """The currency's minor unit; a millionth where the face is only a few of those."""
    decimals = len(Money.zero(face.currency).text.partition(".")[2])
    minor = 10 ** (6 - decimals)
    return minor if face.units >= _FINE * minor else 1


def _part(whole: Money, percent: int, grain: int) -> Money:
    return Money(whole.units * percent // (100 * grain) * grain, whole.currency)
