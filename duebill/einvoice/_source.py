"""From a path to bytes, without ever waiting on or swallowing what is no regular file."""

from __future__ import annotations

import contextlib
import io
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from duebill.errors import InvoiceTooLarge, UnreadableInvoice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A pipe without a writer must not block the open, and a terminal must not become ours.
_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def load(source: bytes | str | Path, *, max_bytes: int) -> bytes:
    """The content of `source`, which is a path unless it is bytes already.

    At most one byte more than `max_bytes` is read, whatever the file's size is.
    """
    if isinstance(source, bytes):
        data = source
    else:
        with opened(source) as file:
            data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InvoiceTooLarge("bytes", max_bytes)
    return data


@contextlib.contextmanager
def opened(source: bytes | str | Path) -> Iterator[BinaryIO]:
    """The content of `source` as an open file.

    A symbolic link is followed, for the path is the caller's own; what it leads to must be a
    regular file.
    """
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    try:
        with open(source, "rb", opener=_opened) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableInvoice(str(source), "it is a pipe or a device, not a regular file")
            yield file
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInvoice(str(source), reason.lower()) from error


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _FLAGS)
