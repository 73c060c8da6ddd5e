"""What a batch is made of: its rows, how each becomes a call, who signs, and how it is packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill._actions import NOTHING, Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill._desk import Desk
    from duebill.bulk._forms import Form
    from duebill.bulk._spool import Item, Spool
    from duebill.signing import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A checked table with everything that sending it takes.

    Attributes:
        desk: The ledger.
        signer: Who signs.
        form: What its rows are.
        spool: The rows.
        reference: The batch's name in the journal.
        alone: Whether each row is a transaction of its own.
        timeout: Seconds without progress after which it is given up for now.
    """

    desk: Desk
    signer: Signer
    form: Form
    spool: Spool
    reference: str
    alone: bool
    timeout: float

    def items(self, rows: Sequence[int]) -> list[Item] | None:
        """What rows ask for; None if one of them is missing."""
        found = self.spool.items(rows)
        named = [
            self.form.named(item, self.reference, row)
            for row, item in zip(rows, found, strict=True)
            if item is not None
        ]
        return named if len(named) == len(rows) else None

    def action(self, items: Sequence[Item]) -> Action[None]:
        """The call of the ledger that does what rows ask for."""
        calls = self.form.calls(items)
        if len(calls) > 1:
            return self.desk.action(NOTHING, "multicall", calls)
        (data,) = calls
        return Action(to=self.desk.address, data=data, decode=lambda _: None, answer=NOTHING)
