"""What one node says of its chain; every answer is checked before it is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._abi import checked_address, keccak
from duebill._reverts import decode_revert
from duebill.chain import _answers
from duebill.chain._fees import Offer
from duebill.chain._rpc import TOO_LARGE, TOO_LONG, Rpc, RpcError
from duebill.errors import NodeAnswerInvalid, NodeRefused, NodeUnavailable, RevertError
from duebill.model import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill._abi import Abi
    from duebill.chain._answers import Block, Log, Receipt
    from duebill.errors import DuebillError
    from duebill.model import Address

# No chain has more: what is asked for at once before a node has refused.
_MOST_BLOCKS = 1 << 40


class Node:
    """A node: reads of its chain, and signed bytes that it passes on."""

    def __init__(self, url: str, *, abi: Abi) -> None:
        self._rpc = Rpc(url)
        self._abi = abi
        self._span = _MOST_BLOCKS

    def chain_id(self) -> int:
        """The chain's id, asked anew."""
        return self._integer("eth_chainId")

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

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        """Several blocks, in few requests.

        Raises:
            NodeAnswerInvalid: The node does not have one of them.
        """
        method = "eth_getBlockByNumber"
        answers = self._rpc.request_all(method, [(hex(number), False) for number in numbers])
        found = []
        for number, answer in zip(numbers, answers, strict=True):
            if isinstance(answer, RpcError):
                raise refusal(answer) from answer
            found.append(_answers.block(method, answer))
            if found[-1].number != number:
                raise NodeAnswerInvalid(method, reason="it is another block")
        return tuple(found)

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

    def sound_receipt(self, transaction: str) -> Receipt | None:
        """A receipt, if its block is part of the chain and really contains the transaction.

        Raises:
            NodeAnswerInvalid: The block lacks it.
        """
        found = self.receipt(transaction)
        block = found and self.block_if_there(found.block, found.block_hash)
        if not found or not block:
            return None
        if transaction not in block.transactions:
            raise NodeAnswerInvalid("eth_getTransactionReceipt", reason="its block lacks it")
        return found

    def user_of(self, account: Address, nonce: int, *, since: int, final: int) -> str | None:
        """The transaction that used a nonce, as a block shows it.

        Args:
            account: Whose nonce.
            nonce: The nonce.
            since: A block in which it was still free, probably.
            final: The last block that counts.

        Returns:
            Its hash; None when no block up to the last one shows it.
        """
        try:
            block = self._block_that_used(account, nonce, min(since, final), final)
        except NodeRefused:
            # Nodes forget old states.
            return None
        if block is None:
            return None
        method = "eth_getBlockByNumber"
        read = _answers.Reader(method, self._request(method, hex(block), True))
        for item in read.items("transactions"):
            sent = _answers.Reader(method, item)
            if checked_address(sent.text("from")) == account and sent.integer("nonce") == nonce:
                return sent.hash("hash")
        return None

    def revert_of(self, to: str, data: bytes, sender: Address, receipt: Receipt) -> bytes | None:
        """What a contract answered to a call that failed, made again around its block.

        Returns:
            None when the same call succeeds there.
        """
        call = {"from": sender, "to": to, "data": "0x" + data.hex()}
        for block in (receipt.block - 1, receipt.block):
            try:
                self._rpc.request("eth_call", call, hex(block))
            except RpcError as error:
                if isinstance(refusal(error), RevertError):
                    return error.data or b""
        return None

    def receipts(self, transactions: Sequence[str]) -> list[Receipt | None]:
        """As `receipt`, for many transactions in few requests."""
        method = "eth_getTransactionReceipt"
        answers = self.ask_all(method, [[hash_] for hash_ in transactions])
        found: list[Receipt | None] = []
        for hash_, answer in zip(transactions, answers, strict=True):
            if isinstance(answer, RpcError):
                raise refusal(answer) from answer
            receipt = None if answer is None else _answers.receipt(method, answer)
            if receipt and receipt.transaction != hash_:
                raise NodeAnswerInvalid(method, reason="it is another transaction's")
            found.append(receipt)
        return found

    def ask(self, method: str, *params: Any) -> Any:
        """What the node answers to a method.

        Raises:
            RpcError: It answered with an error.
        """
        return self._rpc.request(method, *params)

    def ask_all(self, method: str, each: Sequence[Sequence[Any]]) -> list[Any]:
        """As `ask`, for many parameters in few requests; errors stand in the places of answers."""
        return self._rpc.request_all(method, each)

    def knows(self, transaction: str) -> bool:
        """Whether the node has a transaction, in a block or waiting."""
        return self._request("eth_getTransactionByHash", transaction) is not None

    def offer(self, block: Block) -> Offer:
        """What gets a transaction in soon after a block."""
        if block.base_fee is None:
            price = self._integer("eth_gasPrice")
            return Offer(max_fee=price, tip=price, is_legacy=True)
        if not block.base_fee and not self._integer("eth_gasPrice"):
            # A chain without fees; some nodes suggest a tip all the same.
            return Offer.over(0, 0)
        try:
            tip = _answers.integer(
                "eth_maxPriorityFeePerGas", self._rpc.request("eth_maxPriorityFeePerGas")
            )
        except RpcError:
            # An older node: what it would pay, less what is burned.
            tip = max(0, self._integer("eth_gasPrice") - block.base_fee)
        return Offer.over(block.base_fee, tip)

    def broadcast(self, raw: bytes) -> None:
        """Send a signed transaction, and once more if the connection breaks.

        The same bytes are the same transaction, however often they are sent.
        """
        for last in (False, True):
            try:
                self._rpc.request("eth_sendRawTransaction", "0x" + raw.hex())
            except RpcError as error:
                # Nodes have many words for a transaction that they have already.
                if self.knows("0x" + keccak(raw).hex()):
                    return
                raise NodeRefused(error.method, code=error.code, reason=error.reason) from error
            except (NodeUnavailable, NodeAnswerInvalid):
                if last:
                    raise
            else:
                return

    # -- inside -----------------------------------------------------------------------------

    def _block_that_used(self, account: Address, nonce: int, low: int, high: int) -> int | None:
        """The block that took an account past a nonce, by halves."""
        if high < 0 or self._nonce_at(account, high) <= nonce:
            return None
        step = 1
        while self._nonce_at(account, low) > nonce:
            if low == 0:
                return None
            low, high, step = max(0, low - step), low, step * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._nonce_at(account, middle) > nonce else (middle, high)
        return high

    def _nonce_at(self, account: Address, block: int) -> int:
        return self._integer("eth_getTransactionCount", account, hex(block))

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


def _too_much(error: NodeUnavailable) -> bool:
    return error.reason in {TOO_LONG, TOO_LARGE}


def _plain(error: RpcError | NodeUnavailable) -> DuebillError:
    return refusal(error) if isinstance(error, RpcError) else error
