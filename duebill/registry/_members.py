"""Who acts on the invoice registry: the platforms, and the consortium that admits them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from duebill._actions import NOTHING, always, logged
from duebill._enclosing import enclosed
from duebill._wallet import ContractWallet
from duebill.errors import BatchRefused, RevertError
from duebill.journal import checked_reference
from duebill.model import Call, Money, address, day_of, hash_bytes, units_in
from duebill.registry._batch import Finding, total_of
from duebill.registry._registry import ELSEWHERE, registry_abi, subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from duebill._actions import Action, Answer
    from duebill.chain import Transaction
    from duebill.model import Address, Amount, Invoice
    from duebill.registry._batch import CheckedInvoice
    from duebill.registry._registry import InvoiceRegistry
    from duebill.signing import Signer

T = TypeVar("T")

# Rows in one transaction: the largest takes half of a block of 30 million gas
# (tests/contracts/registry/Batches.t.sol).
_MOST_ROWS = 200


class _Member:
    """A registry seen by one account.

    Attributes:
        registry: The registry.
        signer: Who signs.
        reference: What its next write is called in the journal; None for a name that is made up.
    """

    def __init__(
        self,
        registry: InvoiceRegistry,
        signer: Signer,
        *,
        simulated: bool = False,
        reference: str | None = None,
    ) -> None:
        self.registry = registry
        self.signer = signer
        self.reference = reference
        self._simulated = simulated
        self._tried: list[Call] = []

    @property
    def address(self) -> Address:
        """The account that acts."""
        return self.signer.address

    @property
    def simulate(self) -> Self:
        """The same facade on a dry run: nothing is signed, nothing is sent."""
        return type(self)(self.registry, self.signer, simulated=True)

    def once(self, reference: str) -> Self:
        """The same facade for one write, which is done once under this reference.

        Raises:
            BadReference: It cannot be one.
        """
        return type(self)(self.registry, self.signer, reference=checked_reference(reference))

    @property
    def calls(self) -> tuple[Call, ...]:
        """What a dry run has tried out so far, in order: to be proposed in a wallet's own tool."""
        return tuple(self._tried)

    def __repr__(self) -> str:
        mode = ", dry run" if self._simulated else ""
        return f"<{type(self).__name__} {self.address}{mode}>"

    def _do(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        action, chain = self.registry.action(answer, function, *args), self.registry.chain
        if self._simulated:
            self._tried.append(Call(to=action.to, data=action.data))
            return chain.simulate([action], sender=self.address)
        sent, signer = self._signed(action)
        return chain.submit(sent, signer=signer, reference=self.reference)

    def _step(self, answer: Answer[T], function: str, *args: Any) -> Transaction[T]:
        """One of the transactions of a write that takes several."""
        if self.reference is None or self._simulated:
            return self._do(answer, function, *args)
        action = self.registry.action(answer, function, *args)
        sent, signer = self._signed(action)
        return self.registry.chain.submit_step(sent, signer=signer, reference=self.reference)

    def _signed(self, action: Action[T]) -> tuple[Action[T], Signer]:
        """What is sent, and who signs it: a wallet's call is inside its owner's."""
        if not isinstance(self.signer, ContractWallet):
            return action, self.signer
        return enclosed(self.registry.chain, self.address, [action]), self.signer.owner


class Registrant(_Member):
    """What an admitted platform may do."""

    def register(
        self,
        invoices: Iterable[Invoice],
        *,
        skip_refused: bool = False,
        on_progress: Callable[[int], None] | None = None,
    ) -> tuple[CheckedInvoice, ...]:
        """Register invoices, any number of them; all are checked before anything is sent.

        They go 200 to a transaction. What somebody else registered meanwhile stays theirs, and a
        transaction that is refused all the same has its rows checked again: the result says of each
        row where it stands. Doing it again after a break does no harm.

        Args:
            invoices: The batch.
            skip_refused: Register the others when some cannot be; else nothing is sent.
            on_progress: Called after each transaction with the number of rows that are done.

        Returns:
            One row for each invoice; on a dry run as the check found them.

        Raises:
            BatchRefused: Some cannot be registered, and `skip_refused` is not set.
        """
        rows = list(self.registry.check(invoices))
        refused = [row for row in rows if not row.finding.usable]
        if refused and not skip_refused:
            first = f"row {refused[0].row}, {refused[0].finding}: {refused[0].reason}"
            raise BatchRefused(refused=len(refused), total=len(rows), first=first)
        fresh = [row for row in rows if row.finding is Finding.NEW]
        if self._simulated:
            return tuple(rows)
        for start in range(0, len(fresh), _MOST_ROWS):
            for row in self._register_some(fresh[start : start + _MOST_ROWS]):
                rows[row.row - 1] = row
            if on_progress:
                on_progress(min(start + _MOST_ROWS, len(fresh)))
        return tuple(rows)

    def use(
        self,
        uses: Sequence[tuple[Invoice, Amount]],
        *,
        receivable: str,
        ledger: str = ELSEWHERE,
    ) -> Transaction[None]:
        """Use invoices, or parts of them, for a receivable: all of them, or none.

        Invoices that nobody registered are registered in the same transaction. Do this before the
        receivable is issued; its id is known beforehand (`Terms.id`).

        Args:
            uses: The invoices, each with how much of it: some 400 in a block of 30 million gas.
            receivable: The receivable's id; elsewhere a reference of 32 bytes as hex.
            ledger: Its ledger; when not given, something outside this chain.

        Raises:
            InvoiceExceeded: Less is left of one of them.
            InvoiceWithoutKey: One of them cannot be told from others.
        """
        abi, subject = registry_abi(), subject_of(ledger, receivable)
        keys = self.registry.keys_of([invoice for invoice, _ in uses])
        calls = []
        for (invoice, amount), text in zip(uses, keys, strict=True):
            key = hash_bytes(text)
            code = invoice.currency.encode("ascii")
            units = units_in(amount, invoice.currency)
            calls.append(abi.encode("register", key, code, total_of(invoice).units))
            calls.append(abi.encode("use", key, address(ledger), subject, units))
        return self._do(NOTHING, "multicall", calls)

    def release(
        self, invoice: Invoice | str, *, receivable: str, ledger: str = ELSEWHERE
    ) -> Transaction[Money]:
        """Give back what this platform uses of an invoice for a receivable that is not to be.

        Args:
            invoice: The invoice, or its key.
            receivable: As for `use`.
            ledger: As for `use`.

        Raises:
            ReceivableStands: The receivable was issued, and neither cancelled nor lapsed.
            NothingUsed: Nothing is used for it, or by somebody else.
        """
        standing = self.registry.status(invoice)

        def money(units: int) -> Money:
            return Money(units, standing.currency)

        answer = logged("InvoiceReleased", "amount", money)
        key, subject = hash_bytes(standing.key), subject_of(ledger, receivable)
        return self._do(answer, "release", key, address(ledger), subject)

    def reduce(
        self, invoice: Invoice | str, note: Invoice, *, amount: Amount | None = None
    ) -> Transaction[Money]:
        """Take from an invoice what a credit note or red-letter invoice takes back.

        Args:
            invoice: The invoice, or its key; this platform registered it.
            note: The credit note; it counts once.
            amount: Less than the whole note, where less is left of the invoice.

        Raises:
            InvoiceExceeded: More than is left; it says by how much.
            KeyTaken: The note was applied before.
        """
        units = units_in(note.payable_amount if amount is None else amount, note.currency)
        key = hash_bytes(self.registry.status(invoice).key)
        note_key = hash_bytes(self.registry.key_of(note))
        answer = always(Money(units, note.currency))
        return self._do(answer, "reduce", key, note_key, units)

    def reduce_all(self, pairs: Sequence[tuple[Invoice, Invoice]]) -> Transaction[None]:
        """Take from invoices what credit notes take back: all of them, or none.

        Args:
            pairs: Invoices that this platform registered, each with its credit note: some 300 in a
                block of 30 million gas.

        Raises:
            InvoiceExceeded, KeyTaken: As for `reduce`.
        """
        keys = self.registry.keys_of(document for pair in pairs for document in pair)
        calls = []
        for (_, note), key, note_key in zip(pairs, keys[::2], keys[1::2], strict=True):
            units = units_in(note.payable_amount, note.currency)
            arguments = (hash_bytes(key), hash_bytes(note_key), units)
            calls.append(registry_abi().encode("reduce", *arguments))
        return self._step(NOTHING, "multicall", calls)

    def cancel(self, invoice: Invoice | str) -> Transaction[None]:
        """Record that an invoice is void; this platform registered it. What is used stays used."""
        return self._do(NOTHING, "cancel", hash_bytes(self.registry.status(invoice).key))

    # -- inside -----------------------------------------------------------------------------

    def _register_some(self, rows: Sequence[CheckedInvoice]) -> Iterable[CheckedInvoice]:
        calls = [
            registry_abi().encode(
                "register",
                hash_bytes(str(row.key)),
                row.invoice.currency.encode("ascii"),
                row.left.units,
            )
            for row in rows
        ]
        try:
            sent = self._step(NOTHING, "multicall", calls).wait()
        except RevertError:
            # Somebody was faster with one of them: where do they stand now?
            again = self.registry.check(row.invoice for row in rows)
            if all(row.finding is Finding.NEW for row in again):
                raise
            pairs = zip(rows, again, strict=True)
            return [replace(found, row=row.row) for row, found in pairs]
        number = self.registry.registrant_of(self.address)
        return [
            replace(row, finding=Finding.KNOWN, registrant=number, transaction=sent.transaction)
            for row in rows
        ]


class Consortium(_Member):
    """What the consortium may do: whoever has the role in the registry's role manager."""

    def admit(self, account: str) -> Transaction[int]:
        """Admit a platform; the value is its number, which stays when its account changes."""
        answer = logged("RegistrantSet", "registrant", int)
        return self._do(answer, "admitRegistrant", address(account))

    def set_account(self, registrant: int, account: str | None) -> Transaction[None]:
        """Give a platform another account; None suspends it."""
        return self._do(NOTHING, "setRegistrantAccount", registrant, account or ELSEWHERE)

    def announce(self, from_day: date) -> Transaction[None]:
        """Announce the secret that this registry's key ring has for invoices from a day on.

        Args:
            from_day: 1970-01-01 for the first secret; for a later one at least 7 days ahead.

        Raises:
            EpochTooEarly: Invoices of that day may be registered already.
            LookupError: The key ring has no secret that begins on that day.
        """
        check = dict(self.registry.keys.checks()).get(from_day)
        if check is None:
            raise LookupError(f"the key ring has no secret that begins on {from_day}")
        return self._do(NOTHING, "announceKey", day_of(from_day), hash_bytes(check))
