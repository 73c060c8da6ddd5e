"""What all scenes are made of: who plays, what was done and refused, who has what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from duebill.demo._narrator import Standing
from duebill.demo._result import Step
from duebill.demo._stage import CURRENCY
from duebill.documents import new_key
from duebill.errors import DuebillError, InvariantsBroken
from duebill.model import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.chain import Transaction
    from duebill.demo._calendar import Calendar
    from duebill.demo._cast import Actor, Cast
    from duebill.demo._narrator import Narrator
    from duebill.demo._shares import Shares
    from duebill.demo._stage import Stage
    from duebill.ledger import Ledger
    from duebill.model import Address, InvariantReport, Invoice

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Story:
    """The story as far as it is told.

    Attributes:
        stage: The chain and the ledger.
        cast: Who plays.
        shares: How much everyone gets.
        calendar: The days.
        invoice: The invoice that it begins with.
        second: What the first tier owes the second; None when that has no paper.
        teller: Is told.
        key: The parties' secret, for the commitments that go to the chain.
        steps: The transactions.
        refusals: What was refused: attempt and type of the error.
        brought: What everyone brought in from outside.
    """

    stage: Stage
    cast: Cast
    shares: Shares
    calendar: Calendar
    invoice: Invoice
    second: Invoice | None
    teller: Narrator
    key: bytes = field(default_factory=new_key)
    steps: list[Step] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    brought: dict[Address, Money] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.stage.ledger

    @property
    def nothing(self) -> Money:
        """No money, in the currency of the story."""
        return Money.zero(self.invoice.currency)

    @property
    def books(self) -> dict[Address, str]:
        """The contracts, and what to call them."""
        ledger = self.ledger
        return {
            ledger.address: "Ledger",
            ledger.exchange.address: "Exchange",
            ledger.guarantees.address: "Guarantee book",
            ledger.loans.address: "Pledge book",
        }

    @property
    def names(self) -> Mapping[Address, str]:
        """What to call everyone, contracts too."""
        return {**self.cast.names, **self.books}

    # -- what happens -----------------------------------------------------------------------

    def bring(self, actor: Actor, amount: Money) -> None:
        """Let someone bring money in from outside."""
        self.stage.mint(actor, amount)
        self.brought[actor.address] = self.brought.get(actor.address, self.nothing) + amount

    def did(self, name: str, words: str, sent: Transaction[T]) -> T:
        """Wait for what was sent, and tell it."""
        outcome = sent.wait()
        step = Step(name=name, transaction=str(outcome.transaction), gas_used=outcome.gas_used)
        self.steps.append(step)
        self.teller.did(words, gas=outcome.gas_used)
        return outcome.value

    def refused(self, attempt: str, act: Callable[[], Transaction[Any]]) -> None:
        """Try what has to be refused, and tell why it is."""
        try:
            act().wait()
        except DuebillError as error:
            self.refusals.append((attempt, type(error).__name__))
            self.teller.refused(attempt, error)
        else:
            raise RuntimeError(f"this had to be refused: {attempt}")

    def reading(self, actor: Actor) -> Callable[[str], bool]:
        """A reader of what an actor is about to sign, who agrees."""

        def read(summary: str) -> bool:
            self.teller.say(f"What {actor.name} signs: {summary}")
            return True

        return read

    def mailed(self, line: str) -> str:
        """A line of text, on its way from one to the other."""
        shown = f"{line[:44]}…"
        self.teller.say(f"It travels as one line of text, {len(line):,} characters: {shown}")
        return line

    # -- who has what -----------------------------------------------------------------------

    def show(self) -> None:
        """Tell who owes, holds and has what."""
        rows = [(it.role, it.name, it.address) for it in self.cast.parties]
        rows += [("book", name, place) for place, name in self.books.items()]
        owed, held, cash = self.owed(), self.held(), self.cash()
        self.teller.standings(
            [
                Standing(role=role, name=name, owes=owed[who], holds=held[who], cash=cash[who])
                for role, name, who in rows
            ]
        )

    def owed(self) -> dict[Address, Money]:
        """What everyone has still to pay, on receivables and loans."""
        found = dict.fromkeys(self.names, self.nothing)
        for receivable in self.ledger.receivables():
            found[receivable.obligor] += receivable.owed
        for loan in self.ledger.loans.loans():
            found[loan.terms.borrower] += loan.owed
        return found

    def held(self) -> dict[Address, Money]:
        """The value of everyone's vouchers."""
        found = {holding.holder: holding.value for holding in self.ledger.holdings()}
        return {who: found.get(who, self.nothing) for who in self.names}

    def cash(self) -> dict[Address, Money]:
        """Everyone's money on the chain."""
        return {who: self.ledger.cash(who, CURRENCY) for who in self.names}

    def checked(self) -> InvariantReport:
        """The promises, checked on the chain; a broken one ends the story."""
        report = self.ledger.check_invariants()
        if not report.holds:
            raise InvariantsBroken.found_in(report)
        return report
