"""VAT invoice lists made to measure."""

from __future__ import annotations

HEADS = ",企业代号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态"
_ROW = {
    "number": "3390939",
    "day": "2026/7/18",
    "buyer": "B03711",
    "net": "943.4",
    "tax": "56.6",
    "gross": "1000.0",
    "status": "有效发票",
}


def row(**cells: str) -> str:
    """A sound row of sales; each keyword replaces one cell."""
    found = {**_ROW, **cells}
    return f"0,E7,{','.join(found.values())}"


def sheet(*rows: str, heads: str = HEADS, encoding: str = "utf-8-sig") -> bytes:
    """A list as a spreadsheet writes it."""
    return "".join(f"{line}\r\n" for line in (heads, *rows)).encode(encoding)
