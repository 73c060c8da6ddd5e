"""From a CSV file to rows of cells, one at a time: encoding, separator, quotation marks.

The file is read twice: first through, to know its encoding and that all of it can be decoded, then
row by row. No more than one row is held.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from typing import TYPE_CHECKING, BinaryIO

from duebill.errors import BadEncoding, BrokenList, InvoiceTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE = 64 * 1024  # characters
MAX_ROW_LINES = 100

_CHUNK = 2**20
_MARKS = {
    codecs.BOM_UTF8: ("utf-8-sig",),
    codecs.BOM_UTF16_LE: ("utf-16",),
    codecs.BOM_UTF16_BE: ("utf-16",),
}
_WITHOUT_MARK = ("utf-8", "gb18030")
_SEPARATORS = ",\t;"


def text_of(file: BinaryIO, *, max_bytes: int) -> io.TextIOWrapper:
    """The file as text: by its byte-order mark, else UTF-8 where it is, else GB 18030.

    Raises:
        BadEncoding: It is neither, or holds a NUL.
        InvoiceTooLarge: It is longer than `max_bytes`.
    """
    head = file.read(3)
    marked = next((names for mark, names in _MARKS.items() if head.startswith(mark)), None)
    failures: list[str] = []
    for codec in marked or _WITHOUT_MARK:
        file.seek(0)
        failure = _failure(file, codec, max_bytes)
        if failure is None:
            file.seek(0)
            return io.TextIOWrapper(file, encoding=codec, newline="")
        failures.append(failure)
    raise BadEncoding(", and ".join(failures))


def separator_of(line: str) -> str:
    """What stands between the cells of a line of heads."""
    return max(_SEPARATORS, key=line.count)


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet shows and does not calculate, whoever wrote it.

    What begins like a formula gets an apostrophe in front, a spreadsheet's own mark of text, which
    `read_vat_list` takes off again.
    """
    shown = unicodedata.normalize("NFKC", text).lstrip()
    risky = shown.startswith(("=", "+", "-", "@")) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if risky else text


def lines_of(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines, with their ends; none is longer than `MAX_LINE`.

    Raises:
        InvoiceTooLarge: One is.
    """
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise InvoiceTooLarge("characters in one line", MAX_LINE)
        yield line


def rows_of(lines: Iterator[str], separator: str, *, first: int) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, as a spreadsheet counts them from `first` on.

    Raises:
        BrokenList: A quotation mark is out of place, or a row has more than `MAX_ROW_LINES` lines.
    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    row, began = first, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BrokenList(row, str(error)) from error
        if cells is None:
            return
        if reader.line_num - began > MAX_ROW_LINES:
            raise BrokenList(row, f"it goes on for more than {MAX_ROW_LINES} lines")
        yield row, cells
        row, began = row + 1, reader.line_num


def _failure(file: BinaryIO, codec: str, max_bytes: int) -> str | None:
    decoder, done = codecs.getincrementaldecoder(codec)(), 0
    try:
        while chunk := file.read(_CHUNK):
            if "\x00" in decoder.decode(chunk):
                raise BadEncoding("there is a NUL in it")
            done += len(chunk)
            if done > max_bytes:
                raise InvoiceTooLarge("bytes", max_bytes)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return f"it is not {codec} ({error.reason} after byte {done + error.start})"
    return None
