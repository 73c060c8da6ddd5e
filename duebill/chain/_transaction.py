"""The handle on a transaction."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from duebill._reverts import decode_revert
from duebill.errors import (
    NotSent,
    StillUnsigned,
    TransactionDropped,
    TransactionFailed,
    TransactionTimeout,
)
from duebill.model import Outcome, TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duebill._actions import Answer
    from duebill.chain._answers import Receipt
    from duebill.chain._chain import Chain
    from duebill.errors import RevertError
    from duebill.journal import Entry
    from duebill.model import Address
    from duebill.signing import Signer

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
class Prepared:
    """A transaction that holds its nonce and waits for a signature from elsewhere.

    Attributes:
        reference: What it is called in the journal; the signed transaction is brought under it.
        sender: Who has to sign.
        nonce: Its nonce.
        fields: The fields of the transaction, as a `Signer` takes them.
    """

    reference: str
    sender: Address
    nonce: int
    fields: Mapping[str, Any]


class Held(Transaction[T_co]):
    """A write that was prepared: it waits for a signature from elsewhere.

    Attributes:
        prepared: What is to be signed.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared

    def __repr__(self) -> str:
        return f"<prepared: {self.prepared.reference}, nonce {self.prepared.nonce}>"

    @property
    def hash(self) -> str:
        """There is none before it is signed."""
        raise StillUnsigned

    def status(self, *, confirmations: int | None = None) -> TransactionStatus:
        """There is none before it is signed."""
        del confirmations
        raise StillUnsigned

    def wait(self, *, confirmations: int | None = None, timeout: float = 120) -> Outcome[T_co]:
        """There is nothing to wait for before it is signed."""
        del confirmations, timeout
        raise StillUnsigned


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What identifies a transaction that somebody else sent.

    Attributes:
        hash: Its hash.
        sender: Who signed it.
        nonce: Its nonce.
        to: The contract that it calls.
        data: The encoded call.
    """

    hash: str
    sender: Address
    nonce: int
    to: str
    data: bytes


class Sent(Transaction[T_co]):
    """A transaction that was sent, by whomever."""

    def __init__(self, chain: Chain, ticket: Ticket, answer: Answer[T_co]) -> None:
        self._chain = chain
        self._ticket = ticket
        self._answer = answer

    def __repr__(self) -> str:
        return f"<transaction {self.hash}>"

    @property
    def hash(self) -> str:
        """Its hash."""
        return self._ticket.hash

    def status(self, *, confirmations: int | None = None) -> TransactionStatus:
        """Where it stands now."""
        receipt = self._receipt()
        if receipt is None:
            return TransactionStatus.DROPPED if self._is_dropped() else TransactionStatus.PENDING
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
        raise TransactionTimeout(self.hash, seconds=timeout)

    def _receipt(self) -> Receipt | None:
        return self._chain.sound_receipt(self._ticket.hash)

    def _is_final(self, receipt: Receipt, confirmations: int | None) -> bool:
        wanted = self._chain.confirmations if confirmations is None else confirmations
        return self._chain.block_number() >= receipt.block + wanted - 1

    def _is_dropped(self) -> bool:
        """Whether another transaction used its nonce."""
        ticket = self._ticket
        if self._chain.knows(ticket.hash) or self._chain.nonce(ticket.sender) <= ticket.nonce:
            return False
        # It may have got into a block between the questions.
        return self._chain.receipt(ticket.hash) is None

    def _keep_alive(self) -> None:
        if self._is_dropped():
            raise TransactionDropped(self._ticket.hash, nonce=self._ticket.nonce)

    def _revert(self, receipt: Receipt) -> bytes | None:
        """What the contract answered when it refused; None when that is not known."""
        ticket = self._ticket
        if receipt.succeeded:
            return None
        return self._chain.revert_of(ticket.to, ticket.data, ticket.sender, receipt)

    def _outcome(self, receipt: Receipt) -> Outcome[T_co]:
        revert = self._revert(receipt)
        if not receipt.succeeded:
            raise _refusal(receipt, revert)
        events = tuple(self._chain.decoded(receipt.logs))
        return Outcome(
            value=self._answer.from_events(events),
            transaction=receipt.transaction,
            block=receipt.block,
            block_hash=receipt.block_hash,
            gas_used=receipt.gas_used,
            fee=receipt.fee,
            events=events,
        )


class Journaled(Sent[T_co]):
    """A transaction of this journal's: it is sent again, and replaced, until it is in.

    Whichever of the transactions that were signed for its intent gets into a block, is the one.
    """

    def __init__(
        self, chain: Chain, entry: Entry, answer: Answer[T_co], signer: Signer | None
    ) -> None:
        draft, newest = entry.draft, entry.newest
        ticket = Ticket(
            hash=newest.hash,
            sender=draft.sender,
            nonce=newest.nonce,
            to=draft.to,
            data=draft.data,
        )
        super().__init__(chain, ticket, answer)
        self._entry = entry
        self._signer = signer

    @property
    def reference(self) -> str:
        """What it is called in the journal."""
        return self._entry.reference

    @property
    def hash(self) -> str:
        """The hash of the transaction that got in, or else of the one that was signed last."""
        settled = self._entry.settled
        return settled.transaction if settled else self._entry.newest.hash

    def _receipt(self) -> Receipt | None:
        dispatch = self._chain.dispatch
        if found := dispatch.look(self._entry):
            return found
        # Another process may have offered more, or signed it for another nonce.
        before, self._entry = self._entry, dispatch.journal.entry(self._entry.id)
        return None if self._entry.attempts == before.attempts else dispatch.look(self._entry)

    def _is_dropped(self) -> bool:
        dispatch = self._chain.dispatch
        return not dispatch.is_waiting(self._entry) and dispatch.is_displaced(self._entry)

    def _keep_alive(self) -> None:
        self._entry = self._chain.dispatch.keep_alive(self._entry, self._signer)

    def _revert(self, receipt: Receipt) -> bytes | None:
        revert = self._chain.dispatch.settle(self._entry, receipt)
        self._entry = self._chain.dispatch.journal.entry(self._entry.id)
        return revert


def _refusal(receipt: Receipt, revert: bytes | None) -> RevertError | TransactionFailed:
    if revert is None:
        return TransactionFailed(
            receipt.transaction, block=receipt.block, gas_used=receipt.gas_used
        )
    error = decode_revert(revert)
    error.transaction = receipt.transaction
    return error


def _pauses() -> Iterator[float]:
    pause = _SHORTEST_PAUSE
    while True:
        yield pause
        pause = min(_LONGEST_PAUSE, pause * 1.5)
