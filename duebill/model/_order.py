"""What a maker signs to sell or buy."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from duebill.errors._value import BadTerms
from duebill.model._finance import DayCount, Quotation, Scope, Side
from duebill.model._ids import Address, ReceivableId, VoucherId, address
from duebill.model._money import Money
from duebill.model._struct import (
    ADDRESS,
    ANYONE,
    DAY,
    MONEY,
    SECOND,
    Field,
    Kind,
    Struct,
    choice,
    number,
    optional,
)
from duebill.model._time import seconds_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from duebill.model._struct import Row
    from duebill.pricing import RateQuote

Subject: TypeAlias = VoucherId | ReceivableId | Address | int
"""What an order is about: a voucher, a receivable, an obligor's account, a programme's number."""

_NONCE_TAIL_BITS = 32
_PROGRAMME_BITS = 16


def nonce_at(moment: datetime) -> int:
    """The first number that an order signed from then on can get.

    As a floor it withdraws all orders that took their number from the clock before.
    """
    return seconds_of(moment) * 1000 << _NONCE_TAIL_BITS


def _nonce_now() -> int:
    milliseconds = time.time_ns() // 1_000_000
    return milliseconds << _NONCE_TAIL_BITS | secrets.randbits(_NONCE_TAIL_BITS)


def _scope_of(subject: Subject) -> Scope:
    if isinstance(subject, VoucherId):
        return Scope.VOUCHER
    if isinstance(subject, ReceivableId):
        return Scope.RECEIVABLE
    return Scope.OBLIGOR if isinstance(subject, str) else Scope.PROGRAMME


def _subject(value: Any) -> Subject:
    if isinstance(value, VoucherId | ReceivableId):
        return value
    if isinstance(value, str):
        return address(value)
    if type(value) is not int or not 0 <= value < 1 << _PROGRAMME_BITS:
        raise BadTerms("subject", "it is no voucher, receivable, obligor or programme")
    return value


def _subject_number(value: Subject) -> int:
    if isinstance(value, VoucherId | ReceivableId):
        return value.number
    return int(value, 16) if isinstance(value, str) else value


def _subject_of(raw: int, row: Row) -> Subject:
    scope = Scope(row.fields["scope"])
    if scope is Scope.VOUCHER:
        return VoucherId.from_number(raw)
    if scope is Scope.RECEIVABLE:
        return ReceivableId.from_number(raw)
    return address(f"0x{raw:040x}") if scope is Scope.OBLIGOR else raw


def _subject_from_json(raw: Any, row: Row) -> Subject:
    scope = row.fields["scope"]
    if scope == str(Scope.VOUCHER):
        return VoucherId(raw)
    if scope == str(Scope.RECEIVABLE):
        return ReceivableId(raw)
    # An address or a number: the kind's check tells them apart, the scope is compared afterwards.
    found: Subject = raw
    return found


def _price(value: Any) -> Any:
    from duebill.pricing import RateQuote  # noqa: PLC0415 - imports this package

    if not isinstance(value, Money | RateQuote):
        raise BadTerms("price", "it is neither Money nor a rate with its quotation")
    return value


def _price_number(value: Any) -> int:
    found: int = value.units if isinstance(value, Money) else value.rate.millionths
    return found


def _price_of(raw: int, row: Row) -> Any:
    from duebill.pricing import Rate, RateQuote  # noqa: PLC0415 - imports this package

    quotation = Quotation(row.fields["quotation"])
    if quotation is Quotation.AMOUNT:
        return Money(raw, row.code)
    return RateQuote(Rate(raw), quotation, DayCount(row.fields["dayCount"]))


def _price_from_json(raw: Any, row: Row) -> Any:
    from duebill.pricing import Rate, RateQuote  # noqa: PLC0415 - imports this package

    if row.fields["quotation"] == str(Quotation.AMOUNT):
        return Money.parse(raw, row.code)
    quotation = {str(kind): kind for kind in Quotation}[row.fields["quotation"]]
    day_count = {str(kind): kind for kind in DayCount}[row.fields["day_count"]]
    return RateQuote(Rate(raw), quotation, day_count)


_SUBJECT = Kind(
    abi="uint256",
    check=_subject,
    to_abi=_subject_number,
    from_abi=_subject_of,
    to_json=lambda value: value if isinstance(value, int) else str(value),
    from_json=_subject_from_json,
)
_PRICE = Kind(
    abi="uint80",
    check=_price,
    to_abi=_price_number,
    from_abi=_price_of,
    to_json=lambda value: value.text if isinstance(value, Money) else value.rate.millionths,
    from_json=_price_from_json,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Struct):
    """What a maker signs to sell or buy. Its amount counts what is still to be redeemed.

    Attributes:
        maker: Who signs.
        taker: Who may fill it; None: anyone.
        side: Whether the maker sells or buys.
        subject: Which vouchers it is about.
        currency: The number of what is paid in, in the ledger's currency table.
        amount: The most that is filled in all.
        least: The least that one fill may take; the amount, all or nothing, when not given. The
            last fill may be what is left.
        price: Money for the whole of the amount (less costs its share), or a rate.
        recourse: How much of the amount the seller answers for if the obligor does not pay;
            nothing when not given.
        due_by: The latest due date of what is bought or sold; None: any.
        expiry: The last second in which it can be filled.
        nonce: Which of the maker's numbers it uses up: orders with one number exclude each other.
            Taken from the clock when not given, see `nonce_at`.

    Raises:
        DuebillError: A field is not what the exchange can hold, or contradicts another.
    """

    maker: Address
    taker: Address | None = None
    side: Side
    subject: Subject
    currency: int
    amount: Money
    least: Money | None = None
    price: Money | RateQuote
    recourse: Money | None = None
    due_by: date | None = None
    expiry: datetime
    nonce: int = field(default_factory=_nonce_now)

    FIELDS: ClassVar = (
        Field("maker", ADDRESS),
        Field("taker", ANYONE),
        Field("side", choice(Side)),
        Field("scope", choice(Scope), derived=True),
        Field("subject", _SUBJECT),
        Field("currency", number(8)),
        Field("amount", MONEY),
        Field("least", MONEY),
        Field("quotation", choice(Quotation), derived=True),
        Field("dayCount", choice(DayCount), derived=True),
        Field("price", _PRICE),
        Field("recourse", MONEY),
        Field("dueBy", optional(DAY, zero=0)),
        Field("expiry", SECOND),
        Field("nonce", number(256)),
    )

    def __post_init__(self) -> None:
        if isinstance(self.amount, Money):
            set_ = object.__setattr__
            set_(self, "least", self.amount if self.least is None else self.least)
            nothing = Money.zero(self.amount.currency)
            set_(self, "recourse", nothing if self.recourse is None else self.recourse)
        self._check_fields()
        self._require(bool(self.amount), "amount", "it is zero")
        self._require(bool(self.least_fill), "least", "it is zero")
        self._require(self.least_fill <= self.amount, "least", "it is more than the amount")
        self._require(self.answered <= self.amount, "recourse", "it is more than the amount")
        self._require(self.maker != self.taker, "taker", "it is the maker")
        self._require(self.price != Money.zero(self.code), "price", "it is zero")

    @property
    def scope(self) -> Scope:
        """What kind of subject it has."""
        return _scope_of(self.subject)

    @property
    def quotation(self) -> Quotation:
        """How its price is stated."""
        return Quotation.AMOUNT if isinstance(self.price, Money) else self.price.quotation

    @property
    def day_count(self) -> DayCount:
        """Which year its rate is for; ACT/360 for an amount, which has none."""
        return DayCount.ACT_360 if isinstance(self.price, Money) else self.price.day_count

    @property
    def least_fill(self) -> Money:
        """The least that one fill may take."""
        return self.amount if self.least is None else self.least

    @property
    def answered(self) -> Money:
        """How much of the amount the seller answers for."""
        return Money.zero(self.code) if self.recourse is None else self.recourse
