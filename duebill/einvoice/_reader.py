"""From a file to an invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.einvoice import _cii, _lexical, _ubl
from duebill.einvoice import _fields as f
from duebill.einvoice._canonical import documents_hash
from duebill.einvoice._encoding import decode, looks_like_xml
from duebill.einvoice._source import load
from duebill.einvoice._xml import parse
from duebill.errors import BadCurrency, CreditNote, NotAnInvoice, ProFormaInvoice
from duebill.errors._base import quoted
from duebill.model import Invoice

if TYPE_CHECKING:
    from pathlib import Path

    from duebill.einvoice._xml import Element
    from duebill.model import InvoiceSyntax

MAX_BYTES = 20 * 1024 * 1024

# The credit notes of UNTDID 1001, as EN 16931's code list (BR-CL-01) has them.
CREDIT_NOTE_CODES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
PRO_FORMA_CODE = "325"

_ATTACHED = "Extract the XML that is attached inside (factur-x.xml, xrechnung.xml) and give that."
_PACKED = "Unpack it and give the invoice's XML file."


def read_invoice(source: bytes | str | Path, *, max_bytes: int = MAX_BYTES) -> Invoice:
    """Read a payable EN 16931 invoice in UBL 2.1 or UN/CEFACT CII.

    The format is recognised by the root element, never by the file's name. Nothing that the
    document refers to is fetched. Time and memory are bounded by `max_bytes`.

    Args:
        source: The path of the XML file, or its content.
        max_bytes: The largest document that is read.

    Raises:
        UnreadableInvoice: There is no such regular file, or it cannot be read.
        NotAnInvoice: The content is something else.
        HostileInvoice: The XML tries what an invoice has no need of, or is too large.
        MalformedInvoice: The XML is broken, or a field is missing, repeated or wrong.
        NotPayable: It is a credit note or pro forma, or nothing is left to pay.
    """
    data = load(source, max_bytes=max_bytes)
    _require_xml(data)
    root = parse(decode(data))
    syntax, fields = _fields_of(root)
    return _invoice(fields, syntax, root)


def _require_xml(data: bytes) -> None:
    if not data.strip():
        raise NotAnInvoice("it is empty")
    if data.startswith(b"%PDF-"):
        raise NotAnInvoice("it is a PDF", hint=_ATTACHED)
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise NotAnInvoice("it is an archive", hint=_PACKED)
    if not looks_like_xml(data):
        raise NotAnInvoice("it is not XML")


def _fields_of(root: Element) -> tuple[InvoiceSyntax, f.Fields]:
    if root.name == _ubl.INVOICE:
        return "UBL", _ubl.read(root)
    if root.name == _cii.INVOICE:
        return "CII", _cii.read(root)
    if root.name == _ubl.CREDIT_NOTE:
        _ubl.refuse_credit_note(root)
    namespace, name = root.name
    raise NotAnInvoice(f"its root element is {quoted(name)} in the namespace {quoted(namespace)}")


def _invoice(fields: f.Fields, syntax: InvoiceSyntax, root: Element) -> Invoice:
    _require_invoice_type(fields)
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
    )


def _require_invoice_type(fields: f.Fields) -> None:
    code = _lexical.type_code(fields.type_code, f.TYPE_CODE).lstrip("0")
    if code in CREDIT_NOTE_CODES:
        raise CreditNote(number=fields.number, type_code=fields.type_code)
    if code == PRO_FORMA_CODE:
        raise ProFormaInvoice(fields.number)
