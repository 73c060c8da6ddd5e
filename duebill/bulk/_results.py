"""What became of each row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duebill.bulk._cells import Problem
    from duebill.bulk._forms import Brought
    from duebill.errors import DuebillError
    from duebill.model import Money


class RowStatus(StrEnum):
    """What became of a row."""

    DONE = "done"
    """It took effect, in a block that is final."""
    REFUSED = "refused"
    """The ledger or the node refuses it; it had no effect."""
    SKIPPED = "skipped"
    """It is wrong, and was to be skipped."""
    WAITING = "waiting"
    """It was sent and is not final; the same batch again goes on with it."""
    POSSIBLE = "possible"
    """A dry run: it would go through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What became of a row.

    Attributes:
        row: The row's number: as a spreadsheet counts in a file, from 1 in anything else.
        status: What became of it.
        id: The receivable, voucher or party; None if there is none.
        payout: What was paid out; None where nothing is.
        paid: What was paid in; None where nothing is.
        transaction: The transaction's hash; None if none was sent or it is not known.
        block: The block's number.
        error: The name of the error; None where it went well.
        message: The error in words, and what to do.
    """

    row: int
    status: RowStatus
    id: str | None = None
    payout: Money | None = None
    paid: Money | None = None
    transaction: str | None = None
    block: int | None = None
    error: str | None = None
    message: str | None = None

    @classmethod
    def done(cls, row: int, brought: Brought, *, transaction: str, block: int) -> RowResult:
        """A row that took effect."""
        return cls(
            row=row,
            status=RowStatus.DONE,
            id=brought.id,
            payout=brought.payout,
            paid=brought.paid,
            transaction=transaction,
            block=block,
        )

    @classmethod
    def refused(cls, row: int, error: DuebillError, transaction: str | None = None) -> RowResult:
        """A row that had no effect."""
        return cls(
            row=row,
            status=RowStatus.REFUSED,
            transaction=transaction,
            error=type(error).__name__,
            message=str(error),
        )

    @classmethod
    def waiting(cls, row: int, transaction: str | None, refusal: DuebillError | None) -> RowResult:
        """A row that is not done yet."""
        message = "It is not in a block yet." if transaction else "It was not sent yet."
        if refusal:
            message = refusal.message
        return cls(
            row=row,
            status=RowStatus.WAITING,
            transaction=transaction,
            error=type(refusal).__name__ if refusal else None,
            message=f"{message} Give the same table and reference again.",
        )

    @classmethod
    def skipped(cls, row: int, problems: list[Problem]) -> RowResult:
        """A row that is wrong."""
        words = " ".join(map(str, problems))
        return cls(row=row, status=RowStatus.SKIPPED, error="BadTable", message=words)

    def to_json(self) -> dict[str, Any]:
        """The result as an object for JSON."""
        cash = self.payout or self.paid
        return {
            "row": self.row,
            "status": self.status.value,
            "id": self.id,
            "payout": self.payout.text if self.payout else None,
            "paid": self.paid.text if self.paid else None,
            "currency": cash.currency if cash else None,
            "transaction": self.transaction,
            "block": self.block,
            "error": self.error,
            "message": self.message,
        }
