"""The values of the ledger's writes, and where they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill._actions import Answer, logged, only
from duebill.model import Advance, Money, ReceivableId, VoucherId, time_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duebill.model import Address, Event

ISSUED = logged("ReceivableIssued", "receivable", ReceivableId.from_number)
PROGRAMME = logged("ProgrammeCreated", "programme", int)
CURRENCY = logged("CurrencyAdded", "currency", int)

# The manager returns no time, so that a dry run has none.
ANNOUNCED: Answer[datetime | None] = Answer(
    from_result=lambda _: None,
    from_events=lambda events: time_of(only(events, "OperationScheduled").args["schedule"]),
)


def money(event: str, field: str, currency: str) -> Answer[Money]:
    """An amount that one event tells and the call returns."""
    return logged(event, field, lambda units: Money(units, currency))


def advance(receivable: ReceivableId, guarantor: Address, currency: str) -> Answer[Advance]:
    """What a guarantor paid in."""

    def made(start: int, units: int) -> Advance:
        return Advance(
            receivable=receivable,
            start=start,
            guarantor=guarantor,
            amount=Money(units, currency),
            reimbursed=Money.zero(currency),
            reimbursable=Money.zero(currency),
        )

    def from_events(events: Sequence[Event]) -> Advance:
        args = only(events, "Advanced").args
        return made(args["start"], args["amount"])

    return Answer(from_result=lambda result: made(*result), from_events=from_events)


def split_into(count: int) -> Answer[tuple[VoucherId, ...]]:
    """The new vouchers of a split: their serials follow each other."""

    def from_result(first: int) -> tuple[VoucherId, ...]:
        return tuple(VoucherId.from_number(first + place) for place in range(count))

    return Answer(from_result=from_result, from_events=_made)


def _made(events: Sequence[Event]) -> tuple[VoucherId, ...]:
    # A new voucher's slot is told once, in an event of its own.
    slots = (event.args["tokenId"] for event in events if event.name == "SlotChanged")
    return tuple(VoucherId.from_number(number) for number in slots)


BRANCHED: Answer[VoucherId] = Answer(
    from_result=VoucherId.from_number, from_events=lambda events: _made(events)[0]
)


def swept(token: Address) -> Answer[int]:
    """How much of a foreign token was sent out, in its own smallest units."""

    def from_events(events: Sequence[Event]) -> int:
        moves = (e for e in events if e.name == "Transfer" and e.contract == token)
        return sum(event.args["value"] for event in moves)

    return Answer(from_result=int, from_events=from_events)
