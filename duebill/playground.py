"""What only a local chain lets anyone do: make money, make ether, let time pass.

For demos, trials and tests. On any other chain the orders are refused by the node, and there are no
test currencies.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._abi import Abi
from duebill._actions import NOTHING, Action
from duebill.errors import CurrencyIsOffChain, NodeRefused, NodeUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duebill.model import Address, Currency, Money

__all__ = ["give_ether", "minting", "pass_time"]

_SECONDS = 30
_WEI_PER_ETHER = 10**18
_UNIT_DECIMALS = 6


def minting(currency: Currency, *, to: Address, amount: Money) -> Action[None]:
    """The call that makes test money for an account. Only test currencies take it.

    Raises:
        CurrencyIsOffChain: The currency has no token.
    """
    if currency.token is None:
        raise CurrencyIsOffChain(currency=currency.number)
    abi = Abi(artifacts.load("TestCurrency").abi)
    smallest = amount.units * 10**currency.decimals // 10**_UNIT_DECIMALS
    data = abi.encode("mint", to, smallest)
    return Action(to=currency.token, data=data, decode=lambda _: None, answer=NOTHING)


def give_ether(url: str, to: Address, *, ether: int) -> None:
    """Let an account have this much ether, whatever it had.

    Raises:
        NodeRefused: The node is no development node.
        NodeUnavailable: It does not answer.
    """
    _order(url, "anvil_setBalance", [to, hex(ether * _WEI_PER_ETHER)])


def pass_time(url: str, *, until: datetime) -> None:
    """Let the chain's time pass, up to a moment that is still to come.

    Raises:
        NodeRefused: The node is no development node, or the moment is over.
        NodeUnavailable: It does not answer.
    """
    _order(url, "evm_setNextBlockTimestamp", [int(until.timestamp())])
    _order(url, "evm_mine", [])


def _order(url: str, method: str, params: Sequence[Any]) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - the user's own node
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            said = json.load(answer)
    except (OSError, ValueError) as error:
        raise NodeUnavailable(url, reason=str(error)) from error
    if "error" in said:
        fault = said["error"]
        raise NodeRefused(method, code=fault.get("code", 0), reason=str(fault.get("message")))
