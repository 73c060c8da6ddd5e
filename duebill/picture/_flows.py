"""From the events of a lineage to stages (a voucher in one holder's hands) and flows of value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from duebill.model import VoucherId

if TYPE_CHECKING:
    from collections.abc import Container

    from duebill.model import Address, Event, LineageNode, Receivable


@dataclass(slots=True, kw_only=True)
class Stage:
    """A voucher while one holder has it; without a voucher it is the obligor.

    Attributes:
        holder: Who has it.
        voucher: Which voucher; None for the obligor.
        hops: How often its value has changed hands since the creditor; -1 for the obligor.
        step: How often its value was moved within the same hands since then.
        units: What came in.
        passed: What went on to other stages.
        last: Whether it is the voucher's last stage.
        grew: Whether the same holder put more value into the voucher.
    """

    holder: Address
    voucher: VoucherId | None
    hops: int
    step: int = 0
    units: int = 0
    passed: int = 0
    last: bool = True
    grew: bool = False


@dataclass(slots=True, kw_only=True)
class Flow:
    """Value that moved from one stage to another."""

    source: Stage
    target: Stage
    units: int


@dataclass(slots=True, kw_only=True)
class Flows:
    """Everything that moved, in the order in which it moved."""

    custodians: Container[Address] = ()
    stages: list[Stage] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    current: dict[VoucherId, Stage] = field(default_factory=dict)

    def enter(self, voucher: VoucherId, holder: Address, *sources: tuple[Stage, int]) -> None:
        """Open a voucher's next stage, filled from others."""
        hops = max(stage.hops + self._is_hop(stage, holder) for stage, _ in sources)
        step = max((stage.step + 1 for stage, _ in sources if stage.hops == hops), default=0)
        stage = Stage(holder=holder, voucher=voucher, hops=hops, step=step)
        if voucher in self.current:
            earlier = self.current[voucher]
            earlier.last, earlier.grew = False, earlier.holder == holder
        self.current[voucher] = stage
        self.stages.append(stage)
        for source, units in sources:
            source.passed += units
            stage.units += units
            self.flows.append(Flow(source=source, target=stage, units=units))

    def _is_hop(self, stage: Stage, holder: Address) -> bool:
        """Whether value changes hands, and neither of the two keeps it for another."""
        both = (stage.holder, holder)
        return stage.holder != holder and not any(who in self.custodians for who in both)

    def held(self, voucher: VoucherId) -> int:
        """What a voucher has now."""
        stage = self.current[voucher]
        return stage.units - stage.passed


def flows_of(
    root: LineageNode, receivable: Receivable, custodians: Container[Address] = ()
) -> Flows:
    """Follow the value of a receivable from its obligor through all its vouchers."""
    nodes = {node.id: node for node in root.walk()}
    obligor = Stage(holder=receivable.obligor, voucher=None, hops=-1)
    obligor.units = root.born_value.units
    flows = Flows(custodians=custodians, stages=[obligor])
    flows.enter(root.id, root.holders[0], (obligor, root.born_value.units))
    for event in _in_order(nodes):
        if event.name == "TransferValue":
            _value_moved(flows, event, nodes)
        elif event.name == "Transfer":
            _changed_hands(flows, event)
    return flows


def _in_order(nodes: dict[VoucherId, LineageNode]) -> list[Event]:
    # A movement between two vouchers stands in the life of both.
    found = {(e.block, e.log_index): e for node in nodes.values() for e in node.events}
    return [found[place] for place in sorted(found)]


def _value_moved(flows: Flows, event: Event, nodes: dict[VoucherId, LineageNode]) -> None:
    source, target, units = (event.args[key] for key in ("fromTokenId", "toTokenId", "value"))
    if not source or not target or not units:
        return  # made by the issue, or burned: the card itself says so
    giver, taker = VoucherId.from_number(source), VoucherId.from_number(target)
    if taker in flows.current:
        stage = flows.current[taker]
        earlier = (stage, flows.held(taker))
        flows.enter(taker, stage.holder, earlier, (flows.current[giver], units))
    else:
        flows.enter(taker, nodes[taker].holders[0], (flows.current[giver], units))


def _changed_hands(flows: Flows, event: Event) -> None:
    voucher = VoucherId.from_number(event.args["tokenId"])
    stage = flows.current.get(voucher)
    giver, taker = event.args["from"], event.args["to"]
    if stage is None or stage.holder != giver or int(taker, 16) == 0:
        return  # being made, or burned
    flows.enter(voucher, taker, (stage, flows.held(voucher)))
