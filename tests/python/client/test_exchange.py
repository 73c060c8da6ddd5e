"""The exchange as its users have it: an ERP clerk, a bank's desk, an obligor with cash to spare."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from duebill import documents, errors
from duebill.deals import OrderDraft, SignedOrder
from duebill.exchange import Exchange, StandingOffer
from duebill.model import (
    ZERO_ADDRESS,
    DayCount,
    Money,
    OfferStatus,
    Order,
    Quotation,
    Side,
    Status,
    nonce_at,
)
from duebill.pricing import Rate, RateQuote, Share

KEY = bytes(range(32))


def eur(text):
    return Money.parse(text, "EUR")


@pytest.fixture
def exchange(ledger):
    return ledger.exchange


@pytest.fixture
def supplier(ledger, signers):
    return ledger.supplier(signers.supplier)


@pytest.fixture
def supplier2(ledger, signers):
    return ledger.supplier(signers.supplier2)


@pytest.fixture
def bank(ledger, signers):
    return ledger.financier(signers.financier)


@pytest.fixture
def obligor(ledger, signers):
    return ledger.obligor(signers.obligor)


@pytest.fixture
def fee(ledger, signers):
    """The exchange takes 0.1 %, for the guarantor's account, which does nothing else here."""
    administrator = ledger.administrator(signers.deployer)
    administrator.set_fee(Share(1_000), recipient=signers.guarantor.address).wait()


# -- user stories -----------------------------------------------------------------------------


@pytest.mark.usefixtures("fee")
def test_the_erp_clerk(scene, ledger, signers, supplier, supplier2, bank):
    """Sells a part by accepting the bank's bid out of a mail, and pays its own supplier with another.

    The rate is 5.25 % discount over 90 days, ACT/360: 400.00 less 5.25 is 394.75, less 0.1 % fee.
    """
    voucher = scene.accepted(face=eur("1000.00")).voucher(1)
    mail = bank.bid(signers.obligor.address, eur("5000"), rate="5.25").to_line()

    order = SignedOrder.from_text(f"\n  {mail[:70]}\n{mail[70:]}\n")
    assert "5.25 % a year" in order.summary()
    assert ledger.exchange.check(order, voucher=voucher, filler=supplier.address) == ()
    assert supplier.quote(voucher, rate="5.25", value="400").total == eur("394.355250")
    quote = ledger.exchange.quote(order, voucher, value=eur("400"))
    assert (quote.price, quote.fee, quote.days) == (eur("394.75"), eur("0.394750"), 90)
    assert (quote.total, quote.discount) == (eur("394.355250"), eur("5.644750"))
    assert (str(quote.discount_rate), str(quote.yield_rate)) == ("5.6448 %", "5.7255 %")

    before = ledger.cash(supplier.address, "EUR")
    tried = supplier.simulate.sell(order, voucher, value="400").wait()
    sale = supplier.sell(order, voucher, value="400").wait().value
    assert (sale.proceeds, tried.value.proceeds) == (quote.total, quote.total)
    assert ledger.cash(supplier.address, "EUR") == before + quote.total
    assert ledger.cash(signers.guarantor.address, "EUR") == eur("10000000.394750")
    assert ledger.voucher(sale.voucher).holder == bank.address
    (fill,) = ledger.exchange.fills(party=supplier.address)
    assert (fill.voucher, fill.amount, fill.left) == (sale.voucher, eur("400"), eur("4600"))
    assert (fill.seller, fill.buyer, fill.order) == (
        supplier.address,
        bank.address,
        ledger.exchange.id_of(order),
    )

    reference = documents.reference_hash("INV-2026-117", key=KEY)
    paying = supplier.pay_with(voucher, supplier2.address, value="250", reference_hash=reference)
    offered = paying.wait().value
    (found,) = ledger.exchange.offers(to=supplier2.address, status=OfferStatus.OPEN)
    assert found == offered == ledger.exchange.offer(offered.id[:8])
    assert found.offer.reference_hash == documents.reference_hash(" INV-2026-117", key=KEY)
    assert ledger.voucher(voucher).value == eur("600")
    got = supplier2.accept_offer(found.id[2:12]).wait().value
    assert (ledger.voucher(got).holder, ledger.voucher(got).value) == (supplier2.address, eur("250"))
    assert ledger.voucher(voucher).value == eur("350")
    done = ledger.exchange.offer(offered.id)
    assert (done.status, done.voucher) == (OfferStatus.ACCEPTED, got)


