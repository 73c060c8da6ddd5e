"""A text as a QR code, as small as it gets: deflated, and in the letters that codes pack best."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from duebill import _letters
from duebill.errors import BadPrepared, ExtraMissing, TooLargeForCode

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "DUEBILL1:"

# What a QR code of version 40 holds at the lowest level of error correction (ISO/IEC 18004).
_MOST = 4296
# Base45 (RFC 9285): the letters of a QR code's alphanumeric mode.
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE = len(_LETTERS)
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_DAMAGED = "a part of the code is missing or changed"


def code_text(text: str) -> str:
    """What the code of a text says."""
    return PREFIX + _base45(zlib.compress(text.encode("ascii"), 9))


def text_of_code(code: str) -> str:
    """The text that a code stands for.

    Raises:
        BadPrepared: It is none.
    """
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(_bytes(code.strip().removeprefix(PREFIX)), _letters.LARGEST)
        if not inflate.eof or inflate.unused_data:
            raise BadPrepared(_DAMAGED)
        return text.decode("ascii")
    except (ValueError, KeyError, OverflowError, zlib.error) as error:
        raise BadPrepared(_DAMAGED) from error


def qr(code: str) -> Any:
    """The QR code of a text, as segno has it.

    Raises:
        TooLargeForCode: It does not fit.
        ExtraMissing: The extra `offline` is not installed.
    """
    try:
        import segno  # noqa: PLC0415 - an optional part
    except ImportError as error:
        raise ExtraMissing("offline", "make QR codes") from error
    if len(code) > _MOST:
        raise TooLargeForCode(length=len(code), most=_MOST)
    return segno.make_qr(code, error="l")


def draw(code: str, path: Path) -> None:
    """Draw the QR code of a text into a file: SVG or PNG, by its ending."""
    qr(code).save(str(path), scale=4, border=4)


def _base45(data: bytes) -> str:
    letters = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        number = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            number, value = divmod(number, _BASE)
            letters.append(_LETTERS[value])
    return "".join(letters)


def _bytes(text: str) -> bytes:
    made = b""
    for start in range(0, len(text), 3):
        values = [_VALUES[letter] for letter in text[start : start + 3]]
        number = sum(value * _BASE**place for place, value in enumerate(values))
        made += number.to_bytes(len(values) - 1)
    return made
