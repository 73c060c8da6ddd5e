"""What is refused about tables of operations, before anything of them is sent."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError, quoted

if TYPE_CHECKING:
    from duebill.bulk import Problem

_NAMED = 20


class TableProblem(DuebillError):
    """A table of operations cannot be carried out as it is; nothing was sent."""


class TableUnreadable(TableProblem):
    """A table cannot be read at all.

    Attributes:
        name: The file, or what kind of object it is.
        reason: Why not.
    """

    def __init__(self, name: str, *, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(
            f"The table {quoted(name)} cannot be read: {reason}.",
            hint="Give a CSV or Parquet file, a DataFrame, or mappings; docs/bulk.md lists columns.",
        )


class ColumnsWrong(TableProblem):
    """A table has not the columns that the operation needs.

    Attributes:
        missing: Those that it lacks.
        unknown: Those that nobody would look at.
        known: Those that the operation knows.
    """

    def __init__(
        self, *, missing: tuple[str, ...], unknown: tuple[str, ...], known: tuple[str, ...]
    ) -> None:
        self.missing = missing
        self.unknown = unknown
        self.known = known
        lacks = f"lacks {', '.join(missing)}" if missing else ""
        strange = ", ".join(map(quoted, unknown[:_NAMED]))
        has = f"has {strange}, which nobody would look at" if unknown else ""
        super().__init__(
            f"The table {' and '.join(filter(None, (lacks, has)))}.",
            hint=f"The first row names the columns: {', '.join(known)}.",
        )


class BadTable(TableProblem):
    """Rows of a table are wrong.

    Attributes:
        problems: What is wrong, row by row; at most 10,000 are kept.
        count: How many problems there are.
    """

    def __init__(self, problems: tuple[Problem, ...], *, count: int) -> None:
        self.problems = problems
        self.count = count
        named = "\n  ".join(map(str, problems[:_NAMED]))
        more = f"\n  … and {count - _NAMED:,} more" if count > _NAMED else ""
        things = "1 problem" if count == 1 else f"{count:,} problems"
        super().__init__(
            f"The table has {things}, and nothing was sent:\n  {named}{more}\n",
            hint="Correct these rows, or have them skipped.",
        )


class BatchDiffers(TableProblem):
    """A batch was begun with other rows, or by another account, than are given now.

    Attributes:
        reference: The batch's reference.
        rows: The rows that differ, and were sent already.
    """

    def __init__(self, reference: str, *, rows: str) -> None:
        self.reference = reference
        self.rows = rows
        super().__init__(
            f"Rows {rows} of batch {quoted(reference)} were sent already, and said something else.",
            hint="Give the table as it was, with its account; for another batch, another reference.",
        )
