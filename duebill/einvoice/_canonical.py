"""The canonical form of an XML document and its hash.

The form keeps what a document says and nothing of how it was written down:

```
document  = T("duebill-xml-1") element
element   = "(" T(namespace) T(local name) attribute* ( element | text )* ")"
attribute = "@" T(namespace) T(local name) T(value)
text      = "=" T(characters)
T(s)      = the length of s in bytes of UTF-8, as a decimal number, then ":", then those bytes
```

Attributes are sorted by namespace, then by local name, as bytes. Namespace declarations, prefixes,
the XML declaration, comments and processing instructions are left out; CDATA sections and
references stand as the characters that they mean; line ends are single line feeds (XML 1.0, 2.11).
Texts that only comments or CDATA borders separate are one text. In an element that has child
elements, a text of nothing but space, tab, carriage return and line feed is left out. Every other
text is kept as it is, empty ones excepted. Prefixes inside a text or an attribute's value are text.

Because every string is preceded by its length, two different documents never share a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.einvoice._xml import Element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VERSION = "duebill-xml-1"


def canonical_form(root: Element) -> bytes:
    """The canonical form of the document under `root`."""
    return _token(_VERSION) + b"".join(_element(root))


def documents_hash(root: Element) -> str:
    """Keccak-256 of the canonical form, as 0x and 64 hex digits."""
    return _hash(canonical_form(root))


def row_hash(fields: Iterable[str]) -> str:
    """Keccak-256 of the fields of a row, each as a token, after the name of their form."""
    return _hash(_token("duebill-vat-1", *fields))


def _hash(form: bytes) -> str:
    from eth_hash.auto import keccak  # noqa: PLC0415 - only a hash needs it, and it loads slowly

    return "0x" + keccak(form).hex()


def _element(element: Element) -> Iterator[bytes]:
    yield b"(" + _token(*element.name)
    for name, value in sorted(element.attributes.items()):
        yield b"@" + _token(*name, value)
    for item in element.content:
        if isinstance(item, Element):
            yield from _element(item)
        else:
            yield b"=" + _token(item)
    yield b")"


def _token(*strings: str) -> bytes:
    encoded = (string.encode() for string in strings)
    return b"".join(b"%d:%b" % (len(octets), octets) for octets in encoded)
