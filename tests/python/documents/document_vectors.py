"""The documents of tests/vectors/documents.json, as they were written down. Run it to write it anew."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from duebill.documents import DocumentFile, DocumentSet, Field, Identity, WholeInvoice
from duebill.documents import invoice_fields as fields_of
from duebill.model import Invoice, InvoiceParty

PATH = Path(__file__).resolve().parents[2] / "vectors" / "documents.json"
KEY = bytes(range(32))
SECRET = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG"  # noqa: S105 - all the world may have it

INVOICE = Invoice(
    number="RE-2027/Ä17",
    type_code="380",
    issue_date=date(2027, 2, 14),
    due_date=date(2027, 5, 15),
    currency="EUR",
    payable_amount=Decimal("1190.10"),
    net_amount=Decimal("1000.00"),
    tax_amount=Decimal("190.10"),
    seller=InvoiceParty("Bremsen Süd GmbH", "DE123456789", "VA"),
    buyer=InvoiceParty("车企 Motors SE"),
    syntax="UBL",
    documents_hash="0x" + "ab" * 32,
)
FILES = {
    "contract.pdf": b"%PDF-1.7 a contract",
    "delivery-note 17.txt": b"Lieferschein 17\n",
    "photo.xyz": bytes(range(256)),
}


def files() -> list[DocumentFile]:
    return [DocumentFile.of(content, name=name) for name, content in FILES.items()]


def invoice_set() -> DocumentSet:
    """All there is: fields, the whole invoice, files."""
    return DocumentSet.of_invoice(INVOICE, key=KEY, files=files())


def sets() -> dict[str, DocumentSet]:
    """Trees of several shapes; the second is what an issue without further documents commits to."""
    some = [Field(f"note.{number}", str(number)) for number in range(1, 8)]
    return {
        "invoice with three files": invoice_set(),
        "the whole invoice alone": DocumentSet([WholeInvoice(INVOICE.documents_hash)], key=KEY),
        **{f"{n} fields": DocumentSet(some[:n], key=KEY) for n in (1, 2, 3, 5, 6, 7)},
    }


def vectors() -> dict[str, Any]:
    """What the file holds."""
    return {
        "key": "0x" + KEY.hex(),
        "invoice": INVOICE.to_json(),
        "invoice_fields": [entry.to_json() for entry in fields_of(INVOICE)],
        "sets": [{"name": name, **_told(documents)} for name, documents in sets().items()],
        "recipients": [_recipient(SECRET)],
    }


def _told(documents: DocumentSet) -> dict[str, Any]:
    rows = []
    for it in documents.salted:
        proof = documents.prove(it.entry.label)
        rows.append(
            {
                "entry": it.entry.to_json(),
                "content_hash": "0x" + it.entry.content_hash.hex(),
                "salt": "0x" + it.salt.hex(),
                "leaf": proof.leaf,
                "path": list(proof.path),
            }
        )
    return {"root": documents.root, "leaves": rows}


def _recipient(secret: str) -> dict[str, str]:
    identity = Identity(secret)
    return {
        "identity": secret,
        "recipient": identity.recipient,
        "encryption_key": identity.encryption_key,
    }


def main() -> None:
    """Write the file anew."""
    text = json.dumps(vectors(), indent=2, ensure_ascii=False)
    PATH.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
