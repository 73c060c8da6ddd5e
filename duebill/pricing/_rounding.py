"""Which way a quotient goes, and the smallest amount that a currency can pay."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from duebill.errors import AmountTooPrecise, BadPrice
from duebill.model import Side

if TYPE_CHECKING:
    from duebill.model import Money

_DECIMALS_KEPT = 6


class Rounding(Enum):
    """Which way a price goes that is between two granules."""

    UP = "up"
    """Against a buyer who fills an ask."""
    DOWN = "down"
    """Against a seller who fills a bid."""

    @classmethod
    def of(cls, side: Side) -> Rounding:
        """The direction for who fills an order of that side: never against its maker."""
        return cls.UP if side == Side.ASK else cls.DOWN

    def divide(self, dividend: int, divisor: int) -> int:
        """The whole quotient; both are zero or more, the divisor is more."""
        return -(-dividend // divisor) if self is Rounding.UP else dividend // divisor


def granule_of(decimals: int) -> int:
    """The units that make the smallest amount of a currency: 10,000 for cents, never below 1.

    Raises:
        BadPrice: The decimals are no integer, or negative.
    """
    if type(decimals) is not int or decimals < 0:
        raise BadPrice(repr(decimals), reason="a currency has a whole number of decimals")
    return int(10 ** max(0, _DECIMALS_KEPT - decimals))


def granule_for(amount: Money, decimals: int) -> int:
    """The granule, once it is sure that the amount is in whole granules.

    Raises:
        AmountTooPrecise: It is not.
        BadPrice: As for `granule_of`.
    """
    granule = granule_of(decimals)
    if amount.units % granule:
        raise AmountTooPrecise(amount.text, decimals=decimals)
    return granule
