"""Each thing that is no payable invoice is refused for its own reason, in words that help."""

import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duebill import errors
from duebill.einvoice import read_invoice
from duebill.errors import (
    BadAmount,
    BadCurrency,
    BadDate,
    BadEncoding,
    BadField,
    CreditNote,
    DuebillError,
    InvoiceError,
    MissingField,
    MixedContent,
    NotAnInvoice,
    NothingToPay,
    NotPayable,
    NotWellFormed,
    ProFormaInvoice,
    UnreadableInvoice,
)

CREDIT_CODES = ["081", 81, 83, 261, 262, 296, 308, 381, 396, 420, 458, 502, 503, 532]


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_a_credit_note_by_type_code_is_refused(ubl, cii, code):
    """A credit note dressed as an invoice is refused in both syntaxes."""
    for data in (
        ubl(type=f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>"),
        cii(type=f"<ram:TypeCode>{code}</ram:TypeCode>"),
    ):
        with pytest.raises(CreditNote, match="seller owes") as caught:
            read_invoice(data)
        assert caught.value.type_code == str(code)


def test_a_pro_forma_invoice_is_refused(ubl):
    """Nothing is owed under a pro forma invoice."""
    with pytest.raises(ProFormaInvoice, match="325"):
        read_invoice(ubl(type="<cbc:InvoiceTypeCode>325</cbc:InvoiceTypeCode>"))


@pytest.mark.parametrize("amount", ["0", "0.00", "-0.00", "-119.00", "-0.000001"])
def test_threat_56_nothing_to_pay_is_refused(ubl, cii, amount):
    """Zero and negative amounts make no receivable."""
    for data in (
        ubl(payable=f"<cbc:PayableAmount>{amount}</cbc:PayableAmount>"),
        cii(payable=f"<ram:DuePayableAmount>{amount}</ram:DuePayableAmount>"),
    ):
        with pytest.raises(NothingToPay, match="nothing is left to pay"):
            read_invoice(data)


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("NaN", "digits"),
        ("sNaN", "digits"),
        ("INF", "digits"),
        ("Infinity", "digits"),
        ("1e3", "digits"),
        ("1E-2", "digits"),
        ("1,000.00", "digits"),
        ("1.000,00", "digits"),
        ("1 000.00", "digits"),
        ("1_000", "digits"),
        ("1'000", "digits"),
        ("0x10", "digits"),
        ("１００", "digits"),  # noqa: RUF001 - full-width digits are the point
        ("١٠٠", "digits"),  # noqa: RUF001 - and so are Arabic ones
        ("--1", "digits"),
        (".", "digits"),
        ("+", "digits"),
        ("EUR 5", "digits"),
        ("1" * 5000, "digits"),
        ("1.0000001", "more than 6 decimals"),
        ("1208925819614629174.706176", "larger than the ledger"),
        ("9" * 30, "larger than the ledger"),
    ],
)
def test_threat_56_only_exact_decimals_are_amounts(ubl, amount, reason):
    """Floats, NaN, exponents, locales, other digits, excess decimals and sizes are refused."""
    with pytest.raises(BadAmount, match=reason):
        read_invoice(ubl(payable=f"<cbc:PayableAmount>{amount}</cbc:PayableAmount>"))


def test_threat_56_the_largest_amount_is_read(ubl):
    """One millionth below the ledger's limit is still an amount."""
    top = "<cbc:PayableAmount>1208925819614629174.706175</cbc:PayableAmount>"
    assert read_invoice(ubl(payable=top)).payable_units == 2**80 - 1


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="<&"))
)
def test_threat_56_no_text_becomes_an_amount_by_accident(ubl, text):
    """What is read as an amount is what Python's Decimal reads; the rest is a typed refusal."""
    try:
        invoice = read_invoice(ubl(payable=f"<cbc:PayableAmount>{text}</cbc:PayableAmount>"))
    except InvoiceError:
        return
    assert f"{invoice.payable_amount:f}".rstrip("0.") in text


