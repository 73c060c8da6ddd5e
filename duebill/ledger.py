"""One connection to a ledger: what stands in it, and who wants to act on it.

```python
import duebill

ledger = duebill.connect()
supplier = ledger.supplier(duebill.Keystore("supplier.json", password=ask))
supplier.transfer("3fa2/1", financier, value="250000.00").wait()
print(ledger.lineage("3fa2"))
```

All reads of one call are taken at one block, so they fit each other. Lists come from the ledger's
events, which are read once and followed from then on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from duebill import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from typing import Any

    from duebill.chain import Transaction
    from duebill.deployment import AddressBook
    from duebill.model import (
        Address,
        Advance,
        Currency,
        Event,
        Holding,
        Invoice,
        LineageNode,
        Money,
        Programme,
        Receivable,
        ReceivableId,
        Status,
        Terms,
        Voucher,
        VoucherId,
    )
    from duebill.model import Party as PartyRecord
    from duebill.signing import Signer

__all__ = ["InvariantCheck", "InvariantReport", "Ledger", "connect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantCheck:
    """One promise, checked.

    Attributes:
        number: The promise's number in docs/architecture.md.
        promise: What it says.
        holds: Whether it does.
        checked: On how many things it was checked.
        violations: What breaks it, in words.
    """

    number: int
    promise: str
    holds: bool
    checked: int
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantReport:
    """The ledger's promises as they stand on the chain at one block.

    Attributes:
        block: The block.
        checks: One entry for each promise that can be seen from outside.
    """

    block: int
    checks: tuple[InvariantCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether all of them do."""
        return all(check.holds for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The report as an object for JSON."""
        return {
            "block": self.block,
            "holds": self.holds,
            "checks": [asdict(c) for c in self.checks],
        }


def connect(
    url: str | None = None,
    *,
    deployment: AddressBook | Mapping[str, Any] | None = None,
    confirmations: int = 1,
) -> Ledger:
    """Connect to a ledger and check that it is the one that the deployment describes.

    Args:
        url: The node's JSON-RPC address; DUEBILL_RPC_URL, or the local node, when not given.
        deployment: Where the ledger is; the address book of the node's chain when not given.
        confirmations: How many blocks, its own included, make a transaction final.

    Raises:
        NodeUnavailable: The node does not answer.
        ChainMismatch: The node is on another chain than the deployment.
        CodeMismatch: The code at the ledger's address is not that of the shipped contracts.
    """
    raise NotImplementedError


class Ledger:
    """A ledger on a chain.

    Attributes:
        address: Where it is.
        chain_id: The chain.
        confirmations: How many blocks, their own included, make transactions final.
    """

    address: Address
    chain_id: int
    confirmations: int

    # -- who acts ---------------------------------------------------------------------------

    def issuer(self, signer: Signer) -> roles.Issuer:
        """Issues receivables, as creditor or as obligor."""
        return roles.Issuer(self, signer, desk=self._desk)

    def obligor(self, signer: Signer) -> roles.Obligor:
        """Owes: accepts, rejects, pays."""
        return roles.Obligor(self, signer, desk=self._desk)

    def supplier(self, signer: Signer) -> roles.Supplier:
        """Invoices, holds, splits, passes on, redeems."""
        return roles.Supplier(self, signer, desk=self._desk)

    def financier(self, signer: Signer) -> roles.Financier:
        """Buys, holds, redeems."""
        return roles.Financier(self, signer, desk=self._desk)

    def guarantor(self, signer: Signer) -> roles.Guarantor:
        """Advances what the obligor does not pay."""
        return roles.Guarantor(self, signer, desk=self._desk)

    def registrar(self, signer: Signer) -> roles.Registrar:
        """Verifies parties."""
        return roles.Registrar(self, signer, desk=self._desk)

    def supervisor(self, signer: Signer) -> roles.Supervisor:
        """Freezes and pauses."""
        return roles.Supervisor(self, signer, desk=self._desk)

    def enforcer(self, signer: Signer) -> roles.Enforcer:
        """Carries out orders: takes vouchers, names payees."""
        return roles.Enforcer(self, signer, desk=self._desk)

    def paying_agent(self, signer: Signer) -> roles.PayingAgent:
        """Attests payments made outside the chain."""
        return roles.PayingAgent(self, signer, desk=self._desk)

    def administrator(self, signer: Signer) -> roles.Administrator:
        """Keeps programmes, currencies and custodians."""
        return roles.Administrator(self, signer, desk=self._desk)

    # -- what stands in it ------------------------------------------------------------------

    def time(self) -> datetime:
        """The chain's own time, that of its latest block: deadlines and due dates follow it."""
        raise NotImplementedError

    def require_chain(self) -> None:
        """Check that the node is still on the ledger's chain.

        Raises:
            ChainMismatch: It is on another.
        """
        raise NotImplementedError

    def resolve(self, text: str) -> ReceivableId | VoucherId:
        """The id that begins with these characters: `3fa2` a receivable, `3fa2/2` a voucher.

        Raises:
            BadId: Not the beginning of an id.
            NotFound: No id begins so.
            Ambiguous: Several do.
        """
        raise NotImplementedError

    def receivable(self, id_: str) -> Receivable:
        """A receivable as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one.
        """
        raise NotImplementedError

    def terms(self, receivable: str) -> Terms:
        """What a receivable says; checked against its id, which is their hash.

        Raises:
            IdError: There is none, or more than one.
        """
        raise NotImplementedError

    def voucher(self, id_: str) -> Voucher:
        """A voucher as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one; or it was emptied and is no more.
        """
        raise NotImplementedError

    def read_many(self, ids: Iterable[str]) -> tuple[Receivable | Voucher, ...]:
        """Receivables and vouchers, in the order of their ids, all at one block."""
        raise NotImplementedError

    def receivables(
        self,
        *,
        obligor: str | None = None,
        creditor: str | None = None,
        status: Status | None = None,
    ) -> tuple[Receivable, ...]:
        """The receivables that fit all that is given, oldest first."""
        raise NotImplementedError

    def vouchers(
        self, *, holder: str | None = None, receivable: str | None = None
    ) -> tuple[Voucher, ...]:
        """The vouchers that exist and fit all that is given, oldest first."""
        raise NotImplementedError

    def holdings(
        self, *, holder: str | None = None, receivable: str | None = None
    ) -> tuple[Holding, ...]:
        """Who holds how much, one row for each holder and currency, largest first."""
        raise NotImplementedError

    def lineage(self, id_: str) -> LineageNode:
        """The tree of vouchers that came from a receivable, or from one of its vouchers."""
        raise NotImplementedError

    def party(self, who: str) -> PartyRecord:
        """What the ledger knows of an account."""
        raise NotImplementedError

    def parties(self) -> tuple[PartyRecord, ...]:
        """Every account that was ever verified or frozen, in order."""
        raise NotImplementedError

    def programme(self, number: int) -> Programme:
        """A programme.

        Raises:
            ProgrammeUnknown: There is none of this number.
        """
        raise NotImplementedError

    def programmes(self) -> tuple[Programme, ...]:
        """All programmes."""
        raise NotImplementedError

    def currency(self, number_or_code: int | str) -> Currency:
        """A currency, by number, or by code when one open currency has it.

        Raises:
            CurrencyUnknown: There is none of this number.
            NotFound: No open currency has this code.
            Ambiguous: Several have it.
        """
        raise NotImplementedError

    def currencies(self) -> tuple[Currency, ...]:
        """All currencies."""
        raise NotImplementedError

    def advances(self, receivable: str) -> tuple[Advance, ...]:
        """What guarantors paid into a receivable, in order."""
        raise NotImplementedError

    def cash(self, who: str, currency: int | str) -> Money:
        """How much of a currency's token an account has, in whole units of 10^-6, rounded down.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        raise NotImplementedError

    def events(self, *, since: int | None = None, until: int | None = None) -> tuple[Event, ...]:
        """What the ledger wrote to the log, by block number, both ends included."""
        raise NotImplementedError

    def paused_until(self) -> datetime | None:
        """The last second of the pause; None when the ledger is not paused."""
        raise NotImplementedError

    def transaction(self, hash_: str) -> Transaction[None]:
        """A handle on a transaction that was sent before."""
        raise NotImplementedError

    def check_invariants(self) -> InvariantReport:
        """Check the ledger's promises on the chain itself; see `InvariantReport`."""
        raise NotImplementedError

    # -- terms ------------------------------------------------------------------------------

    def draft(
        self,
        *,
        obligor: str,
        creditor: str,
        face: Money,
        due_date: date,
        programme: int,
        documents_root: str = ...,
        reference_hash: str = ...,
    ) -> Terms:
        """Terms ready to be issued: the currency's number is looked up, a salt is drawn."""
        raise NotImplementedError

    def draft_invoice(
        self,
        invoice: Invoice,
        *,
        obligor: str,
        creditor: str,
        programme: int,
        key: bytes,
        due_date: date | None = None,
    ) -> Terms:
        """Terms from an invoice; its documents and number go in as commitments under `key`.

        Raises:
            DueDateMissing: Neither the invoice nor the call names a due date.
        """
        raise NotImplementedError
