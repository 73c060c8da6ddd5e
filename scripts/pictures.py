"""Draw the README's pictures into docs/pictures, from a chain that is started for it.

Usage:
    pictures.py           write docs/pictures/lineage.svg and voucher.svg
    pictures.py FOLDER    write them elsewhere

The lineage is the demo's. The voucher's picture is what the ledger's `tokenURI` says of a voucher
that a bank holds, when the buyer has paid two fifths.
"""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from duebill import read_invoice, samples
from duebill.demo import play
from duebill.demo._calendar import calendar_of
from duebill.demo._cast import cast_for
from duebill.demo._shares import share_out
from duebill.demo._stage import PROGRAMME, stage
from duebill.deployment._access import ask
from duebill.model import Money
from duebill.picture import lineage_svg

if TYPE_CHECKING:
    from duebill.demo._stage import Stage
    from duebill.model import VoucherId

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SAMPLE = "brake-systems-eur-ubl"
PAID_FIFTHS = 2
# Fixed, so that the picture is the same every time: its ornament follows from the receivable's id.
SALT = 2026
KEY = bytes(range(32))


def main(folder: Path) -> None:
    """Draw both."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in (("lineage", lineage), ("voucher", voucher)):
        (folder / f"{name}.svg").write_text(draw(), "utf-8")
        print(folder / f"{name}.svg", flush=True)


def lineage() -> str:
    """The lineage of the demo's receivable."""
    told = play()
    return lineage_svg(told.lineage, told.receivable, names=told.names, custodians=told.books)


def voucher() -> str:
    """The picture that a wallet shows of a voucher."""
    invoice = read_invoice(samples.read(SAMPLE))
    face = Money.parse(invoice.payable_amount, invoice.currency)
    shares, cast = share_out(face, owed_to_second=None), cast_for(invoice, second=None)
    with stage(cast, calendar_of(invoice), shares) as found:
        registrar = found.ledger.registrar(cast.registrar.account)
        for actor in cast.parties:
            registrar.verify(actor.address).wait()
        supplier = found.ledger.supplier(cast.tier1.account)
        buyer = found.ledger.obligor(cast.buyer.account)
        terms = found.ledger.draft_invoice(
            invoice,
            obligor=buyer.address,
            creditor=supplier.address,
            programme=PROGRAMME,
            key=KEY,
        )
        id_ = supplier.issue(replace(terms, salt=SALT)).wait().value
        buyer.accept(id_).wait()
        part = supplier.transfer(id_.voucher(1), cast.bank.address, value=shares.second).wait()
        found.mint(cast.buyer, face)
        buyer.pay(id_, Money(face.units * PAID_FIFTHS // 5, face.currency)).wait()
        return picture_of(found, part.value)


def picture_of(found: Stage, id_: VoucherId) -> str:
    """The picture in a voucher's `tokenURI`."""
    uri: str = ask(found.chain, found.ledger.address, "IReceivableLedger", "tokenURI", id_.number)
    image: str = json.loads(decoded(uri))["image"]
    return decoded(image)


def decoded(uri: str) -> str:
    """The text in a data URI."""
    return base64.b64decode(uri.partition(",")[2]).decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
