"""The stage: a private chain whose clock stands before the first invoice, and everyone on it."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill import deployment, node, playground
from duebill._abi import events_abi
from duebill._actions import NOTHING
from duebill._desk import Desk
from duebill.chain import Chain
from duebill.ledger import connect
from duebill.model import FOREVER, Money, address, seconds_of, time_of
from duebill.node_accounts import NodeAccount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from duebill.chain import Transaction
    from duebill.deployment import Plan
    from duebill.ledger import Ledger
    from duebill.model import Address
    from duebill.replay._history import PastInvoice
    from duebill.signing import Signer

PROGRAMME = CURRENCY = 1
_ETHER = 10
# Calls in one transaction: far below any block's gas.
_MOST_TOGETHER = 40


class Customer:
    """A customer's account, made for one replay and kept nowhere."""

    def __init__(self, name: str) -> None:
        from eth_account import Account  # noqa: PLC0415 - slow to import

        self.name = name
        self._account = Account.create()
        self.address: Address = address(self._account.address)

    def __repr__(self) -> str:
        return f"<customer {self.name} {self.address}>"

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return bytes(self._account.sign_transaction(dict(transaction)).raw_transaction)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return bytes(self._account.sign_typed_data(full_message=dict(message)).signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A ledger on a private chain, its supplier, its customers and their bank.

    Attributes:
        ledger: The ledger.
        desk: Calls of it.
        supplier: Who invoiced.
        bank: Pays in for the customers, a day's payments at a time.
        customers: Who owed, by name.
        url: The node.
    """

    ledger: Ledger
    desk: Desk
    supplier: Signer
    bank: Signer
    customers: Mapping[str, Customer]
    url: str

    def begin(self, day: date) -> None:
        """Let the chain's time pass up to a morning; it never goes back."""
        playground.pass_time(self.url, until=_morning(day))

    def day_of(self, block: int) -> date:
        """The day of a block."""
        return time_of(self.desk.chain.block(block).time).date()

    def send(self, signer: Signer, function: str, *args: Any) -> Transaction[None]:
        """Send one call."""
        return self.desk.chain.submit(self.desk.action(NOTHING, function, *args), signer=signer)

    def send_together(
        self, signer: Signer, calls: Sequence[tuple[str, tuple[Any, ...]]]
    ) -> Iterator[Transaction[None]]:
        """Send calls of one account, many in a transaction, in their order."""
        data = [self.desk.action(NOTHING, function, *args).data for function, args in calls]
        for start in range(0, len(data), _MOST_TOGETHER):
            yield self.send(signer, "multicall", data[start : start + _MOST_TOGETHER])


@contextlib.contextmanager
def stage(history: Sequence[PastInvoice]) -> Iterator[Stage]:
    """Start a chain on the day before the first invoice; verify all and give them money."""
    first = min(invoice.issued for invoice in history)
    clock = str(int(_morning(first - timedelta(days=1)).timestamp()))
    with (
        tempfile.TemporaryDirectory(prefix="duebill-replay-") as folder,
        node.running(options=("--timestamp", clock)) as url,
    ):
        # Every replay of the same history begins with the same block: its journal ends with it.
        journal = Path(folder) / "journal.sqlite"
        chain = Chain(url, chain_id=node.LOCAL_CHAIN_ID, abi=events_abi(), journal=journal)
        house = NodeAccount(0)
        plan = _plan(history, house.address)
        book = deployment.deploy(plan, signer=house, connection=chain, folder=Path(folder))
        ledger = connect(url, deployment=book, journal=journal)
        found = _with_accounts(
            Desk(chain, ledger.contracts, first_block=book.block), ledger, url, history
        )
        parties = (found.supplier, *found.customers.values())
        verified = [("verifyParty", (it.address, seconds_of(FOREVER), bytes(32))) for it in parties]
        for sent in found.send_together(house, verified):
            sent.wait()
        _give_money(found, history)
        yield found


def _with_accounts(desk: Desk, ledger: Ledger, url: str, history: Sequence[PastInvoice]) -> Stage:
    return Stage(
        ledger=ledger,
        desk=desk,
        supplier=NodeAccount(1),
        bank=NodeAccount(2),
        customers={invoice.customer: Customer(invoice.customer) for invoice in history},
        url=url,
    )


def _give_money(found: Stage, history: Sequence[PastInvoice]) -> None:
    """Give the bank what it will pay in, and let the ledger take it; customers get ether alone."""
    currency, chain = found.ledger.currency(CURRENCY), found.desk.chain
    owed = Money.total((invoice.amount for invoice in history), currency=currency.code)
    minting = playground.minting(currency, to=found.bank.address, amount=owed)
    chain.submit(minting, signer=found.bank).wait()
    for approval in found.desk.allowing(CURRENCY, owed.units, owner=found.bank.address):
        chain.submit(approval, signer=found.bank).wait()
    for customer in found.customers.values():
        playground.give_ether(found.url, customer.address, ether=_ETHER)


def _plan(history: Sequence[PastInvoice], registrar: Address) -> Plan:
    code = history[0].amount.currency
    return deployment.parse_plan(
        {
            "name": "replay",
            "chain_id": node.LOCAL_CHAIN_ID,
            "admins": [deployment.DEPLOYER],
            "administrators": [deployment.DEPLOYER],
            "registrars": [registrar],
            "currencies": {"cash": {"code": code, "decimals": 6, "test": True}},
            "programmes": {
                "replay": {
                    "max_tenor_days": max(1, *((it.due - it.issued).days for it in history)),
                    "acceptance_days": 1,
                    "grace_days": 0,
                    "max_hops": 0,
                    "max_splits": 0,
                    "smallest_voucher": "0.000001",
                }
            },
        }
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), tzinfo=UTC)
