"""An invoice, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from duebill.errors._invoice import CreditNote

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

InvoiceSyntax = Literal["CII", "UBL", "VAT list"]


class InvoiceKind(StrEnum):
    """What a document does to the debt."""

    INVOICE = "invoice"
    """The buyer owes."""

    CREDIT_NOTE = "credit_note"
    """The seller takes back from an invoice."""

    RED_LETTER = "red_letter"
    """红字发票: the same in the Chinese VAT system, an invoice of negative amounts."""


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
class InvoiceReference:
    """How a credit note names the invoice that it corrects.

    Attributes:
        number: The invoice's number (EN 16931 BT-25).
        issue_date: When it was issued (BT-26); None when the credit note does not say.
        code: Its VAT invoice code (发票代码); None when it has none.
    """

    number: str
    issue_date: date | None = None
    code: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """The reference as an object for JSON."""
        day = self.issue_date.isoformat() if self.issue_date else None
        return {"number": self.number, "issue_date": day, "code": self.code}


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or a credit note, reduced to what a receivable needs.

    Attributes:
        number: The invoice number (EN 16931 BT-1).
        type_code: The UNTDID 1001 code of the document (BT-3); 380 is a commercial invoice.
        issue_date: When it was issued (BT-2).
        due_date: When payment is due (BT-9); None when the invoice names no day.
        currency: The ISO 4217 code of the invoice currency (BT-5).
        payable_amount: The amount due for payment (BT-115), exact and positive, at most 6
            decimals; of a credit note what the seller takes back, positive as well.
        seller: Who is to be paid (BG-4).
        buyer: Who owes (BG-7).
        syntax: The format it was read from.
        documents_hash: Keccak-256 of the canonical form of the whole document, as 0x and 64 hex
            digits; see `duebill.einvoice`.
        kind: Whether the buyer owes or the seller takes back.
        code: The VAT invoice code (发票代码), which with the number names a paper VAT invoice;
            None for every other invoice.
        net_amount: The total without tax (BT-109), None when the document does not say; of a
            credit note positive, as all its amounts.
        tax_amount: The tax in the invoice currency (BT-110), None when the document does not say.
        corrects: The invoices that a credit note names (BG-3), in its order.
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
    kind: InvoiceKind = InvoiceKind.INVOICE
    code: str | None = None
    net_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    corrects: tuple[InvoiceReference, ...] = ()

    @property
    def payable_units(self) -> int:
        """The payable amount in millionths of the currency, the unit of the ledger.

        Raises:
            CreditNote: The seller owes, so that no receivable can rest on it.
        """
        if self.kind is not InvoiceKind.INVOICE:
            raise CreditNote(number=self.number, type_code=self.type_code)
        numerator, denominator = self.payable_amount.as_integer_ratio()
        return numerator * 10**6 // denominator

    def to_json(self) -> dict[str, object]:
        """The invoice as an object for JSON: amounts as decimal strings, dates as ISO 8601."""
        return {
            "kind": self.kind.value,
            "code": self.code,
            "number": self.number,
            "type_code": self.type_code,
            "issue_date": self.issue_date.isoformat(),
            "due_date": self.due_date.isoformat() if self.due_date else None,
            "currency": self.currency,
            "payable_amount": f"{self.payable_amount:f}",
            "net_amount": _plain(self.net_amount),
            "tax_amount": _plain(self.tax_amount),
            "seller": self.seller.to_json(),
            "buyer": self.buyer.to_json(),
            "corrects": [each.to_json() for each in self.corrects],
            "syntax": self.syntax,
            "documents_hash": self.documents_hash,
        }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
