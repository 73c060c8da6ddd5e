"""Rates and shares are whole millionths or refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.errors import BadRate, PricingError
from duebill.pricing import Rate, Rounding, Share


@pytest.mark.parametrize(
    ("text", "millionths"),
    [
        ("0", 0),
        ("5.25", 52_500),
        ("0.0001", 1),
        ("1000", 10_000_000),
        ("1000.0000", 10_000_000),
        ("3.50000000", 35_000),
    ],
)
def test_per_cent_are_read_exactly(text, millionths):
    assert Rate.percent(text).millionths == millionths
    assert Rate.percent(Decimal(text)) == Rate(millionths)


@pytest.mark.parametrize(
    "value",
    [
        5.25,
        5,
        True,
        None,
        float("nan"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
        Decimal(-1),
        "NaN",
        "-1",
        "-0.0001",
        "1000.0001",
        "0.00001",
        "5.25 %",
        "5,25",
        "1e1",
        " 5",
        "05",
        "",
        ".5",
        "5.",
        "\u0665",
        "9" * 5000,
    ],
)
def test_everything_else_is_refused(value):
    with pytest.raises(BadRate):
        Rate.percent(value)
    with pytest.raises(BadRate):
        Share.percent(value if value != "1000.0001" else "100.0001")


@pytest.mark.parametrize(
    "value", [-1, 10_000_001, pytest.param(10**5000, id="huge"), 1.0, True, "1", Decimal(1)]
)
def test_millionths_are_checked(value):
    with pytest.raises(PricingError):
        Rate(value)
    with pytest.raises(PricingError):
        Share(value)


def test_a_share_is_at_most_all():
    assert Share.percent("100") == Share(1_000_000)
    with pytest.raises(BadRate):
        Share(1_000_001)


def test_rates_are_shown_as_per_cent():
    assert str(Rate(52_500)) == "5.25 %"
    assert str(Rate(1)) == "0.0001 %"
    assert str(Share(2_500)) == "0.25 %"
    assert sorted([Rate(2), Rate(1)]) == [Rate(1), Rate(2)]
    assert Share(250_000).fraction == Fraction(1, 4)


def test_an_exact_rate_is_rounded_half_even_or_as_stated():
    half = Fraction(1, 2_000_000)
    assert [Rate.rounded(half * n).millionths for n in (1, 3, 5)] == [0, 2, 2]
    assert Rate.rounded(half, Rounding.UP) == Rate(1)
    assert Rate.rounded(half * 3, Rounding.DOWN) == Rate(1)
    for wrong in (Fraction(-1, 10**9), Fraction(10**5000), 0.05, 1):
        with pytest.raises(BadRate):
            Rate.rounded(wrong)


@given(st.integers(0, 10_000_000))
def test_rates_come_back_from_text_and_fractions(millionths):
    rate = Rate(millionths)
    assert Rate.percent(str(rate).removesuffix(" %")) == rate
    assert all(Rate.rounded(rate.fraction, way) == rate for way in (None, *Rounding))
