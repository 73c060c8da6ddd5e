"""Rules about what financiers rely on, and what gives way: invoices, attestations, guarantees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.model import ReceivableId, Status, VoucherId, hash_text, kind_of
from duebill.watch._alert import Severity
from duebill.watch._invoices import used_for
from duebill.watch._rule import Rule
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill._fold import ReceivableRecord
    from duebill.model import Address, Event
    from duebill.watch._alert import Alert, Happened
    from duebill.watch._view import View


@dataclass(frozen=True, kw_only=True)
class VoidInvoice(Rule):
    """A receivable rests on an invoice that was voided.

    The registry lets no credit note take back what is used, but it records that an invoice is void: what
    was delivered may have come back, or never gone out. What is settled or cancelled is left out.
    """

    severity: Severity = Severity.ALARM

    def look(self, view: View) -> Iterator[Alert]:
        """Look at the uses of what was voided in this block, and of what was issued in it."""
        for key in _touched(view, "InvoiceVoided"):
            voided = view.invoices.void.get(key)
            for use, receivable in _uses_here(view, key):
                if voided and _is_at_stake(receivable):
                    words = (
                        f"Receivable {short(receivable.id)} rests on an invoice that was voided: "
                        f"{view.money(use.event.args['amount'], receivable)} of it is used, and "
                        f"{view.money(receivable.face - receivable.paid, receivable)} is not paid."
                    )
                    evidence = [use, view.issues[receivable.id], voided]
                    occasion = hash_text(key)
                    yield self.alert(
                        view, receivable.id, words, evidence=evidence, occasion=occasion
                    )


@dataclass(frozen=True, kw_only=True)
class SharedInvoice(Rule):
    """One invoice is used here and outside this ledger within a short time.

    Together it is never more than the invoice's total: the registry sees to that. But a seller that
    brings parts of one invoice to several financiers at once may look for the one that asks least.

    Attributes:
        within_days: How near to each other the uses are.
    """

    within_days: int = 7

    severity: Severity = Severity.NOTICE

    def look(self, view: View) -> Iterator[Alert]:
        """Look at the invoices that were used in this block, and at those of what was issued in it."""
        for key in _touched(view, "InvoiceUsed"):
            late = view.last(view.invoices.uses(key), days=self.within_days)
            for use, receivable in _uses_here(view, key):
                ledger = use.event.args["ledger"]
                others = [it for it in late if it.event.args["ledger"] != ledger]
                if use in late and others:
                    elsewhere = sum(it.event.args["amount"] for it in others)
                    words = (
                        f"Of the invoice behind receivable {short(receivable.id)} "
                        f"{view.money(use.event.args['amount'], receivable)} is used here and "
                        f"{view.money(elsewhere, receivable)} outside this ledger, within "
                        f"{self.within_days} days."
                    )
                    evidence = [use, view.issues[receivable.id], *others]
                    occasion = hash_text(key)
                    yield self.alert(
                        view, receivable.id, words, evidence=evidence, occasion=occasion
                    )


@dataclass(frozen=True, kw_only=True)
class RevokedAttestation(Rule):
    """A verifier takes its word back while somebody relies on it.

    What is revoked before it would have ended, on a receivable that binds its obligor and is not paid.
    """

    def look(self, view: View) -> Iterator[Alert]:
        """Look at what was revoked in this block."""
        for event in view.named("AttestationsRevoked"):
            receivable = view.books.receivables.get(
                ReceivableId.from_number(event.args["receivable"])
            )
            held = _held(view, event)
            if receivable and held and receivable.id in view.bound and _is_at_stake(receivable):
                kind, verifier = kind_of(event.args["kind"]), event.args["verifier"]
                words = (
                    f"{verifier} revoked its attestation of the {kind} of receivable "
                    f"{short(receivable.id)}, on which "
                    f"{view.money(receivable.face - receivable.paid, receivable)} is not paid."
                )
                evidence = [*held, view.bound[receivable.id]]
                occasion = verifier, kind, event.args["nonce"]
                yield self.alert(
                    view, receivable.id, words, evidence=[*evidence, event], occasion=occasion
                )


@dataclass(frozen=True, kw_only=True)
class Dishonour(Rule):
    """A guarantor or a seller that answers for a debt was asked, and did not pay."""

    def look(self, view: View) -> Iterator[Alert]:
        """Look at the calls of this block, of guarantees and of recourse."""
        for event in view.named("AvalCalled"):
            if event.args["dishonoured"]:
                yield self._of_guarantor(view, event)
        for event in view.named("RecourseDishonoured"):
            voucher, seller = VoucherId.from_number(event.args["voucher"]), event.args["seller"]
            receivable = view.books.receivables[voucher.receivable]
            words = _unpaid(view, seller, receivable, event.args["amount"])
            occasion = voucher, event.args["place"]
            yield self.alert(view, seller, words, evidence=[event], occasion=occasion)

    def _of_guarantor(self, view: View, call: Event) -> Alert:
        receivable, aval = view.receivable(call), call.args["aval"]
        guarantor = view.books.finance.avals[hash_text(aval)].terms["guarantor"]
        words = _unpaid(view, guarantor, receivable, call.args["dishonoured"])
        given = [it for it in view.past("AvalGiven", days=_EVER) if it.event.args["aval"] == aval]
        occasion = hash_text(aval), receivable.id
        return self.alert(view, guarantor, words, evidence=[*given, call], occasion=occasion)


# Longer than any ledger has been there.
_EVER = 1 << 20


def _touched(view: View, name: str) -> Sequence[bytes]:
    """The invoices that events of a name are about, and those behind what was issued in this block."""
    keys = [event.args["key"] for event in view.named(name)]
    for event in view.named("ReceivableIssued"):
        keys += view.invoices.keys_for(event.contract, view.receivable(event).id)
    return list(dict.fromkeys(keys))


def _uses_here(view: View, key: bytes) -> Iterator[tuple[Happened, ReceivableRecord]]:
    """The uses of an invoice for receivables that were issued on this ledger."""
    for use in view.invoices.uses(key):
        id_ = used_for(use)
        issue = view.issues.get(id_) if id_ else None
        if id_ and issue and issue.event.contract == use.event.args["ledger"]:
            yield use, view.books.receivables[id_]


def _is_at_stake(receivable: ReceivableRecord) -> bool:
    return receivable.status is not Status.CANCELLED and receivable.face > receivable.paid


def _held(view: View, revoked: Event) -> list[Happened]:
    """The attestations that held until they were revoked."""
    same = {name: revoked.args[name] for name in ("receivable", "verifier", "kind")}
    # The number that is told is the one after theirs.
    same["nonce"] = revoked.args["nonce"] - 1
    return [
        it
        for it in view.past("Attested", days=_EVER)
        if it.event.args["expiry"] >= view.seconds
        and all(it.event.args[name] == value for name, value in same.items())
    ]


def _unpaid(view: View, who: Address, receivable: ReceivableRecord, units: int) -> str:
    amount = view.money(units, receivable)
    return f"{who} answers for receivable {short(receivable.id)}, was asked for {amount}, and did not pay."
