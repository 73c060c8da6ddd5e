"""Calls into transactions: as many in each as its gas and its size allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.bulk._rows import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill.bulk._spool import Item

# EIP-7825: the most gas of one transaction.
_MOST_GAS = 16_777_216
# What is estimated may take a little more by the time of its block.
_MARGIN = (5, 4)
# A call on its own pays for being a transaction; among others it pays for being passed on.
_TRANSACTION_GAS = 21_000
_PASSING_GAS = 3_000
# Nodes refuse transactions of more than 128 KiB (geth's txMaxSize).
_MOST_BYTES = 110_000
_BYTES_AROUND_A_CALL = 96
# What the rows may take of a reference of 200 characters.
_LONGEST_SPANS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A row whose call would go through.

    Attributes:
        row: Its number.
        item: What it asks for.
        call: The call.
        gas: What the call takes in a transaction of its own.
    """

    row: int
    item: Item
    call: bytes
    gas: int


def gas_limit(gas: int, *, block_limit: int) -> int:
    """What a transaction that takes this much may take."""
    return min(gas * _MARGIN[0] // _MARGIN[1], _MOST_GAS, block_limit)


def most_gas(block_limit: int) -> int:
    """What the calls of one transaction may take, by estimate."""
    return min(_MOST_GAS, block_limit) * _MARGIN[1] // _MARGIN[0] - _TRANSACTION_GAS


def packed(rows: Sequence[Tried], *, room: int, most: int | None) -> Iterator[list[Tried]]:
    """The rows of each transaction, in their order.

    Args:
        rows: The rows, by rising number.
        room: The most gas of a transaction's calls.
        most: The most rows of a transaction; None: as many as fit.
    """
    pack: list[Tried] = []
    gas = size = 0
    for row in rows:
        more_gas = max(row.gas - _TRANSACTION_GAS, 0) + _PASSING_GAS
        more_size = len(row.call) + _BYTES_AROUND_A_CALL
        full = gas + more_gas > room or size + more_size > _MOST_BYTES or len(pack) == most
        if pack and (full or _is_scattered(pack, row)):
            yield pack
            pack, gas, size = [], 0, 0
        pack.append(row)
        gas, size = gas + more_gas, size + more_size
    if pack:
        yield pack


def _is_scattered(pack: Sequence[Tried], row: Tried) -> bool:
    # Only a gap makes the spans longer.
    if row.row == pack[-1].row + 1:
        return False
    return len(spans_of([*(it.row for it in pack), row.row])) > _LONGEST_SPANS
