"""The bytes of transactions: what is hashed to be signed, what is sent, and what such bytes say."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from duebill._abi import keccak
from duebill._wire import rlp
from duebill.errors import TransactionUnsupported
from duebill.model import address
from duebill.signing._secp256k1 import ORDER, Signature

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.model import Address

# RLP, read: bytes, or a list of such.
Item: TypeAlias = "bytes | list[Item]"
AccessList: TypeAlias = "tuple[tuple[bytes, tuple[bytes, ...]], ...]"

LEGACY, ACCESS_LIST, DYNAMIC_FEE = 0, 1, 2

_NUMBERS = {
    "chain_id": "chainId",
    "nonce": "nonce",
    "gas": "gas",
    "value": "value",
    "gas_price": "gasPrice",
    "max_fee": "maxFeePerGas",
    "max_tip": "maxPriorityFeePerGas",
}
_KNOWN = {*_NUMBERS.values(), "type", "to", "data", "accessList"}
# In the order in which each type is written; "to" and what follows is the same everywhere.
_ORDER = {
    LEGACY: ("nonce", "gas_price", "gas", "to", "value", "data"),
    ACCESS_LIST: ("chain_id", "nonce", "gas_price", "gas", "to", "value", "data", "access_list"),
    DYNAMIC_FEE: (
        *("chain_id", "nonce", "max_tip", "max_fee"),
        *("gas", "to", "value", "data", "access_list"),
    ),
}
# EIP-155: a legacy signature's v tells the chain.
_CHAIN_OFFSET = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedTransaction:
    """A transaction before it is signed; always for one chain (EIP-155).

    Attributes:
        type: 0 legacy, 1 with an access list (EIP-2930), 2 with a base fee (EIP-1559).
        chain_id: The chain.
        nonce: Which one of its account.
        gas: The most that it may take.
        to: The contract or account; empty when it creates a contract.
        value: Ether, in wei.
        data: The encoded call.
        gas_price: Wei for a gas; types 0 and 1.
        max_fee: The most wei for a gas; type 2.
        max_tip: The most wei for a gas beside the base fee; type 2.
        access_list: Addresses that it announces to touch, with their slots; types 1 and 2.
    """

    type: int
    chain_id: int
    nonce: int
    gas: int
    to: bytes
    value: int
    data: bytes
    gas_price: int = 0
    max_fee: int = 0
    max_tip: int = 0
    access_list: AccessList = ()

    def __post_init__(self) -> None:
        """Refuse what no chain takes, and what every chain would take.

        Raises:
            ValueError: A number is out of range, the recipient is no address, no chain is named.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int) and not 0 <= value < 1 << 256:
                raise ValueError(f"{field.name} is out of range")
        if self.chain_id == 0:
            raise ValueError("it names no chain, so it would count on all")
        if len(self.to) not in {0, 20}:
            raise ValueError("its recipient is no address")
        for account, keys in self.access_list:
            if len(account) != 20 or any(len(key) != 32 for key in keys):
                raise ValueError("its access list is malformed")

    @classmethod
    def of(cls, transaction: Mapping[str, Any]) -> Self:
        """Read the fields that a `Signer` is given.

        Raises:
            TransactionUnsupported: One is unknown, missing or malformed.
        """
        if unknown := sorted(set(transaction) - _KNOWN):
            raise TransactionUnsupported(f"{unknown[0]!r} is no field of it")
        try:
            kind = _type_of(transaction)
            wanted = {name for name in _ORDER[kind] if name in _NUMBERS} | {"chain_id"}
            given = {ours for ours, name in _NUMBERS.items() if name in transaction}
            if surplus := sorted(_NUMBERS[name] for name in given - wanted):
                raise TransactionUnsupported(f"{surplus[0]} does not go with type {kind}")
            numbers = {name: _number(transaction, _NUMBERS[name]) for name in wanted}
            return cls(
                type=kind,
                to=_bytes(transaction.get("to")),
                data=_bytes(transaction.get("data")),
                access_list=_access_list(transaction.get("accessList", ())),
                **numbers,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise TransactionUnsupported(f"{type(error).__name__}: {error}") from error

    @classmethod
    def of_payload(cls, payload: bytes) -> Self:
        """Read the bytes that are hashed to be signed.

        Raises:
            ValueError: They are no transaction of the types that are known here.
        """
        kind, items = _opened(payload)
        if kind == LEGACY:
            *items, chain_id, zero_r, zero_s = items
            if (zero_r, zero_s) != (b"", b""):
                raise ValueError("it is signed already, or for no chain")
            return cls._of_items(kind, items, _natural(chain_id))
        return cls._of_items(kind, items)

    @classmethod
    def of_signed(cls, raw: bytes) -> tuple[Self, Signature]:
        """Read the bytes of a signed transaction.

        Raises:
            ValueError: They are none of the types that are known here.
        """
        kind, items = _opened(raw)
        *items, v, r, s = items
        last, chain_id = _natural(v), 0
        if kind == LEGACY:
            chain_id, last = divmod(last - _CHAIN_OFFSET, 2)
        signature = Signature(last, _natural(r), _natural(s))
        if last not in {0, 1} or not 0 < signature.r < ORDER or not 0 < signature.s <= ORDER // 2:
            raise ValueError("its signature is not of the form that chains take")
        return cls._of_items(kind, items, chain_id), signature

    @classmethod
    def _of_items(cls, kind: int, items: list[Item], chain_id: int = 0) -> Self:
        named = dict(zip(_ORDER[kind], items, strict=True))
        values: dict[str, Any] = {
            name: _READERS.get(name, _natural)(item) for name, item in named.items()
        }
        return cls(**{"chain_id": chain_id, **values}, type=kind)

    def payload(self) -> bytes:
        """The bytes that are hashed to be signed."""
        items = self._items()
        if self.type == LEGACY:
            return rlp([*items, self.chain_id, 0, 0])
        return bytes([self.type]) + rlp(items)

    def digest(self) -> bytes:
        """What is signed."""
        return keccak(self.payload())

    def signed(self, signature: Signature) -> bytes:
        """The bytes that are sent."""
        legacy = self.type == LEGACY
        v = signature.parity + (self.chain_id * 2 + _CHAIN_OFFSET if legacy else 0)
        content = rlp([*self._items(), v, signature.r, signature.s])
        return content if legacy else bytes([self.type]) + content

    def fields(self) -> dict[str, Any]:
        """The fields, as a `Signer` takes them."""
        numbers = [name for name in _ORDER[self.type] if name in _NUMBERS]
        made: dict[str, Any] = {_NUMBERS[name]: getattr(self, name) for name in numbers}
        made |= {"type": self.type, "chainId": self.chain_id, "data": "0x" + self.data.hex()}
        if self.to:
            made["to"] = self.recipient
        if self.access_list:
            made["accessList"] = [
                {"address": "0x" + it[0].hex(), "storageKeys": ["0x" + k.hex() for k in it[1]]}
                for it in self.access_list
            ]
        return made

    @property
    def recipient(self) -> Address | None:
        """The contract or account that it goes to; None when it creates a contract."""
        return address("0x" + self.to.hex()) if self.to else None

    @property
    def price(self) -> int:
        """The most wei for a gas."""
        return self.max_fee if self.type == DYNAMIC_FEE else self.gas_price

    def _items(self) -> list[Any]:
        return [getattr(self, name) for name in _ORDER[self.type]]


def _type_of(transaction: Mapping[str, Any]) -> int:
    if "type" in transaction:
        kind = _number(transaction, "type")
    else:
        kind = DYNAMIC_FEE if "maxFeePerGas" in transaction else LEGACY
    if kind not in _ORDER:
        raise TransactionUnsupported(f"its type {kind} is not known here")
    return kind


def _opened(data: bytes) -> tuple[int, list[Item]]:
    from rlp import decode  # noqa: PLC0415 - not before something is signed
    from rlp.exceptions import RLPException  # noqa: PLC0415 - as above

    kind = data[0] if data and data[0] in {ACCESS_LIST, DYNAMIC_FEE} else LEGACY
    try:
        items = decode(data if kind == LEGACY else data[1:])
    except (RLPException, RecursionError) as error:
        raise ValueError("it is not well-formed") from error
    more = 3 if kind == LEGACY else 0
    if isinstance(items, bytes) or len(items) < len(_ORDER[kind]) + more:
        raise ValueError("it is no transaction")
    return kind, list(items)


def _natural(item: Item) -> int:
    if not isinstance(item, bytes) or item[:1] == b"\0":
        raise ValueError("a number is malformed")
    return int.from_bytes(item)


def _text(item: Item) -> bytes:
    if not isinstance(item, bytes):
        raise ValueError("a field is malformed")  # noqa: TRY004 - foreign data
    return item


def _number(transaction: Mapping[str, Any], name: str) -> int:
    value = transaction.get(name, 0) if name == "value" else transaction[name]
    if isinstance(value, str) and value.startswith("0x"):
        return int(value, 16)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is no number")  # noqa: TRY004 - foreign data
    return value


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    return bytes(value)


def _access_list(entries: Any) -> AccessList:
    return tuple(
        (_bytes(entry["address"]), tuple(_bytes(key) for key in entry["storageKeys"]))
        for entry in entries
    )


def _access_list_of(item: Item) -> AccessList:
    made = []
    for entry in _parts(item):
        account, keys = _parts(entry)
        made.append((_text(account), tuple(_text(key) for key in _parts(keys))))
    return tuple(made)


def _parts(item: Item) -> list[Item]:
    if not isinstance(item, list):
        raise ValueError("a list is malformed")  # noqa: TRY004 - foreign data
    return item


_READERS: Mapping[str, Callable[[Item], Any]] = {
    "to": _text,
    "data": _text,
    "access_list": _access_list_of,
}
