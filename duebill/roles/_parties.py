"""The parties to a receivable: supplier, financier, obligor, guarantor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Unpack

from duebill import _answers
from duebill._actions import NOTHING, all_of
from duebill.errors import DeadlineOver, NotTheObligor, SigningDeclined
from duebill.model import ZERO_HASH, Terms, hash_bytes, units_in
from duebill.roles._buyer import Buyer
from duebill.roles._cover import Applicant, Underwriter
from duebill.roles._holder import Holder, Issuer
from duebill.roles._lending import Debtor, Lender

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from duebill.bulk import Batch
    from duebill.bulk._begin import Options
    from duebill.bulk._sources import Table
    from duebill.chain import Transaction
    from duebill.documents import DocumentSet
    from duebill.model import Advance, Amount, Invoice, Money, ReceivableId
    from duebill.signing import Acceptance, SignedAcceptance

_ACCEPTANCE_SPAN = timedelta(days=7)


class Supplier(Holder, Issuer, Buyer, Applicant):
    """Invoices, holds what it is owed, sells it and passes it on."""

    def issue_invoice(  # noqa: PLR0913 - an invoice does not say them
        self,
        invoice: Invoice,
        *,
        obligor: str,
        programme: int,
        key: bytes,
        due_date: date | None = None,
        documents: DocumentSet | None = None,
    ) -> Transaction[ReceivableId]:
        """Issue a receivable from an invoice, to be accepted by the obligor.

        Args:
            invoice: The invoice.
            obligor: The buyer's account.
            programme: The number of the programme.
            key: The parties' secret; see `duebill.documents`.
            due_date: Needed when the invoice names none.
            documents: What is committed to; the invoice as a whole and nothing else when not given.

        Raises:
            DueDateMissing: Neither the invoice nor the call names a due date.
        """
        terms = self.ledger.draft_invoice(
            invoice,
            obligor=obligor,
            creditor=self.address,
            programme=programme,
            key=key,
            due_date=due_date,
            documents=documents,
        )
        return self.issue(terms)

    def cancel(self, receivable: str) -> Transaction[None]:
        """Withdraw a receivable that is not accepted; once it has lapsed, anyone may clear it."""
        return self._do(NOTHING, "cancel", self._desk.receivable_id(receivable).number)


class Financier(Holder, Buyer, Lender):
    """Buys vouchers, or lends against them. Holds, passes on and redeems like any holder."""


class Obligor(Issuer, Buyer, Applicant):
    """Owes; buys back before it is due."""

    def accept(self, receivable: str) -> Transaction[None]:
        """Bind this obligor to a receivable."""
        return self._do(NOTHING, "accept", self._desk.receivable_id(receivable).number)

    def accept_many(self, table: Table, **options: Unpack[Options]) -> Batch:
        """Bind this obligor to receivables, from a table with the column receivable.

        See `Issuer.issue_many` for arguments and errors.
        """
        from duebill.bulk._forms import Accept  # noqa: PLC0415 - as in `_many`

        return self._many(table, Accept(self._desk, self.address), options)

    def sign_acceptance(
        self,
        receivable: str | Terms,
        *,
        deadline: datetime | None = None,
        review: Callable[[str], bool] | None = None,
    ) -> SignedAcceptance:
        """Sign an acceptance that anyone can bring; nothing is sent.

        The terms are read from the ledger, or given; what is signed is derived from them here.

        Args:
            receivable: The receivable's id, or its terms.
            deadline: The last second in which it counts; a week after the chain's time when not
                given.
            review: Is shown in words what will be signed, and says whether to sign.

        Raises:
            NotTheObligor: The terms bind another account.
            CurrencyMismatch: The currency's number and the code of the face do not fit.
            DeadlineOver: The deadline is in the chain's past.
            SigningDeclined: `review` said no.
        """
        draft = self._draft_acceptance(receivable, deadline)
        if review is not None and not review(draft.summary()):
            raise SigningDeclined
        self.ledger.require_chain()
        return draft.sign(self.signer)

    def reject(self, receivable: str, *, reason: str = ZERO_HASH) -> Transaction[None]:
        """Refuse a receivable that is not accepted.

        Args:
            receivable: The receivable.
            reason: Hash of the reason; `duebill.documents.text_hash` makes one.
        """
        number = self._desk.receivable_id(receivable).number
        return self._do(NOTHING, "reject", number, hash_bytes(reason))

    def pay(self, receivable: str, amount: Amount | None = None) -> Transaction[Money]:
        """Pay on what is owed; more than is owed is cut to it.

        When the ledger may not take enough of the currency's token yet, it is first allowed
        exactly this amount, in a transaction of its own that is waited for.

        Args:
            receivable: The receivable.
            amount: How much; all that is owed when not given.

        Returns:
            What was paid.
        """
        id_ = self._desk.receivable_id(receivable)
        found = self.ledger.receivable(id_)
        units = found.owed.units if amount is None else units_in(amount, found.face.currency)
        allowing = self._desk.allowing(
            found.currency, min(units, found.owed.units), owner=self.address
        )
        answer = _answers.money("Paid", "amount", found.face.currency)
        action = self._desk.action(answer, "pay", id_.number, units)
        return self._send(*allowing, all_of(action, id_) if amount is None else action)

    def pay_many(self, table: Table, **options: Unpack[Options]) -> Batch:
        """Pay on receivables, from a table with the column receivable, and amount if not all is paid.

        Of each no more is taken than is owed; the results say how much. What the ledger may not
        take yet is allowed before, by one approval for each currency that says exactly how much. See
        `Issuer.issue_many` for arguments and errors.
        """
        from duebill.bulk._forms import Pay  # noqa: PLC0415 - as in `_many`

        return self._many(table, Pay(self._desk, self.address), options)

    def extinguish(self, voucher: str) -> Transaction[None]:
        """End a voucher that the obligor itself holds: the debt is less by its value."""
        return self._do(NOTHING, "extinguish", self._desk.voucher_id(voucher).number)

    def _draft_acceptance(self, receivable: str | Terms, deadline: datetime | None) -> Acceptance:
        # Reads files and encrypts: not before something is signed.
        from duebill.signing import Acceptance  # noqa: PLC0415

        terms = receivable if isinstance(receivable, Terms) else self.ledger.terms(receivable)
        if terms.obligor != self.address:
            raise NotTheObligor(self.address, obligor=terms.obligor)
        # What the reader is shown has to be what the ledger will make of it.
        self._desk.require_code(terms)
        now = self.ledger.time()
        if deadline is not None and deadline < now:
            raise DeadlineOver(deadline, now=now)
        return Acceptance(
            terms=terms,
            deadline=deadline or now + _ACCEPTANCE_SPAN,
            chain_id=self.ledger.chain_id,
            ledger=self.ledger.address,
        )


class Guarantor(Debtor, Underwriter):
    """Pays when the obligor does not, and is paid back from what comes in later."""

    def advance(self, receivable: str, amount: Amount | None = None) -> Transaction[Advance]:
        """Pay in what holders still lack; approval of the token as in `Obligor.pay`.

        Args:
            receivable: The receivable.
            amount: How much; all that holders lack when not given.
        """
        id_ = self._desk.receivable_id(receivable)
        found = self.ledger.receivable(id_)
        lacking = found.face - found.coverage
        units = lacking.units if amount is None else units_in(amount, found.face.currency)
        allowing = self._desk.allowing(
            found.currency, min(units, lacking.units), owner=self.address
        )
        answer = _answers.advance(id_, self.address, found.face.currency)
        action = self._desk.action(answer, "advance", id_.number, self.address, units)
        return self._send(*allowing, all_of(action, id_) if amount is None else action)

    def reimburse(self, receivable: str, *, start: int) -> Transaction[Money]:
        """Take out what later payments give back.

        Args:
            receivable: The receivable.
            start: The advance's key, as `Advance.start` says.
        """
        id_ = self._desk.receivable_id(receivable)
        answer = _answers.money("Reimbursed", "amount", self._desk.code_of(id_))
        return self._do(answer, "reimburse", id_.number, start)
