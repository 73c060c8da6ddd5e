"""What a deployment tells while it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


State: TypeAlias = Literal["found", "sending", "done", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One step of a deployment.

    Attributes:
        step: What it is about, in a few words.
        state: `found` when it was there, `sending` before a transaction, `done` after it, `note`
            for something to know.
        detail: A contract's address, or a sentence.
        transaction: The transaction's hash, once it is `done`.
        gas: What it cost.
    """

    step: str
    state: State
    detail: str = ""
    transaction: str | None = None
    gas: int = 0


ProgressCallback: TypeAlias = "Callable[[Progress], None]"
