"""The consortium's secrets in a file of the platform's own.

One line for each secret:

```
1970-01-01 3f1c…64 hex digits…
2027-01-01 9a07…
```

The day is the first issue date that the secret is for. Only the file's owner may be able to read it;
it never goes to the chain, and nobody is shown what stands in it.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from duebill import node
from duebill.documents import new_key
from duebill.errors import BadTime, SecretsFileRefused
from duebill.model import date_of
from duebill.registry._keys import KeyRing

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The environment variable that names the file.
VARIABLE = "DUEBILL_REGISTRY_SECRETS"
#: The day of the first secret: it is for all invoices before the second one's.
BEGINNING = date_of(0)

_FILE = "registry.secrets"
_LINE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) +([0-9a-f]{64})")
_LARGEST = 100_000
# A pipe without a writer must not block the open.
_FLAGS = getattr(os, "O_NONBLOCK", 0)


def secrets_path() -> Path:
    """The file that `DUEBILL_REGISTRY_SECRETS` names; else `registry.secrets` in DUEBILL_HOME."""
    given = os.environ.get(VARIABLE)
    return Path(given).expanduser() if given else node.home() / _FILE


def load_keys(path: str | Path | None = None) -> KeyRing:
    """The secrets in a file.

    Args:
        path: The file; `secrets_path()` when not given.

    Raises:
        SecretsFileRefused: It is missing, others can read it, or it holds something else.
    """
    found = _read(Path(path) if path else secrets_path())
    first = found.pop(BEGINNING)
    return KeyRing(first, found)


def draw_secret(path: str | Path | None = None, *, from_day: date | None = None) -> Path:
    """Draw a secret and put it into the file, which is made for the first one.

    It stands for nothing yet: the consortium announces it, and hands it to its platforms.

    Args:
        path: The file; `secrets_path()` when not given.
        from_day: The first issue date of the invoices that it is for; None for the first secret.

    Raises:
        SecretsFileRefused: There is a first one already, or none; or the file cannot be used.
        BadTime: The file has a secret for that day or a later one.
    """
    where = Path(path) if path else secrets_path()
    if from_day is None:
        _write_first(where)
        return where
    last = max(_read(where))
    if from_day <= last:
        raise BadTime(from_day.isoformat(), reason=f"there is a secret for invoices from {last} on")
    with _opened(where, os.O_WRONLY | os.O_APPEND) as file:
        file.write(_line(from_day))
        file.flush()
        os.fsync(file.fileno())
    return where


def _write_first(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_line(BEGINNING))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SecretsFileRefused(str(path), _reason(error)) from error


def _line(day: date) -> bytes:
    return f"{day.isoformat()} {new_key().hex()}\n".encode("ascii")


def _read(path: Path) -> dict[date, bytes]:
    try:
        with _opened(path, os.O_RDONLY) as file:
            text = file.read(_LARGEST).decode("ascii")
    except UnicodeDecodeError as error:
        raise SecretsFileRefused(str(path), "it is no list of days and secrets") from error
    return _parsed(text, str(path))


def _parsed(text: str, path: str) -> dict[date, bytes]:
    secrets: dict[date, bytes] = {}
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        try:
            day = date.fromisoformat(found[1]) if found else None
        except ValueError:
            day = None
        if found is None or day is None or day in secrets:
            raise SecretsFileRefused(path, "it is no list of days and secrets")
        secrets[day] = bytes.fromhex(found[2])
    if BEGINNING not in secrets:
        raise SecretsFileRefused(path, f"it has no secret for {BEGINNING}, the first of all")
    return secrets


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[BinaryIO]:
    """A regular file that is its owner's alone; what it is was asked of the open file."""
    try:
        with os.fdopen(
            os.open(path, flags | _FLAGS), "rb" if flags == os.O_RDONLY else "ab"
        ) as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise SecretsFileRefused(str(path), "it is no regular file")
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SecretsFileRefused(str(path), "others can read it")
            yield file
    except OSError as error:
        raise SecretsFileRefused(str(path), _reason(error)) from error


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be used").lower()
