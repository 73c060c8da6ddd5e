"""What reads give back: tuples that notebooks show as tables, and DataFrames of exact values."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from duebill.errors import ExtraMissing
from duebill.model import Money, Rows


@dataclass(frozen=True)
class _Priced:
    price: Money


def test_rows_are_tuples(ledger, scene):
    scene.accepted()
    found = ledger.vouchers()
    assert isinstance(found, Rows)
    assert found == tuple(found)
    assert found[0] in found


def test_every_list_of_the_ledger_is_rows(ledger, scene):
    id_ = scene.accepted()
    lists = (
        ledger.receivables(),
        ledger.vouchers(),
        ledger.holdings(),
        ledger.parties(),
        ledger.programmes(),
        ledger.currencies(),
        ledger.advances(id_),
        ledger.events(),
        ledger.exchange.fills(),
        ledger.exchange.offers(),
        ledger.guarantees.avals(),
        ledger.loans.loans(),
    )
    for rows in lists:
        assert isinstance(rows, Rows)
        assert len(rows.to_frame()) == len(rows)
        assert rows._repr_html_().startswith(("<table>", "<p>nothing</p>"))


def test_a_frame_has_exact_amounts_and_real_dates(ledger, scene):
    id_ = scene.accepted()
    frame = ledger.receivables().to_frame()
    (row,) = frame.to_dict("records")
    (found,) = ledger.receivables()
    assert row["id"] == id_
    assert row["face"] == found.face.amount
    assert type(row["face"]) is Decimal
    assert row["face_currency"] == "EUR"
    assert row["due_date"] == found.due_date
    assert type(row["due_date"]) is date
    assert row["status"] == str(found.status)
    assert frame["face"].sum() == found.face.amount


def test_an_amount_that_no_float_can_hold_stays_exact():
    part = Rows([_Priced(Money(9_007_199_254_740_993, "EUR"))])
    assert part.to_frame()["price"].iloc[0] == Decimal("9007199254.740993")


def test_one_value_is_a_table_of_its_fields(ledger, scene):
    shown = ledger.receivable(scene.accepted())._repr_html_()
    assert "<th>due date</th>" in shown
    assert "EUR" in shown


def test_threat_66_foreign_words_are_escaped():
    from duebill.model._rows import _cell  # noqa: PLC0415 - the one place that writes

    assert _cell("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert _cell(("<b>", None)) == "&lt;b&gt;<br>"


def test_long_tables_are_cut_and_say_so():
    rows = Rows([_Priced(Money(n, "EUR")) for n in range(1, 61)])
    shown = rows._repr_html_()
    assert shown.count("<tr>") == 51
    assert "and 10 more" in shown


def test_without_pandas_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ExtraMissing, match=r"duebill\[tables\]"):
        Rows([_Priced(Money(1, "EUR"))]).to_frame()
