"""What it costs to borrow against a voucher, to pay back, and to take the pledge."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duebill.deals import LoanDraft
from duebill.model import Loan, Money, VoucherId
from duebill.pricing import Rate, Share
from scripts.gas.stage import DEADLINE, FACE, PART
from scripts.gas.subject import Mark, Subject

if TYPE_CHECKING:
    from scripts.gas.stage import Bench
    from scripts.gas.subject import Extras, Marks, Operations

BOOK = "PledgeBook"
TERM = timedelta(days=60)

MARKS: Marks = {
    "pledge": Mark(None, "Tinlake lock 149,152"),
    "loan_repay": Mark(None, "none found"),
}


def loan(bench: Bench, voucher: int, **terms: Any) -> Loan:
    """The buyer lends the holder money against a voucher."""
    usual = {
        "lender": bench.buyer.address,
        "borrower": bench.holder.address,
        "voucher": VoucherId.from_number(voucher),
        "currency": bench.book.currencies["eur"].number,
        "principal": Money(PART, "EUR"),
        "advance_rate": Share.percent("80"),
        "rate": Rate.percent("6"),
        "maturity": bench.today + TERM,
        "signed_until": DEADLINE,
        "salt": bench.fresh("loan"),
    }
    return Loan(**{**usual, **terms})


def pledge(bench: Bench, terms: Loan | None = None) -> int:
    """The borrower opens the loan with the lender's signature: the voucher in, the money out."""
    terms = terms or loan(bench, bench.held())
    draft = LoanDraft(terms=terms, chain_id=bench.book.chain_id, contract=bench.book.pledge_book)
    signature = bytes.fromhex(draft.sign(bench.buyer).signature[2:])
    return bench.on(BOOK, bench.holder, "open", terms.as_abi(), signature)


def running(bench: Bench, **terms: Any) -> Loan:
    """A loan that has run for a day, so that interest is owed."""
    made = loan(bench, bench.held(), **terms)
    pledge(bench, made)
    bench.pass_days(1)
    return made


def repay(bench: Bench, amount: int = FACE) -> int:
    """The borrower pays interest and principal, as far as the amount reaches; all: voucher back."""
    return bench.on(BOOK, bench.holder, "repay", running(bench).as_abi(), amount)


def collect(bench: Bench) -> int:
    """The obligor has paid: the lender gets what is owed, the borrower the rest."""
    made = running(bench)
    bench.act(bench.obligor, "pay", made.voucher.receivable.number, FACE)
    return bench.on(BOOK, bench.buyer, "collect", made.as_abi())


def release(bench: Bench) -> int:
    """The borrower takes out a part of the pledge that is not needed."""
    return bench.on(BOOK, bench.holder, "release", running(bench).as_abi(), FACE // 2)


def foreclose(bench: Bench) -> int:
    """The lender takes its part of the pledge, and the rest goes back."""
    made = running(bench, maturity=bench.today)
    return bench.on(BOOK, bench.buyer, "foreclose", made.as_abi())


OPERATIONS: Operations = {"pledge": pledge, "loan_repay": repay}

EXTRAS: Extras = {"loan_repay": {"in_part": lambda b: repay(b, PART // 2)}}

OTHERS: Operations = {
    "loan_collect": collect,
    "loan_release_part": release,
    "loan_foreclose": foreclose,
}

LOANS = Subject(marks=MARKS, operations=OPERATIONS, extras=EXTRAS, others=OTHERS)
