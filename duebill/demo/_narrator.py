"""Who is told what happens."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from duebill.errors import DuebillError
    from duebill.model import Address, InvariantReport, LineageNode, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What someone has at a moment, as the chain says.

    Attributes:
        role: What it does in the story.
        name: What it is called.
        owes: What it has still to pay.
        holds: The value of its vouchers.
        cash: Its money on the chain.
    """

    role: str
    name: str
    owes: Money
    holds: Money
    cash: Money


class Narrator(Protocol):
    """Is told the story."""

    def scene(self, title: str) -> None:
        """Something new begins."""

    def say(self, words: str) -> None:
        """A sentence of the story."""

    def did(self, words: str, *, gas: int) -> None:
        """Someone did something that went to the chain."""

    def refused(self, attempt: str, error: DuebillError) -> None:
        """Someone tried something and was refused."""

    def standings(self, rows: Sequence[Standing]) -> None:
        """Who has what now."""

    def lineage(self, root: LineageNode, names: Mapping[Address, str]) -> None:
        """Where the value went."""

    def invariants(self, report: InvariantReport) -> None:
        """Whether the books are right."""

    def busy(self, words: str) -> AbstractContextManager[None]:
        """Something takes its time."""


class Silent:
    """Keeps it to itself."""

    def scene(self, title: str) -> None:
        """See `Narrator`."""

    def say(self, words: str) -> None:
        """See `Narrator`."""

    def did(self, words: str, *, gas: int) -> None:
        """See `Narrator`."""

    def refused(self, attempt: str, error: DuebillError) -> None:
        """See `Narrator`."""

    def standings(self, rows: Sequence[Standing]) -> None:
        """See `Narrator`."""

    def lineage(self, root: LineageNode, names: Mapping[Address, str]) -> None:
        """See `Narrator`."""

    def invariants(self, report: InvariantReport) -> None:
        """See `Narrator`."""

    def busy(self, words: str) -> AbstractContextManager[None]:  # noqa: ARG002 - nobody is told
        """See `Narrator`."""
        return contextlib.nullcontext()
