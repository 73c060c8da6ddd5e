"""The tree over documents: salted leaves, pairs in order of their hashes, odd ones promoted.

```
leaf = keccak256(0x00 ‖ salt ‖ content hash)
node = keccak256(0x01 ‖ the smaller of two hashes ‖ the larger)
```

The first byte keeps a node from passing for a leaf (RFC 6962, section 2.1). Neighbours are paired
level by level; the last of an odd level goes up as it is. The contract computes the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LEAF = b"\x00"
_NODE = b"\x01"


def keccak(content: bytes) -> bytes:
    """Keccak-256."""
    # Comes with its backend: not before something is hashed.
    from eth_hash.auto import keccak as hashed  # noqa: PLC0415

    return hashed(content)


def leaf_of(content_hash: bytes, *, salt: bytes) -> bytes:
    """The leaf of something with this hash."""
    return keccak(_LEAF + salt + content_hash)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves, of which there is at least one; a single one is the root."""
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path_of(leaves: Sequence[bytes], leaf: bytes) -> list[bytes]:
    """What a leaf is hashed with on the way to the root, from below."""
    level, place, path = list(leaves), leaves.index(leaf), []
    while len(level) > 1:
        if (beside := place ^ 1) < len(level):
            path.append(level[beside])
        level, place = _above(level), place // 2
    return path


def climbed(leaf: bytes, path: Iterable[bytes]) -> bytes:
    """The root that a leaf and its path lead to."""
    for beside in path:
        leaf = _node(leaf, beside)
    return leaf


def _above(level: list[bytes]) -> list[bytes]:
    nodes = [_node(*pair) for pair in list(pairwise(level))[::2]]
    return nodes + level[len(level) & ~1 :]


def _node(one: bytes, other: bytes) -> bytes:
    return keccak(_NODE + min(one, other) + max(one, other))
