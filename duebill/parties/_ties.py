"""What binds an address to others, and what can be done about each when its key is gone.

Vouchers go over to a new address by an enforcer's order. Everything else was agreed with, signed by
or written for the old address: no contract can move it, so each kind says who can do what instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duebill.model import LoanStatus, OfferStatus, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duebill._desk import Desk
    from duebill._fold import Books
    from duebill.model import Address, VoucherId

    Found = Iterator[tuple["TieKind", str]]


class TieKind(StrEnum):
    """What binds an address; `remedy` says what to do."""

    VOUCHER = "voucher"
    UNACCEPTED_VOUCHER = "voucher not accepted"
    DEBT = "debt"
    UNACCEPTED_DEBT = "debt not accepted"
    ADVANCE = "advance"
    AVAL = "aval given"
    LENT = "loan given"
    BORROWED = "loan taken"
    OFFERED = "offer made"
    OFFER_RECEIVED = "offer received"
    RECOURSE = "recourse given"
    ORDER = "order"
    ALLOWANCE = "allowance"
    CASH = "cash"
    CASH_KEPT = "cash kept"
    OPERATOR_OF = "operator of another"
    OPERATED_BY = "operator"
    CONSENT_GIVEN = "consent given"
    CONSENT_RECEIVED = "consent received"
    PAYEE_OF = "payee of another"
    PAYEE = "payee"
    PAYING_AGENT = "paying agent"
    ENCRYPTION_KEY = "encryption key"

    @property
    def remedy(self) -> str:
        """What can be done about it without the key."""
        return _REMEDIES[self]


_REMEDIES = {
    TieKind.VOUCHER: "An enforcer moves it: duebill party move.",
    TieKind.UNACCEPTED_VOUCHER: "It cannot be moved before the obligor accepts. Then move it, or "
    "let it lapse and issue it anew to the new address.",
    TieKind.DEBT: "It stays on the old address's record. Anyone may pay it: pay from the new one.",
    TieKind.UNACCEPTED_DEBT: "Let it lapse; the creditor issues it anew, with the new address as "
    "obligor.",
    TieKind.ADVANCE: "What is given back goes to the old address alone. Agree with the obligor to "
    "settle outside the ledger.",
    TieKind.AVAL: "It can be called as before, as far as its margin and allowance go. What is left "
    "of its margin goes back to the old address. New avals come from the new one.",
    TieKind.LENT: "What is paid on it goes to the old address. Agree with the borrower on a new "
    "loan from the new address before it pays.",
    TieKind.BORROWED: "Anyone but the lender may pay it back. The pledge then comes to the old "
    "address: move it from there.",
    TieKind.OFFERED: "It can no longer be accepted once the voucher is moved. Make it anew.",
    TieKind.OFFER_RECEIVED: "Its giver withdraws it, and offers to the new address.",
    TieKind.RECOURSE: "The holder asks the old address. Pay the holder from the new one, and have "
    "it waive the recourse.",
    TieKind.ORDER: "Its signature counts until it expires. It sells nothing once the vouchers are "
    "moved; it buys with what cash the old address still has and allows.",
    TieKind.ALLOWANCE: "Nobody but the old address takes it back. It spends no more than the cash "
    "there.",
    TieKind.CASH: "The issuer of the token alone can move it.",
    TieKind.CASH_KEPT: "Only the old address can take it out.",
    TieKind.OPERATOR_OF: "The other withdraws its approval, and approves the new address.",
    TieKind.OPERATED_BY: "It acts on nothing but what still comes to the old address. The new one "
    "approves its own operators.",
    TieKind.CONSENT_GIVEN: "The new address gives its own consent.",
    TieKind.CONSENT_RECEIVED: "The other consents to the new address, and no longer to the old.",
    TieKind.PAYEE_OF: "An enforcer names another payee.",
    TieKind.PAYEE: "It holds for what the old address redeems itself; nothing is to be done.",
    TieKind.PAYING_AGENT: "An administrator hands the currency to another paying agent.",
    TieKind.ENCRYPTION_KEY: "The new address publishes its own. What was sealed to the old key "
    "stays readable to whoever has that key.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Something that binds an address.

    Attributes:
        kind: What it is.
        subject: The id, address or currency that it is about.
    """

    kind: TieKind
    subject: str

    @property
    def movable(self) -> bool:
        """Whether an enforcer can move it to another address."""
        return self.kind is TieKind.VOUCHER

    def to_json(self) -> dict[str, Any]:
        """The tie as an object for JSON, with what to do about it."""
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "movable": self.movable,
            "remedy": self.kind.remedy,
        }


def ties_of(desk: Desk, who: Address) -> tuple[Tie, ...]:
    """What binds an address, by the contracts' books and by the tokens of the currencies."""
    with desk.history.books() as (books, block):
        found = ties_in(books, who, now=block.time)
        tokens = {
            row.fields["token"]: _code(books, number)
            for number, row in books.currencies.items()
            if int(row.fields["token"], 16)
        }
    return found + tuple(_money(desk, who, tokens, block=block.number))


