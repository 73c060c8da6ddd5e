"""The project's own invoices, and any folder of others that DUEBILL_INVOICES names."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from duebill import samples
from duebill.einvoice import read_document, read_invoice
from duebill.errors import CreditNote, NotPayable
from duebill.model import InvoiceKind, InvoiceReference

EXPECTED = {
    "brake-systems-eur-ubl": {
        "number": "HBS-2026-004127",
        "type_code": "380",
        "issue_date": "2026-11-16",
        "due_date": "2027-05-15",
        "currency": "EUR",
        "payable_amount": "1248310.00",
        "net_amount": "1049000.00",
        "tax_amount": "199310.00",
        "seller": {
            "name": "Hallertau Bremssysteme GmbH",
            "id": "984500HALBREMS0G2602",
            "scheme": "0199",
        },
        "buyer": {"name": "Aurora Motors AG", "id": "984500AURM0T0RAG2644", "scheme": "0199"},
        "syntax": "UBL",
    },
    "castings-eur-cii": {
        "number": "FVC-26-3318",
        "type_code": "380",
        "issue_date": "2026-11-12",
        "due_date": "2027-02-10",
        "currency": "EUR",
        "payable_amount": "409590.00",
        "net_amount": "459590.00",
        "tax_amount": "0.00",
        "seller": {"name": "Fonderie du Val Clair SAS", "id": "918273640", "scheme": "0002"},
        "buyer": {
            "name": "Hallertau Bremssysteme GmbH",
            "id": "984500HALBREMS0G2602",
            "scheme": "0199",
        },
        "syntax": "CII",
    },
    "machining-cny-cii": {
        "number": "MH20261118-07",
        "type_code": "380",
        "issue_date": "2026-11-18",
        "due_date": "2027-05-17",
        "currency": "CNY",
        "payable_amount": "1100620.00",
        "net_amount": "974000.00",
        "tax_amount": "126620.00",
        "seller": {"name": "苏州明湖精密机械有限公司", "id": "91320594MA7KX5T926", "scheme": None},
        "buyer": {"name": "曙光汽车（中国）有限公司", "id": "91310115MA8QW2L76X", "scheme": None},  # noqa: RUF001
        "syntax": "CII",
    },
    "semiconductors-usd-ubl": {
        "number": "CRS 88-20417",
        "type_code": "380",
        "issue_date": "2026-11-09",
        "due_date": None,
        "currency": "USD",
        "payable_amount": "411837.50",
        "net_amount": "411837.50",
        "tax_amount": "0.00",
        "seller": {
            "name": "Cascade Ridge Semiconductors Inc.",
            "id": "984500CASCRDGE012658",
            "scheme": "0199",
        },
        "buyer": {"name": "Aurora Motors AG", "id": "984500AURM0T0RAG2644", "scheme": "0199"},
        "syntax": "UBL",
    },
}


def _files():
    found = [pytest.param(samples.read(name), id=name) for name in samples.names()]
    folder = os.environ.get("DUEBILL_INVOICES")
    extra = sorted(Path(folder).iterdir()) if folder else []
    return found + [pytest.param(p, id=p.name) for p in extra if p.suffix.lower() == ".xml"]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_read_field_by_field(name):
    """Every payable sample gives exactly the fields that stand in it."""
    read = read_invoice(samples.read(name)).to_json()
    assert read.pop("documents_hash").startswith("0x")
    assert read == {"kind": "invoice", "code": None, "corrects": [], **EXPECTED[name]}


def test_the_samples_are_four_invoices_and_a_credit_note():
    """No sample ships unexamined."""
    assert set(samples.names()) == {*EXPECTED, "credit-note-eur-ubl"}


def test_the_sample_credit_note_is_refused():
    """A credit note is named as what it is, with its number."""
    with pytest.raises(CreditNote, match=r"'HBS-CN-2026-0093' is a credit note .*'381'"):
        read_invoice(samples.read("credit-note-eur-ubl"))


def test_the_sample_credit_note_is_read_as_what_it_is():
    """Its amount is positive, and it names the invoice that it reduces."""
    note = read_document(samples.read("credit-note-eur-ubl"))
    assert note.kind is InvoiceKind.CREDIT_NOTE
    assert note.payable_amount == Decimal("8682.24")
    assert (note.net_amount, note.tax_amount) == (Decimal("7296.00"), Decimal("1386.24"))
    assert note.corrects == (InvoiceReference("HBS-2026-004127", date(2026, 11, 16)),)
    with pytest.raises(CreditNote):
        note.payable_units  # noqa: B018 - the look-up is the test


@pytest.mark.parametrize("name", ["../model/_invoice", "missing", ""])
def test_only_samples_are_read_as_samples(name):
    """A sample's name is no path."""
    with pytest.raises(KeyError):
        samples.read(name)


@pytest.mark.parametrize("source", _files())
def test_every_real_invoice_is_read_or_is_not_payable(source):
    """A valid EN 16931 file is never refused but for obliging nobody to pay."""
    try:
        invoice = read_invoice(source)
    except NotPayable as refusal:
        assert refusal.hint  # noqa: PT017 - both outcomes are right, each by its own measure
    else:
        assert invoice.payable_amount > 0
        assert invoice.payable_units == invoice.payable_amount * 10**6
        assert len(bytes.fromhex(invoice.documents_hash[2:])) == 32


@pytest.mark.parametrize("name", samples.names())
def test_the_samples_add_up(name):
    """Lines, allowances, charges, tax and deposits of a sample give its amount due."""
    root = ET.fromstring(samples.read(name))  # noqa: S314 - the project's own file

    def total(*names):
        found = [e for e in root.iter() if e.tag.rpartition("}")[2] in names]
        return sum((Decimal(e.text) for e in found), Decimal(0))

    # Lines name their total as the document does, in UBL; the document's own is the sum of them.
    lines = total("LineExtensionAmount") / 2 or total("LineTotalAmount") / 2
    net = lines - total("AllowanceTotalAmount") + total("ChargeTotalAmount")
    assert net == total("TaxExclusiveAmount", "TaxBasisTotalAmount")
    tax = total("TaxTotalAmount") or total("TaxAmount") / 2
    paid = total("TotalPrepaidAmount")
    assert net + tax - paid == total("PayableAmount", "DuePayableAmount")
