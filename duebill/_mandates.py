"""What the holder of a role may do at once, and what it has to announce first.

Roles can have a delay (OpenZeppelin's AccessManager): then a call is announced, waits, and is made.
Where each call stands is read from the chain, so that whoever was interrupted goes on by doing the
same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duebill._abi import keccak
from duebill.model import time_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duebill._desk import Desk
    from duebill.model import Address

# Answers in one request, as elsewhere.
_MOST_READS = 200


class Stage(StrEnum):
    """How far a call has come."""

    TO_ANNOUNCE = "to announce"
    """The role has a delay, and nothing is announced, or no longer."""

    ANNOUNCED = "announced"
    """It can be made from `Step.ready_at` on."""

    READY = "ready"
    """It can be made now."""

    DONE = "done"
    """It was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A call of a restricted function, and how far it has come.

    Attributes:
        stage: How far.
        ready_at: When an announced call can be made; None where nothing is waited for.
        transaction: The hash of the transaction that brought it there; None if none did now.
    """

    stage: Stage
    ready_at: datetime | None = None
    transaction: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The step as an object for JSON."""
        return {
            "stage": self.stage.value,
            "ready_at": self.ready_at.isoformat() if self.ready_at else None,
            "transaction": self.transaction,
        }


def steps_of(desk: Desk, caller: Address, calls: Sequence[bytes]) -> list[Step]:
    """Where calls of one restricted function of the ledger stand for one caller.

    Whoever has not the role meets no delay here: the ledger refuses it.
    """
    if not calls:
        return []
    block = desk.chain.block()
    immediate, delay = desk.ask_manager(
        "canCall", caller, desk.address, calls[0][:4], block=block.number
    )
    if immediate or not delay:
        return [Step(stage=Stage.READY)] * len(calls)
    times = _announced(desk, caller, calls, block=block.number)
    return [_step(time, now=block.time) for time in times]


def _step(time: int, *, now: int) -> Step:
    if not time:
        return Step(stage=Stage.TO_ANNOUNCE)
    ready = time_of(time)
    return Step(stage=Stage.READY if time <= now else Stage.ANNOUNCED, ready_at=ready)


def _announced(desk: Desk, caller: Address, calls: Sequence[bytes], *, block: int) -> list[int]:
    """From when on each call can be made, in seconds since 1970; 0 if it is not announced."""
    found: list[int] = []
    for start in range(0, len(calls), _MOST_READS):
        ids = [
            _operation(caller, desk.address, call) for call in calls[start : start + _MOST_READS]
        ]
        answers = desk.ask_manager_all([("getSchedule", id_) for id_ in ids], block=block)
        found.extend(answers)
    return found


def _operation(caller: Address, target: Address, data: bytes) -> bytes:
    """How the manager names an operation: `AccessManager.hashOperation`."""
    from eth_abi.abi import encode  # noqa: PLC0415 - slow to import

    return keccak(encode(["address", "address", "bytes"], [caller, target, data]))
