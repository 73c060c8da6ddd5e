"""What commands over many invoices have in common: a bar, and a CSV file of what was refused.

The file can be opened with a spreadsheet without harm, whatever stands in its cells.
"""

from __future__ import annotations

import contextlib
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from duebill.cli import _show
from duebill.einvoice import safe_cell
from duebill.errors import FileNotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@contextlib.contextmanager
def rows_written(path: str | None, heads: Sequence[str]) -> Iterator[Callable[..., None]]:
    """What writes a row of cells to a new file, safe to open in a spreadsheet; nothing for None.

    Raises:
        FileNotWritten: It exists, or the disk refuses.
    """
    if path is None:
        yield lambda *_: None
        return
    with _writing(path):
        # With a byte-order mark, or spreadsheets would take Chinese for another encoding.
        file = Path(path).open("x", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed below
    with file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)

        def write(*cells: str) -> None:
            with _writing(path):
                writer.writerow(map(safe_cell, cells))

        write(*heads)
        yield write


@contextlib.contextmanager
def in_order(write: Callable[..., None]) -> Iterator[Callable[..., None]]:
    """What takes numbered rows as they come, and writes them by rising number at the end.

    They wait on the disk. What is known when it breaks off is written, too.
    """
    import sqlite3  # noqa: PLC0415 - not for --help

    with contextlib.closing(sqlite3.connect("", isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, cells TEXT NOT NULL)")

        def keep(number: int, *cells: str) -> None:
            base.execute("INSERT OR REPLACE INTO rows VALUES (?, ?)", (number, json.dumps(cells)))

        try:
            yield keep
        finally:
            for (cells,) in base.execute("SELECT cells FROM rows ORDER BY number"):
                write(*json.loads(cells))


@contextlib.contextmanager
def bar(words: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A bar on a terminal, moved to the number that is done."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress  # noqa: PLC0415 - slow to import, not for --json

    with Progress(console=_show.console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda done: progress.update(task, completed=done)


def size_of(files: Sequence[Path]) -> int:
    """The bytes of the files that are there, which is what a bar over them counts."""
    return sum(file.stat().st_size for file in files if file.is_file())


@contextlib.contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileNotWritten(path, (error.strerror or "unknown").lower()) from error
