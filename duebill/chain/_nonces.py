"""Whose turn it is: one nonce after the other for each account, whatever the thread."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.model import Address


@dataclass(slots=True)
class Turn:
    """An account's place in its own queue.

    Attributes:
        lock: Held from taking a nonce until its transaction is sent, so that none is left out.
        nonce: The last one that was used.
        transaction: The hash of what used it.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    nonce: int = -1
    transaction: str = ""

    def used(self, nonce: int, transaction: str) -> None:
        """A transaction was sent, or may have been."""
        self.nonce, self.transaction = nonce, transaction


_turns: dict[tuple[int, Address], Turn] = {}
_turns_lock = threading.Lock()


@contextlib.contextmanager
def turn(chain_id: int, account: Address) -> Iterator[Turn]:
    """Wait for an account's turn in this process, through whatever connection it sends."""
    with _turns_lock:
        found = _turns.setdefault((chain_id, account), Turn())
    with found.lock:
        yield found
