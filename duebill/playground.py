"""What only a local chain lets anyone do: make money, make ether, let time pass.

For demos, trials and tests. On any other chain the orders are refused by the node, and there are no
test currencies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._abi import Abi
from duebill._actions import NOTHING, Action
from duebill.chain._rpc import Rpc, RpcError
from duebill.errors import CurrencyIsOffChain, NodeRefused

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model import Address, Currency, Money

__all__ = ["give_ether", "minting", "pass_time"]

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
    _order(url, "anvil_setBalance", to, hex(ether * _WEI_PER_ETHER))


def pass_time(url: str, *, until: datetime) -> None:
    """Let the chain's time pass, up to a moment that is still to come.

    Raises:
        NodeRefused: The node is no development node, or the moment is over.
        NodeUnavailable: It does not answer.
    """
    _order(url, "evm_setNextBlockTimestamp", int(until.timestamp()))
    _order(url, "evm_mine")


def _order(url: str, method: str, *params: Any) -> None:
    try:
        Rpc(url).request(method, *params)
    except RpcError as error:
        raise NodeRefused(method, code=error.code, reason=error.reason) from error
