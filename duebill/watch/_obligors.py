"""Rules about what is owed: by whom, until when, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.model import Status
from duebill.watch._alert import Severity
from duebill.watch._rule import Rule
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duebill._fold import ReceivableRecord
    from duebill.model import Address
    from duebill.watch._alert import Alert
    from duebill.watch._view import View


@dataclass(frozen=True, kw_only=True)
class Concentration(Rule):
    """One obligor, holder or guarantor stands for much of what is outstanding in a currency.

    If it fails, much fails with it. It is told again with each further step.

    Attributes:
        obligor_percent: The share of what is owed that one obligor may owe.
        holder_percent: The share of the vouchers that one holder may have; contracts that keep them
            for others are left out.
        guarantor_percent: How much one guarantor may answer for, as a share of what is owed.
        step_percent: How much further it has to grow to be told again.
        least_accounts: Shares say something once so many owe; or hold.
    """

    obligor_percent: int = 40
    holder_percent: int = 50
    guarantor_percent: int = 40
    step_percent: int = 10
    least_accounts: int = 5

    def look(self, view: View) -> Iterator[Alert]:
        """Compare the shares in each currency in which something changed."""
        for currency in sorted(view.exposure.touched):
            owed, held = view.exposure.owed(currency), view.exposure.held(currency)
            guaranteed = view.exposure.guaranteed(currency)
            total = sum(owed.values())
            if len(owed) >= self.least_accounts:
                yield from self._over(view, currency, "owes", owed, total, self.obligor_percent)
                limit = self.guarantor_percent
                yield from self._over(view, currency, "guarantees", guaranteed, total, limit)
            if len(held) >= self.least_accounts:
                own = {who: it for who, it in held.items() if not view.is_custodian(who)}
                limit = self.holder_percent
                yield from self._over(view, currency, "holds", own, sum(held.values()), limit)

    def _over(  # noqa: PLR0913, PLR0917 - one for each part of the sentence
        self,
        view: View,
        currency: int,
        verb: str,
        shares: Mapping[Address, int],
        total: int,
        limit: int,
    ) -> Iterator[Alert]:
        for who, units in shares.items():
            if total and units * 100 > total * limit:
                percent = units * 100 // total
                words = (
                    f"{who} {verb} {view.amount(units, currency)}, {percent} % of the "
                    f"{view.amount(total, currency)} outstanding; {limit} % is the limit."
                )
                occasion = (verb, currency, (percent - limit) // self.step_percent)
                yield self.alert(view, who, words, evidence=view.events, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class LongerTenors(Rule):
    """An obligor's tenors grow: it pays later and later.

    The mean of its latest acceptances under a programme is compared with the mean of as many before.

    Attributes:
        of_last: How many acceptances are compared with as many before.
        growth_percent: By how much the mean has to grow to be told.
    """

    of_last: int = 5
    growth_percent: int = 30

    def look(self, view: View) -> Iterator[Alert]:
        """Compare, at each acceptance, the obligor's latest tenors with those before."""
        for receivable in _accepted(view):
            count, row = view.accepted(receivable, last=2 * self.of_last)
            late, early = row[-self.of_last :], row[: -self.of_last]
            new, old = (sum(view.tenor(it) for it in them) for them in (late, early))
            if len(early) < self.of_last or new * 100 < old * (100 + self.growth_percent):
                continue
            obligor, programme = receivable.issued["obligor"], receivable.issued["programme"]
            words = (
                f"The tenors of {obligor} under programme {programme} grew from {old // self.of_last} "
                f"to {new // self.of_last} days on average, over {self.of_last} acceptances each."
            )
            evidence = [view.bound[it.id] for it in (*early, *late)]
            occasion = programme, count // self.of_last
            yield self.alert(view, obligor, words, evidence=evidence, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class TenorsAtLimit(Rule):
    """An obligor always takes the longest tenor that its programme allows.

    A due date that trade decides is not the same each time; one at the limit is decided by the limit.

    Attributes:
        in_row: How many acceptances in a row are told.
        slack_days: How far below the limit still counts as at it.
    """

    in_row: int = 5
    slack_days: int = 1

    severity: Severity = Severity.NOTICE

    def look(self, view: View) -> Iterator[Alert]:
        """Look, at each acceptance, at the obligor's latest ones under the programme."""
        for receivable in _accepted(view):
            limit = view.programme(receivable)["maxTenorDays"]
            count, late = view.accepted(receivable, last=self.in_row)
            if count % self.in_row:
                continue
            if all(view.tenor(it) >= limit - self.slack_days for it in late):
                obligor, programme = receivable.issued["obligor"], receivable.issued["programme"]
                words = (
                    f"The last {self.in_row} receivables that {obligor} accepted under programme "
                    f"{programme} are all due at its limit of {limit} days."
                )
                evidence = [view.bound[it.id] for it in late]
                occasion = programme, count // self.in_row
                yield self.alert(view, obligor, words, evidence=evidence, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class Reissue(Rule):
    """A debt that comes due unpaid is replaced by a new one of the same face to the same creditor.

    So a debt is extended that no programme would let run so long, and never becomes overdue.

    Attributes:
        within_days: How near to the due date of the old one, before or after, the new one is issued.
    """

    within_days: int = 5

    def look(self, view: View) -> Iterator[Alert]:
        """Look, at each acceptance, for an unpaid one of the same parties and face that is due."""
        for new in _accepted(view):
            issued = view.issues[new.id]
            for old in view.owing(new.issued["obligor"]):
                if old is new:
                    break
                days = abs(issued.seconds // _DAY_SECONDS - old.issued["due_day"])
                if _likeness(old) == _likeness(new) and days <= self.within_days:
                    words = (
                        f"Receivable {short(new.id)} has the parties and the face of "
                        f"{short(old.id)}, {view.money(old.face, old)}, which is due and not paid."
                    )
                    evidence = [view.issues[old.id], issued, view.bound[new.id]]
                    yield self.alert(view, new.id, words, evidence=evidence, occasion=old.id)


@dataclass(frozen=True, kw_only=True)
class SameDocuments(Rule):
    """Two receivables name the same documents root, or the same reference.

    One delivery may have been financed twice. Withdrawn and rejected receivables are left out.
    """

    severity: Severity = Severity.ALARM

    def look(self, view: View) -> Iterator[Alert]:
        """Compare each receivable of this block with all before it."""
        for event in view.named("ReceivableIssued"):
            new = view.receivable(event)
            for id_ in view.same_commitments(new):
                old = view.books.receivables[id_]
                first = view.issues[id_].event
                earlier = (first.block, first.log_index) < (event.block, event.log_index)
                if earlier and old.status is not Status.CANCELLED:
                    words = (
                        f"Receivable {short(new.id)} names the same documents or reference as "
                        f"{short(old.id)}."
                    )
                    yield self.alert(view, new.id, words, evidence=(first, event), occasion=id_)


@dataclass(frozen=True, kw_only=True)
class AcceptsWhileOverdue(Rule):
    """An obligor that does not pay what is overdue takes on new debt.

    Attributes:
        beyond_days: How many days after due date and grace something is told.
    """

    beyond_days: int = 0

    severity: Severity = Severity.ALARM

    def look(self, view: View) -> Iterator[Alert]:
        """Look, at each acceptance, for what the obligor owes that is overdue."""
        for new in _accepted(view):
            obligor = new.issued["obligor"]
            late = [
                it for it in view.owing(obligor) if view.is_overdue(it, by_days=self.beyond_days)
            ]
            if late:
                owed = ", ".join(view.money(it.face - it.paid, it) for it in late[:3])
                words = (
                    f"{obligor} accepted receivable {short(new.id)} while {len(late)} of its "
                    f"receivables were overdue ({owed}{', …' if len(late) > 3 else ''})."
                )
                evidence = [*(view.bound[it.id] for it in late), view.bound[new.id]]
                yield self.alert(view, new.id, words, evidence=evidence)


_DAY_SECONDS = 24 * 3600


def _accepted(view: View) -> Iterator[ReceivableRecord]:
    """What was accepted in this block, in order."""
    return (view.receivable(event) for event in view.named("ReceivableAccepted"))


def _likeness(receivable: ReceivableRecord) -> tuple[object, ...]:
    issued = receivable.issued
    return issued["creditor"], issued["currency"], issued["face"]
