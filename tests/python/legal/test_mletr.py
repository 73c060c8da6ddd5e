"""UNCITRAL Model Law on Electronic Transferable Records (2017), rule by rule.

Each test shows what the system does where the rule asks for something. docs/legal-fit.md says what
that leaves open.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from duebill.errors import (
    AlreadyIssued,
    CodeDiffers,
    ERC721InsufficientApproval,
    InsufficientAllowance,
    NotFound,
    SignatureInvalid,
    WrongStatus,
)
from duebill.identifiers import Identifier
from duebill.model import ZERO_HASH, Status
from duebill.signing import Acceptance

KEY = bytes(range(32))


# -- chapter II: functional equivalence -------------------------------------------------------


def test_mletr_08_what_it_says_is_accessible_for_subsequent_reference(trade):
    """Art. 8: information "accessible so as to be usable for subsequent reference"."""
    receivable = trade.owed()
    said = trade.ledger.terms(receivable)
    trade.scene.pay(receivable)
    trade.supplier.redeem(receivable.voucher(1)).wait()

    assert trade.ledger.receivable(receivable).status is Status.SETTLED
    assert trade.ledger.terms(receivable) == said


def test_mletr_09_a_signature_identifies_the_obligor_and_shows_its_intention(trade):
    """Art. 9: a method "to identify that person and to indicate that person's intention"."""
    receivable = trade.scene.issued()
    shown = []

    signed = trade.buyer.sign_acceptance(
        receivable, review=lambda words: shown.append(words) or True
    )

    assert signed.made_by(signed.signature) == trade.buyer.address
    assert f"I, {trade.buyer.address}, owe" in shown[0]
    assert "1000.00 EUR" in shown[0]
    trade.stranger.submit_acceptance(signed).wait()
    assert trade.ledger.receivable(receivable).status is Status.ACCEPTED


def test_mletr_09_nobody_signs_for_another(trade):
    """Art. 9, the other side: a signature of somebody else binds nobody."""
    terms = trade.ledger.terms(trade.scene.issued())
    forged = Acceptance(
        terms=terms,
        deadline=trade.ledger.time().replace(year=2099),
        chain_id=trade.ledger.chain_id,
        ledger=trade.ledger.address,
    ).sign(trade.signers.supplier)

    with pytest.raises(SignatureInvalid):
        trade.supplier.submit_acceptance(forged)


def test_mletr_10_1_a_it_contains_what_such_a_document_contains(trade, eur):
    """Art. 10(1)(a): "the information that would be required" on paper."""
    terms = trade.ledger.terms(trade.owed())

    assert (terms.obligor, terms.creditor) == (trade.buyer.address, trade.supplier.address)
    assert terms.face == eur("1000.00")
    assert terms.due_date > trade.ledger.time().date()
    assert terms.reference_hash != ZERO_HASH


def test_mletr_10_1_b_i_there_is_one_record_and_no_second(trade):
    """Art. 10(1)(b)(i): "to identify that electronic record as the electronic transferable record"."""
    receivable = trade.owed()
    terms = trade.ledger.terms(receivable)

    assert terms.id == receivable
    with pytest.raises(AlreadyIssued):
        trade.supplier.issue(terms)
    assert [it.id for it in trade.ledger.receivables(obligor=trade.buyer.address)] == [receivable]


def test_mletr_10_1_b_ii_it_can_be_controlled_from_creation_until_it_ceases(trade):
    """Art. 10(1)(b)(ii): "from its creation until it ceases to have any effect or validity"."""
    receivable = trade.scene.issued()
    voucher = receivable.voucher(1)
    assert trade.ledger.voucher(voucher).holder == trade.supplier.address
    trade.buyer.accept(receivable).wait()
    trade.supplier.transfer(voucher, trade.bank.address).wait()
    assert trade.ledger.voucher(voucher).holder == trade.bank.address
    trade.scene.pay(receivable)

    trade.bank.redeem(voucher).wait()

    with pytest.raises(NotFound):
        trade.ledger.voucher(voucher)


def test_mletr_10_1_b_iii_it_remains_complete_and_unaltered(trade):
    """Art. 10(1)(b)(iii) and (2): "retain the integrity"; "complete and unaltered"."""
    receivable = trade.owed()
    said = trade.ledger.terms(receivable)
    (part,) = trade.scene.split(receivable, financier="400.00")
    trade.bank.transfer(part, trade.stranger.address).wait()

    assert trade.ledger.terms(receivable) == said
    assert trade.ledger.terms(receivable).id == receivable
    assert trade.ledger.check_invariants().holds


@pytest.mark.parametrize("what", ["obligor", "creditor", "face", "due_date", "documents_root"])
def test_mletr_10_2_whatever_is_altered_is_another_record(trade, eur, what):
    """Art. 10(2): an alteration shows, because the id is the hash of what is said."""
    terms = trade.ledger.terms(trade.owed())
    altered = {
        "obligor": trade.stranger.address,
        "creditor": trade.stranger.address,
        "face": eur("1000.01"),
        "due_date": terms.due_date.replace(year=2099),
        "documents_root": "0x" + "11" * 32,
    }

    with pytest.raises(NotFound):
        trade.ledger.receivable(replace(terms, **{what: altered[what]}).id)


def test_mletr_11_1_a_one_person_has_control_and_nobody_else(trade):
    """Art. 11(1)(a): "exclusive control of that electronic transferable record by a person"."""
    voucher = trade.sold()

    for other in (trade.supplier, trade.stranger, trade.ledger.supplier(trade.signers.obligor)):
        with pytest.raises(ERC721InsufficientApproval):
            other.transfer(voucher, other.address)
        with pytest.raises(InsufficientAllowance):
            other.transfer(voucher, other.address, value="1.00")
    assert trade.ledger.voucher(voucher).holder == trade.bank.address


def test_mletr_11_1_b_the_person_in_control_is_identified(trade):
    """Art. 11(1)(b): "to identify that person as the person in control"."""
    holder = trade.ledger.voucher(trade.owed().voucher(1)).holder

    company = Identifier.parse("984500AURM0T0RAG2644").keyed_hash(KEY)

    assert trade.ledger.party(holder).is_verified(trade.ledger.time())
    assert [it.address for it in trade.ledger.parties(identifier=company)] == [holder]


def test_mletr_11_2_possession_goes_over_with_control(trade):
    """Art. 11(2): a transfer of possession "through the transfer of control"."""
    voucher = trade.owed().voucher(1)

    trade.supplier.transfer(voucher, trade.bank.address).wait()

    assert trade.ledger.voucher(voucher).holder == trade.bank.address
    assert trade.supplier.address not in {it.holder for it in trade.ledger.vouchers()}
    trade.bank.transfer(voucher, trade.stranger.address).wait()


def test_mletr_12_the_system_is_proven_in_fact(trade):
    """Art. 12(b): a method "proven in fact to have fulfilled the function"."""
    voucher = trade.sold()
    alive = trade.ledger.check_invariants()
    trade.scene.pay(voucher.receivable)
    trade.bank.redeem(voucher).wait()
    over = trade.ledger.check_invariants()

    assert alive.holds
    assert over.holds
    assert {1, 2, 6, 12} <= {check.number for check in alive.checks if check.checked}


def test_mletr_12_other_code_than_the_published_one_is_noticed(trade, anvil):
    """Art. 12(a)(ii), (iv): "assurance of data integrity", "security of hardware and software"."""
    trade.ledger.check_code()
    code = anvil.rpc("eth_getCode", trade.ledger.address, "latest")

    anvil.rpc("anvil_setCode", trade.ledger.address, code[:-2] + "00")

    with pytest.raises(CodeDiffers):
        trade.ledger.check_code()


# -- chapter III: use -------------------------------------------------------------------------


def test_mletr_13_the_time_of_each_act_is_on_record(trade, anvil):
    """Art. 13: "time or place with respect to an electronic transferable record"."""
    voucher, before = trade.owed().voucher(1), trade.ledger.time()

    outcome = trade.supplier.transfer(voucher, trade.bank.address).wait()

    block = anvil.rpc("eth_getBlockByNumber", hex(outcome.block), False)
    assert block["hash"] == outcome.block_hash
    told = datetime.fromtimestamp(int(block["timestamp"], 16), UTC)
    assert before <= told <= trade.ledger.time()
    assert {event.block for event in outcome.events} == {outcome.block}


def test_mletr_15_each_transfer_stands_in_the_chain_of_holders(trade):
    """Art. 15: an endorsement's information "is included in the electronic transferable record"."""
    voucher = trade.sold()
    trade.bank.transfer(voucher, trade.stranger.address).wait()

    holders = trade.ledger.lineage(voucher).holders

    assert holders == (trade.supplier.address, trade.bank.address, trade.stranger.address)


