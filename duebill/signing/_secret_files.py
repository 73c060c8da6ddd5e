"""Secrets in files: of one line, and of nobody but their owner."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from duebill.errors import PasswordFileRefused

_LONGEST = 1024


def secret_in(path: str | Path) -> str:
    """The password, PIN or token that a file holds.

    Raises:
        PasswordFileRefused: It cannot be read, others can read it, or it holds something else.
    """
    path = Path(path).expanduser()
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PasswordFileRefused(str(path), "it is no regular file")
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise PasswordFileRefused(str(path), "others can read it")
            content = file.read(_LONGEST + 2)
        text = content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise PasswordFileRefused(str(path), reason) from error
    except UnicodeDecodeError:
        # The error quotes what it could not read.
        raise PasswordFileRefused(str(path), "it is no text in UTF-8") from None
    if not text or len(text) > _LONGEST or "\n" in text:
        raise PasswordFileRefused(str(path), "it has to hold one line, the password")
    return text
