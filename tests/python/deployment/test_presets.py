"""Presets of programmes: what a plan may change of them, and that each can be deployed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from local_chain import plan_data

from duebill import connect, deployment, presets
from duebill.errors import BadPlan
from duebill.model import GateRules


def planned(preset, **beside):
    """A plan with one programme of a preset."""
    return deployment.parse_plan(plan_data(programmes={"it": {"preset": preset, **beside}}))


def refused(preset, **beside):
    with pytest.raises(BadPlan) as error:
        planned(preset, **beside)
    return [key.removeprefix("programmes.it.") for key, _ in error.value.problems]


CAPS = {"currency": "eur", "last_issue": date(2027, 6, 30)}


def test_the_names_are_those_of_the_files():
    assert [preset.name for preset in presets.every()] == list(presets.NAMES)
    with pytest.raises(LookupError):
        presets.load("../open")


def test_china_2025_keeps_to_the_notice():
    """Article 11: in principle six months, a year at most; article 15: no new ones for who owes."""
    (it,) = planned("china-2025").programmes
    assert it.rules.max_tenor_days == 181
    assert (it.rules.stop_on_default, it.rules.consent) == (True, True)
    assert it.gate == GateRules(invoices_required=True, stop_on_overdue=True)

    (longer,) = planned("china-2025", max_tenor_days=365).programmes
    assert longer.rules.max_tenor_days == 365
    assert refused("china-2025", max_tenor_days=366) == ["max_tenor_days"]


def test_a_trial_is_capped_and_ends():
    """The plan has to say in which currency and until when."""
    assert refused("sandbox")[:2] == ["currency", "last_issue"]
    (it,) = planned("sandbox", **CAPS).programmes
    assert it.rules.obligor_limit == Decimal(1_000_000)
    assert it.gate.total_limit == Decimal(5_000_000)
    assert it.gate.face_limit == Decimal(200_000)
    assert it.gate.last_issue == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("key", "stricter", "wider"),
    [
        ("max_tenor_days", 30, 91),
        ("acceptance_days", 5, 11),
        ("grace_days", 0, 4),
        ("max_hops", 0, 5),
        ("max_splits", 1, 101),
        ("smallest_voucher", "100.01", "99.99"),
        ("obligor_limit", "999999.99", "1000000.01"),
        ("total_limit", "1", "5000000.01"),
        ("face_limit", "1", "200000.01"),
        ("consent", True, False),
        ("stop_on_default", True, False),
        ("stop_on_overdue", True, False),
        ("invoices_required", True, False),
    ],
)
def test_what_stands_beside_a_preset_is_only_stricter(key, stricter, wider):
    """Each key of a preset, on both sides of its bound; the bound itself is allowed."""
    assert refused("sandbox", **{**CAPS, key: wider}) == [key]
    planned("sandbox", **{**CAPS, key: stricter})
    planned("sandbox", **{**CAPS, key: presets.load("sandbox").rules[key]})


def test_every_key_of_a_preset_has_a_strict_side():
    """A key that is added to a preset has to be added to the test above."""
    known = {mark.args[1][i][0] for mark in _marks() for i in range(len(mark.args[1]))}
    for preset in presets.every():
        assert set(preset.rules) <= known, preset.name
        assert set(preset.widest) <= set(preset.rules)


@pytest.mark.parametrize("key", ["obligor_limit", "total_limit", "face_limit"])
def test_a_limit_of_a_preset_cannot_be_emptied(key):
    """Zero is no limit at all, and what is no amount is none either."""
    for value in ("0", "0.00", [], "", "many", "NaN", {}, 1.5):
        assert key in refused("sandbox", **{**CAPS, key: value}), value
    (it,) = planned("sandbox", **{**CAPS, key: None}).programmes
    assert it == planned("sandbox", **CAPS).programmes[0]
    assert "last_issue" in refused("sandbox", **{**CAPS, "last_issue": "2027-06-30"})


def test_each_preset_stands_on_a_chain_with_the_gate_that_it_needs(local):
    """The gate says the rules of the plan, is the programme's, and a second run finds it."""
    programmes = {
        "china": {"preset": "china-2025"},
        "open": {"preset": "open"},
        "trial": {"preset": "sandbox", **CAPS},
    }
    plan = deployment.parse_plan(plan_data(programmes=programmes))
    book = local.deploy(plan)
    ledger = connect(local.url, deployment=book)

    assert {name for name in book.contracts if name.endswith(".gate")} == {
        "programmes.china.gate",
        "programmes.trial.gate",
    }
    for number, it in enumerate(plan.programmes, start=1):
        assert ledger.gate_rules(number) == it.gate
        gate = book.contracts.get(f"programmes.{it.key}.gate")
        assert ledger.programme(number).rules.gate == (gate.address if gate else None)
    local.verify(book)
    assert local.deploy(plan) == book


def _marks():
    test = test_what_stands_beside_a_preset_is_only_stricter
    return [mark for mark in test.pytestmark if mark.name == "parametrize"]
