"""Orders, avals, loans and attestations in plain words: every field that is signed is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill.model import (
    FOREVER,
    Attestation,
    Aval,
    Loan,
    Money,
    Order,
    Quotation,
    ReceivableId,
    Side,
    VoucherId,
)
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from duebill.pricing import RateQuote


def order_words(order: Order) -> tuple[str, ...]:
    """What an order binds its maker to."""
    verb = "sell" if order.side is Side.ASK else "buy"
    return (
        f"I, {order.maker}, {verb} {_subject(order)},",
        f"{_amount(order)},",
        f"{_price(order)},",
        f"{_recourse(order)}.",
        _due(order),
        f"{order.taker or 'Anyone'} may fill it until {_moment(order.expiry)}.",
        "Whoever fills it bears the exchange's fee.",
        f"Paid in currency {order.currency} of the ledger. Number {order.nonce}.",
    )


def aval_words(aval: Aval) -> tuple[str, ...]:
    """What an aval binds its guarantor to."""
    programme = f"programme {aval.programme}"
    debts = (
        f"under all its receivables of {programme}"
        if aval.receivable is None
        else f"under receivable {aval.receivable} of {programme}"
    )
    return (
        f"I, {aval.guarantor}, pay what {aval.obligor} does not pay",
        f"{debts},",
        f"up to {grouped(aval.cap)} in all, if it is called by {_moment(aval.expiry)}.",
        f"{grouped(aval.secured)} of it are laid up in cash when the aval is given.",
        _given_by(aval),
        f"The signature counts until {_moment(aval.signed_until)}.",
        f"Paid in currency {aval.currency} of the ledger. Salt {aval.salt}.",
    )


def loan_words(loan: Loan) -> tuple[str, ...]:
    """What a loan binds lender and borrower to."""
    days = "day" if loan.grace_days == 1 else "days"
    late = "also" if loan.late_rate is None else f"and {loan.late_rate}"
    return (
        f"{loan.lender} lends {loan.borrower} {grouped(loan.principal)}",
        f"against voucher {loan.voucher}, which is pledged whole.",
        f"At most {loan.advance_rate} of what the pledge is worth may be owed on it.",
        f"Interest is {loan.rate} a year ({loan.day_count}, simple),",
        f"{late} once the grace days are over.",
        f"It is due on {loan.maturity:%Y-%m-%d} (24:00 UTC); {loan.grace_days} {days} later the",
        "lender may take the pledge at its value for what is owed.",
        f"The signature counts until {_moment(loan.signed_until)}.",
        f"Paid in currency {loan.currency} of the ledger. Salt {loan.salt}.",
    )


def attestation_words(attestation: Attestation) -> tuple[str, ...]:
    """What an attestation binds its verifier to."""
    return (
        f"I, {attestation.verifier}, attest the {attestation.kind} behind receivable",
        f"{attestation.receivable}: I have checked the document with the leaf",
        f"{attestation.leaf},",
        f"and stand by it until {_moment(attestation.expiry)}, or until I revoke it.",
        f"Number {attestation.nonce} of my word for this kind and receivable.",
    )


WORDS: dict[type[Any], Callable[[Any], tuple[str, ...]]] = {
    Order: order_words,
    Aval: aval_words,
    Loan: loan_words,
    Attestation: attestation_words,
}
PLACES: dict[type[Any], str] = {
    Order: "Exchange",
    Aval: "Guarantee book",
    Loan: "Pledge book",
    Attestation: "Document book",
}


def _subject(order: Order) -> str:
    subject = order.subject
    if isinstance(subject, VoucherId):
        return f"voucher {subject}"
    if isinstance(subject, ReceivableId):
        return f"vouchers of receivable {subject}"
    whose = f"of obligor {subject}" if isinstance(subject, str) else f"of programme {subject}"
    return f"any vouchers {whose}"


def _amount(order: Order) -> str:
    said = f"{grouped(order.amount)} of what is still to be redeemed"
    if order.least_fill == order.amount:
        return f"{said}, all or nothing"
    return f"up to {said}, at least {grouped(order.least_fill)} at a time"


def _price(order: Order) -> str:
    price = order.price
    if isinstance(price, Money):
        part = "" if order.least_fill == order.amount else "; a part of it costs its share"
        return f"for {grouped(price)}{part}"
    return f"at {_rate(price)}"


def _rate(quote: RateQuote) -> str:
    year = quote.day_count.year
    if quote.quotation is Quotation.DISCOUNT:
        formula = f"value x (1 - rate x days / {year})"
        return f"a straight discount of {quote.rate} a year ({quote.day_count}: {formula})"
    formula = f"value / (1 + rate x days / {year})"
    return f"a simple yield of {quote.rate} a year ({quote.day_count}: {formula})"


def _recourse(order: Order) -> str:
    who = "I answer" if order.side is Side.ASK else "the seller answers"
    if not order.answered:
        return "without recourse: if the obligor does not pay, the seller answers for nothing"
    how_much = "all" if order.answered == order.amount else grouped(order.answered)
    return f"with recourse: if the obligor does not pay, {who} for {how_much} of it"


def _due(order: Order) -> str:
    if order.due_by is None:
        return "They may be due on any day."
    return f"They have to be due by {order.due_by:%Y-%m-%d}."


def _given_by(aval: Aval) -> str:
    if aval.applicant in {None, aval.guarantor}:
        return "I give it myself, free."
    if not aval.price:
        return f"{aval.applicant} may have it given, free."
    return f"{aval.applicant} may have it given, and pays me {grouped(aval.price)} then."


def _moment(moment: datetime) -> str:
    return "the end of time" if moment == FOREVER else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
