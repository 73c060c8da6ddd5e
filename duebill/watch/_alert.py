"""What a rule tells: an alert, with the events that show it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from duebill.model import time_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.model import Event

_ID_DIGITS = 16


class Severity(Enum):
    """How much an alert asks for, from the least."""

    NOTICE = "notice"
    """Worth knowing."""
    WARNING = "warning"
    """To be looked at."""
    ALARM = "alarm"
    """To be looked at now."""

    @property
    def rank(self) -> int:
        """Its place among them, from 0."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRef:
    """Where an event stands on the chain, so that anybody can look it up.

    Attributes:
        name: Its name in the ABI.
        transaction: The transaction's hash.
        block: The block's number.
        block_hash: The block's hash.
        log_index: Its place in the block.
    """

    name: str
    transaction: str
    block: int
    block_hash: str
    log_index: int

    @classmethod
    def of(cls, event: Event) -> EventRef:
        """Where an event stands."""
        return cls(
            name=event.name,
            transaction=event.transaction,
            block=event.block,
            block_hash=event.block_hash,
            log_index=event.log_index,
        )

    def to_json(self) -> dict[str, Any]:
        """The place as an object for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a rule found.

    Attributes:
        rule: The rule's name.
        severity: How much it asks for.
        subject: What it is about: a receivable, a voucher, an account.
        occasion: Tells it apart from other alerts of the rule about the same subject. It follows from
            what happened, not from the block in which it did: so an alert stays the same one through
            a reorganisation.
        words: What was found, in a sentence.
        evidence: The events that show it, in the chain's order.
        time: The time of the block after which it was found.
        block: That block's number.
    """

    rule: str
    severity: Severity
    subject: str
    occasion: str
    words: str
    evidence: tuple[EventRef, ...]
    time: datetime
    block: int

    @property
    def id(self) -> str:
        """The same for the same rule, subject and occasion, wherever it is found."""
        named = f"{self.rule}\n{self.subject}\n{self.occasion}"
        return hashlib.sha256(named.encode()).hexdigest()[:_ID_DIGITS]

    def to_json(self) -> dict[str, Any]:
        """The alert as an object for JSON."""
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity.value,
            "subject": self.subject,
            "occasion": self.occasion,
            "words": self.words,
            "time": self.time.isoformat(),
            "block": self.block,
            "evidence": [it.to_json() for it in self.evidence],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Alert:
        """Read what `to_json` gave.

        Raises:
            ValueError, KeyError, TypeError: It is something else.
        """
        found = cls(
            rule=data["rule"],
            severity=Severity(data["severity"]),
            subject=data["subject"],
            occasion=data["occasion"],
            words=data["words"],
            evidence=tuple(EventRef(**it) for it in data["evidence"]),
            time=datetime.fromisoformat(data["time"]),
            block=data["block"],
        )
        if found.id != data["id"]:
            raise ValueError("id")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An alert that was told does not stand any more.

    The blocks that showed it left the chain, or its rule has other thresholds than before.

    Attributes:
        alert: The alert as it was told.
    """

    alert: Alert

    def to_json(self) -> dict[str, Any]:
        """The withdrawal as an object for JSON."""
        return {"withdrawn": self.alert.id, "rule": self.alert.rule, "subject": self.alert.subject}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, and when its block was made.

    Attributes:
        event: The event.
        seconds: The block's time, in seconds since 1970.
    """

    event: Event
    seconds: int

    @property
    def time(self) -> datetime:
        """The block's time."""
        return time_of(self.seconds)
