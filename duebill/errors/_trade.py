"""What can stand in the way of an order beside what its signer and the contracts refuse."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError

if TYPE_CHECKING:
    from duebill.model import Money


class OrderProblem(DuebillError):
    """An order cannot be filled as things are."""


class CashMissing(OrderProblem):
    """Who would buy has too little money.

    Attributes:
        party: Who.
        cash: What it has.
        needed: What it would pay.
    """

    def __init__(self, party: str, *, cash: Money, needed: Money) -> None:
        self.party = party
        self.cash = cash
        self.needed = needed
        super().__init__(
            f"{party} has {cash}, and would have to pay {needed}.",
            hint="The buyer has to top its account up; a smaller fill may be possible.",
        )


class CashNotAllowed(OrderProblem):
    """Who would buy has not allowed the exchange to take enough of its money.

    Attributes:
        party: Who.
        allowed: What the exchange may take.
        needed: What it would have to take.
    """

    def __init__(self, party: str, *, allowed: Money, needed: Money) -> None:
        self.party = party
        self.allowed = allowed
        self.needed = needed
        super().__init__(
            f"The exchange may take {allowed} from {party}, and would have to take {needed}.",
            hint="The buyer has to allow it: `duebill order allow`, or `allow_cash`.",
        )
