"""What the story leaves behind, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.demo._cast import Cast
    from duebill.model import (
        Address,
        InvariantReport,
        Invoice,
        LineageNode,
        Money,
        Receivable,
        Terms,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transaction of the story.

    Attributes:
        name: What it did, as verb and actor.
        transaction: Its hash.
        gas_used: The gas that it took.
    """

    name: str
    transaction: str
    gas_used: int

    def to_json(self) -> dict[str, Any]:
        """The step as an object for JSON."""
        return {"step": self.name, "transaction": self.transaction, "gas_used": self.gas_used}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The state of the chain when the story is over.

    Attributes:
        invoice: The invoice that it began with.
        cast: Who played.
        receivable: The receivable.
        terms: What it says.
        lineage: Where its value went.
        cash: Everyone's money.
        held: The value of everyone's vouchers.
        in_ledger: The money that the ledger still holds.
        steps: The transactions.
        refusals: What was refused: attempt and type of the error.
        report: The invariants.
    """

    invoice: Invoice
    cast: Cast
    receivable: Receivable
    terms: Terms
    lineage: LineageNode
    cash: Mapping[Address, Money]
    held: Mapping[Address, Money]
    in_ledger: Money
    steps: tuple[Step, ...]
    refusals: tuple[tuple[str, str], ...]
    report: InvariantReport

    def to_json(self) -> dict[str, Any]:
        """Everything as one object for JSON."""
        return {
            "invoice": self.invoice.to_json(),
            "receivables": [{**self.receivable.to_json(), "creditor": self.terms.creditor}],
            "vouchers": [_voucher(node) for node in self.lineage.walk()],
            "balances": [*self._balances(), self._ledgers()],
            "gas": [step.to_json() for step in self.steps],
            "refusals": [{"attempt": what, "error": error} for what, error in self.refusals],
            "invariants": self.report.to_json(),
        }

    def _balances(self) -> list[dict[str, Any]]:
        return [
            {
                "role": actor.role,
                "name": actor.name,
                "address": actor.address,
                "currency": self.terms.face.currency,
                "cash": self.cash[actor.address].text,
                "vouchers": self.held[actor.address].text,
            }
            for actor in self.cast.parties
        ]

    def _ledgers(self) -> dict[str, Any]:
        cash = self.in_ledger
        none = {"address": None, "vouchers": None}
        return {
            "role": "ledger",
            "name": "Ledger",
            **none,
            "currency": cash.currency,
            "cash": cash.text,
        }


def _voucher(node: LineageNode) -> dict[str, Any]:
    data = node.to_json()
    del data["events"], data["children"]
    return data
