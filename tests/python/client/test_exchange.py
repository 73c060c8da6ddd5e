"""The exchange as its users have it: an ERP clerk, a bank's desk, an obligor with cash to spare."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from duebill import documents, errors
from duebill.deals import OrderDraft, SignedOrder
from duebill.exchange import Exchange
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
def three(supplier, supplier2, bank):
    """Two who sell, and one who buys."""
    return supplier, supplier2, bank


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
def test_the_erp_clerk(scene, ledger, signers, three):
    """Sells a part by accepting the bank's bid out of a mail, and pays its own supplier with another.

    The rate is 5.25 % discount over 90 days, ACT/360: 400.00 less 5.25 is 394.75, less 0.1 % fee.
    """
    supplier, supplier2, bank = three
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
    assert (ledger.voucher(got).holder, ledger.voucher(got).value) == (
        supplier2.address,
        eur("250"),
    )
    assert ledger.voucher(voucher).value == eur("350")
    done = ledger.exchange.offer(offered.id)
    assert (done.status, done.voucher) == (OfferStatus.ACCEPTED, got)


def test_the_banks_desk(scene, ledger, signers, anvil, three):
    """One signed bid for an obligor, filled by two suppliers in parts; recourse on default.

    Both answer for what they sold; one has the cash ready, the other has not.
    """
    supplier, supplier2, bank = three
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


# -- orders -----------------------------------------------------------------------------------


def test_an_order_travels_as_text_and_costs_its_filler_what_was_quoted(
    scene, ledger, supplier, bank
):
    voucher = scene.accepted().voucher(1)
    order = supplier.offer(voucher, price="990", least="1", value="500")
    for text in (order.to_text(), order.to_line()):
        assert SignedOrder.from_text(text) == order
    # A third of 500, bought at a third of the price: a buyer pays up.
    quote = ledger.exchange.quote(order, value="166.666666")
    assert (quote.price, quote.total) == (eur("329.999999"), eur("329.999999"))
    with pytest.raises(errors.PriceWorseThanLimit):
        bank.buy(order, value="166.666666", most_cost="329.999998")
    part = bank.buy(order, value="166.666666").wait().value
    assert (part.amount, part.cost) == (eur("166.666666"), quote.total)
    assert ledger.exchange.left_of(order) == eur("333.333334")
    with pytest.raises(errors.FillOutOfRange):
        bank.buy(order, value="400")


def test_a_price_above_the_amount_has_neither_discount_nor_rate(scene, ledger, supplier):
    order = supplier.offer(scene.accepted().voucher(1), price="1001")
    quote = ledger.exchange.quote(order)
    assert (quote.discount, quote.discount_rate, quote.yield_rate) == (None, None, None)
    assert quote.to_json()["discount_rate"] is None


def test_a_quote_that_is_not_what_the_order_says_is_no_answer(scene, ledger, supplier, monkeypatch):
    """THREATS 50: a node that shaves a unit off, or adds one, is found out."""
    order = supplier.offer(scene.accepted().voucher(1), rate="5.25")
    honest = Exchange._read

    def lying(self, function, *args, **where):
        answer = honest(self, function, *args, **where)
        return (answer[0] + 1, answer[1]) if function == "quote" else answer

    monkeypatch.setattr(Exchange, "_read", lying)
    with pytest.raises(errors.NodeAnswerInvalid):
        ledger.exchange.quote(order)


def test_a_rate_or_a_price_and_one_of_them(scene, supplier, bank, signers):
    voucher = scene.accepted().voucher(1)
    for said in ({}, {"price": "1", "rate": "1"}):
        with pytest.raises(errors.BadTerms):
            supplier.draft_offer(voucher, **said)
    with pytest.raises(errors.BadTerms):
        bank.draft_bid(signers.obligor.address, rate="5")
    with pytest.raises(errors.BadTerms):
        bank.draft_bid(1, "100", rate="5")
    same = RateQuote(Rate.percent("5"), Quotation.YIELD, DayCount.ACT_365F)
    said = {"rate": Decimal(5), "quotation": Quotation.YIELD, "day_count": DayCount.ACT_365F}
    assert supplier.draft_offer(voucher, **said).terms.price == same
    assert supplier.draft_offer(voucher, rate=same).terms.price == same


def test_a_bid_allows_what_it_can_cost_at_most_and_no_more(scene, ledger, bank, signers):
    id_ = scene.accepted()
    token = ledger.currency("EUR").token

    def allowed():
        where = ledger.exchange.address
        return Money(ledger._desk.ask_token(token, "allowance", bank.address, where), "EUR")

    until = ledger.time() + timedelta(days=10)
    bid = bank.bid(id_, "1000", rate="3.6", until=until, allow=False)
    assert allowed() == eur("0")
    # On the last day 80 days are left: 0.8 % off.
    bank.bid(id_, "1000", rate="3.6", until=until)
    assert allowed() == eur("992")
    assert bid.terms.least_fill == Money(1, "EUR")
    bank.bid(1, "100", currency="EUR", rate="3.6")
    assert allowed() == eur("992")
    bank.bid(id_.voucher(1), price="995")
    assert allowed() == eur("995")
    bank.allow_cash(eur("10")).wait()
    assert allowed() == eur("10")
    bank.simulate.allow_cash(eur("0")).wait()
    bank.allow_cash(eur("0")).wait()
    assert allowed() == eur("0")
    with pytest.raises(errors.NotFound):
        bank.bid(signers.obligor.address, Money.parse("1", "XYZ"), rate="1")


def test_what_is_declined_is_neither_signed_nor_prepared(scene, ledger, supplier, bank):
    voucher = scene.accepted().voucher(1)
    shown = []
    for act in (
        lambda: supplier.offer(voucher, price="990", review=shown.append),
        lambda: supplier.simulate.offer(voucher, price="990"),
        lambda: bank.bid(voucher, rate="5", review=shown.append),
    ):
        with pytest.raises(errors.SigningDeclined):
            act()
    assert [word in shown[0] for word in (voucher, "990.00 EUR", supplier.address)] == [True] * 3
    assert ledger._desk.read("getApproved", voucher.number) == ZERO_ADDRESS
    assert ledger._desk.chain.nonce(bank.address) == 0


def test_a_voucher_is_approved_once_and_alone(scene, ledger, supplier):
    voucher = scene.accepted().voucher(1)
    unapproved = supplier.offer(voucher, price="990", approve=False)
    (problem,) = ledger.exchange.check(unapproved)
    assert isinstance(problem, errors.ERC721InsufficientApproval)
    before = ledger._desk.chain.nonce(supplier.address)
    for _ in range(2):
        supplier.offer(voucher, price="990")
    assert ledger._desk.chain.nonce(supplier.address) == before + 1
    assert ledger.exchange.check(unapproved) == ()


def test_orders_are_withdrawn_one_by_one_or_all_before_a_moment(scene, ledger, supplier, bank):
    voucher = scene.accepted().voucher(1)
    orders = [supplier.offer(voucher, price="990") for _ in range(3)]
    supplier.cancel_order(orders[0]).wait()
    supplier.cancel_order(orders[1].terms.nonce).wait()
    assert [ledger.exchange.left_of(it).units > 0 for it in orders] == [False, False, True]
    with pytest.raises(errors.SignerNotNamed):
        bank.cancel_order(orders[2])
    for number in (-1, 1 << 256):
        with pytest.raises(errors.BadTerms):
            supplier.cancel_order(number)
    supplier.cancel_orders_below(ledger.time() + timedelta(hours=1)).wait()
    assert ledger.exchange.left_of(orders[2]) == eur("0")
    assert ledger.exchange.left_of(supplier.offer(voucher, price="990")) == eur("1000")
    with pytest.raises(errors.FloorLowered):
        supplier.cancel_orders_below(nonce_at(ledger.time() - timedelta(days=1)))


def test_an_order_is_filled_from_its_right_side(scene, supplier, bank):
    voucher = scene.accepted().voucher(1)
    with pytest.raises(errors.BadTerms):
        bank.sell(supplier.offer(voucher, price="990"))
    with pytest.raises(errors.BadTerms):
        supplier.buy(bank.bid(voucher, price="990"))
    with pytest.raises(errors.BadTerms):
        supplier.sell(bank.bid(1, eur("990"), rate="5"))


# -- what is checked before a fill ------------------------------------------------------------


@pytest.fixture
def ask(scene, supplier):
    """An order to sell, which nothing stands in the way of."""
    return supplier.offer(scene.accepted().voucher(1), price="990")


def problems(ledger, order, **said):
    return [type(problem) for problem in ledger.exchange.check(order, **said)]


def test_a_check_finds_what_the_maker_did(ledger, signers, ask, three):
    supplier, supplier2, bank = three
    voucher, me = ask.terms.subject, bank.address
    assert problems(ledger, ask, filler=me) == []
    assert problems(ledger, ask, filler=supplier.address) == [errors.TakerNotAdmitted]
    taken = supplier.offer(voucher, price="990", taker=signers.obligor.address)
    assert problems(ledger, taken, filler=me) == [errors.TakerNotAdmitted]
    assert problems(ledger, taken) == []
    supplier.transfer(voucher, supplier2.address).wait()
    assert problems(ledger, ask) == [errors.NotHolder]
    supplier2.transfer(voucher, supplier.address).wait()
    assert problems(ledger, ask) == [errors.ERC721InsufficientApproval]
    supplier.cancel_order(ask).wait()
    assert problems(ledger, ask, filler=me) == [errors.OrderClosed]


def test_a_check_finds_what_supervisors_and_time_did(ledger, signers, anvil, bank, ask):
    supervisor, registrar = ledger.supervisor(signers.deployer), ledger.registrar(signers.deployer)
    me = bank.address
    supervisor.freeze_voucher(ask.terms.subject).wait()
    assert problems(ledger, ask) == [errors.ERC7943InsufficientUnfrozenBalance]
    supervisor.unfreeze_voucher(ask.terms.subject).wait()
    supervisor.freeze_party(ask.terms.maker).wait()
    registrar.revoke(me).wait()
    assert problems(ledger, ask, filler=me) == [errors.PartyIsFrozen, errors.PartyNotVerified]
    supervisor.unfreeze_party(ask.terms.maker).wait()
    registrar.verify(me).wait()
    supervisor.pause(until=ledger.time() + timedelta(days=1)).wait()
    assert problems(ledger, ask, filler=me) == [errors.LedgerIsPaused]
    anvil.travel(days=2)
    assert problems(ledger, ask, filler=me) == [errors.OrderExpired]


def test_a_check_finds_what_is_wrong_with_the_paper(ledger, ask):
    text = ask.to_json()
    broken = SignedOrder.from_json({**text, "signature": ask.signature[:-4] + "001b"})
    assert problems(ledger, broken) == [errors.OrderSignatureInvalid]
    elsewhere = SignedOrder.from_json({**text, "contract": ledger.address})
    assert problems(ledger, elsewhere) == [errors.SignedForElsewhere]
    terms = {**text["terms"], "currency_code": "USD"}
    assert problems(ledger, SignedOrder.from_json({**text, "terms": terms})) == [
        errors.CurrencyMismatch
    ]


def test_a_check_finds_who_cannot_pay(ledger, signers, anvil, ask, three):
    supplier, _, bank = three
    token = ledger.currency("EUR").token
    voucher = ask.terms.subject
    bid = bank.bid(signers.obligor.address, eur("500"), rate="5", allow=False)
    assert problems(ledger, bid) == [errors.CashNotAllowed]
    (problem,) = ledger.exchange.check(bid, voucher=voucher, filler=supplier.address)
    assert problem.needed == ledger.exchange.quote(bid, voucher).price
    anvil.rpc("anvil_dealERC20", bank.address, token, hex(10))
    assert problems(ledger, bid, voucher=voucher) == [errors.CashMissing, errors.CashNotAllowed]
    assert problems(ledger, ask, filler=bank.address) == [errors.CashMissing]


def test_a_check_ends_with_a_dry_run(scene, ledger, signers, supplier, bank):
    """What no single look finds, such as a programme without hops, the trial does."""
    rules = ledger.programme(1).rules.__class__(max_hops=1)
    number = ledger.administrator(signers.deployer).create_programme(rules).wait().value
    voucher = scene.accepted(programme=number).voucher(1)
    order = supplier.offer(voucher, price="990")
    bank.buy(order).wait()
    again = bank.offer(voucher, price="995")
    assert problems(ledger, again) == []
    assert problems(ledger, again, filler=supplier.address) == [errors.HopLimitReached]


def test_a_check_asks_a_contract_for_its_signature(ledger, signers, anvil):
    """ERC-1271: the wallet's own answer counts, whatever the signature looks like."""
    wallet = "0x00000000000000000000000000000000000012ab"
    terms = Order(
        maker=wallet,
        side=Side.BID,
        subject=signers.obligor.address,
        currency=ledger.currency("EUR").number,
        amount=eur("100"),
        price=RateQuote(Rate.percent("5"), Quotation.DISCOUNT, DayCount.ACT_360),
        expiry=ledger.time() + timedelta(days=1),
    )
    order = ledger.exchange.draft(terms).sign(signers.financier, party=wallet)
    assert errors.OrderSignatureInvalid in problems(ledger, order)
    says_yes, says_no, reverts = "631626ba7e60e01b60005260206000f3", "60206000f3", "60006000fd"
    for code, counts in ((says_yes, True), (says_no, False), (reverts, False)):
        anvil.rpc("anvil_setCode", wallet, "0x" + code)
        assert (errors.OrderSignatureInvalid not in problems(ledger, order)) is counts


