"""A connection to one chain through one node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from duebill._abi import checked_address, keccak
from duebill._actions import NOTHING
from duebill._reverts import decode_revert
from duebill.chain import _answers
from duebill.chain._batch import settle_many, submit_many
from duebill.chain._dispatch import Dispatch
from duebill.chain._fees import FeeLimits
from duebill.chain._node import Node, refusal
from duebill.chain._rpc import RpcError
from duebill.chain._transaction import Journaled, Prepared, Sent, Simulated, Ticket
from duebill.errors import (
    ChainMismatch,
    NodeAnswerInvalid,
    NotFound,
    ReferenceUnknown,
)
from duebill.journal import Stage
from duebill.model import hash_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duebill._abi import Abi
    from duebill._actions import Action, Answer
    from duebill.chain._answers import Receipt
    from duebill.chain._batch import Broadcast, Sign, Write
    from duebill.chain._transaction import Transaction
    from duebill.journal import Draft, Entry
    from duebill.model import Address
    from duebill.signing import Signer

T = TypeVar("T")

_METHOD_UNKNOWN = -32601


class Chain(Node):
    """One chain through one node, and what is sent to it.

    Attributes:
        expected: The chain's id; every transaction is checked against it before it is signed.
        confirmations: How many blocks, its own included, make a transaction final.
        dispatch: What sends, by way of the journal.
    """

    def __init__(  # noqa: PLR0913 - keywords
        self,
        url: str,
        *,
        chain_id: int | None = None,
        confirmations: int = 1,
        abi: Abi,
        journal: str | Path | None = None,
        fees: FeeLimits | None = None,
    ) -> None:
        super().__init__(url, abi=abi)
        place = None if journal is None else str(journal)
        self.dispatch = Dispatch(self, place=place, limits=fees or FeeLimits())
        self.confirmations = confirmations
        found = self.chain_id()
        self.expected = found if chain_id is None else chain_id
        if found != self.expected:
            raise ChainMismatch(expected=self.expected, found=found)

    def __repr__(self) -> str:
        return f"<chain {self.expected} at {self._rpc.name}>"

    def require_chain(self) -> None:
        """Check that the node is still on this chain.

        Raises:
            ChainMismatch: It is on another.
        """
        if (found := self.chain_id()) != self.expected:
            raise ChainMismatch(expected=self.expected, found=found)

    # -- writes -----------------------------------------------------------------------------

    def submit(
        self, action: Action[T], *, signer: Signer, reference: str | None = None
    ) -> Transaction[T]:
        """Sign a call, write it down and send it: once for each reference.

        Args:
            action: The call.
            signer: Who signs.
            reference: The caller's own name for it. The same again gives the same transaction, or
                goes on with it; it never sends a second one. One is made up when not given.

        Raises:
            ChainMismatch: The node is on another chain.
            JournalUnusable: It cannot be written down; nothing was signed.
            ReferenceTaken: The reference stands for another intent.
            ReferenceUnsettled: What was signed before may still get in.
            FeeAboveLimit: The chain asks for more than may be paid; nothing was signed.
            RevertError: The contract would refuse; nothing was signed.
            NodeRefused: The node does not take it.
            SubmissionUncertain: The connection broke while it was sent.
            NodeUnavailable: The node does not answer.
        """
        entry = self.dispatch.submit(action, signer=signer, reference=reference)
        return Journaled(self, entry, action.answer, signer)

    def finish(self, reference: str, *, signer: Signer) -> Transaction[None]:
        """Carry out what the journal has under a reference, in the words that stand there.

        What is under way is sent again; what was released is taken up again, or signed for another
        nonce once it is certain that its own went to a stranger.

        Raises:
            ReferenceUnknown: There is nothing under this reference.
            SignerMismatch: Another account has to sign it.
            DuebillError: As for `submit`.
        """
        entry = self.dispatch.finish(reference, signer=signer)
        return Journaled(self, entry, NOTHING, signer)

    def submit_step(self, action: Action[T], *, signer: Signer, reference: str) -> Transaction[T]:
        """Send what goes before the call of a reference; it has a numbered reference of its own.

        Raises:
            DuebillError: As for `submit`.
        """
        entry = self.dispatch.step(action, signer=signer, reference=reference)
        return Journaled(self, entry, action.answer, signer)

    def begun(self, reference: str) -> Draft | None:
        """The call that a reference stands for, in the words that are under way or done.

        Returns:
            None when it stands for nothing yet, or for what is to be said anew.
        """
        entry = self.dispatch.journal.find(reference)
        return None if entry is None or entry.stage is Stage.RELEASED else entry.draft

    def is_recorded(self, reference: str) -> bool:
        """Whether a reference stands for something already."""
        return self.dispatch.journal.find(reference) is not None

    def prepare(
        self, action: Action[Any], *, sender: Address, reference: str | None = None
    ) -> Prepared:
        """Hold a nonce for a call that is signed elsewhere, and say what is to be signed.

        The same reference again gives the same nonce, at today's fees.

        Raises:
            RevertError: The contract would refuse; nothing was recorded.
            ReferenceTaken: The reference stands for another intent.
            NotPrepared: It was signed already.
            JournalUnusable: It cannot be written down.
        """
        entry = self.dispatch.prepare(action, sender=sender, reference=reference)
        fields = self.dispatch.unsigned(entry)
        return Prepared(
            reference=entry.reference, sender=sender, nonce=fields["nonce"], fields=fields
        )

    def submit_signed(self, raw: bytes, answer: Answer[T], *, reference: str) -> Transaction[T]:
        """Send a transaction that was signed elsewhere, if it is exactly what was prepared.

        Args:
            raw: The signed transaction.
            answer: How its value is read.
            reference: The reference of what was prepared.

        Raises:
            ReferenceUnknown: Nothing was prepared under this reference.
            SignedDiffers: Another sender, nonce, contract, call, value or chain.
            NodeRefused: The node does not take it.
            SubmissionUncertain: The connection broke while it was sent.
        """
        entry = self.dispatch.submit_signed(raw, reference=reference)
        return Journaled(self, entry, answer, None)

    def send_signed(self, raw: bytes, *, reference: str) -> Transaction[None]:
        """Send a transaction that was prepared, here or on another machine.

        What was prepared here has to be exactly that. What was not is sent as it is: the same bytes
        are the same transaction, wherever and however often they are sent.

        Raises:
            SignedDiffers: Another one was prepared here under this reference.
            NodeRefused: The node does not take it.
            SubmissionUncertain: The connection broke while it was sent.
        """
        try:
            return self.submit_signed(raw, NOTHING, reference=reference)
        except ReferenceUnknown:
            self.broadcast(raw)
            return self.find("0x" + keccak(raw).hex(), NOTHING)

    def submit_many(
        self,
        writes: Sequence[Write],
        *,
        signer: Signer,
        sign: Sign | None = None,
        broadcast: Broadcast | None = None,
    ) -> list[Entry]:
        """Sign many calls, write them down in one commit and send them; see `_batch.submit_many`."""
        return submit_many(self, writes, signer=signer, sign=sign, broadcast=broadcast)

    def settle_many(self, receipts: Sequence[tuple[Entry, Receipt]]) -> list[Entry]:
        """Write down what became of many writes in one commit; see `_batch.settle_many`."""
        return settle_many(self, receipts)

    def simulate(self, actions: Sequence[Action[Any]], *, sender: Address) -> Transaction[Any]:
        """Try calls out, one after the other, and give what the last one would bring about.

        Raises:
            RevertError: A contract would refuse.
        """
        block = self.block()
        last = actions[-1]
        if len(actions) == 1:
            data = self.call(last.to, last.data, sender=sender, block=block.number)
            gas = self.estimate(last.to, last.data, sender=sender)
        else:
            data, gas = self._simulated_together(actions, sender, block.number)
        value = last.answer.from_result(last.decode(data))
        return Simulated(value, block=block.number, gas=gas)

    def find(self, transaction: str, answer: Answer[T]) -> Transaction[T]:
        """A handle on a transaction that was sent before.

        Raises:
            NotFound: The node does not know it.
        """
        transaction = hash_text(transaction, field="transaction")
        method = "eth_getTransactionByHash"
        found = self._request(method, transaction)
        if found is None:
            if entry := self.dispatch.journal.by_hash(transaction):
                return Journaled(self, entry, answer, None)
            raise NotFound("transaction", transaction)
        read = _answers.Reader(method, found)
        ticket = Ticket(
            hash=transaction,
            sender=checked_address(read.text("from")),
            nonce=read.integer("nonce"),
            to=read.text("to"),
            data=read.bytes("input"),
        )
        return Sent(self, ticket, answer)

    # -- inside -----------------------------------------------------------------------------

    def _simulated_together(
        self, actions: Sequence[Action[Any]], sender: Address, block: int
    ) -> tuple[bytes, int]:
        calls = [{"from": sender, "to": a.to, "data": "0x" + a.data.hex()} for a in actions]
        method = "eth_simulateV1"
        try:
            answer = self._rpc.request(method, {"blockStateCalls": [{"calls": calls}]}, hex(block))
        except RpcError as error:
            if error.code != _METHOD_UNKNOWN:
                raise refusal(error) from error
            # Without it, the last call is tried on the state as it is.
            last = actions[-1]
            data = self.call(last.to, last.data, sender=sender, block=block)
            return data, self.estimate(last.to, last.data, sender=sender)
        return _last_result(method, answer)


def _last_result(method: str, answer: Any) -> tuple[bytes, int]:
    """The result of the last of the calls that were tried out together."""
    if not isinstance(answer, list) or not answer:
        raise NodeAnswerInvalid(method, reason="it is no list")
    results = _answers.Reader(method, answer[0]).items("calls")
    for result in results:
        read = _answers.Reader(method, result)
        if read.integer("status") != 1:
            data = read.bytes("returnData") if read.has("returnData") else b""
            raise decode_revert(data)
    return read.bytes("returnData"), sum(int(result["gasUsed"], 16) for result in results)
