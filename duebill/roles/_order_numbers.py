"""Which number an order gets.

The exchange keeps a maker's numbers as bits, 128 to a word. The first that is used of a word costs
whoever fills 19,300 gas more than a number of the floor's word, each other one 2,100 more. Orders
with one number exclude each other, and no log tells which numbers are in orders that still wait: so
a number is never guessed from those that were used. Instead each process draws a word of its own
from the clock, and hands out its 128 numbers one after the other: none twice, and all of them cheap
but the first.

A word is left after an hour, so that a floor made of a moment (`nonce_at`) withdraws what was
signed before it, and of what was signed later at most that of the hour after.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.model import nonce_at, time_of

if TYPE_CHECKING:
    from duebill.model import Address

_WORD = 128
_SPAN_SECONDS = 3600
# Below the milliseconds in a number, and above its place in the word.
_RANDOM_BITS = 24


@dataclass(slots=True)
class _Word:
    first: int
    given: int
    drawn_at: float

    def is_done(self, floor: int) -> bool:
        old = time.monotonic() - self.drawn_at > _SPAN_SECONDS
        return old or self.given == _WORD or self.first < floor


_words: dict[tuple[int, Address], _Word] = {}
_lock = threading.Lock()


def next_number(maker: Address, *, floor: int = 0) -> int:
    """A number that no other order of this maker has got, in this process or elsewhere.

    Args:
        maker: Who signs.
        floor: The maker's floor: orders with lower numbers are withdrawn before they are signed.
    """
    # A forked process would go on with its parent's word.
    key = os.getpid(), maker
    with _lock:
        word = _words.get(key)
        if word is None or word.is_done(floor):
            word = _words[key] = _drawn(floor)
        word.given += 1
        return word.first + word.given - 1


def _drawn(floor: int) -> _Word:
    # Whoever has set a floor in the future goes on above it.
    start = max(nonce_at(time_of(int(time.time()))), -(-floor // _WORD) * _WORD)
    first = start + secrets.randbits(_RANDOM_BITS) * _WORD
    return _Word(first=first, given=0, drawn_at=time.monotonic())