def test_a_voucher_in_another_currency_than_the_orders_is_refused(scene, ledger, supplier, bank):
    """The contract lets an ask name any currency; shown as the same amount it would deceive."""
    voucher = scene.accepted(face=Money.parse("1000", "CNY")).voucher(1)
    supplier.approve(voucher, ledger.exchange.address).wait()
    terms = Order(
        maker=supplier.address,
        side=Side.ASK,
        subject=voucher,
        currency=ledger.currency("EUR").number,
        amount=eur("1000"),
        price=eur("900"),
        expiry=ledger.time() + timedelta(days=1),
    )
    order = ledger.exchange.draft(terms).sign(supplier.signer)
    assert problems(ledger, order, filler=bank.address) == [errors.CurrencyMismatch]
    with pytest.raises(errors.CurrencyMismatch):
        bank.buy(order)


# -- offers, fees -----------------------------------------------------------------------------


def test_offers_end_in_one_way(scene, ledger, anvil, three):
    supplier, supplier2, bank = three
    voucher = scene.accepted().voucher(1)
    made = [supplier.pay_with(voucher, bank.address, value="10").wait().value for _ in range(3)]
    bank.reject_offer(made[0].id, reason=documents.text_hash("not agreed")).wait()
    supplier.withdraw_offer(made[1].id).wait()
    ends = [ledger.exchange.offer(it.id).status for it in made]
    assert ends == [OfferStatus.REJECTED, OfferStatus.WITHDRAWN, OfferStatus.OPEN]
    with pytest.raises(errors.OfferNotOpen):
        bank.accept_offer(made[0].id)
    with pytest.raises(errors.CallerNotEntitled):
        supplier2.accept_offer(made[2].id)
    anvil.travel(days=8)
    (late,) = ledger.exchange.offers(giver=supplier.address, status=OfferStatus.OPEN)
    assert (late.id, late.expired) == (made[2].id, True)
    with pytest.raises(errors.OfferExpired):
        bank.accept_offer(late.id)
    assert ledger.exchange.offers(to=supplier2.address) == ()
    for text, error in (("zz", errors.BadId), ("", errors.BadId), ("0" * 64, errors.NotFound)):
        with pytest.raises(error):
            ledger.exchange.offer(text)


