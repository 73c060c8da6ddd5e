"""Rules about those who watch: freezes, pauses, vouchers that are taken, custodians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.model import ZERO_HASH, VoucherId, hash_text
from duebill.watch._alert import Severity
from duebill.watch._rule import Rule
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.model import Address, Event
    from duebill.watch._alert import Alert, Happened
    from duebill.watch._view import View


@dataclass(frozen=True, kw_only=True)
class FrequentFreezes(Rule):
    """One party or voucher is frozen and released again and again.

    Freezing is for orders, not for pressure, and not for choosing the moment of a trade.

    Attributes:
        most_acts: Freezes and releases of one subject that are nothing unusual.
        within_days: The time in which they are counted.
    """

    most_acts: int = 3
    within_days: int = 7

    def look(self, view: View) -> Iterator[Alert]:
        """Count the acts on each subject of this block's acts."""
        for name in ("PartyFrozen", "VoucherFrozen"):
            subjects = dict.fromkeys(_frozen(event) for event in view.named(name))
            for subject in subjects:
                acts = [it for it in view.past(name, days=_EVER) if _frozen(it.event) == subject]
                late = view.last(acts, days=self.within_days)
                if len(late) > self.most_acts:
                    words = (
                        f"{subject} was frozen or released {len(late)} times within "
                        f"{self.within_days} days; {self.most_acts} are usual."
                    )
                    occasion = len(acts) // (self.most_acts + 1)
                    yield self.alert(view, subject, words, evidence=late, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class FrequentPauses(Rule):
    """The ledger is paused again and again.

    A pause is an emergency brake; often pulled, it is a closed market.

    Attributes:
        most_pauses: Pauses that are nothing unusual.
        within_days: The time in which they are counted.
    """

    most_pauses: int = 2
    within_days: int = 30

    def look(self, view: View) -> Iterator[Alert]:
        """Count the pauses before each one of this block."""
        if not any(view.named("Paused")):
            return
        ever = view.past("Paused", days=_EVER)
        late = view.last(ever, days=self.within_days)
        if len(late) > self.most_pauses:
            who = ", ".join(dict.fromkeys(it.event.args["by"] for it in late))
            words = (
                f"The ledger was paused {len(late)} times within {self.within_days} days by {who}; "
                f"{self.most_pauses} are usual."
            )
            occasion = len(ever) // (self.most_pauses + 1)
            yield self.alert(view, "ledger", words, evidence=late, occasion=occasion)


@dataclass(frozen=True, kw_only=True)
class ForcedTransfers(Rule):
    """Vouchers were taken from their holder.

    Whoever is in charge of enforcers sees each order as it is carried out, and compares it with the
    file. ERC-7943's own form of taking gives no reason: that is told in words.
    """

    severity: Severity = Severity.NOTICE

    def look(self, view: View) -> Iterator[Alert]:
        """Put together what was taken in this block from one party for another."""
        taken: dict[tuple[Address, Address], list[tuple[Event, Event]]] = {}
        # Each move is told twice: from whom to whom, and just after it by whom and why.
        pairs = zip(view.named("ForcedTransfer"), view.named("VoucherSeized"), strict=True)
        for move, seizure in pairs:
            taken.setdefault((move.args["from"], move.args["to"]), []).append((move, seizure))
        for (giver, taker), found in taken.items():
            orders = [seizure for _, seizure in found]
            vouchers = [VoucherId.from_number(it.args["voucher"]) for it in orders]
            who = ", ".join(dict.fromkeys(it.args["by"] for it in orders))
            reasons = dict.fromkeys(hash_text(it.args["reason"]) for it in orders)
            why = ", ".join("none given" if it == ZERO_HASH else it for it in reasons)
            named = ", ".join(map(short, vouchers[:3])) + (", …" if len(vouchers) > 3 else "")
            words = (
                f"{len(vouchers)} of the vouchers of {giver} ({named}) went to {taker} by force, by "
                f"{who}; reason: {why}."
            )
            ever = [it.event.args["tokenId"] for it in view.past("ForcedTransfer", days=_EVER)]
            occasion = vouchers[0], ever.count(vouchers[0].number)
            yield self.alert(
                view,
                giver,
                words,
                evidence=[it for pair in found for it in pair],
                occasion=occasion,
            )


@dataclass(frozen=True, kw_only=True)
class CustodianChange(Rule):
    """A custodian is named or dismissed after receivables were issued.

    What custodians move counts no hop and needs no consent of its own: a false one hides where value
    goes. Those that are named while a deployment is set up are left out.
    """

    severity: Severity = Severity.ALARM

    def look(self, view: View) -> Iterator[Alert]:
        """Look at each naming and dismissal of this block."""
        before = view.past("CustodianSet", days=_EVER)
        for event in view.named("CustodianSet"):
            if not any(_is_before(it, event) for it in view.past("ReceivableIssued", days=_EVER)):
                continue
            party, named = event.args["party"], event.args["custodian"]
            changes = [it for it in before if it.event.args["party"] == party]
            number = next(i for i, it in enumerate(changes) if it.event is event)
            words = f"{party} is {'now' if named else 'no longer'} a custodian."
            yield self.alert(view, party, words, evidence=[event], occasion=number)


# Longer than any ledger has been there.
_EVER = 1 << 20


def _frozen(event: Event) -> str:
    if event.name == "PartyFrozen":
        return str(event.args["party"])
    return str(VoucherId.from_number(event.args["voucher"]))


def _is_before(first: Happened, second: Event) -> bool:
    place = first.event.block, first.event.log_index
    return place < (second.block, second.log_index)
