"""From bytes to text, in exactly one way.

XML allows an encoding to be told three times: by a byte-order mark, by the first characters and
by the declaration. Where they disagree, readers differ, so disagreement is refused.
"""

from __future__ import annotations

import codecs
import re

from duebill.errors import BadEncoding
from duebill.errors._base import quoted

_MARKS = (
    (codecs.BOM_UTF32_LE, None),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARATION = re.compile(
    r"""<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["'][^"'<>]*["']"""
    r"""[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]*)["']"""
)
_HEAD = 512
_SAME_AS_MARK = {
    "utf-8": {"utf-8", "utf8", "us-ascii"},
    "utf-16-le": {"utf-16", "utf16", "utf-16le", "ucs-2", "iso-10646-ucs-2"},
    "utf-16-be": {"utf-16", "utf16", "utf-16be", "ucs-2", "iso-10646-ucs-2"},
}
# Single-byte families and the Chinese ones. Encodings with states or shifts (UTF-7, ISO-2022) hide
# markup from filters; they are not here.
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "latin1": "iso-8859-1",
    "gb2312": "gb2312",
    "gbk": "gbk",
    "gb18030": "gb18030",
    **{f"iso-8859-{part}": f"iso-8859-{part}" for part in (*range(1, 12), *range(13, 17))},
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
}


def decode(data: bytes) -> str:
    """The text of an XML document, without its byte-order mark.

    Raises:
        BadEncoding: The encoding is unknown, contradicts itself or does not fit the bytes.
    """
    codec = _codec(data)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise BadEncoding(f"byte {error.start + 1} is not valid {codec}") from error
    if "\x00" in text:
        raise BadEncoding(f"character {text.index(chr(0)) + 1} is NUL")
    return text.removeprefix("\ufeff")


def looks_like_xml(data: bytes) -> bool:
    """Whether the first character can be one of XML, in whatever encoding."""
    return any(data.startswith(mark) for mark, _ in _MARKS) or data.lstrip()[:1] == b"<"


def _codec(data: bytes) -> str:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _confirmed(data, codec)
    declared = _declared(data, "latin-1")
    if declared is None:
        return "utf-8"
    if declared not in _CODECS:
        raise BadEncoding(f"the file declares {quoted(declared)} and is not readable as such")
    return _CODECS[declared]


def _confirmed(data: bytes, codec: str | None) -> str:
    if codec is None:
        raise BadEncoding("UTF-32 is not read")
    declared = _declared(data, codec)
    if declared is not None and declared not in _SAME_AS_MARK[codec]:
        raise BadEncoding(f"the file declares {quoted(declared)} but starts as {codec}")
    return codec


def _declared(data: bytes, codec: str) -> str | None:
    head = data[:_HEAD].decode(codec, errors="replace").removeprefix("\ufeff")
    if head.startswith("<?xml") and "?>" not in head and len(data) > _HEAD:
        raise BadEncoding(f"the XML declaration does not end within {_HEAD} bytes")
    match = _DECLARATION.match(head)
    return match[1].lower() if match else None
