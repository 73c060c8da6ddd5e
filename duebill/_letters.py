"""How signed terms travel by mail: as canonical JSON, or as one line of text.

Canonical JSON is that of RFC 8785, of which nothing is used but objects, text, small whole numbers
and null: keys sorted, no spaces, ASCII. The line is the format's name, a colon, and the JSON in
base64url (RFC 4648, section 5) without padding; mail programs may break it anywhere.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from duebill.errors import BadSignedTerms

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1 << 16
"""Longer texts are not read."""

_LARGEST_NUMBER = 1 << 53
_DAMAGED = "a part of the line is missing or changed"
_BASE64 = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def canonical(content: Mapping[str, Any]) -> str:
    """The one text of an object."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def as_line(content: Mapping[str, Any]) -> str:
    """The object as one line; it says its own format."""
    coded = base64.urlsafe_b64encode(canonical(content).encode("ascii")).decode("ascii")
    return f"{content['format']}:{coded.rstrip('=')}"


def read(text: str, *, format_: str, what: str) -> dict[str, Any]:
    """The object in a text of either form.

    Args:
        text: What came by mail.
        format_: The name that the format has to have.
        what: What it is, for the error.

    Raises:
        BadSignedTerms: It is too long, no text of either form, of another format, or has numbers
            or repeated keys that its reader and its writer could understand differently.
    """
    if len(text) > LARGEST:
        raise BadSignedTerms(what, f"it has more than {LARGEST:,} characters")
    plain = text.strip()
    if not plain.startswith("{"):
        plain = _unfolded(plain, format_, what)
    content = _parsed(plain, what)
    found = content.get("format")
    if found != format_:
        raise BadSignedTerms(what, f"its format is {_shown(found)}, not {format_}")
    return content


def _unfolded(text: str, format_: str, what: str) -> str:
    name, colon, coded = "".join(text.split()).partition(":")
    if not colon or name != format_:
        raise BadSignedTerms(what, f"it begins neither with a brace nor with {format_}:")
    if not _BASE64.fullmatch(coded):
        raise BadSignedTerms(what, "what follows the colon is empty or not base64url")
    try:
        decoded = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
        plain = decoded.decode("ascii")
    except ValueError as error:
        raise BadSignedTerms(what, _DAMAGED) from error
    # The last character has bits that say nothing: only one text stands for the bytes.
    if base64.urlsafe_b64encode(decoded).decode("ascii").rstrip("=") != coded:
        raise BadSignedTerms(what, _DAMAGED)
    return plain


def _parsed(text: str, what: str) -> dict[str, Any]:
    def refuse(reason: str) -> NoReturn:
        raise BadSignedTerms(what, reason)

    def integer(digits: str) -> int:
        if len(digits) > len(str(_LARGEST_NUMBER)) or abs(int(digits)) > _LARGEST_NUMBER:
            refuse("a number is beyond 2^53, and has to be text")
        return int(digits)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            refuse(f"the field {_shown(twice)} is there twice")
        return found

    try:
        content = json.loads(
            text,
            parse_int=integer,
            parse_float=lambda digits: refuse(f"the number {_shown(digits)} is not whole"),
            parse_constant=lambda name: refuse(f"{name} is no number"),
            object_pairs_hook=once,
        )
    except RecursionError:
        refuse("it is nested too deeply")
    except ValueError as error:
        raise BadSignedTerms(what, "it is no JSON") from error
    if not isinstance(content, dict):
        refuse("it is no JSON object")
    return content


def _shown(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 40 else text[:40] + "…"
