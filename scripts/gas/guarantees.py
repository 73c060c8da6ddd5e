"""What it costs to guarantee, and to ask the guarantor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill.deals import AvalDraft
from duebill.model import Aval, Money, ReceivableId
from scripts.gas.stage import DEADLINE, FACE, GRACE_DAYS, UNLIMITED
from scripts.gas.subject import Mark, Subject

if TYPE_CHECKING:
    from scripts.gas.stage import Bench
    from scripts.gas.subject import Extras, Marks, Operations

BOOK = "GuaranteeBook"
HALF = Money(FACE // 2, "EUR")
ALL = Money(FACE, "EUR")
NOTHING = Money(0, "EUR")

MARKS: Marks = {"guarantee_call": Mark(None, "none found")}


def aval(bench: Bench, covered: int, **terms: Any) -> Aval:
    """An aval for all of a receivable, half of it laid up in cash."""
    usual = {
        "guarantor": bench.guarantor.address,
        "receivable": ReceivableId.from_number(covered),
        "obligor": bench.obligor.address,
        "programme": bench.book.programmes["standard"],
        "currency": bench.book.currencies["eur"].number,
        "cap": ALL,
        "margin": HALF,
        "expiry": DEADLINE,
        "signed_until": DEADLINE,
        "salt": bench.fresh("aval"),
    }
    return Aval(**{**usual, **terms})


def give(bench: Bench, **terms: Any) -> int:
    """The guarantor gives an aval and lays up its margin."""
    made = aval(bench, bench.held() >> 64, **terms)
    return bench.on(BOOK, bench.guarantor, "give", made.as_abi(), b"")


def give_signed(bench: Bench) -> int:
    """The creditor brings the guarantor's signature and pays for the aval."""
    terms = aval(
        bench,
        bench.held() >> 64,
        applicant=bench.creditor.address,
        fee=Money(FACE // 100, "EUR"),
    )
    draft = AvalDraft(terms=terms, chain_id=bench.book.chain_id, contract=bench.book.guarantee_book)
    signature = bytes.fromhex(draft.sign(bench.guarantor).signature[2:])
    return bench.on(BOOK, bench.creditor, "give", terms.as_abi(), signature)


def overdue(bench: Bench, **terms: Any) -> tuple[Aval, int]:
    """An aval, and the receivable that it is for, of which nothing was paid in time."""
    receivable = bench.held(due=bench.today) >> 64
    given = aval(bench, receivable, **terms)
    bench.on(BOOK, bench.guarantor, "give", given.as_abi(), b"")
    bench.pass_days(GRACE_DAYS + 1)
    return given, receivable


def call(bench: Bench, **terms: Any) -> int:
    """The holder calls an aval for all of the face: its margin, and the rest from its guarantor."""
    given, receivable = overdue(bench, **terms)
    return bench.on(BOOK, bench.holder, "call", given.as_abi(), receivable)


def call_in_vain(bench: Bench) -> int:
    """The guarantor has withdrawn its allowance: the margin is paid, the rest put on record."""
    given, receivable = overdue(bench)
    bench.on_token(bench.guarantor, "approve", bench.book.guarantee_book, 0)
    gas = bench.on(BOOK, bench.holder, "call", given.as_abi(), receivable)
    bench.on_token(bench.guarantor, "approve", bench.book.guarantee_book, UNLIMITED)
    return gas


def release(bench: Bench) -> int:
    """The obligor has paid, and the guarantor gets its margin back."""
    receivable = bench.held() >> 64
    given = aval(bench, receivable)
    bench.on(BOOK, bench.guarantor, "give", given.as_abi(), b"")
    bench.act(bench.obligor, "pay", receivable, FACE)
    return bench.on(BOOK, bench.guarantor, "release", given.as_abi())


OPERATIONS: Operations = {"guarantee_call": call}

EXTRAS: Extras = {
    "guarantee_call": {
        "margin_only": lambda b: call(b, margin=ALL),
        "allowance_only": lambda b: call(b, margin=NOTHING),
        "line": lambda b: call(b, receivable=None),
        "dishonoured": call_in_vain,
    }
}

OTHERS: Operations = {
    "guarantee_give": give,
    "guarantee_give_without_margin": lambda b: give(b, margin=NOTHING),
    "guarantee_give_signed": give_signed,
    "guarantee_release": release,
}

GUARANTEES = Subject(marks=MARKS, operations=OPERATIONS, extras=EXTRAS, others=OTHERS)
