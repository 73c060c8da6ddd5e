"""A private chain, the plans that go onto it, and what tests do to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from duebill import deployment
from duebill._abi import ledger_abi
from duebill.chain import Chain
from duebill.node_accounts import ADDRESSES, NodeAccount

if TYPE_CHECKING:
    from pathlib import Path

ROLES = ("admins", "registrars", "supervisors", "enforcers", "administrators", "consortium")
RULES = {
    "max_tenor_days": 365,
    "acceptance_days": 30,
    "grace_days": 5,
    "max_hops": 16,
    "max_splits": 1000,
    "smallest_voucher": "1.00",
}


def plan_data(**changes):
    """A small local plan, as a file would hold it: everything is the deployer's."""
    return {
        "name": "small",
        "chain_id": 31337,
        **{role: ["deployer"] for role in ROLES},
        "currencies": {"eur": {"code": "EUR", "decimals": 6, "test": True}},
        "programmes": {"standard": {**RULES}},
        **changes,
    }


def separate_roles(**changes):
    """Every role has a holder of its own; the deployer, account 0, has none."""
    holders = {role: [ADDRESSES[number]] for number, role in enumerate(ROLES, start=1)}
    return plan_data(**holders, **changes)


@dataclass
class Local:
    """A private chain and a folder for its address book."""

    url: str
    folder: Path

    @property
    def chain(self):
        return Chain(self.url, abi=ledger_abi())

    def rpc(self, method, *params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return requests.post(self.url, json=body, timeout=10).json()["result"]

    def deploy(self, plan=None, *, signer=None, progress=None):
        return deployment.deploy(
            plan or deployment.parse_plan(plan_data()),
            signer=signer or NodeAccount(0),
            url=self.url,
            folder=self.folder,
            progress=progress,
        )

    def verify(self, book):
        deployment.verify(book, url=self.url)

    def wait(self, seconds):
        self.rpc("evm_increaseTime", seconds)
        self.rpc("evm_mine")

    def show_life(self, number):
        """One of the node's accounts sends a transaction."""
        place = {"from": ADDRESSES[number], "to": ADDRESSES[number]}
        return self.rpc("eth_sendTransaction", place)
