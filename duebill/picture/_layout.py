"""Where cards and bands stand: columns from left to right, heights in proportion to value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.picture._flows import Flow, Flows, Stage

CARD_WIDTH = 224.0
CARD_LEAST_HEIGHT = 62.0
COLUMN_GAP = 104.0
CARD_GAP = 20.0
MARGIN = 36.0
TOP = 132.0
BOTTOM = 64.0
FACE_HEIGHT = 340.0
_BAND_LEAST = 1.5


@dataclass(slots=True, kw_only=True)
class Card:
    """A stage's place; `bar` is the height that stands for its value."""

    stage: Stage
    x: float
    y: float
    height: float
    bar: float


@dataclass(slots=True, kw_only=True)
class Band:
    """A flow's place: from a card's right edge to another one's left edge."""

    flow: Flow
    source: Card
    target: Card
    source_y: float
    target_y: float
    width: float


@dataclass(slots=True, kw_only=True)
class Layout:
    """The whole picture."""

    cards: Sequence[Card]
    bands: Sequence[Band]
    width: float
    height: float


def lay_out(flows: Flows) -> Layout:
    """Place every stage and every flow."""
    scale = FACE_HEIGHT / max(1, flows.stages[0].units)
    cards = _place_cards(flows, scale)
    bands = _place_bands(flows, cards, scale)
    placed = list(cards.values())
    return Layout(
        cards=placed,
        bands=bands,
        width=max(card.x for card in placed) + CARD_WIDTH + MARGIN,
        height=max(card.y + card.height for card in placed) + BOTTOM,
    )


def _place_cards(flows: Flows, scale: float) -> dict[int, Card]:
    cards: dict[int, Card] = {}
    columns = sorted({_column(stage) for stage in flows.stages})
    for place, column in enumerate(columns):
        free = TOP
        for wanted, stage in _ordered(flows, column, cards, scale):
            bar = max(_BAND_LEAST, stage.units * scale)
            y = max(wanted, free)
            height = max(CARD_LEAST_HEIGHT, bar)
            x = MARGIN + place * (CARD_WIDTH + COLUMN_GAP)
            cards[id(stage)] = Card(stage=stage, x=x, y=y, height=height, bar=bar)
            free = y + height + CARD_GAP
    return cards


def _column(stage: Stage) -> tuple[int, int]:
    """A column for each number of hops; more where value also moved within the same hands."""
    return stage.hops, stage.step


def _ordered(
    flows: Flows, column: tuple[int, int], cards: dict[int, Card], scale: float
) -> list[tuple[float, Stage]]:
    """The stages of a column with the height at which each would stand straight, topmost first."""
    wanted: dict[int, float] = {}
    offsets: dict[int, float] = {}
    for flow in flows.flows:
        offset = offsets.get(id(flow.source), 0.0)
        offsets[id(flow.source)] = offset + flow.units * scale
        if _column(flow.target) == column:
            wanted.setdefault(id(flow.target), cards[id(flow.source)].y + offset)
    stages = [stage for stage in flows.stages if _column(stage) == column]
    return sorted(((wanted.get(id(s), TOP), s) for s in stages), key=lambda pair: pair[0])


def _place_bands(flows: Flows, cards: dict[int, Card], scale: float) -> list[Band]:
    out: dict[int, float] = {}
    into: dict[int, float] = {}
    bands = []
    for flow in sorted(flows.flows, key=lambda flow: cards[id(flow.target)].y):
        source, target = cards[id(flow.source)], cards[id(flow.target)]
        width = max(_BAND_LEAST, flow.units * scale)
        source_y = source.y + out.get(id(source), 0.0)
        target_y = target.y + into.get(id(target), 0.0)
        out[id(source)] = source_y - source.y + width
        into[id(target)] = target_y - target.y + width
        bands.append(
            Band(
                flow=flow,
                source=source,
                target=target,
                source_y=source_y,
                target_y=target_y,
                width=width,
            )
        )
    return bands