@pytest.mark.parametrize(
    "day",
    ["2026-02-30", "2026-13-01", "01.03.2026", "2026-3-1", "20260301", "2026-W10-1", "0000-01-01"],
)
def test_a_ubl_date_that_is_no_day_is_refused(ubl, day):
    """Only YYYY-MM-DD, and only days that exist."""
    with pytest.raises(BadDate, match=r"issue date \(BT-2\)"):
        read_invoice(ubl(issue=f"<cbc:IssueDate>{day}</cbc:IssueDate>"))
    with pytest.raises(BadDate, match=r"due date \(BT-9\)"):
        read_invoice(ubl(due=f"<cbc:DueDate>{day}</cbc:DueDate>"))


@pytest.mark.parametrize(
    ("form", "day"),
    [
        ("102", "20260230"),
        ("102", "2026-03-01"),
        ("102", "01032026"),
        ("610", "202603"),
        ("x", "1"),
    ],
)
def test_a_cii_date_that_is_no_day_is_refused(cii, form, day):
    """Months, unknown formats and days that do not exist are refused."""
    with pytest.raises(BadDate):
        read_invoice(cii(issue=f'<udt:DateTimeString format="{form}">{day}</udt:DateTimeString>'))


@pytest.mark.parametrize("code", ["eur", "EURO", "€", "978", "E R", "EU"])
def test_a_currency_that_is_no_code_is_refused(ubl, cii, code):
    """A currency is three capitals."""
    for data in (
        ubl(currency=f"<cbc:DocumentCurrencyCode>{code}</cbc:DocumentCurrencyCode>"),
        cii(currency=f"<ram:InvoiceCurrencyCode>{code}</ram:InvoiceCurrencyCode>"),
    ):
        with pytest.raises(BadCurrency, match="three capitals"):
            read_invoice(data)


def test_an_amount_in_another_currency_is_refused(ubl, cii):
    """The amount due cannot be in another currency than the invoice."""
    for data in (
        ubl(payable='<cbc:PayableAmount currencyID="USD">119</cbc:PayableAmount>'),
        cii(payable='<ram:DuePayableAmount currencyID="USD">119</ram:DuePayableAmount>'),
    ):
        with pytest.raises(BadCurrency, match=r"'USD' is refused.*is EUR"):
            read_invoice(data)


@pytest.mark.parametrize("code", ["", "abc", "3800", "-38", "38 0"])
def test_a_type_code_that_is_no_code_is_refused(ubl, code):
    """A type code is one to three digits."""
    with pytest.raises((BadField, MissingField), match="type code"):
        read_invoice(ubl(type=f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>"))


@pytest.mark.parametrize(
    "part", ["number", "issue", "type", "currency", "seller", "buyer", "payable"]
)
def test_a_missing_field_is_named(ubl, cii, part):
    """Whatever is mandatory and absent is named with its business term."""
    for data in (ubl(**{part: ""}), cii(**{part: ""})):
        with pytest.raises(MissingField, match=r"has no .*\(B[TG]-\d+\)"):
            read_invoice(data)


def test_an_empty_field_is_missing(ubl):
    """An element without text says nothing; one of invisible characters says no more."""
    for number in ("<cbc:ID/>", "<cbc:ID> </cbc:ID>", "<cbc:ID>&#x200B;&#x202E;</cbc:ID>"):
        with pytest.raises(MissingField, match="BT-1"):
            read_invoice(ubl(number=number))
    with pytest.raises(MissingField, match="BT-115"):
        read_invoice(ubl(payable="<cbc:PayableAmount/>"))


def test_markup_inside_a_value_is_refused(ubl):
    """A value with elements inside could be read two ways."""
    with pytest.raises(MixedContent, match="'PayableAmount'"):
        read_invoice(ubl(payable="<cbc:PayableAmount>1<b/>19</cbc:PayableAmount>"))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"PK\x03\x04...", "it is an archive"),
        (b"\x1f\x8b\x08", "it is an archive"),
        (b"\x89PNG\r\n\x1a\n", "it is not XML"),
        (b'{"number": 1}', "it is not XML"),
        (b"<html/>", "'html' in the namespace ''"),
        (b'<Invoice xmlns="urn:example"/>', "'Invoice' in the namespace 'urn:example'"),
        (b"<Invoice/>", "'Invoice' in the namespace ''"),
        (
            b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
            "'Order' in the namespace 'urn:oasis",
        ),
    ],
)
def test_what_is_no_invoice_is_called_what_it_is(data, found):
    """The message says what was given instead of an invoice."""
    with pytest.raises(NotAnInvoice, match=found) as caught:
        read_invoice(data)
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        *(b"<a>", b"<a></b>", b"<a b=1/>", b"<a b='1' b='2'/>", b"<p:a/>", b"<a/><b/>", b"<"),
        *(b"<a>&x;</a>", b"<a>\x01</a>", b"<a>&#0;</a>", b"<a>&#x1b;</a>"),
        b'\n<?xml version="1.0"?><a/>',
    ],
)
def test_broken_xml_is_refused_with_its_place(data):
    """Broken XML is refused with line and column."""
    with pytest.raises(NotWellFormed, match=r"line \d+, column \d+: \w+"):
        read_invoice(data)


