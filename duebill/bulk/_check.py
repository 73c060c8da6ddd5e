"""A table is read and checked whole, before the first of its rows is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.bulk._cells import Cells
from duebill.bulk._sources import rows_of
from duebill.bulk._spool import Spool
from duebill.errors import BadTable, ColumnsWrong, TableUnreadable
from duebill.model import address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from duebill.bulk._cells import Problem
    from duebill.bulk._forms import Form
    from duebill.bulk._sources import Table

_MOST_KEPT = 10_000


def checked(
    table: Table, form: Form, *, skip_refused: bool, accounts: Mapping[str, str] | None = None
) -> Spool:
    """The rows of a table, ready to be sent.

    Args:
        table: The table.
        form: What its rows are.
        skip_refused: Whether bad rows are skipped, rather than refused with the whole table.
        accounts: Names that may stand for accounts, with their addresses.

    Raises:
        TableUnreadable: It cannot be read, or is empty.
        ColumnsWrong: It lacks a column, or has one that is unknown.
        BadTable: Rows are wrong; every one is named.
    """
    spool = Spool()
    names = {name: address(where) for name, where in (accounts or {}).items()}
    problems: list[Problem] = []
    rows = count = 0
    for rows, (number, row) in enumerate(rows_of(table), start=1):
        if rows == 1:
            _require_columns(row, form)
        found = _kept(spool, Cells(number, row, names), row, form, skip_refused=skip_refused)
        count += len(found)
        problems += found[: _MOST_KEPT - len(problems)]
    if not rows:
        raise TableUnreadable("table", reason="it has no rows")
    if count and not skip_refused:
        raise BadTable(tuple(problems), count=count)
    return spool


def _kept(
    spool: Spool, cells: Cells, row: Mapping[str, Any], form: Form, *, skip_refused: bool
) -> list[Problem]:
    """Put a row aside; gives what is wrong with it."""
    for name in row.keys() - {column.name for column in form.columns}:
        what = f"There is a column {name!r}, which is unknown." if name else "It has more cells."
        cells.refuse("", what, "Look at the separators, or take it out.")
    item = form.read(cells)
    subject = None if cells.problems else form.subject(item)
    if subject is not None and (first := spool.first_with(subject, cells.row)) != cells.row:
        cells.refuse("", f"It is about the same as row {first}.", "Take one of them out.")
    if not cells.problems:
        spool.add(cells.row, item)
    elif skip_refused:
        spool.add_bad(cells.row, [problem.to_json() for problem in cells.problems])
    return cells.problems


def _require_columns(row: Mapping[str, Any], form: Form) -> None:
    known = tuple(column.name for column in form.columns)
    missing = tuple(c.name for c in form.columns if c.needed and c.name not in row)
    unknown = tuple(name for name in row if name and name not in known)
    if missing or unknown:
        raise ColumnsWrong(missing=missing, unknown=unknown, known=known)
