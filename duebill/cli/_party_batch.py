"""How `duebill party import` goes through a list: rows in, rows out with what became of each."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duebill.cli import _accounts, _show
from duebill.cli._failures import BAD_FILE, OK
from duebill.cli._values import MOMENT
from duebill.einvoice import safe_cell
from duebill.errors import BadTime, DuebillError, FileNotWritten, FileRefused
from duebill.model import FOREVER, ZERO_HASH
from duebill.parties import Finding, Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from duebill.cli._session import Writer
    from duebill.parties import CheckedVerification

_LARGEST = 20_000_000
_SHOWN = 20
_HEADS = ("account", "identifier", "until")
_RESULT_HEADS = ("row", "account", "finding", "reason", "stage", "ready_at", "transaction")


def read(
    path: str, *, until: datetime | None, hash_of: Callable[[str], str]
) -> list[Verification | DuebillError]:
    """The rows of a list; one that cannot be read is the error that says why.

    Args:
        path: CSV in UTF-8 with the heads `account`, and if wanted `identifier` and `until`.
        until: The end for rows that name none; no end when not given.
        hash_of: The keyed hash of an identifier as it is written.

    Raises:
        FileRefused: It is no such list.
    """
    rows = [
        _read(row, until or FOREVER, hash_of)
        for row in _rows(path)
        if any(cell.strip() for cell in row.values())
    ]
    if not rows:
        raise FileRefused(path, "it has no rows")
    return rows


def run(
    writer: Writer,
    rows: Sequence[Verification | DuebillError],
    *,
    skip_refused: bool,
    results: str | None,
) -> int:
    """Carry a list out, or say why not; gives the exit code.

    Nothing is sent when a row is refused, unless it is to be skipped. The exit code is that of a
    bad file whenever one is.
    """
    role = writer.ledger.registrar(writer.signer)
    with writer.waiting("Checking every row"):
        trial = role.simulate
        found = trial.verify_many(rows)
    counts = Counter(row.finding for row in found)
    refused = counts[Finding.REFUSED]
    to_send = sum(row.to_send for row in found)
    sends = bool(to_send) and not writer.dry_run and (skip_refused or not refused)
    if sends:
        writer.agree(f"I verify {to_send:,} parties as the list says.")
        writer.unlock()
        with writer.waiting("Sending, and waiting for the blocks"):
            found = role.verify_many(rows, skip_refused=skip_refused)
    if results:
        write(results, found)
    if skip_refused or not refused:
        writer.propose(trial.calls)
    if writer.as_call:
        writer.hand_over()
    elif writer.as_json:
        told = {finding.value: counts[finding] for finding in Finding}
        _show.as_json({"sent": sends, "counts": told, "rows": [row.to_json() for row in found]})
    else:
        _tell(found, counts, sent=sends, dry_run=writer.dry_run)
    return BAD_FILE if refused else OK


def _tell(
    found: Sequence[CheckedVerification], counts: Counter[Finding], *, sent: bool, dry_run: bool
) -> None:
    _show.facts((str(finding).capitalize(), f"{counts[finding]:,}") for finding in Finding)
    refused = [row for row in found if row.finding is Finding.REFUSED]
    if refused:
        _show.line()
        rows = ((str(row.row), row.account or "", row.reason) for row in refused[:_SHOWN])
        _show.table((">Row", "Account", "Refused because"), rows)
        if len(refused) > _SHOWN:
            _show.line(f"… and {len(refused) - _SHOWN:,} more: --results FILE writes them all")
    _show.line()
    waiting = [row.step.ready_at for row in found if row.step and row.step.ready_at]
    if waiting:
        _show.line(
            f"{len(waiting):,} are announced. Give the same command again from "
            f"{max(waiting):%Y-%m-%d %H:%M:%S} UTC on."
        )
    elif sent:
        _show.line("All that was to be said stands on the ledger.")
    elif dry_run:
        _show.line("Dry run, nothing was sent.")
    else:
        _show.line("Nothing was sent.")


def write(path: str, rows: Sequence[CheckedVerification]) -> None:
    """Write what became of each row, safe to open in a spreadsheet; the file must not exist.

    Raises:
        FileNotWritten: It exists, or the disk refuses.
    """
    try:
        # With a byte-order mark, so that spreadsheets know the encoding.
        with Path(path).open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(_RESULT_HEADS)
            writer.writerows(map(safe_cell, _cells(row)) for row in rows)
    except OSError as error:
        raise FileNotWritten(path, (error.strerror or "unknown").lower()) from error


def _rows(path: str) -> Iterator[dict[str, str]]:
    try:
        file = Path(path)
        if file.stat().st_size > _LARGEST:
            raise FileRefused(path, f"it has more than {_LARGEST:,} bytes")
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True, restval="")
            heads = [(head or "").strip().lower() for head in reader.fieldnames or ()]
            if "account" not in heads:
                raise FileRefused(path, f"its first line has no head 'account', of {_HEADS}")
            reader.fieldnames = heads
            yield from ({head: row[head] for head in _HEADS if head in heads} for row in reader)
    except OSError as error:
        raise FileRefused(path, (error.strerror or "it cannot be read").lower()) from error
    except UnicodeDecodeError as error:
        raise FileRefused(path, "it is no text in UTF-8") from error
    except csv.Error as error:
        raise FileRefused(path, f"it is no CSV: {error}") from error


def _read(
    row: dict[str, str], until: datetime, hash_of: Callable[[str], str]
) -> Verification | DuebillError:
    identifier, end = row.get("identifier", "").strip(), row.get("until", "").strip()
    try:
        return Verification(
            account=_accounts.address_of(row["account"].strip()),
            until=_moment(end) if end else until,
            identifier=hash_of(identifier) if identifier else ZERO_HASH,
        )
    except FileRefused:
        # The registrar's key, not the row.
        raise
    except DuebillError as error:
        return error


def _moment(text: str) -> datetime:
    try:
        return MOMENT.convert(text, None, None)
    except click.UsageError as error:
        raise BadTime(text, reason="it is no time; write it like 2027-05-15") from error


def _cells(row: CheckedVerification) -> tuple[str, ...]:
    step = row.step
    return (
        str(row.row),
        row.account or "",
        row.finding.value,
        row.reason,
        step.stage.value if step else "",
        step.ready_at.isoformat() if step and step.ready_at else "",
        (step.transaction or "") if step else "",
    )
