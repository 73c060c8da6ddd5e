"""`duebill trace`: the lineage of a receivable's vouchers as a tree, and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._lineage import lineage_tree
from duebill.cli._session import reads
from duebill.errors import FileNotWritten
from duebill.model import ReceivableId, VoucherId

if TYPE_CHECKING:
    from duebill.cli._session import Reader


@click.command()
@click.argument("id_", metavar="VOUCHER")
@click.option("--svg", metavar="FILE", help="Write the picture of it to FILE as well.")
@reads
def command(reader: Reader, id_: str, *, svg: str | None) -> None:
    """Show how a receivable's value went from holder to holder.

    VOUCHER is a voucher, or a receivable for all of its vouchers.
    """
    ledger = reader.ledger
    found = ledger.resolve(id_)
    with reader.waiting("Reading the ledger"):
        of = found if isinstance(found, ReceivableId) else found.receivable
        whole = ledger.lineage(of)
        node = next((it for it in whole.walk() if it.id == found), whole)
    if svg:
        from duebill.picture import lineage_svg  # noqa: PLC0415 - only when it is drawn

        chosen = found if isinstance(found, VoucherId) else None
        picture = lineage_svg(
            whole,
            ledger.receivable(of),
            names=reader.labels,
            chosen=chosen,
            custodians=list(ledger.contracts.own),
        )
        write_picture(svg, picture)
    if reader.as_json:
        _show.as_json({**node.to_json(), "svg": svg})
        return
    _show.render(lineage_tree(node, reader.labels))
    if svg:
        _show.line(f"The picture is in {svg}.", style="dim")


def write_picture(file: str, picture: str) -> None:
    """Write a picture to a file.

    Raises:
        FileNotWritten: The disk refuses.
    """
    try:
        Path(file).write_text(picture, "utf-8")
    except OSError as error:
        raise FileNotWritten(file, (error.strerror or "unknown").lower()) from error
