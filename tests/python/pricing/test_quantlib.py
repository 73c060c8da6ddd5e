"""The same as QuantLib, which reckons in doubles and knows the calendars of many years."""

from datetime import date, timedelta
from fractions import Fraction
from sys import float_info

import pytest
import QuantLib as ql  # noqa: N813 - as its own manual has it
from hypothesis import given
from hypothesis import strategies as st

from duebill.model import DayCount, Money, Quotation
from duebill.pricing import (
    TARGET2,
    Rate,
    RateQuote,
    Roll,
    discount_factor,
    equivalent_rate,
    implied_rate,
    interest_on,
    year_fraction,
)

COUNTERS = {DayCount.ACT_360: ql.Actual360(), DayCount.ACT_365F: ql.Actual365Fixed()}
ROLLS = {
    Roll.UNADJUSTED: ql.Unadjusted,
    Roll.FOLLOWING: ql.Following,
    Roll.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    Roll.PRECEDING: ql.Preceding,
    Roll.MODIFIED_PRECEDING: ql.ModifiedPreceding,
}
START = date(2026, 11, 23)
# A handful of operations, each off by at most half of the last place.
TOLERANCE = 8 * Fraction(float_info.epsilon)

rates = st.integers(0, 10_000_000).map(Rate)
day_counts = st.sampled_from(DayCount)
# QuantLib's dates end in 2199.
days_ = st.integers(0, 60_000)


def quantlib_date(day):
    return ql.Date(day.day, day.month, day.year)


def python_date(day):
    return date(day.year(), day.month(), day.dayOfMonth())


def close(exact, found):
    return abs(exact - Fraction(found)) <= TOLERANCE * exact


def simple(rate, day_count):
    percent = rate.millionths / 1_000_000
    return ql.InterestRate(percent, COUNTERS[day_count], ql.Simple, ql.Annual)


@given(days_, day_counts)
def test_parts_of_years(days, day_count):
    start, end = quantlib_date(START), quantlib_date(START) + days
    assert COUNTERS[day_count].dayCount(start, end) == days
    assert close(year_fraction(days, day_count), COUNTERS[day_count].yearFraction(start, end))


@given(rates, days_, day_counts)
def test_the_factor_of_a_simple_yield(rate, days, day_count):
    start, end = quantlib_date(START), quantlib_date(START) + days
    factor = discount_factor(RateQuote(rate, Quotation.YIELD, day_count), days=days)
    assert close(factor, simple(rate, day_count).discountFactor(start, end))


@given(st.integers(1, 10_000_000).map(Rate), st.integers(1, 60_000), day_counts)
def test_the_yield_of_a_straight_discount(rate, days, day_count):
    """The compound factor of a discount is 1 / (1 - d t), QuantLib's implied simple rate its yield."""
    stated = RateQuote(rate, Quotation.DISCOUNT, day_count)
    factor = discount_factor(stated, days=days)
    if factor <= Fraction(1, 2):
        return
    exact = equivalent_rate(stated, days=days, quotation=Quotation.YIELD, day_count=day_count)
    start, end = quantlib_date(START), quantlib_date(START) + days
    compound = float(1 / factor)
    found = ql.InterestRate.impliedRate(
        compound, COUNTERS[day_count], ql.Simple, ql.Annual, start, end
    )
    # Taking 1 from the factor leaves its error, which is then seen against what is left.
    lost = TOLERANCE * Fraction(compound) / (Fraction(compound) - 1)
    assert abs(exact - Fraction(found.rate())) <= exact * (lost + TOLERANCE)


@given(st.integers(10**6, 10**15), st.integers(1, 10**6), st.integers(1, 60_000), day_counts)
def test_the_yield_of_a_price(units, share, days, day_count):
    value, price = Money(units, "EUR"), Money(max(1, units * share // (2 * 10**6)), "EUR")
    exact = implied_rate(value, price, days=days, quotation=Quotation.YIELD, day_count=day_count)
    start, end = quantlib_date(START), quantlib_date(START) + days
    found = ql.InterestRate.impliedRate(
        units / price.units, COUNTERS[day_count], ql.Simple, ql.Annual, start, end
    )
    # The price is at most half: taking 1 from the factor at most doubles its error.
    assert abs(exact - Fraction(found.rate())) <= 3 * TOLERANCE * exact


@given(rates, days_, day_counts, st.integers(0, 10**15))
def test_simple_interest(rate, days, day_count, units):
    start, end = quantlib_date(START), quantlib_date(START) + days
    exact = interest_on(Money(units, "EUR"), rate, days=days, day_count=day_count).units
    found = Fraction(simple(rate, day_count).compoundFactor(start, end)) * units - units
    # One unit for rounding down; the factor's own error on the whole principal.
    assert abs(found - exact) <= 1 + TOLERANCE * (units + found)


@pytest.mark.parametrize("convention", Roll)
def test_every_day_of_target2_rolls_alike(convention):
    """Every day from 2002, when the calendar became permanent, to 2060."""
    calendar = ql.TARGET()
    day, count = date(2002, 1, 2), 0
    while day < date(2061, 1, 1):
        theirs = quantlib_date(day)
        assert TARGET2.is_business_day(day) == calendar.isBusinessDay(theirs)
        assert TARGET2.roll(day, convention) == python_date(
            calendar.adjust(theirs, ROLLS[convention])
        )
        day += timedelta(days=1)
        count += 1
    assert count > 21_000
