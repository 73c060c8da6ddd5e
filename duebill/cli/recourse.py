"""`duebill recourse`: sellers who answer for what was not paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._session import reads, writes
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from duebill.cli._session import Reader, Writer


@click.group()
def command() -> None:
    """Ask sellers who answer for what was not paid.

    An ID is that of a voucher: 3fa2b1/2.
    """


@command.command()
@click.argument("id_", metavar="ID")
@reads
def show(reader: Reader, id_: str) -> None:
    """Show who answers for a voucher, the one who is asked first on top."""
    found = reader.ledger.exchange.recourse_of(id_)
    asked = tuple(reversed(found))
    if reader.as_json:
        _show.as_json(
            [
                {
                    "seller": it.seller,
                    "amount": it.amount.text,
                    "currency": it.amount.currency,
                    "dishonoured": it.dishonoured,
                }
                for it in asked
            ]
        )
    elif asked:
        rows = (
            (reader.name(it.seller), grouped(it.amount), "did not pay" if it.dishonoured else "")
            for it in asked
        )
        _show.table(("Seller", ">Answers for", "Asked"), rows)
    else:
        _show.line("Nobody answers for it.")


@command.command()
@click.argument("id_", metavar="ID")
@writes
def exercise(writer: Writer, id_: str) -> None:
    """Ask the last seller to take an overdue voucher of yours back at its value."""
    found = writer.ledger.voucher(id_)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.exercise_recourse(found.id),
        words=f"I ask the last seller who answers for voucher {found.id} of "
        f"{grouped(found.value)} to take it back.",
    )
    answer = outcome.value
    done = (
        f"The seller paid {grouped(answer.amount)} and has it back."
        if answer.honoured
        else f"The seller did not pay {grouped(answer.amount)}; that is on record."
    )
    writer.tell(outcome, {"voucher": found.id, **answer.to_json()}, done=done)


@command.command()
@click.argument("id_", metavar="ID")
@writes
def waive(writer: Writer, id_: str) -> None:
    """Give up the recourse to the last seller who answers for a voucher of yours."""
    found = writer.ledger.voucher(id_)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.waive_recourse(found.id),
        words=f"I give up my recourse to the last seller who answers for voucher {found.id}.",
    )
    writer.tell(outcome, {"voucher": found.id}, done=f"Given up on {short(found.id)}.")
