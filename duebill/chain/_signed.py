"""What a signed transaction says, read from its bytes alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill._abi import keccak
from duebill._wire import sender_of
from duebill.errors import SignedDiffers
from duebill.model import address

if TYPE_CHECKING:
    from duebill.journal import Draft
    from duebill.model import Address

# EIP-2718: the first byte tells the kind; a legacy transaction is a list and begins above all.
# EIP-1559 and EIP-7702: the fields of the first are those of the second, and come first in it.
_DYNAMIC = {b"\x02", b"\x04"}
# EIP-155: v is 35 or 36 more than twice the chain's id.
_V_OFFSET = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed transaction.

    Attributes:
        hash: Its hash.
        sender: Who signed it.
        chain_id: The chain that it is for.
        nonce: Its nonce.
        to: The contract; empty when it makes one.
        value: Wei that it moves.
        data: The encoded call.
        gas: The most gas that it may take.
        max_fee: The most that it pays, in wei per gas.
        tip: What of it goes to whoever makes the block.
    """

    hash: str
    sender: Address
    chain_id: int
    nonce: int
    to: str
    value: int
    data: bytes
    gas: int
    max_fee: int
    tip: int


def read_signed(raw: bytes) -> Signed:
    """Read a signed transaction of the kinds that are prepared here: EIP-1559 and legacy.

    Raises:
        SignedDiffers: These bytes are none.
    """
    from rlp import decode  # noqa: PLC0415 - not before something was signed
    from rlp.exceptions import RLPException  # noqa: PLC0415 - as above

    try:
        fields = _dynamic(decode(raw[1:])) if raw[:1] in _DYNAMIC else _legacy(decode(raw))
        sender = sender_of(raw)
    except (RLPException, ValueError, TypeError) as error:
        raise SignedDiffers("form", expected="a signed transaction", found="other bytes") from error
    return Signed(hash="0x" + keccak(raw).hex(), sender=sender, **fields)


def require_signed(signed: Signed, draft: Draft, *, chain_id: int, nonce: int) -> None:
    """Check that a transaction is exactly what was to be signed.

    Raises:
        SignedDiffers: It is not.
    """
    wanted = {
        "sender": (draft.sender, signed.sender),
        "chain": (chain_id, signed.chain_id),
        "nonce": (nonce, signed.nonce),
        "contract": (draft.to, signed.to),
        "value": (0, signed.value),
        "call": ("0x" + draft.data.hex(), "0x" + signed.data.hex()),
    }
    for field, (expected, found) in wanted.items():
        if expected != found:
            raise SignedDiffers(field, expected=str(expected), found=str(found))


def _dynamic(items: Any) -> dict[str, Any]:
    chain, nonce, tip, most, gas, to, value, data, *_ = items
    return {
        "chain_id": int.from_bytes(chain),
        "nonce": int.from_bytes(nonce),
        "to": _address(to),
        "value": int.from_bytes(value),
        "data": data,
        "gas": int.from_bytes(gas),
        "max_fee": int.from_bytes(most),
        "tip": int.from_bytes(tip),
    }


def _legacy(items: Any) -> dict[str, Any]:
    nonce, price, gas, to, value, data, v, *_ = items
    fee = int.from_bytes(price)
    return {
        "chain_id": (int.from_bytes(v) - _V_OFFSET) // 2,
        "nonce": int.from_bytes(nonce),
        "to": _address(to),
        "value": int.from_bytes(value),
        "data": data,
        "gas": int.from_bytes(gas),
        "max_fee": fee,
        "tip": fee,
    }


def _address(found: bytes) -> str:
    return address("0x" + found.hex()) if found else ""
