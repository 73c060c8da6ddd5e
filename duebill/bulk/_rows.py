"""Row numbers as text: `2-501+507` are the rows of one transaction, and part of its reference."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPANS = re.compile(r"[0-9]+(?:-[0-9]+)?(?:\+[0-9]+(?:-[0-9]+)?)*")


def spans_of(rows: Sequence[int]) -> str:
    """Rising row numbers as spans."""
    breaks = [i for i, (a, b) in enumerate(pairwise(rows), start=1) if b != a + 1]
    edges = zip([0, *breaks], [*breaks, len(rows)], strict=True)
    return "+".join(_span(rows[start], rows[end - 1]) for start, end in edges)


def rows_in(spans: str) -> list[int] | None:
    """The row numbers that spans stand for; None if they are no spans."""
    if not _SPANS.fullmatch(spans):
        return None
    found: list[int] = []
    for span in spans.split("+"):
        first, _, last = span.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
