"""Alerts with their evidence as a file: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from duebill.einvoice import safe_cell
from duebill.errors import FileNotWritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duebill.watch._alert import Alert

_ALERT = ("id", "rule", "severity", "subject", "words", "time", "block")
_EVENT = ("name", "block", "block_hash", "log_index", "transaction")
HEADS = (*_ALERT, *(f"event_{name}" for name in _EVENT))


def export(alerts: Iterable[Alert], path: str | Path) -> None:
    """Write alerts with their evidence to a new file.

    With a name that ends in .json it is one array; otherwise CSV, a row for each event of the
    evidence, in which no cell is calculated by a spreadsheet, whoever wrote what is in it.

    Raises:
        FileNotWritten: The file is there already, or the disk refuses.
    """
    file = Path(path)
    try:
        if file.suffix.lower() == ".json":
            with file.open("x", encoding="utf-8") as opened:
                json.dump([it.to_json() for it in alerts], opened, indent=2, ensure_ascii=False)
                opened.write("\n")
            return
        # With a byte-order mark, or spreadsheets would take Chinese for another encoding.
        with file.open("x", encoding="utf-8-sig", newline="") as opened:
            writer = csv.writer(opened, quoting=csv.QUOTE_ALL)
            writer.writerow(HEADS)
            writer.writerows(row for it in alerts for row in _rows(it))
    except OSError as error:
        raise FileNotWritten(str(path), (error.strerror or "unknown").lower()) from error


def _rows(alert: Alert) -> Iterator[list[str]]:
    data = alert.to_json()
    told = [safe_cell(str(data[name])) for name in _ALERT]
    for event in alert.evidence:
        yield [*told, *(safe_cell(str(getattr(event, name))) for name in _EVENT)]
