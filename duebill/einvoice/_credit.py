"""Credit notes and red-letter invoices: what they leave of the invoices that they name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from duebill.einvoice._seen import plain_number
from duebill.model import InvoiceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from duebill.model import Invoice, InvoiceParty, InvoiceReference


class Mismatch(StrEnum):
    """Why a credit note was not applied to any invoice."""

    NAMES_NONE = "it names no invoice"
    NAMES_SEVERAL = "it names several invoices and no part for each"
    NOT_HERE = "the seller's invoice that it names is not here"
    FITS_SEVERAL = "what it names fits several invoices"
    OTHER_BUYER = "the invoice that it names has another buyer"
    OTHER_CURRENCY = "the invoice that it names is in another currency"
    EXCEEDS = "it takes back more than is left of the invoice that it names"
    REPEATED = "the same credit note was applied before"


@dataclass(frozen=True, slots=True)
class InvoiceBalance:
    """An invoice and what credit notes leave of it.

    Attributes:
        invoice: The invoice.
        notes: The credit notes that reduce it, in the order of their dates.
        left: Its payable amount less theirs: zero or more.
    """

    invoice: Invoice
    notes: tuple[Invoice, ...]
    left: Decimal


@dataclass(frozen=True, slots=True)
class UnappliedNote:
    """A credit note that reduces nothing here, and why."""

    note: Invoice
    reason: Mismatch


@dataclass(frozen=True, slots=True)
class Credited:
    """What `apply_credit_notes` found.

    Attributes:
        balances: One for each invoice, in the order in which they were given.
        unapplied: The credit notes that reduce none of them.
    """

    balances: tuple[InvoiceBalance, ...]
    unapplied: tuple[UnappliedNote, ...]


def apply_credit_notes(documents: Iterable[Invoice]) -> Credited:
    """Reduce invoices by the credit notes and red-letter invoices that name them.

    A credit note is applied whole or not at all, and only where seller, number and, as far as both
    tell them, code and date name exactly one invoice with the same buyer and currency. Nothing is
    guessed from amounts. Credit notes are taken in the order of their dates, then numbers,
    whatever order they come in.

    Args:
        documents: Invoices and credit notes together, in any order.
    """
    invoices: list[Invoice] = []
    notes: list[Invoice] = []
    for each in documents:
        (invoices if each.kind is InvoiceKind.INVOICE else notes).append(each)
    named = _by_name(invoices)
    left = [invoice.payable_amount for invoice in invoices]
    applied: dict[int, list[Invoice]] = defaultdict(list)
    unapplied: list[UnappliedNote] = []
    done: set[tuple[str, str, str]] = set()
    for note in sorted(notes, key=_order):
        found = _target(note, named, invoices)
        if not isinstance(found, Mismatch):
            found = _obstacle(note, invoices[found], left[found], done) or found
        if isinstance(found, Mismatch):
            unapplied.append(UnappliedNote(note, found))
            continue
        done.add(_name(note))
        applied[found].append(note)
        left[found] -= note.payable_amount
    balances = (
        InvoiceBalance(invoice, tuple(applied[index]), left[index])
        for index, invoice in enumerate(invoices)
    )
    return Credited(tuple(balances), tuple(unapplied))


def _by_name(invoices: Sequence[Invoice]) -> Mapping[tuple[str, str], list[int]]:
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, invoice in enumerate(invoices):
        named[_party(invoice.seller), plain_number(invoice.number)].append(index)
    return named


def _target(
    note: Invoice, named: Mapping[tuple[str, str], list[int]], invoices: Sequence[Invoice]
) -> int | Mismatch:
    if not note.corrects:
        return Mismatch.NAMES_NONE
    if len(note.corrects) > 1:
        return Mismatch.NAMES_SEVERAL
    reference = note.corrects[0]
    candidates = named.get((_party(note.seller), plain_number(reference.number)), ())
    fitting = [index for index in candidates if _fits(reference, invoices[index])]
    if not fitting:
        return Mismatch.NOT_HERE
    return fitting[0] if len(fitting) == 1 else Mismatch.FITS_SEVERAL


def _fits(reference: InvoiceReference, invoice: Invoice) -> bool:
    same_code = not (reference.code and invoice.code) or reference.code == invoice.code
    return same_code and reference.issue_date in {None, invoice.issue_date}


def _obstacle(
    note: Invoice, invoice: Invoice, left: Decimal, done: set[tuple[str, str, str]]
) -> Mismatch | None:
    if _name(note) in done:
        return Mismatch.REPEATED
    if _party(note.buyer) != _party(invoice.buyer):
        return Mismatch.OTHER_BUYER
    if note.currency != invoice.currency:
        return Mismatch.OTHER_CURRENCY
    return Mismatch.EXCEEDS if note.payable_amount > left else None


def _party(party: InvoiceParty) -> str:
    return "".join((party.id or party.name).split()).casefold()


def _name(note: Invoice) -> tuple[str, str, str]:
    return _party(note.seller), note.code or "", plain_number(note.number)


def _order(note: Invoice) -> tuple[object, ...]:
    return note.issue_date, *_name(note), note.payable_amount, note.documents_hash
