"""What stands on the exchange: fees, quotes, fills, offers, recourse; and what is wrong with an order.

```python
order = duebill.deals.SignedOrder.from_text(mail)
print(order.summary())
for problem in ledger.exchange.check(order, voucher="3fa2/1", filler=me):
    print(problem.message, problem.hint)
print(ledger.exchange.quote(order, "3fa2/1").total)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill import _order_check, _views
from duebill._trades import (
    ExchangeFee,
    Fill,
    Purchase,
    Quote,
    RecourseAnswer,
    Sale,
    StandingOffer,
    Trade,
)
from duebill.deals import OrderDraft, SignedOrder
from duebill.errors import (
    Ambiguous,
    BadId,
    BadTerms,
    CurrencyMismatch,
    ERC721NonexistentToken,
    NodeAnswerInvalid,
    NotFound,
)
from duebill.model import (
    ZERO_ADDRESS,
    Money,
    Offer,
    OfferStatus,
    Recourse,
    Rows,
    Scope,
    Side,
    VoucherId,
    address,
    date_of,
    hash_text,
    time_of,
    units_in,
)
from duebill.pricing import Rounding, Share, days_between, fee_on, price_at, price_of_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from duebill._desk import Desk
    from duebill._fold_finance import OfferRecord
    from duebill.chain import Block
    from duebill.errors import (
        DuebillError,
    )
    from duebill.ledger import Ledger
    from duebill.model import (
        Address,
        Amount,
        Event,
        Order,
        Receivable,
        Voucher,
    )

__all__ = [
    "Exchange",
    "ExchangeFee",
    "Fill",
    "Purchase",
    "Quote",
    "RecourseAnswer",
    "Sale",
    "StandingOffer",
    "Trade",
]

_NAME = "exchange"
_HASH_LENGTH = 64
_SECONDS_A_DAY = 86_400


class Exchange:
    """The exchange of a ledger, to be read. Who trades is a role: `Supplier`, `Financier`, `Obligor`.

    All reads of one call are taken at one block.
    """

    def __init__(self, ledger: Ledger, *, desk: Desk) -> None:
        self._ledger = ledger
        self._desk = desk

    def __repr__(self) -> str:
        return f"<exchange {self.address} of {self._ledger!r}>"

    @property
    def address(self) -> Address:
        """Where it is.

        Raises:
            NotDeployed: The deployment has none.
        """
        return self._desk.contracts.need(_NAME)

    # -- orders -----------------------------------------------------------------------------

    def fee(self) -> ExchangeFee:
        """What the exchange takes, and can take at most."""
        block = self._desk.chain.block_number()
        fee, recipient = self._read("feeOf", block=block)
        return ExchangeFee(
            share=Share(fee),
            recipient=None if recipient == ZERO_ADDRESS else recipient,
            cap=Share(self._read("feeCap", block=block)),
        )

    def draft(self, order: Order) -> OrderDraft:
        """An order on this exchange, for its maker to sign.

        Raises:
            CurrencyMismatch: Its amounts are in another currency than its number stands for.
        """
        if (code := self._desk.code(order.currency)) != order.code:
            raise CurrencyMismatch(order.code, expected=code)
        return OrderDraft(terms=order, chain_id=self._ledger.chain_id, contract=self.address)

    def left_of(self, order: Order | OrderDraft) -> Money:
        """How much of an order can still be filled; nothing when it is closed or expired."""
        terms = self.terms_of(order)
        return Money(self._read("leftOf", terms.as_abi()), terms.code)

    def quote(
        self,
        order: Order | OrderDraft,
        voucher: str | None = None,
        *,
        value: Amount | None = None,
    ) -> Quote:
        """What a fill comes to now. Whoever signed the order is not looked at; see `check`.

        Args:
            order: The order, signed or not.
            voucher: What is sold; not needed when the order is about one voucher.
            value: How much of what is still to be redeemed on it; as much as voucher and order
                allow when not given.

        Raises:
            ExchangeRefusal: A fill would be refused, and the error says why.
            BadTerms: The order is about several vouchers, and none is named.
            CurrencyMismatch: The voucher, or the order's own currency, has another code.
            NodeAnswerInvalid: The node gives another price than the order says.
        """
        terms = self.terms_of(order)
        id_ = self.subject_of(terms, voucher)
        return self.quote_at(self._desk.chain.block(), terms, id_, value)

    def fitting(self, order: Order | OrderDraft, *, holder: str | None = None) -> Rows[Voucher]:
        """The vouchers that an order is about, oldest first, with something left to be redeemed.

        Args:
            order: The order.
            holder: Only what this account holds; for an ask, whatever is given, its maker's.
        """
        terms = self.terms_of(order)
        who = terms.maker if terms.side is Side.ASK else holder
        vouchers = self._ledger.vouchers(holder=who)
        today = self._ledger.time().date()
        with self._desk.history.books() as (books, _):
            issued = {v.id: books.receivables[v.id.receivable].issued for v in vouchers}
        return Rows(
            voucher
            for voucher in vouchers
            if voucher.value > voucher.claimed
            and _fits(terms, voucher.id, issued[voucher.id], today=today)
        )

    def check(
        self,
        order: SignedOrder,
        *,
        voucher: str | None = None,
        value: Amount | None = None,
        filler: str | None = None,
    ) -> tuple[DuebillError, ...]:
        """What stands in the way of filling an order now: the errors, each with what to do.

        Looked at are chain and contract, the currency, the signature (contracts are asked, ERC-1271),
        expiry and withdrawal, the pause, both parties' standing, the voucher and its approval, the
        buyer's cash and allowance, and at last the fill itself on a dry run. What the filler's own
        `buy` or `sell` sends first, an approval or allowance, is no problem.

        Args:
            order: The order.
            voucher: What is sold; without it, and unless the order names one, no voucher is checked.
            value: How much of it.
            filler: Who would fill it; without it only the order's maker is looked at.
        """
        return _order_check.problems(
            self,
            self._desk,
            order,
            voucher=voucher,
            value=value,
            filler=None if filler is None else address(filler),
        )

    def fills(
        self,
        *,
        order: Order | OrderDraft | None = None,
        party: str | None = None,
        voucher: str | None = None,
        since: int | None = None,
    ) -> Rows[Fill]:
        """The fills that fit all that is given, oldest first.

        Args:
            order: Only those of this order.
            party: Only those in which this account bought or sold.
            voucher: Only those that delivered this voucher.
            since: The first block; the deployment's when not given.
        """
        id_ = None if order is None else self.id_of(order)
        who = None if party is None else address(party)
        what = None if voucher is None else self._desk.voucher_id(voucher)
        events = self._ledger.events(since=since)
        found = (self._fill(event) for event in events if event.name == "OrderFilled")
        return Rows(
            fill
            for fill in found
            if id_ in {None, fill.order}
            and who in {None, fill.maker, fill.filler}
            and what in {None, fill.voucher}
        )

    def id_of(self, order: Order | OrderDraft) -> str:
        """An order's id: the EIP-712 digest that is signed."""
        draft = order if isinstance(order, OrderDraft) else self.draft(order)
        return draft.digest()

    # -- offers -----------------------------------------------------------------------------

    def offer(self, id_: str) -> StandingOffer:
        """An offer, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one.
        """
        prefix = id_.lower().removeprefix("0x")
        if not 0 < len(prefix) <= _HASH_LENGTH or set(prefix) - set("0123456789abcdef"):
            raise BadId(id_, expected="hex digits, as many as tell it from others")
        found = [offer for offer in self._offers() if offer.id.startswith(f"0x{prefix}")]
        if not found:
            raise NotFound("offer", id_)
        if len(found) > 1:
            raise Ambiguous(id_, matches=tuple(offer.id for offer in found))
        return found[0]

    def offers(
        self, *, to: str | None = None, giver: str | None = None, status: OfferStatus | None = None
    ) -> Rows[StandingOffer]:
        """The offers that fit all that is given, oldest first; an expired one is still OPEN."""
        recipient = None if to is None else address(to)
        who = None if giver is None else address(giver)
        return Rows(
            found
            for found in self._offers()
            if recipient in {None, found.offer.recipient}
            and who in {None, found.offer.giver}
            and status in {None, found.status}
        )

    # -- recourse ---------------------------------------------------------------------------

    def recourse_of(self, voucher: str) -> Rows[Recourse]:
        """Who answers for a voucher, first seller first; the last one is asked first."""
        id_ = self._desk.voucher_id(voucher)
        code, block = self._desk.code_of(id_.receivable), self._desk.chain.block_number()
        count = self._read("recourseCount", id_.number, block=block)
        return Rows(
            Recourse.from_abi(self._read("recourseOf", id_.number, place, block=block), code=code)
            for place in range(1, count + 1)
        )

    # -- for roles and the check ------------------------------------------------------------

    def terms_of(self, order: Order | OrderDraft) -> Order:
        """What an order says, once it is sure that it is one for this exchange.

        Raises:
            SignedForElsewhere: It was signed for another chain or contract.
            CurrencyMismatch: Its amounts are shown in another currency than they are in.
        """
        if isinstance(order, SignedOrder):
            order.require_for(
                chain_id=self._ledger.chain_id,
                contract=self.address,
                code=self._desk.code(order.terms.currency),
            )
            return order.terms
        return self.draft(order.terms if isinstance(order, OrderDraft) else order).terms

    def subject_of(self, order: Order, voucher: str | None) -> VoucherId:
        """The voucher of a fill: the one that is named, or else the only one it can be."""
        if voucher is not None:
            return self._desk.voucher_id(voucher)
        if isinstance(order.subject, VoucherId):
            return order.subject
        raise BadTerms("voucher", "the order is about several, so one has to be named")

    def position(self, id_: VoucherId, block: Block) -> tuple[Receivable, Voucher]:
        """A voucher and its receivable at a block.

        Raises:
            NotFound: There is no such voucher, or no more.
        """
        number = id_.receivable.number
        fields = self._desk.read("receivableOf", number, block=block.number)
        self._desk.require_issued(id_.receivable, fields)
        code = self._desk.code(fields["currency"])
        receivable = _views.receivable(id_.receivable, fields, code)
        try:
            held = self._desk.read("voucherOf", id_.number, block=block.number)
        except ERC721NonexistentToken as error:
            raise NotFound("voucher", id_) from error
        return receivable, _views.voucher(id_, held, code)

    def quote_at(self, block: Block, order: Order, id_: VoucherId, value: Amount | None) -> Quote:
        """A quote at a block; see `quote`."""
        receivable, found = self.position(id_, block)
        if found.value.currency != order.code:
            raise CurrencyMismatch(order.code, expected=found.value.currency)
        amount = self.amount_of(order, found, value, block)
        call = (order.as_abi(), id_.number, amount.units)
        price, fee = self._read("quote", *call, block=block.number)
        made = Quote(
            voucher=id_,
            amount=amount,
            price=Money(price, order.code),
            fee=Money(fee, order.code),
            side=order.side,
            due_date=receivable.due_date,
            days=_days_left(receivable.due_date, block),
            day_count=order.day_count,
        )
        self._require_own(order, made, block)
        return made

    def amount_of(
        self, order: Order, voucher: Voucher, value: Amount | None, block: Block
    ) -> Money:
        """How much a fill takes: what is given, or as much as voucher and order allow."""
        if value is not None:
            return Money(units_in(value, order.code), order.code)
        left = Money(self._read("leftOf", order.as_abi(), block=block.number), order.code)
        rest = voucher.value - voucher.claimed
        # Of a closed order nothing is left: then the refusal should say that, not the amount.
        return min(left or order.amount, rest)

    # -- inside -----------------------------------------------------------------------------

    def _read(self, function: str, *args: Any, block: int | None = None) -> Any:
        return self._desk.read_from(_NAME, function, *args, block=block)

    def _require_own(self, order: Order, quote: Quote, block: Block) -> None:
        """Refuse a price or a fee that the order and the fee's share do not come to."""
        decimals = self._desk.currency(order.currency, block=block.number).decimals
        rounding = Rounding.of(order.side)
        if isinstance(order.price, Money):
            price = price_of_part(
                order.price,
                part=quote.amount,
                whole=order.amount,
                decimals=decimals,
                rounding=rounding,
            )
        else:
            price = price_at(
                quote.amount, order.price, days=quote.days, decimals=decimals, rounding=rounding
            )
        share, _ = self._read("feeOf", block=block.number)
        fee = fee_on(price, Share(share), decimals=decimals)
        if (price, fee) != (quote.price, quote.fee):
            reason = f"the order comes to {price} and a fee of {fee}"
            raise NodeAnswerInvalid("eth_call", reason=reason)

    def _fill(self, event: Event) -> Fill:
        args = event.args
        code = self._desk.code(args["currency"])
        return Fill(
            order=hash_text(args["order"]),
            side=Side(args["side"]),
            maker=args["maker"],
            filler=args["filler"],
            nonce=args["nonce"],
            voucher=VoucherId.from_number(args["voucher"]),
            amount=Money(args["amount"], code),
            left=Money(args["left"], code),
            price=Money(args["price"], code),
            fee=Money(args["fee"], code),
            transaction=event.transaction,
            block=event.block,
        )

    def _offers(self) -> Iterator[StandingOffer]:
        with self._desk.history.books() as (books, block):
            records = tuple(books.finance.offers.items())
        for id_, record in records:
            yield self._standing(id_, record, now=block.time)

    def _standing(self, id_: str, record: OfferRecord, *, now: int) -> StandingOffer:
        voucher = VoucherId.from_number(record.terms["voucher"])
        offer = Offer.from_abi(record.terms, code=self._desk.code_of(voucher.receivable))
        return StandingOffer(
            id=id_,
            offer=offer,
            status=record.status,
            voucher=record.voucher,
            expired=record.status is OfferStatus.OPEN and time_of(now) > offer.expiry,
        )


def _days_left(due: date, block: Block) -> int:
    today = date_of(block.time // _SECONDS_A_DAY)
    return days_between(today, max(today, due))


def _fits(order: Order, id_: VoucherId, issued: dict[str, Any], *, today: date) -> bool:
    names: dict[Scope, Any] = {
        Scope.VOUCHER: id_,
        Scope.RECEIVABLE: id_.receivable,
        Scope.OBLIGOR: issued["obligor"],
        Scope.PROGRAMME: issued["programme"],
    }
    due = date_of(issued["due_day"])
    late = order.due_by is not None and due > order.due_by
    # Only an ask at an amount for one voucher is about what is overdue, too.
    plain = isinstance(order.price, Money) and order.side is Side.ASK
    over = due < today and not (plain and order.scope is Scope.VOUCHER)
    same_currency = issued["currency"] == order.currency
    return names[order.scope] == order.subject and same_currency and not late and not over
