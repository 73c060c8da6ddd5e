"""What happened on the chain."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.model._ids import Address

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry in the chain's log, decoded.

    Attributes:
        name: The event's name in the ABI.
        args: Its fields as in the ABI: numbers as integers, bytes as bytes, accounts as `Address`.
        contract: The contract that wrote it.
        transaction: The hash of the transaction.
        block: The block's number.
        block_hash: The block's hash; with `log_index` it names the event once and for all.
        log_index: Its place in the block.
    """

    name: str
    args: Mapping[str, Any]
    contract: Address
    transaction: str
    block: int
    block_hash: str
    log_index: int

    def to_json(self) -> dict[str, Any]:
        """The event as an object for JSON: big numbers as strings, bytes as hex."""
        return {
            "name": self.name,
            "args": {name: _shown(value) for name, value in self.args.items()},
            "transaction": self.transaction,
            "block": self.block,
            "log_index": self.log_index,
        }


class TransactionStatus(Enum):
    """Where a transaction stands."""

    SIMULATED = "simulated"
    """Tried out only; it was never signed or sent."""
    PENDING = "pending"
    """Sent, and not in a block yet."""
    INCLUDED = "included"
    """In a block, but not under enough others."""
    CONFIRMED = "confirmed"
    """Under as many blocks as were asked for."""
    REVERTED = "reverted"
    """In a block, without effect."""
    DROPPED = "dropped"
    """Its nonce was used by another transaction: it will never take effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T_co]):
    """What a transaction brought about.

    Attributes:
        value: What the call gave: an id, an amount; None where there is nothing to give.
        transaction: The hash; None for a dry run.
        block: The block's number; for a dry run the one that it was tried on.
        block_hash: The block's hash; None for a dry run.
        gas_used: Gas that it took; for a dry run the estimate.
        fee: What its sender paid for it, in wei; 0 for a dry run.
        events: What it wrote to the log; empty for a dry run.
    """

    value: T_co
    transaction: str | None
    block: int
    block_hash: str | None
    gas_used: int
    fee: int
    events: tuple[Event, ...]

    @property
    def simulated(self) -> bool:
        """Whether it was only tried out."""
        return self.transaction is None


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return {name: _shown(part) for name, part in value.items()}
    # Readers in other languages lose digits beyond 2^53.
    return str(value) if type(value) is int and value > 1 << 53 else value
