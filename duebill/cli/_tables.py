"""What the commands ending in `-many` have in common: a table in, a row for each of its rows out."""

from __future__ import annotations

import functools
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from duebill.cli import _accounts, _show
from duebill.cli._failures import NO_CHAIN, OK, REFUSED
from duebill.cli._session import writes
from duebill.cli._sheets import bar, in_order, rows_written

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.bulk import Batch, RowResult, RowStatus
    from duebill.cli._session import Writer
    from duebill.roles import Role

R = TypeVar("R", bound="Role")
_SHOWN = 20
_HEADS = (
    "row",
    "status",
    "id",
    "payout",
    "paid",
    "currency",
    "transaction",
    "block",
    "error",
    "message",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTable:
    """A table and how it is to be carried out, as the user gave them.

    Attributes:
        file: The file.
        skip_refused: Whether wrong rows are skipped.
        alone: Whether each row is a transaction of its own.
        results: The file that the results are written to.
    """

    file: str
    skip_refused: bool
    alone: bool
    results: str | None


def writes_table(command: Callable[[Writer, GivenTable], None]) -> Callable[..., None]:
    """Make a command that carries a table out."""

    @functools.wraps(command)
    def run(
        writer: Writer, file: str, *, skip_refused: bool, alone: bool, results: str | None
    ) -> None:
        given = GivenTable(file=file, skip_refused=skip_refused, alone=alone, results=results)
        command(writer, given)

    made: Callable[..., None] = writes(run)
    for give in (
        click.option("--results", metavar="FILE", help="Write what became of each row, as CSV."),
        click.option("--alone", is_flag=True, help="One transaction for each row, unpacked."),
        click.option("--skip-refused", is_flag=True, help="Send the others when rows are wrong."),
        click.argument("file", metavar="FILE"),
    ):
        made = give(made)
    return made


def carry_out(
    writer: Writer,
    table: GivenTable,
    role: R,
    begin: Callable[[R], Callable[..., Batch]],
    *,
    words: str,
) -> None:
    """Check a table, show what will be signed, send it, and tell what became of the rows.

    Args:
        writer: The command.
        table: The table.
        role: Who acts.
        begin: Its method for the table.
        words: What will be signed.

    Raises:
        UsageError: The calls were to be handed to something else.
    """
    if writer.as_call or writer.prepare:
        raise click.UsageError(
            "A table is many transactions, sent as it goes: no --as-call, no --prepare. "
            "The command for one of its rows has both."
        )
    how = {"skip_refused": table.skip_refused, "alone": table.alone, "accounts": _accounts.known()}
    with writer.waiting("Checking every row"):
        made = begin(role.simulate if writer.dry_run else role)
        batch = made(table.file, reference=writer.reference, **how)
    if not writer.dry_run:
        writer.agree(f"I {words} as {batch.count:,} rows of {table.file} say.")
        writer.unlock()
    counts: Counter[RowStatus] = Counter()
    shown: list[RowResult] = []
    with (
        bar("Sending", batch.count, quiet=writer.as_json) as moved,
        rows_written(table.results, _HEADS) as write,
        in_order(write) as keep,
    ):
        for result in batch:
            counts[result.status] += 1
            if result.error and len(shown) < _SHOWN:
                shown.append(result)
            _tell_row(writer, result, keep)
            if moved:
                moved(counts.total())
    _tell(writer, batch, counts, shown)
    click.get_current_context().exit(_code(counts))


def _tell_row(writer: Writer, result: RowResult, keep: Callable[..., None]) -> None:
    data = result.to_json()
    keep(result.row, *("" if data[head] is None else str(data[head]) for head in _HEADS))
    if writer.as_json:
        click.echo(json.dumps(data, ensure_ascii=False))


def _tell(writer: Writer, batch: Batch, counts: Counter[RowStatus], shown: list[RowResult]) -> None:
    if writer.as_json:
        told: dict[str, Any] = {status.value: count for status, count in counts.items()}
        click.echo(json.dumps({"summary": told, "reference": batch.reference}))
        return
    _show.facts(
        [("Batch", batch.reference)]
        + [(status.value.capitalize(), f"{count:,}") for status, count in counts.items()]
    )
    if shown:
        _show.line()
        rows = [(str(it.row), it.error or "", it.message or "") for it in shown]
        _show.table((">Row", "Error", "What it means"), rows)
        more = sum(counts.values()) - _good(counts) - len(shown)
        if more:
            _show.line(f"… and {more:,} more: --results FILE writes them all", style="dim")


def _good(counts: Counter[RowStatus]) -> int:
    from duebill.bulk import RowStatus  # noqa: PLC0415 - imports the client

    return counts[RowStatus.DONE] + counts[RowStatus.POSSIBLE]


def _code(counts: Counter[RowStatus]) -> int:
    from duebill.bulk import RowStatus  # noqa: PLC0415 - imports the client

    if counts[RowStatus.WAITING]:
        return NO_CHAIN
    return OK if counts.total() == _good(counts) else REFUSED
