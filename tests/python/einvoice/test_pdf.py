"""Factur-X and ZUGFeRD: the invoice that is attached to a PDF, and PDFs that attack."""

from __future__ import annotations

import random
import sys
import time
import zlib

import pdf_maker as make
import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from duebill import samples
from duebill.einvoice import read_document, read_invoice
from duebill.errors import (
    BrokenPdf,
    CreditNote,
    EncryptedPdf,
    ExtraMissing,
    ForbiddenXml,
    InvoiceError,
    InvoiceTooLarge,
    NotAnInvoice,
    RepeatedField,
)

CII = samples.read("castings-eur-cii")
UBL = samples.read("brake-systems-eur-ubl")
NAMES = ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"]


@pytest.mark.parametrize("name", NAMES)
def test_the_attached_invoice_is_the_invoice(name):
    """The PDF says the same as its XML, the documents hash included."""
    data = make.pdf(("photo.jpg", b"\xff\xd8"), (name, CII), ("terms.xml", UBL))
    assert read_invoice(data) == read_invoice(CII)


def test_a_pdf_is_read_from_a_path(tmp_path):
    """Whatever the file is called."""
    path = tmp_path / "scan.txt"
    path.write_bytes(make.pdf(("xrechnung.xml", UBL)))
    assert read_invoice(path) == read_invoice(UBL)


def test_an_attached_credit_note_is_one():
    """A PDF changes nothing about what cannot be financed."""
    data = make.pdf(("factur-x.xml", samples.read("credit-note-eur-ubl")))
    assert read_document(data).number == "HBS-CN-2026-0093"
    with pytest.raises(CreditNote):
        read_invoice(data)


def test_an_associated_file_is_found():
    """PDF/A-3 names the invoice in /AF; some programs name it nowhere else."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    file = writer._add_object(make.specification("factur-x.xml", CII))
    writer.root_object[NameObject("/AF")] = ArrayObject([file])
    assert read_invoice(make.written(writer)) == read_invoice(CII)


def _deep(levels):
    """A tree of names, that many levels deep, with the invoice in its last leaf."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    leaf = ArrayObject([TextStringObject("x"), make.specification("factur-x.xml", CII)])
    node = DictionaryObject({NameObject("/Names"): leaf})
    for _ in range(levels - 1):
        kids = ArrayObject([writer._add_object(node)])
        node = DictionaryObject({NameObject("/Kids"): kids})
    make.put_tree(writer, node)
    return make.written(writer)


def test_threat_62_a_tree_of_names_has_few_levels():
    """An ordinary tree is read to its leaves, an endless one is not."""
    assert read_invoice(_deep(16)) == read_invoice(CII)
    with pytest.raises(InvoiceTooLarge, match="levels"):
        read_invoice(_deep(17))


def test_threat_62_a_tree_of_names_that_bites_its_tail_is_refused():
    """Each node names itself twice: 2^16 visits without the count."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    node = DictionaryObject()
    reference = writer._add_object(node)
    node[NameObject("/Kids")] = ArrayObject([reference, reference])
    make.put_tree(writer, node)
    with pytest.raises(InvoiceTooLarge):
        read_invoice(make.written(writer))


def test_threat_62_many_attachments_are_refused():
    """A hundred files are enough for any invoice."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    file = writer._add_object(make.specification("photo.jpg", b""))
    writer.root_object[NameObject("/AF")] = ArrayObject([file] * 101)
    with pytest.raises(InvoiceTooLarge, match="attached files"):
        read_invoice(make.written(writer))


def test_threat_62_hostile_xml_inside_a_pdf_is_refused():
    """The attached XML passes the same reader."""
    with pytest.raises(ForbiddenXml):
        read_invoice(make.pdf(("factur-x.xml", b"<!DOCTYPE x []><x/>")))


def test_threat_65_a_bomb_inside_a_pdf_is_refused():
    """A hundred megabytes in a hundred kilobytes are not unpacked."""
    data = make.pdf(("factur-x.xml", bytes(100_000_000)))
    assert len(data) < 200_000
    with pytest.raises(InvoiceTooLarge):
        read_invoice(data)


def test_threat_65_a_bomb_on_the_way_to_the_invoice_is_refused():
    """Objects may be packed too: a hundred of them could fill the memory before any is of use."""
    files = [("photo.jpg", b"")] * 99 + [("factur-x.xml", CII)]
    assert read_invoice(make.packed(*files, padding=1_000)) == read_invoice(CII)
    bombs = make.packed(*files, padding=15_000_000)
    assert len(bombs) < 2_000_000
    with pytest.raises(InvoiceTooLarge, match="in a part of the PDF"):
        read_invoice(bombs)


def test_threat_65_other_attachments_are_not_unpacked():
    """A bomb under another name harms nobody."""
    data = make.pdf(("photo.jpg", bytes(100_000_000)), ("factur-x.xml", CII))
    assert read_invoice(data) == read_invoice(CII)


