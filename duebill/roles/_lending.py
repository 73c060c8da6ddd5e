"""Lending against vouchers, borrowing, paying back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from duebill._actions import NOTHING, Answer, all_of, logged, only
from duebill._answers import money
from duebill._book_calls import allowing_more, approving, together
from duebill._standings import Collection
from duebill.errors import BadTerms, DeadlineOver, SignerNotNamed, SigningDeclined
from duebill.model import (
    DayCount,
    Loan,
    Money,
    VoucherId,
    address,
    hash_text,
    units_in,
)
from duebill.pricing import Rate, Share, most_lent
from duebill.roles._role import Party

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from duebill._actions import Action
    from duebill.chain import Transaction
    from duebill.deals import LoanDraft, SignedLoan
    from duebill.model import Address, Amount, Event, Voucher

_BOOK = "pledge_book"
_SIGNATURE_SPAN = timedelta(days=7)
_OPENED = logged("LoanOpened", "loan", hash_text)


class LoanConditions(TypedDict, total=False):
    """What lender and borrower agree on, beside voucher and parties; all of it by keyword.

    Always, in per cent, as text or `Decimal`, or as `Share` and `Rate`:
        advance_rate: Of what the pledge is worth, the most that may be owed on it.
        rate: Simple interest a year.

    And:
        principal: What is lent; when not given, as much as the advance rate allows now.
        maturity: The day on which it is due; the receivable's due date when not given.
        late_rate: Instead of the rate, once the grace days are over; the same when not given.
        grace_days: Days after maturity before the lender may take the pledge; none when not given.
        day_count: Which year the rates are for: ACT_360, when not given, or ACT_365F.
        until: The last second in which the signature can be used; a week after the chain's time
            when not given.
        review: Is shown in words what will be signed, and says whether to sign.
    """

    advance_rate: Share | str | Decimal
    rate: Rate | str | Decimal
    principal: Amount
    maturity: date
    late_rate: Rate | str | Decimal
    grace_days: int
    day_count: DayCount
    until: datetime
    review: Callable[[str], bool]


class Debtor(Party):
    """What anyone may do about a loan."""

    def repay(
        self,
        loan: str,
        amount: Amount | None = None,
        *,
        review: Callable[[str], bool] | None = None,
    ) -> Transaction[Money]:
        """Pay on a loan: interest first, then principal; anyone may. More than is owed is cut.

        When the book may not take enough of the currency's token yet, it is allowed exactly this
        amount: by a permit in the same transaction, or, if the token knows none, in one before. The
        last payment gives the pledge back to the borrower.

        Args:
            loan: The loan.
            amount: How much; all that is owed today when not given.
            review: Is shown the permit in words before it is signed, and says whether to sign.

        Returns:
            What was paid.

        Raises:
            SigningDeclined: `review` said no.
        """
        found = self.ledger.loans.loan(loan)
        units = found.owed.units if amount is None else units_in(amount, found.terms.code)
        allowing = self._desk.allowing(
            found.terms.currency,
            min(units, found.owed.units),
            owner=self.address,
            spender=self.ledger.loans.address,
        )
        action = self._desk.action_of(_BOOK, _paid(found.terms.code), "repay", found.raw, units)
        if amount is None:
            action = all_of(action, found.id)
        return self._pay(action, allowing, currency=found.terms.currency, review=review)

    def collect(self, *loans: str) -> Transaction[tuple[Collection, ...]]:
        """Redeem pledges, in one transaction: the lender first, the rest to the borrower.

        Anyone may, at any time: `ledger.loans.collectable()` says where something was paid in. All
        of them go through, or none.

        Args:
            loans: The loans.
        """
        if not loans:
            raise BadTerms("loans", "none is given")
        found = [self.ledger.loans.loan(loan) for loan in loans]
        pairs = [(loan.id, loan.terms.code) for loan in found]

        def from_results(results: list[Any]) -> tuple[Collection, ...]:
            rows = zip(pairs, results, strict=True)
            return tuple(_collected(*pair, lender, rest) for pair, (lender, rest) in rows)

        def from_events(events: Sequence[Event]) -> tuple[Collection, ...]:
            told = [event.args for event in events if event.name == "PledgeRedeemed"]
            rows = zip(pairs, told, strict=True)
            return tuple(
                _collected(*pair, args["toLender"], args["payout"] - args["toLender"])
                for pair, args in rows
            )

        calls = [("collect", (loan.raw,)) for loan in found]
        return self._send(
            together(self._desk, _BOOK, calls, from_results=from_results, from_events=from_events)
        )

    def release_pledge(self, loan: str, value: Amount | None = None) -> Transaction[VoucherId]:
        """Give the pledge, or the part that is not needed, back to the borrower.

        A part, as the borrower; the whole, once nothing is owed: anyone may.

        Args:
            loan: The loan.
            value: How much of its value; all that can be released today when not given.

        Returns:
            What went back: the voucher itself, or a new one.
        """
        found = self.ledger.loans.loan(loan)
        units = found.releasable.units if value is None else units_in(value, found.terms.code)
        answer = logged("PledgeReleased", "voucher", VoucherId.from_number)
        action = self._desk.action_of(_BOOK, answer, "release", found.raw, units)
        return self._send(all_of(action, found.id) if value is None else action)

    def take_kept(self, currency: int | str, *, to: str | None = None) -> Transaction[Money]:
        """Take out what the book kept, because the token would not pay this account.

        Args:
            currency: Of what, by number or code.
            to: A verified party that the token pays; this account when not given.
        """
        row = self.ledger.currency(currency)
        whom = self.address if to is None else address(to)
        answer = money("MoneyTaken", "amount", row.code)
        return self._send(self._desk.action_of(_BOOK, answer, "takeKept", row.number, whom))


class LoanParty(Debtor):
    """What lenders and borrowers have in common."""

    def withdraw_loan(self, loan: SignedLoan) -> Transaction[None]:
        """Withdraw a signature that was not used: the other's, or this account's own."""
        self.ledger.loans.require_own(loan)
        return self._send(self._desk.action_of(_BOOK, NOTHING, "withdraw", loan.terms.as_abi()))

    def draft_loan(
        self,
        voucher: str,
        *,
        lender: str | None = None,
        borrower: str | None = None,
        **said: Unpack[LoanConditions],
    ) -> LoanDraft:
        """A loan ready to be signed; `lend` and `request_loan` sign it.

        Args:
            voucher: What is pledged, whole.
            lender: Who lends; this account when not given.
            borrower: Who pledges; the voucher's holder when not given.
            said: See `LoanConditions`: `advance_rate=`, `rate=`, ...

        Raises:
            BadTerms: The conditions contradict themselves.
        """
        for name in ("advance_rate", "rate"):
            if name not in said:
                raise BadTerms(name.replace("_", " "), "it is missing")
        found = self.ledger.voucher(voucher)
        receivable = self.ledger.receivable(found.id.receivable)
        share, late = _share(said["advance_rate"]), said.get("late_rate")
        terms = Loan(
            lender=self.address if lender is None else address(lender),
            borrower=found.holder if borrower is None else address(borrower),
            voucher=found.id,
            currency=receivable.currency,
            principal=self._principal(found, receivable.currency, share, said.get("principal")),
            advance_rate=share,
            rate=_rate(said["rate"]),
            late_rate=None if late is None else _rate(late),
            day_count=said.get("day_count", DayCount.ACT_360),
            maturity=said.get("maturity", receivable.due_date),
            grace_days=said.get("grace_days", 0),
            signed_until=said.get("until") or self.ledger.time() + _SIGNATURE_SPAN,
        )
        return self.ledger.loans.draft(terms)

    # -- inside -----------------------------------------------------------------------------

    def _principal(
        self, voucher: Voucher, currency: int, share: Share, given: Amount | None
    ) -> Money:
        worth = voucher.value - voucher.claimed
        if given is not None:
            return Money(units_in(given, worth.currency), worth.currency)
        decimals = self._desk.currency(currency).decimals
        return most_lent(worth, share, decimals=decimals)

    def _sign_loan(self, draft: LoanDraft, review: Callable[[str], bool] | None) -> SignedLoan:
        now = self.ledger.time()
        if draft.terms.signed_until < now:
            raise DeadlineOver(draft.terms.signed_until, now=now)
        if (review is not None and not review(draft.summary())) or self._simulated:
            raise SigningDeclined
        self.ledger.require_chain()
        return draft.sign(self.signer)

    def _opening(self, loan: SignedLoan) -> Action[str]:
        call = (loan.terms.as_abi(), bytes.fromhex(loan.signature[2:]))
        return self._desk.action_of(_BOOK, _OPENED, "open", *call)

    def _require_named(self, loan: SignedLoan, named: Address) -> None:
        self.ledger.loans.require_own(loan)
        if named != self.address:
            raise SignerNotNamed(self.address, named=(named,))


class Borrower(LoanParty):
    """Pledges vouchers for money."""

    def request_loan(
        self, voucher: str, *, lender: str, **conditions: Unpack[LoanConditions]
    ) -> SignedLoan:
        """Sign a loan that its lender can open; it travels as text.

        The book is allowed to take this one voucher. On a dry run nothing is signed: the words are
        shown to `review`, and that is all.

        Args:
            voucher: What is pledged, whole.
            lender: Who may lend.
            conditions: See `LoanConditions`: `advance_rate=`, `rate=`, ...

        Raises:
            BadTerms: The conditions contradict themselves.
            DeadlineOver: The signature would count for nothing.
            SigningDeclined: `review` said no, or it is a dry run.
        """
        draft = self.draft_loan(voucher, lender=lender, borrower=self.address, **conditions)
        signed = self._sign_loan(draft, conditions.get("review"))
        for action in self._approving(draft.terms.voucher):
            self._send(action).wait()
        return signed

    def borrow(self, loan: SignedLoan) -> Transaction[str]:
        """Open a loan that its lender signed: the money comes, the voucher goes to the book.

        When the book may not take the voucher yet, it is first approved for this one voucher.

        Returns:
            The loan's id.

        Raises:
            SignedForElsewhere: It was signed for another book.
            CurrencyMismatch: Its amounts are shown in another currency than they are in.
            SignerNotNamed: It names another borrower.
        """
        self._require_named(loan, loan.terms.borrower)
        return self._send(*self._approving(loan.terms.voucher), self._opening(loan))

    def _approving(self, voucher: VoucherId) -> list[Action[None]]:
        book = self.ledger.loans.address
        return approving(self._desk, voucher, holder=self.address, operator=book)


class Lender(LoanParty):
    """Lends money against vouchers."""

    def lend(
        self, voucher: str, *, borrower: str | None = None, **conditions: Unpack[LoanConditions]
    ) -> SignedLoan:
        """Sign a loan that its borrower can open; it travels as text.

        The book is allowed to take the principal, on top of what it is allowed already. On a dry
        run nothing is signed: the words are shown to `review`, and that is all.

        Args:
            voucher: What has to be pledged, whole.
            borrower: Who may borrow; the voucher's holder when not given.
            conditions: See `LoanConditions`: `advance_rate=`, `rate=`, ...

        Raises:
            BadTerms: The conditions contradict themselves.
            DeadlineOver: The signature would count for nothing.
            SigningDeclined: `review` said no, or it is a dry run.
        """
        draft = self.draft_loan(voucher, borrower=borrower, **conditions)
        signed = self._sign_loan(draft, conditions.get("review"))
        terms, book = draft.terms, self.ledger.loans.address
        for action in allowing_more(
            self._desk, terms.currency, terms.principal.units, owner=self.address, spender=book
        ):
            self._send(action).wait()
        return signed

    def open_loan(
        self, loan: SignedLoan, *, review: Callable[[str], bool] | None = None
    ) -> Transaction[str]:
        """Open a loan that its borrower signed: the money goes, the voucher comes to the book.

        When the book may not take the principal yet, it is allowed exactly this amount: by a permit
        in the same transaction, or, if the token knows none, in one before.

        Args:
            loan: The loan.
            review: Is shown the permit in words before it is signed, and says whether to sign.

        Returns:
            The loan's id.

        Raises:
            SignedForElsewhere: It was signed for another book.
            CurrencyMismatch: Its amounts are shown in another currency than they are in.
            SignerNotNamed: It names another lender.
            SigningDeclined: `review` said no.
        """
        self._require_named(loan, loan.terms.lender)
        terms = loan.terms
        allowing = self._desk.allowing(
            terms.currency,
            terms.principal.units,
            owner=self.address,
            spender=self.ledger.loans.address,
        )
        return self._pay(self._opening(loan), allowing, currency=terms.currency, review=review)

    def foreclose(self, loan: str) -> Transaction[VoucherId]:
        """Take of the pledge, at its value, what is owed; after maturity and grace.

        Returns:
            What the lender got: the voucher itself, or a new one; the rest goes back.
        """
        raw = self.ledger.loans.loan(loan).raw
        answer = logged("PledgeForeclosed", "voucher", VoucherId.from_number)
        return self._send(self._desk.action_of(_BOOK, answer, "foreclose", raw))


def _paid(code: str) -> Answer[Money]:
    def from_events(events: Sequence[Event]) -> Money:
        args = only(events, "LoanPaid").args
        return Money(args["interest"] + args["principal"], code)

    return Answer(from_result=lambda units: Money(units, code), from_events=from_events)


def _collected(loan: str, code: str, to_lender: int, to_borrower: int) -> Collection:
    return Collection(
        loan=loan, to_lender=Money(to_lender, code), to_borrower=Money(to_borrower, code)
    )


def _rate(value: Rate | str | Decimal) -> Rate:
    return value if isinstance(value, Rate) else Rate.percent(value)


def _share(value: Share | str | Decimal) -> Share:
    return value if isinstance(value, Share) else Share.percent(value)
