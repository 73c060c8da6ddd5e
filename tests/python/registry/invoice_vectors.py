"""The invoices of tests/vectors/invoice-keys.json, as they were written down. Run it to write it anew."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from duebill.einvoice import Refused, read_vat_list
from duebill.model import Invoice, InvoiceKind, InvoiceParty
from duebill.registry import KeyRing, key_message

PATH = Path(__file__).resolve().parents[2] / "vectors" / "invoice-keys.json"
SECRET = bytes(range(32))

PAPER = {
    "kind": "invoice",
    "seller": "91310000MA1K35B31X",
    "code": "3100182130",
    "number": "00345678",
    "date": "2023-05-04",
    "currency": "CNY",
    "amount": "1000",
}
DIGITAL = {**PAPER, "code": "", "number": "24312000000012345678", "amount": "56500.5"}
EUROPEAN = {**PAPER, "seller": "DE123456789", "code": "", "number": "RE-2024/0017a"}
EUROPEAN |= {"currency": "EUR", "amount": "1190.01"}

# Other ways to write the same invoice, ...
SAME: list[tuple[str, dict[str, str], list[dict[str, str]]]] = [
    (
        "paper VAT invoice",
        PAPER,
        [
            {"number": "345678"},
            {"number": " 0034 5678\u200b"},
            {"number": "\uff10\uff10\uff13\uff14\uff15\uff16\uff17\uff18"},
            {"code": "\u20073100182130\u3000"},
            {"seller": "91310000ma1k35b31x"},
            {"seller": "9131 0000-MA1K35B31X"},
            {"seller": "９１３１００００ＭＡ１Ｋ３５Ｂ３１Ｘ"},  # noqa: RUF001 - full width
            {"amount": "1000.00"},
            {"amount": "1000.000000"},
        ],
    ),
    ("fully digital invoice", DIGITAL, [{"code": "3124120000"}, {"amount": "56500.50"}]),
    (
        "European invoice",
        EUROPEAN,
        [
            {"number": "re-2024/0017A"},
            {"number": "RE\u20132024/0017a"},
            {"number": "RE \u2212 2024 / 0017a"},
            {"seller": "de 123.456.789"},
        ],
    ),
]
# ... and invoices that look like it and are others.
OTHERS: list[tuple[str, dict[str, str]]] = [
    ("a red-letter invoice of the same number and amount", {**PAPER, "kind": "red_letter"}),
    ("the same number under another code", {**PAPER, "code": "3100182140"}),
    ("the same number of another seller", {**PAPER, "seller": "91310000MA1K35B31Y"}),
    ("another day", {**PAPER, "date": "2023-04-05"}),
    ("another amount", {**PAPER, "amount": "1000.000001"}),
    ("another currency", {**PAPER, "currency": "USD"}),
    ("the next number", {**PAPER, "number": "00345679"}),
    ("parts of a number in another order", {**EUROPEAN, "number": "RE-2024/00-17a"}),
    ("zeros inside a number that is no mere number", {**EUROPEAN, "number": "RE-2024/17a"}),
    ("characters that moved from the code to the number", {**PAPER, "code": "310018213"}),
]
# Dates and amounts as lists have them; all of PAPER.
DATES = ["2023-05-04", "2023/5/4", "2023.05.04", "2023年5月4日", "20230504", "2023/05/04 13:45:00"]
DATES += ["45050", " 2023-5-4"]
AMOUNTS = ["1000", "1000.0", "1000.00", " 1000 "]


def invoice_of(fields: dict[str, str]) -> Invoice:
    """An invoice with these fields."""
    return Invoice(
        number=fields["number"],
        type_code="380",
        issue_date=date.fromisoformat(fields["date"]),
        due_date=None,
        currency=fields["currency"],
        payable_amount=Decimal(fields["amount"]),
        seller=InvoiceParty("Seller", fields["seller"]),
        buyer=InvoiceParty("Buyer", "91330000MA2B2C3D4E"),
        syntax="UBL",
        documents_hash="0x" + "00" * 32,
        kind=InvoiceKind(fields["kind"]),
        code=fields["code"] or None,
    )


def listed(day: str, amount: str) -> Invoice:
    """`PAPER` out of a list of VAT invoices that writes day and amount so."""
    heads = ("发票代码", "发票号码", "开票日期", "销方识别号", "购方识别号", "价税合计")
    row = (PAPER["code"], PAPER["number"], day, PAPER["seller"], "91330000MA2B2C3D4E", amount)
    text = io.StringIO()
    csv.writer(text).writerows([heads, row])
    (found,) = read_vat_list(text.getvalue().encode())
    assert not isinstance(found, Refused), found
    return found


def vectors() -> dict[str, Any]:
    """What the file holds."""
    ring = KeyRing(SECRET)

    def told(name: str, fields: dict[str, str]) -> dict[str, Any]:
        invoice = invoice_of(fields)
        message = key_message(invoice).decode()
        return {"name": name, "invoice": fields, "message": message, "key": ring.key_of(invoice)}

    return {
        "secret": SECRET.hex(),
        "check": ring.checks()[0][1],
        "same": [
            {**told(name, fields), "written": [{**fields, **other} for other in others]}
            for name, fields, others in SAME
        ],
        "others": [told(name, fields) for name, fields in OTHERS],
        "dates": DATES,
        "amounts": AMOUNTS,
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", "utf-8")
