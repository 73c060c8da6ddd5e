"""The stage: a private chain whose clock is set, with the contracts on it."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from duebill import deployment, node, playground
from duebill._abi import events_abi
from duebill.chain import Chain
from duebill.demo._calendar import GRACE_DAYS, LONGEST_DAYS
from duebill.ledger import connect
from duebill.model import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from duebill.demo._calendar import Calendar
    from duebill.demo._cast import Actor, Cast
    from duebill.demo._shares import Shares
    from duebill.deployment import Plan
    from duebill.ledger import Ledger
    from duebill.model import Currency, Money

PROGRAMME = 1
CURRENCY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A ledger on a private chain.

    Attributes:
        ledger: The ledger.
        chain: The connection to the chain.
        url: The node.
        currency: The test currency.
    """

    ledger: Ledger
    chain: Chain
    url: str
    currency: Currency

    def mint(self, to: Actor, amount: Money) -> None:
        """Give someone test money."""
        action = playground.minting(self.currency, to=to.address, amount=amount)
        self.chain.submit(action, signer=to.account).wait()

    def wait_until(self, moment: datetime) -> None:
        """Let the chain's time pass; it never goes back."""
        if self.ledger.time() < moment:
            playground.pass_time(self.url, until=moment)


@contextlib.contextmanager
def stage(cast: Cast, calendar: Calendar, shares: Shares) -> Iterator[Stage]:
    """Start a chain on the first day, and deploy the contracts for the currency of the invoice."""
    clock = ("--timestamp", str(int(calendar.begin.timestamp())))
    with (
        tempfile.TemporaryDirectory(prefix="duebill-demo-") as folder,
        node.running(options=clock) as url,
    ):
        # Every demo's chain begins with the same block: its journal ends with it.
        journal = Path(folder) / "journal.sqlite"
        chain = Chain(url, chain_id=node.LOCAL_CHAIN_ID, abi=events_abi(), journal=journal)
        plan = _plan(cast, shares)
        signer = cast.house.account
        book = deployment.deploy(plan, signer=signer, connection=chain, folder=Path(folder))
        ledger = connect(url, deployment=book, journal=journal)
        yield Stage(ledger=ledger, chain=chain, url=url, currency=ledger.currency(CURRENCY))


def _plan(cast: Cast, shares: Shares) -> Plan:
    code = shares.second.currency
    return deployment.parse_plan(
        {
            "name": "demo",
            "chain_id": node.LOCAL_CHAIN_ID,
            "admins": [deployment.DEPLOYER],
            "administrators": [deployment.DEPLOYER],
            "consortium": [deployment.DEPLOYER],
            "registry": {"registrants": [deployment.DEPLOYER, cast.bank.address]},
            "registrars": [cast.registrar.address],
            "supervisors": [cast.supervisor.address],
            "currencies": {"cash": {"code": code, "decimals": shares.decimals, "test": True}},
            "programmes": {
                "supply-chain": {
                    "max_tenor_days": LONGEST_DAYS,
                    "acceptance_days": 30,
                    "grace_days": GRACE_DAYS,
                    "max_hops": 8,
                    "max_splits": 1_000,
                    "smallest_voucher": plain(shares.grain),
                }
            },
        }
    )
