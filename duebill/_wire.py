"""Transactions as they travel: RLP, digest and signature, byte for byte as eth_account makes them.

Only what the client itself sends is made here: EIP-1559 transactions, and legacy ones that name
their chain (EIP-155). The rest is left to eth_account, which takes more than ten times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._abi import checked_address, keccak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eth_account.signers.local import LocalAccount

    from duebill.model import Address

_EIP_1559 = (
    "chainId",
    "nonce",
    "maxPriorityFeePerGas",
    "maxFeePerGas",
    "gas",
    "to",
    "value",
    "data",
)
_LEGACY = ("nonce", "gasPrice", "gas", "to", "value", "data")
_TYPE_2 = b"\x02"
# EIP-7702: what is signed begins with it, so that it is no transaction.
_MAGIC = b"\x05"
_NO_ACCESS_LIST: list[Any] = []
_SMALL = tuple(bytes([number]) for number in range(256))


class Key:
    """An account whose private key is at hand; libsecp256k1 signs where coincurve is installed."""

    __slots__ = ("_account", "_sign")

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._sign = _signing(bytes(account.key))

    def __repr__(self) -> str:
        return f"<key of {self._account.address}>"

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return self._signed(transaction) or bytes(
            self._account.sign_transaction(dict(transaction)).raw_transaction
        )

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `duebill.signing.Signer`."""
        return bytes(self._account.sign_typed_data(full_message=dict(message)).signature)

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """The signature of an EIP-7702 authorization: r, s and parity."""
        return self._sign(keccak(authorization_payload(authorization)))

    def _signed(self, transaction: Mapping[str, Any]) -> bytes | None:
        """The signed transaction; None if it is of a kind that is not made here."""
        names, kind = transaction.keys() - {"type"}, transaction.get("type")
        if names == set(_EIP_1559) and kind in {2, "0x2", None}:
            fields = [*_fields(transaction, _EIP_1559), _NO_ACCESS_LIST]
            signature = self._signature(_TYPE_2 + rlp(fields))
            return _TYPE_2 + rlp([*fields, *signature])
        if names == {"chainId", *_LEGACY} and kind in {0, "0x0", None}:
            fields, chain = _fields(transaction, _LEGACY), _number(transaction["chainId"])
            parity, r, s = self._signature(rlp([*fields, chain, 0, 0]))
            return rlp([*fields, 35 + 2 * chain + parity, r, s])
        return None

    def _signature(self, unsigned: bytes) -> tuple[int, int, int]:
        """Parity, r and s."""
        made = self._sign(keccak(unsigned))
        return made[64], int.from_bytes(made[:32]), int.from_bytes(made[32:64])


def sender_of(raw: bytes) -> Address:
    """Who signed a transaction.

    Raises:
        ValueError: It is no signed transaction.
    """
    from rlp import decode  # noqa: PLC0415 - not before something is signed
    from rlp.exceptions import RLPException  # noqa: PLC0415 - as above

    try:
        if raw[:1] == _TYPE_2:
            *fields, v, r, s = _items(decode(raw[1:]), len(_EIP_1559) + 4)
            return recovered(_TYPE_2 + rlp(fields), int.from_bytes(v), r, s)
        if raw[:1] >= b"\xc0":
            *fields, v, r, s = _items(decode(raw), len(_LEGACY) + 3)
            chain, parity = divmod(int.from_bytes(v) - 35, 2)
            if chain < 0:
                raise ValueError("it names no chain")
            return recovered(rlp([*fields, chain, 0, 0]), parity, r, s)
    except RLPException as error:
        raise ValueError("it is not well-formed") from error
    from eth_account import Account  # noqa: PLC0415 - slow to import

    return checked_address(Account.recover_transaction(raw))


def authorization_payload(authorization: Mapping[str, Any]) -> bytes:
    """What is hashed and signed of an EIP-7702 authorization: chainId, address and nonce."""
    where = _account(authorization["address"])
    return _MAGIC + rlp([authorization["chainId"], where, authorization["nonce"]])


def rlp(value: Any) -> bytes:
    """Bytes, a whole number or a list of these in RLP (Yellow Paper, appendix B)."""
    content, base = b"", 0x80
    if isinstance(value, int):
        if 0 < value < 0x80:
            return _SMALL[value]
        content = value.to_bytes((value.bit_length() + 7) // 8)
    elif isinstance(value, bytes):
        content = bytes(value)
        if len(content) == 1 and content[0] < 0x80:
            return content
    else:
        content, base = b"".join(map(rlp, value)), 0xC0
    if (size := len(content)) < 56:
        return _SMALL[base + size] + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return _SMALL[base + 55 + len(length)] + length + content


def _fields(transaction: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [_READERS.get(name, _number)(transaction[name]) for name in names]


def _bytes(value: bytes | str) -> bytes:
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else bytes(value)


def _number(value: int | str) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)


def _account(value: str) -> bytes:
    return bytes.fromhex(checked_address(value)[2:])


_READERS: Mapping[str, Callable[[Any], bytes | int]] = {"to": _account, "data": _bytes}


def _signing(secret: bytes) -> Callable[[bytes], bytes]:
    """From a digest to r, s and parity; the nonce is RFC 6979's, so all libraries agree."""
    try:
        from coincurve import PrivateKey  # noqa: PLC0415 - not before something is signed
    except ImportError:
        from eth_keys.datatypes import PrivateKey as Slow  # noqa: PLC0415 - as above

        slow = Slow(secret)
        return lambda digest: bytes(slow.sign_msg_hash(digest).to_bytes())
    fast = PrivateKey(secret)
    return lambda digest: bytes(fast.sign_recoverable(digest, hasher=None))


def _items(found: Any, count: int) -> list[Any]:
    if not isinstance(found, list) or len(found) != count:
        raise ValueError("it is not well-formed")
    return found


def recovered(unsigned: bytes, parity: int, r: bytes, s: bytes) -> Address:
    """Who signed the hash of these bytes.

    Raises:
        ValueError: Nobody can have.
    """
    if parity not in {0, 1} or len(r) > 32 or len(s) > 32:
        raise ValueError("its signature is not well-formed")
    signature = r.rjust(32, b"\0") + s.rjust(32, b"\0") + bytes([parity])
    point = _public_key(signature, keccak(unsigned))
    return checked_address("0x" + keccak(point)[-20:].hex())


def _public_key(signature: bytes, digest: bytes) -> bytes:
    """The 64 bytes of the key that made a signature."""
    try:
        from coincurve import PublicKey  # noqa: PLC0415 - not before something is signed
    except ImportError:
        from eth_keys.datatypes import Signature  # noqa: PLC0415 - as above
        from eth_keys.exceptions import BadSignature  # noqa: PLC0415 - as above
        from eth_utils.exceptions import ValidationError  # noqa: PLC0415 - as above

        try:
            found = Signature(signature).recover_public_key_from_msg_hash(digest)
        except (BadSignature, ValidationError) as error:
            raise ValueError("nobody can have signed it") from error
        return bytes(found.to_bytes())
    key = PublicKey.from_signature_and_message(signature, digest, hasher=None)
    return bytes(key.format(compressed=False)[1:])
