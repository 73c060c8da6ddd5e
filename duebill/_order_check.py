"""What stands in the way of filling an order now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill._abi import Abi
from duebill._order_actions import approval, fill, is_approved
from duebill._trades import Purchase, Sale
from duebill.errors import (
    CashMissing,
    CashNotAllowed,
    CurrencyMismatch,
    ERC721InsufficientApproval,
    ERC7943InsufficientUnfrozenBalance,
    LedgerIsPaused,
    NodeRefused,
    NotFound,
    NotHolder,
    OrderClosed,
    OrderExpired,
    OrderSignatureInvalid,
    PartyIsFrozen,
    PartyNotVerified,
    RevertError,
    SignedForElsewhere,
    TakerNotAdmitted,
)
from duebill.model import ZERO_ADDRESS, Money, Scope, Side, time_of
from duebill.model._money import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill._desk import Desk
    from duebill._trades import Quote
    from duebill.chain import Block
    from duebill.deals import SignedOrder
    from duebill.errors import (
        DuebillError,
    )
    from duebill.exchange import Exchange
    from duebill.model import Address, Amount, Order, VoucherId

# ERC-1271: what a contract answers to a signature that counts.
_COUNTS = bytes.fromhex("1626ba7e")
_WALLET = Abi(
    [
        {
            "type": "function",
            "name": "isValidSignature",
            "inputs": [{"name": "", "type": "bytes32"}, {"name": "", "type": "bytes"}],
            "outputs": [{"name": "", "type": "bytes4"}],
        }
    ]
)

# Whatever else is put right, such an order is of no use any more.
_FINAL = (OrderSignatureInvalid, OrderExpired, OrderClosed)


def problems(  # noqa: PLR0913 - one for each part of a fill
    exchange: Exchange,
    desk: Desk,
    signed: SignedOrder,
    *,
    voucher: str | None,
    value: Amount | None,
    filler: Address | None,
) -> tuple[DuebillError, ...]:
    """The problems, the most basic first; see `Exchange.check`."""
    try:
        terms = exchange.terms_of(signed)
    except (SignedForElsewhere, CurrencyMismatch) as error:
        # Nothing else could be said of it here.
        return (error,)
    check = _Check(exchange, desk, signed, terms, desk.chain.block(), filler)
    found = list(check.of_order())
    if any(isinstance(problem, _FINAL) for problem in found):
        return tuple(found)
    found += check.of_parties()
    id_ = None
    if voucher is not None or terms.scope is Scope.VOUCHER:
        id_ = exchange.subject_of(terms, voucher)
    if id_ is None:
        return (*found, *check.of_cash(terms.least_fill))
    try:
        quote = exchange.quote_at(check.block, terms, id_, value)
    except (RevertError, CurrencyMismatch, NotFound) as error:
        return tuple(_with([*found, *check.of_voucher(id_)], error))
    found += (*check.of_voucher(id_), *check.of_cash(quote.amount, quote))
    return tuple(found or check.of_trial(quote))


@dataclass(frozen=True, slots=True)
class _Check:
    exchange: Exchange
    desk: Desk
    signed: SignedOrder
    terms: Order
    block: Block
    filler: Address | None

    @property
    def is_ask(self) -> bool:
        return self.terms.side is Side.ASK

    @property
    def buyer(self) -> Address | None:
        return self.filler if self.is_ask else self.terms.maker

    def of_order(self) -> Iterator[DuebillError]:
        """The order by itself."""
        terms, now = self.terms, time_of(self.block.time)
        if not self._is_signed():
            yield OrderSignatureInvalid(maker=terms.maker)
        if now > terms.expiry:
            yield OrderExpired(expiry=terms.expiry, time=now)
        elif not self._at_exchange("leftOf", terms.as_abi()):
            yield OrderClosed(maker=terms.maker, nonce=terms.nonce)
        until = self.desk.read("pausedUntil", block=self.block.number)
        if until >= self.block.time:
            yield LedgerIsPaused(until=time_of(until))
        who = self.filler
        if who is not None and (terms.taker not in {None, who} or who == terms.maker):
            yield TakerNotAdmitted(filler=who, taker=terms.taker or ZERO_ADDRESS)

    def of_parties(self) -> Iterator[DuebillError]:
        """The standing of who would give and who would take."""
        for who in (self.terms.maker, self.filler):
            if who is None:
                continue
            party = self.desk.read("partyOf", who, block=self.block.number)
            if party["frozenUntil"] >= self.block.time:
                yield PartyIsFrozen(party=who, until=time_of(party["frozenUntil"]))
            if who == self.buyer and party["verifiedUntil"] < self.block.time:
                yield PartyNotVerified(party=who)

    def of_cash(self, amount: Money, quote: Quote | None = None) -> Iterator[DuebillError]:
        """The buyer's cash; without a quote, against what the amount can cost at most."""
        if self.buyer is None:
            return
        needed = self._at_most(amount)
        if quote is not None:
            needed = quote.total if self.is_ask else quote.price
        row = self.desk.currency(self.terms.currency, block=self.block.number)
        if row.token is None:
            # The fill itself says so.
            return
        token, buyer = row.token, self.buyer
        cash = self._money(self._ask(token, "balanceOf", buyer), row.decimals)
        if cash < needed:
            yield CashMissing(buyer, cash=cash, needed=needed)
        if self.is_ask:
            # Who fills allows it when it does.
            return
        exchange = self.exchange.address
        allowed = self._money(self._ask(token, "allowance", buyer, exchange), row.decimals)
        if allowed < needed:
            yield CashNotAllowed(buyer, allowed=allowed, needed=needed)

    def of_voucher(self, id_: VoucherId) -> Iterator[DuebillError]:
        """Who has a voucher, and whether it may be moved."""
        try:
            _, voucher = self.exchange.position(id_, self.block)
        except NotFound:
            # The quote says so.
            return
        seller = self.terms.maker if self.is_ask else self.filler
        if seller is not None and voucher.holder != seller:
            yield NotHolder(party=seller, voucher=voucher.id, holder=voucher.holder)
            return
        if voucher.frozen:
            yield ERC7943InsufficientUnfrozenBalance(account=voucher.holder, token_id=voucher.id)
        # Who fills a bid approves when it does.
        if self.is_ask and not is_approved(
            self.desk, voucher.id, holder=voucher.holder, block=self.block.number
        ):
            operator = self.exchange.address
            yield ERC721InsufficientApproval(operator=operator, token_id=voucher.id)

    def of_trial(self, quote: Quote) -> list[DuebillError]:
        """What else the contracts find when the filler does it on a dry run: hops, gates, tokens."""
        if self.filler is None:
            return []
        limit = quote.total
        kind: Any = Purchase if self.is_ask else Sale
        action = fill(self.desk, self.signed, kind, quote=quote, limit=limit)
        currency, exchange = self.terms.currency, self.exchange.address
        first = (
            self.desk.allowing(currency, limit.units, owner=self.filler, spender=exchange)
            if self.is_ask
            else approval(self.desk, quote.voucher, holder=self.filler)
        )
        try:
            self.desk.chain.simulate([*first, action], sender=self.filler)
        except RevertError as error:
            return [error]
        return []

    def _at_most(self, amount: Money) -> Money:
        price = self.terms.price
        if not isinstance(price, Money):
            return amount
        units = -(-price.units * amount.units // self.terms.amount.units)
        return Money(units, amount.currency)

    def _is_signed(self) -> bool:
        maker = self.terms.maker
        if not self.desk.chain.code(maker):
            return self.signed.signed_by() == maker
        digest = bytes.fromhex(self.signed.digest()[2:])
        signature = bytes.fromhex(self.signed.signature[2:])
        data = _WALLET.encode("isValidSignature", digest, signature)
        try:
            answer = self.desk.chain.call(maker, data, block=self.block.number)
        except (RevertError, NodeRefused):
            # It will not say, or burns all the gas that the node gives it.
            return False
        return answer == _COUNTS.ljust(32, b"\0")

    def _at_exchange(self, function: str, *args: Any) -> Any:
        return self.desk.read_from("exchange", function, *args, block=self.block.number)

    def _ask(self, token: Address, function: str, *args: Any) -> int:
        return self.desk.ask_token(token, function, *args, block=self.block.number)

    def _money(self, amount: int, decimals: int) -> Money:
        # Allowances without end are more than an amount can be.
        units = amount * 10**6 // 10**decimals
        return Money(min(units, MOST_UNITS), self.terms.code)


def _with(found: list[DuebillError], error: DuebillError) -> list[DuebillError]:
    """The problems and one more, unless it is there."""
    return found if any(type(error) is type(known) for known in found) else [*found, error]
