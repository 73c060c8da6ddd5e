"""Rates a year and shares, in whole millionths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Self

from duebill.errors import BadRate
from duebill.model import plain

if TYPE_CHECKING:
    from duebill.pricing._rounding import Rounding

MILLION = 1_000_000
"""A rate of 100 % a year, and a share of all."""

HIGHEST_RATE = 10 * MILLION
_PER_PERCENT = MILLION // 100
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A rate a year.

    Attributes:
        millionths: 52,500 is 5.25 % a year; 0 to 10,000,000 (1,000 %).

    Raises:
        BadRate: It is no integer, negative, or above 1,000 %.
    """

    millionths: int

    def __post_init__(self) -> None:
        _check(self.millionths, HIGHEST_RATE)

    @classmethod
    def percent(cls, value: str | Decimal) -> Self:
        """Read per cent a year: `Rate.percent("5.25")`.

        Raises:
            BadRate: It is a float, no plain number, not a whole millionth (at most four decimals),
                negative, or above 1,000 %.
        """
        return cls(_millionths(value, HIGHEST_RATE))

    @classmethod
    def rounded(cls, value: Fraction, rounding: Rounding | None = None) -> Self:
        """The rate next to an exact one (1 is 100 % a year).

        Args:
            value: Such as `implied_rate` gives it.
            rounding: The direction; None: to the nearest, halves to the even millionth.

        Raises:
            BadRate: It is no fraction, negative, or above 1,000 %.
        """
        if type(value) is not Fraction:
            raise BadRate(repr(value), reason="it is no exact fraction")
        if value < 0:
            raise BadRate("a negative fraction", reason=_range(HIGHEST_RATE))
        exact = value * MILLION
        if rounding is None:
            return cls(round(exact))
        return cls(rounding.divide(exact.numerator, exact.denominator))

    @property
    def fraction(self) -> Fraction:
        """The exact rate: 1 is 100 % a year."""
        return Fraction(self.millionths, MILLION)

    def __str__(self) -> str:
        return _percent_text(self.millionths)


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """A share of an amount, such as a fee or an advance rate; no matter of time.

    Attributes:
        millionths: 2,500 is 0.25 %; 0 to 1,000,000 (all).

    Raises:
        BadRate: It is no integer, negative, or above 100 %.
    """

    millionths: int

    def __post_init__(self) -> None:
        _check(self.millionths, MILLION)

    @classmethod
    def percent(cls, value: str | Decimal) -> Self:
        """Read per cent: `Share.percent("0.25")`.

        Raises:
            BadRate: As for `Rate.percent`; or it is above 100 %.
        """
        return cls(_millionths(value, MILLION))

    @property
    def fraction(self) -> Fraction:
        """The exact share: 1 is all."""
        return Fraction(self.millionths, MILLION)

    def __str__(self) -> str:
        return _percent_text(self.millionths)


def _check(millionths: int, most: int) -> None:
    if type(millionths) is not int:
        raise BadRate(repr(millionths), reason="it is no whole number of millionths")
    if not 0 <= millionths <= most:
        # Never written out whole: it may have a million digits.
        shown = _percent_text(millionths) if abs(millionths) < MILLION**2 else hex(millionths)
        raise BadRate(shown, reason=_range(most))


def _millionths(value: str | Decimal, most: int) -> int:
    number = _number(value)
    if number < 0 or number > most // _PER_PERCENT:
        raise BadRate(str(value), reason=_range(most))
    # Looked at before it is multiplied out: 1E-999999999 has a billion digits.
    exact = Fraction(number) * _PER_PERCENT if not number or number.adjusted() >= -4 else None
    if exact is None or exact.denominator != 1:
        raise BadRate(str(value), reason="it has more than four decimals of a per cent")
    return exact.numerator


def _number(value: str | Decimal) -> Decimal:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise BadRate(str(value), reason="it is no number")
        return value or Decimal(0)
    if not isinstance(value, str):
        raise BadRate(repr(value), reason="it is neither text nor a Decimal")
    if not _PLAIN.fullmatch(value.removeprefix("-")):
        raise BadRate(value, reason="it is no plain number of per cent")
    return Decimal(value)


def _range(most: int) -> str:
    return f"it is not between 0 % and {most // _PER_PERCENT} %"


def _percent_text(millionths: int) -> str:
    return f"{plain(millionths * 100)} %"
