"""What selling and buying have in common: orders, their conditions, the cash behind them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from duebill._actions import NOTHING
from duebill._order_actions import fill_intent
from duebill.errors import BadTerms, CurrencyIsOffChain, SignerNotNamed, SigningDeclined
from duebill.model import (
    DayCount,
    Money,
    Order,
    Quotation,
    Side,
    address,
    nonce_at,
    units_in,
)
from duebill.pricing import Rate, RateQuote
from duebill.roles._order_numbers import next_number
from duebill.roles._role import Party

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from duebill._actions import Action, Answer, Approval
    from duebill.chain import Transaction
    from duebill.deals import OrderDraft, SignedOrder
    from duebill.model import Amount, Receivable, Subject, Voucher

T = TypeVar("T")

EXCHANGE = "exchange"
ORDER_SPAN = timedelta(days=1)
"""How long an order counts that does not say it."""


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
        return self._send(self._desk.action_of(EXCHANGE, answer, function, *args))

    def _allowing(self, currency: int, amount: Money, *, exactly: bool = False) -> list[Approval]:
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
            least=None if least is None else money(least, code),
            price=price_of(said, code),
            recourse=full or (None if recourse is None else money(recourse, code)),
            due_by=said.get("due_by"),
            expiry=said.get("until") or self.ledger.time() + ORDER_SPAN,
            nonce=said["nonce"] if "nonce" in said else self._next_number(),
        )
        return self.ledger.exchange.draft(order)

    def _next_number(self) -> int:
        floor = self._desk.read_from(EXCHANGE, "floorOf", self.address)
        return next_number(self.address, floor=floor)

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

    def _fill_intent(
        self, order: SignedOrder, side: Side, voucher: str | None, value: Amount | None
    ) -> bytes:
        if order.terms.side is not side:
            says = "buys, so one sells to it" if side is Side.ASK else "sells, so one buys of it"
            raise BadTerms("order", f"its maker {says}")
        terms = self.ledger.exchange.terms_of(order)
        part = None if value is None else money(value, terms.amount.currency)
        return fill_intent(order, self.ledger.exchange.subject_of(terms, voucher), part)

    def _outstanding(self, voucher: str) -> tuple[Receivable, Voucher, Money]:
        """A voucher's receivable, the voucher, and what is still to be redeemed on it."""
        id_ = self._desk.voucher_id(voucher)
        receivable, found = self.ledger.exchange.position(id_, self._desk.chain.block())
        return receivable, found, found.value - found.claimed


def _number(value: int) -> int:
    """A number that an order can have."""
    if not 0 <= value < 1 << 256:
        raise BadTerms("number", "it is not 0 to 256 bits")
    return value


def price_of(said: Conditions, code: str) -> Money | RateQuote:
    """The price that conditions name.

    Raises:
        BadTerms: They name neither an amount nor a rate, or both.
    """
    price, rate = said.get("price"), said.get("rate")
    if price is not None and rate is None:
        return money(price, code)
    if rate is None or price is not None:
        raise BadTerms("price", "it is either an amount or a rate")
    if isinstance(rate, RateQuote):
        return rate
    quotation = said.get("quotation", Quotation.DISCOUNT)
    return RateQuote(Rate.percent(rate), quotation, said.get("day_count", DayCount.ACT_360))


def money(amount: Amount, code: str) -> Money:
    """An amount that has to be in a currency."""
    return Money(units_in(amount, code), code)
