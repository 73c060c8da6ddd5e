"""Trying many calls out at once, before any of them is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill._reverts import decode_revert
from duebill.chain import _answers
from duebill.chain._node import refusal
from duebill.chain._rpc import RpcError
from duebill.errors import NodeAnswerInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill._actions import Action
    from duebill.chain._chain import Chain
    from duebill.errors import DuebillError
    from duebill.model import Address

_METHOD = "eth_simulateV1"
_ESTIMATE = "eth_estimateGas"
_METHOD_UNKNOWN = -32601


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a call would do.

    Attributes:
        gas: The gas that it would take, in a transaction of its own.
        error: Why it would be refused; None if it would not.
    """

    gas: int
    error: DuebillError | None


def try_out(
    chain: Chain,
    calls: Sequence[Action[Any]],
    *,
    sender: Address,
    first: Sequence[Action[Any]] = (),
) -> list[Trial]:
    """Try calls out, each on the state that those before it leave.

    Nodes without `eth_simulateV1`, or that find the calls too many for one request, try each on the
    state as it is; then what an earlier call makes possible is not seen yet.

    Args:
        chain: The chain.
        calls: The calls.
        sender: Who makes them.
        first: What goes before them; nothing is told of it.

    Raises:
        NodeUnavailable: The node does not answer.
    """
    if not calls:
        return []
    asked = [
        {"from": sender, "to": call.to, "data": "0x" + call.data.hex()} for call in (*first, *calls)
    ]
    try:
        answer = chain.ask(_METHOD, {"blockStateCalls": [{"calls": asked}]}, "latest")
    except RpcError as error:
        if error.code == _METHOD_UNKNOWN or len(calls) == 1:
            return _estimated(chain, asked[len(first) :])
        half = len(calls) // 2
        return try_out(chain, calls[:half], sender=sender, first=first) + try_out(
            chain, calls[half:], sender=sender, first=first
        )
    return _told(answer, len(asked))[len(first) :]


def _told(answer: Any, count: int) -> list[Trial]:
    if not isinstance(answer, list) or len(answer) != 1:
        raise NodeAnswerInvalid(_METHOD, reason="it is not one block")
    results = _answers.Reader(_METHOD, answer[0]).items("calls")
    if len(results) != count:
        raise NodeAnswerInvalid(_METHOD, reason="it is not one result for each call")
    return [_trial(_answers.Reader(_METHOD, result)) for result in results]


def _trial(read: _answers.Reader) -> Trial:
    gas = read.integer("gasUsed")
    if read.integer("status") == 1:
        return Trial(gas=gas, error=None)
    data = read.bytes("returnData") if read.has("returnData") else b""
    return Trial(gas=gas, error=decode_revert(data))


def _estimated(chain: Chain, asked: Sequence[dict[str, str]]) -> list[Trial]:
    answers = chain.ask_all(_ESTIMATE, [[call] for call in asked])
    return [
        Trial(gas=0, error=refusal(answer))
        if isinstance(answer, RpcError)
        else Trial(gas=_answers.integer(_ESTIMATE, answer), error=None)
        for answer in answers
    ]
