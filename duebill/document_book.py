"""The documents behind receivables: what commits to them, who may read them, who attests them.

```python
documents = ledger.documents
documents.pack("3fa2", papers, store=store, readers=[bank])
for opened in documents.open("3fa2", store=store, identity=identity):
    print(opened.finding, opened.withheld)
    for found in opened.files:
        print(found.file.name, found.finding, found.reason)
documents.verify(proof, "3fa2")
for requirement in documents.requirements("3fa2"):
    print(requirement.words)
```
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duebill._abi import abi_of
from duebill.documents import grant, open_documents, pack
from duebill.errors import (
    BadProof,
    DocumentsDiffer,
    DocumentUnknown,
    GateForeign,
    ReaderWithoutKey,
)
from duebill.model import ZERO_HASH, address, kind_bytes, kind_of, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from duebill._desk import Desk
    from duebill._fold_documents import AttestedRecord, Word, WordRecord
    from duebill.chain import Block
    from duebill.documents import (
        DocumentProof,
        DocumentSet,
        DocumentStore,
        Identity,
        OpenedDocuments,
    )
    from duebill.ledger import Ledger
    from duebill.model import Address, ReceivableId, Requirement

__all__ = [
    "AppendedDocuments",
    "AttestationState",
    "DocumentBook",
    "RequirementStanding",
    "StandingAttestation",
]

_BOOK = "document_book"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendedDocuments:
    """Documents that were added to a receivable after its issue.

    Attributes:
        root: What commits to them.
        by: Who added them.
        block: The block in which they were added.
    """

    root: str
    by: Address
    block: int

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {"root": self.root, "by": self.by, "block": self.block}


class AttestationState(StrEnum):
    """Whether an attestation holds."""

    HOLDS = "holds"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAttestation:
    """An attestation that was brought, as it stands.

    Attributes:
        receivable: What the document is behind.
        leaf: The document: its leaf in the tree.
        kind: What kind of document; hex when it is no label.
        verifier: Who says it.
        expiry: The last second in which it holds.
        state: Whether it holds, by the chain's time.
    """

    receivable: ReceivableId
    leaf: str
    kind: str
    verifier: Address
    expiry: datetime
    state: AttestationState

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "receivable": self.receivable,
            "leaf": self.leaf,
            "kind": self.kind,
            "verifier": self.verifier,
            "expiry": self.expiry.isoformat(),
            "state": self.state.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementStanding:
    """How far a requirement of a programme's gate is met.

    Attributes:
        requirement: What is asked.
        given: Who of its verifiers attests it now.
    """

    requirement: Requirement
    given: tuple[Address, ...]

    @property
    def met(self) -> bool:
        """Whether enough of them do."""
        return len(self.given) >= self.requirement.needed

    @property
    def words(self) -> str:
        """As people say it: 2 of 3 verifiers, invoice, before financing: 1 given."""
        asked = self.requirement
        how_many = f"{asked.needed} of {len(asked.verifiers)} verifiers"
        return f"{how_many}, {asked.kind}, before {asked.before}: {len(self.given)} given"

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {**self.requirement.to_json(), "given": list(self.given), "met": self.met}


class DocumentBook:
    """The documents of a ledger's receivables. Their contents are wherever the parties keep them.

    What was added later, and attested, is in the contract of this name; without it everything else
    still works.
    """

    def __init__(self, ledger: Ledger, *, desk: Desk) -> None:
        self._ledger = ledger
        self._desk = desk

    def __repr__(self) -> str:
        return f"<documents of {self._ledger!r}>"

    @property
    def address(self) -> Address:
        """Where the contract is.

        Raises:
            NotDeployed: The deployment has none.
        """
        return self._desk.contracts.need(_BOOK)

    # -- what commits to documents ----------------------------------------------------------

    def roots(self, receivable: str) -> tuple[str, ...]:
        """What commits to a receivable's documents: the root in its terms, and later ones."""
        first = self._ledger.terms(receivable).documents_root
        later = (it.root for it in self.appended(receivable))
        return tuple(dict.fromkeys(root for root in (first, *later) if root != ZERO_HASH))

    def appended(self, receivable: str) -> tuple[AppendedDocuments, ...]:
        """The documents that were added to a receivable after its issue, in order."""
        id_ = self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, _):
            found = books.documents.appended.get(id_, {})
            return tuple(
                AppendedDocuments(root=root, by=record.by, block=record.block)
                for root, record in found.items()
            )

    def verify(
        self, proof: DocumentProof, receivable: str, *, content: bytes | None = None
    ) -> None:
        """Check that a proof holds for a receivable, by what the chain says.

        Args:
            proof: The proof.
            receivable: The receivable that it is to be for.
            content: The file that is claimed to be the one proved, to be compared.

        Raises:
            BadProof: It does not hold, or is for other documents.
        """
        if proof.root not in self.roots(receivable):
            raise BadProof(f"it is for documents that are not the receivable's, under {proof.root}")
        proof.verify(proof.root, content=content)

    # -- who reads them ---------------------------------------------------------------------

    def readers_of(self, programme: int) -> tuple[Address, ...]:
        """Who is entitled to read all documents of a programme, by the deployment's address book."""
        return self._ledger.readers.get(programme, ())

    def keys_of(self, readers: Iterable[str]) -> tuple[str, ...]:
        """The encryption keys that accounts have published.

        Raises:
            ReaderWithoutKey: One of them has published none.
        """
        return tuple(self._key_of(address(reader)) for reader in readers)

    def pack(
        self,
        receivable: str,
        documents: DocumentSet,
        *,
        store: DocumentStore,
        readers: Iterable[str],
    ) -> str:
        """Seal a receivable's documents for readers, and store them.

        The readers of its programme are among them, whether they are named or not.

        Args:
            receivable: The receivable.
            documents: All that one of its roots commits to, with the contents of all files.
            store: Where to.
            readers: The accounts of the readers.

        Returns:
            The name of their list in the store.

        Raises:
            DocumentsDiffer: The receivable commits to other documents.
            ReaderWithoutKey: One of the readers has published no key; nothing is stored.
            DocumentError: As for `duebill.documents.pack`.
        """
        required = self.readers_of(self._ledger.terms(receivable).programme)
        roots = self.roots(receivable)
        if documents.root not in roots:
            raise DocumentsDiffer(documents.root, expected=" or ".join(roots) or ZERO_HASH)
        keys = [self._key_of(reader, required=True) for reader in required]
        return pack(documents, store=store, readers=[*keys, *self.keys_of(readers)])

    def open(
        self, receivable: str, *, store: DocumentStore, identity: Identity
    ) -> tuple[OpenedDocuments, ...]:
        """What an identity can read of a receivable's documents, one for each root.

        What is missing, altered or sealed for others is a finding; the receivable itself is never
        hidden by it.
        """
        return tuple(
            open_documents(root, store=store, identity=identity) for root in self.roots(receivable)
        )

    def open_programme(
        self, programme: int, *, store: DocumentStore, identity: Identity
    ) -> Iterator[tuple[ReceivableId, tuple[OpenedDocuments, ...]]]:
        """What an identity can read of every receivable of a programme, oldest first, one by one.

        Whoever is among the readers of the programme sees by the findings what it was not shown.
        """
        with self._desk.history.books() as (books, _):
            ids = [
                record.id
                for record in books.receivables.values()
                if record.issued["programme"] == programme
            ]
        for id_ in ids:
            yield id_, self.open(id_, store=store, identity=identity)

    def prove(
        self, receivable: str, label: str, *, store: DocumentStore, identity: Identity
    ) -> DocumentProof:
        """The proof of something that an identity can read; it tells nothing of the rest.

        Raises:
            DocumentUnknown: Nothing that it can read has this name.
        """
        found = self.open(receivable, store=store, identity=identity)
        for opened in found:
            if label in opened.labels:
                return opened.prove(label)
        raise DocumentUnknown(label, tuple(name for opened in found for name in opened.labels))

    def grant(
        self,
        receivable: str,
        readers: Iterable[str],
        *,
        store: DocumentStore,
        identity: Identity,
        only: Iterable[str] | None = None,
    ) -> tuple[str, ...]:
        """Let further readers in, to all or some of a receivable's documents.

        It cannot be taken back: what was read once is known.

        Args:
            receivable: The receivable.
            readers: The accounts of the further readers.
            store: Where the documents are.
            identity: That of a reader who can open them.
            only: The names of what they are shown; all when not given.

        Returns:
            The names of their lists in the store, one for each root of which they are shown
            something.

        Raises:
            ReaderWithoutKey: One of the readers has published no key.
            DocumentsUnreadable: The granting reader cannot open a list.
            DocumentUnknown: There is nothing of one of the names.
        """
        keys, found = self.keys_of(readers), self.open(receivable, store=store, identity=identity)
        names = {label for opened in found for label in opened.labels}
        wanted = names if only is None else set(only)
        if unknown := sorted(wanted - names):
            raise DocumentUnknown(unknown[0], tuple(sorted(names)))
        chosen = {opened.root: sorted(wanted & set(opened.labels)) for opened in found}
        return tuple(
            grant(root, store=store, identity=identity, readers=keys, only=some)
            for root, some in chosen.items()
            if some or only is None
        )

    # -- who attests them -------------------------------------------------------------------

    def attestations(
        self, receivable: str, *, kind: str | None = None, verifier: str | None = None
    ) -> tuple[StandingAttestation, ...]:
        """The attestations that were brought for a receivable, of each verifier in order.

        Args:
            receivable: The receivable; it need not be issued yet, when its whole id is given.
            kind: Only those of this kind of document.
            verifier: Only those of this verifier.
        """
        id_ = self._desk.receivable_id(receivable)
        who = None if verifier is None else address(verifier)
        with self._desk.history.books() as (books, block):
            return tuple(
                _standing(word, record, attested, block.time)
                for word, record in books.documents.words.items()
                if word.receivable == id_
                and who in {None, word.verifier}
                and kind in {None, kind_of(word.kind)}
                for attested in record.attested
            )

    def nonce_of(self, receivable: str, *, kind: str, verifier: str) -> int:
        """The number that a verifier's attestations of a kind have to bear now.

        Raises:
            NotDeployed: The deployment has no document book.
        """
        id_ = self._desk.receivable_id(receivable)
        key = id_.number, kind_bytes(kind), address(verifier)
        return int(self._desk.read_from(_BOOK, "nonceOf", *key))

    def requirements(self, receivable: str) -> tuple[RequirementStanding, ...]:
        """What the gate of a receivable's programme wants attested, and how far it is.

        Raises:
            GateForeign: The programme's gate is none of this project: what it asks is not known.
        """
        terms = self._ledger.terms(receivable)
        rules = self._ledger.gate_rules(terms.programme)
        gate = self._ledger.programme(terms.programme).rules.gate
        if gate is None:
            return ()
        if rules is None:
            raise GateForeign(gate, programme=terms.programme)
        block = self._desk.chain.block()
        # The very book that the gate asks.
        book = self._desk.ask_gate(gate, "rules")["documents"]
        return tuple(
            RequirementStanding(requirement=asked, given=self._given(book, terms.id, asked, block))
            for asked in rules.requirements
        )

    # -- inside -----------------------------------------------------------------------------

    def _given(
        self, book: Address, receivable: ReceivableId, asked: Requirement, block: Block
    ) -> tuple[Address, ...]:
        """Who of a requirement's verifiers attests it at a block."""
        abi, kind = abi_of(_BOOK), kind_bytes(asked.kind)

        def attests(verifier: Address) -> bool:
            data = abi.encode("attestedUntil", receivable.number, kind, verifier)
            answer = self._desk.chain.call(book, data, block=block.number)
            until: int = abi.decode("attestedUntil", answer)
            return until >= block.time

        return tuple(filter(attests, asked.verifiers))

    def _key_of(self, reader: str, *, required: bool = False) -> str:
        key = self._ledger.party(reader).encryption_key
        if key is None:
            raise ReaderWithoutKey(reader, required=required)
        return key


def _standing(
    word: Word, record: WordRecord, attested: AttestedRecord, now: int
) -> StandingAttestation:
    if attested.nonce < record.nonce:
        state = AttestationState.REVOKED
    else:
        state = AttestationState.HOLDS if attested.expiry >= now else AttestationState.EXPIRED
    return StandingAttestation(
        receivable=word.receivable,
        leaf=attested.leaf,
        kind=kind_of(word.kind),
        verifier=word.verifier,
        expiry=time_of(attested.expiry),
        state=state,
    )
