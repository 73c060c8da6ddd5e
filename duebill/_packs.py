"""Many calls in few transactions: how many fit is measured, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors import NodeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_FIRST = 25


def packed(
    calls: Sequence[bytes], *, gas_of: Callable[[Sequence[bytes]], int], most: int
) -> Iterator[Sequence[bytes]]:
    """Divide calls into packs that take at most so much gas each; a single call always is one.

    Args:
        calls: The encoded calls, in order.
        gas_of: The gas that a pack takes, as the node estimates it; a refusal by the contract is
            passed on.
        most: The most gas of a pack.
    """
    start, size = 0, _FIRST
    while start < len(calls):
        pack = calls[start : start + size]
        gas = _gas(pack, gas_of, most)
        if gas > most and len(pack) > 1:
            size = len(pack) // 2
            continue
        yield pack
        start += len(pack)
        size = max(1, min(len(pack) * most // gas, len(pack) * 4))


def _gas(pack: Sequence[bytes], gas_of: Callable[[Sequence[bytes]], int], most: int) -> int:
    try:
        return gas_of(pack)
    except NodeRefused:
        # Some nodes do not estimate what no block can hold.
        if len(pack) == 1:
            raise
        return most + 1
