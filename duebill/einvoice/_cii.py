"""UN/CEFACT Cross Industry Invoice D16B, by the binding of EN 16931 (CEN/TS 16931-3-3).

Factur-X and ZUGFeRD 2 carry the same syntax in every profile, MINIMUM to EXTENDED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.einvoice import _fields as f
from duebill.einvoice._lexical import compact_day, iso_time
from duebill.errors import MissingField
from duebill.model import InvoiceReference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from duebill.einvoice._xml import Element, QName
    from duebill.model import InvoiceParty

_CII = "urn:un:unece:uncefact:data:standard:"
INVOICE = (f"{_CII}CrossIndustryInvoice:100", "CrossIndustryInvoice")


def _rsm(name: str) -> QName:
    return f"{_CII}CrossIndustryInvoice:100", name


def _ram(name: str) -> QName:
    return f"{_CII}ReusableAggregateBusinessInformationEntity:100", name


def _udt(name: str) -> QName:
    return f"{_CII}UnqualifiedDataType:100", name


def _qdt(name: str) -> QName:
    return f"{_CII}QualifiedDataType:100", name


def read(root: Element) -> f.Fields:
    """The fields of a CII invoice."""
    document = f.required(root, _rsm("ExchangedDocument"), field=f.NUMBER)
    trade = f.required(root, _rsm("SupplyChainTradeTransaction"), field=f.TOTALS)
    agreement = f.required(trade, _ram("ApplicableHeaderTradeAgreement"), field=f.SELLER)
    settlement = f.required(trade, _ram("ApplicableHeaderTradeSettlement"), field=f.TOTALS)
    summation = _ram("SpecifiedTradeSettlementHeaderMonetarySummation")
    totals = f.required(settlement, summation, field=f.PAYABLE)
    payable = f.required(totals, _ram("DuePayableAmount"), field=f.PAYABLE)
    currency = f.raw_text(settlement, _ram("InvoiceCurrencyCode"), field=f.CURRENCY)
    taxes = f.every(totals, _ram("TaxTotalAmount"))
    return f.Fields(
        number=f.required_text(document, _ram("ID"), field=f.NUMBER),
        type_code=f.raw_text(document, _ram("TypeCode"), field=f.TYPE_CODE),
        issue_date=_issue_date(document),
        due_date=_due_date(settlement),
        currency=currency,
        amount=f.raw_text(payable, field=f.PAYABLE),
        amount_currency=payable.attribute("currencyID"),
        net=f.optional_text(totals, _ram("TaxBasisTotalAmount"), field=f.NET),
        tax=f.amount_in(currency, taxes, field=f.TAX),
        seller=_party(agreement, "SellerTradeParty", field=f.SELLER),
        buyer=_party(agreement, "BuyerTradeParty", field=f.BUYER),
        corrects=tuple(_corrected(settlement)),
    )


def _issue_date(document: Element) -> date:
    issued = _day(document, "IssueDateTime", field=f.ISSUE_DATE)
    if issued is None:
        raise MissingField(f.ISSUE_DATE)
    return issued


def _due_date(settlement: Element) -> date | None:
    # EN 16931 allows one set of terms; EXTENDED allows instalments, each with its day.
    terms = f.every(settlement, _ram("SpecifiedTradePaymentTerms"))
    return f.latest_day(_day(each, "DueDateDateTime", field=f.DUE_DATE) for each in terms)


def _corrected(settlement: Element) -> Iterator[InvoiceReference]:
    for each in f.every(settlement, _ram("InvoiceReferencedDocument")):
        yield InvoiceReference(
            f.required_text(each, _ram("IssuerAssignedID"), field=f.CORRECTED),
            _day(each, "FormattedIssueDateTime", field=f.CORRECTED_DATE, text=_qdt),
        )


def _day(
    parent: Element, name: str, *, field: str, text: Callable[[str], QName] = _udt
) -> date | None:
    holder = f.optional(parent, _ram(name), field=field)
    compact = f.optional(holder, text("DateTimeString"), field=field)
    if compact and compact.text:
        return compact_day(compact.text, field, code=compact.attribute("format") or "102")
    full = f.optional_text(holder, _udt("DateTime"), field=field)
    return iso_time(full, field) if full else None


def _party(agreement: Element, role: str, *, field: str) -> InvoiceParty:
    party = f.required(agreement, _ram(role), field=field)
    legal = f.optional(
        party, _ram("SpecifiedLegalOrganization"), field=f"legal organisation of the {field}"
    )
    name = f"name of the {field}"
    return f.party(
        f.optional_text(party, _ram("Name"), field=name)  # BT-27, BT-44
        or f.optional_text(legal, _ram("TradingBusinessName"), field=name),
        _identifiers(party, legal, field=f"identifier of the {field}"),
        field=field,
    )


def _identifiers(
    party: Element, legal: Element | None, *, field: str
) -> Iterator[tuple[Element, str | None]]:
    """The legal registration, then tax registrations (VAT first), then other identifiers."""
    taxes = [
        tax
        for each in f.every(party, _ram("SpecifiedTaxRegistration"))
        if (tax := f.optional(each, _ram("ID"), field=field))
    ]
    taxes.sort(key=lambda tax: tax.attribute("schemeID") != "VA")
    endpoint = f.optional(
        party, _ram("URIUniversalCommunication"), _ram("URIID"), field=f"address of the {field}"
    )
    company = f.optional(legal, _ram("ID"), field=field)
    candidates = [company, *taxes, *f.every(party, _ram("GlobalID"))]
    for element in [*candidates, *f.every(party, _ram("ID")), endpoint]:
        if element:
            yield element, element.attribute("schemeID")
