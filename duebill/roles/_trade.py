"""Selling, buying, paying with vouchers, and asking sellers who answer for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, Unpack

from duebill._actions import NOTHING, Answer, logged, only
from duebill._order_actions import approval, fill
from duebill._trades import Purchase, RecourseAnswer, Sale, StandingOffer
from duebill.errors import BadTerms, CurrencyIsOffChain, SignerNotNamed, SigningDeclined
from duebill.model import (
    ZERO_HASH,
    DayCount,
    Money,
    Offer,
    OfferStatus,
    Order,
    Quotation,
    ReceivableId,
    Side,
    VoucherId,
    address,
    hash_bytes,
    hash_text,
    nonce_at,
    units_in,
)
from duebill.pricing import Rate, RateQuote, Rounding, price_at
from duebill.pricing._rounding import granule_of
from duebill.roles._order_numbers import next_number
from duebill.roles._role import Party

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from duebill._actions import Action
    from duebill._trades import Quote
    from duebill.chain import Transaction
    from duebill.deals import OrderDraft, SignedOrder
    from duebill.model import Amount, Event, Receivable, Subject, Voucher

T = TypeVar("T")

_EXCHANGE = "exchange"
_ORDER_SPAN = timedelta(days=1)
_OFFER_SPAN = timedelta(days=7)
_ACCEPTED = logged("OfferAccepted", "voucher", VoucherId.from_number)


class Conditions(TypedDict, total=False):
    """What an order can say beside what it is about; all of it by keyword.

    Either `price` or `rate`:
        price: For the whole amount; a part of it costs its share.
        rate: Per cent a year, as text or `Decimal`, computed from the days left when it is filled;
            or a `RateQuote`, which says all three.
        quotation: How a rate is meant: DISCOUNT, when not given, or YIELD.
        day_count: Which year a rate is for: ACT_360, when not given, or ACT_365F.

    And:
        taker: Who may fill it; anyone when not given.
        least: The least that one fill may take.
        recourse: How much of it the seller answers for if the obligor does not pay: an amount,
            or "full"; nothing when not given.
        due_by: The latest due date.
        until: The last second in which it can be filled; a day after the chain's time when not
            given.
        nonce: Its number. Orders with one number exclude each other. See `cancel_order`; a fresh
            one when not given.
    """

    price: Amount
    rate: RateQuote | str | Decimal
    quotation: Quotation
    day_count: DayCount
    taker: str
    least: Amount
    recourse: Amount | Literal["full"]
    due_by: date
    until: datetime
    nonce: int


class Trader(Party):
    """What sellers and buyers have in common."""

    def cancel_order(self, order: SignedOrder | int) -> Transaction[None]:
        """Withdraw an order, or what is left of it, and any other with its number.

        Args:
            order: The order, or its number.

        Raises:
            SignerNotNamed: It is somebody else's.
        """
        if not isinstance(order, int):
            terms = self.ledger.exchange.terms_of(order)
            if terms.maker != self.address:
                raise SignerNotNamed(self.address, named=(terms.maker,))
            order = terms.nonce
        return self._at_exchange(NOTHING, "cancelNonce", _number(order))

    def cancel_orders_below(self, floor: int | datetime) -> Transaction[None]:
        """Withdraw all orders with lower numbers, for good: the floor only grows.

        Args:
            floor: A number; or a moment: what was signed before it goes, and of what the client
                signed in the hour after it possibly some. Numbers that were chosen by hand are
                compared as they are.
        """
        number = floor if isinstance(floor, int) else nonce_at(floor)
        return self._at_exchange(NOTHING, "cancelNoncesBelow", _number(number))

    def allow_cash(self, amount: Money) -> Transaction[None]:
        """Let the exchange take exactly this much, for bids that wait and for recourse.

        All of them share the one allowance, and each that is filled uses it up: allow their sum.
        Nothing at all ends it.

        Args:
            amount: How much; it replaces what was allowed before.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        row = self.ledger.currency(amount.currency)
        if row.token is None:
            raise CurrencyIsOffChain(currency=row.number)
        return self._send(*self._allowing(row.number, amount, exactly=True))

    def _at_exchange(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        return self._send(self._desk.action_of(_EXCHANGE, answer, function, *args))

    def _allowing(
        self, currency: int, amount: Money, *, exactly: bool = False
    ) -> list[Action[None]]:
        exchange = self.ledger.exchange.address
        return self._desk.allowing(
            currency, amount.units, owner=self.address, spender=exchange, exactly=exactly
        )

    def _draft(
        self, side: Side, subject: Subject, amount: Money, currency: int, said: Conditions
    ) -> OrderDraft:
        code = amount.currency
        taker, least, recourse = said.get("taker"), said.get("least"), said.get("recourse")
        full = amount if recourse == "full" else None
        order = Order(
            maker=self.address,
            taker=None if taker is None else address(taker),
            side=side,
            subject=subject,
            currency=currency,
            amount=amount,
            least=None if least is None else _money(least, code),
            price=_price(said, code),
            recourse=full or (None if recourse is None else _money(recourse, code)),
            due_by=said.get("due_by"),
            expiry=said.get("until") or self.ledger.time() + _ORDER_SPAN,
            nonce=said["nonce"] if "nonce" in said else next_number(self.address),
        )
        return self.ledger.exchange.draft(order)

    def _signed(
        self,
        draft: OrderDraft,
        before: Callable[[], Sequence[Action[None]]],
        review: Callable[[str], bool] | None,
    ) -> SignedOrder:
        if (review is not None and not review(draft.summary())) or self._simulated:
            raise SigningDeclined
        self.ledger.require_chain()
        for action in before():
            self._send(action).wait()
        return draft.sign(self.signer)

    def _quoted(
        self, order: SignedOrder, side: Side, voucher: str | None, value: Amount | None
    ) -> Quote:
        if order.terms.side is not side:
            says = "buys, so one sells to it" if side is Side.ASK else "sells, so one buys of it"
            raise BadTerms("order", f"its maker {says}")
        return self.ledger.exchange.quote(order, voucher, value=value)

    def _outstanding(self, voucher: str) -> tuple[Receivable, Voucher, Money]:
        """A voucher's receivable, the voucher, and what is still to be redeemed on it."""
        id_ = self._desk.voucher_id(voucher)
        receivable, found = self.ledger.exchange.position(id_, self._desk.chain.block())
        return receivable, found, found.value - found.claimed


class Seller(Trader):
    """Sells vouchers, pays with them, and asks those who answer for what it holds."""

    def quote(
        self,
        voucher: str,
        *,
        rate: RateQuote | str | Decimal,
        quotation: Quotation = Quotation.DISCOUNT,
        day_count: DayCount = DayCount.ACT_360,
        value: Amount | None = None,
    ) -> Quote:
        """What selling to a bid at a rate would bring now, the fee taken off.

        Args:
            voucher: The voucher.
            rate: Per cent a year, or a `RateQuote`, which says the next two as well.
            quotation: How it is meant.
            day_count: Which year it is for.
            value: How much of it; all that is still to be redeemed when not given.
        """
        receivable, found, rest = self._outstanding(voucher)
        amount = rest if value is None else _money(value, rest.currency)
        said: Conditions = {"rate": rate, "quotation": quotation, "day_count": day_count}
        order = Order(
            # Whose bid it would be makes no difference to the price.
            maker=self.ledger.exchange.address,
            side=Side.BID,
            subject=found.id,
            currency=receivable.currency,
            amount=amount,
            price=_price(said, amount.currency),
            expiry=self.ledger.time() + _ORDER_SPAN,
        )
        return self.ledger.exchange.quote(order, value=amount)

    def draft_offer(
        self, voucher: str, *, value: Amount | None = None, **said: Unpack[Conditions]
    ) -> OrderDraft:
        """An order to sell, to be looked at and signed; as `offer`."""
        receivable, found, rest = self._outstanding(voucher)
        amount = rest if value is None else _money(value, rest.currency)
        return self._draft(Side.ASK, found.id, amount, receivable.currency, said)

    def offer(
        self,
        voucher: str,
        *,
        value: Amount | None = None,
        approve: bool = True,
        review: Callable[[str], bool] | None = None,
        **said: Unpack[Conditions],
    ) -> SignedOrder:
        """Sign an order to sell a voucher; it can then be sent to whoever may buy.

        The exchange is first made an operator of this one voucher, in a transaction of its own,
        unless it is already: an approval of somebody else for it ends by that.

        Args:
            voucher: The voucher.
            value: How much of it; all that is still to be redeemed when not given.
            approve: False: sign only. It cannot be filled before the exchange is approved.
            review: Is shown in words what will be signed, and says whether to sign.
            said: Price or rate, and the rest; see `Conditions`. All or nothing unless `least` is
                given.

        Raises:
            BadTerms: Neither a price nor a rate, or both; or they contradict each other.
            SigningDeclined: `review` said no; or this is a dry run, which signs nothing.
        """
        draft = self.draft_offer(voucher, value=value, **said)
        id_ = self._desk.voucher_id(voucher)

        def before() -> list[Action[None]]:
            return approval(self._desk, id_, holder=self.address) if approve else []

        return self._signed(draft, before, review)

    def sell(
        self,
        order: SignedOrder,
        voucher: str | None = None,
        *,
        value: Amount | None = None,
        least_proceeds: Amount | None = None,
    ) -> Transaction[Sale]:
        """Fill a bid: voucher and cash change hands in one call, or nothing happens.

        The exchange is first made an operator of this one voucher, unless it is.

        Args:
            order: The bid.
            voucher: What is sold; not needed when the bid is for one voucher.
            value: How much of it; as much as voucher and bid allow when not given.
            least_proceeds: The least to be paid out, the fee taken off; what it would be at this
                moment when not given.

        Raises:
            BadTerms: The order is no bid, or several vouchers fit and none is named.
            ExchangeRefusal: It cannot be filled so; `Exchange.check` looks for all reasons.
        """
        quote = self._quoted(order, Side.BID, voucher, value)
        limit = quote.total
        if least_proceeds is not None:
            limit = _money(least_proceeds, limit.currency)
        before = approval(self._desk, quote.voucher, holder=self.address)
        return self._send(*before, fill(self._desk, order, Sale, quote=quote, limit=limit))

    def pay_with(  # noqa: PLR0913 - an offer has that many parts
        self,
        voucher: str,
        to: str,
        *,
        value: Amount | None = None,
        reference_hash: str = ZERO_HASH,
        documents_root: str = ZERO_HASH,
        until: datetime | None = None,
    ) -> Transaction[StandingOffer]:
        """Offer a voucher, or a part of it, as payment; it goes over when the recipient accepts.

        Nothing is locked: until then it stays here, and can be sold. The exchange is first made an
        operator of this one voucher, unless it is.

        Args:
            voucher: The voucher.
            to: Who may accept it.
            value: How much; all that is still to be redeemed when not given.
            reference_hash: Which debt it pays; `duebill.documents.reference_hash` makes it from an
                invoice's number and the secret key that both sides share.
            documents_root: Which documents; `duebill.documents.documents_root`.
            until: The last second in which it can be accepted; a week after the chain's time when
                not given.

        Raises:
            BadTerms: It is nothing, or is offered to its holder.
        """
        _, found, rest = self._outstanding(voucher)
        offer = Offer(
            giver=self.address,
            recipient=address(to),
            voucher=found.id,
            value=rest if value is None else _money(value, rest.currency),
            expiry=until or self.ledger.time() + _OFFER_SPAN,
            reference_hash=reference_hash,
            documents_root=documents_root,
        )
        if not offer.value:
            raise BadTerms("value", "it is zero")
        answer = logged("VoucherOffered", "offer", lambda id_: _opened(id_, offer))
        before = approval(self._desk, found.id, holder=self.address)
        action = self._desk.action_of(_EXCHANGE, answer, "makeOffer", offer.as_abi())
        return self._send(*before, action)

    def withdraw_offer(self, offer: str) -> Transaction[None]:
        """Take back an offer that is open, by its id or the first characters of it."""
        found = self.ledger.exchange.offer(offer)
        return self._at_exchange(NOTHING, "withdrawOffer", found.offer.as_abi())

    def exercise_recourse(self, voucher: str) -> Transaction[RecourseAnswer]:
        """Ask the last seller who answers for an overdue voucher to take it back at its value.

        It pays from what it has allowed the exchange. If it does not, that is recorded on the
        voucher and goes on with it; the voucher stays, and the seller can be asked again. The
        exchange is first made an operator of this one voucher, unless it is.
        """
        id_ = self._desk.voucher_id(voucher)
        answer = _recourse_answer(self._desk.code_of(id_.receivable))
        before = approval(self._desk, id_, holder=self.address)
        action = self._desk.action_of(_EXCHANGE, answer, "exerciseRecourse", id_.number)
        return self._send(*before, action)

    def waive_recourse(self, voucher: str) -> Transaction[None]:
        """Give up the recourse to the last seller: then the one before can be asked."""
        return self._at_exchange(NOTHING, "waiveRecourse", self._desk.voucher_id(voucher).number)


class Buyer(Trader):
    """Buys vouchers, and accepts those that it is offered."""

    def draft_bid(
        self,
        on: Subject | str,
        amount: Amount | None = None,
        *,
        currency: int | str | None = None,
        **said: Unpack[Conditions],
    ) -> OrderDraft:
        """An order to buy, to be looked at and signed; as `bid`."""
        subject = self._subject(on)
        whole, number = self._wanted(subject, amount, currency)
        if "least" not in said and not isinstance(subject, VoucherId):
            decimals = self._desk.currency(number).decimals
            said["least"] = Money(granule_of(decimals), whole.currency)
        return self._draft(Side.BID, subject, whole, number, said)

    def bid(
        self,
        on: Subject | str,
        amount: Amount | None = None,
        *,
        currency: int | str | None = None,
        allow: bool = True,
        review: Callable[[str], bool] | None = None,
        **said: Unpack[Conditions],
    ) -> SignedOrder:
        """Sign an order to buy; whoever holds what it is about can then sell to it.

        When less is allowed than it can cost at most, the exchange is first allowed exactly that,
        in a transaction of its own. Bids that wait share the one allowance: see `allow_cash`.

        Args:
            on: What is bought: a voucher, any voucher of a receivable (ids, or their first
                characters), of an obligor (its account) or of a programme (its number).
            amount: Up to how much of what is still to be redeemed; for one voucher all of it when
                not given.
            currency: Its number or code, if `amount` does not say it.
            allow: False: sign only.
            review: Is shown in words what will be signed, and says whether to sign.
            said: Price or rate, and the rest; see `Conditions`. For one voucher all or nothing,
                otherwise in parts of any size unless `least` is given.

        Raises:
            BadTerms: Neither a price nor a rate, or both; no amount; or they contradict each other.
            SigningDeclined: `review` said no; or this is a dry run, which signs nothing.
        """
        draft = self.draft_bid(on, amount, currency=currency, **said)

        def before() -> list[Action[None]]:
            terms = draft.terms
            return self._allowing(terms.currency, self._most_cost(terms)) if allow else []

        return self._signed(draft, before, review)

    def buy(
        self,
        order: SignedOrder,
        voucher: str | None = None,
        *,
        value: Amount | None = None,
        most_cost: Amount | None = None,
    ) -> Transaction[Purchase]:
        """Fill an ask: voucher and cash change hands in one call, or nothing happens.

        When the exchange may not take enough of the cash yet, it is first allowed exactly the
        most that is paid, in a transaction of its own.

        Args:
            order: The ask.
            voucher: What is bought; not needed when the ask is for one voucher.
            value: How much of it; as much as voucher and ask allow when not given.
            most_cost: The most to be paid, with the fee; what it would be at this moment when not
                given.

        Raises:
            BadTerms: The order is no ask, or it is about several vouchers and none is named.
            ExchangeRefusal: It cannot be filled so; `Exchange.check` looks for all reasons.
        """
        quote = self._quoted(order, Side.ASK, voucher, value)
        limit = quote.total
        if most_cost is not None:
            limit = _money(most_cost, limit.currency)
        before = self._allowing(order.terms.currency, limit)
        return self._send(*before, fill(self._desk, order, Purchase, quote=quote, limit=limit))

    def accept_offer(self, offer: str) -> Transaction[VoucherId]:
        """Take what is offered, by the offer's id or the first characters of it.

        Returns:
            What this account gets: the voucher itself, or a new one.
        """
        found = self.ledger.exchange.offer(offer)
        return self._at_exchange(_ACCEPTED, "acceptOffer", found.offer.as_abi())

    def reject_offer(self, offer: str, *, reason: str = ZERO_HASH) -> Transaction[None]:
        """Refuse what is offered.

        Args:
            offer: The offer's id, or the first characters of it.
            reason: Hash of the reason; `duebill.documents.text_hash` makes one.
        """
        found = self.ledger.exchange.offer(offer)
        call = (found.offer.as_abi(), hash_bytes(reason))
        return self._at_exchange(NOTHING, "rejectOffer", *call)

    def _subject(self, on: Subject | str) -> Subject:
        if isinstance(on, int | VoucherId | ReceivableId):
            return on
        return address(on) if on.lower().startswith("0x") else self.ledger.resolve(on)

    def _wanted(
        self, subject: Subject, amount: Amount | None, currency: int | str | None
    ) -> tuple[Money, int]:
        """Up to how much is bought, and the number of the currency."""
        if isinstance(subject, VoucherId):
            receivable, _, rest = self._outstanding(subject)
            whole = rest if amount is None else _money(amount, rest.currency)
            return whole, receivable.currency
        if amount is None:
            raise BadTerms("amount", "it is missing")
        if isinstance(subject, ReceivableId):
            found = self.ledger.receivable(subject)
            return _money(amount, found.face.currency), found.currency
        if currency is None:
            if not isinstance(amount, Money):
                raise BadTerms("currency", "it is missing")
            currency = amount.currency
        row = self.ledger.currency(currency)
        return _money(amount, row.code), row.number

    def _most_cost(self, order: Order) -> Money:
        """What a bid can cost at most, however it is filled."""
        if isinstance(order.price, Money):
            return order.price
        days = 0
        if isinstance(order.subject, VoucherId | ReceivableId):
            # The later it is filled, the more it costs.
            id_ = order.subject
            part_of = id_.receivable if isinstance(id_, VoucherId) else id_
            due = self.ledger.receivable(part_of).due_date
            days = max(0, (due - order.expiry.date()).days)
        return price_at(
            order.amount,
            order.price,
            days=days,
            decimals=self._desk.currency(order.currency).decimals,
            rounding=Rounding.of(order.side),
        )


def _number(value: int) -> int:
    if not 0 <= value < 1 << 256:
        raise BadTerms("number", "it is not 0 to 256 bits")
    return value


def _price(said: Conditions, code: str) -> Money | RateQuote:
    price, rate = said.get("price"), said.get("rate")
    if price is not None and rate is None:
        return _money(price, code)
    if rate is None or price is not None:
        raise BadTerms("price", "it is either an amount or a rate")
    if isinstance(rate, RateQuote):
        return rate
    quotation = said.get("quotation", Quotation.DISCOUNT)
    return RateQuote(Rate.percent(rate), quotation, said.get("day_count", DayCount.ACT_360))


def _money(amount: Amount, code: str) -> Money:
    return Money(units_in(amount, code), code)


def _opened(id_: bytes, offer: Offer) -> StandingOffer:
    return StandingOffer(id=hash_text(id_), offer=offer, status=OfferStatus.OPEN)


def _recourse_answer(code: str) -> Answer[RecourseAnswer]:
    def made(honoured: bool, units: int) -> RecourseAnswer:  # noqa: FBT001 - as the ABI has it
        return RecourseAnswer(honoured=honoured, amount=Money(units, code))

    def from_events(events: Sequence[Event]) -> RecourseAnswer:
        honoured = any(event.name == "RecourseHonoured" for event in events)
        name = "RecourseHonoured" if honoured else "RecourseDishonoured"
        return made(honoured, only(events, name).args["amount"])

    return Answer(from_result=lambda result: made(*result), from_events=from_events)
