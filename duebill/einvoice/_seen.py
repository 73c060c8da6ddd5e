"""Which invoices were met before, for any number of them in a fixed amount of memory."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

from duebill.model import InvoiceKind

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from duebill.model import Invoice

_DIGITAL_DIGITS = 20  # 数电票: its number alone names it in all the country


class Seen:
    """Remembers invoices, in a temporary database that SQLite moves to disk as it grows."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute(
            "CREATE TABLE seen (key BLOB PRIMARY KEY, place TEXT NOT NULL) WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def first(self, invoice: Invoice, place: str) -> str | None:
        """Where this invoice was met first; None when that is here."""
        key = _key(invoice)
        added = self._base.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, place))
        if added.rowcount:
            return None
        row = self._base.execute("SELECT place FROM seen WHERE key = ?", (key,)).fetchone()
        return str(row[0])


def _key(invoice: Invoice) -> bytes:
    """What makes it the same invoice: seller, code and number, and whether it is one.

    Paper VAT invoices have numbers of eight digits that repeat under every code. In a list that
    leaves the code out, the same number is another invoice unless buyer, day and amount agree.
    """
    seller = invoice.seller.id or invoice.seller.name
    debt = str(invoice.kind is InvoiceKind.INVOICE)
    parts = [debt, seller.casefold(), invoice.code or "", plain_number(invoice.number)]
    whole = invoice.code or len(invoice.number) == _DIGITAL_DIGITS
    if invoice.syntax == "VAT list" and not whole:
        buyer = invoice.buyer.id or invoice.buyer.name
        amount = f"{invoice.payable_amount.normalize():f}"
        parts += [buyer.casefold(), invoice.issue_date.isoformat(), amount]
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()


def plain_number(number: str) -> str:
    """A number as it is compared: spreadsheets drop the zeros in front of one that is all digits."""
    return number.lstrip("0") if number.isdecimal() else number.casefold()
