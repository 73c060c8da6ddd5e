"""An invoice, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

InvoiceSyntax = Literal["CII", "UBL"]


@dataclass(frozen=True, slots=True)
class InvoiceParty:
    """The seller or the buyer of an invoice.

    Attributes:
        name: The legal name, free of control characters. It is data: escape it on a page.
        id: The best identifier that the invoice gives: legal registration, else tax
            registration, else any other; None when there is none.
        scheme: Who issues such identifiers (ISO 6523 code such as 0199 for an LEI, or VA and FC
            for tax registrations); None when the invoice does not say.
    """

    name: str
    id: str | None = None
    scheme: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """The party as an object for JSON."""
        return {"name": self.name, "id": self.id, "scheme": self.scheme}


@dataclass(frozen=True, slots=True)
class Invoice:
    """A payable invoice, reduced to what a receivable needs.

    Attributes:
        number: The invoice number (EN 16931 BT-1).
        type_code: The UNTDID 1001 code of the document (BT-3); 380 is a commercial invoice.
        issue_date: When it was issued (BT-2).
        due_date: When payment is due (BT-9); None when the invoice names no day.
        currency: The ISO 4217 code of the invoice currency (BT-5).
        payable_amount: The amount due for payment (BT-115), exact and positive, at most 6
            decimals.
        seller: Who is to be paid (BG-4).
        buyer: Who owes (BG-7).
        syntax: The format it was read from.
        documents_hash: Keccak-256 of the canonical form of the whole document, as 0x and 64 hex
            digits; see `duebill.einvoice`.
    """

    number: str
    type_code: str
    issue_date: date
    due_date: date | None
    currency: str
    payable_amount: Decimal
    seller: InvoiceParty
    buyer: InvoiceParty
    syntax: InvoiceSyntax
    documents_hash: str

    @property
    def payable_units(self) -> int:
        """The payable amount in millionths of the currency, the unit of the ledger."""
        numerator, denominator = self.payable_amount.as_integer_ratio()
        return numerator * 10**6 // denominator

    def to_json(self) -> dict[str, object]:
        """The invoice as an object for JSON: amounts as decimal strings, dates as ISO 8601."""
        return {
            "number": self.number,
            "type_code": self.type_code,
            "issue_date": self.issue_date.isoformat(),
            "due_date": self.due_date.isoformat() if self.due_date else None,
            "currency": self.currency,
            "payable_amount": f"{self.payable_amount:f}",
            "seller": self.seller.to_json(),
            "buyer": self.buyer.to_json(),
            "syntax": self.syntax,
            "documents_hash": self.documents_hash,
        }
