"""What a claim is worth before it is due, and what money costs: exact, with no chain at all.

Amounts are `Money`, rates `Rate`, what is not rounded is a `Fraction`; there is no float anywhere.
Prices, shares and interest equal those of `contracts/libraries/Pricing.sol` to the last unit.
`docs/pricing.md` has the formulas and their sources.
"""

from __future__ import annotations

from duebill.pricing._calendar import TARGET2, BusinessDays, Roll
from duebill.pricing._days import MOST_DAYS, days_between, year_fraction
from duebill.pricing._interest import (
    InterestTerms,
    interest_on,
    loan_interest,
    most_lent,
    payable_interest,
)
from duebill.pricing._inverse import equivalent_rate, implied_rate
from duebill.pricing._price import (
    RateQuote,
    discount_factor,
    discount_on,
    fee_on,
    outlay,
    price_at,
    price_of_part,
    proceeds,
)
from duebill.pricing._rate import Rate, Share
from duebill.pricing._rounding import Rounding

__all__ = [
    "MOST_DAYS",
    "TARGET2",
    "BusinessDays",
    "InterestTerms",
    "Rate",
    "RateQuote",
    "Roll",
    "Rounding",
    "Share",
    "days_between",
    "discount_factor",
    "discount_on",
    "equivalent_rate",
    "fee_on",
    "implied_rate",
    "interest_on",
    "loan_interest",
    "most_lent",
    "outlay",
    "payable_interest",
    "price_at",
    "price_of_part",
    "proceeds",
    "year_fraction",
]
