"""Who gets how much of what: exact, whatever the amount and its cents."""

from __future__ import annotations

from dataclasses import dataclass

from duebill.errors import TooSmallToShare
from duebill.model import Money

BID_RATE = "4.80"
LOAN_RATE = "6.00"
ADVANCE_RATE = "75"

_LEAST_UNITS = 100
_FINE = 1_000
_MOST_LENT = 1 << 69
"""As the pledge book has it: so that interest fits into 80 bits, whatever the rate and the days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How a face value goes down the chain of suppliers, and what is done with its parts.

    Attributes:
        second: What the first tier passes on to the second.
        third: What the second passes on to the third.
        sold: What the third sells to the bank.
        lent: What the bank lends the second tier, against all that it keeps.
        repaid: What the second tier pays back of that before it is due.
        debt: What the second tier owes the third on a receivable of its own.
        cap: How much of that the guarantor answers for.
        margin: How much of the cap it lays up in cash.
        fee: What it is paid for the aval.
        resold: What the third tier sells of that receivable.
        asked: What it asks for it.
        grain: Every amount is a multiple of this many units.
        decimals: Those of a token that counts in grains.
    """

    second: Money
    third: Money
    sold: Money
    lent: Money
    repaid: Money
    debt: Money
    cap: Money
    margin: Money
    fee: Money
    resold: Money
    asked: Money
    grain: int
    decimals: int


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
    grain, decimals = _grain(face)
    second = _part(face, 35, grain)
    if owed_to_second and owed_to_second.currency == face.currency and owed_to_second < face:
        second = owed_to_second
    third = _part(second, 40, grain)
    kept = second - third
    lent = min(_part(kept, 75, grain), _part(Money(_MOST_LENT, face.currency), 100, grain))
    debt = _part(kept, 45, grain)
    cap, resold = _part(debt, 80, grain), _part(debt, 60, grain)
    return Shares(
        second=second,
        third=third,
        sold=_part(third, 60, grain),
        lent=lent,
        repaid=_part(lent, 50, grain),
        debt=debt,
        cap=cap,
        margin=_part(cap, 30, grain),
        fee=_part(cap, 1, grain),
        resold=resold,
        asked=_part(resold, 98, grain),
        grain=grain,
        decimals=decimals,
    )


def _grain(face: Money) -> tuple[int, int]:
    """The currency's minor unit and decimals; a millionth where the face is not some of those."""
    decimals = len(Money.zero(face.currency).text.partition(".")[2])
    minor = 10 ** (6 - decimals)
    if face.units >= _FINE * minor and face.units % minor == 0:
        return minor, decimals
    return 1, 6


def _part(whole: Money, percent: int, grain: int) -> Money:
    return Money(whole.units * percent // (100 * grain) * grain, whole.currency)
