"""The lineage as a picture: safe to open, complete, in proportion."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from duebill.model import (
    Event,
    LineageNode,
    Money,
    Receivable,
    ReceivableId,
    Status,
    address,
)
from duebill.picture import lineage_svg
from duebill.picture._flows import flows_of
from duebill.picture._layout import CARD_GAP, FACE_HEIGHT, lay_out

ID = ReceivableId("3fa2" + "0" * 44)
OBLIGOR, FIRST, SECOND, THIRD = (address(f"0x{n:040x}") for n in (0xA1, 0xB2, 0xC3, 0xD4))
SVG = "{http://www.w3.org/2000/svg}"


def eur(text):
    return Money.parse(text, "EUR")


class Story:
    """Makes lineages: events in order, and the nodes that they belong to."""

    def __init__(self, face):
        self.face = eur(face)
        self.events = []
        self.holders = {1: [FIRST]}
        self.born = {1: face}
        self.parents = {1: None}
        self.redeemed = {}

    def _event(self, name, *vouchers, **args):
        event = Event(
            name=name,
            args=args,
            contract=OBLIGOR,
            transaction="0x",
            block=1,
            block_hash="0x",
            log_index=len(self.events),
        )
        self.events.append((vouchers, event))

    def move(self, source, target, value, *, to=None):
        numbers = [ID.voucher(v).number if v else 0 for v in (source, target)]
        if target and target not in self.holders:
            self.holders[target], self.born[target], self.parents[target] = [to], value, source
        units = eur(value).units
        pair = dict(zip(("fromTokenId", "toTokenId"), numbers, strict=True))
        self._event("TransferValue", source, target, **pair, value=units)
        return self

    def hand(self, voucher, to):
        args = {"from": self.holders[voucher][-1], "to": to}
        self.holders[voucher].append(to)
        self._event("Transfer", voucher, **args, tokenId=ID.voucher(voucher).number)
        return self

    def redeem(self, voucher, value):
        self.redeemed[voucher] = value
        return self.move(voucher, 0, value)

    def tree(self, serial=1):
        children = [v for v, parent in self.parents.items() if parent == serial]
        paid = eur(self.redeemed.get(serial, "0"))
        return LineageNode(
            id=ID.voucher(serial),
            parent=self.parents[serial] and ID.voucher(self.parents[serial]),
            holder=self.holders[serial][-1],
            holders=tuple(self.holders[serial]),
            hops=0,
            born_value=eur(self.born[serial]),
            value=eur("0") if paid else eur(self.born[serial]),
            redeemed=paid,
            alive=not paid,
            events=tuple(event for vouchers, event in self.events if serial in vouchers),
            children=tuple(self.tree(child) for child in children),
        )

    def receivable(self):
        nothing = eur("0")
        return Receivable(
            id=ID,
            status=Status.ACCEPTED,
            obligor=OBLIGOR,
            currency=1,
            programme=1,
            due_date=date(2027, 5, 15),
            accept_by=date(2026, 12, 1),
            max_hops=8,
            vouchers=len(self.holders),
            default_declared=False,
            face=self.face,
            paid=nothing,
            advanced=nothing,
            claimed=nothing,
        )

    def flows(self):
        return flows_of(self.tree(), self.receivable())

    def svg(self, **options):
        return lineage_svg(self.tree(), self.receivable(), **options)


@pytest.fixture
def story():
    """1,000 go to the first, 400 on to the second, 100 of that on to the third, who redeems."""
    return (
        Story("1000.00")
        .move(1, 2, "400.00", to=SECOND)
        .move(2, 3, "100.00", to=THIRD)
        .redeem(3, "100.00")
    )


def texts(svg):
    return [element.text for element in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def test_it_names_holders_and_amounts(story):
    """Everyone with what they got, by name where there is one."""
    shown = texts(story.svg(names={SECOND: "Fonderie SAS"}))
    assert "Fonderie SAS" in shown
    assert "0x0000…00D4" in shown
    for amount in ("1,000.00 EUR", "400.00 EUR", "100.00 EUR"):
        assert amount in shown


def test_it_says_what_became_of_the_value(story):
    """Redeemed and held are told apart."""
    shown = texts(story.svg())
    assert "#3 · ✓ redeemed 100.00" in shown
    assert any(text.startswith("#2 · holds") for text in shown)


def test_66_every_text_is_escaped(story):
    """THREATS 66: a name is never markup, in no place of the picture."""
    evil = "</text><script>alert(1)</script>&\"'<"
    svg = story.svg(names=dict.fromkeys((OBLIGOR, FIRST, SECOND, THIRD), evil))
    root = etree.fromstring(svg.encode())
    allowed = {
        "svg",
        "title",
        "style",
        "rect",
        "defs",
        "linearGradient",
        "stop",
        "path",
        "g",
        "text",
    }
    assert {etree.QName(element).localname for element in root.iter()} <= allowed
    assert not [name for e in root.iter() for name in e.attrib if name.startswith("on")]


@given(name=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_66_any_name_gives_a_picture(name):
    """THREATS 66: control characters, lone surrogates, anything: still well-formed XML."""
    made = Story("10.00").move(1, 2, "4.00", to=SECOND)
    svg = made.svg(names={SECOND: name, OBLIGOR: name})
    etree.fromstring(svg.encode())


def test_it_refers_to_nothing_outside(story):
    """No script, no font, no image, no link."""
    svg = story.svg()
    for word in ("http", "url(", "@import", "href"):
        rest = svg.replace('xmlns="http://www.w3.org/2000/svg"', "").replace("url(#g", "")
        assert word not in rest


def test_columns_are_hops(story):
    """The obligor, the creditor, and one column for each hop."""
    layout = lay_out(story.flows())
    columns = {card.stage.hops: card.x for card in layout.cards}
    assert sorted(columns) == [-1, 0, 1, 2]
    assert sorted(columns.values()) == [columns[hops] for hops in (-1, 0, 1, 2)]
    shown = texts(story.svg())
    for head in ("OBLIGOR", "CREDITOR", "AFTER 1 HOP", "AFTER 2 HOPS"):
        assert head in shown


def test_bands_are_as_wide_as_their_value(story):
    """In proportion to the face."""
    layout = lay_out(story.flows())
    for band in layout.bands:
        assert band.width == pytest.approx(FACE_HEIGHT * band.flow.units / story.face.units)


def test_a_whole_transfer_is_a_new_card():
    """The same voucher in other hands stands in the next column."""
    made = Story("10.00").hand(1, SECOND)
    cards = lay_out(made.flows()).cards
    assert [card.stage.holder for card in cards] == [OBLIGOR, FIRST, SECOND]
    assert "#1 · passed on" in texts(made.svg())


def test_what_a_custodian_keeps_has_made_no_hop():
    made = Story("10.00").hand(1, SECOND).hand(1, FIRST)
    assert "AFTER 2 HOPS" in texts(made.svg())
    assert "AFTER 1 HOP" not in texts(made.svg(custodians={SECOND}))


def test_a_merge_joins_bands():
    """Two cards flow into one."""
    made = Story("10.00").move(1, 2, "4.00", to=FIRST).move(2, 1, "4.00")
    flows = made.flows()
    last = flows.current[ID.voucher(1)]
    assert last.units == eur("10.00").units
    assert sum(flow.target is last for flow in flows.flows) == 2
    assert "#1 · merged" in texts(made.svg())


def test_a_chosen_voucher_is_marked(story):
    """And only that one."""
    assert story.svg(chosen=ID.voucher(2)).count('class="card chosen"') == 1
    assert story.svg().count('class="card chosen"') == 0


def test_a_unit_and_a_fortune():
    """The smallest amount is still seen, the largest is still readable."""
    made = Story("1208925819614629174.706175").move(1, 2, "0.000001", to=SECOND)
    layout = lay_out(made.flows())
    assert min(band.width for band in layout.bands) >= 1
    assert "1,208,925,819,614,629,174.706175 EUR" in texts(made.svg())


moves = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(1, 40),
        st.sampled_from((FIRST, SECOND, THIRD)),
        st.booleans(),
    ),
    max_size=25,
)


@given(moves=moves)
@settings(max_examples=100, deadline=None)
def test_value_is_kept_and_cards_do_not_overlap(moves):
    """Whatever happened: no card lies on another, and nothing flows out that did not come in."""
    made = Story("1000.00")
    for which, part, to, whole in moves:
        source = 1 + which % len(made.holders)
        stage = made.flows().current[ID.voucher(source)]
        left = stage.units - stage.passed
        if whole and stage.holder != to:
            made.hand(source, to)
        elif left * part // 100:
            value = f"{left * part // 100 / 10**6:.6f}"
            made.move(source, len(made.holders) + 1, value, to=to)
    flows = made.flows()
    assert all(stage.passed <= stage.units for stage in flows.stages)
    last = flows.current.values()
    assert sum(stage.units - stage.passed for stage in last) == made.face.units
    layout = lay_out(flows)
    by_column = {}
    for card in layout.cards:
        by_column.setdefault(card.x, []).append(card)
    for cards in by_column.values():
        cards.sort(key=lambda card: card.y)
        for above, below in pairwise(cards):
            assert below.y >= above.y + above.height + CARD_GAP - 0.001
    for band in layout.bands:
        assert band.target.x > band.source.x
    etree.fromstring(made.svg().encode())
