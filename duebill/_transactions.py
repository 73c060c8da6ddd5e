"""The bytes of transactions: what is hashed to be signed, what is sent, and what such bytes say.

They are written here rather than by eth_account, which takes more than ten times as long, and read
strictly: no two texts say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from duebill._abi import checked_address, keccak
from duebill._secp256k1 import Signature, recovered
from duebill.errors import BadAddress, TransactionUnsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from duebill.model import Address

# RLP, read: bytes, or a list of such.
Item: TypeAlias = "bytes | list[Item]"
AccessList: TypeAlias = "tuple[tuple[bytes, tuple[bytes, ...]], ...]"
Authorizations: TypeAlias = "tuple[tuple[Authorization, Signature], ...]"

LEGACY, ACCESS_LIST, DYNAMIC_FEE, SET_CODE = 0, 1, 2, 4

_NUMBERS = {
    "chain_id": "chainId",
    "nonce": "nonce",
    "gas": "gas",
    "value": "value",
    "gas_price": "gasPrice",
    "max_fee": "maxFeePerGas",
    "max_tip": "maxPriorityFeePerGas",
}
_SIGNATURE = ("yParity", "r", "s")
_WITH_FEES = (
    *("chain_id", "nonce", "max_tip", "max_fee"),
    *("gas", "to", "value", "data", "access_list"),
)
# In the order in which each type is written; "to" and what follows is the same everywhere.
_ORDER = {
    LEGACY: ("nonce", "gas_price", "gas", "to", "value", "data"),
    ACCESS_LIST: ("chain_id", "nonce", "gas_price", "gas", "to", "value", "data", "access_list"),
    DYNAMIC_FEE: _WITH_FEES,
    SET_CODE: (*_WITH_FEES, "authorizations"),
}
_numbers_of = attrgetter(*_NUMBERS)
_ITEMS_OF = {kind: attrgetter(*names) for kind, names in _ORDER.items()}
# Of each type: its numbers, by our names and as signers are given them; and all that belongs to it.
_NUMBERS_OF = {
    kind: tuple((ours, _NUMBERS[ours]) for ours in ("chain_id", *names) if ours in _NUMBERS)
    for kind, names in _ORDER.items()
}
_LISTS = {"access_list": "accessList", "authorizations": "authorizationList"}
_KNOWN = {
    kind: {"type", "to", "data"}
    | {name for _, name in _NUMBERS_OF[kind]}
    | {theirs for ours, theirs in _LISTS.items() if ours in names}
    for kind, names in _ORDER.items()
}
# What reading a signer's fields fails with.
_NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, BadAddress)
# EIP-155: a legacy signature's v tells the chain.
_CHAIN_OFFSET = 35
# EIP-7702: what is signed of an authorization begins with it, so that it is no transaction.
_AUTHORIZATION = b"\x05"
# EIP-2681: the last nonce that an account can have used.
_MOST_NONCES = (1 << 64) - 1
_SMALL = tuple(bytes([number]) for number in range(256))


@dataclass(frozen=True, slots=True)
class Authorization:
    """An account's leave to have a contract's code (EIP-7702), before it is signed.

    Attributes:
        chain_id: The chain.
        code: The contract.
        nonce: The account's next nonce; any other makes it void.
    """

    chain_id: int
    code: bytes
    nonce: int

    def __post_init__(self) -> None:
        """Refuse what no chain takes, and what every chain would take.

        Raises:
            ValueError: A number is out of range, the contract is no address, no chain is named.
        """
        if not 0 < self.chain_id < 1 << 256:
            raise ValueError("an authorization names one chain")
        if len(self.code) != 20 or not 0 <= self.nonce < _MOST_NONCES:
            raise ValueError("an authorization is malformed")

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """Read chainId, address and nonce.

        Raises:
            TransactionUnsupported: One is missing or malformed.
        """
        try:
            chain_id, nonce = (_number(fields, name) for name in ("chainId", "nonce"))
            return cls(chain_id, _account(fields["address"]), nonce)
        except _NOT_UNDERSTOOD as error:
            raise TransactionUnsupported(f"{type(error).__name__}: {error}") from error

    @property
    def items(self) -> tuple[int, bytes, int]:
        """In the order in which they are written."""
        return self.chain_id, self.code, self.nonce

    def payload(self) -> bytes:
        """The bytes that are hashed to be signed."""
        return _AUTHORIZATION + rlp(self.items)

    def digest(self) -> bytes:
        """What is signed."""
        return keccak(self.payload())


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedTransaction:
    """A transaction before it is signed; always for one chain (EIP-155).

    Attributes:
        type: 0 legacy, 1 with an access list (EIP-2930), 2 with a base fee (EIP-1559), 4 with
            authorizations (EIP-7702).
        chain_id: The chain.
        nonce: Which one of its account.
        gas: The most that it may take.
        to: The contract or account; empty when it creates a contract.
        value: Ether, in wei.
        data: The encoded call.
        gas_price: Wei for a gas; types 0 and 1.
        max_fee: The most wei for a gas; types 2 and 4.
        max_tip: The most wei for a gas beside the base fee; types 2 and 4.
        access_list: Addresses that it announces to touch, with their slots; not in type 0.
        authorizations: What other accounts have signed, that it brings along; type 4.
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
    authorizations: Authorizations = ()
    # The fields in RLP: written once, whatever is made of them.
    _content: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what no chain takes, and what every chain would take.

        Raises:
            ValueError: A number is out of range, the recipient is no address, no chain is named.
        """
        numbers = _numbers_of(self)
        if min(numbers) < 0 or max(numbers) >> 256:
            raise ValueError("a number is out of range")
        if self.chain_id == 0:
            raise ValueError("it names no chain, so it would count on all")
        if len(self.to) not in {0, 20}:
            raise ValueError("its recipient is no address")
        for account, keys in self.access_list:
            if len(account) != 20 or any(len(key) != 32 for key in keys):
                raise ValueError("its access list is malformed")
        if bool(self.authorizations) != (self.type == SET_CODE):
            raise ValueError("type 4 has authorizations, and no other has")
        for _, signature in self.authorizations:
            if not signature.is_canonical:
                raise ValueError("an authorization is not signed in the form that chains take")
        object.__setattr__(self, "_content", b"".join(map(rlp, self._items())))

    @classmethod
    def of(cls, transaction: Mapping[str, Any]) -> Self:
        """Read the fields that a `Signer` is given.

        Raises:
            TransactionUnsupported: One is unknown, missing or malformed.
        """
        try:
            kind = _type_of(transaction)
            if surplus := transaction.keys() - _KNOWN[kind]:
                raise TransactionUnsupported(f"{min(surplus)} does not go with type {kind}")
            return cls(
                type=kind,
                to=_account(transaction.get("to")),
                data=_bytes(transaction.get("data")),
                access_list=_access_list(transaction.get("accessList", ())),
                authorizations=_authorizations(transaction.get("authorizationList", ())),
                **{name: _number(transaction, theirs) for name, theirs in _NUMBERS_OF[kind]},
            )
        except _NOT_UNDERSTOOD as error:
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
            return cls.of_items(kind, items, _natural(chain_id))
        return cls.of_items(kind, items)

    @classmethod
    def of_items(cls, kind: int, items: list[Item], chain_id: int = 0) -> Self:
        """Read its fields as they are in RLP; a legacy transaction's chain is not among them."""
        named = dict(zip(_ORDER[kind], items, strict=True))
        values: dict[str, Any] = {
            name: _READERS.get(name, _natural)(item) for name, item in named.items()
        }
        return cls(**{"chain_id": chain_id, **values}, type=kind)

    def payload(self) -> bytes:
        """The bytes that are hashed to be signed."""
        return self._followed_by(*((self.chain_id, 0, 0) if self.type == LEGACY else ()))

    def digest(self) -> bytes:
        """What is signed."""
        return keccak(self.payload())

    def signed(self, signature: Signature) -> bytes:
        """The bytes that are sent."""
        parity, r, s = signature
        if self.type == LEGACY:
            parity += self.chain_id * 2 + _CHAIN_OFFSET
        return self._followed_by(parity, r, s)

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
        if self.authorizations:
            made["authorizationList"] = [
                {
                    "chainId": it.chain_id,
                    "address": "0x" + it.code.hex(),
                    "nonce": it.nonce,
                    **dict(zip(_SIGNATURE, signature, strict=True)),
                }
                for it, signature in self.authorizations
            ]
        return made

    @property
    def recipient(self) -> Address | None:
        """The contract or account that it goes to; None when it creates a contract."""
        return checked_address("0x" + self.to.hex()) if self.to else None

    @property
    def price(self) -> int:
        """The most wei for a gas."""
        return self.max_fee if self.type >= DYNAMIC_FEE else self.gas_price

    @property
    def tip(self) -> int:
        """The most wei for a gas that go to whoever makes the block."""
        return self.max_tip if self.type >= DYNAMIC_FEE else self.gas_price

    def _items(self) -> Sequence[Any]:
        items: Sequence[Any] = _ITEMS_OF[self.type](self)
        if self.type == SET_CODE:
            signed = [(*it.items, *signature) for it, signature in self.authorizations]
            return (*items[:-1], signed)
        return items

    def _followed_by(self, *more: int) -> bytes:
        content = _with_length(0xC0, self._content + b"".join(map(rlp, more)))
        return content if self.type == LEGACY else _SMALL[self.type] + content


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedTransaction:
    """A signed transaction, read from its bytes.

    Attributes:
        unsigned: What was signed.
        signature: The signature.
        sender: Who signed it.
    """

    unsigned: UnsignedTransaction
    signature: Signature
    sender: Address

    @classmethod
    def of(cls, raw: bytes) -> Self:
        """Read its bytes.

        Raises:
            ValueError: They are none of the types that are known here, or nobody can have signed it.
        """
        kind, items = _opened(raw)
        *items, v, r, s = items
        parity, chain_id = _natural(v), 0
        if kind == LEGACY:
            chain_id, parity = divmod(parity - _CHAIN_OFFSET, 2)
        signature = Signature(parity, _natural(r), _natural(s))
        if not signature.is_canonical:
            raise ValueError("its signature is not of the form that chains take")
        unsigned = UnsignedTransaction.of_items(kind, items, chain_id)
        sender = recovered(signature, unsigned.digest())
        if sender is None:
            raise ValueError("nobody can have signed it")
        return cls(unsigned=unsigned, signature=signature, sender=sender)

    @property
    def raw(self) -> bytes:
        """The bytes that are sent."""
        return self.unsigned.signed(self.signature)

    @property
    def hash(self) -> str:
        """What the chain calls it."""
        return hash_of(self.raw)


