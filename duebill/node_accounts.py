"""The accounts that every local node starts with, rich in test ether.

Their phrase is public and the same on every development node, so all the world has their keys: they
are for chains that may be thrown away, and are refused on any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._key import Key
from duebill.model import Address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ADDRESSES", "NodeAccount", "index_of"]

ADDRESSES: tuple[Address, ...] = tuple(
    Address(text)
    for text in (
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
        "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
        "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
        "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
        "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
    )
)

_PHRASE = "test test test test test test test test test test test junk"
_NAME = "dev"


class NodeAccount:
    """One of the node's accounts, as a signer.

    Args:
        index: Which one, from 0.
    """

    def __init__(self, index: int) -> None:
        self._index = index
        self._opened: Key | None = None

    @property
    def address(self) -> Address:
        """The account."""
        return ADDRESSES[self._index]

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return self._key.sign_transaction(transaction)

    def sign_transactions(self, transactions: Sequence[Mapping[str, Any]]) -> list[bytes]:
        """Many at once. The key is this account's for certain: what it signed need not be checked."""
        key = self._key
        return [key.sign_transaction(transaction) for transaction in transactions]

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return self._key.sign_typed_data(message)

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """See `duebill.sponsorship.Delegator`."""
        return self._key.sign_authorization(authorization)

    def __repr__(self) -> str:
        return f"<NodeAccount {_NAME}{self._index} {self.address}>"

    @property
    def _key(self) -> Key:
        if self._opened is None:
            # Slow to import; needed only once something is signed.
            from eth_account import Account  # noqa: PLC0415

            Account.enable_unaudited_hdwallet_features()
            path = f"m/44'/60'/0'/0/{self._index}"
            self._opened = Key(Account.from_mnemonic(_PHRASE, account_path=path))
        return self._opened


def index_of(name: str) -> int | None:
    """The index in a name such as `dev3`; None for any other name."""
    number = name.removeprefix(_NAME)
    if name == number or len(number) != 1 or number not in "0123456789":
        return None
    return int(number)
