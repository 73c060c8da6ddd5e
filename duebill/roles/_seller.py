"""Selling vouchers, paying with them, and asking sellers who answer for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Unpack

from duebill._actions import NOTHING, Answer, logged, only
from duebill._order_actions import approval, fill, filled
from duebill._trades import RecourseAnswer, Sale, StandingOffer
from duebill.errors import BadTerms
from duebill.model import (
    ZERO_HASH,
    DayCount,
    Money,
    Offer,
    OfferStatus,
    Order,
    Quotation,
    Side,
    address,
    hash_text,
)
from duebill.roles._trade import EXCHANGE, ORDER_SPAN, Trader, money, price_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from duebill._actions import Action
    from duebill._trades import Quote
    from duebill.chain import Transaction
    from duebill.deals import OrderDraft, SignedOrder
    from duebill.model import Amount, Event
    from duebill.pricing import RateQuote
    from duebill.roles._trade import Conditions

_OFFER_SPAN = timedelta(days=7)


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
        amount = rest if value is None else money(value, rest.currency)
        said: Conditions = {"rate": rate, "quotation": quotation, "day_count": day_count}
        order = Order(
            # Whose bid it would be makes no difference to the price.
            maker=self.ledger.exchange.address,
            side=Side.BID,
            subject=found.id,
            currency=receivable.currency,
            amount=amount,
            price=price_of(said, amount.currency),
            expiry=self.ledger.time() + ORDER_SPAN,
        )
        return self.ledger.exchange.quote(order, value=amount)

    def draft_offer(
        self, voucher: str, *, value: Amount | None = None, **said: Unpack[Conditions]
    ) -> OrderDraft:
        """An order to sell, to be looked at and signed; as `offer`."""
        receivable, found, rest = self._outstanding(voucher)
        amount = rest if value is None else money(value, rest.currency)
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
        intent = self._fill_intent(order, Side.BID, voucher, value)
        code = order.terms.amount.currency
        if begun := self._begun(intent, filled(Sale, code)):
            return begun
        quote = self.ledger.exchange.quote(order, voucher, value=value)
        limit = quote.total
        if least_proceeds is not None:
            limit = money(least_proceeds, limit.currency)
        before = approval(self._desk, quote.voucher, holder=self.address)
        action = fill(self._desk, order, Sale, quote=quote, limit=limit)
        return self._send(*before, replace(action, intent=intent))

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
            value=rest if value is None else money(value, rest.currency),
            expiry=until or self.ledger.time() + _OFFER_SPAN,
            reference_hash=reference_hash,
            documents_root=documents_root,
        )
        if not offer.value:
            raise BadTerms("value", "it is zero")
        return self._send(*self._making(offer))

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
        action = self._desk.action_of(EXCHANGE, answer, "exerciseRecourse", id_.number)
        return self._send(*before, action)

    def waive_recourse(self, voucher: str) -> Transaction[None]:
        """Give up the recourse to the last seller: then the one before can be asked."""
        return self._at_exchange(NOTHING, "waiveRecourse", self._desk.voucher_id(voucher).number)

    def _making(self, offer: Offer) -> list[Action[Any]]:
        """The approval that an offer needs, if it is missing, and the offer itself."""
        answer = logged("VoucherOffered", "offer", lambda id_: _opened(id_, offer))
        action = self._desk.action_of(EXCHANGE, answer, "makeOffer", offer.as_abi())
        return [*approval(self._desk, offer.voucher, holder=self.address), action]


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
