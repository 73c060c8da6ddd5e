"""Uniform Commercial Code, article 12 (2022): control, and discharge of the account debtor.

Each test shows what the system does where the rule asks for something. docs/legal-fit.md says what
that leaves open: above all, whether a receivable here is a "controllable account" (9-102(a)(27A)),
which asks that the account debtor has agreed to pay the person in control.
"""

from __future__ import annotations

import pytest

from duebill.documents import text_hash
from duebill.errors import (
    AccessManagedUnauthorized,
    CallerNotEntitled,
    ERC721InsufficientApproval,
    NothingOwed,
    RevertError,
)
from duebill.model import Part, Status

REASON = text_hash("instruction of 3 May")

# -- 12-105 control ---------------------------------------------------------------------------


def test_ucc_12_105_a_1_a_the_holder_has_the_benefit(trade, eur):
    """(a)(1)(A) "power to avail itself of substantially all the benefit": it gets the money."""
    voucher = trade.sold()
    trade.scene.pay(voucher.receivable)

    paid = trade.bank.redeem(voucher).wait().value

    assert paid == eur("1000.00")


def test_ucc_12_105_a_1_b_i_the_holder_prevents_others(trade):
    """(a)(1)(B)(i) "exclusive power [...] to prevent others from availing themselves" of it."""
    voucher = trade.sold()
    trade.scene.pay(voucher.receivable)

    for other in (trade.supplier, trade.stranger, trade.ledger.supplier(trade.signers.obligor)):
        with pytest.raises(RevertError):
            other.redeem(voucher)


def test_ucc_12_105_a_1_b_ii_the_holder_alone_transfers_control(trade):
    """(a)(1)(B)(ii) "transfer control [...] to another person", or of a part, by another record."""
    voucher = trade.sold()
    with pytest.raises(ERC721InsufficientApproval):
        trade.stranger.transfer(voucher, trade.stranger.address)

    part = trade.bank.transfer(voucher, trade.stranger.address, value="400.00").wait().value

    assert part != voucher
    assert trade.ledger.voucher(part).holder == trade.stranger.address


def test_ucc_12_105_a_2_the_holder_readily_identifies_itself(trade):
    """(a)(2) "in any way, including by [...] cryptographic key": by a signature nobody else makes."""
    voucher = trade.sold()

    signed = trade.bank.offer(voucher, price="990.00", approve=False)

    assert signed.made_by(signed.signature) == trade.ledger.voucher(voucher).holder


def test_ucc_12_105_b_1_what_the_protocol_limits_leaves_the_power_exclusive(trade, signers):
    """(b)(1): exclusive "even if [...] a system [...] limits the use [...] or has a protocol".

    A frozen voucher moves for nobody, its holder or another; the freeze is on record and ends.
    """
    voucher = trade.sold()
    supervisor = trade.ledger.supervisor(signers.deployer)
    supervisor.freeze_voucher(voucher).wait()

    for anyone in (trade.bank, trade.supplier, trade.stranger):
        with pytest.raises(RevertError):
            anyone.transfer(voucher, trade.stranger.address)
    supervisor.unfreeze_voucher(voucher).wait()
    trade.bank.transfer(voucher, trade.stranger.address).wait()


# -- 12-106 discharge of the account debtor ---------------------------------------------------


def test_ucc_12_106_a_paying_into_the_ledger_pays_who_has_control(trade, eur):
    """(a)(1) the account debtor "may discharge its obligation by paying [...] the person having control".

    The obligor pays once, into the ledger; it owes nothing more, and the holder takes it out.
    """
    voucher = trade.sold()

    trade.buyer.pay(voucher.receivable).wait()

    settled = trade.ledger.receivable(voucher.receivable)
    assert (settled.status, settled.owed) == (Status.SETTLED, eur("0.00"))
    with pytest.raises(NothingOwed):
        trade.buyer.pay(voucher.receivable, "1.00")
    before = trade.cash(trade.bank)
    trade.bank.redeem(voucher).wait()
    assert trade.cash(trade.bank) == before + eur("1000.00")


def test_ucc_12_106_a_who_pays_need_not_know_who_holds(trade, eur):
    """(a), without any notification: the voucher changes hands while the payment is under way."""
    receivable = trade.owed()
    trade.buyer.pay(receivable, "500.00").wait()
    trade.supplier.transfer(receivable.voucher(1), trade.bank.address).wait()

    trade.buyer.pay(receivable).wait()

    assert trade.ledger.receivable(receivable).owed == eur("0.00")
    assert trade.bank.redeem(receivable.voucher(1)).wait().value == eur("1000.00")


