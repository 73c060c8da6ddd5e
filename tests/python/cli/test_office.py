"""`duebill party`, `programme`, `currency`, `deploy`."""

from __future__ import annotations

import json

import pytest

from duebill.node_accounts import ADDRESSES

STRANGER = "dev6"


def test_verify_and_revoke(on_chain):
    """A registrar says until when."""
    assert on_chain.data("party", "show", STRANGER)["verified"] is False
    told = on_chain.data("party", "verify", STRANGER, "--until", "2099-12-31", "-a", "dev0")
    assert told["party"] == ADDRESSES[6]
    assert told["verified_until"] == "2099-12-31T23:59:59+00:00"
    assert on_chain.data("party", "show", STRANGER)["verified"] is True
    on_chain.data("party", "verify", STRANGER, "--revoke", "-a", "dev0")
    assert on_chain.data("party", "show", STRANGER)["verified"] is False


def test_only_a_registrar_verifies(on_chain):
    """Nobody verifies itself."""
    error = on_chain.error("party", "verify", STRANGER, "-a", STRANGER, code=1)
    assert error["type"].startswith("AccessManaged")


def test_an_identifier_is_hashed_under_a_key_of_the_registrars(on_chain):
    """The chain shows nothing that can be guessed; the same identifier gives the same hash."""
    lei = "984500AURM0T0RAG2644"
    words = ("party", "verify", STRANGER, "--identifier", lei, "-a", "dev0")
    first, second = (on_chain.data(*words)["identifier"] for _ in range(2))
    assert first == second
    assert on_chain.data("party", "show", STRANGER)["identifier"] == first
    key = on_chain.home / "registry.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    assert on_chain.data(*words)["identifier"] != first


def test_a_registry_key_that_is_damaged(on_chain):
    """It is not replaced: hashes under it stand on the chain."""
    (on_chain.home / "registry.key").write_text("zz")
    words = ("party", "verify", STRANGER, "--identifier", "984500AURM0T0RAG2644", "-a", "dev0")
    assert on_chain.error(*words, code=3)["type"] == "FileRefused"


def test_freeze_and_lift(on_chain):
    """The supervisor's word, with a reason on record."""
    told = on_chain.data("party", "freeze", "dev3", "--reason", "order 7", "-a", "dev0")
    assert told["frozen_until"].startswith("9999")
    assert on_chain.data("party", "show", "dev3")["frozen"] is True
    on_chain.data("party", "freeze", "dev3", "--lift", "-a", "dev0")
    assert on_chain.data("party", "show", "dev3")["frozen"] is False


def test_parties(on_chain):
    """Everyone who was ever verified: the exchange and the two books before all others."""
    rows = on_chain.data("party", "list")
    assert [row["address"] for row in rows[3:]] == list(ADDRESSES[1:6])
    assert [row["custodian"] for row in rows] == [True] * 3 + [False] * 5
    assert on_chain.ok("party", "list").splitlines()[0].split() == [
        "Party",
        "Verified",
        "Frozen",
        "Vouchers",
    ]


def test_programmes(on_chain):
    """A programme is created once and shown as it was created."""
    words = ("--max-tenor-days", "90", "--obligor-limit", "1000000", "--currency", "EUR")
    told = on_chain.data("programme", "create", *words, "--smallest-voucher", "0.01", "-a", "dev0")
    shown = on_chain.data("programme", "show", str(told["programme"]))
    assert shown["number"] == told["programme"] == 3
    assert shown["open"] is True
    assert shown["max_tenor_days"] == 90
    assert shown["obligor_limit"] == "1000000.00"
    assert shown["smallest_voucher"] == "0.01"
    assert shown["currency"] == 1
    assert len(on_chain.data("programme", "list")) == 3
    assert "1000000" in on_chain.ok("programme", "show", "3")


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        (("--smallest-voucher", "1e3"), "AmountNotPlain", 2),
        (("--obligor-limit", "5"), "ProgrammeInvalid", 1),
        (("--currency", "XYZ"), "NotFound", 1),
        (("--currency", "9"), "CurrencyUnknown", 1),
        (("--currency", "300"), "CurrencyUnknown", 1),
        (("--attestations", "1"), "ProgrammeInvalid", 1),
    ],
)
def test_programmes_that_contradict_themselves(on_chain, words, kind, code):
    """Refused with the rule that is broken; nothing is created."""
    error = on_chain.error("programme", "create", *words, "-a", "dev0", code=code)
    assert error["type"] == kind
    assert len(on_chain.data("programme", "list")) == 2


