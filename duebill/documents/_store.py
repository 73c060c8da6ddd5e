"""Where sealed documents are kept: any place that fsspec knows, a local folder by default.

```
files/<name>.age              a sealed file
manifests/<root>/<name>.age   a sealed list of the documents under a root
```

A name is the SHA-256 of what is stored under it, so nothing that a document says is ever part of a
path, and whoever reads sees whether it was changed.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, TypeVar

from duebill.errors import ExtraMissing, StoreRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

FILES = "files"
MOST_MANIFESTS = 1000
"""So many lists under a root are looked at, and no more."""

_OBJECT = re.compile(r"([0-9a-f]{64})\.age")


class NotInStoreError(Exception):
    """There is no object of this name; never leaves this package."""


class BadObjectError(Exception):
    """An object that is too large, no plain file, or not what its name says; never leaves this package."""


class DocumentStore:
    """A store of sealed documents. Whoever keeps it sees how many there are and how large, no more.

    Attributes:
        protocol: What kind of store it is: `file`, `memory`, `s3`, …
    """

    def __init__(self, place: str | Path, **options: Any) -> None:
        """Name a store; nothing is read or written yet.

        Args:
            place: A folder, or an address that fsspec knows: `memory://sealed`, `s3://bucket/sealed`.
            options: What fsspec's file system for it takes, such as credentials.

        Raises:
            ExtraMissing: The extra `documents` is not installed.
            StoreRefused: fsspec knows no such store, or lacks its plugin.
        """
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ExtraMissing("documents", "keep sealed documents") from error
        address = str(place)
        self.protocol = address.partition("://")[0] if "://" in address else "file"
        try:
            self._files, base = url_to_fs(address, **options)
        except Exception as error:  # noqa: BLE001 - plugins raise what they like, and may quote secrets
            raise StoreRefused(self.protocol, type(error).__name__) from None
        self._base = base.rstrip("/")

    def __repr__(self) -> str:
        # The address may hold credentials.
        return f"<document store ({self.protocol})>"

    def put(self, folder: str, content: bytes) -> str:
        """Store something under its hash, and tell its name.

        Raises:
            StoreRefused: The store does not take it.
        """
        name = hashlib.sha256(content).hexdigest()
        path = self._path(folder, name)

        def write() -> None:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, content)

        self._reached(write)
        return name

    def get(self, folder: str, name: str, *, most: int) -> bytes:
        """What is stored under a name.

        Args:
            folder: Where.
            name: 64 hex digits.
            most: Larger objects are not read.

        Raises:
            NotInStoreError: There is nothing of this name.
            BadObjectError: It is too large, or not what its name says.
            StoreRefused: The store cannot be reached.
        """
        path = self._path(folder, name)
        content = self._reached(lambda: self._read(path, most))
        if len(content) > most:
            raise BadObjectError("it is too large")
        if hashlib.sha256(content).hexdigest() != name:
            raise BadObjectError("it is not what was stored")
        return content

    def names(self, folder: str) -> list[str]:
        """The names in a folder; what has another form of name is passed over.

        Raises:
            StoreRefused: The store cannot be reached.
        """

        def listed() -> list[str]:
            self._files.invalidate_cache()
            paths = self._files.ls(f"{self._base}/{folder}", detail=False)
            found = (_OBJECT.fullmatch(path.rpartition("/")[2]) for path in sorted(paths))
            return [name[1] for name in found if name]

        try:
            return self._reached(listed)
        except NotInStoreError:
            return []

    def _read(self, path: str, most: int) -> bytes:
        # A local store could hold a pipe, which keeps its reader waiting, or a link.
        found = self._files.info(path)
        if found["type"] != "file" or found.get("islink"):
            raise BadObjectError("it is no plain file")
        with self._files.open(path, "rb") as opened:
            return bytes(opened.read(most + 1))

    def _path(self, folder: str, name: str) -> str:
        # A name out of a list that somebody else wrote.
        if not _OBJECT.fullmatch(f"{name}.age"):
            raise BadObjectError("its name is none that this store gives")
        return f"{self._base}/{folder}/{name}.age"

    def _reached(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except FileNotFoundError as error:
            raise NotInStoreError from error
        except BadObjectError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            raise StoreRefused(self.protocol, type(error).__name__) from None


def manifests_of(root: str) -> str:
    """The folder of the lists under a root."""
    return f"manifests/{root[2:]}"
