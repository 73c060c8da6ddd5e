"""UBL 2.1 Invoice and CreditNote, by the binding of EN 16931 (CEN/TS 16931-3-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.einvoice import _fields as f
from duebill.einvoice._lexical import iso_day
from duebill.errors import CreditNote
from duebill.model import InvoiceReference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from duebill.einvoice._xml import Element, QName
    from duebill.model import InvoiceParty

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = (f"{_UBL}Invoice-2", "Invoice")
CREDIT_NOTE = (f"{_UBL}CreditNote-2", "CreditNote")

_BANK_SCHEME = "SEPA"  # BT-90: a creditor identifier given by a bank, not the seller's own


def _cac(name: str) -> QName:
    return f"{_UBL}CommonAggregateComponents-2", name


def _cbc(name: str) -> QName:
    return f"{_UBL}CommonBasicComponents-2", name


def refuse_credit_note(root: Element) -> None:
    """Say which credit note was given.

    Raises:
        CreditNote: Always.
    """
    raise CreditNote(
        number=f.optional_text(root, _cbc("ID"), field=f.NUMBER),
        type_code=f.optional_text(root, _cbc("CreditNoteTypeCode"), field=f.TYPE_CODE),
    )


def read(root: Element) -> f.Fields:
    """The fields of a UBL invoice or credit note."""
    total = _cac("LegalMonetaryTotal")
    payable = f.required(root, total, _cbc("PayableAmount"), field=f.PAYABLE)
    currency = f.raw_text(root, _cbc("DocumentCurrencyCode"), field=f.CURRENCY)
    return f.Fields(
        number=f.required_text(root, _cbc("ID"), field=f.NUMBER),
        type_code=f.raw_text(root, _cbc(f"{root.name[1]}TypeCode"), field=f.TYPE_CODE),
        issue_date=iso_day(f.raw_text(root, _cbc("IssueDate"), field=f.ISSUE_DATE), f.ISSUE_DATE),
        due_date=_due_date(root),
        currency=currency,
        amount=f.raw_text(payable, field=f.PAYABLE),
        amount_currency=payable.attribute("currencyID"),
        net=f.optional_text(root, total, _cbc("TaxExclusiveAmount"), field=f.NET),
        tax=f.amount_in(currency, _tax_totals(root), field=f.TAX),
        seller=_party(root, "AccountingSupplierParty", field=f.SELLER),
        buyer=_party(root, "AccountingCustomerParty", field=f.BUYER),
        corrects=tuple(_corrected(root)),
    )


def _tax_totals(root: Element) -> Iterator[Element]:
    for each in f.every(root, _cac("TaxTotal")):
        amount = f.optional(each, _cbc("TaxAmount"), field=f.TAX)
        if amount:
            yield amount


def _corrected(root: Element) -> Iterator[InvoiceReference]:
    for each in f.every(root, _cac("BillingReference")):
        invoice = f.optional(each, _cac("InvoiceDocumentReference"), field=f.CORRECTED)
        if invoice:
            day = f.optional_text(invoice, _cbc("IssueDate"), field=f.CORRECTED_DATE)
            yield InvoiceReference(
                f.required_text(invoice, _cbc("ID"), field=f.CORRECTED),
                iso_day(day, f.CORRECTED_DATE) if day else None,
            )


def _due_date(root: Element) -> date | None:
    # EN 16931 binds BT-9 to DueDate; where that is absent, as in UBL 2.0, the means or the terms
    # of payment name the day.
    stated = _day(root, "DueDate")
    means = [_day(each, "PaymentDueDate") for each in f.every(root, _cac("PaymentMeans"))]
    terms = [_day(each, "PaymentDueDate") for each in f.every(root, _cac("PaymentTerms"))]
    return stated or f.latest_day([*means, *terms])


def _day(parent: Element, name: str) -> date | None:
    text = f.optional_text(parent, _cbc(name), field=f.DUE_DATE)
    return iso_day(text, f.DUE_DATE) if text else None


def _party(root: Element, role: str, *, field: str) -> InvoiceParty:
    party = f.required(root, _cac(role), _cac("Party"), field=field)
    legal = f.optional(party, _cac("PartyLegalEntity"), field=f"legal entity of the {field}")
    name = f"name of the {field}"
    return f.party(
        f.optional_text(legal, _cbc("RegistrationName"), field=name)  # BT-27, BT-44
        or f.optional_text(party, _cac("PartyName"), _cbc("Name"), field=name),
        _identifiers(party, legal, field=f"identifier of the {field}"),
        field=field,
    )


def _identifiers(
    party: Element, legal: Element | None, *, field: str
) -> Iterator[tuple[Element, str | None]]:
    """The legal registration, then tax registrations (VAT first), then other identifiers."""
    company = f.optional(legal, _cbc("CompanyID"), field=field)
    if company:
        yield company, company.attribute("schemeID")
    yield from sorted(_tax_registrations(party, field=field), key=lambda each: each[1] != "VA")
    own = [
        found
        for each in f.every(party, _cac("PartyIdentification"))
        if (found := f.optional(each, _cbc("ID"), field=field))
        and found.attribute("schemeID") != _BANK_SCHEME
    ]
    endpoint = f.optional(party, _cbc("EndpointID"), field=field)
    # Where a party has several identifiers, one with a scheme means the same to everyone.
    own.sort(key=lambda each: each.attribute("schemeID") is None)
    for element in [*own, *([endpoint] if endpoint else [])]:
        yield element, element.attribute("schemeID")


def _tax_registrations(party: Element, *, field: str) -> Iterator[tuple[Element, str]]:
    for each in f.every(party, _cac("PartyTaxScheme")):
        number = f.optional(each, _cbc("CompanyID"), field=field)
        scheme = f.optional_text(each, _cac("TaxScheme"), _cbc("ID"), field=field)
        if number:
            yield number, "VA" if scheme == "VAT" else "FC"
