"""A process that pays once and is killed: before or after any of its steps."""

from __future__ import annotations

import os
import signal
from typing import Any

from sending import call

from duebill._abi import events_abi
from duebill.chain import Chain, FeeLimits
from duebill.chain._rpc import Rpc
from duebill.journal import Journal
from duebill.node_accounts import NodeAccount


class Deadly:
    """Counts the steps of this process, and ends it at one of them, as a power cut would."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


class Node(Rpc):
    """Every question and every answer is a step."""

    def __init__(self, url: str, deadly: Deadly) -> None:
        super().__init__(url)
        self.deadly = deadly

    def request(self, method: str, *params: Any) -> Any:
        self.deadly.step()
        try:
            return super().request(method, *params)
        finally:
            self.deadly.step()


class Hand:
    """Every signature is a step."""

    def __init__(self, index: int, deadly: Deadly) -> None:
        self._account = NodeAccount(index)
        self.address = self._account.address
        self.deadly = deadly

    def sign_transaction(self, transaction: Any) -> bytes:
        made = self._account.sign_transaction(transaction)
        self.deadly.step()
        return made


class Book(Journal):
    """So is everything that is written down, before it is committed and after."""

    deadly: Deadly

    def _record(self, rows: Any) -> Any:
        self.deadly.step()
        found = super()._record(rows)
        self.deadly.step()
        return found

    def settle(self, outcomes: Any) -> None:
        self.deadly.step()
        super().settle(outcomes)
        self.deadly.step()


def pay(place: tuple[str, str], to: str, index: int, word: str, at: int) -> None:
    """Pay once, and die at a step; exit code 0 if there are fewer."""
    url, journal = place
    deadly = Deadly(at)
    chain = Chain(url, abi=events_abi(), journal=journal, fees=FeeLimits(replace_after=None))
    chain._rpc = Node(url, deadly)
    book = Book(
        journal,
        chain_id=chain.expected,
        genesis=Rpc(url).request("eth_getBlockByNumber", "0x0", False)["hash"],
    )
    book.deadly = deadly
    chain.dispatch.journal = book
    chain.submit(call(to, word), signer=Hand(index, deadly), reference=word).wait(timeout=20)
