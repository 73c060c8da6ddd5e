"""Amounts are exact or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.errors import (
    AmountError,
    AmountNegative,
    AmountNotPlain,
    AmountTooLarge,
    AmountTooPrecise,
    CurrencyCodeInvalid,
    CurrencyMismatch,
)
from duebill.model import Money, units_in, units_of

MOST = (1 << 80) - 1


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("0", 0),
        ("1", 10**6),
        ("1248300.00", 1248300 * 10**6),
        ("0.000001", 1),
        ("12.3", 12_300_000),
        ("1.0000000", 10**6),
        ("1208925819614629174.706175", MOST),
    ],
)
def test_plain_decimals_are_read_exactly(text, units):
    assert Money.parse(text, "EUR").units == units
    assert Money.parse(Decimal(text), "EUR").units == units


@pytest.mark.parametrize(
    ("given_", "error"),
    [
        (1.5, AmountNotPlain),
        (1, AmountNotPlain),
        (True, AmountNotPlain),
        (None, AmountNotPlain),
        (float("nan"), AmountNotPlain),
        ("NaN", AmountNotPlain),
        (Decimal("NaN"), AmountNotPlain),
        (Decimal("Infinity"), AmountNotPlain),
        ("Infinity", AmountNotPlain),
        ("1e3", AmountNotPlain),
        ("1E3", AmountNotPlain),
        ("1,248.30", AmountNotPlain),
        ("1.248,30", AmountNotPlain),
        ("1 248.30", AmountNotPlain),
        ("1'248", AmountNotPlain),
        ("1_000", AmountNotPlain),
        (" 1", AmountNotPlain),
        ("1\n", AmountNotPlain),
        ("+1", AmountNotPlain),
        ("", AmountNotPlain),
        (".5", AmountNotPlain),
        ("5.", AmountNotPlain),
        ("007", AmountNotPlain),
        ("0x10", AmountNotPlain),
        ("١٢", AmountNotPlain),
        ("１２", AmountNotPlain),  # noqa: RUF001
        ("€5", AmountNotPlain),
        ("-1", AmountNegative),
        ("-0.01", AmountNegative),
        (Decimal(-1), AmountNegative),
        ("1.0000001", AmountTooPrecise),
        (Decimal("1E-7"), AmountTooPrecise),
        ("1208925819614629174.706176", AmountTooLarge),
        ("9" * 1_000_000, AmountTooLarge),
        (Decimal("1E+30"), AmountTooLarge),
    ],
)
def test_threat_56_everything_else_is_refused(given_, error):
    """Floats, NaN, exponents, locales, signs, too many decimals: nothing is guessed or rounded."""
    with pytest.raises(error):
        Money.parse(given_, "EUR")
    with pytest.raises(AmountError):
        units_in(given_, "EUR")


@pytest.mark.parametrize("units", [1.0, True, "1", None, -1, MOST + 1])
def test_threat_56_units_are_whole_numbers_of_at_most_80_bits(units):
    with pytest.raises(AmountError):
        Money(units, "EUR")


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "", "E1R", "ÄÖÜ", None, 978])
def test_a_currency_is_three_capital_letters(code):
    with pytest.raises(CurrencyCodeInvalid):
        Money(1, code)


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("5", "EUR", "5.00 EUR"),
        ("5.5", "EUR", "5.50 EUR"),
        ("5.125", "EUR", "5.125 EUR"),
        ("0.000001", "USD", "0.000001 USD"),
        ("5", "JPY", "5 JPY"),
        ("5.5", "JPY", "5.5 JPY"),
        ("5", "BHD", "5.000 BHD"),
        ("1248300", "CNY", "1248300.00 CNY"),
    ],
)
def test_amounts_show_their_currencys_decimals_and_never_fewer_than_they_have(text, code, shown):
    assert str(Money.parse(text, code)) == shown


@given(st.integers(min_value=0, max_value=MOST), st.sampled_from(["EUR", "JPY", "BHD", "CLF"]))
def test_what_is_shown_reads_back_as_the_same_amount(units, code):
    money = Money(units, code)
    assert Money.parse(money.text, code) == money
    assert Money.parse(money.amount, code) == money
    assert units_of(money.text) == units


def test_arithmetic_stays_exact_in_one_currency_and_above_zero():
    one, two = Money.parse("0.10", "EUR"), Money.parse("0.20", "EUR")
    assert one + two == Money.parse("0.30", "EUR")
    assert two - one == one
    assert one < two
    assert one <= two
    assert two > one
    assert two >= one
    assert Money.total([one, two, two], "EUR") == Money.parse("0.5", "EUR")
    assert not Money.zero("EUR")
    with pytest.raises(AmountNegative):
        one - two


def test_two_currencies_never_meet():
    euro, dollar = Money.parse("1", "EUR"), Money.parse("1", "USD")
    for act in (euro.__add__, euro.__sub__, euro.__lt__, euro.__ge__):
        with pytest.raises(CurrencyMismatch):
            act(dollar)
    with pytest.raises(CurrencyMismatch):
        units_in(dollar, "EUR")
    assert euro != dollar


def test_a_number_does_not_pass_for_money():
    with pytest.raises(AmountNotPlain):
        Money.parse("1", "EUR") + 1
