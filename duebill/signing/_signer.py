"""What a signer is, and how a secret waits until it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

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


class Secret:
    """A secret, or what asks for it: called it gives the secret; tracebacks do not show it."""

    __slots__ = ("_source",)

    def __init__(self, source: Password) -> None:
        self._source = source

    def __call__(self) -> str:
        return self._source() if callable(self._source) else self._source

    def __repr__(self) -> str:
        return "<secret>"
