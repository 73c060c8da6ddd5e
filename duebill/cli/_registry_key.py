"""The registrar's secret: identifiers are hashed under it, so that nobody can guess them."""

from __future__ import annotations

import contextlib

from duebill import node
from duebill.cli._issue import write_private
from duebill.documents import new_key
from duebill.errors import FileNotWritten, FileRefused

_FILE = "registry.key"


def registry_key() -> bytes:
    """The key in DUEBILL_HOME; drawn, and kept for its owner's eyes only, at its first use.

    Raises:
        FileRefused: The file is something else, or cannot be read.
        FileNotWritten: It cannot be made.
    """
    path = node.home() / _FILE
    if not path.exists():
        # Another process may be first: then its key is read below.
        with contextlib.suppress(FileNotWritten):
            write_private(path, new_key().hex() + "\n")
    try:
        return bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError as error:
        raise FileNotWritten(str(path), "no such folder") from error
    except (OSError, ValueError) as error:
        raise FileRefused(str(path), "it is no key of a registry") from error
