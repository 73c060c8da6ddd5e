"""Writes that always succeed, on a chain of their own cost: nothing is deployed for them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from proxy import proxied

from duebill._abi import events_abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain, FeeLimits

if TYPE_CHECKING:
    from duebill.model import Address


def call(to: Address, word: str) -> Action[None]:
    """A call of an account without code: it takes effect, and its data tell it from others."""
    return Action(to=to, data=word.encode(), decode=lambda _: None, answer=NOTHING)


@dataclass
class Bench:
    """One account on one chain, and where it writes down what it sends."""

    anvil: Any
    signer: Any
    to: Address
    journal: Any

    def chain(self, url: str | None = None, **options: Any) -> Chain:
        """A new connection, as a new process would make it."""
        given = {"fees": FeeLimits(replace_after=None), **options}
        return Chain(url or self.anvil.url, abi=events_abi(), journal=self.journal, **given)

    def send(self, word: str, *, chain: Chain | None = None, reference: str | None = None) -> Any:
        """Send one call."""
        action = call(self.to, word)
        return (chain or self.chain()).submit(action, signer=self.signer, reference=reference)

    def count(self) -> int:
        """How many transactions of the account are in blocks."""
        return int(self.anvil.rpc("eth_getTransactionCount", self.signer.address, "latest"), 16)

    def words(self, blocks: int = 60) -> list[str]:
        """What the account called with, in the order of the chain, once all that waits is in."""
        deadline = time.monotonic() + 5
        while self.anvil.rpc("txpool_status")["pending"] != "0x0" and time.monotonic() < deadline:
            time.sleep(0.01)
        found = []
        head = int(self.anvil.rpc("eth_blockNumber"), 16)
        for number in range(max(0, head - blocks), head + 1):
            block = self.anvil.rpc("eth_getBlockByNumber", hex(number), True)
            found += [
                bytes.fromhex(sent["input"][2:]).decode()
                for sent in block["transactions"]
                if sent["from"] == self.signer.address.lower() and sent["to"] == self.to.lower()
            ]
        return found


@pytest.fixture
def bench(anvil, signers, journal_file):
    return Bench(anvil, signers.stranger, signers.financier.address, journal_file)


@pytest.fixture
def proxy(anvil):
    with proxied(anvil.url) as found:
        yield found
