"""How a deployment asks and sends, through `duebill.chain` like everyone."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._abi import Abi
from duebill._actions import NOTHING, Action
from duebill.errors import TransactionTimeout

if TYPE_CHECKING:
    from duebill.chain import Chain
    from duebill.model import Address, Outcome
    from duebill.signing import Signer

_SETTLE_SECONDS = 120.0
_PAUSE_SECONDS = 0.1


@cache
def abi(artifact: str) -> Abi:
    """The ABI of an artifact."""
    return Abi(artifacts.load(artifact).abi)


def ask(chain: Chain, to: str, artifact: str, function: str, *arguments: Any) -> Any:
    """Call a view function and decode what it returns."""
    known = abi(artifact)
    return known.decode(function, chain.call(to, known.encode(function, *arguments)))


def send(chain: Chain, signer: Signer, to: Address, data: bytes) -> Outcome[None]:
    """Send a call and wait until it is final."""
    action = Action(to=to, data=data, decode=lambda _: None, answer=NOTHING)
    return chain.submit(action, signer=signer).wait()


def settle(chain: Chain, account: Address) -> None:
    """Wait until nothing that an account sent earlier is on its way.

    An earlier run may have been killed between writing a transaction down and seeing its block. What
    is missing can only be told once that transaction is in.

    Raises:
        TransactionTimeout: Something is stuck.
    """
    chain.dispatch.recover(sender=account)
    deadline = time.monotonic() + _SETTLE_SECONDS
    while chain.pending_nonce(account) > chain.nonce(account):
        if time.monotonic() > deadline:
            raise TransactionTimeout(f"an earlier one of {account}", seconds=_SETTLE_SECONDS)
        time.sleep(_PAUSE_SECONDS)
