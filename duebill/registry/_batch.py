"""Many invoices at once: what the registry would say of each, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from duebill.errors import AmountTooLarge, InvoiceError
from duebill.model import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from duebill.model import Invoice
    from duebill.registry._registry import InvoiceStanding


class Finding(StrEnum):
    """What a check found of an invoice."""

    NEW = "new"
    """Nobody registered it."""

    KNOWN = "known"
    """Somebody registered it, and a part of it, or all, can be used."""

    USED_UP = "used up"
    """Nothing is left of it."""

    VOID = "void"
    """It is registered as void."""

    DIFFERS = "differs"
    """It is registered with another total or currency: somebody is wrong."""

    TAKEN = "taken"
    """Its key stands for a credit note that was applied."""

    REPEATED = "repeated"
    """It is a second time in this batch."""

    REFUSED = "refused"
    """It cannot be registered by anybody."""

    @property
    def usable(self) -> bool:
        """Whether some of the invoice can be used, once it is registered."""
        return self in {Finding.NEW, Finding.KNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedInvoice:
    """One row of a batch.

    Attributes:
        row: Its place in the batch, counted from 1.
        invoice: The invoice.
        key: Its key; None where it has none.
        finding: What was found.
        left: How much of it can be used; zero unless it is new or known.
        registrant: The number of who registered it; None when nobody did.
        reason: Why it cannot be used, in words; empty when it can.
        transaction: The hash of the transaction that registered it; None when none did.
    """

    row: int
    invoice: Invoice
    key: str | None
    finding: Finding
    left: Money
    registrant: int | None = None
    reason: str = ""
    transaction: str | None = None

    def to_json(self) -> dict[str, object]:
        """The row as an object for JSON, without the invoice's content."""
        return {
            "row": self.row,
            "number": self.invoice.number,
            "key": self.key,
            "finding": self.finding.value,
            "left": self.left.to_json(),
            "registrant": self.registrant,
            "reason": self.reason,
            "transaction": self.transaction,
        }


def checked(
    invoices: Iterable[Invoice],
    *,
    key_of: Callable[[Invoice], str],
    look_up: Callable[[Sequence[str]], Mapping[str, InvoiceStanding]],
) -> tuple[CheckedInvoice, ...]:
    """Find out about each invoice.

    Args:
        invoices: The batch, in any order.
        key_of: The key of an invoice, or an `InvoiceError`.
        look_up: What the registry has of keys, all at one block.
    """
    batch = list(invoices)
    keyed = [_keyed(invoice, key_of) for invoice in batch]
    known = look_up([key for key in dict.fromkeys(keyed) if isinstance(key, str)])
    first: dict[str, int] = {}
    found = []
    for row, (invoice, key) in enumerate(zip(batch, keyed, strict=True), 1):
        if not isinstance(key, str):
            found.append(_refused(row, invoice, key))
            continue
        before = first.setdefault(key, row)
        standing = known[key]
        found.append(
            _repeated(row, invoice, key, before)
            if before != row
            else _judged(row, invoice, key, standing)
        )
    return tuple(found)


def total_of(invoice: Invoice) -> Money:
    """The amount that an invoice is registered with.

    Raises:
        CreditNote: The seller owes.
        AmountTooLarge: The registry cannot hold it.
    """
    return Money(invoice.payable_units, invoice.currency)


def _keyed(
    invoice: Invoice, key_of: Callable[[Invoice], str]
) -> str | InvoiceError | AmountTooLarge:
    try:
        total_of(invoice)
        return key_of(invoice)
    except (InvoiceError, AmountTooLarge) as error:
        return error


def _judged(row: int, invoice: Invoice, key: str, standing: InvoiceStanding) -> CheckedInvoice:
    total = total_of(invoice)
    finding, reason = _finding(standing, total)
    left = Money(total.units - standing.taken, total.currency) if finding.usable else None
    return CheckedInvoice(
        row=row,
        invoice=invoice,
        key=key,
        finding=finding,
        left=left or Money.zero(total.currency),
        registrant=standing.registrant or None,
        reason=reason,
    )


def _finding(standing: InvoiceStanding, total: Money) -> tuple[Finding, str]:
    by = f"registrant {standing.registrant}"
    if standing.is_note:
        return Finding.TAKEN, f"{by} applied it as a credit note"
    if standing.is_void:
        return Finding.VOID, f"{by} registered it as void"
    if not standing.registrant:
        return Finding.NEW, ""
    if (standing.units, standing.currency) != (total.units, total.currency):
        other = Money(standing.units, standing.currency)
        return Finding.DIFFERS, f"{by} registered it with a total of {other}"
    if standing.taken == standing.units:
        return Finding.USED_UP, f"{by} registered it, and all of it is used or credited"
    return Finding.KNOWN, ""


def _repeated(row: int, invoice: Invoice, key: str, before: int) -> CheckedInvoice:
    return CheckedInvoice(
        row=row,
        invoice=invoice,
        key=key,
        finding=Finding.REPEATED,
        left=Money.zero(invoice.currency),
        reason=f"it is the invoice of row {before}",
    )


def _refused(row: int, invoice: Invoice, error: InvoiceError | AmountTooLarge) -> CheckedInvoice:
    return CheckedInvoice(
        row=row,
        invoice=invoice,
        key=None,
        finding=Finding.REFUSED,
        left=Money.zero(invoice.currency),
        reason=error.message,
    )