def ties_in(books: Books, who: Address, *, now: int) -> tuple[Tie, ...]:
    """What the contracts' books say that binds an address, in the order of `TieKind`.

    Args:
        books: The books.
        who: The address.
        now: The chain's time, in seconds since 1970.
    """
    sources = (_vouchers, _debts, _advances, _loans_and_offers, _promises, _approvals, _tables)
    found = [tie for source in sources for tie in source(books, who)]
    found += _avals(books, who, now=now)
    order = list(TieKind)
    return tuple(
        Tie(kind=kind, subject=subject)
        for kind, subject in sorted(dict.fromkeys(found), key=lambda tie: order.index(tie[0]))
    )


def is_movable(books: Books, voucher: VoucherId) -> bool:
    """Whether the ledger lets an enforcer take a voucher: its receivable was accepted."""
    return books.receivables[voucher.receivable].status is Status.ACCEPTED


def _vouchers(books: Books, who: Address) -> Found:
    for record in books.vouchers.values():
        if not record.alive:
            continue
        if record.holder == who:
            movable = is_movable(books, record.id)
            yield (TieKind.VOUCHER if movable else TieKind.UNACCEPTED_VOUCHER), record.id
        elif who == record.operator or record.allowances.get(who):
            yield TieKind.OPERATOR_OF, record.id


def _debts(books: Books, who: Address) -> Found:
    for record in books.receivables.values():
        if record.issued["obligor"] != who:
            continue
        if record.status is Status.ISSUED:
            yield TieKind.UNACCEPTED_DEBT, record.id
        elif record.status is Status.ACCEPTED and record.paid < record.face:
            yield TieKind.DEBT, record.id


def _advances(books: Books, who: Address) -> Found:
    for record in books.receivables.values():
        for advance in record.advances.values():
            if advance.guarantor == who and advance.reimbursed < advance.amount:
                yield TieKind.ADVANCE, record.id


def _avals(books: Books, who: Address, *, now: int) -> Found:
    for id_, aval in books.finance.avals.items():
        callable_ = aval.called < aval.terms["cap"] and aval.terms["expiry"] >= now
        if aval.terms["guarantor"] == who and (aval.margin or callable_):
            yield TieKind.AVAL, id_


def _loans_and_offers(books: Books, who: Address) -> Found:
    finance = books.finance
    for id_, loan in finance.loans.items():
        if loan.status is not LoanStatus.CLOSED:
            yield from _side(who, id_, (loan.terms["lender"], TieKind.LENT))
            yield from _side(who, id_, (loan.terms["borrower"], TieKind.BORROWED))
    for id_, offer in finance.offers.items():
        if offer.status is OfferStatus.OPEN:
            yield from _side(who, id_, (offer.terms["from"], TieKind.OFFERED))
            yield from _side(who, id_, (offer.terms["to"], TieKind.OFFER_RECEIVED))


def _promises(books: Books, who: Address) -> Found:
    finance = books.finance
    for voucher, stack in finance.recourses.items():
        for recourse in stack.values():
            yield from _side(who, voucher, (recourse.seller, TieKind.RECOURSE))
    for id_, order in finance.orders.items():
        if order.left:
            yield from _side(who, id_, (order.maker, TieKind.ORDER))
    for (party, currency), amount in finance.kept.items():
        if amount:
            yield from _side(who, _code(books, currency), (party, TieKind.CASH_KEPT))


def _side(who: Address, subject: str, side: tuple[Address, TieKind]) -> Found:
    party, kind = side
    if party == who:
        yield kind, subject


def _approvals(books: Books, who: Address) -> Found:
    for owner, operator in sorted(books.operators):
        if operator == who:
            yield TieKind.OPERATOR_OF, owner
        elif owner == who:
            yield TieKind.OPERATED_BY, operator
    for recipient, sender in sorted(books.consents):
        if sender == who:
            yield TieKind.CONSENT_RECEIVED, recipient
        elif recipient == who:
            yield TieKind.CONSENT_GIVEN, sender


def _tables(books: Books, who: Address) -> Found:
    own = books.parties.get(who)
    for other, record in books.parties.items():
        if record.payee == who:
            yield TieKind.PAYEE_OF, other
    for number, row in books.currencies.items():
        if row.fields["paying_agent"] == who:
            yield TieKind.PAYING_AGENT, _code(books, number)
    if own and int(own.payee, 16):
        yield TieKind.PAYEE, own.payee
    if own and int(own.encryption_key, 16):
        yield TieKind.ENCRYPTION_KEY, own.encryption_key


def _money(desk: Desk, who: Address, tokens: Mapping[Address, str], *, block: int) -> Iterator[Tie]:
    for token, code in tokens.items():
        if desk.ask_token(token, "balanceOf", who, block=block):
            yield Tie(kind=TieKind.CASH, subject=code)
        for name, spender in desk.contracts:
            if desk.ask_token(token, "allowance", who, spender, block=block):
                yield Tie(kind=TieKind.ALLOWANCE, subject=f"{code} to the {name.replace('_', ' ')}")


def _code(books: Books, currency: int) -> str:
    code: bytes = books.currencies[currency].fields["code"]
    return code.decode("ascii")
