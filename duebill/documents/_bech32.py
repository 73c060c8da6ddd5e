"""Bech32 (BIP-173), as age writes its keys: 32 bytes with a prefix and a checksum."""

from __future__ import annotations

_CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6
_BITS = 5


def encode(prefix: str, content: bytes) -> str:
    """Bytes as text, in small letters."""
    length = -(-len(content) * 8 // _BITS)
    number = int.from_bytes(content) << length * _BITS - len(content) * 8
    digits = _digits(number, length)
    checksum = _digits(_polymod([*_spread(prefix), *digits, *[0] * _CHECKSUM]) ^ 1, _CHECKSUM)
    return f"{prefix}1{''.join(_CHARACTERS[digit] for digit in digits + checksum)}"


def decode(text: str, *, prefix: str, size: int) -> bytes:
    """The bytes that a text stands for.

    Args:
        text: The text, all in small or all in large letters.
        prefix: What it has to begin with.
        size: How many bytes it has to be.

    Raises:
        ValueError: It is anything else. The text may be a secret, and is not repeated.
    """
    small = text.lower()
    if text not in {small, text.upper()} or not small.startswith(f"{prefix}1"):
        raise ValueError("another prefix, or letters of both sizes")
    digits = [_CHARACTERS.find(character) for character in small[len(prefix) + 1 :]]
    if -1 in digits or _polymod([*_spread(prefix), *digits]) != 1:
        raise ValueError("a character is wrong or missing")
    number = sum(digit << _BITS * place for place, digit in enumerate(digits[-_CHECKSUM - 1 :: -1]))
    padding = (len(digits) - _CHECKSUM) * _BITS - size * 8
    if not 0 <= padding < _BITS or number & (1 << padding) - 1:
        raise ValueError("another length")
    return (number >> padding).to_bytes(size)


def _digits(number: int, length: int) -> list[int]:
    return [number >> _BITS * place & 31 for place in reversed(range(length))]


def _spread(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> _BITS for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(values: list[int]) -> int:
    remainder = 1
    for value in values:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << _BITS ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                remainder ^= term
    return remainder
