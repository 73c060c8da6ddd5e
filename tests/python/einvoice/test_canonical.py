"""The documents hash: the same for the same content, different for any other."""

import random
import re
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import pytest
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from duebill import samples
from duebill.einvoice import canonical_form, read_invoice

DOCS = Path(__file__).parents[3] / "docs" / "invoices.md"
PAYABLE = [name for name in samples.names() if "credit" not in name]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "us-ascii", "gb18030", "windows-1252"]


def _rewritten(name, encoding, rnd):
    """The same document, written down in another way at every choice that XML leaves."""
    root = ET.fromstring(samples.read(name))  # noqa: S314 - the project's own file
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>{_noise(rnd)}' + _element(root, rnd)
    return text.encode(encoding, errors="xmlcharrefreplace")


def _element(element, rnd):
    uri, _, local = element.tag[1:].rpartition("}")
    prefix = rnd.choice(["", "a", "cbc", "n-1"])
    name = f"{prefix}:{local}" if prefix else local
    declarations = [f"xmlns{':' if prefix else ''}{prefix}={quoteattr(uri)}", 'xmlns:unused="u:n"']
    attributes = [f"{key}={quoteattr(value)}" for key, value in element.attrib.items()]
    rnd.shuffle(both := declarations + attributes)
    head = f"<{name} {rnd.choice([' ', chr(10)]).join(both)}"
    if len(element):
        inner = "".join(_noise(rnd) + _element(child, rnd) for child in element) + _noise(rnd)
    else:
        inner = _text(element.text or "", rnd)
    return f"{head}>{inner}</{name}>" if inner else rnd.choice([f"{head}/>", f"{head}></{name} >"])


def _text(text, rnd):
    cut = rnd.randint(0, len(text))
    ways = [escape, lambda part: f"<![CDATA[{part}]]>" if part.isascii() else escape(part)]
    between = rnd.choice(["", "<!-- cut -->", "<?cut?>"])
    return rnd.choice(ways)(text[:cut]) + between + rnd.choice(ways)(text[cut:])


def _noise(rnd):
    return rnd.choice(["", "\n", "\r\n\t", "  ", "<!-- note -->", "<?pi x?>\n"])


@pytest.mark.parametrize("name", PAYABLE)
@settings(max_examples=40, deadline=None)
@given(encoding=st.sampled_from(ENCODINGS), seed=st.integers(0, 2**32))
def test_another_way_of_writing_keeps_the_hash(name, encoding, seed):
    """Encoding, mark, prefixes, attribute order, indentation, comments and CDATA do not count."""
    rewritten = _rewritten(name, encoding, random.Random(seed))  # noqa: S311 - no secret
    assert read_invoice(rewritten) == read_invoice(samples.read(name))


@pytest.mark.parametrize("name", PAYABLE)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_change_of_content_changes_the_hash(name, data):
    """A change of one text, one attribute, one name, one place or one element shows."""
    original = samples.read(name)
    root = ET.fromstring(original)  # noqa: S314 - the project's own file
    element = data.draw(st.sampled_from(list(root.iter())))
    change = data.draw(st.sampled_from([_extend, _space, _attribute, _rename, _drop, _add]))
    change(element)
    assert canonical_form(ET.tostring(root)) != canonical_form(original)


def _extend(element):
    element.text = f"{element.text or ''}0"


def _space(element):
    leaf = next(each for each in element.iter() if not len(each))
    leaf.text = f"{leaf.text or ''} "


def _attribute(element):
    element.set("schemeID", element.get("schemeID", "") + "x")


def _rename(element):
    element.tag += "X"


def _drop(element):
    if len(element):
        element.remove(element[-1])
    else:
        element.text = (element.text or "x") * 2


def _add(element):
    element.append(ET.Element("extra"))


def _by_the_book(element):
    """The specification of docs/invoices.md once more, over another parser's tree."""

    def token(string):
        octets = (string or "").encode()
        return str(len(octets)).encode() + b":" + octets

    def name(tag):
        found = etree.QName(tag)
        return token(found.namespace) + token(found.localname)

    attributes = sorted(
        (etree.QName(key).namespace or "", etree.QName(key).localname, value)
        for key, value in element.items()
    )
    form = b"(" + name(element.tag)
    form += b"".join(b"@" + token(uri) + token(key) + token(v) for uri, key, v in attributes)
    runs = [element.text, *[part for child in element for part in (child, child.tail)]]
    for run in runs:
        if etree.iselement(run):
            form += _by_the_book(run)
        elif run and (run.strip(" \t\r\n") or not len(element)):
            form += b"=" + token(run)
    return form + b")"


@pytest.mark.parametrize("name", samples.names())
def test_the_form_is_what_the_specification_says(name):
    """A second implementation, over another parser, comes to the same bytes."""
    data = samples.read(name)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    expected = b"13:duebill-xml-1" + _by_the_book(etree.fromstring(data, parser))
    assert canonical_form(data) == expected


def test_the_test_vector_of_the_docs():
    """The example in docs/invoices.md, byte for byte: document, form and hash."""
    docs = DOCS.read_text(encoding="utf-8")
    document = re.search(r"```xml\n(.*?)\n```", docs, re.DOTALL)[1]
    expected = re.search(r"```\n(13:duebill-xml-1.*)\n```", docs)[1]
    form = canonical_form(document.encode())
    assert form == expected.encode()
    assert f"`0x{keccak(form).hex()}`" in docs


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<a>12</a>", "<a>1</a>"),
        ("<a><b/>c</a>", "<a>c<b/></a>"),
        ("<a><b/><c/></a>", "<a><c/><b/></a>"),
        ("<a><b/><b/></a>", "<a><b/></a>"),
        ("<a b='1' c='2'/>", "<a b='2' c='1'/>"),
        ("<a b='1'/>", "<a b='1 '/>"),
        ("<a> </a>", "<a/>"),
        ("<a>x </a>", "<a>x</a>"),
        ("<a>x <b/></a>", "<a>x<b/></a>"),
        ("<a xmlns='u:1'/>", "<a xmlns='u:2'/>"),
        ("<a xmlns='u'/>", "<a/>"),
        ("<a b='1'/>", "<a xmlns:p='u' p:b='1'/>"),
        ("<a><b>1</b>(</a>", "<a><b>1(</b></a>"),
        ("<a>é</a>", "<a>e&#x301;</a>"),
        ("<a>1)@</a>", "<a>1</a>"),
    ],
)
def test_different_content_has_a_different_form(one, other):
    """Texts, order, names and namespaces all count, and nothing can be moved over a border."""
    assert canonical_form(one.encode()) != canonical_form(other.encode())


def test_a_long_text_is_whole():
    """A text longer than the parser's buffers is one text, whatever its characters."""
    text = "中é a\n" * 200_000
    form = canonical_form(f"<a>{text}</a>".encode())
    length = len(text.encode())
    assert form == f"13:duebill-xml-1(0:1:a={length}:{text})".encode()
