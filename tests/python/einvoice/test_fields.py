"""What real invoices look like beyond the samples: profiles, dialects and corner cases."""

import base64
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duebill.einvoice import read_invoice
from duebill.model import InvoiceParty


def _legal(name="", number=""):
    return f"<cac:PartyLegalEntity>{name}{number}</cac:PartyLegalEntity>"


def _tax(number, scheme="VAT"):
    return (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
        f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )


NAME = "<cbc:RegistrationName>Legal GmbH</cbc:RegistrationName>"
TRADE = "<cac:PartyName><cbc:Name>Trade</cbc:Name></cac:PartyName>"
ENDPOINT = '<cbc:EndpointID schemeID="EM">a@b.example</cbc:EndpointID>'
OWN = "<cac:PartyIdentification><cbc:ID>C-77</cbc:ID></cac:PartyIdentification>"
GLN = (
    '<cac:PartyIdentification><cbc:ID schemeID="0088">4012345000009</cbc:ID>'
    "</cac:PartyIdentification>"
)
BANK = '<cac:PartyIdentification><cbc:ID schemeID="SEPA">DE98ZZZ</cbc:ID></cac:PartyIdentification>'
HRB = '<cbc:CompanyID schemeID="0204">HRB 1</cbc:CompanyID>'


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (ENDPOINT + OWN + TRADE + _tax("DE1") + _legal(NAME, HRB), ("Legal GmbH", "HRB 1", "0204")),
        (TRADE + _tax("T9", "FC") + _tax("DE1") + _legal(NAME), ("Legal GmbH", "DE1", "VA")),
        (TRADE + _tax("T9", "LOC"), ("Trade", "T9", "FC")),
        (ENDPOINT + BANK + OWN + GLN + TRADE, ("Trade", "4012345000009", "0088")),
        (ENDPOINT + BANK + OWN + TRADE, ("Trade", "C-77", None)),
        (ENDPOINT + BANK + TRADE, ("Trade", "a@b.example", "EM")),
        (BANK + TRADE, ("Trade", None, None)),
        (TRADE + _legal(NAME, "<cbc:CompanyID/>"), ("Legal GmbH", None, None)),
    ],
)
def test_a_ubl_party_has_its_best_identifier(ubl, party, expected):
    """Legal registration, else tax, else own identifiers, else the address; never a bank's."""
    assert read_invoice(ubl(seller=party)).seller == InvoiceParty(*expected)


ORG = '<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">918</ram:ID>{}</ram:{}>'
ORG_END = "SpecifiedLegalOrganization"
TRADING = "<ram:TradingBusinessName>Trade</ram:TradingBusinessName>"
VA = (
    '<ram:SpecifiedTaxRegistration><ram:ID schemeID="{}">{}</ram:ID></ram:SpecifiedTaxRegistration>'
)
GLOBAL = '<ram:GlobalID schemeID="0088">4012345000009</ram:GlobalID>'
URI = (
    '<ram:URIUniversalCommunication><ram:URIID schemeID="EM">a@b.example</ram:URIID>'
    "</ram:URIUniversalCommunication>"
)


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        ("<ram:Name>N</ram:Name>" + ORG.format(TRADING, ORG_END), ("N", "918", "0002")),
        (ORG.format(TRADING, ORG_END), ("Trade", "918", "0002")),
        (
            "<ram:ID>7</ram:ID><ram:Name>N</ram:Name>"
            + VA.format("FC", "9/1")
            + VA.format("VA", "DE1"),
            ("N", "DE1", "VA"),
        ),
        ("<ram:ID>7</ram:ID><ram:ID>8</ram:ID><ram:Name>N</ram:Name>" + URI, ("N", "7", None)),
        ("<ram:ID>7</ram:ID>" + GLOBAL + "<ram:Name>N</ram:Name>", ("N", "4012345000009", "0088")),
        ("<ram:Name>N</ram:Name>" + URI, ("N", "a@b.example", "EM")),
        ("<ram:Name>N</ram:Name>", ("N", None, None)),
    ],
)
def test_a_cii_party_has_its_best_identifier(cii, party, expected):
    """The same order of identifiers holds in CII."""
    assert read_invoice(cii(buyer=party)).buyer == InvoiceParty(*expected)


