"""What the tests of rules have in common: a ledger that is watched, and parties that trade."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duebill.watch import Watch, load_rules

if TYPE_CHECKING:
    from duebill._actions import Action
    from duebill.ledger import Ledger
    from duebill.model import ReceivableId, VoucherId

DOCUMENTS = "0x" + "ab" * 32


@dataclass
class Story:
    """A ledger on which something happens, seen by some rules."""

    scene: Any
    anvil: Any
    rules: tuple[Any, ...] = field(default_factory=load_rules)

    @property
    def ledger(self) -> Ledger:
        return self.scene.ledger

    def who(self, name: str) -> Any:
        return getattr(self.scene.signers, name)

    def accepted(self, *, days: int = 90, obligor: str = "obligor", **changes: Any) -> ReceivableId:
        """A receivable that an obligor accepted at once, due in so many days."""
        signer = self.who(obligor)
        due = self.ledger.time().date() + timedelta(days=days)
        terms = self.scene.terms(obligor=signer.address, due_date=due, **changes)
        return self.ledger.issuer(signer).issue(terms).wait().value

    def give(self, voucher: VoucherId, giver: str, taker: str, **part: str) -> VoucherId:
        """A holder gives a voucher, or a part of it, to another."""
        holder = self.ledger.supplier(self.who(giver))
        return holder.transfer(voucher, self.who(taker).address, **part).wait().value

    def send(self, *actions: Action[Any], by: str = "deployer") -> None:
        """Calls that the client offers nobody, signed by one of the cast."""
        for action in actions:
            self.ledger._desk.chain.submit(action, signer=self.who(by)).wait()

    def found(self, *names: str) -> list[Any]:
        """All that the rules find, read from the first block; of some rules only."""
        alerts = list(Watch(self.ledger, self.rules).once())
        return [it for it in alerts if not names or it.rule in names]

    def only(self, name: str) -> Any:
        """The one alert of a rule."""
        (alert,) = self.found(name)
        return alert
