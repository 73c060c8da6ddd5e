"""Receivables and their vouchers as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from duebill.model._money import Money
from duebill.model._rows import Shown

if TYPE_CHECKING:
    from datetime import date

    from duebill.model._event import Event
    from duebill.model._ids import Address, ReceivableId, VoucherId


class Status(IntEnum):
    """Where a receivable stands. LAPSED, OVERDUE and SETTLED follow from time and money."""

    NONE = 0
    """Never issued."""
    ISSUED = 1
    """Issued by the creditor, waits for the obligor."""
    ACCEPTED = 2
    """The obligor is bound."""
    CANCELLED = 3
    """Rejected by the obligor, or withdrawn. Final."""
    LAPSED = 4
    """The acceptance period is over."""
    OVERDUE = 5
    """Due date and grace are over and something is still owed."""
    SETTLED = 6
    """The obligor owes nothing any more. Final."""

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable(Shown):
    """One payment obligation as it stands.

    Attributes:
        id: Its id, the hash of its terms.
        status: Where it stands.
        obligor: Who owes.
        currency: The number of the currency in the ledger's table.
        programme: The number of the programme whose rules it lives by.
        due_date: The day on which payment is due; its end, 24:00 UTC, is the cut-off.
        accept_by: The last day on which it can be accepted.
        max_hops: How often its value may change hands.
        vouchers: How many vouchers were ever made of it.
        default_declared: Whether it stands on the obligor's record.
        face: What is left of the face after vouchers were extinguished.
        paid: Paid by, or for, the obligor.
        advanced: Paid by guarantors.
        claimed: Taken out by holders before full coverage.
    """

    id: ReceivableId
    status: Status
    obligor: Address
    currency: int
    programme: int
    due_date: date
    accept_by: date
    max_hops: int
    vouchers: int
    default_declared: bool
    face: Money
    paid: Money
    advanced: Money
    claimed: Money

    @property
    def owed(self) -> Money:
        """What the obligor still owes; nothing before it is bound, or after a cancellation."""
        bound = self.status in {Status.ACCEPTED, Status.OVERDUE, Status.SETTLED}
        return self.face - self.paid if bound else Money.zero(self.face.currency)

    @property
    def coverage(self) -> Money:
        """What holders can share in: what has come in, at most the face."""
        return min(self.face, self.paid + self.advanced)

    def to_json(self) -> dict[str, Any]:
        """The receivable as an object for JSON: amounts as decimal strings, dates as ISO 8601."""
        return {
            "id": self.id,
            "status": str(self.status),
            "obligor": self.obligor,
            "currency": self.face.currency,
            "programme": self.programme,
            "due_date": self.due_date.isoformat(),
            "accept_by": self.accept_by.isoformat(),
            "max_hops": self.max_hops,
            "vouchers": self.vouchers,
            "default_declared": self.default_declared,
            "face": self.face.text,
            "paid": self.paid.text,
            "advanced": self.advanced.text,
            "owed": self.owed.text,
            "claimed": self.claimed.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher(Shown):
    """A holder's part of one receivable as it stands.

    Attributes:
        id: Its id.
        holder: Who holds it.
        value: Its part of the face.
        hops: How often its value has changed hands.
        frozen: Whether its holder may not move it now.
        claimed: What was taken out on it before full coverage.
        claimable: What can be taken out on it now.
    """

    id: VoucherId
    holder: Address
    value: Money
    hops: int
    frozen: bool
    claimed: Money
    claimable: Money

    def to_json(self) -> dict[str, Any]:
        """The voucher as an object for JSON: amounts as decimal strings."""
        return {
            "id": self.id,
            "receivable": self.id.receivable,
            "holder": self.holder,
            "currency": self.value.currency,
            "value": self.value.text,
            "hops": self.hops,
            "frozen": self.frozen,
            "claimed": self.claimed.text,
            "claimable": self.claimable.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding(Shown):
    """What one holder has in one currency.

    Attributes:
        holder: Who.
        vouchers: The vouchers, oldest first.
        value: Their values together.
        claimable: What can be taken out on them now.
    """

    holder: Address
    vouchers: tuple[VoucherId, ...]
    value: Money
    claimable: Money

    def to_json(self) -> dict[str, Any]:
        """The holding as an object for JSON: amounts as decimal strings."""
        return {
            "holder": self.holder,
            "vouchers": list(self.vouchers),
            "currency": self.value.currency,
            "value": self.value.text,
            "claimable": self.claimable.text,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of a split.

    Attributes:
        to: Who gets it.
        value: Its value.
    """

    to: Address
    value: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance(Shown):
    """What a guarantor paid in, and what of it was given back.

    Attributes:
        receivable: The receivable.
        start: Its key: what guarantors had advanced before, in units.
        guarantor: Who paid it in.
        amount: What was paid in.
        reimbursed: What was given back.
        reimbursable: What can be given back now.
    """

    receivable: ReceivableId
    start: int
    guarantor: Address
    amount: Money
    reimbursed: Money
    reimbursable: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageNode:
    """A voucher in the tree of all vouchers that came from it.

    Attributes:
        id: Its id.
        parent: The voucher it was split off; None for the one that the receivable was issued with.
        holder: Who holds it now, or held it last.
        holders: Everyone who held it, in order.
        hops: How often its value has changed hands.
        born_value: Its value when it was made.
        value: Its value now; zero when it is no more.
        redeemed: What was taken out on it, early claims included.
        alive: Whether it still exists.
        events: What happened to it, in order.
        children: The vouchers that were split off it, oldest first.
    """

    id: VoucherId
    parent: VoucherId | None
    holder: Address
    holders: tuple[Address, ...]
    hops: int
    born_value: Money
    value: Money
    redeemed: Money
    alive: bool
    events: tuple[Event, ...]
    children: tuple[LineageNode, ...]

    def walk(self) -> tuple[LineageNode, ...]:
        """This node and all below it, parents before children."""
        nodes: list[LineageNode] = []
        pending = [self]
        while pending:
            node = pending.pop()
            nodes.append(node)
            pending += reversed(node.children)
        return tuple(nodes)

    def to_json(self) -> dict[str, Any]:
        """The tree as an object for JSON: amounts as decimal strings."""
        return {
            "id": self.id,
            "parent": self.parent,
            "holder": self.holder,
            "holders": list(self.holders),
            "hops": self.hops,
            "currency": self.value.currency,
            "born_value": self.born_value.text,
            "value": self.value.text,
            "redeemed": self.redeemed.text,
            "alive": self.alive,
            "events": [event.to_json() for event in self.events],
            "children": [child.to_json() for child in self.children],
        }
