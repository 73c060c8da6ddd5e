"""Vouchers to be sent by the table, and what stands on the ledger afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import duebill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duebill.bulk import Batch, RowResult, RowStatus
    from duebill.ledger import Ledger
    from duebill.model import VoucherId


@dataclass(frozen=True)
class Hall:
    """A supplier with vouchers, and everybody else.

    Attributes:
        ledger: The ledger.
        signers: Who is who.
        vouchers: The supplier's vouchers, of 10 euros each.
        deployed: Where the ledger is.
        url: The node.
    """

    ledger: Ledger
    signers: Any
    vouchers: tuple[VoucherId, ...]
    deployed: Any
    url: str

    @property
    def supplier(self) -> Any:
        return self.ledger.supplier(self.signers.supplier)

    def again(self, url: str, **options: Any) -> Any:
        """The supplier on a new connection, as a new process would make it."""
        ledger = duebill.connect(url, deployment=self.deployed, **options)
        return ledger.supplier(self.signers.supplier)

    def to(self, who: str, vouchers: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """Rows that give whole vouchers away."""
        recipient = getattr(self.signers, who).address
        given = self.vouchers if vouchers is None else vouchers
        return [{"voucher": voucher, "to": recipient} for voucher in given]

    def parts(self) -> list[dict[str, Any]]:
        """Rows that could be carried out again and again: a euro of each voucher."""
        return [{**row, "amount": "1.00"} for row in self.to("financier")]

    def held_by(self, who: str) -> set[str]:
        """The vouchers that somebody holds."""
        holder = getattr(self.signers, who).address
        return {voucher.id for voucher in self.ledger.vouchers(holder=holder)}


@pytest.fixture
def hall(ledger, scene, signers, deployed, anvil) -> Hall:
    """Twelve vouchers and what is left of the first."""
    id_ = scene.accepted()
    parts = [{"voucher": id_.voucher(1), "to": signers.supplier.address, "amount": "10.00"}] * 12
    ledger.supplier(signers.supplier).split_many(parts).wait()
    vouchers = tuple(id_.voucher(serial) for serial in range(2, 14))
    return Hall(ledger, signers, vouchers, deployed, anvil.url)


@pytest.fixture
def statuses() -> Callable[[Batch | list[RowResult]], list[RowStatus]]:
    """What became of the rows, in their order."""

    def told(results: Batch | list[RowResult]) -> list[RowStatus]:
        return [result.status for result in sorted(results, key=lambda result: result.row)]

    return told
