"""Prices, shares, fees, interest, and the way back to rates."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duebill import pricing
from duebill.errors import (
    AmountTooLarge,
    AmountTooPrecise,
    BadPrice,
    BadRate,
    BadTenor,
    BadTime,
    CurrencyMismatch,
)
from duebill.model import DayCount, Money, Quotation, Side
from duebill.pricing import (
    InterestTerms,
    Rate,
    RateQuote,
    Rounding,
    Share,
    discount_factor,
    discount_on,
    equivalent_rate,
    fee_on,
    implied_rate,
    interest_on,
    loan_interest,
    outlay,
    price_at,
    price_of_part,
    proceeds,
)

UP, DOWN = Rounding.UP, Rounding.DOWN
DISCOUNT, YIELD = Quotation.DISCOUNT, Quotation.YIELD
A360, A365 = DayCount.ACT_360, DayCount.ACT_365F
MOST = 2**80 - 1

rates = st.integers(0, 10_000_000).map(Rate)
usual_rates = st.integers(0, 500_000).map(Rate)
day_counts = st.sampled_from(DayCount)
quotations = st.sampled_from([DISCOUNT, YIELD])
quotes = st.builds(RateQuote, rates, quotations, day_counts)
usual_quotes = st.builds(RateQuote, usual_rates, quotations, day_counts)
days_ = st.integers(0, 65_535)
decimals_ = st.integers(0, 18)
ways = st.sampled_from(Rounding)
sides = st.sampled_from(Side)


def granule_of(decimals):
    return 10 ** max(0, 6 - decimals)


@st.composite
def values(draw, least=0):
    decimals = draw(decimals_)
    granule = granule_of(decimals)
    return eur(draw(st.integers(least, MOST // granule)) * granule), decimals


def eur(amount):
    return Money.parse(amount, "EUR") if isinstance(amount, str) else Money(amount, "EUR")


def quote(percent, quotation, day_count):
    return RateQuote(Rate.percent(percent), quotation, day_count)


# Reckoned by hand, with the interest worked out first: 1,000,000 x 5.25 % x 90 / 360 = 13,125.
@pytest.mark.parametrize(
    ("value", "stated", "days", "up", "down"),
    [
        ("1000000.00", quote("5.25", DISCOUNT, A360), 90, "986875.00", "986875.00"),
        # 1,000,000 / 1.013125 = 987,045.0339...
        ("1000000.00", quote("5.25", YIELD, A360), 90, "987045.04", "987045.03"),
        # 5.25 % x 90 / 365 = 0.0129452054...
        ("1000000.00", quote("5.25", DISCOUNT, A365), 90, "987054.80", "987054.79"),
        # 1,000,000 / 1.0129452054... = 987,220.2326...
        ("1000000.00", quote("5.25", YIELD, A365), 90, "987220.24", "987220.23"),
        # A whole year at 100 %: nothing, or half.
        ("10.00", quote("100", DISCOUNT, A365), 365, "0.00", "0.00"),
        ("10.00", quote("100", YIELD, A365), 365, "5.00", "5.00"),
        ("10.00", quote("100", DISCOUNT, A360), 365, "0.00", "0.00"),
        ("10.00", quote("1000", YIELD, A360), 0, "10.00", "10.00"),
        ("0.01", quote("0.0001", DISCOUNT, A360), 1, "0.01", "0.00"),
    ],
)
def test_prices_reckoned_by_hand(value, stated, days, up, down):
    for way, price in ((UP, up), (DOWN, down)):
        found = price_at(eur(value), stated, days=days, decimals=2, rounding=way)
        assert found == eur(price)


def test_a_currency_without_decimals_is_priced_in_whole_ones():
    value = Money.parse("1000001", "JPY")
    stated = quote("1", YIELD, A365)
    # 1,000,001 / 1.00027397... = 999,727.10...
    for way, price in ((UP, "999728"), (DOWN, "999727")):
        found = price_at(value, stated, days=10, decimals=0, rounding=way)
        assert found == Money.parse(price, "JPY")


@given(values(), quotes, days_, ways)
def test_a_price_is_from_nothing_to_the_value_in_whole_granules(value, stated, days, way):
    amount, decimals = value
    found = price_at(amount, stated, days=days, decimals=decimals, rounding=way)
    assert eur(0) <= found <= amount
    assert found.units % granule_of(decimals) == 0


@given(values(), quotes, days_)
def test_up_and_down_are_at_most_a_granule_apart_around_the_exact_price(value, stated, days):
    amount, decimals = value
    up, down = (
        price_at(amount, stated, days=days, decimals=decimals, rounding=way) for way in (UP, DOWN)
    )
    exact = amount.units * discount_factor(stated, days=days)
    granule = granule_of(decimals)
    assert down.units <= exact <= up.units
    assert up.units - down.units == (granule if exact % granule else 0)


@given(values(), quotes, rates, st.tuples(days_, days_), ways)
def test_more_rate_or_more_days_never_cost_more(value, stated, other, times, way):
    amount, decimals = value

    def price(rate, time):
        changed = RateQuote(rate, stated.quotation, stated.day_count)
        return price_at(amount, changed, days=time, decimals=decimals, rounding=way)

    low, high = sorted((stated.rate, other))
    short, long = sorted(times)
    assert price(high, short) <= price(low, short)
    assert price(low, long) <= price(low, short)


@given(values(), quotes, ways)
def test_without_time_or_rate_the_price_is_the_value(value, stated, way):
    amount, decimals = value
    free = RateQuote(Rate(0), stated.quotation, stated.day_count)
    assert price_at(amount, stated, days=0, decimals=decimals, rounding=way) == amount
    assert price_at(amount, free, days=65_535, decimals=decimals, rounding=way) == amount


@given(usual_rates, day_counts, st.integers(0, 3650), values(), ways)
def test_a_yield_takes_less_than_a_discount(rate, day_count, days, value, way):
    amount, decimals = value
    dear, cheap = (
        price_at(amount, RateQuote(rate, it, day_count), days=days, decimals=decimals, rounding=way)
        for it in (YIELD, DISCOUNT)
    )
    assert cheap <= dear


# -- split fills ---------------------------------------------------------------------------------


@given(st.data(), values(least=1), values(least=1), sides)
def test_split_fills_never_cost_the_maker_of_an_order(data, whole, price, side):
    """All fills of an order together give its maker at least what one fill of all would."""
    amount, decimals = whole[0], price[1]
    rest, paid, way = amount, 0, Rounding.of(side)
    for _ in range(data.draw(st.integers(0, 5))):
        part = eur(data.draw(st.integers(0, rest.units)))
        rest -= part
        paid += cost(price[0], part, amount, decimals, way)
    paid += cost(price[0], rest, amount, decimals, way)
    assert paid >= price[0].units if side is Side.ASK else paid <= price[0].units
    assert cost(price[0], amount, amount, decimals, way) == price[0].units


def cost(price, part, whole, decimals, way):
    return price_of_part(price, part=part, whole=whole, decimals=decimals, rounding=way).units


@given(st.data(), values(least=1), quotes, days_, sides)
def test_split_fills_at_a_rate_never_cost_the_maker(data, value, stated, days, side):
    amount, decimals = value
    granule = granule_of(decimals)
    part = eur(data.draw(st.integers(0, amount.units // granule)) * granule)
    way = Rounding.of(side)

    def price(it):
        return price_at(it, stated, days=days, decimals=decimals, rounding=way).units

    both, whole = price(part) + price(amount - part), price(amount)
    assert both >= whole if side is Side.ASK else both <= whole
    assert abs(both - whole) <= granule


def test_a_part_is_a_part():
    ten, one = eur("10.00"), eur("1.00")
    known = {"decimals": 2, "rounding": UP}
    assert price_of_part(eur("9.99"), part=one, whole=ten, **known) == eur("1.00")
    assert price_of_part(eur("9.99"), part=one, whole=ten, **(known | {"rounding": DOWN})) == eur(
        "0.99"
    )
    for part, whole in ((ten, one), (eur(0), eur(0))):
        with pytest.raises(BadPrice):
            price_of_part(ten, part=part, whole=whole, **known)
    with pytest.raises(CurrencyMismatch):
        price_of_part(ten, part=one, whole=Money(1, "USD"), **known)
    assert Rounding.of(Side.ASK) is UP
    assert Rounding.of(Side.BID) is DOWN


# -- fees, proceeds, refusals --------------------------------------------------------------------


def test_who_fills_pays_the_fee():
    price = eur("986875.00")
    fee = fee_on(price, Share.percent("0.0333"), decimals=2)
    # 986,875 x 0.000333 = 328.629375
    assert fee == eur("328.62")
    assert outlay(price, fee, side=Side.ASK) == eur("987203.62")
    assert proceeds(price, fee, side=Side.ASK) == price
    assert outlay(price, fee, side=Side.BID) == price
    assert proceeds(price, fee, side=Side.BID) == eur("986546.38")


@given(values(), st.integers(0, 10**6).map(Share), sides)
def test_what_the_buyer_pays_is_what_seller_and_exchange_get(value, share, side):
    price, decimals = value
    fee = fee_on(price, share, decimals=decimals)
    assume(price.units + fee.units <= MOST)
    assert outlay(price, fee, side=side) == proceeds(price, fee, side=side) + fee
    assert fee.units <= price.units * share.fraction < fee.units + granule_of(decimals)


@pytest.mark.parametrize("days", [-1, 65_536, pytest.param(10**5000, id="huge"), 1.0, True, None])
def test_days_that_contracts_cannot_count_are_refused(days):
    stated = quote("5", YIELD, A360)
    with pytest.raises(BadTenor):
        price_at(eur("1"), stated, days=days, decimals=2, rounding=UP)
    with pytest.raises(BadTenor):
        interest_on(eur("1"), Rate(1), days=days, day_count=A360)


def test_values_with_more_decimals_than_their_currency_are_refused():
    stated = quote("5", YIELD, A360)
    with pytest.raises(AmountTooPrecise):
        price_at(eur("1.001"), stated, days=1, decimals=2, rounding=UP)
    with pytest.raises(AmountTooPrecise):
        fee_on(eur("1.001"), Share(1), decimals=2)
    for decimals in (-1, 2.0, True):
        with pytest.raises(BadPrice):
            price_at(eur("1"), stated, days=1, decimals=decimals, rounding=UP)


def test_an_amount_is_no_rate():
    with pytest.raises(BadRate):
        RateQuote(Rate(1), Quotation.AMOUNT, A360)
    with pytest.raises(BadRate):
        implied_rate(eur(2), eur(1), days=1, quotation=Quotation.AMOUNT, day_count=A360)
    with pytest.raises(BadRate):
        equivalent_rate(quote("5", YIELD, A360), days=1, quotation=Quotation.AMOUNT, day_count=A360)
    assert str(quote("5.25", YIELD, A360)) == "5.25 % yield ACT/360"


# -- the way back --------------------------------------------------------------------------------


def test_rates_of_prices_reckoned_by_hand():
    """13,125 off 1,000,000 for 90 days: 5.25 % of the value, 5.3198... % of the price."""
    value, price = eur("1000000.00"), eur("986875.00")
    assert discount_on(value, price) == eur("13125.00")
    known = {"days": 90, "day_count": A360}
    assert implied_rate(value, price, quotation=DISCOUNT, **known) == Fraction(525, 10_000)
    yield_ = implied_rate(value, price, quotation=YIELD, **known)
    assert yield_ == Fraction(13_125 * 360, 986_875 * 90)
    assert Rate.rounded(yield_) == Rate.percent("5.3198")


@given(values(least=1), usual_quotes, st.integers(1, 1000))
def test_the_rate_of_a_price_is_the_rate_that_made_it_but_for_the_rounding(value, stated, days):
    amount, decimals = value
    exact = discount_factor(stated, days=days)
    assume(exact)
    known = {"days": days, "quotation": stated.quotation, "day_count": stated.day_count}
    up, down = (
        price_at(amount, stated, days=days, decimals=decimals, rounding=way) for way in (UP, DOWN)
    )
    assert implied_rate(amount, up, **known) <= stated.rate.fraction
    if down:
        assert implied_rate(amount, down, **known) >= stated.rate.fraction


@given(st.data(), values(least=1), quotations, day_counts, st.integers(1, 65_535))
def test_the_exact_rate_of_a_price_gives_the_price_back(data, value, quotation, day_count, days):
    amount = value[0]
    price = eur(data.draw(st.integers(1, amount.units)))
    known = {"days": days, "quotation": quotation, "day_count": day_count}
    rate = implied_rate(amount, price, **known)
    cost_ = rate * Fraction(days, day_count.year)
    factor = 1 / (1 + cost_) if quotation is YIELD else 1 - cost_
    assert amount.units * factor == price.units


@given(usual_quotes, st.integers(1, 1000), quotations, day_counts)
def test_equivalent_rates_are_of_one_price_and_lead_back(stated, days, quotation, day_count):
    factor = discount_factor(stated, days=days)
    assume(factor)
    rate = equivalent_rate(stated, days=days, quotation=quotation, day_count=day_count)
    cost_ = rate * Fraction(days, day_count.year)
    assert (1 / (1 + cost_) if quotation is YIELD else 1 - cost_) == factor
    same = equivalent_rate(
        stated, days=days, quotation=stated.quotation, day_count=stated.day_count
    )
    assert same == stated.rate.fraction


def test_money_market_equivalents_as_textbooks_have_them():
    """y = d / (1 - d t) and d = y / (1 + y t); another year changes the rate in proportion."""
    t = Fraction(90, 360)
    d = y = Fraction(525, 10_000)
    by_discount, by_yield = quote("5.25", DISCOUNT, A360), quote("5.25", YIELD, A360)

    def rate(stated, quotation, day_count):
        return equivalent_rate(stated, days=90, quotation=quotation, day_count=day_count)

    assert rate(by_discount, YIELD, A360) == d / (1 - d * t)
    assert rate(by_yield, DISCOUNT, A360) == y / (1 + y * t)
    assert rate(by_yield, YIELD, A365) == y * 365 / 360


@pytest.mark.parametrize("quotation", [DISCOUNT, YIELD])
def test_there_is_no_rate_without_time_value_or_sense(quotation):
    known = {"quotation": quotation, "day_count": A360}
    with pytest.raises(BadTenor):
        implied_rate(eur(2), eur(1), days=0, **known)
    with pytest.raises(BadTenor):
        equivalent_rate(quote("5", DISCOUNT, A360), days=0, **known)
    with pytest.raises(BadPrice):
        implied_rate(eur(1), eur(2), days=1, **known)
    with pytest.raises(BadPrice):
        implied_rate(eur(0), eur(0), days=1, **known)
    with pytest.raises(CurrencyMismatch):
        implied_rate(eur(2), Money(1, "USD"), days=1, **known)
    with pytest.raises(BadRate):
        equivalent_rate(quote("1000", DISCOUNT, A360), days=36, **known)


def test_a_price_of_nothing_has_a_discount_rate_but_no_yield():
    known = {"days": 36, "day_count": A360}
    assert implied_rate(eur(1), eur(0), quotation=DISCOUNT, **known) == 10
    with pytest.raises(BadPrice):
        implied_rate(eur(1), eur(0), quotation=YIELD, **known)


# -- interest ------------------------------------------------------------------------------------

TERMS = InterestTerms(
    rate=Rate.percent("6"),
    late_rate=Rate.percent("10"),
    day_count=A360,
    maturity=date(2028, 3, 1),
    grace_days=5,
)


def test_simple_interest_is_rounded_down():
    principal = eur("700000.00")
    # 700,000 x 6 % x 30 / 365 = 3,452.054794520...
    found = interest_on(principal, Rate.percent("6"), days=30, day_count=A365)
    assert found == eur("3452.054794")
    with pytest.raises(AmountTooLarge):
        interest_on(eur(MOST), Rate.percent("1000"), days=365, day_count=A365)


@pytest.mark.parametrize(
    ("since", "until", "normal", "late"),
    [
        (date(2028, 1, 31), date(2028, 1, 31), 0, 0),
        (date(2028, 1, 31), date(2028, 3, 1), 30, 0),  # over a leap day
        (date(2028, 1, 31), date(2028, 3, 6), 35, 0),
        (date(2028, 1, 31), date(2028, 3, 7), 35, 1),
        (date(2028, 3, 6), date(2028, 3, 16), 0, 10),
        (date(2028, 3, 10), date(2028, 3, 20), 0, 10),
    ],
)
def test_the_late_rate_begins_after_the_grace_days(since, until, normal, late):
    principal = eur("700000.00")
    found = loan_interest(principal, TERMS, since=since, until=until)
    # Rounded once, for both rates together.
    expected = 700_000_000_000 * (6 * normal + 10 * late) // 36_000
    assert found.units == expected


@given(
    values(),
    st.dates(date(2027, 1, 1), date(2029, 1, 1)),
    st.lists(st.integers(0, 400), min_size=2, max_size=4),
)
def test_reckoning_interest_in_steps_loses_less_than_a_unit_a_step(value, start, steps):
    principal = Money(value[0].units // 1000, "EUR")
    day, owed = start, 0
    for step in steps:
        until = day + timedelta(days=step)
        owed += loan_interest(principal, TERMS, since=day, until=until).units
        day = until
    at_once = loan_interest(principal, TERMS, since=start, until=day).units
    assert 0 <= at_once - owed < len(steps)


def test_terms_of_interest_are_checked():
    with pytest.raises(BadTenor):
        loan_interest(eur(1), TERMS, since=date(2028, 1, 2), until=date(2028, 1, 1))
    with pytest.raises(BadTenor):
        InterestTerms(
            rate=Rate(0),
            late_rate=Rate(0),
            day_count=A360,
            maturity=date(2028, 1, 1),
            grace_days=-1,
        )
    with pytest.raises(BadTime):
        InterestTerms(rate=Rate(0), late_rate=Rate(0), day_count=A360, maturity=date(1969, 1, 1))
    longest = InterestTerms(
        rate=Rate(0),
        late_rate=Rate(0),
        day_count=A360,
        maturity=date(2149, 1, 1),
        grace_days=65_535,
    )
    assert longest.last_normal_day == date(2149, 6, 6)


def test_public_names_are_sorted_and_there():
    constants = [name for name in pricing.__all__ if name.isupper()]
    classes = [name for name in pricing.__all__ if name[0].isupper() and not name.isupper()]
    functions = [name for name in pricing.__all__ if name[0].islower()]
    assert pricing.__all__ == [*sorted(constants), *sorted(classes), *sorted(functions)]
    assert all(getattr(pricing, name) is not None for name in pricing.__all__)
