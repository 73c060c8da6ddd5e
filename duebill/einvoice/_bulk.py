"""Many invoices at once, of every kind, one after the other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from duebill.einvoice._reader import MAX_BYTES, read_document
from duebill.einvoice._seen import Seen
from duebill.einvoice._source import opened
from duebill.einvoice._vat_list import MAX_LIST_BYTES, Refused, rows
from duebill.errors import InvoiceError, RepeatedInvoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from duebill.model import Invoice

_SUFFIXES = frozenset({".csv", ".pdf", ".xml"})
_HEAD = 512
_ROWS_A_REPORT = 1_000


@dataclass(frozen=True, slots=True)
class Imported:
    """An invoice and where it stood.

    Attributes:
        source: The file's path.
        row: The row of the list, counted from 1 as a spreadsheet counts; None for a whole file.
        invoice: The invoice, credit note or red-letter invoice.
    """

    source: str
    row: int | None
    invoice: Invoice

    def to_json(self) -> dict[str, object]:
        """The invoice and its place as an object for JSON."""
        return {"source": self.source, "row": self.row, "invoice": self.invoice.to_json()}


def find_files(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """The files to import: each path itself, or the XML, PDF and CSV files under a folder, sorted.

    Links to folders and names that begin with a dot are left aside.
    """
    return tuple(file for path in paths for file in _files(Path(path)))


def import_invoices(
    paths: Iterable[str | Path],
    *,
    currency: str = "CNY",
    max_bytes: int = MAX_BYTES,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Imported | Refused]:
    """Read files of all kinds, one invoice at a time and in a fixed amount of memory.

    What a file is, its content decides: XML, PDF, or else a list of VAT invoices. A row or a file
    that is refused is given as `Refused` with its reason, and the next one is read. An invoice that
    was met before, in whatever file, is refused as repeated.

    Args:
        paths: Files, and folders as `find_files` takes them.
        currency: The ISO 4217 code of the amounts in lists.
        max_bytes: The largest XML or PDF that is read; a list may have 1 GiB.
        on_progress: Called now and then with the number of bytes done.
    """
    done = 0
    with Seen() as seen:
        for path in find_files(paths):
            before = done

            def report(position: int, before: int = before) -> None:
                if on_progress:
                    on_progress(before + position)

            yield from _file(path, seen, currency=currency, max_bytes=max_bytes, report=report)
            done += _size(path)
            report(_size(path))


def _file(
    path: Path, seen: Seen, *, currency: str, max_bytes: int, report: Callable[[int], None]
) -> Iterator[Imported | Refused]:
    place = str(path)
    try:
        with opened(path) as file:
            head = file.read(_HEAD)
            if _is_document(head):
                yield _document(path, seen, max_bytes)
                return
            file.seek(0)
            for row, read in rows(
                file, place, seen=seen, currency=currency, max_bytes=MAX_LIST_BYTES
            ):
                yield read if isinstance(read, Refused) else Imported(place, row, read)
                if row % _ROWS_A_REPORT == 0:
                    report(file.tell())
    except InvoiceError as error:
        yield Refused(place, None, (), error)


def _document(path: Path, seen: Seen, max_bytes: int) -> Imported:
    invoice = read_document(path, max_bytes=max_bytes)
    first = seen.first(invoice, str(path))
    if first is not None:
        raise RepeatedInvoice(invoice.number, first=first)
    return Imported(str(path), None, invoice)


def _is_document(head: bytes) -> bool:
    """Whether a file begins as a PDF, an archive or XML; everything else may be a list."""
    if head.startswith((b"%PDF-", b"PK\x03\x04", b"\x1f\x8b")):
        return True
    return head.lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n").startswith(b"<")


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES:
                yield Path(folder, name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