def test_the_banks_desk(scene, ledger, signers, anvil, supplier, supplier2, bank):
    """One signed bid for an obligor, filled by two suppliers in parts; recourse on default.

    Both answer for what they sold; one has the cash ready, the other has not.
    """
    first = scene.accepted(face=eur("600.00")).voucher(1)
    second = scene.accepted(face=eur("900.00"), creditor=signers.supplier.address).voucher(1)
    supplier.transfer(second, supplier2.address).wait()
    due = ledger.receivable(first[:12]).due_date
    bid = bank.bid(
        signers.obligor.address,
        eur("1000"),
        rate="4",
        quotation=Quotation.YIELD,
        day_count=DayCount.ACT_365F,
        recourse="full",
        least="100",
        due_by=due,
        until=ledger.time() + timedelta(days=5),
    )
    assert [it.id for it in ledger.exchange.fitting(bid, holder=supplier.address)] == [first]
    one = supplier.sell(bid, first).wait().value
    # 600 / (1 + 4 % x 90 / 365), rounded down.
    assert (one.voucher, one.price) == (first, eur("594.139989"))
    assert ledger.exchange.left_of(bid) == eur("400")
    two = supplier2.sell(bid, second).wait().value
    assert (two.amount, two.price) == (eur("400"), eur("396.093326"))
    assert ledger.exchange.left_of(bid) == eur("0")
    assert [type(p) for p in ledger.exchange.check(bid)] == [errors.OrderClosed]
    with pytest.raises(errors.OrderClosed):
        supplier2.sell(bid, second)
    for sale, who in ((one, supplier), (two, supplier2)):
        (answering,) = ledger.exchange.recourse_of(sale.voucher)
        assert (answering.seller, answering.amount) == (who.address, sale.amount)

    with pytest.raises(errors.WrongStatus):
        bank.exercise_recourse(one.voucher)
    anvil.travel(days=96)
    assert ledger.receivable(first[:12]).status is Status.OVERDUE
    supplier.allow_cash(eur("600")).wait()
    tried = bank.simulate.exercise_recourse(one.voucher).wait().value
    paid = bank.exercise_recourse(one.voucher).wait().value
    assert (paid.honoured, paid.amount, tried) == (True, eur("600"), paid)
    assert ledger.voucher(one.voucher).holder == supplier.address
    assert ledger.exchange.recourse_of(one.voucher) == ()
    refused = bank.exercise_recourse(two.voucher).wait().value
    assert (refused.honoured, refused.amount) == (False, eur("400"))
    (standing,) = ledger.exchange.recourse_of(two.voucher)
    assert (standing.seller, standing.dishonoured) == (supplier2.address, True)
    assert ledger.voucher(two.voucher).holder == bank.address
    bank.waive_recourse(two.voucher).wait()
    assert ledger.exchange.recourse_of(two.voucher) == ()
    with pytest.raises(errors.NoRecourse):
        bank.exercise_recourse(two.voucher)


def test_the_obligor_pays_early_at_a_discount(scene, ledger, supplier, obligor):
    """Dynamic discounting: what it buys of its own debt is extinguished."""
    voucher = scene.accepted().voucher(1)
    order = supplier.offer(voucher, rate="3.6", taker=obligor.address)
    bought = obligor.buy(order).wait().value
    assert (bought.voucher, bought.cost) == (voucher, eur("991"))
    obligor.extinguish(voucher).wait()
    assert ledger.receivable(voucher.receivable).owed == eur("0")
