"""The only module that talks to the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from duebill.model import Outcome, TransactionStatus

__all__ = ["Transaction"]

T = TypeVar("T")


class Transaction(Generic[T]):
    """A transaction that was sent, or tried out."""

    @property
    def hash(self) -> str:
        """Its hash, known before it was sent.

        Raises:
            NotSent: It was a dry run.
        """
        raise NotImplementedError

    def status(self) -> TransactionStatus:
        """Where it stands now."""
        raise NotImplementedError

    def wait(self, *, confirmations: int | None = None, timeout: float = 120) -> Outcome[T]:
        """Wait until it is final and say what it brought about.

        Args:
            confirmations: How many blocks, its own included; the connection's when not given.
            timeout: Seconds.

        Raises:
            ContractError: It was refused.
            TransactionDropped: Its nonce was used by another transaction.
            TransactionTimeout: It is not final yet; wait again.
            NodeUnavailable: The node does not answer.
        """
        raise NotImplementedError
