"""Hashes as text: 0x and 64 lower-case hex digits."""

from __future__ import annotations

import re

from duebill.errors._value import BadHash

ZERO_HASH = "0x" + "0" * 64

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


def hash_text(value: bytes | str, *, field: str = "hash") -> str:
    """Write 32 bytes as text, or check a text.

    Raises:
        BadHash: It is not 32 bytes.
    """
    text = "0x" + value.hex() if isinstance(value, bytes) else value
    if not _HASH.fullmatch(str(text)):
        raise BadHash(field, str(text))
    return text.lower()


def hash_bytes(text: str, *, field: str = "hash") -> bytes:
    """The 32 bytes of a hash's text.

    Raises:
        BadHash: It is not 32 bytes.
    """
    return bytes.fromhex(hash_text(text, field=field)[2:])
