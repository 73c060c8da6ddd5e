"""The documents behind receivables: which roots commit to them, who may read them, what proves them.

```python
documents = ledger.documents
documents.pack("3fa2", papers, store=store, readers=[bank])
for opened in documents.open("3fa2", store=store, identity=identity):
    print(opened.finding, opened.withheld)
    for found in opened.files:
        print(found.file.name, found.finding, found.reason)
documents.verify(proof, "3fa2")
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.documents import grant, open_documents, pack
from duebill.errors import BadProof, DocumentsDiffer, DocumentUnknown, ReaderWithoutKey
from duebill.model import ZERO_HASH, address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duebill._desk import Desk
    from duebill.documents import (
        DocumentProof,
        DocumentSet,
        DocumentStore,
        Identity,
        OpenedDocuments,
    )
    from duebill.ledger import Ledger

__all__ = ["DocumentBook"]


class DocumentBook:
    """The documents of a ledger's receivables. Their contents are wherever the parties keep them."""

    def __init__(self, ledger: Ledger, *, desk: Desk) -> None:
        self._ledger = ledger
        self._desk = desk

    def __repr__(self) -> str:
        return f"<documents of {self._ledger!r}>"

    # -- what commits to documents ----------------------------------------------------------

    def roots(self, receivable: str) -> tuple[str, ...]:
        """What a receivable's terms commit to; nothing when it was issued without documents."""
        root = self._ledger.terms(receivable).documents_root
        return () if root == ZERO_HASH else (root,)

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

        Args:
            receivable: The receivable.
            documents: All that one of its roots commits to, with the contents of all files.
            store: Where to.
            readers: The accounts of the readers.

        Returns:
            The name of their list in the store.

        Raises:
            DocumentsDiffer: The receivable commits to other documents.
            ReaderWithoutKey: One of the readers has published no key.
            DocumentError: As for `duebill.documents.pack`.
        """
        roots = self.roots(receivable)
        if documents.root not in roots:
            raise DocumentsDiffer(documents.root, expected=" or ".join(roots) or ZERO_HASH)
        return pack(documents, store=store, readers=self.keys_of(readers))

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
        keys = self.keys_of(readers)
        found = self.open(receivable, store=store, identity=identity)
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

    # -- inside -----------------------------------------------------------------------------

    def _key_of(self, reader: str) -> str:
        key = self._ledger.party(reader).encryption_key
        if key is None:
            raise ReaderWithoutKey(reader)
        return key
