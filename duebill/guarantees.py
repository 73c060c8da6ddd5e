"""What guarantors answer for: avals, and what covers a receivable.

```python
cover = ledger.guarantees.cover_of("3fa2")
print(cover.total, cover.secured, cover.uncovered)
for part in cover.avals:
    print(part.guarantor, part.callable, part.secured, part.until, part.missed)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill import _views
from duebill._book_calls import hash_by_prefix, raw_terms, read_all_from
from duebill._standings import AvalCall, AvalCover, Cover, StandingAval
from duebill.deals import AvalDraft
from duebill.errors import CurrencyMismatch, NotFound
from duebill.model import Aval, AvalState, Money, Rows, address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill._desk import Desk
    from duebill._fold import Books
    from duebill._fold_finance import AvalRecord
    from duebill.chain import Block
    from duebill.deals import SignedAval
    from duebill.ledger import Ledger
    from duebill.model import Address, ReceivableId

__all__ = ["AvalCall", "AvalCover", "Cover", "Guarantees", "StandingAval"]

_BOOK = "guarantee_book"


class Guarantees:
    """The guarantee book of a ledger, to be read. Who gives and calls avals is a role.

    All reads of one call are taken at one block.
    """

    def __init__(self, ledger: Ledger, *, desk: Desk) -> None:
        self._ledger = ledger
        self._desk = desk

    def __repr__(self) -> str:
        return f"<guarantee book {self.address} of {self._ledger!r}>"

    @property
    def address(self) -> Address:
        """Where it is.

        Raises:
            NotDeployed: The deployment has none.
        """
        return self._desk.contracts.need(_BOOK)

    def aval(self, id_: str) -> StandingAval:
        """An aval as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one.
        """
        with self._desk.history.books() as (books, block):
            avals = books.finance.avals
            found = hash_by_prefix(id_, avals, what="aval")
            return self._standing(found, avals[found], block)

    def avals(
        self,
        *,
        receivable: str | None = None,
        guarantor: str | None = None,
        obligor: str | None = None,
    ) -> Rows[StandingAval]:
        """The avals that fit all that is given, oldest first.

        Args:
            receivable: Only those that cover it, lines too.
            guarantor: Only those that this account gave.
            obligor: Only those for what this account owes.
        """
        id_ = None if receivable is None else self._desk.receivable_id(receivable)
        gives = None if guarantor is None else address(guarantor)
        owes = None if obligor is None else address(obligor)
        with self._desk.history.books() as (books, block):
            found = self._covering(books, id_, block)
        return Rows(
            aval
            for aval in found
            if gives in {None, aval.terms.guarantor} and owes in {None, aval.terms.obligor}
        )

    def cover_of(self, receivable: str) -> Cover:
        """What guarantors do for a receivable: what a holder looks at before buying.

        Avals that are over and owe nothing are left out.
        """
        id_ = self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, block):
            avals = self._covering(books, id_, block)
            missed = _missed(books)
        calls = [("callable", (aval.raw, id_.number)) for aval in avals]
        answers = read_all_from(self._desk, _BOOK, calls, block=block.number)
        parts = [
            _part(aval, id_, answer, missed[aval.terms.guarantor])
            for aval, answer in zip(avals, answers, strict=True)
        ]
        useful = [part for part, aval in zip(parts, avals, strict=True) if _is_of_use(part, aval)]
        fields = self._desk.read("receivableOf", id_.number, block=block.number)
        found = _views.receivable(id_, fields, self._desk.code(fields["currency"]))
        return Cover(
            receivable=id_,
            status=found.status,
            lacking=found.face - found.coverage,
            avals=tuple(sorted(useful, key=_rank)),
        )

    def draft(self, aval: Aval) -> AvalDraft:
        """An aval in this book, for its guarantor to sign.

        Raises:
            CurrencyMismatch: Its amounts are in another currency than its number stands for.
        """
        if (code := self._desk.code(aval.currency)) != aval.code:
            raise CurrencyMismatch(aval.code, expected=code)
        return AvalDraft(terms=aval, chain_id=self._ledger.chain_id, contract=self.address)

    def require_own(self, signed: SignedAval) -> None:
        """Check that a signed aval is for this book, and says its currency rightly.

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

    def _covering(
        self, books: Books, receivable: ReceivableId | None, block: Block
    ) -> list[StandingAval]:
        """The avals that cover a receivable, or all, oldest first."""
        if receivable is not None and receivable not in books.receivables:
            raise NotFound("receivable", receivable)
        issued = None if receivable is None else books.receivables[receivable].issued
        return [
            self._standing(id_, record, block)
            for id_, record in books.finance.avals.items()
            if receivable is None or issued is None or _covers(record, receivable, issued)
        ]

    def _standing(self, id_: str, record: AvalRecord, block: Block) -> StandingAval:
        code = self._desk.code(record.terms["currency"])
        unpaid = {who: Money(units, code) for who, units in record.dishonoured.items() if units}
        state = AvalState(
            given=True,
            called=Money(record.called, code),
            margin=Money(record.margin, code),
            dishonoured=Money.total(unpaid.values(), code),
        )
        return StandingAval(
            id=id_,
            terms=Aval.from_abi(record.terms, code=code),
            state=state,
            unpaid=unpaid,
            missed=len(record.missed),
            expired=block.time > record.terms["expiry"],
            raw=raw_terms(Aval, record.terms),
        )


def _covers(record: AvalRecord, receivable: ReceivableId, issued: Mapping[str, object]) -> bool:
    named = record.terms["receivable"]
    same = all(record.terms[name] == issued[name] for name in ("obligor", "programme", "currency"))
    return same and named in {0, receivable.number}


def _missed(books: Books) -> dict[Address, int]:
    """For how many receivables each guarantor was called and did not pay at once."""
    missed: dict[Address, int] = {}
    for record in books.finance.avals.values():
        who = record.terms["guarantor"]
        missed[who] = missed.get(who, 0) + len(record.missed)
    return missed


def _part(
    aval: StandingAval, receivable: ReceivableId, answer: tuple[int, int], missed: int
) -> AvalCover:
    amount, secured = answer
    code = aval.terms.code
    return AvalCover(
        aval=aval.id,
        guarantor=aval.terms.guarantor,
        line=aval.terms.receivable is None,
        until=aval.terms.expiry,
        cap=aval.terms.cap,
        callable=Money(amount, code),
        secured=Money(secured, code),
        margin=aval.state.margin,
        unpaid=aval.unpaid.get(receivable, Money.zero(code)),
        missed=missed,
    )


def _is_of_use(part: AvalCover, aval: StandingAval) -> bool:
    return bool(part.callable) or not aval.expired


def _rank(part: AvalCover) -> tuple[int, int]:
    return -part.secured.units, -part.callable.units
