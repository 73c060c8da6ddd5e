"""What a write is before it is sent: where it goes, and how to read what it brought about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from duebill._abi import keccak

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duebill.journal import Ceiling
    from duebill.model import Address, Event

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T_co]):
    """How the value of a write is read, from either of the two places that tell it.

    Attributes:
        from_result: From what the call returns, in a dry run.
        from_events: From the log, once it is in a block.
    """

    from_result: Callable[[Any], T_co]
    from_events: Callable[[Sequence[Event]], T_co]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Generic[T_co]):
    """One call of a contract that changes something.

    Attributes:
        to: The contract.
        data: The encoded call.
        decode: Decodes what the call returns.
        answer: How its value is read.
        intent: What is the same however it is said: with a permit before it or without, the amount
            spelled out or "all of it". Contract and call when not given.
        gas_beyond: What it takes beyond what a node estimates.
        ceiling: What it may cost at most together with others; see `duebill.journal.Ceiling`.
    """

    to: Address
    data: bytes
    decode: Callable[[bytes], Any]
    answer: Answer[T_co]
    intent: bytes = b""
    gas_beyond: int = 0
    ceiling: Ceiling | None = None

    @property
    def meaning(self) -> bytes:
        """What tells this intent from another under the same reference."""
        return self.intent or bytes.fromhex(self.to[2:]) + self.data

    @property
    def digest(self) -> str:
        """The hash of its meaning."""
        return "0x" + keccak(self.meaning).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Action[None]):
    """A call of a token that lets a contract take some of it.

    Attributes:
        spender: The contract.
        amount: How much, as the token counts.
    """

    spender: Address
    amount: int


def all_of(action: Action[T], subject: str) -> Action[T]:
    """A call whose amount was read from the chain: "all of it", whatever that comes to by then.

    Args:
        action: The call.
        subject: What it is all of: an id.
    """
    function = action.data[:4]
    return replace(action, intent=bytes.fromhex(action.to[2:]) + function + subject.encode())


NOTHING: Answer[None] = Answer(from_result=lambda _: None, from_events=lambda _: None)
"""For calls that have nothing to tell but that they succeeded."""


def always(value: T) -> Answer[T]:
    """For calls whose value is known beforehand."""
    return Answer(from_result=lambda _: value, from_events=lambda _: value)


def logged(name: str, field: str, make: Callable[[Any], T]) -> Answer[T]:
    """For calls that return what one field of an event says.

    Args:
        name: The event; the call writes it exactly once.
        field: Its field.
        make: From the ABI's value to ours.
    """
    return Answer(
        from_result=make,
        from_events=lambda events: make(only(events, name).args[field]),
    )


def only(events: Sequence[Event], name: str) -> Event:
    """The one event of that name."""
    (found,) = (event for event in events if event.name == name)
    return found
