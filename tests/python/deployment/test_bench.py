"""The gas that is committed, and how new figures are held against it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMES = [
    "issue_accepted",
    "accept",
    "transfer_whole",
    "split",
    "split_10_per_recipient",
    "pay",
    "redeem",
    "dvp",
    "guarantee_call",
    "pledge",
    "loan_repay",
    "invoice_register",
    "invoice_use",
    "issue_with_invoices",
    "attest",
    "append_documents",
]
WITHOUT_GOAL = {
    "guarantee_call",
    "pledge",
    "loan_repay",
    "invoice_register",
    "invoice_use",
    "issue_with_invoices",
    "attest",
    "append_documents",
}


@pytest.fixture(scope="module")
def bench():
    return runpy.run_path(str(ROOT / "scripts" / "bench.py"), run_name="bench")


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "gas.json"
    path.write_text(json.dumps({"accept": 100, "pay": {"in_part": 50}}))
    return path


def test_the_committed_file_has_these_figures_and_no_others():
    figures = json.loads((ROOT / "bench" / "gas.json").read_text())

    assert list(figures) == NAMES
    assert all(type(gas) is int and gas > 21_000 for gas in figures.values())


def test_equal_figures_pass(bench, recorded):
    assert bench["changes"]({"accept": 100, "pay": {"in_part": 50}}, recorded) == ([], [])


def test_one_more_unit_of_gas_fails_and_says_by_how_much(bench, recorded):
    worse, better = bench["changes"]({"accept": 101, "pay": {"in_part": 50}}, recorded)

    assert worse == ["accept: 101, 1 more than 100"]
    assert better == []


def test_less_gas_is_told(bench, recorded):
    worse, better = bench["changes"]({"accept": 100, "pay": {"in_part": 20}}, recorded)

    assert worse == []
    assert better == ["pay.in_part: 20, 30 less than 50"]


def test_a_figure_that_came_or_went_fails(bench, recorded):
    worse, _ = bench["changes"]({"accept": 100, "redeem": 1}, recorded)

    assert worse == [
        "pay.in_part is in gas.json, but not measured",
        "redeem is measured, but not in gas.json",
    ]


def test_every_figure_has_a_mark_and_an_operation(bench):
    marks = bench["MARKS"]

    assert list(marks) == list(bench["OPERATIONS"]) == NAMES
    assert bench["EXTRAS"].keys() <= set(NAMES)
    assert {name for name in NAMES if marks[name].goal is None} == WITHOUT_GOAL


def test_the_table_says_whether_a_goal_is_reached(bench):
    assert bench["MARKS"]["split"].goal == 72_000
    assert "missed by 1" in bench["row"]("split", 72_001)
    assert "met" in bench["row"]("split", 72_000)
    assert "no goal" in bench["row"]("pledge", 72_000)


def test_the_same_operations_cost_the_same_on_another_chain(bench):
    """Also those that sign, and those for which days have to pass."""
    names = ("accept", "split", "dvp", "loan_repay")
    gas = []
    for _ in range(2):
        with bench["bench"]() as ready:
            gas.append([bench["OPERATIONS"][name](ready) for name in names])

    assert gas[0] == gas[1]
