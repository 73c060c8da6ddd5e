"""Buying vouchers, and accepting those that are offered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from duebill._actions import NOTHING, logged
from duebill._order_actions import fill, filled
from duebill._trades import Purchase
from duebill.errors import BadTerms
from duebill.model import (
    ZERO_HASH,
    Money,
    ReceivableId,
    Side,
    VoucherId,
    address,
    hash_bytes,
)
from duebill.pricing import Rounding, price_at
from duebill.pricing._rounding import granule_of
from duebill.roles._trade import Trader, money

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill._actions import Approval
    from duebill.chain import Transaction
    from duebill.deals import OrderDraft, SignedOrder
    from duebill.model import Amount, Order, Subject
    from duebill.roles._trade import Conditions

_ACCEPTED = logged("OfferAccepted", "voucher", VoucherId.from_number)


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

        def before() -> list[Approval]:
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
        review: Callable[[str], bool] | None = None,
    ) -> Transaction[Purchase]:
        """Fill an ask: voucher and cash change hands in one call, or nothing happens.

        When the exchange may not take enough of the cash yet, it is allowed exactly the most that
        is paid: by a permit in the same transaction, or, if the token knows none, in one before.

        Args:
            order: The ask.
            voucher: What is bought; not needed when the ask is for one voucher.
            value: How much of it; as much as voucher and ask allow when not given.
            most_cost: The most to be paid, with the fee; what it would be at this moment when not
                given.
            review: Is shown the permit in words before it is signed, and says whether to sign.

        Raises:
            SigningDeclined: `review` said no.
            BadTerms: The order is no ask, or it is about several vouchers and none is named.
            ExchangeRefusal: It cannot be filled so; `Exchange.check` looks for all reasons.
        """
        intent = self._fill_intent(order, Side.ASK, voucher, value)
        code = order.terms.amount.currency
        if begun := self._begun(intent, filled(Purchase, code)):
            return begun
        quote = self.ledger.exchange.quote(order, voucher, value=value)
        limit = quote.total
        if most_cost is not None:
            limit = money(most_cost, limit.currency)
        currency = order.terms.currency
        action = fill(self._desk, order, Purchase, quote=quote, limit=limit)
        action = replace(action, intent=intent)
        return self._pay(action, self._allowing(currency, limit), currency=currency, review=review)

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
            whole = rest if amount is None else money(amount, rest.currency)
            return whole, receivable.currency
        if amount is None:
            raise BadTerms("amount", "it is missing")
        if isinstance(subject, ReceivableId):
            found = self.ledger.receivable(subject)
            return money(amount, found.face.currency), found.currency
        if currency is None:
            if not isinstance(amount, Money):
                raise BadTerms("currency", "it is missing")
            currency = amount.currency
        row = self.ledger.currency(currency)
        return money(amount, row.code), row.number

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
