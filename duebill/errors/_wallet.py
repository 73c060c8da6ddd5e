"""Why a contract wallet does not act or sign here."""

# ruff: noqa: N818 - each class is named for its cause.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._client import SignerError

if TYPE_CHECKING:
    from duebill.model import Address


class WalletHasNoKey(SignerError):
    """A contract wallet has no key of its own, and none of an owner was given.

    Attributes:
        wallet: The wallet.
    """

    def __init__(self, wallet: Address) -> None:
        self.wallet = wallet
        super().__init__(
            f"The contract wallet {wallet} has no key that could sign this.",
            hint="Name an owner's account, or propose the calls in the wallet's own tool: "
            "--as-call prints them.",
        )


class WalletUnsupported(SignerError):
    """An address holds no wallet that takes calls as ERC-7821 gives them.

    Attributes:
        wallet: The address.
    """

    def __init__(self, wallet: Address) -> None:
        self.wallet = wallet
        super().__init__(
            f"{wallet} is no contract wallet that takes batches of calls (ERC-7821).",
            hint="Propose the calls in the wallet's own tool: --as-call prints them.",
        )
