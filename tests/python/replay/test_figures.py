"""The figures of a portfolio, worked out by hand and against a plain second reckoning."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.errors import CurrencyMismatch, NothingToReckon
from duebill.model import Money
from duebill.replay import PastInvoice, figures_of
from duebill.replay._figures import tenths

DAY = date(2013, 1, 10)


def invoice(number, amount, *, issued=DAY, term=30, took=None, code="USD", disputed=False):
    return PastInvoice(
        number=str(number),
        customer="C",
        issued=issued,
        due=issued + timedelta(days=term),
        settled=None if took is None else issued + timedelta(days=took),
        amount=Money.parse(amount, code),
        disputed=disputed,
    )


def test_late_rate_and_means():
    figures = figures_of(
        [
            invoice(1, "100.00", took=10),
            invoice(2, "50.00", took=31, disputed=True),
            invoice(3, "25.00", took=40),
            invoice(4, "5.00"),
        ]
    )
    assert (figures.invoices, figures.settled, figures.late, figures.disputed) == (4, 3, 2, 1)
    assert figures.late_rate == Fraction(2, 3)
    assert str(figures.amount_late) == "75.00 USD"
    assert figures.days_to_settle == 27
    assert figures.days_late == Fraction(11, 2)


def test_paid_on_the_due_date_is_not_late():
    assert figures_of([invoice(1, "1.00", took=30)]).late == 0
    assert figures_of([invoice(1, "1.00", took=31)]).late == 1


def test_ageing_at_the_end_of_a_quarter():
    """The first quarter of 2013 ends on March 31; each open invoice stands in one bucket."""
    end = date(2013, 3, 31)
    past_due = [-5, 0, 1, 30, 31, 60, 61]
    invoices = [
        invoice(days, "1.00", issued=end - timedelta(days=70), term=70 - days) for days in past_due
    ]
    (quarter,) = figures_of(invoices).quarters
    assert quarter.end == end
    assert [int(money.amount) for money in quarter.ageing] == [2, 2, 2, 1, 0]
    assert quarter.days_sales_outstanding == 90


def test_what_is_settled_on_the_last_day_is_not_open_any_more():
    settled = invoice(1, "10.00", issued=date(2013, 3, 1), took=30)
    later = invoice(2, "10.00", issued=date(2013, 3, 1), took=31)
    first, second = figures_of([settled, later]).quarters
    assert str(first.open) == "10.00 USD"
    assert first.days_sales_outstanding == 45
    assert not second.open
    assert second.days_sales_outstanding is None


def test_quarters_go_on_over_the_years():
    invoices = [invoice(1, "1.00", issued=date(2012, 11, 30), took=100)]
    ends = [quarter.end for quarter in figures_of(invoices).quarters]
    assert ends == [date(2012, 12, 31), date(2013, 3, 31)]


def test_no_invoices_have_no_figures():
    with pytest.raises(NothingToReckon):
        figures_of([])


def test_two_currencies_do_not_add_up():
    with pytest.raises(CurrencyMismatch):
        figures_of([invoice(1, "1.00"), invoice(2, "1.00", code="EUR")])


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(1, 20), "0.1"), (Fraction(49, 1000), "0.0"), (Fraction(7), "7.0")]
)
def test_half_a_tenth_is_rounded_up(value, text):
    assert tenths(value) == text


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**6), st.integers(0, 500), st.integers(0, 90), st.integers(0, 200)
        ),
        min_size=1,
        max_size=30,
    )
)
def test_what_was_invoiced_and_not_paid_is_open(rows):
    """At each quarter's end: everything invoiced so far less everything paid so far."""
    invoices = [
        invoice(n, str(amount), issued=DAY + timedelta(days=start), term=term, took=took)
        for n, (amount, start, term, took) in enumerate(rows)
    ]
    for quarter in figures_of(invoices).quarters:
        invoiced = sum(i.amount.units for i in invoices if i.issued <= quarter.end)
        paid = sum(i.amount.units for i in invoices if i.settled and i.settled <= quarter.end)
        assert quarter.open.units == invoiced - paid
