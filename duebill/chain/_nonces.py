"""Whose turn it is: one transaction after the other for each account, whatever the thread."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.model import Address

_turns: dict[tuple[int, Address], threading.RLock] = {}
_turns_lock = threading.Lock()


@contextlib.contextmanager
def turn(chain_id: int, account: Address) -> Iterator[None]:
    """Wait for an account's turn in this process, through whatever connection it sends.

    It saves signatures, no more: that a nonce is held once, the journal sees to, also between
    processes.
    """
    with _turns_lock:
        found = _turns.setdefault((chain_id, account), threading.RLock())
    with found:
        yield
