"""An account that is a contract: it acts and signs by the key of an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from duebill.errors import WalletHasNoKey
from duebill.model import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.model import Address
    from duebill.signing import Signer


class ContractWallet:
    """A contract that holds and acts like a person, for which an owner's key signs.

    Facades bound to it act as the wallet. What is sent is the owner's transaction to the wallet,
    which makes all calls of one act in one go (ERC-7821's and ERC-7579's `execute`). What is signed is signed
    by the owner and asked of the wallet (ERC-1271): that fits wallets that take an owner's plain
    signature of the message. Other wallets are served by `Role.calls` and their own tools.

    Args:
        wallet: The wallet's address.
        owner: The account whose key the wallet obeys; None when nothing is signed here.
    """

    def __init__(self, wallet: str, *, owner: Signer | None = None) -> None:
        self._address = address(wallet)
        self._owner = owner

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._address}>"

    @property
    def address(self) -> Address:
        """The wallet."""
        return self._address

    @property
    def owner(self) -> Signer:
        """Whose key signs.

        Raises:
            WalletHasNoKey: None was given.
        """
        if self._owner is None:
            raise WalletHasNoKey(self._address)
        return self._owner

    def unlock(self) -> None:
        """Ask for the owner's password now, if it has one."""
        open_ = getattr(self._owner, "unlock", None)
        if open_:
            open_()

    def sign_transaction(self, transaction: Mapping[str, Any]) -> NoReturn:
        """A contract signs no transaction: its owner's transaction calls it.

        Raises:
            WalletHasNoKey: Always.
        """
        del transaction
        raise WalletHasNoKey(self._address)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """The owner's signature of a message, to be asked of the wallet (ERC-1271).

        Raises:
            WalletHasNoKey: It was given no owner.
            SignerError: The owner refuses.
        """
        return self.owner.sign_typed_data(message)
