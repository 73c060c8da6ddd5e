"""The record of alerts: a file of JSON lines that only grows, so that nothing is told twice."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill.errors import BadRecord, FileNotWritten
from duebill.watch._alert import Alert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.ledger import Ledger
    from duebill.watch._alert import Withdrawn

_FORM = "duebill-alerts-1"


class Record:
    """The alerts that were told of one ledger, in a file.

    Its first line names the ledger; each other one is an alert or a withdrawal. A line that was cut
    off, because the program was ended while it wrote, is taken off.

    Raises:
        BadRecord: The file is something else, or another ledger's.
        FileNotWritten: The disk refuses.
    """

    def __init__(self, path: str | Path, ledger: Ledger) -> None:
        self._path = Path(path)
        self._told: dict[str, Alert] = {}
        head = {"form": _FORM, "chain_id": ledger.chain_id, "ledger": ledger.address}
        lines = self._lines()
        if not lines:
            self._write(head)
        elif _parsed(lines[0]) != head:
            raise BadRecord(str(path), "its first line names another form or ledger")
        for number, line in enumerate(lines[1:], start=2):
            self._take(_parsed(line), number)

    @property
    def told(self) -> tuple[Alert, ...]:
        """What was told and not withdrawn."""
        return tuple(self._told.values())

    def put(self, it: Alert | Withdrawn) -> None:
        """Add what was told; it is on the disk when this returns.

        Raises:
            FileNotWritten: The disk refuses.
        """
        self._write(it.to_json())

    # -- inside -----------------------------------------------------------------------------

    def _take(self, data: Any, number: int) -> None:
        try:
            if "withdrawn" in data:
                self._told.pop(data["withdrawn"], None)
            else:
                alert = Alert.from_json(data)
                self._told[alert.id] = alert
        except (ValueError, KeyError, TypeError) as error:
            raise BadRecord(str(self._path), f"line {number} is no alert") from error

    def _lines(self) -> list[str]:
        try:
            if self._path.exists() and not self._path.is_file():
                raise BadRecord(str(self._path), "it is no regular file")
            content = self._path.read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            if whole != content:
                # Only what was being written when the program ended has no line's end.
                os.truncate(self._path, len(whole))
            return whole.decode("utf-8").splitlines()
        except FileNotFoundError:
            return []
        except UnicodeDecodeError as error:
            raise BadRecord(str(self._path), "it is no text") from error
        except OSError as error:
            raise BadRecord(str(self._path), (error.strerror or "unknown").lower()) from error

    def _write(self, data: Mapping[str, Any]) -> None:
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            with self._path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            reason = (error.strerror or "unknown").lower()
            raise FileNotWritten(str(self._path), reason) from error


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
