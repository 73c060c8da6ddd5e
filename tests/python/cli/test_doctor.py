"""`duebill doctor`: findings, advice, an exit code that a scheduler can rely on."""

from __future__ import annotations


def test_a_sound_account(on_chain):
    printed = on_chain.ok("doctor", "dev2")
    assert "deployment" in printed
    assert "fault" not in printed


def test_programs_get_every_finding(on_chain):
    found = on_chain.data("doctor", "dev2")
    assert {"check", "state", "words", "advice"} == set(found[0])
    assert {it["check"] for it in found} >= {"node", "clock", "deployment", "ether", "party"}


def test_a_fault_is_exit_code_1_and_comes_with_advice(on_chain, anvil, signers):
    anvil.rpc("anvil_setBalance", signers.supplier.address, "0x0")
    result = on_chain.run("doctor", "dev2")
    assert result.exit_code == 1
    assert "ether: Send it ether" in result.stdout


def test_without_an_account_the_node_is_examined(on_chain):
    assert {it["check"] for it in on_chain.data("doctor")} == {
        "node",
        "clock",
        "deployment",
        "pause",
        "packages",
    }


def test_an_account_that_is_not_there_is_refused(on_chain):
    on_chain.error("doctor", "nobody", code=5)
