"""A connection to one chain through one node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from duebill._abi import checked_address, keccak
from duebill._reverts import decode_revert
from duebill._wire import sender_of
from duebill.chain import _answers
from duebill.chain._nonces import turn
from duebill.chain._rpc import TOO_LARGE, TOO_LONG, Rpc, RpcError
from duebill.chain._transaction import Sent, Simulated, Ticket
from duebill.errors import (
    ChainMismatch,
    NodeAnswerInvalid,
    NodeRefused,
    NodeUnavailable,
    NotFound,
    SignerMismatch,
    SubmissionUncertain,
)
from duebill.model import Event, hash_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill._abi import Abi
    from duebill._actions import Action, Answer
    from duebill.chain._answers import Block, Log, Receipt
    from duebill.chain._nonces import Turn
    from duebill.chain._transaction import Transaction
    from duebill.errors import DuebillError
    from duebill.model import Address
    from duebill.signing import Signer

T = TypeVar("T")

# The estimate is for now; by the time of its block a call may take a little more.
_GAS_MARGIN = (5, 4)
# Blocks may fill up before it gets in: each full one raises the base fee by an eighth.
_BASE_FEE_MARGIN = 2
_METHOD_UNKNOWN = -32601
# No chain has more: what is asked for at once before a node has refused.
_MOST_BLOCKS = 1 << 40


class Chain:
    """One chain through one node.

    Attributes:
        expected: The chain's id; every transaction is checked against it before it is signed.
        confirmations: How many blocks, its own included, make a transaction final.
    """

    def __init__(
        self, url: str, *, chain_id: int | None = None, confirmations: int = 1, abi: Abi
    ) -> None:
        self._rpc = Rpc(url)
        self._abi = abi
        self._span = _MOST_BLOCKS
        self.confirmations = confirmations
        found = self.chain_id()
        self.expected = found if chain_id is None else chain_id
        if found != self.expected:
            raise ChainMismatch(expected=self.expected, found=found)

    def __repr__(self) -> str:
        return f"<chain {self.expected} at {self._rpc.name}>"

    # -- reads ------------------------------------------------------------------------------

    def chain_id(self) -> int:
        """The chain's id, asked anew."""
        return self._integer("eth_chainId")

    def require_chain(self) -> None:
        """Check that the node is still on this chain.

        Raises:
            ChainMismatch: It is on another.
        """
        if (found := self.chain_id()) != self.expected:
            raise ChainMismatch(expected=self.expected, found=found)

    def genesis(self) -> str:
        """The hash of the chain's first block."""
        return self.block(0).hash

    def block_number(self) -> int:
        """The number of the latest block."""
        return self._integer("eth_blockNumber")

    def block(self, number: int | None = None) -> Block:
        """A block; the latest when no number is given.

        Raises:
            NodeAnswerInvalid: The node does not have it.
        """
        where = "latest" if number is None else hex(number)
        method = "eth_getBlockByNumber"
        found = _answers.block(method, self._request(method, where, False))
        if number is not None and found.number != number:
            raise NodeAnswerInvalid(method, reason="it is another block")
        return found

    def has_block(self, number: int, hash_: str) -> bool:
        """Whether a block is still part of the chain."""
        return self.block_if_there(number, hash_) is not None

    def block_if_there(self, number: int, hash_: str) -> Block | None:
        """A block, if it is still part of the chain."""
        method = "eth_getBlockByNumber"
        answer = self._request(method, hex(number), False)
        found = _answers.block(method, answer) if answer else None
        return found if found and found.hash == hash_ else None

    def code(self, account: str) -> bytes:
        """The code at an address; empty if there is none."""
        return self._bytes("eth_getCode", account, "latest")

    def balance(self, account: str) -> int:
        """An account's ether, in wei."""
        return self._integer("eth_getBalance", account, "latest")

    def nonce(self, account: str) -> int:
        """How many transactions of an account are in blocks."""
        return self._integer("eth_getTransactionCount", account, "latest")

    def pending_nonce(self, account: str) -> int:
        """As `nonce`, counting those that wait for a block."""
        return self._integer("eth_getTransactionCount", account, "pending")

    def call(
        self, to: str, data: bytes, *, sender: str | None = None, block: int | None = None
    ) -> bytes:
        """What a call returns.

        Args:
            to: The contract.
            data: The encoded call.
            sender: Who calls.
            block: The block whose state is used; the latest when not given.

        Raises:
            RevertError: The contract refuses.
        """
        call = {"to": to, "data": "0x" + data.hex(), **({"from": sender} if sender else {})}
        where = "latest" if block is None else hex(block)
        try:
            return _answers.bytes_("eth_call", self._rpc.request("eth_call", call, where))
        except RpcError as error:
            raise refusal(error) from error

    def estimate(self, to: str, data: bytes, *, sender: str) -> int:
        """The gas that a call takes.

        Raises:
            RevertError: The contract refuses.
            NodeRefused: The sender cannot pay for it, for example.
        """
        call = {"from": sender, "to": to, "data": "0x" + data.hex()}
        try:
            answer = self._rpc.request("eth_estimateGas", call)
        except RpcError as error:
            if error.data is None and "revert" in error.reason.lower():
                # Some nodes tell the reason only when the call is made.
                self.call(to, data, sender=sender)
            raise refusal(error) from error
        return _answers.integer("eth_estimateGas", answer)

    def events(self, contracts: Sequence[Address], *, first: int, last: int) -> Iterator[Event]:
        """The events of contracts in a range of blocks, both ends included, in order.

        The range is divided as the node's limits ask for: halved when it refuses, and then made
        larger by an eighth each time, also for the next call.
        """
        start = first
        while start <= last:
            end = min(last, start + self._span - 1)
            try:
                logs = self._logs(contracts, start, end)
            except (RpcError, NodeUnavailable) as error:
                if start == end or (isinstance(error, NodeUnavailable) and not _too_much(error)):
                    raise _plain(error) from error
                self._span = (end - start + 1) // 2
                continue
            yield from self.decoded(logs)
            start, self._span = end + 1, min(_MOST_BLOCKS, self._span + self._span // 8 + 1)

    def decoded(self, logs: Sequence[Log]) -> Iterator[Event]:
        """The events among log entries, decoded; others are passed over."""
        for log in logs:
            try:
                found = self._abi.decode_log(log.topics, log.data)
            except ValueError as error:
                raise NodeAnswerInvalid("eth_getLogs", reason=str(error)) from error
            if found:
                yield Event(
                    name=found[0],
                    args=found[1],
                    contract=checked_address(log.contract),
                    transaction=log.transaction,
                    block=log.block,
                    block_hash=log.block_hash,
                    log_index=log.index,
                )

    def receipt(self, transaction: str) -> Receipt | None:
        """What became of a transaction; None while it is in no block."""
        method = "eth_getTransactionReceipt"
        answer = self._request(method, transaction)
        if answer is None:
            return None
        found = _answers.receipt(method, answer)
        if found.transaction != transaction:
            raise NodeAnswerInvalid(method, reason="it is another transaction's")
        return found

    def knows(self, transaction: str) -> bool:
        """Whether the node has a transaction, in a block or waiting."""
        return self._request("eth_getTransactionByHash", transaction) is not None

    # -- writes -----------------------------------------------------------------------------

    def submit(self, action: Action[T], *, signer: Signer) -> Transaction[T]:
        """Sign a call and send it.

        Raises:
            ChainMismatch: The node is on another chain.
            RevertError: The contract would refuse; nothing was signed.
            NodeRefused: The node does not take it.
            SubmissionUncertain: The connection broke while it was sent.
            NodeUnavailable: The node does not answer.
        """
        self.require_chain()
        fields = self._fields(action, signer.address)
        with turn(self.expected, signer.address) as place:
            nonce = self._next_nonce(signer.address, place)
            raw = signer.sign_transaction({**fields, "nonce": nonce})
            transaction = "0x" + keccak(raw).hex()
            _require_sender(raw, signer.address)
            try:
                self._broadcast(raw)
            except NodeUnavailable as error:
                place.used(nonce, transaction)
                raise SubmissionUncertain(transaction) from error
            place.used(nonce, transaction)
        ticket = Ticket(
            hash=transaction,
            sender=signer.address,
            nonce=nonce,
            to=action.to,
            data=action.data,
            raw=raw,
        )
        return Sent(self, ticket, action.answer)

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
            raise NotFound("transaction", transaction)
        read = _answers.Reader(method, found)
        ticket = Ticket(
            hash=transaction,
            sender=checked_address(read.text("from")),
            nonce=read.integer("nonce"),
            to=read.text("to"),
            data=read.bytes("input"),
            raw=None,
        )
        return Sent(self, ticket, answer)

    def resend(self, raw: bytes) -> None:
        """Send a signed transaction again: the same bytes are the same transaction."""
        self._broadcast(raw)

    # -- inside -----------------------------------------------------------------------------

    def _fields(self, action: Action[Any], sender: Address) -> dict[str, Any]:
        gas = self.estimate(action.to, action.data, sender=sender)
        block = self.block()
        return {
            "chainId": self.expected,
            "to": action.to,
            "value": 0,
            "data": "0x" + action.data.hex(),
            "gas": min(gas * _GAS_MARGIN[0] // _GAS_MARGIN[1], block.gas_limit),
            **self._fees(block),
        }

    def _fees(self, block: Block) -> dict[str, int]:
        if block.base_fee is None:
            return {"gasPrice": self._integer("eth_gasPrice")}
        try:
            tip = _answers.integer(
                "eth_maxPriorityFeePerGas", self._rpc.request("eth_maxPriorityFeePerGas")
            )
        except RpcError:
            # An older node: what it would pay, less what is burned.
            tip = max(0, self._integer("eth_gasPrice") - block.base_fee)
        most = block.base_fee * _BASE_FEE_MARGIN + tip
        return {"type": 2, "maxFeePerGas": most, "maxPriorityFeePerGas": tip}

    def _next_nonce(self, account: Address, place: Turn) -> int:
        pending = self.pending_nonce(account)
        # A node behind others may not count our last one yet. It is forgotten only if it is gone.
        if pending <= place.nonce and self.knows(place.transaction):
            return place.nonce + 1
        return pending

    def _broadcast(self, raw: bytes) -> None:
        """Send, and once more if the connection breaks."""
        for last in (False, True):
            try:
                self._rpc.request("eth_sendRawTransaction", "0x" + raw.hex())
            except RpcError as error:
                # Nodes have many words for a transaction that they have already.
                if self.knows("0x" + keccak(raw).hex()):
                    return
                raise refusal(error) from error
            except NodeUnavailable:
                if last:
                    raise
            else:
                return

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

    def _logs(self, contracts: Sequence[Address], first: int, last: int) -> list[Log]:
        method = "eth_getLogs"
        query = {"address": list(contracts), "fromBlock": hex(first), "toBlock": hex(last)}
        answer = self._rpc.request(method, query)
        if not isinstance(answer, list):
            raise NodeAnswerInvalid(method, reason="it is no list")
        logs = {(log.block, log.index): log for log in (_answers.log(method, a) for a in answer)}
        for log in logs.values():
            if not first <= log.block <= last or checked_address(log.contract) not in contracts:
                raise NodeAnswerInvalid(method, reason="an event was not asked for")
        return [logs[place] for place in sorted(logs)]

    def _integer(self, method: str, *params: Any) -> int:
        return _answers.integer(method, self._request(method, *params))

    def _bytes(self, method: str, *params: Any) -> bytes:
        return _answers.bytes_(method, self._request(method, *params))

    def _request(self, method: str, *params: Any) -> Any:
        try:
            return self._rpc.request(method, *params)
        except RpcError as error:
            raise refusal(error) from error


def refusal(error: RpcError) -> DuebillError:
    """What a node's error stands for: a contract's refusal, or the node's own."""
    if error.data:
        return decode_revert(error.data)
    if error.code == 3 or error.reason.lower().startswith("execution reverted"):
        return decode_revert(b"")
    return NodeRefused(error.method, code=error.code, reason=error.reason)


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


def _require_sender(raw: bytes, account: Address) -> None:
    if (found := sender_of(raw)) != account:
        raise SignerMismatch(expected=account, found=found)


def _too_much(error: NodeUnavailable) -> bool:
    return error.reason in {TOO_LONG, TOO_LARGE}


def _plain(error: RpcError | NodeUnavailable) -> DuebillError:
    return refusal(error) if isinstance(error, RpcError) else error
