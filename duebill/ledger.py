"""One connection to a ledger: what stands in it, and who wants to act on it.

```python
import duebill

ledger = duebill.connect()
supplier = ledger.supplier(duebill.Keystore("supplier.json", password=ask))
supplier.transfer("3fa2/1", financier, value="250000.00").wait()
print(ledger.holdings(receivable="3fa2"))
```

All reads of one call are taken at one block, so they fit each other. Lists come from the ledger's
events, which are read once and followed from then on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from duebill import _invariants, artifacts, roles
from duebill._abi import events_abi
from duebill._actions import NOTHING
from duebill._contracts import ARTIFACTS, Contracts
from duebill._desk import Desk
from duebill._readings import Readings
from duebill.chain import Chain
from duebill.documents import document_salt, documents_root, reference_hash
from duebill.errors import (
    ChainMismatch,
    CodeDiffers,
    DueDateMissing,
    NotDeployed,
    StillUnsigned,
)
from duebill.model import (
    ZERO_HASH,
    Money,
    Terms,
    address,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from duebill.chain import FeeLimits, Transaction
    from duebill.deployment import AddressBook
    from duebill.document_book import DocumentBook
    from duebill.documents import DocumentSet
    from duebill.exchange import Exchange
    from duebill.guarantees import Guarantees
    from duebill.loans import Loans
    from duebill.model import (
        Address,
        InvariantReport,
        Invoice,
    )
    from duebill.offline import PreparedTransaction
    from duebill.registry import InvoiceRegistry, KeyRing
    from duebill.signing import Signer

__all__ = ["Ledger", "connect"]

_URL_VARIABLE = "DUEBILL_RPC_URL"
_LOCAL_URL = "http://127.0.0.1:8545"


def connect(
    url: str | None = None,
    *,
    deployment: AddressBook | Mapping[str, Any] | None = None,
    confirmations: int | None = None,
    journal: str | Path | None = None,
    fees: FeeLimits | None = None,
) -> Ledger:
    """Connect to a ledger and check that it is the one that the deployment describes.

    Args:
        url: The node's JSON-RPC address; DUEBILL_RPC_URL, or the local node, when not given.
        deployment: Where the ledger is; the address book of the node's chain when not given.
        confirmations: How many blocks, its own included, make a transaction final; as many as the
            address book says when not given, and 1 where it says nothing.
        journal: Where it is written down what is sent: a file, or a database's URL as SQLAlchemy
            has it; DUEBILL_JOURNAL, or a file of the user's for each chain, when not given. Nothing
            is opened before something is sent.
        fees: What may be paid, and when more is offered.

    Raises:
        NodeUnavailable: The node does not answer.
        ChainMismatch: The node is on another chain than the deployment.
        CodeDiffers: The code at the ledger's address is not that of the shipped contracts.
    """
    where = url or os.environ.get(_URL_VARIABLE) or _LOCAL_URL
    chain = Chain(where, abi=events_abi(), journal=journal, fees=fees)
    found = _place(deployment, chain)
    chain.confirmations = found.confirmations if confirmations is None else confirmations
    if found.chain_id != chain.expected:
        raise ChainMismatch(expected=found.chain_id, found=chain.expected)
    ledger = Ledger(chain, found.contracts, first_block=found.first_block, readers=found.readers)
    ledger.check_code()
    return ledger


class Ledger(Readings):
    """A ledger on a chain.

    Attributes:
        address: Where it is.
        contracts: Where the contracts are that go with it.
        chain_id: The chain.
        confirmations: How many blocks, their own included, make transactions final.
        readers: Who is entitled to read all documents of a programme, by its number.
    """

    def __init__(
        self,
        chain: Chain,
        contracts: Contracts,
        *,
        first_block: int = 0,
        readers: Mapping[int, tuple[Address, ...]] = MappingProxyType({}),
    ) -> None:
        self.address = contracts.ledger
        self.contracts = contracts
        self.chain_id = chain.expected
        self.confirmations = chain.confirmations
        self.readers = readers
        self._first_block = first_block
        self._desk = Desk(chain, contracts, first_block=first_block)

    def __repr__(self) -> str:
        return f"<ledger {self.address} on chain {self.chain_id}>"

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

    def verifier(self, signer: Signer) -> roles.Verifier:
        """Attests documents."""
        return roles.Verifier(self, signer, desk=self._desk)

    def paying_agent(self, signer: Signer) -> roles.PayingAgent:
        """Attests payments made outside the chain."""
        return roles.PayingAgent(self, signer, desk=self._desk)

    def administrator(self, signer: Signer) -> roles.Administrator:
        """Keeps programmes, currencies and custodians."""
        return roles.Administrator(self, signer, desk=self._desk)

    # -- the connection ---------------------------------------------------------------------

    def check_code(self) -> None:
        """Check that the code on the chain is that of the shipped contracts (threat 51).

        Raises:
            CodeDiffers: It is not, at the address of one of them.
        """
        for name, where in self.contracts:
            self._require_code(ARTIFACTS[name], where)
        self._require_code("LedgerOffice", self._desk.read("office"))

    def nonce_of(self, account: str) -> int:
        """How many transactions of an account are in blocks, and delegations that it gave."""
        return self._desk.chain.nonce(address(account))

    def require_chain(self) -> None:
        """Check that the node is still on the ledger's chain.

        Raises:
            ChainMismatch: It is on another.
        """
        self._desk.chain.require_chain()

    def is_recorded(self, reference: str) -> bool:
        """Whether the journal has a write under this reference."""
        return self._desk.chain.is_recorded(reference)

    def send_prepared(self, prepared: PreparedTransaction) -> Transaction[None]:
        """Send a transaction that was prepared, here or elsewhere, and signed.

        It can be sent again, from any machine: it takes effect once.

        Raises:
            StillUnsigned: It was not signed yet.
            ChainMismatch: It is for another chain.
            SignedDiffers: Another one was prepared here under its reference.
            NodeRefused: The node does not take it.
        """
        if prepared.raw is None:
            raise StillUnsigned
        if prepared.unsigned.chain_id != self.chain_id:
            raise ChainMismatch(expected=prepared.unsigned.chain_id, found=self.chain_id)
        return self._desk.chain.send_signed(prepared.raw, reference=prepared.reference)

    def transaction(self, hash_: str) -> Transaction[None]:
        """A handle on a transaction that was sent before."""
        return self._desk.chain.find(hash_, NOTHING)

    def check_invariants(self) -> InvariantReport:
        """Check the ledger's promises on the chain itself; see `InvariantReport`."""
        return _invariants.check(self._desk)

    # -- what stands beside it --------------------------------------------------------------

    @property
    def exchange(self) -> Exchange:
        """Where vouchers are sold, offered and answered for.

        Raises:
            NotDeployed: When it is asked and the deployment has none.
        """
        # Reads signed orders and prices: not before somebody trades.
        from duebill.exchange import Exchange  # noqa: PLC0415

        return Exchange(self, desk=self._desk)

    @property
    def guarantees(self) -> Guarantees:
        """Avals: who answers for what an obligor does not pay.

        Raises:
            NotDeployed: When it is asked and the deployment has none.
        """
        # As above: not before somebody asks who guarantees.
        from duebill.guarantees import Guarantees  # noqa: PLC0415

        return Guarantees(self, desk=self._desk)

    @property
    def loans(self) -> Loans:
        """Loans against vouchers, and the pledges that are kept for them.

        Raises:
            NotDeployed: When it is asked and the deployment has none.
        """
        # As above: not before somebody lends.
        from duebill.loans import Loans  # noqa: PLC0415

        return Loans(self, desk=self._desk)

    @property
    def documents(self) -> DocumentBook:
        """The documents behind receivables, and who may read them."""
        # As above: not before somebody asks for documents.
        from duebill.document_book import DocumentBook  # noqa: PLC0415

        return DocumentBook(self, desk=self._desk)

    def registry(self, *, keys: KeyRing | None = None, announced: bool = True) -> InvoiceRegistry:
        """The invoice registry of this deployment: how much of each invoice is used.

        Args:
            keys: The consortium's secrets, such as `duebill.registry.load_keys()`; without them
                nothing can be asked about an invoice, only about a key.
            announced: False for the consortium itself, when one of the secrets is still to be
                announced: they are not compared then.

        Raises:
            NotDeployed: The deployment has no registry.
            SecretsDiffer: The consortium announced others; with these, nothing would be found.
        """
        # As above: not before somebody asks about an invoice.
        from duebill.registry import InvoiceRegistry  # noqa: PLC0415

        where = self.contracts.need("invoice_registry")
        registry = InvoiceRegistry(self._desk.chain, where, keys=keys)
        if keys and announced:
            registry.check_secrets()
        return registry

    # -- terms ------------------------------------------------------------------------------

    def draft(  # noqa: PLR0913 - terms have that many parts
        self,
        *,
        obligor: str,
        creditor: str,
        face: Money,
        due_date: date,
        programme: int,
        documents_root: str = ZERO_HASH,
        reference_hash: str = ZERO_HASH,
    ) -> Terms:
        """Terms ready to be issued: the currency's number is looked up, a salt is drawn."""
        return Terms(
            obligor=address(obligor),
            creditor=address(creditor),
            currency=self.currency_number(programme, face.currency),
            face=face,
            due_date=due_date,
            programme=programme,
            documents_root=documents_root,
            reference_hash=reference_hash,
        )

    def draft_invoice(  # noqa: PLR0913 - as above
        self,
        invoice: Invoice,
        *,
        obligor: str,
        creditor: str,
        programme: int,
        key: bytes,
        due_date: date | None = None,
        documents: DocumentSet | None = None,
    ) -> Terms:
        """Terms from an invoice; its documents and number go in as commitments under `key`.

        Args:
            invoice: The invoice.
            obligor: Who owes.
            creditor: Who is owed.
            programme: The number of the programme.
            key: The parties' secret; see `duebill.documents`.
            due_date: Needed when the invoice names none.
            documents: What is committed to; the invoice as a whole and nothing else when not given.

        Raises:
            DueDateMissing: Neither the invoice nor the call names a due date.
        """
        day = due_date or invoice.due_date
        if day is None:
            raise DueDateMissing(invoice.number)
        if documents is None:
            salt = document_salt(invoice.documents_hash, key=key)
            root = documents_root(invoice.documents_hash, salt=salt)
        else:
            root = documents.root
        return self.draft(
            obligor=obligor,
            creditor=creditor,
            face=Money(invoice.payable_units, invoice.currency),
            due_date=day,
            programme=programme,
            documents_root=root,
            reference_hash=reference_hash(invoice.number, key=key),
        )

    # -- inside -----------------------------------------------------------------------------

    def _require_code(self, artifact: str, where: Address) -> None:
        code = self._desk.chain.code(where)
        if not artifacts.load(artifact).matches(code):
            reason = "its code is not the shipped one" if code else "there is no code"
            raise CodeDiffers(artifact, address=where, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    contracts: Contracts
    chain_id: int
    first_block: int
    confirmations: int
    readers: Mapping[int, tuple[Address, ...]]


def _place(deployment: AddressBook | Mapping[str, Any] | None, chain: Chain) -> _Place:
    """Where the ledger is: as given, or by the address book of the chain."""
    if isinstance(deployment, Mapping):
        return _Place(
            contracts=Contracts.of(deployment),
            chain_id=deployment.get("chain_id", chain.expected),
            first_block=deployment.get("block", 0),
            confirmations=deployment.get("confirmations", 1),
            readers=_readers(deployment.get("readers", {})),
        )
    if deployment is None:
        # Address books are met only by those who do not bring their own.
        from duebill.deployment import AddressBook  # noqa: PLC0415

        deployment = AddressBook.load(chain.expected)
    made = deployment.contracts
    if "ReceivableLedger" not in made:
        raise NotDeployed("ledger")
    found = {
        name: made[artifact].address for name, artifact in ARTIFACTS.items() if artifact in made
    }
    return _Place(
        contracts=Contracts.of(found),
        chain_id=deployment.chain_id,
        first_block=deployment.block,
        confirmations=deployment.confirmations,
        readers=_readers(
            {deployment.programmes[key]: names for key, names in deployment.readers.items()}
        ),
    )


def _readers(named: Mapping[int, Iterable[str]]) -> Mapping[int, tuple[Address, ...]]:
    return {number: tuple(map(address, accounts)) for number, accounts in named.items()}
