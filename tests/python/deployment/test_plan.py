"""Deployment plans: checked whole, and every complaint names its key."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from duebill.deployment import Role, load_plan, local_plan, parse_plan
from duebill.errors import BadPlan, UnreadablePlan
from duebill.model import GateRules, Stage
from duebill.node_accounts import ADDRESSES

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "deployments" / "example.toml"

SOMEBODY = "0x52908400098527886E0F7030069857D2E4169EE7"
MISSING = object()
USD = {"code": "USD", "decimals": 6}


def example():
    return deepcopy(tomllib.loads(EXAMPLE.read_text("utf-8")))


def changed(path, value):
    """The example with one key changed, or taken away."""
    data = example()
    *outer, last = path.split("/")
    table = data
    for key in outer:
        table = table[key]
    if value is MISSING:
        del table[last]
    else:
        table[last] = value
    return data


def problems(data):
    with pytest.raises(BadPlan) as refused:
        parse_plan(data)
    return dict(refused.value.problems)


def test_the_example_says_what_it_seems_to_say():
    plan = load_plan(EXAMPLE)

    assert plan.chain_id == 11155111
    assert not plan.is_local
    assert plan.delay(Role.ENFORCER) == 36 * 3600
    assert plan.delay(Role.ADMINISTRATOR) == 3600
    assert plan.delay(Role.SUPERVISOR) == 0
    assert [currency.key for currency in plan.currencies] == ["usdc", "cny-bank"]
    suppliers = plan.programmes[1]
    assert suppliers.rules.currency == 2
    assert suppliers.rules.smallest_voucher == Decimal(1000)
    assert suppliers.rules.obligor_limit == Decimal(50_000_000)
    assert suppliers.rules.consent
    assert plan.programmes[0].rules.obligor_limit is None
    assert len(suppliers.readers) == 1
    assert plan.programmes[0].readers == ()
    assert plan.programmes[0].gate is None
    gate = suppliers.gate
    assert (gate.invoices_required, gate.stop_on_overdue) == (True, True)
    assert (gate.total_limit, gate.face_limit) == (Decimal(900_000_000), Decimal(20_000_000))
    assert gate.last_issue == date(2030, 12, 31)
    (requirement,) = gate.requirements
    assert (requirement.kind, requirement.needed) == ("delivery note", 1)
    assert requirement.before is Stage.ACCEPTANCE
    assert len(requirement.verifiers) == 2
    china = plan.programmes[2]
    assert (china.rules.max_tenor_days, china.rules.max_hops) == (90, 5)
    assert china.gate == GateRules(invoices_required=True, stop_on_overdue=True)


def test_the_local_plan_is_the_one_in_the_checkout():
    assert load_plan(ROOT / "deployments" / "local.toml") == local_plan()
    assert local_plan().is_local


def test_nobody_is_planned_to_act_without_a_reason():
    """ERC-7943's own forms carry no reason: their role is nobody's, and no key can name it."""
    assert load_plan(EXAMPLE).holders(Role.STANDARD_ENFORCER, deployer=SOMEBODY) == ()
    assert problems(changed("standard_enforcers", [SOMEBODY])) == {
        "standard_enforcers": "is no key of a plan"
    }


def test_an_enforcer_waits_for_a_day_unless_the_plan_says_otherwise():
    data = changed("delays", MISSING)

    assert parse_plan(data).delay(Role.ENFORCER) == 86_400
    assert local_plan().delay(Role.ENFORCER) == 0
    data["delays"] = {"enforcer": "0s"}
    assert parse_plan(data).delay(Role.ENFORCER) == 0


ASKED = {"kind": "invoice", "before": "financing", "needed": 1, "verifiers": [SOMEBODY]}
FIRST = "programmes.open.requirements[0]"


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ("name", MISSING, "name"),
        ("name", "../etc", "name"),
        ("chain_id", MISSING, "chain_id"),
        ("chain_id", "1", "chain_id"),
        ("chain_id", True, "chain_id"),
        ("chain_id", 0, "chain_id"),
        ("admins", [], "admins"),
        ("admins", SOMEBODY, "admins"),
        ("admins", ["0x1234"], "admins[0]"),
        ("admins", [SOMEBODY, 7], "admins[1]"),
        ("admins", [SOMEBODY, SOMEBODY.lower()], "admins"),
        ("admins", ["0x" + "0" * 40], "admins[0]"),
        ("admins", ["0xde709f2102306220921060314715629080e2fB77"], "admins[0]"),
        ("admin", [SOMEBODY], "admin"),
        ("registrars", [SOMEBODY], "registrars"),
        ("registrars", ["deployer"], "registrars"),
        ("supervisors", [ADDRESSES[3]], "supervisors"),
        ("consortium", [SOMEBODY], "consortium"),
        ("registry", [SOMEBODY], "registry"),
        ("registry/address", "0x12", "registry.address"),
        ("registry/registrants", ["deployer"], "registry.registrants"),
        ("registry/registrants", [ADDRESSES[5]], "registry.registrants"),
        ("registry/registrants", [SOMEBODY, SOMEBODY], "registry.registrants"),
        ("registry/keys", "0x12", "registry.keys"),
        ("delays/enforcer", "2 days", "delays.enforcer"),
        ("delays/enforcer", "366d", "delays.enforcer"),
        ("delays/enforcer", 3600, "delays.enforcer"),
        ("delays/nobody", "1h", "delays.nobody"),
        ("delays", [], "delays"),
        ("currencies/usdc/code", "usd", "currencies.usdc.code"),
        ("currencies/usdc/decimals", 37, "currencies.usdc.decimals"),
        ("currencies/usdc/decimals", MISSING, "currencies.usdc.decimals"),
        ("currencies/usdc/token", "0xzz", "currencies.usdc.token"),
        ("currencies/usdc/token", MISSING, "currencies.usdc"),
        ("currencies/usdc/paying_agent", SOMEBODY, "currencies.usdc"),
        ("currencies/cny-bank/paying_agent", ADDRESSES[0], "currencies.cny-bank.paying_agent"),
        ("currencies/usdc/symbol", "USDC", "currencies.usdc.symbol"),
        ("currencies/usdc", 6, "currencies.usdc"),
        ("currencies/us dollar", {**USD, "token": SOMEBODY}, "currencies.us dollar"),
        ("programmes/open/max_tenor_days", 0, "programmes.open.max_tenor_days"),
        ("programmes/open/max_tenor_days", 65536, "programmes.open.max_tenor_days"),
        ("programmes/open/acceptance_days", 0, "programmes.open.acceptance_days"),
        ("programmes/open/grace_days", -1, "programmes.open.grace_days"),
        ("programmes/open/grace_days", 1.5, "programmes.open.grace_days"),
        ("programmes/open/max_hops", 256, "programmes.open.max_hops"),
        ("programmes/open/max_splits", 2**32, "programmes.open.max_splits"),
        ("programmes/open/smallest_voucher", MISSING, "programmes.open.smallest_voucher"),
        ("programmes/open/smallest_voucher", "0", "programmes.open.smallest_voucher"),
        ("programmes/open/obligor_limit", "5.00", "programmes.open.obligor_limit"),
        ("programmes/open/attestations", 1, "programmes.open.attestations"),
        ("programmes/open/consent", "yes", "programmes.open.consent"),
        ("programmes/open/gate", "0x12", "programmes.open.gate"),
        ("programmes/open/currency", "eur", "programmes.open.currency"),
        ("programmes/cny-suppliers/gate", SOMEBODY, "programmes.cny-suppliers.gate"),
        ("programmes/open/invoices_required", "yes", "programmes.open.invoices_required"),
        ("programmes/open/total_limit", "5.00", "programmes.open.total_limit"),
        ("programmes/open/face_limit", "5.00", "programmes.open.face_limit"),
        ("programmes/cny-suppliers/face_limit", "0.001", "programmes.cny-suppliers.face_limit"),
        ("programmes/open/last_issue", "2030-12-31", "programmes.open.last_issue"),
        ("programmes/open/last_issue", date(2150, 1, 1), "programmes.open.last_issue"),
        ("programmes/open/stop_on_overdue", 1, "programmes.open.stop_on_overdue"),
        ("programmes/open/requirements", {}, "programmes.open.requirements"),
        ("programmes/open/requirements", [ASKED] * 9, "programmes.open.requirements"),
        ("programmes/open/requirements", [{**ASKED, "kind": "x" * 33}], f"{FIRST}.kind"),
        ("programmes/open/requirements", [{**ASKED, "kind": "发票"}], f"{FIRST}.kind"),
        ("programmes/open/requirements", [{**ASKED, "kind": " invoice"}], f"{FIRST}.kind"),
        ("programmes/open/requirements", [{**ASKED, "kind": 7}], f"{FIRST}.kind"),
        ("programmes/open/requirements", [{**ASKED, "before": "issue"}], f"{FIRST}.before"),
        ("programmes/open/requirements", [{**ASKED, "needed": 2}], f"{FIRST}.needed"),
        ("programmes/open/requirements", [{**ASKED, "needed": 0}], f"{FIRST}.needed"),
        ("programmes/open/requirements", [{**ASKED, "verifiers": []}], f"{FIRST}.verifiers"),
        ("programmes/open/requirements", [{**ASKED, "by": 1}], f"{FIRST}.by"),
        (
            "programmes/open/requirements",
            [{**ASKED, "verifiers": [ADDRESSES[1]]}],
            f"{FIRST}.verifiers",
        ),
        ("programmes/china/preset", "china-2024", "programmes.china.preset"),
        ("programmes/china/preset", 7, "programmes.china.preset"),
        ("programmes/china/max_hops", 6, "programmes.china.max_hops"),
        (
            "programmes/cny-suppliers/smallest_voucher",
            "1000.005",
            "programmes.cny-suppliers.smallest_voucher",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_key(path, value, key):
    found = problems(changed(path, value))

    assert list(found) == [key]
    assert found[key]


@pytest.mark.parametrize(
    "amount", [100, 100.0, "1e3", "1,000.00", " 1", "-1.00", "NaN", "1.0000001", "9" * 30, ""]
)
def test_threat_56_amounts_are_exact_decimals_in_quotes(amount):
    data = changed("programmes/open/smallest_voucher", amount)

    assert list(problems(data)) == ["programmes.open.smallest_voucher"]


def test_all_problems_are_told_at_once():
    data = changed("name", MISSING)
    data["chain_id"] = -1
    data["programmes"]["open"]["max_hops"] = 1000

    assert list(problems(data)) == ["name", "chain_id", "programmes.open.max_hops"]


def test_a_registry_that_others_run_has_its_own_consortium():
    """Who admits and who is admitted there is not for this plan to say."""
    data = changed("registry/address", SOMEBODY)

    assert list(problems(data)) == ["registry.registrants", "consortium"]
    del data["registry"]["registrants"], data["consortium"]
    assert parse_plan(data).registry == SOMEBODY


def test_a_test_currency_is_refused_on_other_chains():
    data = changed("currencies/usdc", {**USD, "test": True})

    assert list(problems(data)) == ["currencies.usdc.test"]
    data["chain_id"] = 31337
    assert parse_plan(data).currencies[0].test


def test_threat_36_no_account_holds_two_roles_on_a_public_chain():
    data = example()
    data["enforcers"] = data["supervisors"]

    assert list(problems(data)) == ["enforcers"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name = ", "Invalid value"),
        (b"\xff\xfe", "utf-8"),
        (b"#" * 1_000_001, "larger"),
    ],
)
def test_a_file_that_is_no_toml_is_refused(tmp_path, content, reason):
    path = tmp_path / "plan.toml"
    path.write_bytes(content)

    with pytest.raises(UnreadablePlan) as refused:
        load_plan(path)
    assert reason in refused.value.reason


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadablePlan) as refused:
        load_plan(tmp_path / "none.toml")
    assert refused.value.path == str(tmp_path / "none.toml")
