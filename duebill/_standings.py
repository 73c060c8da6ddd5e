"""Avals and loans as they stand, and what covers a receivable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duebill.model import LoanStatus, Money, seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from duebill.model import Address, Aval, AvalState, Loan, LoanState, ReceivableId, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAval:
    """An aval that was given, as it stands.

    Attributes:
        id: Its id, the digest that its guarantor signs.
        terms: What it says.
        state: What was called, what is left of the margin, what was not paid.
        unpaid: What was called in time and not paid, for each receivable; only what still stands.
        missed: For how many receivables it was ever called and not paid at once.
        expired: Whether its time is over: then only what stands unpaid can be called.
        raw: Its terms exactly as the book has them: in `terms` a time beyond the calendar's end
            is `FOREVER`.
    """

    id: str
    terms: Aval
    state: AvalState
    unpaid: Mapping[ReceivableId, Money]
    missed: int
    expired: bool
    raw: tuple[Any, ...] = field(repr=False)

    @property
    def left(self) -> Money:
        """How much of the cap was not called and paid."""
        return self.terms.cap - self.state.called

    def to_json(self) -> dict[str, Any]:
        """The aval as an object for JSON: amounts as decimal strings."""
        return {
            "id": self.id,
            "terms": self.terms.to_json(),
            "currency": self.terms.code,
            "called": self.state.called.text,
            "left": self.left.text,
            "margin": self.state.margin.text,
            "dishonoured": self.state.dishonoured.text,
            "unpaid": {id_: amount.text for id_, amount in self.unpaid.items()},
            "missed": self.missed,
            "expired": self.expired,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AvalCover:
    """What one aval does for one receivable.

    Attributes:
        aval: The aval's id.
        guarantor: Who answers.
        line: Whether it covers others of the obligor's receivables too: first called, first served.
        until: The last second in which it can be called.
        cap: The most that can be called in all.
        callable: What could be called now if the receivable were overdue.
        secured: How much of that the margin pays.
        margin: What is left of the margin.
        unpaid: What was called for this receivable and not paid.
        missed: For how many receivables the guarantor, by whatever aval, was ever called and did
            not pay at once.
    """

    aval: str
    guarantor: Address
    line: bool
    until: datetime
    cap: Money
    callable: Money
    secured: Money
    margin: Money
    unpaid: Money
    missed: int

    def to_json(self) -> dict[str, Any]:
        """The cover as an object for JSON: amounts as decimal strings, the time in seconds."""
        return {
            "aval": self.aval,
            "guarantor": self.guarantor,
            "line": self.line,
            "until": seconds_of(self.until),
            "cap": self.cap.text,
            "callable": self.callable.text,
            "secured": self.secured.text,
            "margin": self.margin.text,
            "unpaid": self.unpaid.text,
            "missed": self.missed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a holder of a receivable's vouchers can rely on beside its obligor.

    Attributes:
        receivable: The receivable.
        status: Where it stands: when it is overdue, its avals can be called.
        lacking: What holders still lack of its face.
        avals: What each aval does, in the order in which they are called: what is secured first.
    """

    receivable: ReceivableId
    status: Status
    lacking: Money
    avals: tuple[AvalCover, ...]

    @property
    def total(self) -> Money:
        """How much of what is lacking guarantors answer for."""
        return min(self.lacking, self._sum(*(it.callable for it in self.avals)))

    @property
    def secured(self) -> Money:
        """How much of it is laid up in cash."""
        return min(self.lacking, self._sum(*(it.secured for it in self.avals)))

    @property
    def uncovered(self) -> Money:
        """How much of what is lacking nobody answers for but the obligor."""
        return self.lacking - self.total

    def to_json(self) -> dict[str, Any]:
        """The cover as an object for JSON: amounts as decimal strings."""
        return {
            "receivable": self.receivable,
            "status": str(self.status),
            "currency": self.lacking.currency,
            "lacking": self.lacking.text,
            "total": self.total.text,
            "secured": self.secured.text,
            "uncovered": self.uncovered.text,
            "avals": [it.to_json() for it in self.avals],
        }

    def _sum(self, *amounts: Money) -> Money:
        # More than 80 bits can be promised, and no more than is lacking counts.
        units = sum(amount.units for amount in amounts)
        return Money(min(units, self.lacking.units), self.lacking.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AvalCall:
    """What calling an aval for a receivable brought about.

    Attributes:
        aval: The aval's id.
        receivable: The receivable.
        guarantor: Who answers.
        paid: What holders got, out of the margin and from the guarantor.
        dishonoured: What the guarantor owed and did not pay; it stands on record.
    """

    aval: str
    receivable: ReceivableId
    guarantor: Address
    paid: Money
    dishonoured: Money

    def to_json(self) -> dict[str, Any]:
        """The call as an object for JSON: amounts as decimal strings."""
        return {
            "aval": self.aval,
            "receivable": self.receivable,
            "guarantor": self.guarantor,
            "paid": self.paid.text,
            "dishonoured": self.dishonoured.text,
            "currency": self.paid.currency,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLoan:
    """A loan that was opened, as it stands.

    Attributes:
        id: Its id, the digest that is signed.
        terms: What it says.
        state: As the pledge book has it since the last payment.
        today: The chain's day on which it was read.
        interest: What is owed today of interest, in whole granules of the currency.
        principal: What is still owed of the principal.
        held: Whether the book holds the pledge.
        worth: What is still to be redeemed on the pledge; nothing when the book does not hold it.
        collectable: How much of that the obligor, or a guarantor, has paid in already.
        releasable: How much of the pledge's value the borrower could have back today.
        raw: Its terms exactly as the book has them: in `terms` a time beyond the calendar's end
            is `FOREVER`.
    """

    id: str
    terms: Loan
    state: LoanState
    today: date
    interest: Money
    principal: Money
    held: bool
    worth: Money
    collectable: Money
    releasable: Money
    raw: tuple[Any, ...] = field(repr=False)

    @property
    def status(self) -> LoanStatus:
        """Where its pledge is."""
        return self.state.status

    @property
    def owed(self) -> Money:
        """All that is owed today."""
        return self.interest + self.principal

    @property
    def late_since(self) -> date | None:
        """The first day on which it was late; None when it is not."""
        if not self.principal or self.today <= self.terms.maturity:
            return None
        return self.terms.maturity + timedelta(days=1)

    @property
    def in_default(self) -> bool:
        """Whether maturity and grace are over: the lender may take the pledge."""
        grace = timedelta(days=self.terms.grace_days)
        return self.status is LoanStatus.OPEN and self.today - self.terms.maturity > grace

    def to_json(self) -> dict[str, Any]:
        """The loan as an object for JSON: amounts as decimal strings, dates as ISO 8601."""
        late = self.late_since
        return {
            "id": self.id,
            "terms": self.terms.to_json(),
            "status": str(self.status),
            "currency": self.terms.code,
            "interest": self.interest.text,
            "principal": self.principal.text,
            "owed": self.owed.text,
            "late_since": late.isoformat() if late else None,
            "in_default": self.in_default,
            "held": self.held,
            "worth": self.worth.text,
            "collectable": self.collectable.text,
            "releasable": self.releasable.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What was taken out on a pledge, and who got it.

    Attributes:
        loan: The loan's id.
        to_lender: What the lender got, or has kept for it: at most what was owed.
        to_borrower: The rest.
    """

    loan: str
    to_lender: Money
    to_borrower: Money

    def to_json(self) -> dict[str, Any]:
        """The collection as an object for JSON: amounts as decimal strings."""
        return {
            "loan": self.loan,
            "to_lender": self.to_lender.text,
            "to_borrower": self.to_borrower.text,
            "currency": self.to_lender.currency,
        }