MEANS = "<cac:PaymentMeans><cbc:PaymentDueDate>{}</cbc:PaymentDueDate></cac:PaymentMeans>"


@pytest.mark.parametrize(
    ("due", "means", "expected"),
    [
        ("<cbc:DueDate>2026-08-28</cbc:DueDate>", MEANS.format("2026-09-30"), date(2026, 8, 28)),
        ("<cbc:DueDate>2026-08-28+02:00</cbc:DueDate>", "", date(2026, 8, 28)),
        ("", MEANS.format("2026-05-01") + MEANS.format("2026-07-01Z"), date(2026, 7, 1)),
        ("", MEANS.format("2026-05-01").replace("PaymentMeans", "PaymentTerms"), date(2026, 5, 1)),
        ("<cbc:DueDate/>", "", None),
        ("", "<cac:PaymentTerms><cbc:Note>30 days</cbc:Note></cac:PaymentTerms>", None),
    ],
)
def test_a_ubl_due_date_is_the_stated_one_else_the_last_of_the_payment(ubl, due, means, expected):
    """DueDate wins; without it the last day of the means or terms of payment; else none."""
    assert read_invoice(ubl(due=due, means=means)).due_date == expected


def _terms(*days, form="102"):
    return "".join(
        "<ram:SpecifiedTradePaymentTerms><ram:Description>part</ram:Description>"
        f'<ram:DueDateDateTime><udt:DateTimeString format="{form}">{day}</udt:DateTimeString>'
        "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
        for day in days
    )


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (_terms("20260601", "20260801", "20260701"), date(2026, 8, 1)),
        (_terms("202608011200", form="203"), date(2026, 8, 1)),
        (_terms("20260801120000", form="204"), date(2026, 8, 1)),
        (_terms("20260801").replace(' format="102"', ""), date(2026, 8, 1)),
        ("<ram:SpecifiedTradePaymentTerms/>" + _terms("20260801"), date(2026, 8, 1)),
        ("<ram:SpecifiedTradePaymentTerms/>", None),
        ("", None),
        (
            _terms("2026-08-01T00:00:00").replace("DateTimeString", "DateTime"),
            date(2026, 8, 1),
        ),
    ],
)
def test_a_cii_due_date_is_the_last_instalments(cii, terms, expected):
    """By the last day the whole amount is due; a date format with hours counts as its day."""
    assert read_invoice(cii(terms=terms)).due_date == expected


def test_a_factur_x_minimum_invoice_is_read(cii):
    """The smallest profile, which has neither lines nor terms, is enough."""
    invoice = read_invoice(
        cii(
            context="<ram:GuidelineSpecifiedDocumentContextParameter>"
            "<ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>"
            "</ram:GuidelineSpecifiedDocumentContextParameter>",
            terms="",
            payable="<ram:TaxBasisTotalAmount>100</ram:TaxBasisTotalAmount>"
            '<ram:TaxTotalAmount currencyID="EUR">19</ram:TaxTotalAmount>'
            "<ram:GrandTotalAmount>119</ram:GrandTotalAmount>"
            "<ram:DuePayableAmount>119</ram:DuePayableAmount>",
        )
    )
    assert (invoice.payable_amount, invoice.due_date) == (Decimal(119), None)


