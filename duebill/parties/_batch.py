"""Many parties at once: what the ledger would say of each, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duebill.errors import BadAddress, DuebillError
from duebill.model import FOREVER, ZERO_ADDRESS, ZERO_HASH, address, hash_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from duebill._mandates import Step
    from duebill.model import Address, Party


class Finding(StrEnum):
    """What a check found of a row."""

    NEW = "new"
    """The account is not verified now."""

    RENEWED = "renewed"
    """It is verified, and this changes until when, or as whom."""

    UNCHANGED = "unchanged"
    """The ledger says so already: there is nothing to send."""

    REFUSED = "refused"
    """It cannot be carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a registrar is to say of one account.

    Attributes:
        account: The account.
        until: The last second of its verification.
        identifier: Keyed hash of its legal identifier: `Identifier.keyed_hash`. When it is not
            given, the one that the ledger has stays.
    """

    account: str
    until: datetime = FOREVER
    identifier: str = ZERO_HASH


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedVerification:
    """One row of a batch.

    Attributes:
        row: Its place in the batch, counted from 1.
        account: The account; None where the row names none.
        until: The last second of its verification.
        identifier: Keyed hash of its legal identifier; zero if it has none.
        finding: What was found.
        reason: Why it is refused, in words; empty when it is not.
        step: How far it has come; None where nothing is to be sent, and on a dry run.
    """

    row: int
    account: Address | None
    until: datetime | None
    identifier: str
    finding: Finding
    reason: str = ""
    step: Step | None = None

    @property
    def to_send(self) -> bool:
        """Whether the ledger is to be told."""
        return self.finding in {Finding.NEW, Finding.RENEWED}

    def to_json(self) -> dict[str, Any]:
        """The row as an object for JSON."""
        return {
            "row": self.row,
            "account": self.account,
            "until": self.until.isoformat() if self.until else None,
            "identifier": self.identifier,
            "finding": self.finding.value,
            "reason": self.reason,
            "step": self.step.to_json() if self.step else None,
        }


def checked(
    rows: Iterable[Verification | DuebillError],
    *,
    now: datetime,
    look_up: Callable[[Sequence[Address]], Mapping[Address, Party]],
) -> list[CheckedVerification]:
    """Find out about each row.

    Args:
        rows: The batch; a row that could not be read is the error that says why.
        now: The chain's time.
        look_up: What the ledger knows of accounts, all at one block.
    """
    batch = [_plain(row) for row in rows]
    wanted = [address(row.account) for row in batch if isinstance(row, Verification)]
    known = look_up(list(dict.fromkeys(wanted)))
    first: dict[Address, int] = {}
    found = []
    for place, row in enumerate(batch, 1):
        if isinstance(row, DuebillError):
            found.append(_unread(place, row))
            continue
        who = address(row.account)
        before = first.setdefault(who, place)
        found.append(_judged(place, row, known[who], now=now, before=before))
    return found


def _plain(row: Verification | DuebillError) -> Verification | DuebillError:
    if isinstance(row, DuebillError):
        return row
    try:
        address(row.account)
        hash_bytes(row.identifier)
    except DuebillError as error:
        return error
    if row.account == ZERO_ADDRESS:
        return BadAddress(row.account, reason="nobody has it")
    return row


def _judged(
    place: int, row: Verification, party: Party, *, now: datetime, before: int
) -> CheckedVerification:
    kept = party.identifier if row.identifier == ZERO_HASH else row.identifier.lower()
    reason = _obstacle(row, party, now=now, before=before if before != place else None)
    if reason:
        finding = Finding.REFUSED
    elif not party.is_verified(now):
        finding = Finding.NEW
    elif (party.verified_until, party.identifier) == (row.until, kept):
        finding = Finding.UNCHANGED
    else:
        finding = Finding.RENEWED
    return CheckedVerification(
        row=place,
        account=party.address,
        until=row.until,
        identifier=kept,
        finding=finding,
        reason=reason,
    )


def _obstacle(row: Verification, party: Party, *, now: datetime, before: int | None) -> str:
    if before is not None:
        return f"it is the account of row {before}"
    if row.until < now:
        return "its verification would be over already"
    if ZERO_HASH not in {row.identifier, party.identifier} and (
        row.identifier.lower() != party.identifier
    ):
        return "the ledger has another identifier for this account"
    return ""


def _unread(place: int, error: DuebillError) -> CheckedVerification:
    return CheckedVerification(
        row=place,
        account=None,
        until=None,
        identifier=ZERO_HASH,
        finding=Finding.REFUSED,
        reason=error.message,
    )
