"""From events to state: orders, offers, recourse, avals and loans. A part of `duebill._fold`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from duebill.model import ZERO_ADDRESS, LoanStatus, OfferStatus, ReceivableId, VoucherId, hash_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill._fold import Books
    from duebill.model import Address, Event


@dataclass(slots=True)
class OrderRecord:
    """An order that was filled, wholly or in part; amounts in units.

    `left` takes no notice of the maker's floor and of the expiry.
    """

    maker: Address
    nonce: int
    currency: int
    filled: int = 0
    left: int = 0
    paid: int = 0
    fees: int = 0


@dataclass(slots=True)
class OfferRecord:
    """An offer; its terms as in the ABI."""

    terms: dict[str, Any]
    status: OfferStatus = OfferStatus.OPEN
    voucher: VoucherId | None = None


@dataclass(slots=True)
class RecourseRecord:
    """What a seller answers for; the amount in units."""

    seller: Address
    amount: int
    dishonoured: bool


@dataclass(slots=True)
class AvalRecord:
    """An aval; its terms as in the ABI, amounts in units.

    `dishonoured` is what is on record for each receivable as called in time and not paid, `missed`
    for which receivables there ever was something.
    """

    terms: dict[str, Any]
    margin: int
    called: int = 0
    dishonoured: dict[ReceivableId, int] = field(default_factory=dict)
    missed: set[ReceivableId] = field(default_factory=set)


@dataclass(slots=True)
class LoanRecord:
    """A loan; its terms as in the ABI, amounts in units.

    `principal` is what is still owed of it, also when the pledge is gone; `interest` what had come
    together up to the day `since` and is not paid.
    """

    terms: dict[str, Any]
    principal: int = 0
    interest: int = 0
    since: int = 0
    interest_paid: int = 0
    status: LoanStatus = LoanStatus.OPEN

    @property
    def voucher(self) -> VoucherId:
        """What is pledged."""
        return VoucherId.from_number(self.terms["voucher"])


@dataclass(slots=True)
class FinanceBooks:
    """All that the financing contracts hold, by the ids that the contracts give."""

    orders: dict[str, OrderRecord] = field(default_factory=dict)
    # Whose a maker's number is: that of the order that was filled first; None: withdrawn before.
    nonces: dict[tuple[Address, int], str | None] = field(default_factory=dict)
    floors: dict[Address, int] = field(default_factory=dict)
    fee: int = 0
    fee_recipient: Address = ZERO_ADDRESS
    offers: dict[str, OfferRecord] = field(default_factory=dict)
    recourses: dict[VoucherId, dict[int, RecourseRecord]] = field(default_factory=dict)
    avals: dict[str, AvalRecord] = field(default_factory=dict)
    withdrawn_avals: set[str] = field(default_factory=set)
    loans: dict[str, LoanRecord] = field(default_factory=dict)
    withdrawn_loans: set[str] = field(default_factory=set)
    kept: dict[tuple[Address, int], int] = field(default_factory=dict)


# -- orders -----------------------------------------------------------------------------------


def _order_filled(books: Books, _: Event, *, order: bytes, **fields: Any) -> None:
    id_ = hash_text(order)
    fresh = OrderRecord(fields["maker"], fields["nonce"], fields["currency"])
    record = books.finance.orders.setdefault(id_, fresh)
    record.filled += fields["amount"]
    record.left = fields["left"]
    record.paid += fields["price"]
    record.fees += fields["fee"]
    books.finance.nonces[record.maker, record.nonce] = id_


def _nonce_cancelled(books: Books, _: Event, *, maker: Address, nonce: int) -> None:
    order = books.finance.nonces.setdefault((maker, nonce), None)
    if order is not None:
        books.finance.orders[order].left = 0


def _nonces_cancelled_below(books: Books, _: Event, *, maker: Address, floor: int) -> None:
    books.finance.floors[maker] = floor


def _fee_set(books: Books, _: Event, *, fee: int, recipient: Address) -> None:
    books.finance.fee, books.finance.fee_recipient = fee, recipient


# -- offers -----------------------------------------------------------------------------------


def _offered(books: Books, event: Event, *, offer: bytes, **_: Any) -> None:
    terms = {name: value for name, value in event.args.items() if name != "offer"}
    books.finance.offers[hash_text(offer)] = OfferRecord(terms)


def _offer_accepted(books: Books, _: Event, *, offer: bytes, voucher: int) -> None:
    record = books.finance.offers[hash_text(offer)]
    record.status, record.voucher = OfferStatus.ACCEPTED, VoucherId.from_number(voucher)


def _offer_rejected(books: Books, _: Event, *, offer: bytes, **__: Any) -> None:
    books.finance.offers[hash_text(offer)].status = OfferStatus.REJECTED


def _offer_withdrawn(books: Books, _: Event, *, offer: bytes) -> None:
    books.finance.offers[hash_text(offer)].status = OfferStatus.WITHDRAWN


# -- recourse ---------------------------------------------------------------------------------


def _recourse_given(books: Books, _: Event, *, voucher: int, place: int, **fields: Any) -> None:
    # Told again when a part takes its share along: the latest counts.
    stack = books.finance.recourses.setdefault(VoucherId.from_number(voucher), {})
    stack[place] = RecourseRecord(fields["seller"], fields["amount"], fields["dishonoured"])


def _recourse_ended(books: Books, _: Event, *, voucher: int, place: int, **__: Any) -> None:
    del books.finance.recourses[VoucherId.from_number(voucher)][place]


def _recourse_dishonoured(books: Books, _: Event, *, voucher: int, place: int, **__: Any) -> None:
    books.finance.recourses[VoucherId.from_number(voucher)][place].dishonoured = True


# -- avals ------------------------------------------------------------------------------------


def _aval_given(books: Books, _: Event, *, aval: bytes, terms: dict[str, Any], **__: Any) -> None:
    books.finance.avals[hash_text(aval)] = AvalRecord(dict(terms), terms["margin"])


def _margin_added(books: Books, _: Event, *, aval: bytes, amount: int) -> None:
    books.finance.avals[hash_text(aval)].margin += amount


def _aval_called(
    books: Books, _: Event, *, aval: bytes, receivable: int, dishonoured: int, **amounts: Any
) -> None:
    record = books.finance.avals[hash_text(aval)]
    record.margin -= amounts["from_margin"]
    record.called += amounts["from_margin"] + amounts["from_allowance"]
    id_ = ReceivableId.from_number(receivable)
    record.dishonoured[id_] = dishonoured
    if dishonoured:
        record.missed.add(id_)


def _dishonour_cleared(books: Books, _: Event, *, aval: bytes, receivable: int, left: int) -> None:
    record = books.finance.avals[hash_text(aval)]
    record.dishonoured[ReceivableId.from_number(receivable)] = left


def _margin_released(books: Books, _: Event, *, aval: bytes, amount: int, **__: Any) -> None:
    books.finance.avals[hash_text(aval)].margin -= amount


def _aval_withdrawn(books: Books, _: Event, *, aval: bytes, **__: Any) -> None:
    books.finance.withdrawn_avals.add(hash_text(aval))


# -- loans ------------------------------------------------------------------------------------


def _loan_opened(books: Books, _: Event, *, loan: bytes, terms: dict[str, Any], **__: Any) -> None:
    books.finance.loans[hash_text(loan)] = LoanRecord(dict(terms))


def _loan_paid(books: Books, _: Event, *, loan: bytes, interest: int, **__: Any) -> None:
    books.finance.loans[hash_text(loan)].interest_paid += interest


def _loan_reckoned(
    books: Books, _: Event, *, loan: bytes, principal: int, interest: int, day: int
) -> None:
    record = books.finance.loans[hash_text(loan)]
    record.principal, record.interest, record.since = principal, interest, day
    if not principal and record.status is LoanStatus.OPEN:
        record.status = LoanStatus.REPAID


def _pledge_released(books: Books, _: Event, *, loan: bytes, voucher: int, **__: Any) -> None:
    _close_if_whole(books.finance.loans[hash_text(loan)], voucher)


def _pledge_redeemed(
    books: Books, _: Event, *, loan: bytes, voucher: int, payout: int, **__: Any
) -> None:
    # Told before the ledger pays: what it pays on the whole of a voucher ends it.
    found = books.vouchers[VoucherId.from_number(voucher)]
    if payout == found.value - found.claimed:
        books.finance.loans[hash_text(loan)].status = LoanStatus.CLOSED


def _pledge_foreclosed(books: Books, _: Event, *, loan: bytes, voucher: int, **__: Any) -> None:
    _close_if_whole(books.finance.loans[hash_text(loan)], voucher)


def _loan_withdrawn(books: Books, _: Event, *, loan: bytes, **__: Any) -> None:
    books.finance.withdrawn_loans.add(hash_text(loan))


def _close_if_whole(record: LoanRecord, voucher: int) -> None:
    # A part goes as a new voucher.
    if voucher == record.terms["voucher"]:
        record.status = LoanStatus.CLOSED


def _money_kept(books: Books, _: Event, *, party: Address, currency: int, amount: int) -> None:
    kept = books.finance.kept
    kept[party, currency] = kept.get((party, currency), 0) + amount


def _money_taken(
    books: Books, _: Event, *, party: Address, currency: int, amount: int, **__: Any
) -> None:
    books.finance.kept[party, currency] -= amount


HANDLERS: dict[str, Callable[..., None]] = {
    "AvalCalled": _aval_called,
    "AvalGiven": _aval_given,
    "AvalWithdrawn": _aval_withdrawn,
    "DishonourCleared": _dishonour_cleared,
    "FeeSet": _fee_set,
    "LoanOpened": _loan_opened,
    "LoanPaid": _loan_paid,
    "LoanReckoned": _loan_reckoned,
    "LoanWithdrawn": _loan_withdrawn,
    "MarginAdded": _margin_added,
    "MarginReleased": _margin_released,
    "MoneyKept": _money_kept,
    "MoneyTaken": _money_taken,
    "NonceCancelled": _nonce_cancelled,
    "NoncesCancelledBelow": _nonces_cancelled_below,
    "OfferAccepted": _offer_accepted,
    "OfferRejected": _offer_rejected,
    "OfferWithdrawn": _offer_withdrawn,
    "OrderFilled": _order_filled,
    "PledgeForeclosed": _pledge_foreclosed,
    "PledgeRedeemed": _pledge_redeemed,
    "PledgeReleased": _pledge_released,
    "RecourseDishonoured": _recourse_dishonoured,
    "RecourseGiven": _recourse_given,
    "RecourseHonoured": _recourse_ended,
    "RecourseWaived": _recourse_ended,
    "VoucherOffered": _offered,
}
