"""Electronic invoices: from a supplier's file to an `Invoice` that a receivable can rest on.

`read_invoice` reads EN 16931 invoices in UBL 2.1 and UN/CEFACT CII (XRechnung, Peppol BIS Billing
3), also inside a Factur-X or ZUGFeRD 2 PDF; `read_document` reads credit notes as well.
`read_vat_list` reads lists of Chinese VAT invoices, `import_invoices` any number of files of all
kinds. `apply_credit_notes` says what credit notes and red-letter invoices leave of which invoice, and
`validate` which rules of EN 16931 an invoice breaks.

`documents_hash` of an invoice is the Keccak-256 of the document's canonical form: it survives
another encoding, other prefixes, another order of attributes, comments and indentation, and changes
with any change of content. `canonical_form` gives the hashed bytes; docs/invoices.md specifies
them with a test vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.einvoice import _canonical
from duebill.einvoice._bulk import Imported, find_files, import_invoices
from duebill.einvoice._credit import (
    Credited,
    InvoiceBalance,
    Mismatch,
    UnappliedNote,
    apply_credit_notes,
)
from duebill.einvoice._encoding import decode
from duebill.einvoice._reader import MAX_BYTES, read_document, read_invoice
from duebill.einvoice._rules import MAX_RULES_BYTES, Violation, validate
from duebill.einvoice._sheet import safe_cell
from duebill.einvoice._source import load
from duebill.einvoice._vat_list import MAX_LIST_BYTES, Refused, read_vat_list
from duebill.einvoice._xml import parse

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "MAX_BYTES",
    "MAX_LIST_BYTES",
    "MAX_RULES_BYTES",
    "Credited",
    "Imported",
    "InvoiceBalance",
    "Mismatch",
    "Refused",
    "UnappliedNote",
    "Violation",
    "apply_credit_notes",
    "canonical_form",
    "find_files",
    "import_invoices",
    "read_document",
    "read_invoice",
    "read_vat_list",
    "safe_cell",
    "validate",
]


def canonical_form(source: bytes | str | Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The canonical form of any XML document, whose Keccak-256 is an invoice's documents hash.

    Args:
        source: The path of the XML file, or its content.
        max_bytes: The largest document that is read.

    Raises:
        InvoiceError: As for `read_invoice`, but the document need not be an invoice.
    """
    return _canonical.canonical_form(parse(decode(load(source, max_bytes=max_bytes))))