@pytest.mark.parametrize("number", ["70000", "999999999999", "0", "-1"])
def test_33_numbers_that_no_programme_can_have(on_chain, number):
    """THREATS 33: beyond 16 bits is a usage error, within them it is asked for."""
    assert on_chain.run("programme", "show", "--", number).exit_code == 2
    assert on_chain.error("programme", "show", "65535", code=1)["type"] == "ProgrammeUnknown"


@pytest.mark.parametrize(
    "words",
    [
        ("--max-tenor-days", "65536"),
        ("--acceptance-days", "0"),
        ("--max-hops", "256"),
        ("--max-splits", str(2**32)),
        ("--attestations", "-1"),
        ("--smallest-voucher", str(2**80)),
    ],
)
def test_33_rules_beyond_their_fields(on_chain, words):
    """THREATS 33: nothing is cut off silently."""
    assert on_chain.run("programme", "create", *words, "-a", "dev0").exit_code == 2
    assert len(on_chain.data("programme", "list")) == 2


def test_currencies(on_chain):
    """With what each is paid in."""
    rows = on_chain.data("currency", "list")
    assert [(row["number"], row["code"]) for row in rows] == [(1, "EUR"), (2, "CNY"), (3, "USD")]
    assert set(rows[0]) == {"number", "code", "decimals", "open", "token", "paying_agent"}


def test_balances(on_chain):
    """Test money is made and shown exactly."""
    told = on_chain.data("currency", "mint", "CNY", STRANGER, "0.01", "-a", STRANGER)
    assert told["simulated"] is False
    rows = {r["currency"]: r["amount"] for r in on_chain.data("currency", "balance", STRANGER)}
    assert rows == {"EUR": "0.00", "CNY": "0.01", "USD": "0.00"}


def test_deploy_again_finds_what_is_there(on_chain):
    """Idempotent, and for programs an object."""
    book = on_chain.data("deploy", "--account", "dev0")
    assert book["complete"] is True
    assert book["path"] == str(on_chain.home / "31337.json")
    assert on_chain.data("deploy", "--check")["ledger"] == book["ledger"]


def test_49_deploy_on_another_chain(on_chain, tmp_path):
    """THREATS 49: refused before anything is signed."""
    plan = tmp_path / "plan.toml"
    plan.write_text('name = "x"\nchain_id = 1337\nadmins = ["deployer"]\n')
    error = on_chain.error("deploy", str(plan), "-a", "dev0", code=4)
    assert (error["expected"], error["found"]) == (1337, 31337)


def test_plans_that_are_none(on_chain, tmp_path):
    """Exit code 3, every problem with its key."""
    assert on_chain.error("deploy", "none.toml", "-a", "dev0", code=3)["type"] == "UnreadablePlan"
    plan = tmp_path / "plan.toml"
    plan.write_text('name = "x"\nchain_id = 31337\nadmins = ["0x1"]\nnothing = 1\n')
    error = on_chain.error("deploy", str(plan), "-a", "dev0", code=3)
    assert error["type"] == "BadPlan"
    assert {key for key, _ in error["problems"]} == {"admins[0]", "nothing"}


def test_51_other_code_at_the_ledgers_address(on_chain):
    """THREATS 51: an address book that points elsewhere is refused."""
    path = on_chain.home / "31337.json"
    book = json.loads(path.read_text())
    book["contracts"]["ReceivableLedger"]["address"] = ADDRESSES[9]
    path.write_text(json.dumps(book))
    assert on_chain.error("receivable", "list", code=4)["type"] == "CodeDiffers"


def test_a_damaged_address_book(on_chain):
    """Refused, not guessed at."""
    (on_chain.home / "31337.json").write_text("{")
    assert on_chain.error("receivable", "list", code=4)["type"] == "BadAddressBook"
