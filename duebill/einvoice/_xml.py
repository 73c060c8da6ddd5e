"""From text to a small tree, in bounded time and memory.

The parser is the standard library's expat, driven without a document type: a document type
declaration, which every entity attack and every external reference of XML 1.0 needs, ends the
reading at its first character. Nothing is fetched or included. One tree serves both the reading
of fields and the hash of the document, so that no second view of the same bytes exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import NoReturn
from xml.parsers import expat

from duebill.errors import ForbiddenXml, InvoiceTooLarge, MixedContent, NotWellFormed

MAX_DEPTH = 64
MAX_NODES = 500_000
MAX_TAG_BYTES = 2**20  # of one tag, comment or instruction; texts may be as long as the document
_CHUNK = 2**16

WHITE_SPACE = " \t\r\n"
_XINCLUDE = "http://www.w3.org/2001/XInclude"
_SEPARATOR = "\x1f"  # no XML document can contain it

QName = tuple[str, str]


@dataclass(slots=True)
class Element:
    """An element: its expanded name, its attributes, and its text runs and children in order.

    Text between child elements that is white space only is not kept.
    """

    name: QName
    attributes: dict[QName, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """The child elements in document order."""
        return [item for item in self.content if isinstance(item, Element)]

    @property
    def text(self) -> str:
        """The text of an element that has no children, without white space at its ends."""
        if self.children:
            raise MixedContent(self.name[1])
        return "".join(map(str, self.content)).strip(WHITE_SPACE)

    def attribute(self, name: str) -> str | None:
        """The value of an attribute without namespace; None when absent or empty."""
        return self.attributes.get(("", name), "").strip(WHITE_SPACE) or None

    def settle(self) -> None:
        """Join neighbouring texts; drop the white space that only lays out child elements."""
        has_children = bool(self.children)
        settled: list[Element | str] = []
        for is_text, items in groupby(self.content, lambda item: isinstance(item, str)):
            if not is_text:
                settled.extend(items)
            elif (run := "".join(map(str, items))).strip(WHITE_SPACE) or not has_children:
                settled.append(run)
        self.content = settled


class _TreeBuilder:
    """Builds the tree from the parser's events and counts as it goes."""

    def __init__(self) -> None:
        self.document = Element(("", ""), {})
        self._open = [self.document]
        self._nodes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(_expanded(name), {_expanded(k): v for k, v in attributes.items()})
        self._admit(element)
        self._open[-1].content.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop().settle()

    def text(self, text: str) -> None:
        self._open[-1].content.append(text)

    def _admit(self, element: Element) -> None:
        self._nodes += 1 + len(element.attributes)
        if self._nodes > MAX_NODES:
            raise InvoiceTooLarge("elements and attributes", MAX_NODES)
        if len(self._open) > MAX_DEPTH:
            raise InvoiceTooLarge("nested levels", MAX_DEPTH)
        if element.name[0] == _XINCLUDE:
            raise ForbiddenXml("an inclusion (XInclude)")


def parse(text: str) -> Element:
    """The root element of an XML document.

    Raises:
        ForbiddenXml: There is a document type declaration or an inclusion.
        InvoiceTooLarge: There are too many elements, too deep ones, or a tag is too long.
        NotWellFormed: The text is not XML 1.0 with namespaces.
    """
    builder = _TreeBuilder()
    parser = expat.ParserCreate("utf-8", namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        _feed(parser, text.encode())
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code) or "unknown error"
        raise NotWellFormed(reason, line=error.lineno, column=error.offset + 1) from error
    return builder.document.children[0]


def _feed(parser: expat.XMLParserType, octets: bytes) -> None:
    # In pieces, so that a tag is measured before the parser takes its attributes apart.
    for start in range(0, len(octets), _CHUNK):
        piece = octets[start : start + _CHUNK]
        parser.Parse(piece, False)
        if start + len(piece) - parser.CurrentByteIndex > MAX_TAG_BYTES:
            raise InvoiceTooLarge("bytes in one tag", MAX_TAG_BYTES)
    parser.Parse(b"", True)


def _refuse_doctype(*_declaration: object) -> NoReturn:
    raise ForbiddenXml("a document type declaration (DOCTYPE)")


def _expanded(name: str) -> QName:
    namespace, _, local = name.rpartition(_SEPARATOR)
    return namespace, local
