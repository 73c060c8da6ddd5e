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
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from duebill import _acts, _invariants, _views, artifacts, roles
from duebill._abi import GATE, events_abi
from duebill._actions import NOTHING
from duebill._contracts import ARTIFACTS, Contracts
from duebill._desk import Desk
from duebill._fold import PartyRecord
from duebill.chain import Chain, Following
from duebill.documents import document_salt, documents_root, reference_hash
from duebill.errors import (
    Ambiguous,
    ChainMismatch,
    CodeDiffers,
    CurrencyIsOffChain,
    DueDateMissing,
    ERC721NonexistentToken,
    HistoryInconsistent,
    NotDeployed,
    NotFound,
    StillUnsigned,
)
from duebill.model import (
    FOREVER,
    ZERO_HASH,
    Advance,
    GateRules,
    Holding,
    Money,
    Receivable,
    ReceivableId,
    Rows,
    Terms,
    Voucher,
    address,
    hash_bytes,
    hash_text,
    time_of,
)
from duebill.model._money import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime, timedelta
    from pathlib import Path

    from duebill.chain import Block, FeeLimits, Transaction
    from duebill.deployment import AddressBook
    from duebill.document_book import DocumentBook
    from duebill.documents import DocumentSet
    from duebill.exchange import Exchange
    from duebill.guarantees import Guarantees
    from duebill.loans import Loans
    from duebill.model import (
        Act,
        Address,
        Currency,
        Cursor,
        Event,
        InvariantReport,
        Invoice,
        LineageNode,
        Programme,
        Status,
        VoucherId,
    )
    from duebill.model import Party as PartyRow
    from duebill.offline import PreparedTransaction
    from duebill.parties import Tie
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


