"""A node that drops, delays, duplicates and lies, by the dice of a seed."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sending import Wire

from duebill.chain._rpc import RpcError
from duebill.errors import NodeAnswerInvalid, NodeUnavailable

if TYPE_CHECKING:
    import random

SEND = "eth_sendRawTransaction"
LOOKUPS = {
    "eth_getTransactionByHash",
    "eth_getTransactionReceipt",
    "eth_getTransactionCount",
    "eth_blockNumber",
    "eth_getBlockByNumber",
}
WORDS = ("nonce too low", "already known", "transaction pool is full", "insufficient funds")


class Faulty(Wire):
    """A connection to a real node; what goes wrong on it is decided here.

    Attributes:
        rate: How many of a hundred requests go wrong.
        suffered: How often each fault was met.
    """

    def __init__(self, url: str, *, dice: random.Random, rate: int, kept: dict[str, Any]) -> None:
        super().__init__(url)
        self.dice = dice
        self.rate = rate
        self.suffered: dict[str, int] = defaultdict(int)
        # What a replica that lags behind still says: answers from some time ago.
        self._kept = kept

    def request(self, method: str, *params: Any) -> Any:
        """An answer, or a fault."""
        key = repr((method, params))
        # What is sent is what can be lost or doubled: there it goes wrong most.
        rate = 3 * self.rate if method == SEND else self.rate
        if self.dice.randrange(100) < rate:
            fault = self.dice.choice(self._faults(method, key))
            self.suffered[fault] += 1
            return getattr(self, f"_{fault}")(method, params, key)
        return self._asked(method, params, key)

    def _faults(self, method: str, key: str) -> list[str]:
        found = ["lost", "unanswered", "garbled"]
        if method == SEND:
            return [*found, "twice", "refused", "refused_falsely"]
        if method in LOOKUPS and key in self._kept:
            found.append("stale")
        if method in {"eth_getTransactionByHash", "eth_getTransactionReceipt"}:
            found.append("nothing")
        return found

    def _asked(self, method: str, params: tuple[Any, ...], key: str) -> Any:
        answer = super().request(method, *params)
        if key not in self._kept or self.dice.randrange(4) == 0:
            self._kept[key] = answer
        return answer

    def _lost(self, *_: Any) -> Any:
        raise NodeUnavailable("faulty", reason="the question is lost")

    def _unanswered(self, method: str, params: tuple[Any, ...], _: str) -> Any:
        with contextlib.suppress(RpcError):
            super().request(method, *params)
        raise NodeUnavailable("faulty", reason="the answer is lost")

    def _garbled(self, method: str, params: tuple[Any, ...], _: str) -> Any:
        with contextlib.suppress(RpcError):
            super().request(method, *params)
        raise NodeAnswerInvalid(method, reason="it is garbled")

    def _twice(self, method: str, params: tuple[Any, ...], _: str) -> Any:
        super().request(method, *params)
        return super().request(method, *params)

    def _refused(self, method: str, *_: Any) -> Any:
        raise RpcError(method, code=-32000, reason=self.dice.choice(WORDS), data=None)

    def _refused_falsely(self, method: str, params: tuple[Any, ...], key: str) -> Any:
        with contextlib.suppress(RpcError):
            super().request(method, *params)
        return self._refused(method, params, key)

    def _stale(self, _: str, __: Any, key: str) -> Any:
        return self._kept[key]

    def _nothing(self, *_: Any) -> Any:
        return None
