"""`duebill check`: the ledger's promises, checked on the chain itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._session import reads
from duebill.errors import InvariantsBroken

if TYPE_CHECKING:
    from duebill.cli._session import Reader


@click.command()
@reads
def command(reader: Reader) -> None:
    """Check the ledger's promises on the chain itself.

    The exit code is 1 if one is broken.
    """
    with reader.waiting("Reading the ledger"):
        report = reader.ledger.check_invariants()
    if reader.as_json:
        _show.as_json(report.to_json())
    else:
        rows = (
            (str(it.number), it.promise, str(it.checked), "holds" if it.holds else "BROKEN")
            for it in report.checks
        )
        _show.table((">No", "Promise", ">Checked on", "Result"), rows)
    if not report.holds:
        raise InvariantsBroken.found_in(report)
