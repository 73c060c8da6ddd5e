"""Walking an invoice's tree: fixed paths from the root, one element at each step.

A path is followed through direct children only. What stands elsewhere, in an extension or in a
second invoice wrapped inside the first, is never met; and where a path could lead two ways, the
invoice is refused instead of one of them being taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.einvoice._lexical import clean_text
from duebill.errors import MissingField, RepeatedField
from duebill.model import InvoiceParty

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from duebill.einvoice._xml import Element, QName
    from duebill.model import InvoiceReference

NUMBER = "invoice number (BT-1)"
ISSUE_DATE = "issue date (BT-2)"
TYPE_CODE = "invoice type code (BT-3)"
CURRENCY = "invoice currency (BT-5)"
DUE_DATE = "due date (BT-9)"
SELLER = "seller (BG-4)"
BUYER = "buyer (BG-7)"
TOTALS = "document totals (BG-22)"
PAYABLE = "amount due for payment (BT-115)"
NET = "total without tax (BT-109)"
TAX = "total of the tax (BT-110)"
CORRECTED = "preceding invoice (BG-3)"
CORRECTED_DATE = "date of the preceding invoice (BT-26)"


@dataclass(frozen=True, slots=True)
class Fields:
    """What both syntaxes yield: names and identifiers cleaned, codes and amounts as written."""

    number: str
    type_code: str
    issue_date: date
    due_date: date | None
    currency: str
    amount: str
    amount_currency: str | None
    net: str | None
    tax: str | None
    seller: InvoiceParty
    buyer: InvoiceParty
    corrects: tuple[InvoiceReference, ...]


def every(parent: Element, name: QName) -> list[Element]:
    """The direct children of that name."""
    return [child for child in parent.children if child.name == name]


def optional(parent: Element | None, *path: QName, field: str) -> Element | None:
    """The element at the end of the path, or None where the path ends early."""
    for name in path:
        found = every(parent, name) if parent else []
        if len(found) > 1:
            raise RepeatedField(field, element=name[1], count=len(found))
        parent = found[0] if found else None
    return parent


def required(parent: Element, *path: QName, field: str) -> Element:
    """The element at the end of the path."""
    found = optional(parent, *path, field=field)
    if found is None:
        raise MissingField(field)
    return found


def optional_text(parent: Element | None, *path: QName, field: str) -> str | None:
    """The cleaned text at the end of the path; None when it is absent or empty."""
    found = optional(parent, *path, field=field)
    return (clean_text(found.text, field) or None) if found else None


def required_text(parent: Element, *path: QName, field: str) -> str:
    """The cleaned text at the end of the path."""
    text = optional_text(parent, *path, field=field)
    if text is None:
        raise MissingField(field)
    return text


def raw_text(parent: Element, *path: QName, field: str) -> str:
    """The text at the end of the path as it is written, for codes and numbers."""
    text = required(parent, *path, field=field).text
    if not text:
        raise MissingField(field)
    return text


def amount_in(currency: str, candidates: Iterable[Element], *, field: str) -> str | None:
    """The one amount in the invoice currency; the tax may stand in a second one (BT-111)."""
    found = [each for each in candidates if each.attribute("currencyID") in {None, currency}]
    if len(found) > 1:
        raise RepeatedField(field, element=found[0].name[1], count=len(found))
    return (found[0].text or None) if found else None


def latest_day(days: Iterable[date | None]) -> date | None:
    """The last of several due days, by which the whole amount is due; None when there is none."""
    return max((day for day in days if day), default=None)


def party(
    name: str | None, candidates: Iterable[tuple[Element, str | None]], *, field: str
) -> InvoiceParty:
    """A party from its name and its identifiers with their schemes, best first."""
    if name is None:
        raise MissingField(f"name of the {field}")
    for element, scheme in candidates:
        identifier = clean_text(element.text, f"identifier of the {field}")
        if identifier:
            return InvoiceParty(name, identifier, clean_text(scheme or "", field) or None)
    return InvoiceParty(name)
