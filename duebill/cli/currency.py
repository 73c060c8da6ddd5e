"""`duebill currency`: what receivables are paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._session import reads

if TYPE_CHECKING:
    from duebill.cli._session import Reader


@click.group()
def command() -> None:
    """Look at what receivables are paid in."""


@command.command(name="list")
@reads
def list_(reader: Reader) -> None:
    """List the currencies."""
    found = reader.ledger.currencies()
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
        return
    rows = (
        (
            str(it.number),
            it.code,
            "yes" if it.open else "no",
            str(it.decimals),
            f"token {it.token}" if it.token else f"outside the chain, by {it.paying_agent}",
        )
        for it in found
    )
    _show.table((">No", "Code", "Open", ">Decimals", "Paid"), rows)