@pytest.mark.parametrize("length", range(0, 900, 37))
def test_a_truncated_invoice_is_refused(ubl, length):
    """A download that broke off anywhere is never taken for an invoice."""
    with pytest.raises((NotWellFormed, NotAnInvoice)):
        read_invoice(ubl()[:length])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_end_in_a_typed_refusal(data):
    """Nothing but Duebill's own errors leaves the reader."""
    with pytest.raises(InvoiceError):
        read_invoice(data)


def test_unreadable_paths_are_refused(tmp_path):
    """A missing file, a folder and a path with NUL are each refused for what they are."""
    (tmp_path / "a.xml").touch()
    for path, reason in [
        (tmp_path / "none.xml", "no such file"),
        (tmp_path, "directory"),
        (tmp_path / "a.xml" / "b.xml", "directory"),
        ("a\0b.xml", "null"),
        (tmp_path / ("x" * 300), "too long"),
    ]:
        with pytest.raises(UnreadableInvoice, match=reason):
            read_invoice(path)


def test_unknown_and_contradicting_encodings_are_refused():
    """An encoding that is not known, or told twice differently, is refused."""
    for data in (
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
        '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16"),
        "\ufeff<a/>".encode("utf-32"),
        b"<a>\xff</a>",
    ):
        with pytest.raises(BadEncoding):
            read_invoice(data)


def test_every_exported_error_belongs_to_the_one_tree():
    """The public names are errors, all below DuebillError, and drawn in the docstring."""
    assert all(issubclass(getattr(errors, name), DuebillError) for name in errors.__all__)
    assert all(name in errors.__doc__ for name in errors.__all__)


def test_an_error_survives_the_way_between_processes():
    """A worker's refusal arrives whole: type, fields and words."""
    error = BadAmount("amount", "1e3", "no")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), str(again), again.value) == (BadAmount, str(error), "1e3")


def test_a_refusal_says_what_was_wrong_and_what_to_do(ubl):
    """str() of an error is its message and its hint."""
    with pytest.raises(NotPayable) as caught:
        read_invoice(ubl(payable="<cbc:PayableAmount>0</cbc:PayableAmount>"))
    error = caught.value
    assert str(error) == f"{error.message} {error.hint}"


def test_importing_the_reader_loads_nothing_heavy():
    """The command line can offer `invoice show` without paying for hashing or a parser."""
    code = (
        "import sys, duebill.einvoice;"
        "print([m for m in ('lxml', 'web3', 'Crypto', 'eth_utils') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "[]"
