"""What `duebill loan` does behind its options: conditions read, loans shown."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _papers
from duebill.cli._values import DATE, MOMENT
from duebill.model import DayCount
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.cli._session import Reader
    from duebill.deals import SignedLoan
    from duebill.loans import StandingLoan

_DAY_COUNTS = {str(kind): kind for kind in DayCount}


def conditions(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a loan's terms, as one mapping for the client."""

    @click.option(
        "--advance-rate", required=True, metavar="PERCENT", help="Of its worth, what may be owed."
    )
    @click.option("--rate", required=True, metavar="PERCENT", help="Simple interest a year.")
    @click.option("--principal", metavar="AMOUNT", help="What is lent; else as much as may be.")
    @click.option("--maturity", type=DATE, help="When it is due; else on the receivable's due day.")
    @click.option(
        "--grace-days", type=click.IntRange(0, 2**16 - 1), help="Days after it; none else."
    )
    @click.option("--late-rate", metavar="PERCENT", help="The rate after them; else the same.")
    @click.option("--day-count", type=click.Choice(list(_DAY_COUNTS)), help="ACT/360 otherwise.")
    @click.option("--until", type=MOMENT, help="Until when it can be opened; a week otherwise.")
    @click.option("--out", metavar="FILE", help="Where to write it; else one line is printed.")
    @functools.wraps(verb)
    def run(*args: Any, day_count: str | None, **options: Any) -> None:
        names = ("advance_rate", "rate", "principal", "maturity", "grace_days", "late_rate")
        said = {name: options.pop(name) for name in (*names, "until")}
        said["day_count"] = _DAY_COUNTS[day_count] if day_count else None
        given = {name: value for name, value in said.items() if value is not None}
        verb(*args, said=given, **options)

    return run


def read(source: str) -> SignedLoan:
    """The signed loan in a file, on a line, or on standard input.

    Raises:
        FileRefused: It cannot be read.
        BadSignedTerms: It is no signed loan.
    """
    from duebill.deals import SignedLoan  # noqa: PLC0415 - not before a loan is read

    return SignedLoan.from_text(_papers.text_of(source))


def facts(reader: Reader, it: StandingLoan) -> list[tuple[str, str]]:
    """A loan as it stands, for people."""
    terms = it.terms
    late = f" (late since {it.late_since.isoformat()})" if it.late_since else ""
    rows = [
        ("Loan", it.id),
        ("Status", f"{it.status}{late}"),
        ("Lender", reader.named(terms.lender)),
        ("Borrower", reader.named(terms.borrower)),
        ("Lent", f"{grouped(terms.principal)} at {terms.rate} a year ({terms.day_count})"),
        ("Due", f"{terms.maturity.isoformat()}, and {terms.grace_days} grace days"),
        ("Principal owed", grouped(it.principal)),
        ("Interest owed", grouped(it.interest)),
        ("Owed today", grouped(it.owed)),
        ("Voucher", terms.voucher + ("" if it.held else " (not held by the book)")),
        ("Its worth", f"{grouped(it.worth)}; up to {terms.advance_rate} of it may be owed"),
        ("Paid in on it", grouped(it.collectable)),
        ("Releasable", grouped(it.releasable)),
    ]
    if terms.late_rate is not None:
        rows.insert(5, ("Late rate", f"{terms.late_rate} a year, after the grace days"))
    return rows


def row(reader: Reader, it: StandingLoan) -> tuple[str, ...]:
    """A loan as one row of a table."""
    status = "late" if it.late_since else str(it.status)
    parties = reader.name(it.terms.lender), reader.name(it.terms.borrower)
    amounts = grouped(it.owed), grouped(it.worth)
    pledge, due = short(it.terms.voucher), it.terms.maturity.isoformat()
    return short(it.id), status, *parties, pledge, *amounts, due
