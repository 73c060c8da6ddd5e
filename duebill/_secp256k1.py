"""Signatures on secp256k1: read strictly, brought to the one form that chains take, and traced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from duebill._abi import checked_address, keccak

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.model import Address

# SEC 2, section 2.4.1: the field, and the order of the group, which keys and signatures are below.
FIELD = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

_WORD = 32
_POINT_BYTES = 65
# SubjectPublicKeyInfo (RFC 5480) of an uncompressed key on this curve, up to the point.
_KEY_INFO = bytes.fromhex("3056301006072a8648ce3d020106052b8104000a034200")


class Pair(NamedTuple):
    """The two numbers of an ECDSA signature."""

    r: int
    s: int


class Signature(NamedTuple):
    """A signature that a chain takes: s is the lower one, parity tells which key made it."""

    parity: int
    r: int
    s: int

    @property
    def pair(self) -> Pair:
        """Its two numbers."""
        return Pair(self.r, self.s)

    @classmethod
    def of_bytes(cls, data: bytes) -> Self:
        """Read what `as_bytes` gives, and nothing else.

        Raises:
            ValueError: It has another length, another last byte, or a number is out of range.
        """
        r, s = pair_of_words(data[:-1])
        made = cls(data[-1] - 27, r, s)
        if not made.is_canonical:
            raise ValueError("the signature is not of the form that chains take")
        return made

    @property
    def is_canonical(self) -> bool:
        """Whether it has the one form that chains take (EIP-2)."""
        return self.parity in {0, 1} and 0 < self.r < ORDER and 0 < self.s <= ORDER // 2

    def as_bytes(self) -> bytes:
        """65 bytes: r, s, and 27 or 28."""
        return self.r.to_bytes(_WORD) + self.s.to_bytes(_WORD) + bytes([27 + self.parity])


def pair_of_words(data: bytes) -> Pair:
    """Read r and s as two words of 32 bytes.

    Raises:
        ValueError: There are more or fewer bytes, or a number is out of range.
    """
    if len(data) != 2 * _WORD:
        raise ValueError(f"a signature has 64 bytes, not {len(data)}")
    return _checked(int.from_bytes(data[:_WORD]), int.from_bytes(data[_WORD:]))


def pair_of_der(data: bytes) -> Pair:
    """Read r and s as ASN.1 has them: SEQUENCE { r INTEGER, s INTEGER }, in DER and nothing else.

    Raises:
        ValueError: It is encoded otherwise, something follows, or a number is out of range.
    """
    if len(data) < 2 or data[0] != 0x30 or data[1] != len(data) - 2:
        raise ValueError("the signature is no DER sequence")
    r, rest = _der_integer(data[2:])
    s, rest = _der_integer(rest)
    if rest:
        raise ValueError("something follows the signature")
    return _checked(r, s)


def completed(pair: Pair, digest: bytes, account: Address) -> Signature | None:
    """The form of a signature that a chain takes; None if it is not this account's.

    Of the two values of s that fit, chains take the lower one (EIP-2).
    """
    low = Pair(pair.r, min(pair.s, ORDER - pair.s))
    for parity in (0, 1):
        made = Signature(parity, *low)
        if recovered(made, digest) == account:
            return made
    return None


def recovered(signature: Signature, digest: bytes) -> Address | None:
    """Whose signature of a digest it is; None if it is nobody's."""
    try:
        packed = b"".join(number.to_bytes(_WORD) for number in signature.pair)
        point = _public_key(packed + bytes([signature.parity]), digest)
    except (ValueError, OverflowError):
        return None
    return _account(point)


def signing(secret: bytes) -> Callable[[bytes], Signature]:
    """What signs digests with a key; the nonce is RFC 6979's, so all libraries agree."""
    sign = _signing(secret)

    def signed(digest: bytes) -> Signature:
        made = sign(digest)
        return Signature(made[64], int.from_bytes(made[:32]), int.from_bytes(made[32:64]))

    return signed


def account_of_point(point: bytes) -> Address:
    """The account of a public key, given as the 65 bytes of an uncompressed point.

    Raises:
        ValueError: It is no point of the curve.
    """
    if len(point) != _POINT_BYTES or point[0] != 4:
        raise ValueError("the public key is no uncompressed point")
    x, y = int.from_bytes(point[1:33]), int.from_bytes(point[33:])
    if x >= FIELD or y >= FIELD or (y * y - x**3 - 7) % FIELD:
        raise ValueError("the public key is no point of secp256k1")
    return _account(point[1:])


def account_of_key_info(der: bytes) -> Address:
    """The account of a public key, given as SubjectPublicKeyInfo in DER.

    Raises:
        ValueError: It is another kind of key.
    """
    if not der.startswith(_KEY_INFO):
        raise ValueError("the public key is none of secp256k1")
    return account_of_point(der[len(_KEY_INFO) :])


def _signing(secret: bytes) -> Callable[[bytes], bytes]:
    """From a digest to r, s and parity; libsecp256k1 signs where coincurve is installed."""
    try:
        from coincurve import PrivateKey  # noqa: PLC0415 - not before something is signed
    except ImportError:
        from eth_keys.datatypes import PrivateKey as Slow  # noqa: PLC0415 - as above

        slow = Slow(secret)
        return lambda digest: bytes(slow.sign_msg_hash(digest).to_bytes())
    fast = PrivateKey(secret)
    return lambda digest: bytes(fast.sign_recoverable(digest, hasher=None))


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


def _account(key: bytes) -> Address:
    return checked_address("0x" + keccak(key)[-20:].hex())


def _checked(r: int, s: int) -> Pair:
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise ValueError("a number of the signature is out of range")
    return Pair(r, s)


def _der_integer(data: bytes) -> tuple[int, bytes]:
    if len(data) < 3 or data[0] != 2 or not 0 < data[1] <= min(_WORD + 1, len(data) - 2):
        raise ValueError("the signature holds no DER integer")
    digits, rest = data[2 : 2 + data[1]], data[2 + data[1] :]
    if digits[0] & 0x80:
        raise ValueError("a number of the signature is negative")
    if len(digits) > 1 and digits[0] == 0 and not digits[1] & 0x80:
        raise ValueError("a number of the signature is padded")
    return int.from_bytes(digits), rest
