"""What trading on the exchange comes to: quotes, sales, purchases, offers as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from duebill.errors import PricingError
from duebill.model import Quotation, Side, seconds_of
from duebill.pricing import Rate, implied_rate, outlay, proceeds

if TYPE_CHECKING:
    from datetime import date

    from duebill.model import Address, DayCount, Money, Offer, OfferStatus, VoucherId
    from duebill.pricing import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFee:
    """What the exchange takes of the price; whoever fills an order bears it.

    Attributes:
        share: The share of the price.
        recipient: Who gets it; None: nobody was ever named.
        cap: The highest that it can ever be.
    """

    share: Share
    recipient: Address | None
    cap: Share

    def to_json(self) -> dict[str, Any]:
        """The fee as an object for JSON; shares in millionths."""
        return {
            "share": self.share.millionths,
            "recipient": self.recipient,
            "cap": self.cap.millionths,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A voucher against cash.

    Attributes:
        voucher: What the buyer gets; for a quote and a dry run, as of now.
        amount: What is still to be redeemed on it.
        price: What it costs.
        fee: What the filler pays on top, or gets less.
    """

    voucher: VoucherId
    amount: Money
    price: Money
    fee: Money

    def to_json(self) -> dict[str, Any]:
        """The trade as an object for JSON: amounts as decimal strings."""
        return {
            "voucher": self.voucher,
            "amount": self.amount.text,
            "price": self.price.text,
            "exchange_fee": self.fee.text,
            "currency": self.price.currency,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale(Trade):
    """A voucher that was sold by filling a bid; the fee comes out of the price."""

    SIDE: ClassVar = Side.BID
    """What the order's maker did."""

    @property
    def proceeds(self) -> Money:
        """What the seller got."""
        return proceeds(self.price, self.fee, side=self.SIDE)

    def to_json(self) -> dict[str, Any]:
        """The sale as an object for JSON: amounts as decimal strings."""
        return {**Trade.to_json(self), "proceeds": self.proceeds.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase(Trade):
    """A voucher that was bought by filling an ask; the fee comes on top of the price."""

    SIDE: ClassVar = Side.ASK
    """What the order's maker did."""

    @property
    def cost(self) -> Money:
        """What the buyer paid."""
        return outlay(self.price, self.fee, side=self.SIDE)

    def to_json(self) -> dict[str, Any]:
        """The purchase as an object for JSON: amounts as decimal strings."""
        return {**Trade.to_json(self), "cost": self.cost.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(Trade):
    """An order that was filled, wholly or in part, as the log tells it.

    Attributes:
        order: The order's id.
        side: What its maker did.
        maker: Who signed it.
        filler: Who filled it.
        nonce: The order's number.
        left: How much of it could still be filled.
        transaction: The hash of the transaction.
        block: The block's number.
    """

    order: str
    side: Side
    maker: Address
    filler: Address
    nonce: int
    left: Money
    transaction: str
    block: int

    @property
    def seller(self) -> Address:
        """Who sold."""
        return self.maker if self.side is Side.ASK else self.filler

    @property
    def buyer(self) -> Address:
        """Who bought."""
        return self.filler if self.side is Side.ASK else self.maker

    def to_json(self) -> dict[str, Any]:
        """The fill as an object for JSON: amounts as decimal strings, the number as text."""
        return {
            "order": self.order,
            "seller": self.seller,
            "buyer": self.buyer,
            **Trade.to_json(self),
            "left": self.left.text,
            "nonce": str(self.nonce),
            "transaction": self.transaction,
            "block": self.block,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Trade):
    """What a fill comes to now: reckoned here, and equal to what the exchange says.

    Attributes:
        side: What the order's maker does; the filler does the other.
        due_date: When the voucher is due.
        days: Calendar days left to it; 0 on the due day and after.
        day_count: Which year the rates are for: the order's, ACT/360 for an amount.
    """

    side: Side
    due_date: date
    days: int
    day_count: DayCount

    @property
    def total(self) -> Money:
        """What the filler pays in all to buy, or gets in all to sell."""
        reckon = outlay if self.side is Side.ASK else proceeds
        return reckon(self.price, self.fee, side=self.side)

    @property
    def discount(self) -> Money | None:
        """What the total is below the amount; None when it is above."""
        return self.amount - self.total if self.total <= self.amount else None

    @property
    def discount_rate(self) -> Rate | None:
        """The total as a straight discount a year, fee and rounding included.

        To the nearest millionth. None without days left, above the amount, and beyond 1,000 %.
        """
        return self._rate(Quotation.DISCOUNT)

    @property
    def yield_rate(self) -> Rate | None:
        """The total as a simple yield a year; else as `discount_rate`."""
        return self._rate(Quotation.YIELD)

    def _rate(self, quotation: Quotation) -> Rate | None:
        try:
            exact = implied_rate(
                self.amount,
                self.total,
                days=self.days,
                quotation=quotation,
                day_count=self.day_count,
            )
            return Rate.rounded(exact)
        except PricingError:
            return None

    def to_json(self) -> dict[str, Any]:
        """The quote as an object for JSON: amounts as decimal strings, rates in millionths."""
        return {
            **Trade.to_json(self),
            "total": self.total.text,
            "discount": self.discount.text if self.discount is not None else None,
            "due_date": self.due_date.isoformat(),
            "days": self.days,
            "day_count": str(self.day_count),
            "discount_rate": self.discount_rate.millionths if self.discount_rate else None,
            "yield_rate": self.yield_rate.millionths if self.yield_rate else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOffer:
    """An offer of a voucher as it stands.

    Attributes:
        id: Its id, the hash of what it says.
        offer: What it says.
        status: Where it stands.
        voucher: What the recipient got; None unless it was accepted.
        expired: Whether it is open in vain: its time is over.
    """

    id: str
    offer: Offer
    status: OfferStatus
    voucher: VoucherId | None = None
    expired: bool = False

    def to_json(self) -> dict[str, Any]:
        """The offer as an object for JSON: the amount as a decimal string, the salt as text."""
        return {
            "id": self.id,
            "from": self.offer.giver,
            "to": self.offer.recipient,
            "voucher": self.offer.voucher,
            "value": self.offer.value.text,
            "currency": self.offer.value.currency,
            "expiry": seconds_of(self.offer.expiry),
            "reference_hash": self.offer.reference_hash,
            "documents_root": self.offer.documents_root,
            "salt": str(self.offer.salt),
            "status": str(self.status),
            "expired": self.expired,
            "delivered": self.voucher,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecourseAnswer:
    """What became of asking a seller.

    Attributes:
        honoured: Whether it paid; then it has the voucher, or the part that it answered for.
        amount: What it paid, or what it owes.
    """

    honoured: bool
    amount: Money

    def to_json(self) -> dict[str, Any]:
        """The answer as an object for JSON: the amount as a decimal string."""
        return {
            "honoured": self.honoured,
            "amount": self.amount.text,
            "currency": self.amount.currency,
        }
