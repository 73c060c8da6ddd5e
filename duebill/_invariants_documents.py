"""Whether events give what the document book says (12). A part of `_invariants`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill._book_calls import read_all_from
from duebill.model import hash_bytes, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill._desk import Desk
    from duebill._fold import Books

_BOOK = "document_book"


def documents_rebuilt(desk: Desk, books: Books, *, block: int) -> Iterator[str | None]:
    """Whether later documents and attestations are on the chain as the events tell them."""
    if desk.contracts.document_book is None:
        return
    roots = [(id_, root) for id_, found in books.documents.appended.items() for root in found]
    calls = [("isAppended", (id_.number, hash_bytes(root))) for id_, root in roots]
    answers = read_all_from(desk, _BOOK, calls, block=block)
    for (id_, root), there in zip(roots, answers, strict=True):
        yield None if there else f"{id_}: the documents {root} by events are not on the chain"
    words = books.documents.words
    keys = [(word.receivable.number, word.kind, word.verifier) for word in words]
    ends = read_all_from(desk, _BOOK, [("attestedUntil", key) for key in keys], block=block)
    nonces = read_all_from(desk, _BOOK, [("nonceOf", key) for key in keys], block=block)
    for (word, kept), until, nonce in zip(words.items(), ends, nonces, strict=True):
        same = (kept.until, kept.nonce) == (until, nonce)
        whose = f"{word.receivable}: {word.verifier} on its {kind_of(word.kind)}"
        yield None if same else f"{whose} by events differs from the chain"
