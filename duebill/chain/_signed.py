"""Whether a signed transaction is the one that was to be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill._transactions import SignedTransaction
from duebill.errors import SignedDiffers

if TYPE_CHECKING:
    from duebill.journal import Draft


def read_signed(raw: bytes) -> SignedTransaction:
    """Read a signed transaction.

    Raises:
        SignedDiffers: These bytes are none.
    """
    try:
        return SignedTransaction.of(raw)
    except ValueError as error:
        raise SignedDiffers("form", expected="a signed transaction", found="other bytes") from error


def require_signed(signed: SignedTransaction, draft: Draft, *, chain_id: int, nonce: int) -> None:
    """Check that a transaction is exactly what was to be signed.

    Raises:
        SignedDiffers: It is not.
    """
    found = signed.unsigned
    wanted = {
        "sender": (draft.sender, signed.sender),
        "chain": (chain_id, found.chain_id),
        "nonce": (nonce, found.nonce),
        "contract": (draft.to, found.recipient or ""),
        "value": (0, found.value),
        "call": ("0x" + draft.data.hex(), "0x" + found.data.hex()),
    }
    for field, (expected, other) in wanted.items():
        if expected != other:
            raise SignedDiffers(field, expected=str(expected), found=str(other))
