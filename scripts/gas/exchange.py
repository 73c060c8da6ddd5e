"""What it costs to sell for cash, to give as payment, and to ask a seller back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill.deals import OrderDraft
from duebill.model import DayCount, Money, Offer, Order, Quotation, Side, VoucherId
from duebill.pricing import Rate, RateQuote
from scripts.gas.stage import DEADLINE, DUE_DATE, FACE, GRACE_DAYS, NUMBERS_PER_WORD, PART
from scripts.gas.subject import Mark, Subject

if TYPE_CHECKING:
    from datetime import date

    from duebill.deals import SignedOrder
    from duebill.node_accounts import NodeAccount
    from scripts.gas.stage import Bench
    from scripts.gas.subject import Extras, Marks, Operations

EXCHANGE = "Exchange"
PRICE = Money(FACE * 98 // 100, "EUR")
FIVE_PERCENT = RateQuote(Rate.percent("5"), Quotation.YIELD, DayCount.ACT_360)
FEE = 1_000  # 0.1 % of the price, in millionths

MARKS: Marks = {"dvp": Mark(95_000, "Seaport 1.6 112,661")}


def signed(bench: Bench, maker: NodeAccount, **terms: Any) -> SignedOrder:
    """An order for a whole receivable, with the next number of a word that its maker has used."""
    usual = {
        "maker": maker.address,
        "currency": bench.book.currencies["eur"].number,
        "amount": Money(FACE, "EUR"),
        "price": PRICE,
        "expiry": DEADLINE,
        "nonce": next(bench.numbers),
    }
    order = Order(**{**usual, **terms})
    draft = OrderDraft(terms=order, chain_id=bench.book.chain_id, contract=bench.book.exchange)
    return draft.sign(maker)


def buy(bench: Bench, voucher: int, amount: int = FACE, **terms: Any) -> int:
    """The holder has signed an ask for its voucher; the buyer fills it."""
    terms = {"side": Side.ASK, "subject": VoucherId.from_number(voucher), **terms}
    order = signed(bench, bench.holder, **terms)
    return bench.on(EXCHANGE, bench.buyer, "fill", *bound(order), voucher, amount, FACE)


def sell(bench: Bench, voucher: int, order: SignedOrder) -> int:
    """The buyer has signed a bid; the holder fills it with a whole voucher."""
    return bench.on(EXCHANGE, bench.holder, "fill", *bound(order), voucher, FACE, FACE // 2)


def bound(order: SignedOrder) -> tuple[Any, bytes]:
    """An order and its signature, as calls bring them."""
    return order.terms.as_abi(), bytes.fromhex(order.signature[2:])


def bid(bench: Bench, **terms: Any) -> SignedOrder:
    """The buyer's bid for any voucher of the obligor, at a rate."""
    usual = {"side": Side.BID, "subject": bench.obligor.address, "price": FIVE_PERCENT}
    return signed(bench, bench.buyer, **{**usual, **terms})


def dvp(bench: Bench, programme: str = "standard", **terms: Any) -> int:
    """A whole voucher against cash: an ask at an amount, filled by the buyer."""
    return buy(bench, bench.held(programme), **terms)


def part(bench: Bench) -> int:
    """The first part of what an order offers: a new voucher, and a remainder."""
    return buy(bench, bench.held(), amount=PART, least=Money(PART, "EUR"))


def bid_of_many(bench: Bench) -> int:
    """One of many fills of a bid."""
    order = bid(bench, amount=Money(FACE * 10, "EUR"), least=Money(PART, "EUR"))
    sell(bench, bench.held(), order)
    return sell(bench, bench.held(), order)


def with_fee(bench: Bench) -> int:
    """A fee goes to somebody who has money already."""
    bench.on(EXCHANGE, bench.office, "setFee", FEE, bench.recipients[0])
    gas = buy(bench, bench.held(), price=Money(FACE // 2, "EUR"))
    bench.on(EXCHANGE, bench.office, "setFee", 0, bench.recipients[0])
    return gas


def first_number(bench: Bench) -> int:
    """The maker's first order in a word of 128 numbers that is not its floor's."""
    return dvp(bench, nonce=next(bench.numbers) * NUMBERS_PER_WORD)


def offer(bench: Bench) -> Offer:
    """The holder's offer of a voucher to the buyer, as payment of a debt."""
    return Offer(
        giver=bench.holder.address,
        recipient=bench.buyer.address,
        voucher=VoucherId.from_number(bench.held()),
        value=Money(FACE, "EUR"),
        expiry=DEADLINE,
        reference_hash=f"0x{bench.fresh('debt'):064x}",
        documents_root=f"0x{bench.fresh('papers'):064x}",
        salt=bench.fresh("offer"),
    )


def accept_offer(bench: Bench) -> int:
    """The recipient takes the voucher."""
    made = offer(bench).as_abi()
    bench.on(EXCHANGE, bench.holder, "makeOffer", made)
    return bench.on(EXCHANGE, bench.buyer, "acceptOffer", made)


def sold_with_recourse(bench: Bench, due: date = DUE_DATE) -> int:
    """A voucher in the buyer's hands, for which the holder answers in full."""
    voucher = bench.held(due=due)
    buy(bench, voucher, recourse=Money(FACE, "EUR"))
    return voucher


def exercise_recourse(bench: Bench) -> int:
    """The receivable is overdue, and the seller takes the whole voucher back."""
    voucher = sold_with_recourse(bench, due=bench.today)
    bench.pass_days(GRACE_DAYS + 1)
    return bench.on(EXCHANGE, bench.buyer, "exerciseRecourse", voucher)


OPERATIONS: Operations = {"dvp": dvp}

EXTRAS: Extras = {
    "dvp": {
        "rate": lambda b: dvp(b, price=FIVE_PERCENT),
        "due_by": lambda b: dvp(b, due_by=DUE_DATE),
        "part": part,
        "bid": lambda b: sell(b, b.held(), bid(b)),
        "bid_of_many": bid_of_many,
        "recourse": lambda b: dvp(b, recourse=Money(PART, "EUR")),
        "fee": with_fee,
        "first_number": first_number,
        "gate": lambda b: dvp(b, "gated"),
        "consent": lambda b: dvp(b, "consenting"),
    }
}

OTHERS: Operations = {
    "cancel_order": lambda b: b.on(EXCHANGE, b.holder, "cancelNonce", next(b.numbers)),
    "make_offer": lambda b: b.on(EXCHANGE, b.holder, "makeOffer", offer(b).as_abi()),
    "accept_offer": accept_offer,
    "exercise_recourse": exercise_recourse,
    "waive_recourse": lambda b: b.on(EXCHANGE, b.buyer, "waiveRecourse", sold_with_recourse(b)),
}

EXCHANGES = Subject(marks=MARKS, operations=OPERATIONS, extras=EXTRAS, others=OTHERS)
