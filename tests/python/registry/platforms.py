"""Two platforms that share a registry, and what they register."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from invoice_vectors import PAPER, invoice_of

if TYPE_CHECKING:
    from duebill.model import Invoice
    from duebill.registry import InvoiceRegistry, Registrant

FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class Platforms:
    """The registry, and two platforms that were admitted in this order."""

    registry: InvoiceRegistry
    harbour: Registrant
    meadow: Registrant
    programme: int


def invoices(count: int, *, currency: str = "EUR", amount: str = "100.00") -> list[Invoice]:
    """Invoices of one seller, with the numbers 1 to `count`."""
    pattern = replace(
        invoice_of(PAPER), code=None, currency=currency, payable_amount=Decimal(amount)
    )
    return [replace(pattern, number=f"RE-{number}") for number in range(1, count + 1)]
