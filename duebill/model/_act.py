"""What supervisors and enforcers did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from duebill.model._rows import Shown
from duebill.model._time import FOREVER

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model._ids import Address, VoucherId

#: How long an announced act can be carried out: AccessManager's `expiration`.
ANNOUNCEMENT_LASTS = timedelta(days=7)


class ActKind(Enum):
    """What was done."""

    FREEZE = "freeze"
    RELEASE = "release"
    """A freeze was ended early."""
    SEIZE = "seize"
    """A voucher was taken from its holder and given to another party."""
    PAYEE = "payee"
    """Another payee was named for a holder's redemptions, or the holder itself again."""
    PAUSE = "pause"
    UNPAUSE = "unpause"
    ANNOUNCE = "announce"
    """An act whose role has a delay was announced."""


class ActState(Enum):
    """What is left of an act now."""

    IN_FORCE = "in force"
    EXPIRED = "expired"
    """Its time is over: a freeze, a pause; an announcement that was not carried out in its week."""
    REPLACED = "replaced"
    """A later act on the same subject took its place, or ended it."""
    DONE = "done"
    """It had its effect at once, and nothing of it runs on; an announced act was carried out."""
    WAITING = "waiting"
    """Announced; it cannot be carried out before `until`."""
    READY = "ready"
    """Announced, and its delay is over: it can be carried out any time."""
    CANCELLED = "cancelled"
    """Announced, and cancelled before it was carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Shown):
    """An act of a supervisor or an enforcer, as the chain has it on record.

    Attributes:
        kind: What was done.
        state: What is left of it now.
        by: Who did it.
        subject: The account or the voucher; None for a pause.
        account: Whose right to a voucher was frozen; from whom it was taken.
        to: Who got the voucher; the payee; None otherwise.
        until: The last second of a freeze or a pause; from when on an announced act can be carried
            out; None where there is none.
        reason: The hash of the reason; None where none was given.
        announced: What an announced act will be; None for others.
        time: When it was done.
        block: The block's number.
        transaction: The transaction's hash.
    """

    kind: ActKind
    state: ActState
    by: Address
    subject: Address | VoucherId | None
    account: Address | None
    to: Address | None
    until: datetime | None
    reason: str | None
    announced: ActKind | None
    time: datetime
    block: int
    transaction: str

    @property
    def in_force(self) -> bool:
        """Whether it binds somebody now."""
        return self.state is ActState.IN_FORCE

    def to_json(self) -> dict[str, Any]:
        """The act as an object for JSON: times as ISO 8601, None for a time without end."""
        until = None if self.until in {None, FOREVER} else self.until
        return {
            "kind": self.kind.value,
            "state": self.state.value,
            "by": self.by,
            "subject": self.subject,
            "account": self.account,
            "to": self.to,
            "until": until.isoformat() if until else None,
            "reason": self.reason,
            "announced": self.announced.value if self.announced else None,
            "time": self.time.isoformat(),
            "block": self.block,
            "transaction": self.transaction,
        }
