"""`duebill watch`: alert rules over what happens on a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from duebill.cli._session import writes
from duebill.cli._values import MOMENT
from duebill.errors import FileNotWritten

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.cli._session import Writer

_SEVERITIES = ("notice", "warning", "alarm")


@click.command()
@click.option("--once", is_flag=True, help="Read up to the latest block, and end.")
@click.option("--since", type=MOMENT, help="Tell what was found from this moment on.")
@click.option(
    "--least",
    type=click.Choice(_SEVERITIES),
    default="notice",
    show_default=True,
    help="Tell alerts from this severity on.",
)
@click.option("--config", metavar="FILE", help="A TOML file with the rules' thresholds.")
@click.option(
    "--rules",
    "files",
    metavar="FILE",
    multiple=True,
    help="A Python file with rules of your own, which is run; can be given several times.",
)
@click.option(
    "--record",
    metavar="FILE",
    help="Keep there what was told, and tell nothing twice, not even after a restart.",
)
@click.option(
    "--events",
    metavar="FILE",
    help="Keep there the events that were read, so that a restart asks the node for new blocks only.",
)
@click.option(
    "--export",
    metavar="FILE",
    help="With --once: write all alerts that stand, with their evidence, to a new CSV or JSON file.",
)
@click.option(
    "--confirmations",
    type=click.IntRange(1, 10_000),
    help="How many blocks, their own included, events wait for.",
)
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    default=5,
    show_default=True,
    help="Seconds between two looks for new blocks.",
)
@click.option(
    "--declare-defaults",
    is_flag=True,
    help="Put each overdue receivable on its obligor's record, signed by --account.",
)
@writes
def command(  # noqa: PLR0913 - one for each option
    writer: Writer,
    *,
    once: bool,
    since: datetime | None,
    least: str,
    config: str | None,
    files: tuple[str, ...],
    record: str | None,
    events: str | None,
    export: str | None,
    confirmations: int | None,
    every: int,
    declare_defaults: bool,
) -> None:
    """Tell what alert rules find: live, or --once.

    With --json one object a line is printed, each as soon as it is found.
    """
    from duebill.cli._watching import Watching  # noqa: PLC0415 - imports the rules

    if export and not once:
        raise click.UsageError("--export writes what stands at the end: it needs --once.")
    if export and Path(export).exists():
        raise FileNotWritten(export, "it is there already")
    watching = Watching(
        writer,
        config=config,
        files=files,
        record=record,
        events=events,
        since=since,
        confirmations=confirmations,
        least=least,
        declares=declare_defaults,
    )
    if not once:
        watching.go_on(every)
    code = watching.once()
    if export:
        watching.export(export)
    click.get_current_context().exit(code)
