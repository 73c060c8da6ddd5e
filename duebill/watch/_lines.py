"""A file of JSON lines that one program writes, and that any end of it leaves readable."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill.errors import FileNotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from duebill.errors import WatchError


class Lines:
    """Lines of JSON after one that says what they are.

    What was being written when a program ended has no line's end, and is taken off.

    Args:
        path: The file; it is made when there is none.
        head: What the first line says.
        refused: Makes the error for a file that is something else, from its path and a reason.

    Raises:
        WatchError: The file is something else. It is left as it is.
        FileNotWritten: The disk refuses.
    """

    def __init__(
        self,
        path: str | Path,
        head: Mapping[str, Any],
        *,
        refused: Callable[[str, str], WatchError],
    ) -> None:
        self._path = Path(path)
        self._refused = refused
        content, first = self._content(), _line(head)
        if not content.startswith(first):
            if not first.startswith(content):
                raise self.bad("its first line names another form or ledger")
            # A first line that was cut off, or none.
            content = first
            self._write(content, over=True)
        self._end = content.rfind(b"\n") + 1
        self._rows = content[len(first) : self._end]
        self._first = len(first)
        if self._end < len(content):
            self._truncate()

    def __iter__(self) -> Iterator[tuple[int, int, Any]]:
        """What was there when the file was opened: each line's number, where it begins, what it says.

        None is what a line says that is no JSON.
        """
        start = self._first
        for number, line in enumerate(self._rows.splitlines(keepends=True), start=2):
            yield number, start, _parsed(line)
            start += len(line)

    def bad(self, reason: str) -> WatchError:
        """The error for a file that is something else."""
        return self._refused(str(self._path), reason)

    def append(self, rows: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add lines; they are on the disk when this returns. Gives where each one begins.

        Raises:
            FileNotWritten: The disk refuses, or another program writes to the file.
        """
        self._require_alone()
        lines = [_line(row) for row in rows]
        self._write(b"".join(lines))
        starts = []
        for line in lines:
            starts.append(self._end)
            self._end += len(line)
        return starts

    def cut(self, start: int) -> None:
        """Take off the line that begins here, and all after it.

        Raises:
            FileNotWritten: As for `append`.
        """
        self._require_alone()
        self._end = start
        self._truncate()

    # -- inside -----------------------------------------------------------------------------

    def _content(self) -> bytes:
        try:
            if self._path.exists() and not self._path.is_file():
                raise self.bad("it is no regular file")
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self.bad((error.strerror or "unknown").lower()) from error

    def _require_alone(self) -> None:
        try:
            size = self._path.stat().st_size
        except OSError as error:
            raise self._not_written(error) from error
        if size != self._end:
            raise FileNotWritten(str(self._path), "another program writes to it")

    def _write(self, content: bytes, *, over: bool = False) -> None:
        try:
            with self._path.open("wb" if over else "ab") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._not_written(error) from error

    def _truncate(self) -> None:
        try:
            os.truncate(self._path, self._end)
        except OSError as error:
            raise self._not_written(error) from error

    def _not_written(self, error: OSError) -> FileNotWritten:
        return FileNotWritten(str(self._path), (error.strerror or "unknown").lower())


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
