"""Calls that always take effect, and what the chain has of them."""

from __future__ import annotations

import contextlib
import time
import weakref
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from duebill._abi import events_abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain, FeeLimits, _json
from duebill.chain._rpc import Rpc, RpcError

if TYPE_CHECKING:
    from duebill.model import Address


def call(to: Address, word: str) -> Action[None]:
    """A call of an account without code: it takes effect, and its data tell it from others."""
    return Action(to=to, data=word.encode(), decode=lambda _: None, answer=NOTHING)


class Wire(Rpc):
    """A connection to a node on this machine, without what the open network asks for.

    Nine tenths of a run of faults are questions: this is three times as fast as the client's own.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._socket = HTTPConnection(url.partition("://")[2])
        weakref.finalize(self, self._socket.close)

    def _post(self, _: str, body: bytes) -> Any:
        self._socket.request("POST", "/", body, {"Content-Type": "application/json"})
        return _json.read(self._socket.getresponse().read())


@dataclass
class Bench:
    """One account on one chain, and where it writes down what it sends."""

    anvil: Any
    signer: Any
    to: Address
    journal: Any

    def __post_init__(self) -> None:
        self._node = Wire(self.anvil.url)

    def rpc(self, method: str, *params: Any) -> Any:
        """Ask the node, over one connection."""
        return self._node.request(method, *params)

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
        return int(self.rpc("eth_getTransactionCount", self.signer.address, "latest"), 16)

    def head(self) -> int:
        """The number of the latest block."""
        return int(self.rpc("eth_blockNumber"), 16)

    def foreign(self, *, nonce: int, price: int = 10**12) -> None:
        """What another wallet sends from the same account; the node may refuse it."""
        fields = {
            "chainId": 31337,
            "nonce": nonce,
            "to": self.signer.address,
            "value": 0,
            "data": "0x",
            "gas": 21_000,
            "gasPrice": price,
        }
        raw = self.signer.sign_transaction(fields)
        with contextlib.suppress(RpcError):
            self.rpc("eth_sendRawTransaction", "0x" + raw.hex())

    def words(self, since: int | None = None) -> list[str]:
        """What the account called with, in the order of the chain, once all that waits is in."""
        deadline = time.monotonic() + (5 if self.rpc("anvil_getAutomine") else 0)
        while self.rpc("txpool_status")["pending"] != "0x0" and time.monotonic() < deadline:
            time.sleep(0.01)
        found = []
        head = self.head()
        for number in range(max(0, head - 60) if since is None else since, head + 1):
            block = self.rpc("eth_getBlockByNumber", hex(number), True)
            found += [
                bytes.fromhex(sent["input"][2:]).decode()
                for sent in block["transactions"]
                if sent["from"] == self.signer.address.lower() and sent["to"] == self.to.lower()
            ]
        return found
