"""`duebill sponsor`: the whole way on the command line, from calls to a voucher that moved."""

from __future__ import annotations

import pytest


@pytest.fixture
def poor(anvil, signers, scene):
    """A supplier with a voucher and without ether; gives the voucher."""
    voucher = scene.accepted().voucher(1)
    anvil.rpc("anvil_setBalance", signers.supplier.address, "0x0")
    return voucher


PAYING = ("--budget", "10000000", "--account", "dev7", "--yes")


def test_a_voucher_moves_without_ether(on_chain, poor, tmp_path, ledger, signers):
    leave = on_chain.ok("sponsor", "delegate", "--account", "dev2", "--yes").strip()
    on_chain.ok("sponsor", "bring", leave, *PAYING)
    calls = tmp_path / "calls.json"
    calls.write_text(
        on_chain.ok("voucher", "transfer", poor, "dev4", "--wallet", "dev2", "--as-call")
    )
    intent = tmp_path / "intent.json"
    on_chain.ok("sponsor", "sign", str(calls), "--account", "dev2", "--yes", "--out", str(intent))
    assert "The account signed it." in on_chain.ok("sponsor", "show", str(intent))
    told = on_chain.data("sponsor", "bring", str(intent), *PAYING)
    assert told["spent_gwei"] > 0
    assert ledger.voucher(poor).holder == signers.financier.address
    left = on_chain.data("sponsor", "left", "dev2", "--budget", "10000000", "--account", "dev7")
    assert left["spent_gwei"] + left["left_gwei"] in range(10000000 - 1, 10000000 + 1)


def test_a_dry_run_shows_the_words_and_signs_nothing(on_chain, poor):
    del poor
    printed = on_chain.ok("sponsor", "delegate", "--account", "dev2", "--dry-run")
    assert "take the code" in printed
    assert "duebill-delegation-1:" not in printed


def test_a_budget_of_nothing_pays_nothing(on_chain, poor):
    del poor
    leave = on_chain.ok("sponsor", "delegate", "--account", "dev2", "--yes").strip()
    words = ("sponsor", "bring", leave, "--budget", "0", "--account", "dev7", "--yes")
    error = on_chain.error(*words, code=1)
    assert error["type"] == "BudgetExceeded"


def test_calls_of_another_account_are_not_signed(on_chain, poor, tmp_path):
    calls = tmp_path / "calls.json"
    calls.write_text(
        on_chain.ok("voucher", "transfer", poor, "dev4", "--wallet", "dev2", "--as-call")
    )
    words = ("sponsor", "sign", str(calls), "--account", "dev3", "--yes")
    assert "its calls are those of" in on_chain.error(*words, code=3)["message"]
