"""From events to state: later documents and attestations. A part of `duebill._fold`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from duebill.model import ReceivableId, hash_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill._fold import Books
    from duebill.model import Address, Event


class Word(NamedTuple):
    """Whose word for what: a verifier, a kind of document (as in the ABI), a receivable."""

    receivable: ReceivableId
    verifier: Address
    kind: bytes


@dataclass(slots=True)
class AppendedRecord:
    """Documents that were added to a receivable."""

    by: Address
    block: int


@dataclass(slots=True)
class AttestedRecord:
    """An attestation that was brought; the expiry in seconds since 1970."""

    leaf: str
    expiry: int
    nonce: int


@dataclass(slots=True)
class WordRecord:
    """A verifier's word for a kind of document: until when, and how often it was revoked."""

    until: int = 0
    nonce: int = 0
    attested: list[AttestedRecord] = field(default_factory=list)


@dataclass(slots=True)
class DocumentBooks:
    """All that the document book holds."""

    appended: dict[ReceivableId, dict[str, AppendedRecord]] = field(default_factory=dict)
    words: dict[Word, WordRecord] = field(default_factory=dict)


def _appended(books: Books, event: Event, *, receivable: int, root: bytes, by: Address) -> None:
    id_ = ReceivableId.from_number(receivable)
    roots = books.documents.appended.setdefault(id_, {})
    roots[hash_text(root)] = AppendedRecord(by, event.block)


def _attested(books: Books, _: Event, *, leaf: bytes, expiry: int, nonce: int, **key: Any) -> None:
    record = books.documents.words.setdefault(_word(**key), WordRecord(nonce=nonce))
    # One that ends earlier than another changes nothing.
    record.until = max(record.until, expiry)
    record.attested.append(AttestedRecord(hash_text(leaf), expiry, nonce))


def _revoked(books: Books, _: Event, *, nonce: int, **key: Any) -> None:
    record = books.documents.words.setdefault(_word(**key), WordRecord())
    record.until, record.nonce = 0, nonce


def _word(*, receivable: int, verifier: Address, kind: bytes) -> Word:
    return Word(ReceivableId.from_number(receivable), verifier, kind)


HANDLERS: dict[str, Callable[..., None]] = {
    "AttestationsRevoked": _revoked,
    "Attested": _attested,
    "DocumentsAppended": _appended,
}
