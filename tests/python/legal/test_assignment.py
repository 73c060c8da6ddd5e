"""UN Convention on the Assignment of Receivables in International Trade (2001): the debtor's side.

Each test shows what the system does where the rule asks for something. docs/legal-fit.md says what
that leaves open.
"""

from __future__ import annotations

from duebill.model import Status


def test_assignment_15_a_transfer_leaves_what_the_debtor_owes_as_it_was(trade):
    """Art. 15(1): an assignment does not "affect the rights and obligations of the debtor"."""
    receivable = trade.owed()
    before = trade.ledger.receivable(receivable)

    trade.scene.split(receivable, financier="400.00", guarantor="250.00")

    after = trade.ledger.receivable(receivable)
    assert after.owed == before.owed
    assert (after.due_date, after.face, after.currency) == (
        before.due_date,
        before.face,
        before.currency,
    )


def test_assignment_15_2_nobody_changes_the_currency_of_payment(trade):
    """Art. 15(2)(a): an instruction may not change "the currency of payment"."""
    voucher = trade.sold()

    trade.buyer.pay(voucher.receivable).wait()

    assert trade.bank.redeem(voucher).wait().value.currency == "EUR"


def test_assignment_16_3_one_look_tells_all_assignments(trade):
    """Art. 16(3): notice of a subsequent assignment is notice "of all prior assignments"."""
    voucher = trade.sold()
    trade.bank.transfer(voucher, trade.stranger.address).wait()

    assert trade.ledger.lineage(voucher).holders == (
        trade.supplier.address,
        trade.bank.address,
        trade.stranger.address,
    )


def test_assignment_17_1_before_any_notice_the_debtor_pays_as_it_agreed(trade, eur):
    """Art. 17(1): until notified, it is discharged "by paying in accordance with the original contract".

    It agreed to pay into the ledger, and does so whether it knows of the transfer or not.
    """
    voucher = trade.sold()

    trade.buyer.pay(voucher.receivable).wait()

    assert trade.ledger.receivable(voucher.receivable).status is Status.SETTLED
    assert trade.bank.redeem(voucher).wait().value == eur("1000.00")


def test_assignment_17_2_after_notice_the_assignee_is_paid_by_the_same_payment(trade, eur):
    """Art. 17(2): after notice it is "discharged only by paying the assignee": that is where it goes."""
    receivable = trade.owed()
    (part,) = trade.scene.split(receivable, financier="400.00")

    trade.buyer.pay(receivable).wait()

    assert trade.bank.redeem(part).wait().value == eur("400.00")
    assert trade.supplier.redeem(receivable.voucher(1)).wait().value == eur("600.00")


def test_assignment_17_6_of_a_part_paid_each_gets_its_share(trade, eur):
    """Art. 17(6): "the assignment of a part": a payment in part reaches each part in proportion."""
    receivable = trade.owed()
    (part,) = trade.scene.split(receivable, financier="400.00")

    trade.buyer.pay(receivable, "500.00").wait()

    assert trade.bank.redeem(part).wait().value == eur("200.00")
    assert trade.supplier.redeem(receivable.voucher(1)).wait().value == eur("300.00")
    assert trade.ledger.receivable(receivable).owed == eur("500.00")
