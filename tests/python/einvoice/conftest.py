"""Invoices made to measure: the smallest that EN 16931 would recognise, with any part replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from duebill import samples

if TYPE_CHECKING:
    from collections.abc import Callable

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CII = "urn:un:unece:uncefact:data:standard:"

_UBL_PARTS = {
    "prolog": '<?xml version="1.0" encoding="UTF-8"?>',
    "extensions": "",
    "number": "<cbc:ID>A-1</cbc:ID>",
    "issue": "<cbc:IssueDate>2026-03-01</cbc:IssueDate>",
    "due": "<cbc:DueDate>2026-08-28</cbc:DueDate>",
    "type": "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>",
    "currency": "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
    "references": "",
    "seller": "<cac:PartyName><cbc:Name>Seller Ltd</cbc:Name></cac:PartyName>",
    "buyer": "<cac:PartyName><cbc:Name>Buyer AG</cbc:Name></cac:PartyName>",
    "means": "",
    "taxes": "",
    "payable": '<cbc:PayableAmount currencyID="EUR">119.00</cbc:PayableAmount>',
}
_UBL = (
    "{prolog}"
    f'<Invoice xmlns="{UBL}Invoice-2" xmlns:cac="{UBL}CommonAggregateComponents-2" '
    f'xmlns:cbc="{UBL}CommonBasicComponents-2" xmlns:ext="{UBL}CommonExtensionComponents-2">'
    "{extensions}{number}{issue}{due}{type}{currency}{references}"
    "<cac:AccountingSupplierParty><cac:Party>{seller}</cac:Party></cac:AccountingSupplierParty>"
    "<cac:AccountingCustomerParty><cac:Party>{buyer}</cac:Party></cac:AccountingCustomerParty>"
    "{means}{taxes}<cac:LegalMonetaryTotal>{payable}</cac:LegalMonetaryTotal></Invoice>"
)
_CII_PARTS = {
    "context": "",
    "number": "<ram:ID>A-1</ram:ID>",
    "type": "<ram:TypeCode>380</ram:TypeCode>",
    "issue": '<udt:DateTimeString format="102">20260301</udt:DateTimeString>',
    "notes": "",
    "seller": "<ram:Name>Seller Ltd</ram:Name>",
    "buyer": "<ram:Name>Buyer AG</ram:Name>",
    "currency": "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>",
    "terms": "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>"
    '<udt:DateTimeString format="102">20260828</udt:DateTimeString>'
    "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>",
    "payable": "<ram:DuePayableAmount>119.00</ram:DuePayableAmount>",
}
_CII = (
    f'<rsm:CrossIndustryInvoice xmlns:rsm="{CII}CrossIndustryInvoice:100" '
    f'xmlns:ram="{CII}ReusableAggregateBusinessInformationEntity:100" '
    f'xmlns:udt="{CII}UnqualifiedDataType:100">'
    "<rsm:ExchangedDocumentContext>{context}</rsm:ExchangedDocumentContext>"
    "<rsm:ExchangedDocument>{number}{type}<ram:IssueDateTime>{issue}</ram:IssueDateTime>{notes}"
    "</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>"
    "<ram:SellerTradeParty>{seller}</ram:SellerTradeParty>"
    "<ram:BuyerTradeParty>{buyer}</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>"
    "<ram:ApplicableHeaderTradeDelivery/><ram:ApplicableHeaderTradeSettlement>{currency}{terms}"
    "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{payable}"
    "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
    "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
)


@pytest.fixture(scope="session")
def ubl() -> Callable[..., bytes]:
    """Make a UBL invoice; each keyword replaces one part."""
    return lambda **parts: _UBL.format(**{**_UBL_PARTS, **parts}).encode()


@pytest.fixture(scope="session")
def cii() -> Callable[..., bytes]:
    """Make a CII invoice; each keyword replaces one part."""
    return lambda **parts: _CII.format(**{**_CII_PARTS, **parts}).encode()


@pytest.fixture(params=[name for name in samples.names() if "credit" not in name])
def sample(request) -> bytes:
    """Each payable sample in turn."""
    return samples.read(request.param)
