"""Where rows come from: files, DataFrames, or any iterable; one row is held at a time."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from duebill.errors import ExtraMissing, InvoiceError, TableUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row: TypeAlias = "tuple[int, Mapping[str, Any]]"
"""A row's number and its cells by column."""

Table: TypeAlias = "str | os.PathLike[str] | Iterable[Any] | Any"
"""A CSV or Parquet file, a pandas DataFrame, or mappings or dataclasses, one for each row."""

_MOST_BYTES = 1 << 30
_ROWS_AT_ONCE = 1_000
# Line 1 of a file names the columns, as a spreadsheet counts.
_FIRST_IN_FILE = 2
_EXTRA_CELLS = ""


def rows_of(table: Table) -> Iterator[Row]:
    """The rows of a table: of a file numbered as a spreadsheet does, of anything else from 1.

    Rows of a file without anything in them are passed over.

    Raises:
        TableUnreadable: It is none, or breaks off.
        ExtraMissing: Parquet is read by `duebill[tables]`.
    """
    if isinstance(table, str | os.PathLike):
        path = Path(table)
        rows = _parquet(path) if path.suffix.lower() in {".parquet", ".pq"} else _csv(path)
        return ((number, row) for number, row in rows if any(map(_is_filled, row.values())))
    if hasattr(table, "iloc") and hasattr(table, "columns"):
        return enumerate(_frame(table), start=1)
    if isinstance(table, Iterable) and not isinstance(table, bytes | Mapping):
        return enumerate(map(_mapping, table), start=1)
    raise TableUnreadable(type(table).__name__, reason="it is no table")


def column_name(text: object) -> str:
    """A column's name, however it is written: `Due Date` is `due_date`."""
    return str(text).strip().lower().replace(" ", "_").replace("-", "_")


def _csv(path: Path) -> Iterator[Row]:
    # Brings the XML parser along: not before a file is read.
    from duebill.einvoice._sheet import (  # noqa: PLC0415
        lines_of,
        rows_of,
        separator_of,
        text_of,
    )

    try:
        with path.open("rb") as file, text_of(file, max_bytes=_MOST_BYTES) as text:
            lines = lines_of(text)
            separator = separator_of(head := next(lines, ""))
            (names,) = [cells for _, cells in rows_of(iter([head]), separator, first=1)] or [[]]
            for number, cells in rows_of(lines, separator, first=_FIRST_IN_FILE):
                yield number, _named(names, cells)
    except OSError as error:
        raise TableUnreadable(str(path), reason=(error.strerror or "no access").lower()) from error
    except InvoiceError as error:
        raise TableUnreadable(str(path), reason=error.message.rstrip(".")) from error


def _named(names: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {column_name(name): "" for name in names}
    found |= dict(zip(map(column_name, names), cells, strict=False))
    if extra := "".join(cells[len(names) :]).strip():
        found[_EXTRA_CELLS] = extra
    return found


def _parquet(path: Path) -> Iterator[Row]:
    try:
        from pyarrow import ArrowException  # noqa: PLC0415 - an extra, and slow to import
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - as above
    except ImportError:
        raise ExtraMissing("tables", "read Parquet") from None
    try:
        with ParquetFile(path) as file:
            number = _FIRST_IN_FILE
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    yield number, {column_name(name): value for name, value in row.items()}
                    number += 1
    except (ArrowException, OSError) as error:
        raise TableUnreadable(str(path), reason=str(error).partition("\n")[0]) from error


def _frame(frame: Any) -> Iterator[Mapping[str, Any]]:
    names = [column_name(name) for name in frame.columns]
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE].astype(object)
        filled = part.where(part.notna(), None)
        for cells in filled.itertuples(index=False, name=None):
            yield dict(zip(names, cells, strict=True))


def _mapping(row: Any) -> Mapping[str, Any]:
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
    if isinstance(row, Mapping):
        return {column_name(name): value for name, value in row.items()}
    raise TableUnreadable(type(row).__name__, reason="a row is a mapping or a dataclass")


def _is_filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or cell.strip() != "")
