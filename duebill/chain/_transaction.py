"""The handle on a transaction."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from duebill.errors import (
    NodeAnswerInvalid,
    NotSent,
    RevertError,
    TransactionDropped,
    TransactionFailed,
    TransactionTimeout,
)
from duebill.model import Outcome, TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill._actions import Answer
    from duebill.chain._answers import Receipt
    from duebill.chain._chain import Chain
    from duebill.model import Address

T_co = TypeVar("T_co", covariant=True)

_SHORTEST_PAUSE = 0.02
_LONGEST_PAUSE = 2.0


class Transaction(ABC, Generic[T_co]):
    """A transaction that was sent, or tried out."""

    @property
    @abstractmethod
    def hash(self) -> str:
        """Its hash, known before it was sent.

        Raises:
            NotSent: It was a dry run.
        """

    @abstractmethod
    def status(self, *, confirmations: int | None = None) -> TransactionStatus:
        """Where it stands now.

        Args:
            confirmations: How many blocks, its own included, make it final; the connection's when
                not given.
        """

    @abstractmethod
    def wait(self, *, confirmations: int | None = None, timeout: float = 120) -> Outcome[T_co]:
        """Wait until it is final and say what it brought about.

        A block that leaves the chain in a reorganisation takes its transactions along: they count
        as waiting again.

        Args:
            confirmations: How many blocks, its own included; the connection's when not given.
            timeout: Seconds.

        Raises:
            RevertError: It was refused.
            TransactionFailed: It had no effect, for a reason that is not known.
            TransactionDropped: Its nonce was used by another transaction.
            TransactionTimeout: It is not final yet; wait again.
            NodeUnavailable: The node does not answer.
        """


class Simulated(Transaction[T_co]):
    """A dry run: it was never signed or sent."""

    def __init__(self, value: T_co, *, block: int, gas: int) -> None:
        self._outcome = Outcome(
            value=value,
            transaction=None,
            block=block,
            block_hash=None,
            gas_used=gas,
            fee=0,
            events=(),
        )

    def __repr__(self) -> str:
        return f"<dry run: {self._outcome.value!r}>"

    @property
    def hash(self) -> str:
        """There is none."""
        raise NotSent

    def status(self, *, confirmations: int | None = None) -> TransactionStatus:
        """Always the same."""
        del confirmations
        return TransactionStatus.SIMULATED

    def wait(self, *, confirmations: int | None = None, timeout: float = 120) -> Outcome[T_co]:
        """What it would bring about; there is nothing to wait for."""
        del confirmations, timeout
        return self._outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What identifies a transaction, and what is needed to send it again.

    Attributes:
        hash: Its hash.
        sender: Who signed it.
        nonce: Its nonce.
        to: The contract that it calls.
        data: The encoded call.
        raw: The signed transaction; None when somebody else sent it.
    """

    hash: str
    sender: Address
    nonce: int
    to: str
    data: bytes
    raw: bytes | None


class Sent(Transaction[T_co]):
    """A transaction that was signed and sent."""

    def __init__(self, chain: Chain, ticket: Ticket, answer: Answer[T_co]) -> None:
        self._chain = chain
        self._ticket = ticket
        self._hash = ticket.hash
        self._answer = answer

    def __repr__(self) -> str:
        return f"<transaction {self._hash}>"

    @property
    def hash(self) -> str:
        """Its hash."""
        return self._hash

    def status(self, *, confirmations: int | None = None) -> TransactionStatus:
        """Where it stands now."""
        receipt = self._receipt()
        if receipt is None:
            return TransactionStatus.DROPPED if self._is_replaced() else TransactionStatus.PENDING
        if not receipt.succeeded:
            return TransactionStatus.REVERTED
        if self._is_final(receipt, confirmations):
            return TransactionStatus.CONFIRMED
        return TransactionStatus.INCLUDED

    def wait(self, *, confirmations: int | None = None, timeout: float = 120) -> Outcome[T_co]:
        """Wait until it is final."""
        deadline = time.monotonic() + timeout
        for pause in _pauses():
            receipt = self._receipt()
            if receipt and self._is_final(receipt, confirmations):
                return self._outcome(receipt)
            if receipt is None:
                self._keep_alive()
            if time.monotonic() + pause > deadline:
                break
            time.sleep(pause)
        raise TransactionTimeout(self._hash, seconds=timeout)

    def _receipt(self) -> Receipt | None:
        """Its receipt, if the receipt's block is part of the chain and really contains it."""
        receipt = self._chain.receipt(self._hash)
        if receipt is None:
            return None
        block = self._chain.block_if_there(receipt.block, receipt.block_hash)
        if block is None:
            return None
        if self._hash not in block.transactions:
            raise NodeAnswerInvalid("eth_getTransactionReceipt", reason="its block lacks it")
        return receipt

    def _is_final(self, receipt: Receipt, confirmations: int | None) -> bool:
        wanted = self._chain.confirmations if confirmations is None else confirmations
        return self._chain.block_number() >= receipt.block + wanted - 1

    def _is_replaced(self) -> bool:
        """Whether another transaction used its nonce."""
        if (
            self._chain.knows(self._hash)
            or self._chain.nonce(self._ticket.sender) <= self._ticket.nonce
        ):
            return False
        # It may have got into a block between the questions.
        return self._chain.receipt(self._hash) is None

    def _keep_alive(self) -> None:
        if self._chain.knows(self._hash):
            return
        if self._is_replaced():
            raise TransactionDropped(self._hash, nonce=self._ticket.nonce)
        if self._ticket.raw is not None:
            self._chain.resend(self._ticket.raw)

    def _outcome(self, receipt: Receipt) -> Outcome[T_co]:
        if not receipt.succeeded:
            raise self._refusal(receipt)
        events = tuple(self._chain.decoded(receipt.logs))
        return Outcome(
            value=self._answer.from_events(events),
            transaction=self._hash,
            block=receipt.block,
            block_hash=receipt.block_hash,
            gas_used=receipt.gas_used,
            fee=receipt.fee,
            events=events,
        )

    def _refusal(self, receipt: Receipt) -> RevertError | TransactionFailed:
        """Why it was refused: the same call is made on the state before and after its block."""
        failed = TransactionFailed(self._hash, block=receipt.block, gas_used=receipt.gas_used)
        ticket = self._ticket
        for block in (receipt.block - 1, receipt.block):
            try:
                self._chain.call(ticket.to, ticket.data, sender=ticket.sender, block=block)
            except RevertError as error:
                error.transaction = self._hash
                return error
        return failed


def _pauses() -> Iterator[float]:
    pause = _SHORTEST_PAUSE
    while True:
        yield pause
        pause = min(_LONGEST_PAUSE, pause * 1.5)
