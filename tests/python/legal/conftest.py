"""A receivable between companies that are known by their identifiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from duebill import Money
from duebill.documents import reference_hash
from duebill.identifiers import Identifier

if TYPE_CHECKING:
    from duebill import Ledger, ReceivableId, VoucherId

KEY = bytes(range(32))
SUPPLIER = Identifier.parse("lei:984500AURM0T0RAG2644")


@dataclass(frozen=True)
class Trade:
    """What a supplier is owed, on a ledger, and who is who."""

    ledger: Ledger
    signers: Any
    scene: Any

    @property
    def supplier(self):
        return self.ledger.supplier(self.signers.supplier)

    @property
    def bank(self):
        return self.ledger.financier(self.signers.financier)

    @property
    def buyer(self):
        return self.ledger.obligor(self.signers.obligor)

    @property
    def stranger(self):
        """A verified company that has nothing to do with it."""
        return self.ledger.supplier(self.signers.supplier2)

    def owed(self, **more: Any) -> ReceivableId:
        """An accepted receivable of 1,000 EUR."""
        return self.scene.accepted(reference_hash=reference_hash("INV-7", key=KEY), **more)

    def sold(self) -> VoucherId:
        """Its whole voucher, which the bank got from the supplier."""
        return self.supplier.transfer(self.owed().voucher(1), self.bank.address).wait().value

    def buyer_sends(self, amount: str, *, to: str) -> None:
        """The buyer sends money directly, past the ledger."""
        money = Money.parse(amount, "EUR")
        self.ledger.supplier(self.signers.obligor).send_money(to, money).wait()

    def cash(self, who: Any) -> Money:
        return self.ledger.cash(who.address, "EUR")


@pytest.fixture
def trade(ledger, signers, scene):
    """The supplier is verified as the company with this LEI."""
    registrar = ledger.registrar(signers.deployer)
    registrar.verify(signers.supplier.address, identifier=SUPPLIER.keyed_hash(KEY)).wait()
    return Trade(ledger, signers, scene)


@pytest.fixture
def eur():
    """An amount in euro."""
    return lambda text: Money.parse(text, "EUR")
