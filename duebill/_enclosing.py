"""How a contract wallet is made to act: calls inside one call of its `execute`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from duebill._abi import Abi
from duebill._actions import Action
from duebill.errors import RevertError, WalletUnsupported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.chain import Chain
    from duebill.model import Address

# A batch of calls, all or none, without data for the wallet itself (ERC-7821; ERC-7579: call type
# 1, execution type 0).
_BATCH = b"\x01".ljust(32, b"\x00")
_CALLS = "(address,uint256,bytes)[]"


def enclosed(chain: Chain, wallet: Address, actions: Sequence[Action[Any]]) -> Action[Any]:
    """One call of a wallet that makes it do several things, all or none.

    It brings about what the last of them does.

    Raises:
        WalletUnsupported: There is no wallet there that takes calls in this form.
    """
    require_wallet(chain, wallet)
    return enclosure(wallet, actions)


def require_wallet(chain: Chain, wallet: Address) -> None:
    """Check that a wallet takes several calls at once.

    Raises:
        WalletUnsupported: There is no wallet there that takes calls in this form.
    """
    if not _takes_batches(chain, wallet):
        raise WalletUnsupported(wallet)


def enclosure(wallet: Address, actions: Sequence[Action[Any]]) -> Action[Any]:
    """As `enclosed`, of a wallet that is known to take calls in this form."""
    from eth_abi.abi import encode  # noqa: PLC0415 - slow to import

    calls = encode([_CALLS], [[(action.to, 0, action.data) for action in actions]])
    last = actions[-1]
    return Action(
        to=wallet,
        data=_wallet_abi().encode("execute", _BATCH, calls),
        decode=last.decode,
        answer=last.answer,
        intent=bytes.fromhex(wallet[2:]) + last.meaning,
    )


def _takes_batches(chain: Chain, wallet: Address) -> bool:
    abi = _wallet_abi()
    try:
        answer = chain.call(wallet, abi.encode("supportsExecutionMode", _BATCH))
        return bool(abi.decode("supportsExecutionMode", answer))
    except (RevertError, ValueError):
        return False


@cache
def _wallet_abi() -> Abi:
    """What ERC-7821 asks of a wallet."""
    mode = {"name": "mode", "type": "bytes32"}
    data = {"name": "executionData", "type": "bytes"}
    yes = {"name": "", "type": "bool"}
    return Abi(
        [
            {"type": "function", "name": "execute", "inputs": [mode, data], "outputs": []},
            {
                "type": "function",
                "name": "supportsExecutionMode",
                "inputs": [mode],
                "outputs": [yes],
            },
        ]
    )
