"""The doctor finds what stands in the way of sending, and says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from duebill.doctor import State, examine
from duebill.errors import DuebillError
from duebill.model import Money
from duebill.node_accounts import ADDRESSES


@pytest.fixture(autouse=True)
def _book(deployed, tmp_path, monkeypatch):
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path))
    deployed.save(folder=tmp_path)


def found(url, check, *, account=None):
    return [it for it in examine(url, account=account) if it.check == check]


def states(url, check, *, account=None):
    return [it.state for it in found(url, check, account=account)]


def test_a_sound_account_has_no_fault_and_no_warning(anvil, signers):
    findings = list(examine(anvil.url, account=signers.supplier.address))
    assert {it.state for it in findings} <= {State.OK, State.NOTE}
    checks = {"node", "clock", "deployment", "pause", "ether", "party", "waiting", "allowances"}
    assert checks < {it.check for it in findings}


def test_without_an_account_its_checks_are_left_out(anvil):
    checks = {it.check for it in examine(anvil.url)}
    assert not checks & {"ether", "party", "waiting", "allowances"}
    assert "deployment" in checks


def test_a_node_that_does_not_answer_ends_it():
    (finding,) = examine("http://127.0.0.1:1", account=ADDRESSES[0])
    assert (finding.check, finding.state) == ("node", State.FAULT)
    assert finding.advice


def test_a_missing_address_book_ends_it(anvil, tmp_path, monkeypatch):
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path / "elsewhere"))
    *_, last = examine(anvil.url, account=ADDRESSES[0])
    assert (last.check, last.state) == ("deployment", State.FAULT)


def test_threat_51_other_code_is_a_fault(anvil, deployed):
    anvil.rpc("anvil_setCode", deployed.ledger, "0x6001")
    *_, last = examine(anvil.url)
    assert (last.check, last.state) == ("deployment", State.FAULT)
    assert "code" in last.words


def test_a_book_of_another_deployment_is_a_fault(anvil, deployed, tmp_path):
    replace(deployed, name="another").save(folder=tmp_path)
    *_, last = examine(anvil.url)
    assert (last.check, last.state) == ("deployment", State.FAULT)


def test_an_account_without_ether_cannot_send(anvil, signers):
    who = signers.supplier.address
    anvil.rpc("anvil_setBalance", who, "0x0")
    assert states(anvil.url, "ether", account=who) == [State.FAULT]
    base_fee = int(anvil.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"], 16)
    anvil.rpc("anvil_setBalance", who, hex(250_000 * base_fee * 3))
    (finding,) = found(anvil.url, "ether", account=who)
    assert finding.state is State.WARNING
    assert "about 3 calls" in finding.words


def test_a_verification_that_is_over_or_ends_soon_is_told(anvil, ledger, signers):
    who, registrar = signers.supplier.address, ledger.registrar(signers.deployer)
    registrar.verify(who, until=ledger.time() + timedelta(days=3)).wait()
    assert State.WARNING in states(anvil.url, "party", account=who)
    anvil.travel(days=4)
    (told, _) = found(anvil.url, "party", account=who)
    assert told.state is State.WARNING
    assert "ended on" in told.words


def test_a_frozen_account_is_at_fault(anvil, ledger, signers):
    who = signers.supplier.address
    ledger.supervisor(signers.deployer).freeze_party(
        who, until=ledger.time() + timedelta(days=1)
    ).wait()
    assert State.FAULT in states(anvil.url, "party", account=who)


def test_a_pause_is_told(anvil, ledger, signers):
    assert states(anvil.url, "pause") == [State.OK]
    ledger.supervisor(signers.deployer).pause(until=ledger.time() + timedelta(days=1)).wait()
    assert states(anvil.url, "pause") == [State.WARNING]


def test_waiting_transactions_are_counted(anvil, ledger, signers):
    anvil.rpc("evm_setAutomine", False)
    try:
        supplier = ledger.supplier(signers.supplier)
        supplier.set_consent(signers.financier.address)
        supplier.set_consent(signers.obligor.address)
        (finding,) = found(anvil.url, "waiting", account=supplier.address)
        assert finding.words.startswith("2 of its transactions wait")
    finally:
        anvil.rpc("evm_setAutomine", True)


def test_an_allowance_that_is_left_is_told(anvil, ledger, signers):
    who = signers.obligor.address
    assert states(anvil.url, "allowances", account=who) == [State.OK]
    currency = ledger.currency("EUR")
    for action in ledger.obligor(signers.obligor)._desk.allowing(
        currency.number, 5_000_000, owner=who
    ):
        ledger._desk.chain.submit(action, signer=signers.obligor).wait()
    assert ledger.allowance(who, "EUR", spender=ledger.address) == Money(5_000_000, "EUR")
    (finding,) = found(anvil.url, "allowances", account=who)
    assert finding.state is State.NOTE
    assert "5.00 EUR" in finding.words


class FarClock:
    """A chain elsewhere, whose latest block has this time."""

    def __init__(self, moment):
        self.expected = 1
        self._moment = moment

    def block(self):
        return type("Block", (), {"time": int(self._moment.timestamp())})


@pytest.mark.parametrize(
    ("offset", "state"),
    [(timedelta(0), "ok"), (timedelta(minutes=-9), "warning"), (timedelta(minutes=2), "warning")],
)
def test_threat_67_a_clock_that_differs_from_the_chains_is_told(offset, state):
    from duebill.doctor import _clock, _Patient  # noqa: PLC0415 - the check alone

    patient = _Patient("http://127.0.0.1:1", None)
    patient.__dict__["chain"] = FarClock(datetime.now(UTC) + offset)
    ((told, words, _),) = _clock(patient)
    assert told == state
    assert "chain's time" in words


def test_every_finding_that_is_amiss_has_advice(anvil, signers):
    anvil.rpc("anvil_setBalance", signers.supplier.address, "0x0")
    for finding in examine(anvil.url, account=signers.supplier.address):
        if finding.state in {State.WARNING, State.FAULT}:
            assert finding.advice.endswith((".", "?"))


def test_a_bad_address_is_refused_at_once(anvil):
    with pytest.raises(DuebillError):
        list(examine(anvil.url, account="0x12"))
