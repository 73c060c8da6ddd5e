"""What a signer is, and how a secret waits until it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from duebill.errors import KeyElsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from duebill.model import Address

    Password: TypeAlias = str | Callable[[], str]


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


class AbsentSigner:
    """An account whose key is on another machine: it can be prepared for, not sign.

    Args:
        address: The account.
    """

    def __init__(self, address: Address) -> None:
        self._address = address

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._address}>"

    @property
    def address(self) -> Address:
        """The account."""
        return self._address

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """It cannot.

        Raises:
            KeyElsewhere: Always.
        """
        del transaction
        raise KeyElsewhere(self._address)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """It cannot.

        Raises:
            KeyElsewhere: Always.
        """
        del message
        raise KeyElsewhere(self._address)


class Secret:
    """A secret, or what asks for it: called it gives the secret; tracebacks do not show it."""

    __slots__ = ("_source",)

    def __init__(self, source: Password) -> None:
        self._source = source

    def __call__(self) -> str:
        return self._source() if callable(self._source) else self._source

    def __repr__(self) -> str:
        return "<secret>"
