"""The documents of one receivable: what goes into the tree, and proofs out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from duebill.documents._commitments import document_salt
from duebill.documents._entries import (
    DocumentFile,
    File,
    WholeInvoice,
    entry_from_json,
    invoice_fields,
)
from duebill.documents._proof import DocumentProof
from duebill.documents._tree import leaf_of, path_of, root_of
from duebill.errors import BadDocument, DocumentsDiffer, DocumentUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duebill.documents._entries import Entry
    from duebill.model import Invoice

MOST_ENTRIES = 1000
"""A receivable has no more documents and fields than this."""

_LARGEST_TOTAL = 256 << 20


@dataclass(frozen=True, slots=True)
class SaltedEntry:
    """An entry with the salt that hides it: whoever has both can recognise its leaf.

    Attributes:
        entry: The field, file or invoice.
        salt: 32 bytes.
    """

    entry: Entry
    salt: bytes = field(repr=False)

    @property
    def leaf(self) -> bytes:
        """Its leaf in the tree."""
        return leaf_of(self.entry.content_hash, salt=self.salt)


class DocumentSet:
    """Documents and fields, salted under the parties' key.

    The order in which they are given makes no difference: the leaves are in order of their hashes,
    so that a place in the tree tells nothing either.

    Attributes:
        root: What goes to the chain.
    """

    def __init__(
        self, entries: Iterable[Entry], *, key: bytes, files: Iterable[DocumentFile] = ()
    ) -> None:
        """Salt the entries.

        Args:
            entries: Fields, files and at most one whole invoice.
            key: The parties' secret.
            files: The contents, as far as they are at hand; their files are entries, too.

        Raises:
            BadDocument: A name is there twice, or it is too much.
            BadKey: The key is not 32 bytes.
        """
        held = {held.file.label: held for held in files}
        listed = {entry.label: entry for entry in _once(entries, held.values())}
        if not listed:
            raise BadDocument("nothing", "there has to be at least one document or field")
        salted = (
            SaltedEntry(entry, document_salt("0x" + entry.content_hash.hex(), key=key))
            for entry in listed.values()
        )
        self._salted = {it.leaf: it for it in sorted(salted, key=lambda it: it.leaf)}
        self._contents = {label: it.content for label, it in held.items()}
        self.root = "0x" + root_of(self.leaves).hex()

    def __repr__(self) -> str:
        return f"<{len(self._salted)} documents and fields under {self.root}>"

    @classmethod
    def of_invoice(
        cls, invoice: Invoice, *, key: bytes, files: Iterable[DocumentFile] = ()
    ) -> DocumentSet:
        """The invoice's fields, the invoice as a whole, and files."""
        whole = WholeInvoice(invoice.documents_hash)
        return cls((*invoice_fields(invoice), whole), key=key, files=files)

    @classmethod
    def from_json(
        cls, data: Sequence[Any], *, key: bytes, files: Iterable[DocumentFile] = ()
    ) -> DocumentSet:
        """The set of what `to_json` gave.

        A file at hand is known by its name, and under another name by its content.

        Raises:
            BadDocument: It is anything else, or a file at hand is not the one of that name.
        """
        try:
            entries = [entry_from_json(row) for row in data]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadDocument("a list of documents", "it is damaged") from error
        named, at_hand = {entry.label: entry for entry in entries}, tuple(files)
        kept_files = []
        for held in at_hand:
            kept = named.get(held.file.label) or _same(entries, held.content)
            if kept is None:
                reason = "it is none of the documents listed before, which the root commits to"
                raise BadDocument(held.file.name, reason)
            if not isinstance(kept, File) or not kept.is_of(held.content):
                raise BadDocument(held.file.name, "its content is not what was listed before")
            kept_files.append(DocumentFile(kept, held.content))
        return cls(entries, key=key, files=kept_files)

    @property
    def leaves(self) -> list[bytes]:
        """The leaves, in their order."""
        return list(self._salted)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is in it: fields and the invoice first, then files, each by name."""
        return tuple(sorted((it.entry for it in self._salted.values()), key=_place))

    @property
    def salted(self) -> tuple[SaltedEntry, ...]:
        """The entries with their salts, in the order of their leaves."""
        return tuple(self._salted.values())

    def content_of(self, file: File) -> bytes:
        """The bytes of a file.

        Raises:
            BadDocument: They are not at hand.
        """
        content = self._contents.get(file.label)
        if content is None:
            raise BadDocument(file.name, "its content is not at hand")
        return content

    def require_root(self, root: str) -> None:
        """Check that these are the documents behind a root.

        Raises:
            DocumentsDiffer: They are not.
        """
        if self.root != root.lower():
            raise DocumentsDiffer(self.root, expected=root)

    def prove(self, label: str) -> DocumentProof:
        """The proof of one field or file; it tells nothing of the rest.

        Args:
            label: A field's name (`invoice.number`), a file's, or `invoice` for the whole of it.

        Raises:
            DocumentUnknown: There is none of this name.
        """
        return prove(label, self.salted, self.leaves)

    def to_json(self) -> list[dict[str, Any]]:
        """What is in it, for the parties' dossier: no contents, and no salts."""
        return [entry.to_json() for entry in self.entries]


def prove(label: str, shown: Iterable[SaltedEntry], leaves: list[bytes]) -> DocumentProof:
    """The proof of what is shown under a label, in the tree of these leaves.

    Raises:
        DocumentUnknown: Nothing shown is called so.
    """
    named = {it.entry.label: it for it in shown}
    if label not in named:
        raise DocumentUnknown(label, tuple(sorted(named)))
    found = named[label]
    path = ("0x" + beside.hex() for beside in path_of(leaves, found.leaf))
    root = "0x" + root_of(leaves).hex()
    return DocumentProof(entry=found.entry, salt=found.salt, path=tuple(path), root=root)


def _once(entries: Iterable[Entry], files: Iterable[DocumentFile]) -> list[Entry]:
    """All entries, each name once.

    Raises:
        BadDocument: A name stands for two things, or it is too much.
    """
    found: dict[str, Entry] = {}
    for entry in (*entries, *(held.file for held in files)):
        if found.setdefault(entry.label, entry) != entry:
            raise BadDocument(entry.label, "the same name stands for two of them")
    if len(found) > MOST_ENTRIES:
        raise BadDocument(f"{len(found):,} documents", f"there can be {MOST_ENTRIES:,} at most")
    if sum(it.size for it in found.values() if isinstance(it, File)) > _LARGEST_TOTAL:
        limit = f"they can have {_LARGEST_TOTAL >> 20} MiB at most"
        raise BadDocument("all files together", limit)
    return list(found.values())


def _same(entries: Iterable[Entry], content: bytes) -> File | None:
    """The file of this content, whatever its name."""
    files = (it for it in entries if isinstance(it, File) and it.size == len(content))
    return next((it for it in files if it.is_of(content)), None)


def _place(entry: Entry) -> tuple[bool, str]:
    return isinstance(entry, File), entry.label
