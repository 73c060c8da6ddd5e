"""`--wallet` and `--as-call`: contract wallets on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from wallets import put_wallet

from duebill import samples
from duebill.node_accounts import ADDRESSES

INVOICE = str(Path(samples.__file__).parent / "brake-systems-eur-ubl.xml")


@pytest.fixture
def wallet(on_chain, anvil, wallet_code):
    """A verified buyer that is a contract; dev7 is its owner."""
    at = put_wallet(anvil.url, wallet_code, owner=ADDRESSES[7], payer=ADDRESSES[0])
    on_chain.data("party", "verify", at, "-a", "dev0")
    return at


@pytest.fixture
def owed(scene, wallet):
    """A receivable that waits for the wallet's acceptance."""
    return scene.issued(obligor=wallet)


def test_a_wallet_acts_by_its_owners_account(on_chain, wallet, owed):
    """Named by an option, or once for all by the environment."""
    on_chain.data("currency", "mint", "EUR", wallet, "1000.00", "-a", "dev7")
    on_chain.data("receivable", "accept", owed, "--wallet", wallet, "-a", "dev7")
    on_chain.data("receivable", "pay", owed, "-a", "dev7", DUEBILL_WALLET=wallet)

    shown = on_chain.data("receivable", "show", owed)
    assert (shown["status"], shown["paid"]) == ("settled", "1000.00")


def test_a_wallet_signs_an_acceptance_by_its_owners_account(on_chain, wallet, owed, tmp_path):
    file = str(tmp_path / "acceptance.json")
    on_chain.ok(
        "receivable", "sign", owed, "--out", file, "--wallet", wallet, "-a", "dev7", "--yes"
    )

    on_chain.data("receivable", "accept", "--signature", file, "-a", "dev2")

    assert on_chain.data("receivable", "show", owed)["status"] == "accepted"


def test_calls_are_printed_for_a_wallets_own_tool(on_chain, wallet, owed):
    """EIP-5792; no account is needed, and nothing is sent."""
    on_chain.data("currency", "mint", "EUR", wallet, "1000.00", "-a", "dev7")
    asked = on_chain.data("receivable", "accept", owed, "--wallet", wallet, "--as-call")

    assert set(asked) == {"version", "from", "chainId", "atomicRequired", "calls"}
    assert (asked["version"], asked["from"], asked["chainId"]) == ("2.0.0", wallet, "0x7a69")
    (call,) = asked["calls"]
    assert set(call) == {"to", "value", "data"}
    assert on_chain.data("receivable", "show", owed)["status"] == "issued"


def test_what_would_be_refused_is_not_proposed(on_chain, wallet, scene):
    of_another = scene.issued()
    error = on_chain.error(
        "receivable", "accept", of_another, "--wallet", wallet, "--as-call", code=1
    )
    assert error["type"] == "CallerNotEntitled"


def test_a_proposed_receivable_keeps_its_dossier(on_chain, wallet):
    """It may be issued later, and its secret key is nowhere else."""
    words = ("receivable", "issue", "--invoice", INVOICE, "--buyer", "dev1")
    result = on_chain.run(*words, "--wallet", wallet, "--as-call")

    assert result.exit_code == 0, result.stderr
    (dossier,) = (on_chain.home / "documents").iterdir()
    assert str(dossier) in result.stderr
    assert "documents_root" in dossier.read_text()


def test_a_command_that_calls_nothing_says_so(on_chain, wallet, owed):
    result = on_chain.run("receivable", "sign", owed, "--wallet", wallet, "--as-call")

    assert result.exit_code == 2
    assert "no call" in result.stderr


def test_the_vouchers_of_a_lost_key_are_proposed_to_an_enforcers_wallet(on_chain, scene):
    """Several calls in order, with the enforcer a contract."""
    scene.accepted()
    lei = "lei:984500AURM0T0RAG2644"
    on_chain.data("party", "verify", "dev2", "--identifier", lei, "-a", "dev0")
    rotating = on_chain.data("party", "rotate", "dev2", "dev7", "--as-call", "-a", "dev0")
    on_chain.data("party", "rotate", "dev2", "dev7", "-a", "dev0")
    words = ("party", "move", "dev2", "dev7", "--reason", "lost", "--as-call", "-a", "dev0")

    moving = on_chain.data(*words)

    assert len(rotating["calls"]) == len(moving["calls"]) == 1
    assert on_chain.data("voucher", "list", "--holder", "dev7") == []


def test_an_address_that_is_no_wallet(on_chain, owed):
    error = on_chain.error(
        "receivable", "accept", owed, "--wallet", "dev8", "-a", "dev7", "--yes", code=5
    )
    assert error["type"] == "WalletUnsupported"
