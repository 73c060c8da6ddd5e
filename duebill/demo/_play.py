"""The story itself, scene by scene."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

from duebill import samples
from duebill.demo._calendar import calendar_of
from duebill.demo._cast import cast_for
from duebill.demo._narrator import Silent, Standing
from duebill.demo._result import Result, Step
from duebill.demo._shares import RATE, share_out
from duebill.demo._stage import CURRENCY, PROGRAMME, stage
from duebill.documents import new_key, reference_hash, text_hash
from duebill.einvoice import read_invoice
from duebill.errors import DuebillError, InvariantsBroken, NotPayable
from duebill.model import Money, Part
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duebill.chain import Transaction
    from duebill.demo._calendar import Calendar
    from duebill.demo._cast import Cast
    from duebill.demo._narrator import Narrator
    from duebill.demo._shares import Shares
    from duebill.demo._stage import Stage
    from duebill.model import Address, InvariantReport, Invoice, ReceivableId, Terms, VoucherId

T = TypeVar("T")

_MAIN = "brake-systems-eur-ubl"
_SECOND = "castings-eur-cii"


def play(invoice: Invoice | None = None, *, narrator: Narrator | None = None) -> Result:
    """Play the story on an invoice, or on the samples that come with the package.

    Raises:
        TooSmallToShare: The invoice's amount cannot be divided.
        NodeError: There is no chain to be had.
    """
    teller, second = narrator or Silent(), None
    if invoice is None:
        teller.scene("The invoices")
        _show_samples(teller)
        invoice, second = read_invoice(samples.read(_MAIN)), read_invoice(samples.read(_SECOND))
    face = Money.parse(invoice.payable_amount, invoice.currency)
    owed = Money.parse(second.payable_amount, second.currency) if second else None
    shares, calendar = share_out(face, owed_to_second=owed), calendar_of(invoice)
    cast = cast_for(invoice, second=second)
    _introduce(teller, invoice, calendar)
    with _staged(teller, cast, calendar, shares) as found:
        return _Play(found, cast, shares, calendar, invoice, teller).run()


def _show_samples(teller: Narrator) -> None:
    for name in samples.names():
        try:
            it = read_invoice(samples.read(name))
        except NotPayable as error:
            teller.refused(f"{name} ({type(error).__name__})", error)
        else:
            amount = Money.parse(it.payable_amount, it.currency)
            teller.say(f"{it.number}: {it.seller.name} to {it.buyer.name}, {grouped(amount)}")


def _introduce(teller: Narrator, invoice: Invoice, calendar: Calendar) -> None:
    face = Money.parse(invoice.payable_amount, invoice.currency)
    teller.scene(f"Invoice {invoice.number}")
    teller.say(
        f"{invoice.seller.name} has delivered; {invoice.buyer.name} owes {grouped(face)}, "
        f"due {calendar.due}."
    )
    if calendar.remark:
        teller.say(calendar.remark)


@contextlib.contextmanager
def _staged(teller: Narrator, cast: Cast, calendar: Calendar, shares: Shares) -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        with teller.busy("Starting a private chain and deploying the ledger"):
            found = stack.enter_context(stage(cast, calendar, shares))
        ledger = found.ledger
        teller.say(
            f"A private chain (id {ledger.chain_id}) starts on {calendar.begin.date()}; "
            f"the ledger is {ledger.address}."
        )
        yield found


class _Play:
    def __init__(  # noqa: PLR0913, PLR0917 - everything that the story is made of
        self,
        found: Stage,
        cast: Cast,
        shares: Shares,
        calendar: Calendar,
        invoice: Invoice,
        teller: Narrator,
    ) -> None:
        self._stage = found
        self._ledger = found.ledger
        self._cast = cast
        self._shares = shares
        self._calendar = calendar
        self._invoice = invoice
        self._teller = teller
        self._key = new_key()
        self._steps: list[Step] = []
        self._refusals: list[tuple[str, str]] = []

    def run(self) -> Result:
        self._register()
        terms = self._issue()
        self._accept(terms)
        second = self._pay_second_tier(terms.id.voucher(1))
        third = self._pay_third_tier(second)
        self._sell(third)
        self._protect(terms, third)
        self._pay(terms.id)
        self._redeem(terms.id)
        return self._close(terms)

    # -- scenes -----------------------------------------------------------------------------

    def _register(self) -> None:
        self._teller.scene("The registrar verifies everyone who takes part")
        registrar = self._ledger.registrar(self._cast.registrar.account)
        for actor in self._cast.parties:
            # Strangers learn nothing from it: only a keyed hash goes to the chain.
            identifier = reference_hash(actor.name, key=self._key)
            verified = registrar.verify(actor.address, identifier=identifier)
            self._did(f"verify {actor.role}", f"{actor.name} is verified", verified)

    def _issue(self) -> Terms:
        self._teller.scene("Tier 1 issues a receivable from the invoice")
        supplier = self._ledger.supplier(self._cast.tier1.account)
        terms = self._ledger.draft_invoice(
            self._invoice,
            obligor=self._cast.buyer.address,
            creditor=supplier.address,
            programme=PROGRAMME,
            key=self._key,
            due_date=self._calendar.due,
        )
        words = f"{self._cast.tier1.name} issues receivable {terms.id[:12]}…"
        self._did("issue by tier 1", words, supplier.issue(terms))
        self._teller.say("Nobody owes anything yet, and nothing can move: the buyer is asked.")
        self._show(terms.id)
        return terms

    def _accept(self, terms: Terms) -> None:
        self._teller.scene("The buyer accepts by signature; the supplier brings it")
        buyer = self._ledger.obligor(self._cast.buyer.account)

        def read(summary: str) -> bool:
            self._teller.say(f"What {self._cast.buyer.name} signs: {summary}")
            return True

        signed = buyer.sign_acceptance(terms, review=read)
        brought = self._ledger.supplier(self._cast.tier1.account).submit_acceptance(signed)
        words = f"{self._cast.tier1.name} brings the signature; the buyer pays no gas"
        self._did("accept by signature", words, brought)
        self._show(terms.id)

    def _pay_second_tier(self, voucher: VoucherId) -> VoucherId:
        first, second, value = self._cast.tier1, self._cast.tier2, self._shares.second
        self._teller.scene("Tier 1 pays tier 2 with a part of it")
        holder = self._ledger.supplier(first.account)
        words = f"{first.name} splits off {grouped(value)} for {second.name}"
        (made,) = self._did(
            "split to tier 2", words, holder.split(voucher, (Part(to=second.address, value=value),))
        )
        self._show(voucher.receivable)
        return made

    def _pay_third_tier(self, voucher: VoucherId) -> VoucherId:
        second, third, value = self._cast.tier2, self._cast.tier3, self._shares.third
        self._teller.scene("Tier 2 pays tier 3 with a part of that")
        holder = self._ledger.supplier(second.account)
        words = f"{second.name} passes {grouped(value)} on to {third.name}"
        moved = holder.transfer(voucher, third.address, value=value)
        made = self._did("transfer to tier 3", words, moved)
        self._show(voucher.receivable)
        return made

    def _sell(self, voucher: VoucherId) -> None:
        seller, bank, value = self._cast.tier3, self._cast.bank, self._shares.sold
        days = (self._calendar.due - self._ledger.time().date()).days
        price = self._shares.price(days)
        self._teller.scene("Tier 3 sells a voucher to the bank, today and at the buyer's risk")
        self._teller.say(
            f"{days} days at {RATE} a year (ACT/360): {grouped(value)} are worth {grouped(price)} now."
        )
        self._stage.mint(bank, price)
        paid = self._ledger.financier(bank.account).send_money(seller.address, price)
        self._did("payment by the bank", f"{bank.name} pays {grouped(price)}", paid)
        moved = self._ledger.supplier(seller.account).transfer(voucher, bank.address, value=value)
        words = f"{seller.name} hands {grouped(value)} over"
        self._did("transfer to the bank", words, moved)
        self._show(voucher.receivable)

    def _protect(self, terms: Terms, voucher: VoucherId) -> None:
        self._teller.scene("What the ledger does not let happen")
        first = self._ledger.supplier(self._cast.tier1.account)
        stranger, third = self._cast.stranger, self._cast.tier3
        self._refused(
            f"{self._cast.tier1.name} gives a voucher to a stranger whom nobody verified",
            lambda: first.transfer(terms.id.voucher(1), stranger.address),
        )
        self._refused(
            f"{self._cast.tier1.name} issues the same invoice a second time",
            lambda: first.issue(terms),
        )
        supervisor = self._ledger.supervisor(self._cast.supervisor.account)
        reason = text_hash("A key was reported stolen.")
        frozen = supervisor.freeze_party(third.address, reason=reason)
        words = f"A key is reported stolen: the supervisor freezes {third.name}"
        self._did("freeze tier 3", words, frozen)
        self._refused(
            f"Whoever has the key of {third.name} moves its voucher away",
            lambda: self._ledger.supplier(third.account).transfer(
                voucher, self._cast.tier2.address
            ),
        )
        restored = supervisor.unfreeze_party(third.address, reason=text_hash("A false alarm."))
        self._did("unfreeze tier 3", "It was a false alarm: the supervisor lifts it", restored)
        self._teller.invariants(self._checked())

    def _pay(self, id_: ReceivableId) -> None:
        self._teller.scene("Time passes, and the buyer pays")
        self._stage.wait_until(self._calendar.payday)
        owed = self._ledger.receivable(id_).owed
        self._teller.say(f"It is {self._ledger.time():%Y-%m-%d} on the chain.")
        self._stage.mint(self._cast.buyer, owed)
        words = f"{self._cast.buyer.name} pays {grouped(owed)}"
        self._did("pay", words, self._ledger.obligor(self._cast.buyer.account).pay(id_))
        self._show(id_)

    def _redeem(self, id_: ReceivableId) -> None:
        self._teller.scene("Everyone redeems")
        for voucher in self._ledger.vouchers(receivable=id_):
            actor = self._cast.at(voucher.holder)
            redeemed = self._ledger.supplier(actor.account).redeem(voucher.id)
            words = f"{actor.name} takes {grouped(voucher.value)} out"
            self._did(f"redeem by {actor.role}", words, redeemed)
        self._show(id_)

    def _close(self, terms: Terms) -> Result:
        ledger, teller = self._ledger, self._teller
        held, cash = self._held(terms.id), self._cash()
        in_ledger = ledger.cash(ledger.address, CURRENCY)
        lineage, report = ledger.lineage(terms.id), self._checked()
        found = ledger.receivable(terms.id)
        teller.scene("The books close")
        teller.say(
            f"The receivable is {found.status}, {len(ledger.vouchers(receivable=terms.id))} "
            f"vouchers are left, and the ledger holds {grouped(in_ledger)}."
        )
        teller.lineage(lineage, self._cast.names)
        teller.invariants(report)
        return Result(
            invoice=self._invoice,
            cast=self._cast,
            receivable=found,
            terms=terms,
            lineage=lineage,
            cash=cash,
            held=held,
            in_ledger=in_ledger,
            steps=tuple(self._steps),
            refusals=tuple(self._refusals),
            report=report,
        )

    def _checked(self) -> InvariantReport:
        """The promises, checked on the chain; a broken one ends the story."""
        report = self._ledger.check_invariants()
        if not report.holds:
            raise InvariantsBroken.found_in(report)
        return report

    # -- what scenes are made of ------------------------------------------------------------

    def _did(self, name: str, words: str, sent: Transaction[T]) -> T:
        outcome = sent.wait()
        step = Step(name=name, transaction=str(outcome.transaction), gas_used=outcome.gas_used)
        self._steps.append(step)
        self._teller.did(words, gas=outcome.gas_used)
        return outcome.value

    def _refused(self, attempt: str, act: Callable[[], Transaction[Any]]) -> None:
        try:
            act().wait()
        except DuebillError as error:
            self._refusals.append((attempt, type(error).__name__))
            self._teller.refused(attempt, error)
        else:
            raise RuntimeError(f"this had to be refused: {attempt}")

    def _show(self, id_: ReceivableId) -> None:
        found, held, cash = self._ledger.receivable(id_), self._held(id_), self._cash()
        nothing = Money.zero(self._invoice.currency)
        self._teller.standings(
            [
                Standing(
                    role=actor.role,
                    name=actor.name,
                    owes=found.owed if actor.address == found.obligor else nothing,
                    holds=held[actor.address],
                    cash=cash[actor.address],
                )
                for actor in self._cast.parties
            ]
        )

    def _held(self, id_: ReceivableId) -> dict[Address, Money]:
        found = {it.holder: it.value for it in self._ledger.holdings(receivable=id_)}
        nothing = Money.zero(self._invoice.currency)
        return {it.address: found.get(it.address, nothing) for it in self._cast.parties}

    def _cash(self) -> dict[Address, Money]:
        return {it.address: self._ledger.cash(it.address, CURRENCY) for it in self._cast.parties}