def test_threat_65_the_limit_holds_for_the_pdf_and_for_what_is_inside():
    """The caller's limit counts packed and unpacked."""
    data = make.pdf(("factur-x.xml", UBL + b" " * 50_000))
    assert len(data) < len(UBL) + 10_000 < 50_000
    assert read_invoice(data, max_bytes=100_000) == read_invoice(UBL)
    for limit in (len(data) - 1, 50_000):
        with pytest.raises(InvoiceTooLarge):
            read_invoice(data, max_bytes=limit)


@pytest.mark.parametrize("names", [("factur-x.xml", "factur-x.xml"), (NAMES[1], NAMES[2])])
def test_threat_63_two_different_invoices_under_one_name_are_refused(names):
    """Two readers could take one each; the same one twice is one. Capitals make no other name."""
    one, other = names
    assert read_invoice(make.pdf((one, CII), (other, CII))) == read_invoice(CII)
    with pytest.raises(RepeatedField, match=r"2 .*where one attached invoice"):
        read_invoice(make.pdf((one, CII), (other, UBL)))


def test_threat_63_the_best_name_counts():
    """Some programs attach a second one for readers of ZUGFeRD 1, which we are not."""
    for worse in NAMES[1:]:
        data = make.pdf((worse, b"<CrossIndustryDocument/>"), ("Factur-X.xml", CII))
        assert read_invoice(data) == read_invoice(CII)
    assert read_invoice(make.pdf((NAMES[3], UBL), (NAMES[2], CII))) == read_invoice(CII)


def test_threat_63_a_file_with_two_contents_is_refused():
    """A specification may hold one stream for each way to write the name."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    file = make.specification("factur-x.xml", CII)
    second = make.specification("factur-x.xml", UBL)["/EF"]["/F"]
    file["/EF"][NameObject("/UF")] = writer._add_object(second)
    file["/EF"][NameObject("/F")] = writer._add_object(file["/EF"]["/F"])
    writer.root_object[NameObject("/AF")] = ArrayObject([writer._add_object(file)])
    with pytest.raises(RepeatedField):
        read_invoice(make.written(writer))


@pytest.mark.parametrize("password", ["secret", ""])
def test_an_encrypted_pdf_is_refused(password):
    """Also one that opens without a password."""
    with pytest.raises(EncryptedPdf, match="encrypted"):
        read_invoice(make.pdf(("factur-x.xml", CII), password=password))


def test_a_pdf_without_an_invoice_is_none():
    """The message says which names are looked for."""
    with pytest.raises(NotAnInvoice, match=r"factur-x\.xml, zugferd-invoice\.xml or xrechnung"):
        read_invoice(make.pdf(("invoice.xml", CII)))


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"%PDF-1.4\n" + b"1 0 obj<<" * 50_000])
def test_a_broken_pdf_is_refused(data):
    """With the library's reason."""
    with pytest.raises(BrokenPdf, match="broken"):
        read_invoice(data)


def test_threat_62_damaged_pdfs_end_in_a_refusal_or_the_invoice():
    """Three hundred damages: no other exception escapes, and none takes long."""
    whole, expected = make.pdf(("factur-x.xml", CII)), read_invoice(CII)
    rnd = random.Random(20270101)  # noqa: S311 - no secret
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(rnd.randint(1, 20)):
            data[rnd.randrange(8, len(data))] = rnd.randrange(256)
        del data[rnd.choice([len(data), rnd.randrange(8, len(data))]) :]
        began = time.monotonic()
        try:
            assert read_invoice(bytes(data)) == expected
        except InvoiceError as error:
            assert error.hint  # noqa: PT017 - both outcomes are right
        assert time.monotonic() - began < 10


def test_a_damaged_attachment_is_never_mended():
    """Its checksum is wrong: a library that mends would show another invoice as this one."""
    whole = make.pdf(("factur-x.xml", CII))
    start = whole.rindex(b"stream\n", 0, whole.rindex(b"endstream")) + len(b"stream\n")
    end = whole.rindex(b"\nendstream")
    assert zlib.decompress(whole[start:end]) == CII
    for at in (start + 500, (start + end) // 2, end - 1):
        damaged = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(BrokenPdf):
            read_invoice(damaged)


def test_a_cut_off_attachment_is_refused():
    """Half of a compressed file could still be a whole document to a reader that mends."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    file = make.specification("factur-x.xml", CII)
    packed = StreamObject()
    packed[NameObject("/Filter")] = NameObject("/FlateDecode")
    packed.set_data(zlib.compress(CII)[:-10])
    file["/EF"][NameObject("/F")] = writer._add_object(packed)
    writer.root_object[NameObject("/AF")] = ArrayObject([writer._add_object(file)])
    with pytest.raises(BrokenPdf, match="cut off"):
        read_invoice(make.written(writer))


def test_what_reads_pdfs_is_optional(monkeypatch):
    """Without it the message says what to install."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'duebill\[pdf\]'"):
        read_invoice(b"%PDF-1.7")
    assert read_invoice(CII).number == "FVC-26-3318"
