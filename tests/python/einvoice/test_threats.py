"""Hostile invoices: each is refused, or harmless, in bounded time and memory."""

import os
import subprocess
import sys
import time
import tracemalloc

import pytest

from duebill.einvoice import MAX_BYTES, canonical_form, read_invoice
from duebill.errors import (
    BadEncoding,
    ForbiddenXml,
    InvoiceTooLarge,
    NotAnInvoice,
    RepeatedField,
    UnreadableInvoice,
)

LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
PROLOGS = {
    "billion_laughs": f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{LAUGHS}]>',
    "quadratic_blowup": f'<!DOCTYPE Invoice [<!ENTITY a "{"a" * 100_000}">]>',
    "file_entity": '<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "network_entity": '<!DOCTYPE Invoice [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    "external_dtd": '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/invoice.dtd">',
    "public_dtd": '<!DOCTYPE Invoice PUBLIC "-//X//Y" "http://127.0.0.1:9/invoice.dtd">',
    "parameter_entity": '<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>',
    "default_attribute": '<!DOCTYPE Invoice [<!ATTLIST Invoice a CDATA "b">]>',
    "bare_doctype": "<!DOCTYPE Invoice>",
}


@pytest.fixture
def quickly():
    """Fails a test whose refusal took more than ten seconds."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("prolog", PROLOGS.values(), ids=PROLOGS.keys())
@pytest.mark.usefixtures("quickly")
def test_threat_62_any_document_type_is_refused_quickly(ubl, prolog):
    """Billion laughs, XXE and external DTDs end at the first character of the DOCTYPE."""
    with pytest.raises(ForbiddenXml, match="DOCTYPE"):
        read_invoice(ubl(prolog=prolog, number="<cbc:ID>&l11;&x;</cbc:ID>"))


def test_threat_62_billion_laughs_in_utf_16_is_refused(ubl):
    """Another encoding does not hide the document type."""
    data = ubl(prolog=PROLOGS["billion_laughs"]).decode().encode("utf-16")
    with pytest.raises(ForbiddenXml):
        read_invoice(data)


def test_threat_62_xinclude_is_refused(ubl):
    """Nothing is included, and a document that asks for it is not read at all."""
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    with pytest.raises(ForbiddenXml, match="XInclude"):
        read_invoice(ubl(references=include))


def test_threat_62_references_are_not_followed(ubl):
    """No socket and no further file is opened, whatever addresses the invoice contains."""
    reference = (
        "<cac:AdditionalDocumentReference><cac:Attachment><cac:ExternalReference>"
        "<cbc:URI>http://127.0.0.1:9/a.pdf</cbc:URI></cac:ExternalReference></cac:Attachment>"
        "</cac:AdditionalDocumentReference>"
    )
    prolog = '<?xml version="1.0"?><?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'
    code = (
        "import sys; from duebill.einvoice import read_invoice\n"
        "data = sys.stdin.buffer.read(); read_invoice(data); seen = []\n"
        "sys.addaudithook(lambda event, args: seen.append(event)"
        " if event.startswith('socket') or event == 'open' else None)\n"
        "read_invoice(data); print(seen)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=ubl(prolog=prolog, references=reference),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert run.stdout.strip() == b"[]"


@pytest.mark.parametrize("depth", [65, 1_000, 1_000_000])
@pytest.mark.usefixtures("quickly")
def test_threat_62_deep_nesting_is_refused(depth):
    """Depth is bounded long before any stack is."""
    with pytest.raises(InvoiceTooLarge, match="nested levels"):
        read_invoice(b"<a>" * depth)


def test_threat_62_ordinary_depth_is_read():
    """Sixty-four levels are fine: invoices with signatures need about twenty."""
    assert canonical_form(b"<a>" * 64 + b"</a>" * 64).count(b"(") == 64


def test_threat_62_many_elements_are_refused():
    """The number of elements is bounded, and with it the memory."""
    with pytest.raises(InvoiceTooLarge, match="elements and attributes"):
        read_invoice(b"<r>" + b"<a/>" * 600_000 + b"</r>")


@pytest.mark.parametrize("opening", [b"<a b='", b"<!--", b"<?x ", b"<"])
@pytest.mark.usefixtures("quickly")
def test_threat_62_an_endless_tag_is_refused(opening):
    """One tag or comment cannot swallow the document."""
    with pytest.raises(InvoiceTooLarge, match="bytes in one tag"):
        read_invoice(opening + b"x" * 4_000_000)


@pytest.mark.usefixtures("quickly")
def test_threat_62_many_attributes_are_refused():
    """A million attributes on one element are refused before they are taken apart."""
    attributes = b" ".join(b'a%d=""' % number for number in range(1_000_000))
    with pytest.raises(InvoiceTooLarge, match="bytes in one tag"):
        read_invoice(b"<a " + attributes + b"/>")


def test_threat_62_a_huge_field_is_refused(ubl):
    """A name of a million characters is refused, an attachment of that size is not."""
    name = f"<cac:PartyName><cbc:Name>{'x' * 1_000_000}</cbc:Name></cac:PartyName>"
    with pytest.raises(InvoiceTooLarge, match="characters in the name of the seller"):
        read_invoice(ubl(seller=name))


@pytest.mark.parametrize(
    "name", ["utf-7", "UTF-7", "unicode-1-1-utf-7", "iso-2022-jp", "hz", "zip"]
)
def test_threat_62_encodings_that_hide_markup_are_refused(name):
    """An encoding in which markup can look like text is not read, nor any Python codec."""
    data = f'<?xml version="1.0" encoding="{name}"?><a>+ADw-b+AD4-</a>'.encode()
    with pytest.raises(BadEncoding, match="declares"):
        read_invoice(data)


def test_threat_62_a_declaration_cannot_be_pushed_out_of_sight():
    """White space before the encoding does not hide it."""
    data = b'<?xml version="1.0"' + b" " * 600 + b'encoding="utf-7"?><a/>'
    with pytest.raises(BadEncoding, match="does not end"):
        read_invoice(data)


def test_threat_63_a_wrapped_invoice_is_never_met(ubl):
    """A second invoice inside an extension, before the real fields, changes no field."""
    inner = ubl(prolog="", payable="<cbc:PayableAmount>1</cbc:PayableAmount>").decode()
    wrapped = (
        "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent>"
        f"{inner}</ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
    )
    plain, hidden = read_invoice(ubl()), read_invoice(ubl(extensions=wrapped))
    assert hidden.payable_amount == plain.payable_amount
    assert hidden.documents_hash != plain.documents_hash


REPEATED_UBL = {
    "number": "<cbc:ID>A-1</cbc:ID><cbc:ID>A-2</cbc:ID>",
    "issue": "<cbc:IssueDate>2026-03-01</cbc:IssueDate>" * 2,
    "due": "<cbc:DueDate>2026-08-28</cbc:DueDate><cbc:DueDate>2027-08-28</cbc:DueDate>",
    "type": "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>" * 2,
    "currency": "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>" * 2,
    "seller": "<cac:PartyName><cbc:Name>A</cbc:Name><cbc:Name>B</cbc:Name></cac:PartyName>",
    "buyer": "<cac:PartyLegalEntity/>" * 2,
    "payable": "<cbc:PayableAmount>1</cbc:PayableAmount><cbc:PayableAmount>2</cbc:PayableAmount>",
}


@pytest.mark.parametrize("part", REPEATED_UBL)
def test_threat_63_a_repeated_field_is_refused(ubl, part):
    """Where two readers could pick differently, nobody picks."""
    with pytest.raises(RepeatedField, match="has 2 "):
        read_invoice(ubl(**{part: REPEATED_UBL[part]}))


REPEATED_CII = {
    "number": "<ram:ID>A-1</ram:ID><ram:ID>A-2</ram:ID>",
    "issue": '<udt:DateTimeString format="102">20260301</udt:DateTimeString>' * 2,
    "type": "<ram:TypeCode>380</ram:TypeCode>" * 2,
    "seller": "<ram:Name>A</ram:Name><ram:Name>B</ram:Name>",
    "currency": "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>" * 2,
    "payable": "<ram:DuePayableAmount>1</ram:DuePayableAmount>" * 2,
    "terms": "<ram:SpecifiedTradePaymentTerms>"
    + "<ram:DueDateDateTime/>" * 2
    + "</ram:SpecifiedTradePaymentTerms>",
}


@pytest.mark.parametrize("part", REPEATED_CII)
def test_threat_63_a_repeated_cii_field_is_refused(cii, part):
    """The same holds in CII."""
    with pytest.raises(RepeatedField, match="has 2 "):
        read_invoice(cii(**{part: REPEATED_CII[part]}))


def test_threat_63_two_totals_are_refused(ubl):
    """Not only the value, every step of the way to it must be the only one."""
    second = "</cac:LegalMonetaryTotal><cac:LegalMonetaryTotal>"
    amount = "<cbc:PayableAmount>{}</cbc:PayableAmount>"
    with pytest.raises(RepeatedField, match="LegalMonetaryTotal"):
        read_invoice(ubl(payable=amount.format(1) + second + amount.format(2)))


def test_threat_63_a_comment_does_not_cut_a_value(ubl):
    """A value is read past a comment inside it: nobody sees a shorter amount."""
    cut = "<cbc:PayableAmount>1<!-- -->19.<![CDATA[0]]>0<?x?></cbc:PayableAmount>"
    plain = "<cbc:PayableAmount>119.00</cbc:PayableAmount>"
    assert read_invoice(ubl(payable=cut)) == read_invoice(ubl(payable=plain))


def test_threat_63_same_names_in_other_namespaces_are_not_fields(ubl):
    """An element counts by its namespace, whatever its prefix pretends."""
    fake = '<cbc:PayableAmount xmlns:cbc="urn:other">1</cbc:PayableAmount>'
    real = "<cbc:PayableAmount>119.00</cbc:PayableAmount>"
    assert str(read_invoice(ubl(payable=fake + real)).payable_amount) == "119.00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_threat_64_nul_is_refused(ubl, encoding):
    """A NUL inside the document is refused in every encoding."""
    data = ubl(prolog="").decode().replace("A-1", "A\0-1").encode(encoding)
    with pytest.raises(BadEncoding, match="NUL"):
        read_invoice(data)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices with paths are POSIX's")
@pytest.mark.usefixtures("quickly")
def test_threat_64_pipes_and_devices_are_refused_at_once(tmp_path):
    """A pipe without a writer and an endless device neither hang nor fill the memory."""
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "link.xml").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe.xml", tmp_path / "link.xml", "/dev/zero"):
        with pytest.raises(UnreadableInvoice, match="not a regular file"):
            read_invoice(path)


@pytest.mark.skipif(os.name != "posix", reason="links need no privilege on POSIX only")
def test_threat_64_a_link_is_read_as_what_it_leads_to(tmp_path, ubl):
    """A link to an invoice is the invoice; a link to nowhere or to itself is refused."""
    (tmp_path / "real").write_bytes(ubl())
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert read_invoice(tmp_path / "link") == read_invoice(ubl())
    with pytest.raises(UnreadableInvoice):
        read_invoice(tmp_path / "loop")


@pytest.mark.usefixtures("quickly")
def test_threat_65_a_huge_file_is_refused_before_it_is_read(tmp_path):
    """A file of four gigabytes costs no more memory than the limit."""
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(4 * 2**30)
    tracemalloc.start()
    try:
        with pytest.raises(InvoiceTooLarge, match="20,971,520"):
            read_invoice(path)
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_BYTES
    finally:
        tracemalloc.stop()


def test_threat_65_the_limit_is_the_callers(ubl):
    """A caller may set another limit; it counts to the byte."""
    data = ubl()
    assert read_invoice(data, max_bytes=len(data)).number == "A-1"
    with pytest.raises(InvoiceTooLarge, match="bytes"):
        read_invoice(data, max_bytes=len(data) - 1)


def test_threat_65_an_archive_is_not_unpacked():
    """A zip bomb is called an archive and left packed."""
    with pytest.raises(NotAnInvoice, match="archive"):
        read_invoice(b"PK\x03\x04" + b"\0" * 100)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A&#x9b;2J B", "A2J B"),
        ("A&#x7f;&#x85;B", "A B"),
        ("Acme &#x202E;GmbH&#x2066;", "Acme GmbH"),
        ("Acme\n   &#9;GmbH&#xA;", "Acme GmbH"),
        ("&lt;b onclick=x&gt;Acme&lt;/b&gt;", "<b onclick=x>Acme</b>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("نور 株式会社 O’Neill", "نور 株式会社 O’Neill"),  # noqa: RUF001
    ],
)
def test_threat_66_names_are_data_without_control_characters(ubl, written, read):
    """Terminals get nothing to obey; markup and formulas stay for the printer to escape."""
    name = f"<cac:PartyName><cbc:Name>{written}</cbc:Name></cac:PartyName>"
    number = f"<cbc:ID>{written}</cbc:ID>"
    invoice = read_invoice(ubl(seller=name, number=number))
    assert (invoice.seller.name, invoice.number) == (read, read)


def test_threat_66_a_refusal_quotes_nothing_that_a_terminal_obeys(ubl):
    """Foreign text in a message is short and shows its control characters as escapes."""
    evil = "&#x9b;2J&#x202E;" + "x" * 500
    with pytest.raises(Exception, match="refused") as caught:
        read_invoice(ubl(currency=f"<cbc:DocumentCurrencyCode>{evil}</cbc:DocumentCurrencyCode>"))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400
