"""From a path to bytes, without ever waiting on or swallowing what is no regular file."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from duebill.errors import InvoiceTooLarge, UnreadableInvoice

if TYPE_CHECKING:
    from pathlib import Path

# A pipe without a writer must not block the open, and a terminal must not become ours.
_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def load(source: bytes | str | Path, *, max_bytes: int) -> bytes:
    """The content of `source`, which is a path unless it is bytes already.

    A symbolic link is followed, for the path is the caller's own; what it leads to must be a
    regular file. At most one byte more than `max_bytes` is read, whatever the file's size is.
    """
    data = source if isinstance(source, bytes) else _read(source, max_bytes + 1)
    if len(data) > max_bytes:
        raise InvoiceTooLarge("bytes", max_bytes)
    return data


def _read(path: str | Path, at_most: int) -> bytes:
    try:
        with open(path, "rb", opener=_opened) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableInvoice(str(path), "it is a pipe or a device, not a regular file")
            return file.read(at_most)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInvoice(str(path), reason.lower()) from error


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _FLAGS)
