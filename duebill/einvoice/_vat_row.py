"""From a row of a Chinese VAT invoice list to an invoice.

The heads decide what a column is. Lists of the tax bureau's platform and of accounting programs
call the same thing by several names; a list names one party in full and the other by its own code,
or both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from duebill.einvoice import _lexical
from duebill.einvoice._canonical import row_hash
from duebill.errors import (
    BadAmount,
    BadDate,
    BadField,
    BadRow,
    MissingField,
    NothingToPay,
    RepeatedField,
    VoidInvoice,
)
from duebill.model import Invoice, InvoiceKind, InvoiceParty, InvoiceReference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

NUMBER = "发票号码"
_DIGITAL = "数电票号码"
_CODE = "发票代码"
_DATE = "开票日期"
_NET = "金额"
_TAX = "税额"
_GROSS = "价税合计"
_STATUS = "发票状态"
_REMARK = "备注"
_OWNER = "企业代号"
_SELLER, _SELLER_ID = "销方名称", "销方识别号"
_BUYER, _BUYER_ID = "购方名称", "购方识别号"
_RED_CODE, _RED_NUMBER = "原发票代码", "原发票号码"

# Other heads for the same columns.
_ALIASES = {
    "数电发票号码": _DIGITAL,
    "全电发票号码": _DIGITAL,
    "开票时间": _DATE,
    "不含税金额": _NET,
    "合计金额": _NET,
    "合计税额": _TAX,
    "含税金额": _GROSS,
    "状态": _STATUS,
    "企业名称": _OWNER,
    **{
        f"{who}{what}": _SELLER
        for who in ("销方", "销售方", "销货方")
        for what in ("名称", "单位名称")
    },
    **{
        f"{who}{what}": _BUYER
        for who in ("购方", "购买方", "购货方")
        for what in ("名称", "单位名称")
    },
    **{
        f"{who}{what}": party
        for names, party in (
            (("销方", "销售方", "销货方"), _SELLER_ID),
            (("购方", "购买方", "购货方"), _BUYER_ID),
        )
        for who in names
        for what in ("识别号", "纳税人识别号", "税号", "单位代号")
    },
    **{f"{prefix}代码": _RED_CODE for prefix in ("原蓝字发票", "蓝字发票", "对应蓝字发票")},
    **{f"{prefix}号码": _RED_NUMBER for prefix in ("原蓝字发票", "蓝字发票", "对应蓝字发票")},
}
_KNOWN = {
    *(NUMBER, _DIGITAL, _CODE, _DATE, _NET, _TAX, _GROSS, _STATUS, _REMARK, _OWNER),
    *(_SELLER, _SELLER_ID, _BUYER, _BUYER_ID, _RED_CODE, _RED_NUMBER),
}

_GOOD = frozenset({"有效发票", "有效", "正常", "正常发票"})
_VOID = frozenset(
    {
        "作废发票",
        "作废",
        "已作废",
        "空白作废",
        "已红冲",
        "已红冲-全额",
        "已红冲-部分",
        "全额红冲",
        "部分红冲",
    }
)

_UNIT = re.compile(r"\(.*\)$")
_TEXT_FORMULA = re.compile(r'="([0-9]*)"')  # how a list keeps a spreadsheet from cutting zeros
_DIGITS = re.compile(r"[0-9]{1,20}")
_SIGNED = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?)")
_DAY = re.compile(
    r"([0-9]{4})(?:/([0-9]{1,2})/|-([0-9]{1,2})-|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?"
    r"(?:[ T][0-9:.]{4,15})?"
)
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.[0-9]+)?")
_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, which take 1900 for a leap year
# 红字发票 name their invoice in the remark, in words that the tax bureau prescribes.
_RED_REMARK = re.compile(
    r"对应正数发票代码[::]?\s*([0-9]{10,12})\s*,?\s*(?:发票)?号码[::]?\s*([0-9]{8})(?![0-9])"
)
_RED_DIGITAL_REMARK = re.compile(
    r"被红冲蓝字(?:数电|全电)?(?:发)?票号码[::]?\s*([0-9]{20})(?![0-9])"
)


def column_of(head: str) -> str | None:
    """The column that a head names, None when it is of no interest."""
    name = "".join(unicodedata.normalize("NFKC", head).split()).lstrip("*\ufeff")
    name = _UNIT.sub("", name)
    return _ALIASES.get(name, name if name in _KNOWN else None)


def are_heads(cells: Sequence[str]) -> bool:
    """Whether a line holds the heads of a list: one of them is an invoice number."""
    return not {NUMBER, _DIGITAL}.isdisjoint(map(column_of, cells))


class VatRows:
    """Reads the rows under one line of heads.

    Args:
        heads: The cells of that line.
        currency: The ISO 4217 code of all amounts.

    Raises:
        MissingField: A column is absent that every list has.
        RepeatedField: Two columns are the same.
    """

    def __init__(self, heads: Sequence[str], *, currency: str) -> None:
        self._width = len(heads)
        self._currency = _lexical.currency(currency, "currency of the list")
        self._at: dict[str, int] = {}
        for index, head in enumerate(heads):
            column = column_of(head)
            if column in self._at:
                raise RepeatedField(column, element=column, count=2)
            if column:
                self._at[column] = index
        for column in (_DATE, _GROSS):
            if column not in self._at:
                raise MissingField(f"column {column}")

    def read(self, cells: Sequence[str]) -> Invoice:
        """The invoice of one row.

        Raises:
            InvoiceError: The row is none, is void, or is not written as it should be.
        """
        if len(cells) != self._width and any(map(str.strip, cells[self._width :])):
            raise BadRow(len(cells), expected=self._width)
        number = self._number(cells)
        self._require_valid(cells, number)
        gross, sign = self._gross(cells)
        net, tax = self._parts(cells, gross, sign)
        seller, buyer = self._parties(cells)
        invoice = Invoice(
            number=number,
            type_code="380" if sign > 0 else "381",
            issue_date=_day(self._needed(cells, _DATE)),
            due_date=None,
            currency=self._currency,
            payable_amount=gross,
            seller=seller,
            buyer=buyer,
            syntax="VAT list",
            documents_hash="",
            kind=InvoiceKind.INVOICE if sign > 0 else InvoiceKind.RED_LETTER,
            code=self._text(cells, _CODE) or None,
            net_amount=net,
            tax_amount=tax,
            corrects=() if sign > 0 else self._corrected(cells),
        )
        return replace(invoice, documents_hash=row_hash(_said(invoice)))

    def _text(self, cells: Sequence[str], column: str) -> str:
        """A cell, cleaned; empty when it, or its column, is not there."""
        index = self._at.get(column)
        if index is None or index >= len(cells):
            return ""
        text = _lexical.clean_text(cells[index], column).removeprefix("'")
        literal = _TEXT_FORMULA.fullmatch(text)
        return literal[1] if literal else text

    def _needed(self, cells: Sequence[str], column: str) -> str:
        text = self._text(cells, column)
        if not text:
            raise MissingField(column)
        return text

    def _number(self, cells: Sequence[str]) -> str:
        number = self._text(cells, _DIGITAL) or self._needed(cells, NUMBER)
        if not _DIGITS.fullmatch(number):
            raise BadField(NUMBER, number, "1 to 20 digits are expected")
        return number

    def _require_valid(self, cells: Sequence[str], number: str) -> None:
        if _STATUS not in self._at:
            return
        status = self._needed(cells, _STATUS)
        if status in _VOID:
            raise VoidInvoice(number, status=status)
        if status not in _GOOD:
            raise BadField(_STATUS, status, "it is not known whether such an invoice counts")

    def _gross(self, cells: Sequence[str]) -> tuple[Decimal, int]:
        value, sign = _amount(self._needed(cells, _GROSS), _GROSS)
        if not value:
            raise NothingToPay(f"{value:f}", self._currency)
        return value, sign

    def _parts(
        self, cells: Sequence[str], gross: Decimal, sign: int
    ) -> tuple[Decimal | None, Decimal | None]:
        """The net amount and the tax, which make the gross amount where both are given."""
        net, tax = self._part(cells, _NET, sign), self._part(cells, _TAX, sign)
        if net is not None and tax is not None and net + tax != gross:
            reason = f"{_NET} {net:f} and {_TAX} {tax:f} make {net + tax:f}"
            raise BadAmount(_GROSS, f"{gross:f}", reason)
        return net, tax

    def _part(self, cells: Sequence[str], column: str, sign: int) -> Decimal | None:
        """The net amount or the tax, which has the sign of the gross amount or is zero."""
        text = self._text(cells, column)
        if not text:
            return None
        value, own = _amount(text, column)
        if value and own != sign:
            raise BadAmount(column, text, f"its sign is not that of {_GROSS}")
        return value

    def _parties(self, cells: Sequence[str]) -> tuple[InvoiceParty, InvoiceParty]:
        """Seller and buyer; the firm whose list it is, is the one that the row does not name."""
        seller = self._party(cells, _SELLER, _SELLER_ID)
        buyer = self._party(cells, _BUYER, _BUYER_ID)
        owner = self._text(cells, _OWNER)
        if owner and not (seller and buyer) and (seller or buyer):
            seller = seller or InvoiceParty(owner, owner)
            buyer = buyer or InvoiceParty(owner, owner)
        if seller is None:
            raise MissingField(f"{_SELLER} or {_SELLER_ID}")
        if buyer is None:
            raise MissingField(f"{_BUYER} or {_BUYER_ID}")
        return seller, buyer

    def _party(self, cells: Sequence[str], name: str, identifier: str) -> InvoiceParty | None:
        called, known_as = self._text(cells, name), self._text(cells, identifier)
        if not (called or known_as):
            return None
        return InvoiceParty(called or known_as, known_as or None)

    def _corrected(self, cells: Sequence[str]) -> tuple[InvoiceReference, ...]:
        """The invoice that a red-letter row takes back from, where the row names it."""
        number = self._text(cells, _RED_NUMBER)
        if number:
            return (InvoiceReference(number, code=self._text(cells, _RED_CODE) or None),)
        remark = unicodedata.normalize("NFKC", self._text(cells, _REMARK))
        paper = {(each[2], each[1]) for each in _RED_REMARK.finditer(remark)}
        digital = {(each[1], None) for each in _RED_DIGITAL_REMARK.finditer(remark)}
        return tuple(InvoiceReference(n, code=c) for n, c in sorted(paper) + sorted(digital))


def _amount(text: str, field: str) -> tuple[Decimal, int]:
    """The size of an amount, and its sign."""
    match = _SIGNED.fullmatch(text)
    if match is None:
        raise BadAmount(field, text, "digits with at most one decimal point are expected")
    return _lexical.amount(match[2], field), -1 if match[1] else 1


def _said(invoice: Invoice) -> Iterator[str]:
    """The fields that the documents hash covers, in the order of docs/invoices.md."""
    yield from (invoice.kind.value, invoice.code or "", invoice.number)
    yield from (invoice.issue_date.isoformat(), invoice.currency)
    for party in (invoice.seller, invoice.buyer):
        yield from (party.name, party.id or "")
    for amount in (invoice.net_amount, invoice.tax_amount, invoice.payable_amount):
        yield _shortest(amount)
    for each in invoice.corrects:
        yield from (each.code or "", each.number)


def _shortest(amount: Decimal | None) -> str:
    """The amount without zeros at its end, so that 5, 5.0 and 5.00 hash alike; empty for None."""
    if amount is None:
        return ""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(text: str) -> date:
    """A day as 2023/5/4, 2023-05-04, 2023.5.4, 2023年5月4日, 20230504 or a spreadsheet's number."""
    match = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _EPOCH + timedelta(days=int(serial[1]))
    if match is None:
        raise BadDate(_DATE, text, "a day such as 2023/5/4 is expected")
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadDate(_DATE, text, "there is no such day") from error
