"""The values that Duebill speaks of: frozen, typed, free of any chain or file."""

from __future__ import annotations

from duebill.model._invoice import Invoice, InvoiceParty, InvoiceSyntax

__all__ = ["Invoice", "InvoiceParty", "InvoiceSyntax"]
