"""The chain on which throughput is measured, and the vouchers that go back and forth on it."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duebill
from duebill import deployment, node
from duebill._abi import ledger_abi
from duebill.chain import Chain, Rpc
from duebill.model import FOREVER, Money
from duebill.node_accounts import NodeAccount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.ledger import Ledger
    from duebill.model import VoucherId

_FACE = Money.parse("1000000.00", "EUR")
_PART = "1.00"
_DUE_IN_DAYS = 90
# Blocks come this fast, unless 200 transactions wait before: larger ones make anvil slow.
_BLOCK_SECONDS = 0.05


class Stage:
    """A ledger with two holders, who pass the same vouchers to each other.

    Attributes:
        url: The node.
        ledger: The ledger; its journal is a file like any user's.
        obligor: Who owes.
        holders: The two; the first one has the vouchers at the start.
        vouchers: The vouchers that are passed on.
    """

    def __init__(self, url: str, folder: Path, *, vouchers: int) -> None:
        self.url = url
        deployer, self.obligor, *rest = (NodeAccount(index) for index in range(4))
        self.holders = (rest[0], rest[1])
        # Nothing of a measurement stands in the user's own journal.
        journal = folder / "journal.sqlite"
        chain = Chain(url, abi=ledger_abi(), journal=journal)
        plan = deployment.local_plan()
        book = deployment.deploy(plan, signer=deployer, connection=chain, folder=folder)
        self.ledger: Ledger = duebill.connect(url, deployment=book, journal=journal)
        registrar = self.ledger.registrar(deployer)
        for who in (self.obligor, *self.holders):
            registrar.verify(who.address, until=FOREVER).wait()
        self.vouchers = self._split(vouchers)

    @property
    def due_date(self) -> str:
        """A day that every receivable can be due on."""
        return str(self.ledger.time().date().fromordinal(self._today() + _DUE_IN_DAYS))

    def terms(self, count: int) -> Iterator[dict[str, Any]]:
        """Rows that the obligor can issue."""
        row = {
            "creditor": self.holders[0].address,
            "amount": _PART,
            "currency": "EUR",
            "due_date": self.due_date,
            "programme": 1,
        }
        return (row for _ in range(count))

    @contextlib.contextmanager
    def mining(self) -> Iterator[None]:
        """Blocks come at intervals for the length of the block, and not with each transaction.

        anvil stalls now and then when transactions arrive faster than it makes a block for each.
        """
        rpc, over = Rpc(self.url), threading.Event()
        rpc.request("evm_setAutomine", False)

        def mine() -> None:
            while not over.wait(_BLOCK_SECONDS):
                rpc.request("anvil_mine")

        thread = threading.Thread(target=mine)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            rpc.request("evm_setAutomine", True)

    def _today(self) -> int:
        return self.ledger.time().date().toordinal()

    def _split(self, count: int) -> list[VoucherId]:
        first = self.holders[0]
        terms = self.ledger.draft(
            obligor=self.obligor.address,
            creditor=first.address,
            face=_FACE,
            due_date=self.ledger.time().date().fromordinal(self._today() + _DUE_IN_DAYS),
            programme=1,
        )
        receivable = self.ledger.issuer(self.obligor).issue(terms).wait().value
        part = {"voucher": receivable.voucher(1), "to": first.address, "amount": _PART}
        self.ledger.supplier(first).split_many([part] * count).wait()
        return [receivable.voucher(serial) for serial in range(2, count + 2)]


@contextlib.contextmanager
def stage(*, vouchers: int) -> Iterator[Stage]:
    """A private chain, ready to be measured on."""
    with node.running() as url, tempfile.TemporaryDirectory() as folder:
        yield Stage(url, Path(folder), vouchers=vouchers)
