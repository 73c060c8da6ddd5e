"""What can be wrong with the history of a portfolio."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError

_SHOWN = 20


class ReplayError(DuebillError):
    """A history cannot be replayed."""


class BadHistory(ReplayError):
    """The file is no history of invoices. Nothing was replayed.

    Attributes:
        problems: Line and reason of each problem; line 0 stands for the whole file.
    """

    def __init__(self, problems: tuple[tuple[int, str], ...]) -> None:
        self.problems = problems
        first, rest = problems[:_SHOWN], len(problems) - _SHOWN
        told = [f"line {line}: {reason}" if line else reason for line, reason in first]
        more = [f"and {rest} more"] if rest > 0 else []
        super().__init__(
            f"The history is refused: {'; '.join((*told, *more))}.",
            hint="Correct the table; docs/replay.md says which columns it has.",
        )

    @classmethod
    def whole(cls, reason: str) -> BadHistory:
        """The whole file is refused."""
        return cls(((0, reason),))


class DatesAmbiguous(ReplayError):
    """All dates of a history can be read in more than one way.

    Attributes:
        orders: The orders of year, month and day that fit all of them.
    """

    def __init__(self, orders: tuple[str, ...]) -> None:
        self.orders = orders
        super().__init__(
            f"The dates can be read in several ways: {', '.join(orders)}.",
            hint=f"Say which one is meant: --dates {orders[0]}.",
        )


class NothingToReckon(ReplayError):
    """There are no invoices to reckon figures of."""

    def __init__(self) -> None:
        super().__init__(
            "There are no invoices to reckon figures of.", hint="Give at least one invoice."
        )
