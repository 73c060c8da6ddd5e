"""Tells the demo's story on a terminal, or in plain lines to a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from duebill.cli import _show
from duebill.cli._lineage import lineage_tree
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from duebill.demo import Standing
    from duebill.errors import DuebillError
    from duebill.model import Address, InvariantReport, LineageNode, Money


class Teller:
    """A `duebill.demo.Narrator` that prints."""

    def __init__(self) -> None:
        self._scenes = 0

    def scene(self, title: str) -> None:
        """A numbered heading."""
        self._scenes += 1
        _show.line()
        _show.render(Text.assemble((f"{self._scenes:>2}  ", "dim"), (title, "bold cyan")))

    def say(self, words: str) -> None:
        """A sentence."""
        _show.paragraph(words, indent=4)

    def did(self, words: str, *, gas: int) -> None:
        """A step, with the gas that it took."""
        _marked("✓", "green", words, f"{gas:,} gas")

    def refused(self, attempt: str, error: DuebillError) -> None:
        """An attempt, and the answer to it."""
        _marked("✗", "red", attempt, error.message)

    def standings(self, rows: Sequence[Standing]) -> None:
        """A small table; who has nothing and owes nothing is left out."""
        shown = [row for row in rows if row.owes or row.holds or row.cash]
        currency = "".join({row.cash.currency for row in shown})
        heads = (currency, "", ">owes", ">has in vouchers", ">has in cash")
        _show.table(heads, (_row(row) for row in shown))

    def lineage(self, root: LineageNode, names: Mapping[Address, str]) -> None:
        """The tree of vouchers."""
        _show.line()
        _show.render(lineage_tree(root, names))

    def invariants(self, report: InvariantReport) -> None:
        """The promises, and whether they hold on the chain."""
        _show.line()
        for check in report.checks:
            mark, style = ("✓", "green") if check.holds else ("✗", "bold red")
            words = f"{check.number:>2}  {check.promise}"
            _marked(mark, style, words, f"({check.checked} checked)")

    def busy(self, words: str) -> AbstractContextManager[None]:
        """A sign that something takes its time."""
        return _show.waiting(words)


def _row(row: Standing) -> tuple[str, ...]:
    return row.role, row.name, *(_amount(it) for it in (row.owes, row.holds, row.cash))


def _amount(money: Money) -> str:
    return grouped(money, code=False) if money else "-"


def _marked(mark: str, style: str, words: str, rest: str) -> None:
    """A line that begins with a mark; what does not fit goes on below the words."""
    made = Table.grid()
    made.add_row(Text(f"  {mark} ", style=style), Text.assemble(words, "  ", (rest, "dim")))
    _show.render(made)
