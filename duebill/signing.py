"""Who signs, and what is signed: accounts in encrypted files, and acceptances in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from duebill.model import Address, Terms

__all__ = [
    "Acceptance",
    "ApeAccount",
    "Keystore",
    "SignedAcceptance",
    "Signer",
    "create_keystore",
    "import_key",
]


class Signer(Protocol):
    """An account that can sign. No raw key is ever asked of it."""

    @property
    def address(self) -> Address:
        """The account."""

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """The signed transaction, ready to be sent.

        Args:
            transaction: The fields of an EIP-1559 or legacy transaction, as integers and hex.
        """

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """The 65 bytes of the signature of an EIP-712 message.

        Args:
            message: The whole message: types, primaryType, domain, message.
        """


class Keystore:
    """An account in a keystore v3 file (Web3 Secret Storage), as geth, ape and others write it.

    The address is read from the file; the password is asked for when something is first signed.
    """

    def __init__(self, path: str | Path, *, password: str | Callable[[], str]) -> None:
        raise NotImplementedError

    @property
    def address(self) -> Address:
        """The account."""
        raise NotImplementedError

    def unlock(self) -> None:
        """Decrypt now rather than at the first signature."""
        raise NotImplementedError

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `Signer`."""
        raise NotImplementedError

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `Signer`."""
        raise NotImplementedError


class ApeAccount(Keystore):
    """An account of ape, by its alias: the keystore v3 file in ~/.ape/accounts. Needs no ape."""

    def __init__(self, alias: str, *, password: str | Callable[[], str]) -> None:
        raise NotImplementedError


def create_keystore(path: str | Path, *, password: str | Callable[[], str]) -> Keystore:
    """Make a new account and write it to a new file that only its owner can read."""
    raise NotImplementedError


def import_key(
    path: str | Path, *, password: str | Callable[[], str], source: Any = None
) -> Keystore:
    """Put an existing key into a new file; it is typed at a prompt, or read from a stream."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What an obligor signs: these terms, on this ledger of this chain, up to a deadline."""

    terms: Terms
    deadline: datetime
    chain_id: int
    ledger: Address

    def summary(self) -> str:
        """What a signature binds to, in words."""
        raise NotImplementedError

    def typed_data(self) -> dict[str, Any]:
        """The EIP-712 message."""
        raise NotImplementedError

    def sign(self, signer: Signer) -> SignedAcceptance:
        """Sign it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAcceptance(Acceptance):
    """A signed acceptance; travels as JSON, anyone can bring it to the ledger."""

    signature: str

    def require_for(self, *, chain_id: int, ledger: Address) -> None:
        """Check that it was signed for this ledger."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        raise NotImplementedError
