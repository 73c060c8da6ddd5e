"""`duebill loan`: money against pledged vouchers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from duebill._actions import only
from duebill.cli import _loan, _papers, _show
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, currency_named
from duebill.model import LoanStatus, Money
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from duebill.cli._session import Reader, Writer
    from duebill.model import Address

# One transaction has to fit into a block.
_MOST = 20
_STATUSES = ("open", "repaid", "closed")


@click.group()
def command() -> None:
    """Lend against vouchers, borrow, pay back and collect.

    A LOAN is given by its first characters. A PAPER is a file, the line itself, or - for standard
    input.
    """


# -- opening ----------------------------------------------------------------------------------


@command.command()
@click.argument("voucher", metavar="VOUCHER")
@click.option("--borrower", type=ACCOUNT, help="Who may borrow; the voucher's holder otherwise.")
@_loan.conditions
@writes
def offer(
    writer: Writer,
    voucher: str,
    *,
    borrower: Address | None,
    said: dict[str, Any],
    out: str | None,
) -> None:
    """Sign a loan as its lender, for the borrower to open.

    The pledge book is allowed the principal, on top of what it is allowed already.
    """
    lender = writer.ledger.financier(writer.signer)
    if writer.dry_run:
        _papers.would_sign(writer, lender.draft_loan(voucher, borrower=borrower, **said))
        return
    review = _papers.reviewing(writer, then="The pledge book is allowed the principal.")
    signed = lender.lend(voucher, borrower=borrower, review=review, **said)
    _papers.give(writer, signed, out=out)


@command.command()
@click.argument("voucher", metavar="VOUCHER")
@click.option("--lender", type=ACCOUNT, required=True, help="Who may lend.")
@_loan.conditions
@writes
def request(
    writer: Writer, voucher: str, *, lender: Address, said: dict[str, Any], out: str | None
) -> None:
    """Sign a loan as its borrower, for the lender to open.

    The pledge book is approved for this one voucher.
    """
    borrower = writer.ledger.supplier(writer.signer)
    if writer.dry_run:
        me = writer.signer.address
        draft = borrower.draft_loan(voucher, lender=lender, borrower=me, **said)
        _papers.would_sign(writer, draft)
        return
    review = _papers.reviewing(writer, then="The pledge book is approved for the voucher.")
    signed = borrower.request_loan(voucher, lender=lender, review=review, **said)
    _papers.give(writer, signed, out=out)


@command.command(name="open")
@click.argument("paper", metavar="PAPER")
@writes
def open_(writer: Writer, paper: str) -> None:
    """Open a loan that the other party signed: the money goes, the voucher is pledged."""
    _papers.require_asking(writer, paper)
    signed = _loan.read(paper)
    terms, me = signed.terms, writer.signer.address
    gets = f"I {'borrow' if me == terms.borrower else 'lend'} {grouped(terms.principal)}."
    words = f"{signed.summary()}\n\n{gets}"
    if me == terms.borrower:
        borrower = writer.ledger.supplier(writer.signer)
        outcome = writer.carry_out(borrower, lambda it: it.borrow(signed), words=words)
    else:
        lender = writer.ledger.financier(writer.signer)
        outcome = writer.carry_out(lender, lambda it: it.open_loan(signed), words=words)
    data = {"loan": outcome.value, "terms": terms.to_json()}
    done = f"Lent {grouped(terms.principal)} to {writer.name(terms.borrower)}: "
    writer.tell(outcome, data, done=f"{done}loan {short(outcome.value)}.")


@command.command()
@click.argument("paper", metavar="PAPER")
@writes
def withdraw(writer: Writer, paper: str) -> None:
    """Withdraw a signed loan that was not opened, as its lender or its borrower."""
    signed = _loan.read(paper)
    id_ = signed.digest()
    outcome = writer.carry_out(
        writer.ledger.financier(writer.signer),
        lambda it: it.withdraw_loan(signed),
        words=f"I withdraw from loan {id_}, which was not opened.",
    )
    writer.tell(outcome, {"loan": id_}, done=f"Withdrawn: loan {short(id_)}.")


# -- looking ----------------------------------------------------------------------------------


@command.command(name="list")
@click.option("--lender", type=ACCOUNT, help="Only what this account lent.")
@click.option("--borrower", type=ACCOUNT, help="Only what this account borrowed.")
@click.option("--voucher", metavar="ID", help="Only loans against this voucher.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only what stands there.")
@reads
def list_(
    reader: Reader,
    *,
    lender: Address | None,
    borrower: Address | None,
    voucher: str | None,
    status: str | None,
) -> None:
    """List loans, oldest first."""
    wanted = LoanStatus[status.upper()] if status else None
    with reader.waiting("Reading the ledger"):
        found = reader.ledger.loans.loans(
            lender=lender, borrower=borrower, voucher=voucher, status=wanted
        )
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
    elif found:
        heads = ("Loan", "Status", "Lender", "Borrower", "Voucher", ">Owed", ">Worth", "Due")
        _show.table(heads, (_loan.row(reader, it) for it in found))
    else:
        _show.line("There are none.")


@command.command()
@click.argument("loan", metavar="LOAN|PAPER")
@reads
def show(reader: Reader, loan: str) -> None:
    """Show a loan as it stands, or what a signed one says."""
    if _papers.is_paper(loan):
        signed = _loan.read(loan)
        reader.ledger.loans.require_own(signed)
        _papers.show(reader, signed)
        return
    found = reader.ledger.loans.loan(loan)
    if reader.as_json:
        _show.as_json(found.to_json())
    else:
        _show.facts(_loan.facts(reader, found))


# -- paying back ------------------------------------------------------------------------------


@command.command()
@click.argument("loan", metavar="LOAN")
@click.option("--amount", help="How much; all that is owed today when not given.")
@writes
def repay(writer: Writer, loan: str, *, amount: str | None) -> None:
    """Pay on a loan, interest first; anyone may. The last payment frees the pledge."""
    found = writer.ledger.loans.loan(loan)
    wanted = found.owed if amount is None else Money.parse(amount, found.terms.code)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda it: it.repay(found.id, None if amount is None else wanted),
        words=f"I pay {grouped(wanted)} on loan {found.id}; {grouped(found.owed)} are owed on it.",
    )
    data = {"loan": found.id, **outcome.value.to_json()}
    done = f"Paid {grouped(outcome.value)} on loan {short(found.id)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("loan", metavar="LOAN")
@click.option("--value", metavar="AMOUNT", help="How much; all that can be when not given.")
@writes
def release(writer: Writer, loan: str, *, value: str | None) -> None:
    """Give the pledge, or what is not needed of it, back to the borrower."""
    found = writer.ledger.loans.loan(loan)
    wanted = found.releasable if value is None else Money.parse(value, found.terms.code)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda it: it.release_pledge(found.id, None if value is None else wanted),
        words=f"I take {grouped(wanted)} of voucher {found.terms.voucher} out of the pledge.",
    )
    released = wanted
    if outcome.events:
        # A second time under its reference, what was released then.
        units = only(outcome.events, "PledgeReleased").args["value"]
        released = Money(units, found.terms.code)
    data = {"loan": found.id, "voucher": outcome.value, **released.to_json()}
    done = f"Released {grouped(released)} as {short(outcome.value)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("loans", metavar="[LOAN...]", nargs=-1)
@writes
def collect(writer: Writer, loans: tuple[str, ...]) -> None:
    """Redeem pledges: the lender first, the rest to the borrower; anyone may.

    Without a LOAN, all on whose pledge something was paid in, twenty at a time.
    """
    book = writer.ledger.loans
    found = [book.loan(loan) for loan in loans] if loans else book.collectable()[:_MOST]
    if not found:
        _show.as_json({"collected": []}) if writer.as_json else _show.line("Nothing to collect.")
        return
    listed = "; ".join(f"{grouped(it.collectable)} on loan {it.id}" for it in found)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda it: it.collect(*(loan.id for loan in found)),
        words=f"I collect {listed}.",
    )
    done = "; ".join(
        f"loan {short(it.loan)}: {grouped(it.to_lender)} to the lender, "
        f"{grouped(it.to_borrower)} to the borrower"
        for it in outcome.value
    )
    data = {"collected": [it.to_json() for it in outcome.value]}
    writer.tell(outcome, data, done=f"Collected {done}.")


@command.command()
@click.argument("loan", metavar="LOAN")
@writes
def foreclose(writer: Writer, loan: str) -> None:
    """Take of the pledge what is owed, as the lender, after maturity and grace."""
    found = writer.ledger.loans.loan(loan)
    outcome = writer.carry_out(
        writer.ledger.financier(writer.signer),
        lambda it: it.foreclose(found.id),
        words=f"I take {grouped(found.owed)} of voucher {found.terms.voucher}, worth "
        f"{grouped(found.worth)}, for loan {found.id}; the rest goes back to "
        f"{writer.named(found.terms.borrower)}.",
    )
    data = {"loan": found.id, "voucher": outcome.value}
    done = f"Took {short(outcome.value)} for loan {short(found.id)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("currency", metavar="CURRENCY")
@click.option("--to", type=ACCOUNT, help="A verified party that is paid; yourself otherwise.")
@writes
def take(writer: Writer, currency: str, *, to: Address | None) -> None:
    """Take out what the book kept because you could not be paid."""
    row = writer.ledger.currency(currency_named(currency))
    whom = to or writer.signer.address
    outcome = writer.carry_out(
        writer.ledger.financier(writer.signer),
        lambda it: it.take_kept(row.number, to=whom),
        words=f"I take out what is kept for me in {row.code}, to {writer.named(whom)}.",
    )
    data = {"to": whom, **outcome.value.to_json()}
    writer.tell(outcome, data, done=f"Took out {grouped(outcome.value)}.")
