"""Rules about what becomes of vouchers: divided, passed round, sold and bought back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.model import Side, VoucherId
from duebill.watch._rule import Rule
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill._fold import ReceivableRecord
    from duebill.model import Address, Event, ReceivableId
    from duebill.watch._alert import Alert
    from duebill.watch._view import Step, View

# An order, or a seller's own debt, brings value back: there is nothing to suspect in that.
_EXCUSES = ("VoucherSeized", "RecourseHonoured")


@dataclass(frozen=True, kw_only=True)
class ManyParts(Rule):
    """One receivable is divided into many parts in a short time.

    Trade divides value as deliveries come; many parts at once can mean that it is placed with
    people who are no suppliers, or that an auditor is to lose the track.

    Attributes:
        most_parts: New parts of one receivable that are nothing unusual.
        most_percent: The same, as a share of the splits that its programme allows; the smaller of
            the two counts.
        within_days: The time in which they are counted.
    """

    most_parts: int = 20
    most_percent: int = 50
    within_days: int = 3

    def look(self, view: View) -> Iterator[Alert]:
        """Count the parts of each receivable that was divided in this block."""
        for receivable in _divided(view):
            made = view.parts(receivable.id)
            parts = view.last(made, days=self.within_days)
            allowed = view.programme(receivable)["maxSplits"] * self.most_percent // 100
            most = max(1, min(self.most_parts, allowed))
            if len(parts) > most:
                words = (
                    f"Receivable {short(receivable.id)} of {view.money(receivable.face, receivable)} was "
                    f"divided into {len(parts)} parts within {self.within_days} days; {most} are usual."
                )
                occasion = len(made) // (most + 1)
                yield self.alert(view, receivable.id, words, evidence=parts, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class SmallParts(Rule):
    """One receivable is divided into several parts that are small for it, in a short time.

    Small parts stay below the amounts at which banks and registrars look more closely.

    Attributes:
        small_percent: A part is small up to this share of the receivable's face.
        least_parts: So many small parts are told.
        within_days: The time in which they are counted.
    """

    small_percent: int = 1
    least_parts: int = 5
    within_days: int = 3

    def look(self, view: View) -> Iterator[Alert]:
        """Count the small parts of each receivable that was divided in this block."""
        for receivable in _divided(view):
            limit = receivable.face * self.small_percent // 100
            small = [it for it in view.parts(receivable.id) if it.event.args["value"] <= limit]
            parts = view.last(small, days=self.within_days)
            if len(parts) >= self.least_parts:
                words = (
                    f"{len(parts)} parts of receivable {short(receivable.id)} made within "
                    f"{self.within_days} days are at most {self.small_percent} % of its "
                    f"{view.money(receivable.face, receivable)}."
                )
                occasion = len(small) // self.least_parts
                yield self.alert(view, receivable.id, words, evidence=parts, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class Circle(Rule):
    """Value comes back to somebody who held it before.

    Goods do not go round in circles; paper that does makes turnover that there is not. Orders of a
    court, recourse, and contracts that keep vouchers for others are left out.

    Attributes:
        most_hops: A circle is told when it takes at most so many hops.
        within_days: And when it closes within so many days.
    """

    most_hops: int = 6
    within_days: int = 90

    def look(self, view: View) -> Iterator[Alert]:
        """Go back from each new holder, by lineage, to the last time that it held the value."""
        excused = {event.transaction for event in view.named(*_EXCUSES)}
        for step in view.steps:
            if step.happened.event.transaction in excused or view.is_custodian(step.holder):
                continue
            circle = self._circle(view, step)
            if circle:
                names = " → ".join(it.holder for it in reversed(circle))
                words = (
                    f"Value of receivable {short(step.voucher.receivable)} came back to "
                    f"{step.holder} after {len(circle) - 1} hops: {names}."
                )
                evidence = [it.happened for it in circle]
                length = sum(1 for _ in step.back())
                yield self.alert(
                    view, step.voucher, words, evidence=evidence, occasion=(step.holder, length)
                )

    def _circle(self, view: View, step: Step) -> list[Step]:
        """The steps from the earlier time to this one, the newest first; none if there is none."""
        circle: list[Step] = []
        earliest = view.seconds - self.within_days * _DAY_SECONDS
        for it in step.back():
            if view.is_custodian(it.holder) or (circle and it.holder == circle[-1].holder):
                continue
            circle.append(it)
            if len(circle) > self.most_hops + 1:
                return []
            if len(circle) > 2 and it.holder == step.holder:
                left = circle[-2].happened.seconds
                return circle if left >= earliest else []
        return []


@dataclass(frozen=True, kw_only=True)
class SaleAndReturn(Rule):
    """Two parties sell each other parts of one receivable at prices that differ.

    Selling and buying back moves money between the two that no delivery stands behind.

    Attributes:
        least_gap_bps: How far the two prices are apart, in hundredths of a per cent of the value.
        within_days: The time in which the return is told.
    """

    least_gap_bps: int = 10
    within_days: int = 30

    def look(self, view: View) -> Iterator[Alert]:
        """Compare each sale of this block with earlier ones the other way."""
        for event in view.named("OrderFilled"):
            for before in view.past("OrderFilled", days=self.within_days):
                if before.event is not event and self._is_return(before.event, event):
                    yield self._told(view, before.event, event)

    def _is_return(self, first: Event, second: Event) -> bool:
        if _place(first) >= _place(second) or _receivable_sold(first) != _receivable_sold(second):
            return False
        gap = abs(_price_bps(first) - _price_bps(second))
        return _parties(first) == _parties(second)[::-1] and gap >= self.least_gap_bps

    def _told(self, view: View, first: Event, second: Event) -> Alert:
        seller, buyer = _parties(first)
        id_ = _receivable_sold(first)
        prices = [
            f"{view.amount(it.args['price'], it.args['currency'])} for "
            f"{view.amount(it.args['amount'], it.args['currency'])}"
            for it in (first, second)
        ]
        words = (
            f"{seller} sold a part of receivable {short(id_)} to {buyer} at {prices[0]}, and bought "
            f"one back at {prices[1]}."
        )
        occasion = *sorted((seller, buyer)), _price_bps(first), _price_bps(second)
        return self.alert(view, id_, words, evidence=(first, second), occasion=occasion)


_DAY_SECONDS = 24 * 3600


def _divided(view: View) -> Iterator[ReceivableRecord]:
    """The receivables that were divided in this block."""
    parts = (it for it in view.steps if it.happened.event.name == "TransferValue")
    ids = {it.voucher.receivable for it in parts}
    return (view.books.receivables[id_] for id_ in sorted(ids))


def _place(event: Event) -> tuple[int, int]:
    return event.block, event.log_index


def _receivable_sold(event: Event) -> ReceivableId:
    return VoucherId.from_number(event.args["voucher"]).receivable


def _parties(event: Event) -> tuple[Address, Address]:
    """Who sold, and who bought."""
    maker, filler = event.args["maker"], event.args["filler"]
    return (maker, filler) if event.args["side"] == Side.ASK else (filler, maker)


def _price_bps(event: Event) -> int:
    """The price in hundredths of a per cent of what was sold."""
    return int(event.args["price"]) * 10_000 // int(event.args["amount"])
