"""What is paid: prices at rates and as shares of an amount, fees, and who gets how much."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from duebill.errors import BadPrice, BadRate
from duebill.model import Money, Quotation, Side
from duebill.pricing._days import checked_days
from duebill.pricing._rate import MILLION
from duebill.pricing._rounding import Rounding, granule_for

if TYPE_CHECKING:
    from duebill.model import DayCount
    from duebill.pricing._rate import Rate, Share


@dataclass(frozen=True, slots=True)
class RateQuote:
    """A price stated as a rate.

    Attributes:
        rate: A year.
        quotation: DISCOUNT or YIELD.
        day_count: Which year it is for.

    Raises:
        BadRate: The quotation is AMOUNT, which has no rate.
    """

    rate: Rate
    quotation: Quotation
    day_count: DayCount

    def __post_init__(self) -> None:
        checked_quotation(self.quotation)

    def __str__(self) -> str:
        return f"{self.rate} {self.quotation} {self.day_count}"


def checked_quotation(quotation: Quotation) -> Quotation:
    """The quotation, once it is sure that it has a rate.

    Raises:
        BadRate: It is an amount.
    """
    if quotation not in (Quotation.DISCOUNT, Quotation.YIELD):
        raise BadRate(str(quotation), reason="an amount has no rate")
    return quotation


def discount_factor(quote: RateQuote, *, days: int) -> Fraction:
    """What one unit, due in `days` days, is worth now: exact, from 0 to 1.

    Straight discount: 1 - rate x days / year, and 0 where that is below. Simple yield, the true
    discount of textbooks: 1 / (1 + rate x days / year).

    Raises:
        BadTenor: The days are no integer, negative or above 65,535.
    """
    year = MILLION * quote.day_count.year
    cost = quote.rate.millionths * checked_days(days)
    if quote.quotation == Quotation.YIELD:
        return Fraction(year, year + cost)
    return Fraction(max(0, year - cost), year)


def price_at(
    value: Money, quote: RateQuote, *, days: int, decimals: int, rounding: Rounding
) -> Money:
    """What a claim that is due in `days` days costs at a rate; from nothing to its value.

    Args:
        value: What is still to be redeemed on it, in whole granules.
        quote: The rate.
        days: From today to the due day.
        decimals: Of the currency; the price is in whole granules of it.
        rounding: `Rounding.of` the order's side.

    Raises:
        AmountTooPrecise: The value has more decimals than its currency.
        BadTenor: As for `discount_factor`.
    """
    granule = granule_for(value, decimals)
    factor = discount_factor(quote, days=days)
    return Money(share_of(value.units, factor, granule, rounding), value.currency)


def price_of_part(
    price: Money, *, part: Money, whole: Money, decimals: int, rounding: Rounding
) -> Money:
    """What a part costs of an order whose whole has a price; the whole costs just that.

    Raises:
        AmountTooPrecise: The price has more decimals than its currency.
        BadPrice: The whole is nothing, or less than the part.
        CurrencyMismatch: Part and whole are in two currencies.
    """
    if not whole or part > whole:
        raise BadPrice(str(part), reason=f"it is no part of {whole}")
    granule = granule_for(price, decimals)
    factor = Fraction(part.units, whole.units)
    return Money(share_of(price.units, factor, granule, rounding), price.currency)


def fee_on(price: Money, share: Share, *, decimals: int) -> Money:
    """The fee on a price, rounded down to whole granules; the filler of an order pays it.

    Raises:
        AmountTooPrecise: The price has more decimals than its currency.
    """
    granule = granule_for(price, decimals)
    return Money(share_of(price.units, share.fraction, granule, Rounding.DOWN), price.currency)


def discount_on(value: Money, price: Money) -> Money:
    """What is taken off the value: value - price.

    Raises:
        BadPrice: The price is more than the value.
        CurrencyMismatch: They are in two currencies.
    """
    if price > value:
        raise BadPrice(str(price), reason=f"it is more than the value, {value}")
    return value - price


def proceeds(price: Money, fee: Money, *, side: Side) -> Money:
    """What the seller gets: less the fee if it filled a bid, the price if it made an ask.

    Raises:
        AmountNegative: The fee is more than the price.
        CurrencyMismatch: They are in two currencies.
    """
    return price - fee if side == Side.BID else price


def outlay(price: Money, fee: Money, *, side: Side) -> Money:
    """What the buyer pays: with the fee if it filled an ask, the price if it made a bid.

    Raises:
        AmountTooLarge: It is beyond 80 bits.
        CurrencyMismatch: They are in two currencies.
    """
    return price + fee if side == Side.ASK else price


def share_of(units: int, factor: Fraction, granule: int, rounding: Rounding) -> int:
    """`units` x `factor` in whole granules, as `Pricing.share` has it; the factor is 0 to 1."""
    divisor = factor.denominator * granule
    return rounding.divide(units * factor.numerator, divisor) * granule