def test_ucc_12_106_b_who_formerly_had_control_gets_nothing_by_a_payment_here(trade, eur):
    """(b) after notification no discharge "by paying a person that formerly had control".

    Here no payment goes to it, notified or not: after the transfer it takes nothing out.
    """
    voucher = trade.sold()
    before = trade.cash(trade.supplier)
    trade.buyer.pay(voucher.receivable).wait()

    with pytest.raises(RevertError):
        trade.supplier.redeem(voucher)
    assert trade.cash(trade.supplier) == before
    assert trade.ledger.voucher(voucher).claimable == eur("1000.00")


def test_ucc_12_106_b_money_sent_past_the_ledger_discharges_nothing_here(trade, eur):
    """(a)(2), (b): what is sent to a former holder directly leaves the debt on the ledger as it was."""
    voucher = trade.sold()

    trade.buyer_sends("1000.00", to=trade.supplier.address)

    assert trade.ledger.receivable(voucher.receivable).owed == eur("1000.00")
    trade.buyer.pay(voucher.receivable).wait()
    assert trade.bank.redeem(voucher).wait().value == eur("1000.00")


@pytest.mark.parametrize("who", ["supplier", "obligor", "supplier2"])
def test_ucc_12_106_c_no_word_of_another_redirects_what_the_holder_gets(trade, signers, who):
    """(b), (c) the effect of a notification: none on the ledger, true or false, signed or not.

    Who formerly had control, the obligor, or a stranger would have to name another payee.
    """
    voucher = trade.sold()
    notifier = trade.ledger.enforcer(getattr(signers, who))

    with pytest.raises(AccessManagedUnauthorized):
        notifier.set_payee(trade.bank.address, payee=notifier.address, reason=REASON)

    trade.buyer.pay(voucher.receivable).wait()
    before = trade.cash(trade.bank)
    trade.bank.redeem(voucher).wait()
    assert trade.cash(trade.bank) > before


def test_ucc_12_106_c_an_order_redirects_it_on_record_and_by_the_holders_own_act(
    trade, signers, eur
):
    """(c), its limit: an enforcer names another payee; even then only the holder's own call pays."""
    voucher = trade.sold()
    payee = trade.stranger
    enforcer = trade.ledger.enforcer(signers.deployer)

    enforcer.set_payee(trade.bank.address, payee=payee.address, reason=REASON).wait()
    trade.buyer.pay(voucher.receivable).wait()
    trade.bank.approve(voucher, payee.address).wait()
    before = trade.cash(payee)
    with pytest.raises(CallerNotEntitled):
        payee.redeem(voucher)
    trade.bank.redeem(voucher).wait()

    assert trade.cash(payee) == before + eur("1000.00")
    assert trade.ledger.party(trade.bank.address).payee == payee.address


def test_ucc_12_106_d_1_how_control_is_shown_was_agreed_in_a_signed_record(trade):
    """(d)(1) a notification is ineffective unless both "agree in a signed record" on the proof.

    What the obligor signs when it accepts says whom it owes: whoever holds the vouchers here.
    """
    receivable = trade.scene.issued()

    signed = trade.buyer.sign_acceptance(receivable)

    assert "to whoever holds its vouchers" in signed.summary()
    assert (
        f"of the ledger {trade.ledger.address} on chain {trade.ledger.chain_id}" in signed.summary()
    )
    assert signed.made_by(signed.signature) == trade.buyer.address


def test_ucc_12_106_d_3_the_obligor_pays_once_however_often_the_claim_is_divided(trade, eur):
    """(d)(3) a notification is ineffective if it asks to "divide a payment" or pay "more than one person".

    Ten holders: still one payment to one place; the ledger divides it.
    """
    receivable = trade.owed()
    pieces = [Part(to=trade.bank.address, value=eur("100.00")) for _ in range(9)]
    vouchers = trade.supplier.split(receivable.voucher(1), pieces).wait().value

    outcome = trade.buyer.pay(receivable).wait()

    assert outcome.value == eur("1000.00")
    paid = [trade.bank.redeem(voucher).wait().value for voucher in vouchers]
    assert paid == [eur("100.00")] * 9
    assert trade.supplier.redeem(receivable.voucher(1)).wait().value == eur("100.00")


def test_ucc_12_106_f_that_control_went_over_is_proved_by_reading(trade):
    """(e), (f) "reasonable proof that control [...] has been transferred": from creditor to holder."""
    voucher = trade.sold()
    part = trade.bank.transfer(voucher, trade.stranger.address, value="400.00").wait().value

    found = trade.ledger.lineage(voucher)

    assert found.holders == (trade.supplier.address, trade.bank.address)
    (child,) = found.children
    assert (child.id, child.parent, child.holder) == (part, voucher, trade.stranger.address)
    assert trade.ledger.check_invariants().holds