def hash_of(raw: bytes) -> str:
    """What the chain calls a signed transaction, of its bytes."""
    return "0x" + keccak(raw).hex()


def rlp(value: Any) -> bytes:
    """Bytes, a whole number or a list of these in RLP (Yellow Paper, appendix B)."""
    if isinstance(value, int):
        if 0 < value < 0x80:
            return _SMALL[value]
        return _with_length(0x80, value.to_bytes((value.bit_length() + 7) // 8))
    if isinstance(value, bytes):
        if len(value) == 1 and value[0] < 0x80:
            return bytes(value)
        return _with_length(0x80, value)
    return _with_length(0xC0, b"".join(map(rlp, value)))


def _with_length(base: int, content: bytes) -> bytes:
    if (size := len(content)) < 56:
        return _SMALL[base + size] + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return _SMALL[base + 55 + len(length)] + length + content


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

    kind = data[0] if data and data[0] in {ACCESS_LIST, DYNAMIC_FEE, SET_CODE} else LEGACY
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
    if type(value) is int:
        return value
    if isinstance(value, str) and value.startswith("0x"):
        return int(value, 16)
    raise ValueError(f"{name} is no number")


def _bytes(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    if not isinstance(value, bytes):
        raise ValueError("a field is malformed")  # noqa: TRY004 - foreign data
    return bytes(value)


def _account(value: Any) -> bytes:
    return bytes.fromhex(checked_address(value)[2:]) if isinstance(value, str) else _bytes(value)


def _access_list(entries: Any) -> AccessList:
    return tuple(
        (_account(entry["address"]), tuple(_bytes(key) for key in entry["storageKeys"]))
        for entry in entries
    )


def _authorizations(entries: Any) -> Authorizations:
    made = []
    for entry in entries:
        parity, r, s = (_number(entry, name) for name in _SIGNATURE)
        made.append((Authorization.of(entry), Signature(parity, r, s)))
    return tuple(made)


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


def _authorizations_of(item: Item) -> Authorizations:
    made = []
    for entry in _parts(item):
        chain_id, code, nonce, parity, r, s = _parts(entry)
        authorization = Authorization(_natural(chain_id), _text(code), _natural(nonce))
        made.append((authorization, Signature(_natural(parity), _natural(r), _natural(s))))
    return tuple(made)


_READERS: Mapping[str, Callable[[Item], Any]] = {
    "to": _text,
    "data": _text,
    "access_list": _access_list_of,
    "authorizations": _authorizations_of,
}