def test_an_offer_of_nothing_is_refused(scene, supplier, bank):
    voucher = scene.accepted().voucher(1)
    with pytest.raises(errors.BadTerms):
        supplier.pay_with(voucher, bank.address, value="0")


def test_the_fee_is_the_administrators_and_has_a_cap(ledger, signers, exchange):
    assert (exchange.fee().share, exchange.fee().recipient) == (Share(0), None)
    cap = exchange.fee().cap
    administrator = ledger.administrator(signers.deployer)
    administrator.set_fee(cap, recipient=signers.guarantor.address).wait()
    assert exchange.fee().to_json() == {
        "share": cap.millionths,
        "recipient": signers.guarantor.address,
        "cap": cap.millionths,
    }
    with pytest.raises(errors.FeeInvalid):
        administrator.set_fee(Share(cap.millionths + 1), recipient=signers.guarantor.address)
    with pytest.raises(errors.AccessManagedUnauthorized):
        ledger.administrator(signers.supplier).set_fee(Share(1), recipient=ZERO_ADDRESS)
    administrator.set_fee(Share(0), recipient=None).wait()
    assert exchange.fee().recipient is None


def test_the_drafts_id_is_the_exchanges(ledger, ask):
    digest = ledger._desk.read_from("exchange", "orderDigest", ask.terms.as_abi())
    assert ledger.exchange.id_of(ask) == ledger.exchange.id_of(ask.terms) == "0x" + digest.hex()
    assert isinstance(ledger.exchange.draft(ask.terms), OrderDraft)