def test_mletr_16_an_amendment_is_a_new_record_and_both_are_known_as_what_they_are(trade, eur):
    """Art. 16: "the amended information is identified as such". Here nothing is amended in place."""
    first = trade.scene.issued()
    terms = trade.ledger.terms(first)
    trade.supplier.cancel(first).wait()

    second = trade.supplier.issue(replace(terms, face=eur("900.00"))).wait().value

    assert second != first
    assert trade.ledger.receivable(first).status is Status.CANCELLED
    assert trade.ledger.terms(first) == terms
    assert trade.ledger.terms(second).face == eur("900.00")


def test_mletr_16_after_acceptance_nobody_takes_it_back(trade):
    """Art. 16, the other side: neither side alone undoes what both agreed."""
    receivable = trade.owed()

    for act in (trade.supplier.cancel, trade.buyer.reject):
        with pytest.raises(WrongStatus):
            act(receivable)
    assert trade.ledger.receivable(receivable).status is Status.ACCEPTED


def test_mletr_18_what_is_replaced_on_paper_ceases_to_have_effect(trade, eur):
    """Art. 18(3): on replacement "the electronic transferable record shall be made inoperative"."""
    receivable = trade.owed()
    voucher = receivable.voucher(1)
    trade.supplier.transfer(voucher, trade.buyer.address).wait()

    trade.buyer.extinguish(voucher).wait()

    assert trade.ledger.receivable(receivable).owed == eur("0.00")
    with pytest.raises(NotFound):
        trade.ledger.voucher(voucher)
