"""`duebill demo`: the life of a receivable on a private chain."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._session import prints_data
from duebill.cli.trace import write_picture

if TYPE_CHECKING:
    from duebill.demo import Result

_PICTURE = "duebill-demo.svg"


@click.command()
@click.option("--invoice", "file", metavar="FILE", help="Your own invoice, instead of the samples.")
@click.option(
    "--svg",
    metavar="FILE",
    help=f"Where the picture is written; {_PICTURE} here otherwise, and nowhere with --json.",
)
@prints_data
def command(as_json: bool, *, file: str | None, svg: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Tell the life of a receivable on a private chain.

    It starts a chain of its own, deploys the contracts, and lets a buyer, three tiers of suppliers,
    a bank, a guarantor, a registrar and a supervisor act, from an invoice through sale, pledge and
    default to books that close at zero. Nothing outside is touched.
    """
    from duebill.cli._teller import Teller  # noqa: PLC0415 - slow to import, not for --help
    from duebill.demo import Silent, play  # noqa: PLC0415 - as above
    from duebill.einvoice import read_invoice  # noqa: PLC0415 - as above

    began = time.monotonic()
    invoice = read_invoice(file) if file else None
    result = play(invoice, narrator=Silent() if as_json else Teller())
    target = svg or (None if as_json else _PICTURE)
    if target:
        _draw(result, target)
    if as_json:
        _show.as_json({**result.to_json(), "svg": target})
    else:
        _end(result, str(target), time.monotonic() - began)


def _draw(result: Result, target: str) -> None:
    from duebill.picture import lineage_svg  # noqa: PLC0415 - only when it is drawn

    picture = lineage_svg(
        result.lineage, result.receivable, names=result.names, custodians=result.books
    )
    write_picture(target, picture)


def _end(result: Result, target: str, seconds: float) -> None:
    gas = sum(step.gas_used for step in result.steps)
    _show.line()
    _show.line(
        f"{len(result.steps)} steps, {gas:,} gas together without approvals, {seconds:.1f} s."
    )
    _show.line(f"The lineage as a picture: {Path(target).absolute()}")
