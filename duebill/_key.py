"""An account whose private key is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._secp256k1 import signing
from duebill._transactions import Authorization, UnsignedTransaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eth_account.signers.local import LocalAccount


class Key:
    """An account whose private key is at hand; its signatures are eth_account's, byte for byte."""

    __slots__ = ("_account", "_sign")

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._sign = signing(bytes(account.key))

    def __repr__(self) -> str:
        return f"<key of {self._account.address}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a key stays in its process")

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`.

        Raises:
            TransactionUnsupported: It is of a type that is not known here.
        """
        unsigned = UnsignedTransaction.of(transaction)
        return unsigned.signed(self._sign(unsigned.digest()))

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return bytes(self._account.sign_typed_data(full_message=dict(message)).signature)

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """See `duebill.sponsorship.Delegator`."""
        return self._sign(Authorization.of(authorization).digest()).as_bytes()
