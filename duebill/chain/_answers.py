"""Reading a node's answers: every value is checked before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duebill.errors import NodeAnswerInvalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block.

    Attributes:
        number: Its number.
        hash: Its hash.
        time: Seconds since 1970, by the chain's clock.
        base_fee: Wei per gas; None on chains without EIP-1559.
        gas_limit: The most gas that its transactions can take.
        transactions: The hashes of its transactions.
    """

    number: int
    hash: str
    time: int
    base_fee: int | None
    gas_limit: int
    transactions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """An entry in the chain's log, undecoded.

    Attributes:
        contract: The contract, as the node writes it.
        topics: The indexed fields; the first says which event it is.
        data: The other fields.
        transaction: The transaction's hash.
        block: The block's number.
        block_hash: The block's hash.
        index: Its place in the block.
    """

    contract: str
    topics: tuple[bytes, ...]
    data: bytes
    transaction: str
    block: int
    block_hash: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a transaction.

    Attributes:
        transaction: Its hash.
        block: The block's number.
        block_hash: The block's hash.
        succeeded: Whether it took effect.
        gas_used: Gas that it took.
        fee: What its sender paid, in wei.
        logs: What it wrote to the log.
    """

    transaction: str
    block: int
    block_hash: str
    succeeded: bool
    gas_used: int
    fee: int
    logs: tuple[Log, ...]


class Reader:
    """Reads the fields of one answer and refuses what cannot be right."""

    def __init__(self, method: str, answer: Any) -> None:
        self.method = method
        if not isinstance(answer, dict):
            raise NodeAnswerInvalid(method, reason="it is no object")
        self._answer = answer

    def has(self, key: str) -> bool:
        """Whether there is such a field."""
        return self._answer.get(key) is not None

    def integer(self, key: str) -> int:
        """A whole number in hex."""
        return integer(self.method, self._answer.get(key))

    def hash(self, key: str) -> str:
        """A hash."""
        return hash_(self.method, self._answer.get(key))

    def bytes(self, key: str) -> bytes:
        """Any number of bytes in hex."""
        return bytes_(self.method, self._answer.get(key))

    def text(self, key: str) -> str:
        """A text."""
        value = self._answer.get(key)
        if not isinstance(value, str):
            raise NodeAnswerInvalid(self.method, reason=f"{key} is no text")
        return value

    def items(self, key: str) -> list[Any]:
        """A list."""
        value = self._answer.get(key)
        if not isinstance(value, list):
            raise NodeAnswerInvalid(self.method, reason=f"{key} is no list")
        return value


def integer(method: str, value: Any) -> int:
    """A whole number that a node wrote in hex."""
    try:
        return int(value, 16)
    except (TypeError, ValueError):
        raise NodeAnswerInvalid(method, reason="a number is missing") from None


def bytes_(method: str, value: Any) -> bytes:
    """Bytes that a node wrote in hex."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            pass
    raise NodeAnswerInvalid(method, reason="bytes are missing")


def hash_(method: str, value: Any) -> str:
    """A hash that a node wrote."""
    if len(found := bytes_(method, value)) != 32:
        raise NodeAnswerInvalid(method, reason="a hash has another length")
    return "0x" + found.hex()


def block(method: str, answer: Any) -> Block:
    """A block, with its transactions as hashes."""
    read = Reader(method, answer)
    return Block(
        number=read.integer("number"),
        hash=read.hash("hash"),
        time=read.integer("timestamp"),
        base_fee=read.integer("baseFeePerGas") if read.has("baseFeePerGas") else None,
        gas_limit=read.integer("gasLimit"),
        transactions=tuple(hash_(method, item) for item in read.items("transactions")),
    )


def log(method: str, answer: Any) -> Log:
    """An entry of the log."""
    read = Reader(method, answer)
    return Log(
        contract=read.text("address"),
        topics=tuple(bytes_(method, topic) for topic in read.items("topics")),
        data=read.bytes("data"),
        transaction=read.hash("transactionHash"),
        block=read.integer("blockNumber"),
        block_hash=read.hash("blockHash"),
        index=read.integer("logIndex"),
    )


def receipt(method: str, answer: Any) -> Receipt:
    """A receipt."""
    read = Reader(method, answer)
    gas = read.integer("gasUsed")
    price = read.integer("effectiveGasPrice") if read.has("effectiveGasPrice") else 0
    return Receipt(
        transaction=read.hash("transactionHash"),
        block=read.integer("blockNumber"),
        block_hash=read.hash("blockHash"),
        succeeded=read.integer("status") == 1,
        gas_used=gas,
        fee=gas * price,
        logs=tuple(log(method, item) for item in read.items("logs")),
    )
