"""What the story leaves behind, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill.model import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.demo._cast import Cast
    from duebill.exchange import Fill, StandingOffer
    from duebill.guarantees import StandingAval
    from duebill.loans import StandingLoan
    from duebill.model import Address, InvariantReport, Invoice, LineageNode, Receivable, Terms


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
        names: What to call everyone, contracts too.
        books: The contracts, and what to call them.
        receivables: The buyer's receivable, and that of the second tier.
        terms: What they say.
        lineages: Where their value went.
        fills: What was sold.
        offers: What was offered as payment.
        avals: What was guaranteed.
        loans: What was lent.
        brought: What everyone brought in from outside.
        cash: Everyone's money, the contracts' too.
        held: The value of everyone's vouchers, as above.
        steps: The transactions; not the approvals that went before some of them.
        refusals: What was refused: attempt and type of the error.
        report: The invariants.
    """

    invoice: Invoice
    cast: Cast
    names: Mapping[Address, str]
    books: Mapping[Address, str]
    receivables: tuple[Receivable, ...]
    terms: tuple[Terms, ...]
    lineages: tuple[LineageNode, ...]
    fills: tuple[Fill, ...]
    offers: tuple[StandingOffer, ...]
    avals: tuple[StandingAval, ...]
    loans: tuple[StandingLoan, ...]
    brought: Mapping[Address, Money]
    cash: Mapping[Address, Money]
    held: Mapping[Address, Money]
    steps: tuple[Step, ...]
    refusals: tuple[tuple[str, str], ...]
    report: InvariantReport

    @property
    def receivable(self) -> Receivable:
        """The buyer's receivable."""
        return self.receivables[0]

    @property
    def lineage(self) -> LineageNode:
        """Where its value went."""
        return self.lineages[0]

    @property
    def lost_units(self) -> int:
        """What was brought in and nobody has, in units; negative: what nobody brought in."""
        # As units: together it may be more than 80 bits.
        brought = sum(money.units for money in self.brought.values())
        return brought - sum(money.units for money in self.cash.values())

    def to_json(self) -> dict[str, Any]:
        """Everything as one object for JSON."""
        pairs = zip(self.receivables, self.terms, strict=True)
        return {
            "invoice": self.invoice.to_json(),
            "receivables": [{**it.to_json(), "creditor": said.creditor} for it, said in pairs],
            "vouchers": [_voucher(node) for tree in self.lineages for node in tree.walk()],
            "fills": [it.to_json() for it in self.fills],
            "offers": [it.to_json() for it in self.offers],
            "avals": [it.to_json() for it in self.avals],
            "loans": [it.to_json() for it in self.loans],
            "balances": self._balances(),
            "gas": [step.to_json() for step in self.steps],
            "refusals": [{"attempt": what, "error": error} for what, error in self.refusals],
            "invariants": self.report.to_json(),
        }

    def _balances(self) -> list[dict[str, Any]]:
        nothing = Money.zero(self.invoice.currency)
        rows = [(actor.role, actor.name, actor.address) for actor in self.cast.parties]
        rows += [(name.lower(), name, place) for place, name in self.books.items()]
        return [
            {
                "role": role,
                "name": name,
                "address": who,
                "currency": nothing.currency,
                "brought_in": self.brought.get(who, nothing).text,
                "cash": self.cash[who].text,
                "vouchers": self.held[who].text,
            }
            for role, name, who in rows
        ]


def _voucher(node: LineageNode) -> dict[str, Any]:
    data = node.to_json()
    del data["events"], data["children"]
    return data
