"""Sealing documents for their readers, opening them, and letting further readers in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duebill.documents._entries import LARGEST_FILE, File
from duebill.documents._manifest import (
    LARGEST_MANIFEST,
    BadManifestError,
    Manifest,
    Sealed,
    Shown,
)
from duebill.documents._sealing import CannotOpenError, Identity, seal
from duebill.documents._set import prove
from duebill.documents._store import (
    FILES,
    MOST_MANIFESTS,
    BadObjectError,
    NotInStoreError,
    manifests_of,
)
from duebill.errors import DocumentsUnreadable, DocumentUnknown, StoreRefused
from duebill.model import hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duebill.documents._entries import Entry
    from duebill.documents._proof import DocumentProof
    from duebill.documents._set import DocumentSet, SaltedEntry
    from duebill.documents._store import DocumentStore

# age adds a header and 16 bytes for each 64 KiB.
_LARGEST_SEALED = LARGEST_FILE + (LARGEST_FILE >> 10) + (1 << 16)


class Finding(StrEnum):
    """What became of a document."""

    PRESENT = "present"
    """It is there, and it is what the root commits to."""

    MISSING = "missing"
    """The store has nothing of that name."""

    UNREADABLE = "unreadable"
    """It is there, and this reader, or nobody, can open it."""

    ALTERED = "altered"
    """It is not what was stored, or not what the root commits to."""


_BEST = list(Finding)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file as it was found.

    Attributes:
        file: What the root commits to.
        finding: What became of it.
        reason: In words, when it is not present.
        content: Its bytes; None when it is not present.
    """

    file: File
    finding: Finding
    reason: str = ""
    content: bytes | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON, without the content."""
        return {**self.file.to_json(), "finding": self.finding.value, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocuments:
    """What a reader finds under a root.

    Attributes:
        root: The root.
        finding: Whether the list of them could be opened.
        reason: In words, when it could not.
        facts: Fields, and the hash of the whole invoice, that this reader is shown.
        files: The files that this reader is shown.
        withheld: How many further documents and fields there are.
    """

    root: str
    finding: Finding
    reason: str = ""
    facts: tuple[Entry, ...] = field(default=(), repr=False)
    files: tuple[FoundFile, ...] = ()
    withheld: int = 0
    _leaves: tuple[bytes, ...] = field(default=(), repr=False)
    _shown: tuple[SaltedEntry, ...] = field(default=(), repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of what this reader is shown."""
        return tuple(sorted(it.entry.label for it in self._shown))

    @property
    def sound(self) -> bool:
        """Whether everything that this reader is shown is present."""
        files = all(it.finding is Finding.PRESENT for it in self.files)
        return self.finding is Finding.PRESENT and files

    def prove(self, label: str) -> DocumentProof:
        """The proof of something that this reader is shown; see `DocumentSet.prove`.

        Raises:
            DocumentUnknown: Nothing that is shown has this name.
        """
        return prove(label, self._shown, list(self._leaves))

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON, without the contents of the files."""
        return {
            "root": self.root,
            "finding": self.finding.value,
            "reason": self.reason,
            "facts": [fact.to_json() for fact in self.facts],
            "files": [found.to_json() for found in self.files],
            "withheld": self.withheld,
        }


def pack(documents: DocumentSet, *, store: DocumentStore, readers: Iterable[str]) -> str:
    """Seal documents for readers and store them.

    Every file is sealed to a key of its own, which stands in the list that is sealed to the
    readers: so a reader can be let in later without any file being sealed again.

    Args:
        documents: With the contents of all their files.
        store: Where to.
        readers: Their encryption keys; at least one.

    Returns:
        The name of the list in the store.

    Raises:
        BadEncryptionKey: One of the keys is none; nothing is stored.
        BadDocument: The content of a file is not at hand.
        StoreRefused: The store does not take them.
    """
    keys = _keys(readers)
    shown = [Shown(it, _stored(documents, it.entry, store)) for it in documents.salted]
    return _store_list(Manifest(leaves=tuple(documents.leaves), shown=tuple(shown)), store, keys)


def open_documents(root: str, *, store: DocumentStore, identity: Identity) -> OpenedDocuments:
    """What an identity can open under a root.

    Whatever is wrong with the documents or with the store is a finding, never an error: a
    receivable stands whether or not its documents can be read.
    """
    root = hash_text(root, field="documents root")
    try:
        finding, reason, lists = _lists(root, store, identity)
    except StoreRefused as error:
        unread = Finding.UNREADABLE
        return OpenedDocuments(root=root, finding=unread, reason=_unreached(error))
    if not lists:
        return OpenedDocuments(root=root, finding=finding, reason=reason)
    shown = _together(lists)
    salted = tuple(places[0].salted for places in shown.values())
    files = [_found(places, store) for places in shown.values() if _is_file(places[0])]
    return OpenedDocuments(
        root=root,
        finding=Finding.PRESENT,
        facts=tuple(sorted((it.entry for it in salted if not _is_file(it)), key=_label)),
        files=tuple(sorted(files, key=lambda found: found.file.name)),
        withheld=len(lists[0].leaves) - len(shown),
        _leaves=lists[0].leaves,
        _shown=salted,
    )


def grant(
    root: str,
    *,
    store: DocumentStore,
    identity: Identity,
    readers: Iterable[str],
    only: Iterable[str] | None = None,
) -> str:
    """Let further readers in. It cannot be taken back: what was read once is known.

    Args:
        root: The root.
        store: Where the documents are.
        identity: That of a reader who can open them.
        readers: The encryption keys of the further readers.
        only: The names of what they are shown; all that the granting reader is shown when not
            given. The rest stays leaves to them, which show nothing.

    Returns:
        The name of their list in the store.

    Raises:
        DocumentsUnreadable: The granting reader cannot open the list.
        DocumentUnknown: There is nothing of one of the names.
        BadEncryptionKey: One of the keys is none.
        StoreRefused: The store cannot be reached.
    """
    keys = _keys(readers)
    root = hash_text(root, field="documents root")
    _, reason, lists = _lists(root, store, identity)
    if not lists:
        raise DocumentsUnreadable(root, reason)
    shown = {it[0].salted.entry.label: _best(it, store) for it in _together(lists).values()}
    names = sorted(shown) if only is None else list(only)
    for name in names:
        if name not in shown:
            raise DocumentUnknown(name, tuple(sorted(shown)))
    chosen = tuple(shown[name] for name in names)
    return _store_list(Manifest(leaves=lists[0].leaves, shown=chosen), store, keys)


def _keys(readers: Iterable[str]) -> tuple[str, ...]:
    keys = tuple(readers)
    if not keys:
        raise TypeError("give the encryption key of at least one reader")
    # Refuses a bad key before anything is stored.
    seal(b"", keys)
    return keys


def _stored(documents: DocumentSet, entry: Entry, store: DocumentStore) -> Sealed | None:
    if not isinstance(entry, File):
        return None
    identity = Identity.new()
    sealed = seal(documents.content_of(entry), [identity.encryption_key])
    return Sealed(store.put(FILES, sealed), identity)


def _store_list(manifest: Manifest, store: DocumentStore, keys: tuple[str, ...]) -> str:
    return store.put(manifests_of(manifest.root), seal(manifest.to_bytes(), keys))


def _lists(
    root: str, store: DocumentStore, identity: Identity
) -> tuple[Finding, str, list[Manifest]]:
    """The lists that this reader can open; without any, why."""
    finding, reason = Finding.MISSING, "the store has no list of these documents"
    lists = []
    for name in store.names(manifests_of(root))[:MOST_MANIFESTS]:
        try:
            sealed = store.get(manifests_of(root), name, most=LARGEST_MANIFEST)
            lists.append(Manifest.from_bytes(identity.open(sealed), root=root))
        except NotInStoreError:
            continue
        except CannotOpenError:
            if finding is Finding.MISSING:
                finding, reason = Finding.UNREADABLE, "it is sealed for other readers"
        except (BadObjectError, BadManifestError) as error:
            finding, reason = Finding.ALTERED, str(error)
        except StoreRefused as error:
            finding, reason = Finding.UNREADABLE, _unreached(error)
    return finding, reason, lists


def _together(lists: Iterable[Manifest]) -> dict[bytes, list[Shown]]:
    """What several lists show, by leaf: a reader may have been let in bit by bit."""
    found: dict[bytes, list[Shown]] = {}
    for manifest in lists:
        for shown in manifest.shown:
            found.setdefault(shown.salted.leaf, []).append(shown)
    return found


def _found(places: list[Shown], store: DocumentStore) -> FoundFile:
    """The file in the best of the places in which lists say it is."""
    best: FoundFile | None = None
    for found in _looked_up(places, store):
        if best is None or _BEST.index(found.finding) < _BEST.index(best.finding):
            best = found
        if best.finding is Finding.PRESENT:
            break
    if best is None:
        raise AssertionError("a list shows an entry in one place at least")
    return best


def _best(places: list[Shown], store: DocumentStore) -> Shown:
    """The place in which the file is present; the first when it is nowhere."""
    if len(places) == 1 or not _is_file(places[0]):
        return places[0]
    states = zip(places, _looked_up(places, store), strict=True)
    return next((it for it, found in states if found.content is not None), places[0])


def _looked_up(places: list[Shown], store: DocumentStore) -> Iterator[FoundFile]:
    for shown in places:
        file, sealed = shown.salted.entry, shown.sealed
        if isinstance(file, File):
            yield _fetched(file, sealed, store)


def _fetched(file: File, sealed: Sealed | None, store: DocumentStore) -> FoundFile:
    try:
        content = _unsealed(file, sealed, store)
    except NotInStoreError:
        finding, reason = Finding.MISSING, "the store does not have it"
    except CannotOpenError:
        finding, reason = Finding.UNREADABLE, "its key does not open it"
    except StoreRefused as error:
        finding, reason = Finding.UNREADABLE, _unreached(error)
    except BadObjectError as error:
        finding, reason = Finding.ALTERED, str(error)
    else:
        return FoundFile(file=file, finding=Finding.PRESENT, content=content)
    return FoundFile(file=file, finding=finding, reason=reason)


def _unsealed(file: File, sealed: Sealed | None, store: DocumentStore) -> bytes:
    if sealed is None:
        raise NotInStoreError
    content = sealed.identity.open(store.get(FILES, sealed.name, most=_LARGEST_SEALED))
    if not file.is_of(content):
        raise BadObjectError("its content is not what the root commits to")
    return content


def _unreached(error: StoreRefused) -> str:
    return f"the store cannot be used ({error.reason})"


def _is_file(shown: Shown | SaltedEntry) -> bool:
    salted = shown.salted if isinstance(shown, Shown) else shown
    return isinstance(salted.entry, File)


def _label(entry: Entry) -> str:
    return entry.label
