"""The ledger's books as its events give them, followed from block to block."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from duebill._fold import Books, fold
from duebill.errors import HistoryInconsistent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.chain import Block, Chain
    from duebill.model import Address

_ATTEMPTS = 5


class History:
    """Reads each event once; starts afresh when a block that it read has left the chain."""

    def __init__(self, chain: Chain, contracts: tuple[Address, ...], *, first: int) -> None:
        self._chain = chain
        self._contracts = contracts
        self._first = first
        self._books = Books()
        self._tip: Block | None = None
        self._lock = threading.RLock()

    @contextlib.contextmanager
    def books(self) -> Iterator[tuple[Books, Block]]:
        """The books and the block that they stand at; nobody changes them meanwhile.

        Raises:
            HistoryInconsistent: The node's events contradict each other.
        """
        with self._lock:
            yield self._books, self._follow()

    def _follow(self) -> Block:
        for _ in range(_ATTEMPTS):
            if self._tip and not self._chain.has_block(self._tip.number, self._tip.hash):
                self._forget()
            head = self._chain.block()
            self._read_up_to(head)
            # The chain may have changed under the reader: then what was read is in doubt.
            if self._chain.has_block(head.number, head.hash):
                self._tip = head
                return head
            self._forget()
        raise HistoryInconsistent(block=head.number, reason="the chain does not come to rest")

    def _read_up_to(self, head: Block) -> None:
        start = self._tip.number + 1 if self._tip else self._first
        try:
            events = self._chain.events(self._contracts, first=start, last=head.number)
            fold(events, self._books)
        except BaseException:
            # Half of the events are in the books.
            self._forget()
            raise

    def _forget(self) -> None:
        self._tip = None
        # The books that were handed out are emptied too: they are one object for all readers.
        empty = Books()
        for name in Books.__slots__:
            setattr(self._books, name, getattr(empty, name))
