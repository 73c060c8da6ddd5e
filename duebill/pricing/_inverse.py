"""From prices back to rates, and from one way to state a rate to another: exact."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from duebill.errors import BadPrice, BadRate
from duebill.model import Quotation
from duebill.pricing._days import checked_days, year_fraction
from duebill.pricing._price import checked_quotation, discount_factor, discount_on

if TYPE_CHECKING:
    from duebill.model import DayCount, Money
    from duebill.pricing._price import RateQuote


def implied_rate(
    value: Money, price: Money, *, days: int, quotation: Quotation, day_count: DayCount
) -> Fraction:
    """The rate a year that a price amounts to; 1 is 100 %. `Rate.rounded` makes a `Rate` of it.

    Discount rate: (value - price) / value x year / days. Simple yield: the same over the price.

    Raises:
        BadPrice: The price is more than the value; the value is nothing; or the price is, which
            has no yield.
        BadRate: The quotation is AMOUNT.
        BadTenor: The days are not 1 to 65,535: without time there is no rate.
        CurrencyMismatch: Value and price are in two currencies.
    """
    discount = discount_on(value, price)
    base = price if checked_quotation(quotation) == Quotation.YIELD else value
    if not base:
        raise BadPrice(str(base), reason=f"nothing has no {quotation}")
    return Fraction(discount.units, base.units) / year_fraction(_some(days), day_count)


def equivalent_rate(
    quote: RateQuote, *, days: int, quotation: Quotation, day_count: DayCount
) -> Fraction:
    """The rate that gives the same price for that many days, stated another way; 1 is 100 %.

    In one year basis, with t = days / year: yield = discount / (1 - discount x t), and
    discount = yield / (1 + yield x t).

    Raises:
        BadRate: The quotation is AMOUNT; or the discount takes all, which has no equivalent.
        BadTenor: The days are not 1 to 65,535.
    """
    factor = discount_factor(quote, days=_some(days))
    if not factor:
        raise BadRate(str(quote.rate), reason=f"over {days} days it takes all of the value")
    base = factor if checked_quotation(quotation) == Quotation.YIELD else 1
    return (1 - factor) / base / year_fraction(days, day_count)


def _some(days: int) -> int:
    return checked_days(days, least=1)
