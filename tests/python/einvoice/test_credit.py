"""What credit notes and red-letter invoices leave of the invoices that they name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill import samples
from duebill.einvoice import Mismatch, apply_credit_notes, read_document
from duebill.model import Invoice, InvoiceKind, InvoiceParty, InvoiceReference

SELLER, BUYER = InvoiceParty("Seller Ltd", "S-1"), InvoiceParty("Buyer AG", "B-1")
DAY = date(2026, 7, 18)


def invoice(number="7", amount="100", **changes):
    made = Invoice(
        number=number,
        type_code="380",
        issue_date=DAY,
        due_date=None,
        currency="EUR",
        payable_amount=Decimal(amount),
        seller=SELLER,
        buyer=BUYER,
        syntax="UBL",
        documents_hash="0x" + "00" * 32,
    )
    return replace(made, **changes)


def note(number="C1", amount="30", corrects="7", **changes):
    references = (InvoiceReference(corrects),) if isinstance(corrects, str) else corrects
    made = invoice(number, amount, kind=InvoiceKind.CREDIT_NOTE, corrects=references)
    return replace(made, **{"issue_date": DAY + timedelta(days=1), **changes})


def test_the_sample_credit_note_reduces_the_sample_invoice():
    """From the files to what is left."""
    names = ("credit-note-eur-ubl", "castings-eur-cii", "brake-systems-eur-ubl")
    credited = apply_credit_notes(read_document(samples.read(name)) for name in names)
    assert credited.unapplied == ()
    assert [balance.invoice.number for balance in credited.balances] == [
        "FVC-26-3318",
        "HBS-2026-004127",
    ]
    assert [balance.left for balance in credited.balances] == [
        Decimal("409590.00"),
        Decimal("1248310.00") - Decimal("8682.24"),
    ]
    assert [len(balance.notes) for balance in credited.balances] == [0, 1]


def test_notes_add_up_to_the_whole_invoice_and_no_further():
    """Taken in the order of their dates; one that is too large leaves room for a smaller one."""
    second = note("C2", "80", issue_date=DAY + timedelta(days=2))
    third = note("C3", "70", issue_date=DAY + timedelta(days=3))
    credited = apply_credit_notes([third, second, note(), invoice()])
    (balance,) = credited.balances
    assert balance.left == 0
    assert [each.number for each in balance.notes] == ["C1", "C3"]
    assert [(each.note.number, each.reason) for each in credited.unapplied] == [
        ("C2", Mismatch.EXCEEDS)
    ]


SEVERAL = (InvoiceReference("7"), InvoiceReference("8"))
OTHER = InvoiceParty("Other", "O-1")


@pytest.mark.parametrize(
    ("credit", "reason"),
    [
        (note(corrects=()), Mismatch.NAMES_NONE),
        (note(corrects=SEVERAL), Mismatch.NAMES_SEVERAL),
        (note(corrects="9"), Mismatch.NOT_HERE),
        (note(seller=OTHER), Mismatch.NOT_HERE),
        (note(corrects=(InvoiceReference("7", DAY - timedelta(1)),)), Mismatch.NOT_HERE),
        (note(buyer=OTHER), Mismatch.OTHER_BUYER),
        (note(currency="USD"), Mismatch.OTHER_CURRENCY),
        (note(amount="100.01"), Mismatch.EXCEEDS),
    ],
)
def test_a_note_that_fits_no_invoice_changes_none(credit, reason):
    """Nothing is guessed; each has its reason."""
    credited = apply_credit_notes([invoice(), credit])
    assert [balance.left for balance in credited.balances] == [Decimal(100)]
    assert [(each.note, each.reason) for each in credited.unapplied] == [(credit, reason)]


def test_the_same_note_twice_counts_once():
    credited = apply_credit_notes([invoice(), note(), note()])
    assert credited.balances[0].left == 70
    assert [each.reason for each in credited.unapplied] == [Mismatch.REPEATED]


def test_code_and_day_tell_invoices_of_one_number_apart():
    """Where they are not told, and several fit, none is taken."""
    invoices = [invoice(code="1"), invoice(code="2", issue_date=DAY - timedelta(1))]
    by_code = note("C1", corrects=(InvoiceReference("007", code="2"),))
    by_day = note("C2", corrects=(InvoiceReference("7", DAY),))
    by_neither = note("C3", corrects=(InvoiceReference("7"),))
    credited = apply_credit_notes([*invoices, by_code, by_day, by_neither])
    assert [balance.notes for balance in credited.balances] == [(by_day,), (by_code,)]
    assert [each.reason for each in credited.unapplied] == [Mismatch.FITS_SEVERAL]


@given(
    st.lists(st.integers(1, 60), max_size=6),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 60), st.integers(0, 3)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_nothing_is_lost_and_no_order_matters(totals, notes, rnd):
    """What was owed is what is left and what was taken; below zero goes nothing."""
    invoices = [invoice(str(index), str(total)) for index, total in enumerate(totals)]
    credits_ = [
        note(f"C{index}", str(amount), str(of), issue_date=DAY + timedelta(days=day))
        for index, (of, amount, day) in enumerate(notes)
    ]
    credited = apply_credit_notes([*invoices, *credits_])
    for balance in credited.balances:
        taken = sum((each.payable_amount for each in balance.notes), Decimal(0))
        assert balance.left == balance.invoice.payable_amount - taken >= 0
    applied = sum(len(balance.notes) for balance in credited.balances)
    assert applied + len(credited.unapplied) == len(credits_)
    rnd.shuffle(credits_)
    assert apply_credit_notes([*credits_, *invoices]) == credited