class Ledger:
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

    # -- what stands in it ------------------------------------------------------------------

    def check_code(self) -> None:
        """Check that the code on the chain is that of the shipped contracts (threat 51).

        Raises:
            CodeDiffers: It is not, at the address of one of them.
        """
        for name, where in self.contracts:
            self._require_code(ARTIFACTS[name], where)
        self._require_code("LedgerOffice", self._desk.read("office"))

    def time(self) -> datetime:
        """The chain's own time, that of its latest block: deadlines and due dates follow it."""
        return time_of(self._desk.chain.block().time)

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

    def resolve(self, text: str) -> ReceivableId | VoucherId:
        """The id that begins with these characters: `3fa2` a receivable, `3fa2/2` a voucher.

        Raises:
            BadId: Not the beginning of an id.
            NotFound: No id begins so.
            Ambiguous: Several do.
        """
        return self._desk.voucher_id(text) if "/" in text else self._desk.receivable_id(text)

    def receivable(self, id_: str) -> Receivable:
        """A receivable as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one.
        """
        id_ = self._desk.receivable_id(id_)
        fields = self._desk.read("receivableOf", id_.number)
        self._desk.require_issued(id_, fields)
        return _views.receivable(id_, fields, self._desk.code(fields["currency"]))

    def terms(self, receivable: str) -> Terms:
        """What a receivable says; checked against its id, which is their hash.

        Raises:
            IdError: There is none, or more than one.
        """
        id_ = self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, block):
            record = books.receivables.get(id_)
        if record is None:
            raise NotFound("receivable", id_)
        terms = _views.terms(record.issued, self._desk.code(record.issued["currency"]))
        if terms.id != id_:
            reason = f"the terms told for {id_} are not its own"
            raise HistoryInconsistent(block=block.number, reason=reason)
        return terms

    def voucher(self, id_: str) -> Voucher:
        """A voucher as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one; or it was emptied and is no more.
        """
        voucher = self._desk.voucher_id(id_)
        code = self._desk.code_of(voucher.receivable)
        try:
            fields = self._desk.read("voucherOf", voucher.number)
        except ERC721NonexistentToken as error:
            raise NotFound("voucher", voucher) from error
        return _views.voucher(voucher, fields, code)

    def read_many(self, ids: Iterable[str]) -> tuple[Receivable | Voucher, ...]:
        """Receivables and vouchers, in the order of their ids, all at one block."""
        wanted = [self.resolve(id_) for id_ in ids]
        return tuple(self._read_many(wanted, block=self._desk.chain.block_number()))

    def receivables(
        self,
        *,
        obligor: str | None = None,
        creditor: str | None = None,
        status: Status | None = None,
    ) -> Rows[Receivable]:
        """The receivables that fit all that is given, oldest first."""
        owes = None if obligor is None else address(obligor)
        owed = None if creditor is None else address(creditor)
        with self._desk.history.books() as (books, block):
            ids = [
                record.id
                for record in books.receivables.values()
                if owes in {None, record.issued["obligor"]}
                and owed in {None, record.issued["creditor"]}
            ]
        found = self._read_many(ids, block=block.number)
        return Rows(r for r in found if isinstance(r, Receivable) and status in {None, r.status})

    def vouchers(
        self, *, holder: str | None = None, receivable: str | None = None
    ) -> Rows[Voucher]:
        """The vouchers that exist and fit all that is given, oldest first."""
        found = self._vouchers(holder=holder, receivable=receivable)
        return Rows(found)

    def holdings(
        self, *, holder: str | None = None, receivable: str | None = None
    ) -> Rows[Holding]:
        """Who holds how much, one row for each holder and currency, largest first."""
        held: dict[tuple[Address, str], list[Voucher]] = {}
        for voucher in self._vouchers(holder=holder, receivable=receivable):
            held.setdefault((voucher.holder, voucher.value.currency), []).append(voucher)
        rows = (_holding(who, code, vouchers) for (who, code), vouchers in held.items())
        return Rows(sorted(rows, key=lambda row: (-row.value.units, row.holder)))

    def lineage(self, id_: str) -> LineageNode:
        """The tree of vouchers that came from a receivable, or from one of its vouchers."""
        found = self.resolve(id_)
        root = found.voucher(1) if isinstance(found, ReceivableId) else found
        code = self._desk.code_of(root.receivable)
        with self._desk.history.books() as (books, _):
            if root not in books.vouchers:
                raise NotFound("voucher", root)
            return _views.lineage(books, root, code)

    def party(self, who: str) -> PartyRow:
        """What the ledger knows of an account."""
        account = address(who)
        return _views.party(account, self._desk.read("partyOf", account))

    def parties(self, *, identifier: str | None = None) -> Rows[PartyRow]:
        """Every account that was ever verified or frozen, in order.

        Args:
            identifier: Only those with this keyed hash; `Identifier.keyed_hash` makes it for those
                who have the registrar's key.
        """
        wanted = None if identifier is None else hash_text(hash_bytes(identifier))
        with self._desk.history.books() as (books, block):
            known = [
                who
                for who, party in books.parties.items()
                if party != PartyRecord() and wanted in {None, party.identifier}
            ]
        calls = [("partyOf", who) for who in known]
        answers = self._desk.read_all(calls, block=block.number)
        return Rows(map(_views.party, known, answers))

    def expiring(self, *, within: timedelta) -> Rows[PartyRow]:
        """Parties whose verification ends within a time from now, the first to end first."""
        now = self.time()
        found = [it for it in self.parties() if it.is_verified(now)]
        ends = [(it.verified_until, it) for it in found if it.verified_until != FOREVER]
        soon = [(end, it) for end, it in ends if end is not None and end - now <= within]
        return Rows(it for _, it in sorted(soon, key=lambda pair: pair[0]))

    def ties(self, who: str) -> tuple[Tie, ...]:
        """What binds an address to others, each with what to do about it once its key is lost.

        Orders that it signed and nobody has used are not on the chain, so they are not among them.
        """
        # Met only when a key is lost.
        from duebill.parties._ties import ties_of  # noqa: PLC0415

        return ties_of(self._desk, address(who))

    def programme(self, number: int) -> Programme:
        """A programme.

        Raises:
            ProgrammeUnknown: There is none of this number.
        """
        fields, is_open = self._desk.read("programmeOf", number)
        return _views.programme(number, fields, is_open=is_open)

    def gate_rules(self, programme: int) -> GateRules | None:
        """What a programme's gate asks beyond the ledger's rules.

        None: it has no gate, or one of a bank's own, whose rules its contract alone tells.

        Raises:
            ProgrammeUnknown: There is none of this number.
        """
        gate = self.programme(programme).rules.gate
        if gate is None or not artifacts.load(GATE).matches(self._desk.chain.code(gate)):
            return None
        return GateRules.of(self._desk.ask_gate(gate, "rules"))

    def programmes(self) -> Rows[Programme]:
        """All programmes."""
        block = self._desk.chain.block_number()
        numbers = range(1, self._desk.read("programmeCount", block=block) + 1)
        answers = self._desk.read_all([("programmeOf", n) for n in numbers], block=block)
        rows = zip(numbers, answers, strict=True)
        return Rows(_views.programme(n, fields, is_open=o) for n, (fields, o) in rows)

    def currency(self, number_or_code: int | str) -> Currency:
        """A currency, by number, or by code when one open currency has it.

        Raises:
            CurrencyUnknown: There is none of this number.
            NotFound: No open currency has this code.
            Ambiguous: Several have it.
        """
        if isinstance(number_or_code, int):
            return self._desk.currency(number_or_code)
        found = [c for c in self.currencies() if c.open and c.code == number_or_code]
        if not found:
            raise NotFound("open currency", number_or_code)
        if len(found) > 1:
            raise Ambiguous(number_or_code, matches=tuple(str(c.number) for c in found))
        return found[0]

    def currency_number(self, programme: int, code: str) -> int:
        """The number of the currency that a code means under a programme.

        Raises:
            CurrencyUnknown, NotFound, Ambiguous: As for `currency`.
        """
        admitted = self.programme(programme).rules.currency
        if admitted is not None and self._desk.code(admitted) == code:
            return admitted
        return self.currency(code).number

    def currencies(self) -> Rows[Currency]:
        """All currencies."""
        block = self._desk.chain.block_number()
        numbers = range(1, self._desk.read("currencyCount", block=block) + 1)
        answers = self._desk.read_all([("currencyOf", n) for n in numbers], block=block)
        return Rows(map(_views.currency, numbers, answers))

    def advances(self, receivable: str) -> Rows[Advance]:
        """What guarantors paid into a receivable, in order."""
        id_ = self._desk.receivable_id(receivable)
        code = self._desk.code_of(id_)
        with self._desk.history.books() as (books, _):
            record = books.receivables[id_]
            claims = books.advance_claims(record)
            return Rows(
                Advance(
                    receivable=id_,
                    start=start,
                    guarantor=advance.guarantor,
                    amount=Money(advance.amount, code),
                    reimbursed=Money(advance.reimbursed, code),
                    reimbursable=Money(claims[start], code),
                )
                for start, advance in record.advances.items()
            )

    def cash(self, who: str, currency: int | str) -> Money:
        """How much of a currency's token an account has, in whole units of 10^-6, rounded down.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        row = self.currency(currency)
        if row.token is None:
            raise CurrencyIsOffChain(currency=row.number)
        amount = self._desk.ask_token(row.token, "balanceOf", address(who))
        return Money(_in_units(amount, row.decimals), row.code)

    def allowance(self, owner: str, currency: int | str, *, spender: str) -> Money:
        """How much of an owner's token a contract may take; at most what a `Money` can hold.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        row = self.currency(currency)
        if row.token is None:
            raise CurrencyIsOffChain(currency=row.number)
        amount = self._desk.ask_token(row.token, "allowance", address(owner), address(spender))
        # Some allow all that there could ever be.
        return Money(min(_in_units(amount, row.decimals), MOST_UNITS), row.code)

    def events(self, *, since: int | None = None, until: int | None = None) -> Rows[Event]:
        """What the ledger and the contracts beside it wrote to the log, in order.

        Args:
            since: The first block; the deployment's when not given.
            until: The last block; the latest when not given.
        """
        first = self._first_block if since is None else since
        last = self._desk.chain.block_number() if until is None else until
        return Rows(self._desk.chain.events(self.contracts.own, first=first, last=last))

    @property
    def first_block(self) -> int:
        """The block that its story begins with: that of its deployment."""
        return self._first_block

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        """Blocks by their numbers, with their hashes and times.

        Raises:
            NodeAnswerInvalid: The node does not have one of them.
        """
        return self._desk.chain.blocks(numbers)

    def follow(  # noqa: PLR0913 - one for each way to read
        self,
        *,
        since: int | None = None,
        cursor: Cursor | None = None,
        confirmations: int | None = None,
        live: bool = True,
        every: float = 2.0,
        patience: float = 600.0,
        registry: bool = False,
    ) -> Following:
        """Follow what `events` gives, from block to block: each event once, in order.

        When a block leaves the chain, a `Removed` for it comes before the events of the new blocks.
        `Following.cursor` says where it stands; give that back to go on after a restart.

        Args:
            since: The first block; the deployment's when not given.
            cursor: Where another one stood; `since` is of no account then.
            confirmations: How many blocks, their own included, events wait for; those of the
                connection when not given.
            live: Whether to wait for new blocks; otherwise it ends when all is read.
            every: Seconds between two looks for new blocks.
            patience: Seconds for which a node that does not answer is asked again.
            registry: Whether to follow the invoice registry too. What it tells is about all ledgers
                that share it.

        Raises:
            CursorForeign: The cursor is one of another ledger.
            NodeUnavailable: While iterating: the patience is over.
            ReorgTooDeep: While iterating: more left the chain than a cursor knows.
        """
        return Following(
            self._desk.chain,
            self.contracts.all if registry else self.contracts.own,
            since=self._first_block if since is None else since,
            cursor=cursor,
            confirmations=confirmations or self.confirmations,
            live=live,
            every=every,
            patience=patience,
        )

    def acts(self) -> Rows[Act]:
        """What supervisors and enforcers did, in order, and what is left of it by the chain's time.

        Acts that were announced are among them: by the role manager's own record.
        """
        chain = self._desk.chain
        latest = chain.block()
        manager = self._desk.read("authority", block=latest.number)
        places = (*self.contracts.own, manager)
        events = chain.events(places, first=self._first_block, last=latest.number)
        found = _acts.acts(
            # One role manager can serve several ledgers.
            (it for it in events if it.args.get("target", self.address) == self.address),
            now=time_of(latest.time),
            time_at=cache(lambda block: time_of(chain.block(block).time)),
        )
        return Rows(found)

    def paused_until(self) -> datetime | None:
        """The last second of the pause; None when the ledger is not paused."""
        block = self._desk.chain.block()
        until = self._desk.read("pausedUntil", block=block.number)
        return time_of(until) if until >= block.time else None

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

    def _read_many(
        self, ids: Sequence[ReceivableId | VoucherId], *, block: int
    ) -> Iterator[Receivable | Voucher]:
        calls = [
            ("receivableOf" if isinstance(id_, ReceivableId) else "voucherOf", id_.number)
            for id_ in ids
        ]
        for id_, fields in zip(ids, self._desk.read_all(calls, block=block), strict=True):
            if isinstance(id_, ReceivableId):
                self._desk.require_issued(id_, fields)
                yield _views.receivable(id_, fields, self._desk.code(fields["currency"]))
            else:
                yield _views.voucher(id_, fields, self._desk.code_of(id_.receivable))

    def _vouchers(self, *, holder: str | None, receivable: str | None) -> list[Voucher]:
        who = None if holder is None else address(holder)
        part_of = None if receivable is None else self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, block):
            if part_of is not None and part_of not in books.receivables:
                raise NotFound("receivable", part_of)
            ids = [
                record.id
                for record in books.vouchers.values()
                if record.alive
                and who in {None, record.holder}
                and part_of in {None, record.id.receivable}
            ]
        return [v for v in self._read_many(ids, block=block.number) if isinstance(v, Voucher)]


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


def _holding(holder: Address, code: str, vouchers: list[Voucher]) -> Holding:
    return Holding(
        holder=holder,
        vouchers=tuple(voucher.id for voucher in vouchers),
        value=Money.total((voucher.value for voucher in vouchers), code),
        claimable=Money.total((voucher.claimable for voucher in vouchers), code),
    )


def _in_units(amount: int, decimals: int) -> int:
    factor: int = 10 ** abs(6 - decimals)
    return amount * factor if decimals < 6 else amount // factor
