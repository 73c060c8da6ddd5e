"""What is asked of a contract, before anybody signs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.model._ids import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a contract; it carries no ether.

    Attributes:
        to: The contract.
        data: The encoded call.
    """

    to: Address
    data: bytes

    def to_json(self) -> dict[str, str]:
        """The call as an object for JSON, as wallets take it."""
        return {"to": self.to, "value": "0x0", "data": "0x" + self.data.hex()}


def proposal(calls: Sequence[Call], *, sender: Address, chain_id: int) -> dict[str, Any]:
    """Calls as a wallet is asked for them: the parameter of `wallet_sendCalls` (EIP-5792)."""
    return {
        "version": "2.0.0",
        "from": sender,
        "chainId": hex(chain_id),
        "atomicRequired": True,
        "calls": [call.to_json() for call in calls],
    }