def test_several_notes_and_tax_totals_do_not_confuse(ubl):
    """Two tax totals (BT-110, BT-111), rounding and deposits stand beside BT-115, never for it."""
    tax = '<cac:TaxTotal><cbc:TaxAmount currencyID="{0}">19.00</cbc:TaxAmount></cac:TaxTotal>'
    invoice = read_invoice(
        ubl(
            number="<cbc:ID>A-1</cbc:ID><cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note>",
            taxes=tax.format("EUR") + tax.format("DKK"),
            payable='<cbc:PrepaidAmount currencyID="EUR">19.01</cbc:PrepaidAmount>'
            '<cbc:PayableRoundingAmount currencyID="EUR">0.01</cbc:PayableRoundingAmount>'
            '<cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount>',
        )
    )
    assert invoice.payable_amount == Decimal("100.00")


@pytest.mark.parametrize("code", ["380", "326", "384", "386", "389", "393", "875"])
def test_every_kind_of_invoice_is_payable(ubl, cii, code):
    """Partial, corrected, prepayment, self-billed, factored and construction invoices are read."""
    as_ubl = ubl(type=f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>")
    as_cii = cii(type=f"<ram:TypeCode>{code}</ram:TypeCode>")
    assert read_invoice(as_ubl).type_code == read_invoice(as_cii).type_code == code


def test_a_ten_megabyte_attachment_is_read(ubl):
    """A scanned delivery note inside the invoice is ordinary, and is part of the hash."""
    attachment = (
        "<cac:AdditionalDocumentReference><cbc:ID>scan</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="a.pdf">{}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    scan = base64.encodebytes(bytes(range(256)) * 32_000).decode()
    assert len(scan) > 10 * 2**20
    first = read_invoice(ubl(references=attachment.format(scan)))
    other = read_invoice(ubl(references=attachment.format(scan[:-5] + "A" + scan[-4:])))
    assert first.payable_amount == other.payable_amount
    assert first.documents_hash != other.documents_hash


@pytest.mark.parametrize("space", ["\n    {}\n  ", "\t{} ", "{}"])
def test_white_space_around_a_value_is_not_part_of_it(ubl, space):
    """Indented values are read as XML Schema reads them: collapsed."""
    invoice = read_invoice(
        ubl(
            number=f"<cbc:ID>{space.format('A-1')}</cbc:ID>",
            issue=f"<cbc:IssueDate>{space.format('2026-03-01')}</cbc:IssueDate>",
            payable=f"<cbc:PayableAmount>{space.format('119.00')}</cbc:PayableAmount>",
        )
    )
    assert (invoice.number, invoice.issue_date) == ("A-1", date(2026, 3, 1))


def test_a_path_is_read_as_str_and_as_path(tmp_path, ubl):
    """The file's name plays no part, and both kinds of path are taken."""
    path = tmp_path / "holiday.jpeg"
    path.write_bytes(ubl())
    assert read_invoice(path) == read_invoice(str(path)) == read_invoice(ubl())


@settings(deadline=None)
@given(units=st.integers(1, 2**80 - 1), places=st.integers(0, 6), zeros=st.integers(0, 12))
def test_threat_56_an_amount_survives_unchanged(ubl, units, places, zeros):
    """Any amount of the ledger's range comes back to the last unit, in units and as a string."""
    units = max(units - units % 10 ** (6 - places), 10 ** (6 - places))
    whole, fraction = divmod(units, 10**6)
    text = f"{whole}.{fraction:06d}{'0' * zeros}"
    invoice = read_invoice(ubl(payable=f"<cbc:PayableAmount>{text}</cbc:PayableAmount>"))
    assert invoice.payable_units == units
    assert invoice.to_json()["payable_amount"] == f"{whole}.{fraction:06d}"


@pytest.mark.parametrize(
    ("text", "expected"), [("336.9", "336.9"), ("+7", "7"), ("007.50", "7.50"), (".5", "0.5")]
)
def test_an_amount_keeps_the_decimals_that_were_written(ubl, text, expected):
    """Every spelling of xs:decimal is read; the decimals that stand there stay."""
    invoice = read_invoice(ubl(payable=f"<cbc:PayableAmount>{text}</cbc:PayableAmount>"))
    assert invoice.to_json()["payable_amount"] == expected
