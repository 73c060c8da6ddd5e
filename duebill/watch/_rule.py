"""What a rule is: a class with thresholds that looks at the ledger after each block."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.watch._alert import Alert, EventRef, Happened, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duebill.model import Event
    from duebill.watch._view import View


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """A rule that finds something in what happened.

    A subclass is a frozen dataclass too. Its docstring says what it finds and why that matters; its
    fields are its thresholds, whole numbers with their units in their names. It keeps nothing
    between blocks: what it tells follows from the view alone.

    Attributes:
        severity: How much its alerts ask for.
    """

    severity: Severity = Severity.WARNING

    @classmethod
    def name(cls) -> str:
        """What settings and alerts call it: the class's name in small letters, with hyphens."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    @abstractmethod
    def look(self, view: View) -> Iterator[Alert]:
        """What it finds in the ledger as it stands after a block, by what happened in that block."""

    def alert(
        self,
        view: View,
        subject: str,
        words: str,
        *,
        evidence: Iterable[Event | Happened],
        occasion: object = "",
    ) -> Alert:
        """An alert of this rule.

        Args:
            view: Where it was found.
            subject: What it is about.
            words: What was found, in a sentence.
            evidence: The events that show it; each is named once, in the chain's order.
            occasion: What tells it from other alerts about the same subject; see `Alert`.
        """
        events = [it.event if isinstance(it, Happened) else it for it in evidence]
        places = {(it.block, it.log_index): EventRef.of(it) for it in events}
        return Alert(
            rule=self.name(),
            severity=self.severity,
            subject=subject,
            occasion=str(occasion),
            words=words,
            evidence=tuple(places[place] for place in sorted(places)),
            time=view.time,
            block=view.number,
        )
