"""From a file to an invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.einvoice import _cii, _lexical, _ubl
from duebill.einvoice import _fields as f
from duebill.einvoice._canonical import documents_hash
from duebill.einvoice._encoding import decode, looks_like_xml
from duebill.einvoice._pdf import attached_xml
from duebill.einvoice._source import load
from duebill.einvoice._xml import parse
from duebill.errors import BadCurrency, CreditNote, NotAnInvoice, ProFormaInvoice
from duebill.errors._base import quoted
from duebill.model import Invoice, InvoiceKind

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from duebill.einvoice._xml import Element
    from duebill.model import InvoiceSyntax

MAX_BYTES = 20 * 1024 * 1024

# The credit notes of UNTDID 1001, as EN 16931's code list (BR-CL-01) has them.
CREDIT_NOTE_CODES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
PRO_FORMA_CODE = "325"

_PACKED = "Unpack it and give the invoice's file."


def read_invoice(source: bytes | str | Path, *, max_bytes: int = MAX_BYTES) -> Invoice:
    """Read a payable EN 16931 invoice in UBL 2.1 or UN/CEFACT CII, also inside a PDF.

    The format is recognised by the content, never by the file's name: the root element, or the
    invoice that is attached to a PDF (Factur-X, ZUGFeRD 2). Nothing that the document refers to is
    fetched. Time and memory are bounded by `max_bytes`.

    Args:
        source: The path of the XML or PDF file, or its content.
        max_bytes: The largest document that is read, packed and unpacked.

    Raises:
        UnreadableInvoice: There is no such regular file, or it cannot be read.
        NotAnInvoice: The content is something else.
        HostileInvoice: The document tries what an invoice has no need of, or is too large.
        MalformedInvoice: The document is broken, or a field is missing, repeated or wrong.
        ExtraMissing: It is a PDF, and what reads PDFs is not installed.
        NotPayable: It is a credit note or pro forma, or nothing is left to pay.
    """
    root = parse(text_of(source, max_bytes=max_bytes))
    if root.name == _ubl.CREDIT_NOTE:
        _ubl.refuse_credit_note(root)
    invoice = _document(root)
    if invoice.kind is not InvoiceKind.INVOICE:
        raise CreditNote(number=invoice.number, type_code=invoice.type_code)
    return invoice


def read_document(source: bytes | str | Path, *, max_bytes: int = MAX_BYTES) -> Invoice:
    """Read an invoice or a credit note, which says what it is by its `kind`.

    A credit note's amounts are positive, and `corrects` names the invoices that it reduces:
    `apply_credit_notes` puts the two together. It can never be issued as a receivable.

    Args:
        source: The path of the XML or PDF file, or its content.
        max_bytes: The largest document that is read, packed and unpacked.

    Raises:
        InvoiceError: As for `read_invoice`, but never for being a credit note.
    """
    return _document(parse(text_of(source, max_bytes=max_bytes)))


def text_of(source: bytes | str | Path, *, max_bytes: int) -> str:
    """The XML of a file, which may be attached to a PDF, as text."""
    data = load(source, max_bytes=max_bytes)
    if data.startswith(b"%PDF-"):
        data = attached_xml(data, max_bytes=max_bytes)
    _require_xml(data)
    return decode(data)


def _require_xml(data: bytes) -> None:
    if not data.strip():
        raise NotAnInvoice("it is empty")
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise NotAnInvoice("it is an archive", hint=_PACKED)
    if not looks_like_xml(data):
        raise NotAnInvoice("it is not XML")


def _document(root: Element) -> Invoice:
    syntax, fields = _fields_of(root)
    kind = _kind(root, fields)
    currency = _lexical.currency(fields.currency, f.CURRENCY)
    if fields.amount_currency not in {None, currency}:
        reason = f"the invoice currency (BT-5) is {currency}"
        raise BadCurrency(f"currency of the {f.PAYABLE}", str(fields.amount_currency), reason)
    amount = _lexical.amount(fields.amount, f.PAYABLE)
    return Invoice(
        number=fields.number,
        type_code=fields.type_code,
        issue_date=fields.issue_date,
        due_date=fields.due_date,
        currency=currency,
        payable_amount=_lexical.positive(amount, currency),
        seller=fields.seller,
        buyer=fields.buyer,
        syntax=syntax,
        documents_hash=documents_hash(root),
        kind=kind,
        net_amount=_optional_amount(fields.net, f.NET),
        tax_amount=_optional_amount(fields.tax, f.TAX),
        corrects=fields.corrects,
    )


def _fields_of(root: Element) -> tuple[InvoiceSyntax, f.Fields]:
    if root.name in {_ubl.INVOICE, _ubl.CREDIT_NOTE}:
        return "UBL", _ubl.read(root)
    if root.name == _cii.INVOICE:
        return "CII", _cii.read(root)
    namespace, name = root.name
    raise NotAnInvoice(f"its root element is {quoted(name)} in the namespace {quoted(namespace)}")


def _kind(root: Element, fields: f.Fields) -> InvoiceKind:
    code = _lexical.type_code(fields.type_code, f.TYPE_CODE).lstrip("0")
    if code == PRO_FORMA_CODE:
        raise ProFormaInvoice(fields.number)
    takes_back = root.name == _ubl.CREDIT_NOTE or code in CREDIT_NOTE_CODES
    return InvoiceKind.CREDIT_NOTE if takes_back else InvoiceKind.INVOICE


def _optional_amount(text: str | None, field: str) -> Decimal | None:
    return _lexical.amount(text, field) if text else None
