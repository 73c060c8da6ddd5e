"""The history of a portfolio is read exactly, or refused row by row."""

from __future__ import annotations

from datetime import date

import pytest

from duebill.errors import BadHistory, DatesAmbiguous
from duebill.model import Money
from duebill.replay import PastInvoice, read_history

HEADS = "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate\n"


def read(rows, heads=HEADS, **options):
    return read_history((heads + rows).encode(), currency="USD", **options)


def test_a_row_becomes_an_invoice():
    (found,) = read("C1,0001,1/2/2013,2/1/2013,55.94,Yes,2/15/2013\n")
    assert found == PastInvoice(
        number="0001",
        customer="C1",
        issued=date(2013, 1, 2),
        due=date(2013, 2, 1),
        settled=date(2013, 2, 15),
        amount=Money.parse("55.94", "USD"),
        disputed=True,
    )
    assert (found.days_to_settle, found.days_late) == (44, 14)


def test_an_open_invoice_has_no_days():
    (found,) = read("C1,1,2013-01-02,2013-02-01,1.00,,\n")
    assert (found.settled, found.days_to_settle, found.days_late) == (None, None, None)
    assert not found.disputed


def test_they_come_in_the_order_of_their_issue():
    found = read("C,2,2013-03-01,2013-03-02,1,,\nC,1,2013-02-01,2013-03-02,1,,\n")
    assert [it.number for it in found] == ["1", "2"]


def test_plain_heads_will_do():
    heads = "number,customer,issued,due,amount,settled\n"
    (found,) = read("7,C,2013-01-02,2013-02-01,1.00,2013-01-05\n", heads)
    assert (found.number, found.customer, found.days_to_settle) == ("7", "C", 3)


def test_the_order_of_day_and_month_follows_from_the_whole_file():
    (american,) = read("C,1,1/2/2013,2/1/2013,1,,1/15/2013\n")
    (european,) = read("C,1,2/1/2013,1/2/2013,1,,15/1/2013\n")
    assert american.issued == european.issued == date(2013, 1, 2)


def test_dates_that_could_be_either_are_not_guessed():
    rows = "C,1,1/2/2013,2/3/2013,1,,4/5/2013\n"
    with pytest.raises(DatesAmbiguous) as caught:
        read(rows)
    assert caught.value.orders == ("mdy", "dmy")
    assert read(rows, dates="dmy")[0].issued == date(2013, 2, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C,1,2013-02-30,2013-03-01,1,,", "no day of the calendar"),
        ("C,1,soon,2013-03-01,1,,", "'soon' is no date"),
        ("C,1,2013-02-01,2013-01-31,1,,", "due before it is issued"),
        ("C,1,2013-02-01,2013-03-01,1,,2013-01-31", "settled before it is issued"),
        ("C,1,2013-02-01,2013-03-01,0.00,,", "amount is zero"),
        ("C,1,2013-02-01,2013-03-01,-5,,", "negative"),
        ("C,1,2013-02-01,2013-03-01,1e3,,", "1e3"),
        ("C,1,2013-02-01,2013-03-01,1.0000001,,", "decimals"),
        ("C,1,2013-02-01,2013-03-01,1,perhaps,", "neither yes nor no"),
        (",1,2013-02-01,2013-03-01,1,,", "customer is missing"),
        ("C", "number is missing"),
    ],
)
def test_threat_56_a_wrong_row_is_named(row, reason):
    with pytest.raises(BadHistory) as caught:
        read(f"C,0,2013-02-01,2013-03-01,1,,\n{row}\n")
    ((line, told),) = caught.value.problems
    assert line == 3
    assert reason in told


def test_all_wrong_rows_are_named_and_a_repeated_number_is_wrong():
    good = "C,1,2013-02-01,2013-03-01,1,,\n"
    with pytest.raises(BadHistory) as caught:
        read(good + "C,2,x,2013-03-01,1,,\n" + good)
    assert [line for line, _ in caught.value.problems] == [3, 4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no rows"),
        (HEADS.encode(), "no rows"),
        (b"a,b\n1,2\n", "no column is for 'number'"),
        (b"number,invoice,customer\n1,2,3\n", "two columns are for 'number'"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ((HEADS + '"C').encode(), "line 2"),
    ],
)
def test_what_is_no_history_is_refused(content, reason):
    with pytest.raises(BadHistory, match=reason):
        read_history(content, currency="USD")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadHistory, match="No such file"):
        read_history(tmp_path / "none.csv", currency="USD")
