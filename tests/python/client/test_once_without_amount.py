"""The same reference again gives the first result, also where the amount is read from the chain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duebill import errors


@pytest.fixture
def voucher(scene):
    return scene.accepted().voucher(1)


@pytest.fixture
def loan(ledger, signers, voucher):
    lender, borrower = ledger.financier(signers.financier), ledger.supplier(signers.supplier)
    signed = lender.lend(
        voucher,
        principal="600",
        advance_rate="80",
        rate="5",
        maturity=ledger.time().date() + timedelta(days=30),
        grace_days=5,
    )
    return borrower.borrow(signed).wait().value


def test_what_was_bought_is_bought_once(ledger, signers, voucher):
    """The ask is filled by then: nothing could be quoted any more."""
    order = ledger.supplier(signers.supplier).offer(voucher, price="990")
    bank = ledger.financier(signers.financier).once("PO-1")
    first = bank.buy(order).wait()
    assert bank.buy(order).wait() == first
    assert bank.buy(order, voucher, most_cost="995").wait() == first
    with pytest.raises(errors.ReferenceTaken):
        bank.buy(order, value="500")


def test_what_was_sold_is_sold_once(ledger, signers, voucher):
    bid = ledger.financier(signers.financier).bid(voucher, price="980")
    supplier = ledger.supplier(signers.supplier).once("PO-1")
    first = supplier.sell(bid).wait()
    assert supplier.sell(bid).wait() == first
    with pytest.raises(errors.ReferenceTaken):
        supplier.sell(bid, value="500")


def test_a_loan_is_repaid_once(ledger, signers, loan):
    """Nothing is owed by then."""
    supplier = ledger.supplier(signers.supplier).once("PO-1")
    first = supplier.repay(loan).wait()
    assert supplier.repay(loan).wait() == first
    with pytest.raises(errors.ReferenceTaken):
        supplier.repay(loan, "100")


def test_what_can_be_released_of_a_pledge_is_released_once(ledger, signers, loan):
    ledger.supplier(signers.supplier).repay(loan, "300").wait()
    supplier = ledger.supplier(signers.supplier).once("PO-1")
    first = supplier.release_pledge(loan).wait()
    assert supplier.release_pledge(loan).wait() == first
    with pytest.raises(errors.ReferenceTaken):
        supplier.release_pledge(loan, "1")
