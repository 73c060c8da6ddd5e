"""The table that client and contracts are both held against."""

import json
import re
from pathlib import Path

import pricing_vectors
import pytest

from duebill.model import DayCount, LoanStatus, Money, OfferStatus, Quotation, Scope, Side
from duebill.pricing import MOST_DAYS, Rate, RateQuote, Rounding, price_at

ROOT = Path(__file__).resolve().parents[3]
TYPES = (ROOT / "contracts" / "types" / "FinanceTypes.sol").read_text("utf-8")
TABLE = json.loads(pricing_vectors.TABLE.read_text("utf-8"))["rows"]
DECIMALS = {1: 6, 1_000: 3, 10_000: 2, 1_000_000: 0}


def test_the_table_is_what_its_formulas_give():
    assert pricing_vectors.TABLE.read_text("utf-8") == pricing_vectors.rendered()


def test_the_table_has_the_edges():
    def seen(field):
        return {int(row[field]) for row in TABLE}

    assert len(TABLE) >= 300
    assert {0, 1, 2**80 - 1} <= seen("value")
    assert {0, 10_000_000} <= seen("rate")
    assert {0, MOST_DAYS} <= seen("days")
    assert {1, 10_000} <= seen("granule")
    assert {0, 1} == seen("round_up") == seen("day_count")
    assert {1, 2} == seen("quotation")


def test_the_client_agrees_with_the_table():
    for row in TABLE:
        quote = RateQuote(
            Rate(row["rate"]), Quotation(row["quotation"]), DayCount(row["day_count"])
        )
        found = price_at(
            Money(int(row["value"]), "EUR"),
            quote,
            days=row["days"],
            decimals=DECIMALS[row["granule"]],
            rounding=Rounding.UP if row["round_up"] else Rounding.DOWN,
        )
        assert found == Money(int(row["price"]), "EUR"), row


@pytest.mark.parametrize("kind", [Side, Scope, Quotation, DayCount, OfferStatus, LoanStatus])
def test_numbers_of_kinds_are_those_of_the_contracts(kind):
    body = re.search(rf"^enum {kind.__name__} {{(.*?)^}}", TYPES, re.MULTILINE | re.DOTALL)[1]
    names = [name.lower() for name in re.findall(r"^    (\w+),?$", body, re.MULTILINE)]

    assert [it.name.replace("_", "").lower() for it in kind] == names
    assert [it.value for it in kind] == list(range(len(names)))


def test_kinds_are_shown_in_words():
    assert [str(it) for it in (Side.ASK, Scope.OBLIGOR, Quotation.YIELD)] == [
        "ask",
        "obligor",
        "yield",
    ]
    assert [str(it) for it in DayCount] == ["ACT/360", "ACT/365F"]
    assert [str(it) for it in (OfferStatus.OPEN, LoanStatus.REPAID)] == ["open", "repaid"]
