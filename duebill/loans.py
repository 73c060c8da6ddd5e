"""Loans against vouchers: what was lent, what is owed today, what the pledge is worth.

```python
for loan in ledger.loans.loans(lender=bank):
    print(loan.terms.voucher, loan.owed, loan.worth, loan.late_since)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._book_calls import hash_by_prefix, raw_terms, read_all_from
from duebill._standings import Collection, StandingLoan
from duebill.deals import LoanDraft
from duebill.errors import CurrencyMismatch, RevertError
from duebill.model import Loan, LoanState, LoanStatus, Money, Rows, address, date_of, time_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill._desk import Desk
    from duebill._fold import Books
    from duebill._fold_finance import LoanRecord
    from duebill.chain import Block
    from duebill.deals import SignedLoan
    from duebill.ledger import Ledger
    from duebill.model import Address, VoucherId

__all__ = ["Collection", "Loans", "StandingLoan"]

_BOOK = "pledge_book"
_VIEWS = 2


class Loans:
    """The pledge book of a ledger, to be read. Who lends, borrows and pays is a role.

    All reads of one call are taken at one block.
    """

    def __init__(self, ledger: Ledger, *, desk: Desk) -> None:
        self._ledger = ledger
        self._desk = desk

    def __repr__(self) -> str:
        return f"<pledge book {self.address} of {self._ledger!r}>"

    @property
    def address(self) -> Address:
        """Where it is.

        Raises:
            NotDeployed: The deployment has none.
        """
        return self._desk.contracts.need(_BOOK)

    def loan(self, id_: str) -> StandingLoan:
        """A loan as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one.
        """
        with self._desk.history.books() as (books, block):
            loans = books.finance.loans
            found = hash_by_prefix(id_, loans, what="loan")
            (standing,) = self._standing({found: loans[found]}, books, block)
        return standing

    def loans(
        self,
        *,
        lender: str | None = None,
        borrower: str | None = None,
        voucher: str | None = None,
        status: LoanStatus | None = None,
    ) -> Rows[StandingLoan]:
        """The loans that were opened and fit all that is given, oldest first."""
        lends = None if lender is None else address(lender)
        owes = None if borrower is None else address(borrower)
        what = None if voucher is None else self._desk.voucher_id(voucher)
        with self._desk.history.books() as (books, block):
            wanted = {
                id_: record
                for id_, record in books.finance.loans.items()
                if lends in {None, record.terms["lender"]}
                and owes in {None, record.terms["borrower"]}
                and what in {None, record.voucher}
            }
            found = self._standing(wanted, books, block)
        return Rows(loan for loan in found if status in {None, loan.status})

    def collectable(self, *, receivable: str | None = None) -> Rows[StandingLoan]:
        """The loans on whose pledge something was paid in and can be collected now, oldest first.

        Args:
            receivable: Only those against vouchers of this receivable.
        """
        part_of = None if receivable is None else self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, block):
            pledges = self._held(books)
            wanted = {
                id_: record
                for id_, record in books.finance.loans.items()
                if id_ in pledges and part_of in {None, record.voucher.receivable}
            }
            found = self._standing(wanted, books, block)
        return Rows(loan for loan in found if loan.collectable and self._goes_through(loan, block))

    def kept(self, party: str) -> tuple[Money, ...]:
        """What the book keeps for a party whom a token would not pay, currency by currency."""
        who = address(party)
        with self._desk.history.books() as (books, _):
            kept = books.finance.kept.items()
            found = [(number, units) for (whose, number), units in kept if whose == who and units]
        return tuple(Money(units, self._desk.code(number)) for number, units in sorted(found))

    def draft(self, loan: Loan) -> LoanDraft:
        """A loan in this book, for lender or borrower to sign.

        Raises:
            CurrencyMismatch: Its amounts are in another currency than its number stands for.
        """
        if (code := self._desk.code(loan.currency)) != loan.code:
            raise CurrencyMismatch(loan.code, expected=code)
        return LoanDraft(terms=loan, chain_id=self._ledger.chain_id, contract=self.address)

    def require_own(self, signed: SignedLoan) -> None:
        """Check that a signed loan is for this book, and says its currency rightly.

        Raises:
            SignedForElsewhere: It was signed for another.
            CurrencyMismatch: Its amounts are shown in another currency than they are in.
        """
        signed.require_for(
            chain_id=self._ledger.chain_id,
            contract=self.address,
            code=self._desk.code(signed.terms.currency),
        )

    # -- inside -----------------------------------------------------------------------------

    def _goes_through(self, loan: StandingLoan, block: Block) -> bool:
        try:
            self._desk.read_from(_BOOK, "collect", loan.raw, block=block.number)
        except RevertError:
            return False
        return True

    def _held(self, books: Books) -> dict[str, Money]:
        """What is still to be redeemed on each pledge that the book holds, by the loan.

        A pledge that was seized may come back for another loan: it is the last one's.
        """
        last = {record.voucher: id_ for id_, record in books.finance.loans.items()}
        return {
            id_: self._worth(books, voucher)
            for voucher, id_ in last.items()
            if books.finance.loans[id_].status in {LoanStatus.OPEN, LoanStatus.REPAID}
            and books.vouchers[voucher].alive
            and books.vouchers[voucher].holder == self.address
        }

    def _worth(self, books: Books, voucher: VoucherId) -> Money:
        record = books.vouchers[voucher]
        return Money(record.value - record.claimed, self._desk.code_of(voucher.receivable))

    def _standing(
        self, wanted: Mapping[str, LoanRecord], books: Books, block: Block
    ) -> list[StandingLoan]:
        pledges = self._held(books)
        raw = {id_: raw_terms(Loan, record.terms) for id_, record in wanted.items()}
        answers = read_all_from(self._desk, _BOOK, _views_of(raw), block=block.number)
        rows = zip(*[iter(answers)] * _VIEWS, strict=True)
        held = {id_: record.voucher for id_, record in wanted.items() if id_ in pledges}
        claimable = self._claimable(held, block)
        found = []
        for (id_, record), ((interest, principal), releasable) in zip(
            wanted.items(), rows, strict=True
        ):
            code = self._desk.code(record.terms["currency"])
            loan = StandingLoan(
                id=id_,
                terms=Loan.from_abi(record.terms, code=code),
                state=_state(record, code),
                today=time_of(block.time).date(),
                interest=Money(interest, code),
                principal=Money(principal, code),
                held=id_ in pledges,
                worth=pledges.get(id_, Money.zero(code)),
                collectable=Money(claimable.get(id_, 0), code),
                releasable=Money(releasable, code),
                raw=raw[id_],
            )
            found.append(loan)
        return found

    def _claimable(self, held: Mapping[str, VoucherId], block: Block) -> dict[str, int]:
        """What was paid in on each pledge, in units, by the loan."""
        calls = [("voucherOf", voucher.number) for voucher in held.values()]
        rows = self._desk.read_all(calls, block=block.number)
        return {id_: row["claimable"] for id_, row in zip(held, rows, strict=True)}


def _views_of(raw: Mapping[str, tuple[Any, ...]]) -> list[tuple[str, tuple[Any, ...]]]:
    return [(view, (terms,)) for terms in raw.values() for view in ("owedOn", "releasable")]


def _state(record: LoanRecord, code: str) -> LoanState:
    return LoanState(
        status=record.status,
        principal=Money(record.principal, code),
        interest=Money(record.interest, code),
        since=date_of(record.since),
    )
