"""Electronic Trade Documents Act 2023 (UK), section 2(2), condition by condition.

Each test shows what the system does where the condition asks for something. docs/legal-fit.md says
what that leaves open.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from duebill.documents import text_hash
from duebill.errors import (
    AlreadyIssued,
    ERC721InsufficientApproval,
    InsufficientAllowance,
    NotFound,
    RevertError,
)
from duebill.node_accounts import NodeAccount

ORDER = text_hash("judgment 7 O 12/26 of 3 May")


# -- (a) identify -----------------------------------------------------------------------------


def test_etda_2_2_a_it_is_distinguished_from_any_copy(trade):
    """(a) "identify the document so that it can be distinguished from any copies"."""
    receivable = trade.owed()
    terms = trade.ledger.terms(receivable)

    with pytest.raises(AlreadyIssued):
        trade.supplier.issue(terms)
    copy = trade.supplier.issue(replace(terms, salt=terms.salt + 1)).wait().value

    assert copy != receivable
    assert trade.ledger.terms(copy).salt != terms.salt


def test_etda_2_2_a_a_file_with_the_same_words_is_not_the_document(trade):
    """(a), the other side: whoever has a print or a file of it has nothing."""
    receivable = trade.owed()
    printed = trade.ledger.terms(receivable).to_json()

    assert printed["obligor"] == trade.buyer.address
    with pytest.raises(ERC721InsufficientApproval):
        trade.stranger.transfer(receivable.voucher(1), trade.stranger.address)


# -- (b) protect against alteration -----------------------------------------------------------


def test_etda_2_2_b_nobody_alters_it(trade, eur):
    """(b) "protect the document against unauthorised alteration": another face is another id."""
    terms = trade.ledger.terms(trade.owed())

    with pytest.raises(NotFound):
        trade.ledger.terms(replace(terms, face=eur("2000.00")).id)
    with pytest.raises(NotFound):
        trade.ledger.receivable(replace(terms, obligor=trade.stranger.address).id)


def test_etda_2_2_b_not_even_the_administrator_changes_the_rules_it_was_issued_under(trade):
    """(b), against those with power: a programme is closed, never changed."""
    receivable = trade.owed()
    before = trade.ledger.programme(1).rules
    administrator = trade.ledger.administrator(trade.signers.deployer)

    administrator.set_programme_open(1, open_=False).wait()

    assert trade.ledger.programme(1).rules == before
    trade.supplier.transfer(receivable.voucher(1), trade.bank.address).wait()


# -- (c) one controller -----------------------------------------------------------------------


def test_etda_2_2_c_it_goes_to_one_of_two_and_never_to_both(trade, anvil):
    """(c) "not possible for more than one person to exercise control of the document at any one time".

    The holder sends it to two buyers within one block: one gets it, the other is refused.
    """
    voucher = trade.owed().voucher(1)
    trial = trade.supplier.simulate
    for buyer in (trade.bank, trade.stranger):
        trial.transfer(voucher, buyer.address)
    sender = {"from": trade.supplier.address, "gas": hex(500_000)}
    anvil.rpc("evm_setAutomine", False)
    sent = [anvil.rpc("eth_sendTransaction", {**sender, **it.to_json()}) for it in trial.calls]
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)

    receipts = [anvil.rpc("eth_getTransactionReceipt", hash_) for hash_ in sent]
    assert len({receipt["blockNumber"] for receipt in receipts}) == 1
    assert [int(receipt["status"], 16) for receipt in receipts] == [1, 0]
    assert trade.ledger.voucher(voucher).holder == trade.bank.address
    assert trade.ledger.party(trade.stranger.address).vouchers == 0


def test_etda_2_2_c_a_part_is_a_document_of_its_own_with_one_controller(trade, eur):
    """(c) after a split: each part has one holder, and together they are the whole."""
    receivable = trade.owed()
    trade.scene.split(receivable, financier="400.00", guarantor="250.00")

    held = trade.ledger.vouchers(receivable=receivable)

    assert len({it.holder for it in held}) == len(held) == 3
    assert sum(it.value.units for it in held) == eur("1000.00").units


def test_etda_2_2_c_the_order_of_a_court_is_the_one_way_round_the_holder(trade):
    """(c), its limit: an enforcer takes a voucher, to a verified party, on record with its reason."""
    voucher = trade.sold()
    enforcer = trade.ledger.enforcer(trade.signers.deployer)

    with pytest.raises(RevertError):
        trade.ledger.enforcer(trade.signers.stranger).seize(
            voucher, to=trade.stranger.address, reason=ORDER
        )
    with pytest.raises(RevertError):
        enforcer.seize(voucher, to=NodeAccount(9).address, reason=ORDER)
    outcome = enforcer.seize(voucher, to=trade.stranger.address, reason=ORDER).wait()

    (seizure,) = [event for event in outcome.events if event.name == "VoucherSeized"]
    assert "0x" + seizure.args["reason"].hex() == ORDER
    assert trade.ledger.voucher(voucher).holder == trade.stranger.address


# -- (d) demonstrate control ------------------------------------------------------------------


def test_etda_2_2_d_who_has_control_can_show_it(trade):
    """(d) "allow any person who is able to exercise control of the document to demonstrate" it.

    By the ledger's own word, and by a signature that only the holder's key makes; without moving
    anything.
    """
    voucher = trade.sold()

    shown = trade.bank.offer(voucher, price="990.00", approve=False)

    assert trade.ledger.voucher(voucher).holder == trade.bank.address
    assert shown.made_by(shown.signature) == trade.bank.address
    assert shown.terms.subject == voucher
    assert trade.bank.simulate.transfer(voucher, trade.stranger.address).wait().simulated


def test_etda_2_2_d_who_has_none_cannot_show_it(trade):
    """(d), the other side: the same trial fails for anybody else."""
    voucher = trade.sold()

    for other in (trade.supplier, trade.stranger):
        with pytest.raises(ERC721InsufficientApproval):
            other.simulate.transfer(voucher, trade.ledger.address)


# -- (e) divest on transfer -------------------------------------------------------------------


def test_etda_2_2_e_a_transfer_deprives_the_transferor(trade):
    """(e) "deprive any person who was able to exercise control [...] of the ability to do so"."""
    voucher = trade.sold()
    former, trade_with = trade.supplier, trade.stranger.address
    trade.scene.pay(voucher.receivable, "100.00")

    with pytest.raises(ERC721InsufficientApproval):
        former.transfer(voucher, trade_with)
    with pytest.raises((ERC721InsufficientApproval, InsufficientAllowance)):
        former.transfer(voucher, trade_with, value="1.00")
    with pytest.raises(RevertError):
        former.split(voucher, {trade_with: "1.00"})
    with pytest.raises(RevertError):
        former.redeem(voucher)
    with pytest.raises(RevertError):
        former.approve(voucher, trade_with)


def test_etda_2_2_e_whom_the_transferor_let_act_on_it_is_deprived_as_well(trade):
    """(e): approvals of the one voucher end when it changes hands."""
    voucher = trade.owed().voucher(1)
    trade.supplier.approve(voucher, trade.stranger.address).wait()
    trade.supplier.approve_value(voucher, trade.stranger.address, value="500.00").wait()

    trade.supplier.transfer(voucher, trade.bank.address).wait()

    with pytest.raises(ERC721InsufficientApproval):
        trade.stranger.transfer(voucher, trade.stranger.address)
    with pytest.raises(InsufficientAllowance):
        trade.stranger.transfer(voucher, trade.stranger.address, value="1.00")


def test_etda_2_2_e_an_order_to_sell_that_the_transferor_signed_sells_nothing(trade):
    """(e): a signature from before the transfer moves nothing after it."""
    voucher = trade.owed().voucher(1)
    ask = trade.supplier.offer(
        voucher, price="900.00", until=trade.ledger.time() + timedelta(days=9)
    )
    trade.supplier.transfer(voucher, trade.bank.address).wait()

    with pytest.raises(RevertError):
        trade.ledger.financier(trade.signers.guarantor).buy(ask)

    assert trade.ledger.voucher(voucher).holder == trade.bank.address
