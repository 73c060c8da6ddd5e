"""How `duebill invoice import` goes through files: a bar, a summary, and what was refused."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _show
from duebill.cli._failures import BAD_FILE, OK
from duebill.cli._sheets import bar, rows_written, size_of
from duebill.einvoice import Refused, find_files, import_invoices
from duebill.errors import NotPayable
from duebill.model import InvoiceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill.einvoice import Imported

_SHOWN = 20
_HEADS = ("file", "row", "type", "reason")


@dataclass
class _Tally:
    """Counts and sums, and the first refusals: nothing that grows with the rows."""

    files: int
    kinds: Counter[InvoiceKind] = field(default_factory=Counter)
    sums: dict[tuple[InvoiceKind, str], Decimal] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    first: list[Refused] = field(default_factory=list)

    def add(self, it: Imported | Refused) -> None:
        if isinstance(it, Refused):
            self.reasons[type(it.error).__name__] += 1
            self.faults += not isinstance(it.error, NotPayable)
            if len(self.first) < _SHOWN:
                self.first.append(it)
            return
        invoice = it.invoice
        key = invoice.kind, invoice.currency
        self.kinds[invoice.kind] += 1
        self.sums[key] = self.sums.get(key, Decimal(0)) + invoice.payable_amount

    def to_json(self) -> dict[str, Any]:
        return {
            "files": self.files,
            **{kind.value: self._kind(kind) for kind in InvoiceKind},
            "refused": {"count": self.reasons.total(), "reasons": dict(self.reasons)},
        }

    def _kind(self, kind: InvoiceKind) -> dict[str, Any]:
        sums = {code: f"{total:f}" for (of, code), total in self.sums.items() if of is kind}
        return {"count": self.kinds[kind], "amounts": sums}

    def facts(self) -> Iterator[tuple[str, str]]:
        yield "Files", f"{self.files:,}"
        words = ("Invoices", "Credit notes", "Red-letter invoices")
        for kind, name in zip(InvoiceKind, words, strict=True):
            sums = self._kind(kind)["amounts"].items()
            told = "".join(f"  {Decimal(total):,} {code}" for code, total in sums)
            yield name, f"{self.kinds[kind]:,}{told}"
        yield "Refused", f"{self.reasons.total():,}"
        for reason, count in self.reasons.most_common():
            yield f"  {reason}", f"{count:,}"


def run(paths: Sequence[str], *, as_json: bool, currency: str, refused: str | None) -> int:
    """Import the files; gives the exit code.

    It is 0 if everything was read or obliges nobody to pay, as a void invoice, and otherwise that
    of a bad file.
    """
    files = find_files(paths)
    tally = _Tally(len(files))
    with (
        bar("Reading", size_of(files), quiet=as_json) as moved,
        rows_written(refused, _HEADS) as write,
    ):
        for it in import_invoices(files, currency=currency, on_progress=moved):
            tally.add(it)
            if isinstance(it, Refused):
                write(*_cells(it), *it.cells)
            if as_json:
                _json_line({"refused": it.to_json()} if isinstance(it, Refused) else it.to_json())
    if as_json:
        _json_line({"summary": tally.to_json()})
    else:
        _tell(tally, refused)
    return BAD_FILE if tally.faults else OK


def _json_line(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))


def _tell(tally: _Tally, refused: str | None) -> None:
    _show.facts(tally.facts())
    if not tally.first:
        return
    _show.line()
    rows = [_cells(it) for it in tally.first]
    _show.table(("file", ">row", *_HEADS[2:]), rows)
    more = tally.reasons.total() - len(tally.first)
    if more and refused:
        _show.line(f"… and {more:,} more: all are in {refused}", style="dim")
    elif more:
        _show.line(f"… and {more:,} more: --refused FILE writes them all", style="dim")


def _cells(it: Refused) -> tuple[str, str, str, str]:
    row = "" if it.row is None else str(it.row)
    return it.source, row, type(it.error).__name__, it.error.message
