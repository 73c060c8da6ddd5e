"""The lineage of a receivable's vouchers as one SVG."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from duebill.model import Money
from duebill.picture._flows import flows_of
from duebill.picture._layout import CARD_WIDTH, MARGIN, TOP, lay_out
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from duebill.model import Address, LineageNode, Receivable, VoucherId
    from duebill.picture._flows import Flows
    from duebill.picture._layout import Band, Card, Layout

_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_STYLE = f"""
text {{ font-family: {_FONTS}; fill: #1f2937; }}
.title {{ font-size: 20px; font-weight: 600; }}
.sub {{ font-size: 12.5px; fill: #6b7280; }}
.head {{ font-size: 11px; fill: #6b7280; letter-spacing: .06em; }}
.name {{ font-size: 13px; font-weight: 600; }}
.value {{ font-size: 13px; font-variant-numeric: tabular-nums; }}
.note {{ font-size: 11px; fill: #6b7280; }}
.done {{ fill: #15803d; font-weight: 600; }}
.card {{ fill: #ffffff; stroke: #d6dae1; }}
.chosen {{ stroke: #111827; stroke-width: 2; }}
"""
# One hue for each holder, far enough apart for colour-blind eyes; the obligor comes first.
_HUES = ("#475569", "#2563eb", "#0d9488", "#d97706", "#9333ea", "#db2777", "#65a30d", "#0891b2")
_DONE = "#16a34a"
_PAGE = "#f8fafc"
_HEADS = {-1: "OBLIGOR", 0: "CREDITOR", 1: "AFTER 1 HOP"}
_INSET = 18.0
_NAME_CELLS = 22


def lineage_svg(
    root: LineageNode,
    receivable: Receivable,
    *,
    names: Mapping[Address, str] | None = None,
    chosen: VoucherId | None = None,
    custodians: Container[Address] = (),
) -> str:
    """Draw how a receivable's value went from holder to holder.

    Args:
        root: The voucher that the receivable was issued with, and all below it.
        receivable: The receivable.
        names: What to call accounts; the others go by the ends of their addresses.
        chosen: A voucher to mark.
        custodians: Who keeps vouchers for others: what goes to them and back is no hop.
    """
    flows = flows_of(root, receivable, custodians)
    return _Drawing(root, receivable, flows, names or {}, chosen).svg()


class _Drawing:
    def __init__(
        self,
        root: LineageNode,
        receivable: Receivable,
        flows: Flows,
        names: Mapping[Address, str],
        chosen: VoucherId | None,
    ) -> None:
        self._nodes = {node.id: node for node in root.walk()}
        self._receivable = receivable
        self._face = root.born_value
        self._names = names
        self._chosen = chosen
        self._layout: Layout = lay_out(flows)
        holders = dict.fromkeys(card.stage.holder for card in self._layout.cards)
        self._hues = {who: _HUES[n % len(_HUES)] for n, who in enumerate(holders)}

    def svg(self) -> str:
        width, height = max(self._layout.width, 640.0), self._layout.height
        parts = [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
                f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
                f"aria-label={quoteattr(self._title())}>"
            ),
            f"<title>{escape(self._title())}</title>",
            f"<style>{escape(_STYLE)}</style>",
            f'<rect width="100%" height="100%" fill="{_PAGE}"/>',
            *self._header(),
            *self._gradients(),
            *(self._band(place, band) for place, band in enumerate(self._layout.bands)),
            *(part for card in self._layout.cards for part in self._card(card)),
            _text(MARGIN, height - 24, "note", self._legend()),
            "</svg>\n",
        ]
        return "\n".join(parts)

    def _title(self) -> str:
        return f"Receivable {self._receivable.id[:12]}… of {grouped(self._face)}"

    def _header(self) -> Iterator[str]:
        it = self._receivable
        paid = f"{grouped(it.paid)} paid" if it.paid else "nothing paid yet"
        line = f"{self._name(it.obligor)} · due {it.due_date.isoformat()} · {it.status} · {paid}"
        yield _text(MARGIN, 46, "title", self._title())
        yield _text(MARGIN, 70, "sub", line)
        for x, head in self._heads():
            yield _text(x, TOP - 16, "head", head)

    def _heads(self) -> Iterator[tuple[float, str]]:
        first: dict[int, float] = {}
        for card in self._layout.cards:
            first[card.stage.hops] = min(card.x, first.get(card.stage.hops, card.x))
        for hops, x in first.items():
            yield x, _HEADS.get(hops, f"AFTER {hops} HOPS")

    def _gradients(self) -> Iterator[str]:
        yield "<defs>"
        for place, band in enumerate(self._layout.bands):
            start, end = (self._hues[c.stage.holder] for c in (band.source, band.target))
            yield (
                f'<linearGradient id="g{place}" gradientUnits="userSpaceOnUse" '
                f'x1="{band.source.x + CARD_WIDTH:.1f}" x2="{band.target.x:.1f}" y1="0" y2="0">'
                f'<stop offset="0" stop-color="{start}"/><stop offset="1" stop-color="{end}"/>'
                "</linearGradient>"
            )
        yield "</defs>"

    def _band(self, place: int, band: Band) -> str:
        x0, x1 = band.source.x + CARD_WIDTH, band.target.x
        mid = (x0 + x1) / 2
        top, end = band.source_y, band.target_y
        path = (
            f"M{x0:.1f} {top:.1f} C{mid:.1f} {top:.1f} {mid:.1f} {end:.1f} {x1:.1f} {end:.1f} "
            f"v{band.width:.1f} C{mid:.1f} {end + band.width:.1f} {mid:.1f} "
            f"{top + band.width:.1f} {x0:.1f} {top + band.width:.1f} Z"
        )
        giver, taker = (self._name(card.stage.holder) for card in (band.source, band.target))
        moved = grouped(Money(band.flow.units, self._face.currency))
        words = escape(f"{giver} to {taker}: {moved}")
        return f'<path d="{path}" fill="url(#g{place})" opacity=".38"><title>{words}</title></path>'

    def _card(self, card: Card) -> Iterator[str]:
        stage, hue = card.stage, self._hues[card.stage.holder]
        chosen = " chosen" if stage.voucher and stage.voucher == self._chosen else ""
        yield f"<g><title>{escape(self._tooltip(card))}</title>"
        yield _rect(card.x, card.y, CARD_WIDTH, card.height, f'class="card{chosen}" rx="8"')
        tint = f'fill="{hue}" opacity=".07" rx="8"'
        yield _rect(card.x, card.y, CARD_WIDTH, max(card.bar, 8.0), tint)
        yield _rect(card.x, card.y, 6, card.bar, f'fill="{hue}" rx="3"')
        yield from self._right_edge(card, hue)
        yield _text(card.x + _INSET, card.y + 21, "name", _fitted(self._name(stage.holder)))
        units = grouped(Money(stage.units, self._face.currency))
        yield _text(card.x + _INSET, card.y + 38, "value", units)
        state, done = self._state(card)
        yield _text(card.x + _INSET, card.y + 54, "note done" if done else "note", state)
        yield "</g>"

    def _right_edge(self, card: Card, hue: str) -> Iterator[str]:
        """What stays with the holder ends here: green where it was redeemed, hollow where not."""
        stage = card.stage
        if not stage.units or stage.voucher is None:
            return
        x, passed = card.x + CARD_WIDTH - 6, card.bar * stage.passed / stage.units
        kept = card.bar - passed
        if passed:
            yield _rect(x, card.y, 6, passed, f'fill="{hue}" opacity=".55" rx="3"')
        if stage.last and stage.units > stage.passed:
            node = self._nodes[stage.voucher]
            look = f'stroke="{hue}" fill="{_PAGE}"' if node.alive else f'fill="{_DONE}"'
            yield _rect(x, card.y + passed, 6, max(kept, 3.0), f'{look} rx="3"')

    def _state(self, card: Card) -> tuple[str, bool]:
        """What became of a stage's value, in words, and whether it ended in money."""
        stage = card.stage
        if stage.voucher is None:
            owed = self._receivable.owed
            return (f"owes {grouped(owed)}", False) if owed else ("owes nothing more", False)
        name = f"#{stage.voucher.serial}"
        if not stage.last:
            return f"{name} · {'merged' if stage.grew else 'passed on'}", False
        node = self._nodes[stage.voucher]
        if node.alive:
            paid = f" · {node.redeemed.text} paid out" if node.redeemed else ""
            return f"{name} · holds {grouped(node.value, code=False)}{paid}", False
        if node.redeemed:
            return f"{name} · ✓ redeemed {grouped(node.redeemed, code=False)}", True
        return f"{name} · passed on" if stage.passed else f"{name} · ended", False

    def _tooltip(self, card: Card) -> str:
        which = card.stage.voucher or self._receivable.id
        return f"{self._name(card.stage.holder)} ({card.stage.holder}): {which}"

    def _legend(self) -> str:
        return (
            "A card is a voucher in one holder's hands, a band is value on its way, as wide as "
            "its amount. Green: redeemed. Hollow: still held."
        )

    def _name(self, who: Address) -> str:
        return _drawable(self._names.get(who, "")) or f"{who[:6]}…{who[-4:]}"


def _fitted(name: str) -> str:
    """Cut a name to the width of a card; East Asian characters take two cells."""
    cells = 0
    for place, character in enumerate(name):
        cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if cells > _NAME_CELLS:
            return name[:place].rstrip() + "…"
    return name


def _text(x: float, y: float, style: str, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}">{escape(words)}</text>'


def _drawable(words: str) -> str:
    # XML has no way to write most control characters, not even escaped.
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Cn"} else "�" for c in words)


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {look}/>'
