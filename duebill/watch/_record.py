"""The record of alerts: a file of JSON lines that only grows, so that nothing is told twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill.errors import BadRecord
from duebill.watch._alert import Alert
from duebill.watch._lines import Lines

if TYPE_CHECKING:
    from pathlib import Path

    from duebill.ledger import Ledger
    from duebill.watch._alert import Withdrawn

_FORM = "duebill-alerts-1"


class Record:
    """The alerts that were told of one ledger, in a file.

    Its first line names the ledger; each other one is an alert or a withdrawal.

    Raises:
        BadRecord: The file is something else, or another ledger's.
        FileNotWritten: The disk refuses.
    """

    def __init__(self, path: str | Path, ledger: Ledger) -> None:
        head = {"form": _FORM, "chain_id": ledger.chain_id, "ledger": ledger.address}
        self._file = Lines(path, head, refused=BadRecord)
        self._told: dict[str, Alert] = {}
        for number, _, said in self._file:
            self._take(said, number)

    @property
    def told(self) -> tuple[Alert, ...]:
        """What was told and not withdrawn."""
        return tuple(self._told.values())

    def put(self, it: Alert | Withdrawn) -> None:
        """Add what was told; it is on the disk when this returns.

        Raises:
            FileNotWritten: The disk refuses, or another program writes to the file.
        """
        self._file.append([it.to_json()])

    def _take(self, said: Any, number: int) -> None:
        try:
            if "withdrawn" in said:
                self._told.pop(said["withdrawn"], None)
            else:
                alert = Alert.from_json(said)
                self._told[alert.id] = alert
        except (ValueError, KeyError, TypeError) as error:
            raise self._file.bad(f"line {number} is no alert") from error
