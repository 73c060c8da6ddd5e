"""Amounts of money: exact integers, with the currency they are in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Self, TypeAlias

from duebill.errors._value import (
    AmountNegative,
    AmountNotPlain,
    AmountTooLarge,
    AmountTooPrecise,
    CurrencyCodeInvalid,
    CurrencyMismatch,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

DECIMALS = 6
"""Every amount is kept in millionths of its currency."""

UNITS_PER_WHOLE = 10**DECIMALS
MOST_UNITS = (1 << 80) - 1

_PLAIN = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
# ISO 4217: the currencies whose minor unit is not the hundredth.
_MINOR = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount, never negative.

    Attributes:
        units: Millionths of the currency.
        currency: The ISO 4217 code.

    Raises:
        AmountError: The units are no integer, negative or beyond 80 bits; the code is not three
            capital letters.
    """

    units: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.units) is not int:
            raise AmountNotPlain(repr(self.units))
        if self.units < 0:
            raise AmountNegative(plain(self.units))
        if self.units > MOST_UNITS:
            raise AmountTooLarge(plain(self.units), most=plain(MOST_UNITS))
        if not _CODE.fullmatch(str(self.currency)):
            raise CurrencyCodeInvalid(str(self.currency))

    @classmethod
    def parse(cls, amount: str | Decimal, currency: str) -> Self:
        """Read a plain decimal such as `1248300.00`.

        Raises:
            AmountError: It is a float, has separators, signs, exponents, spaces or more than six
                decimals, or is too large.
        """
        return cls(units_of(amount), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Self], currency: str) -> Self:
        """The sum of amounts of one currency; zero when there are none."""
        total = cls(0, currency)
        for amount in amounts:
            total += amount
        return total

    @property
    def amount(self) -> Decimal:
        """The exact amount, in whole units of the currency."""
        return Decimal(plain(self.units))

    @property
    def text(self) -> str:
        """The amount without its code: the currency's own decimals, more only if it has them."""
        return plain(self.units, decimals=_MINOR.get(self.currency, 2))

    def __add__(self, other: Self) -> Self:
        """The sum, in one currency."""
        return type(self)(self.units + self._units_of(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        """The difference, in one currency; never below zero."""
        return type(self)(self.units - self._units_of(other), self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.units < self._units_of(other)

    def __le__(self, other: Self) -> bool:
        return self.units <= self._units_of(other)

    def __gt__(self, other: Self) -> bool:
        return self.units > self._units_of(other)

    def __ge__(self, other: Self) -> bool:
        return self.units >= self._units_of(other)

    def __bool__(self) -> bool:
        return self.units != 0

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"

    def to_json(self) -> dict[str, str]:
        """The amount as an object for JSON: a decimal string and a code."""
        return {"amount": self.text, "currency": self.currency}

    def _units_of(self, other: Self) -> int:
        if not isinstance(other, Money):
            raise AmountNotPlain(repr(other))
        if other.currency != self.currency:
            raise CurrencyMismatch(other.currency, expected=self.currency)
        return other.units


Amount: TypeAlias = Money | str | Decimal
"""What is accepted as an amount: `Money`, or a plain decimal in the currency at hand."""


def units_of(amount: str | Decimal) -> int:
    """The millionths in a plain decimal.

    Raises:
        AmountError: As for `Money.parse`.
    """
    if isinstance(amount, Decimal):
        amount = f"{amount:f}" if amount.is_finite() else str(amount)
    if not isinstance(amount, str):
        raise AmountNotPlain(repr(amount))
    if amount.startswith("-") and _PLAIN.fullmatch(amount[1:]):
        raise AmountNegative(amount)
    found = _PLAIN.fullmatch(amount)
    if not found:
        raise AmountNotPlain(amount)
    return _combined(amount, found[1], (found[2] or "").rstrip("0"))


def units_in(amount: Amount, currency: str) -> int:
    """The millionths in an amount that has to be in `currency`.

    Raises:
        AmountError: As for `Money.parse`; or it is `Money` of another currency.
    """
    if not isinstance(amount, Money):
        return Money(units_of(amount), currency).units
    if amount.currency != currency:
        raise CurrencyMismatch(amount.currency, expected=currency)
    return amount.units


def plain(units: int, *, decimals: int = 2) -> str:
    """Units as a plain decimal: at least `decimals` digits after the point, more if needed."""
    whole, rest = divmod(abs(units), UNITS_PER_WHOLE)
    digits = f"{rest:06d}".rstrip("0").ljust(decimals, "0")
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def _combined(amount: str, whole: str, decimals: str) -> int:
    if len(decimals) > DECIMALS:
        raise AmountTooPrecise(amount, decimals=DECIMALS)
    # Digits are counted before they are read: a text of a million digits costs nothing.
    if len(whole) > len(str(MOST_UNITS)):
        raise AmountTooLarge(amount, most=plain(MOST_UNITS))
    return int(whole + decimals.ljust(DECIMALS, "0"))
