"""Sealing for named readers with age (age-encryption.org/v1), and the keys that open.

A party's encryption key is the X25519 key of 32 bytes that it publishes in the ledger; age writes
the same bytes as `age1…`. The other half is in a file that only its owner can read, as age-keygen
writes it.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill.documents import _bech32
from duebill.errors import BadEncryptionKey, ExtraMissing, IdentityRefused
from duebill.model import hash_bytes, hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

_PUBLIC = "age"
_SECRET = "age-secret-key-"  # noqa: S105 - a prefix, not a secret
_KEY_BYTES = 32
_LARGEST_IDENTITY = 10_000
# Points of small order: what is sealed to them anyone can open (RFC 7748, section 6.1). As little-
# endian numbers: 0, 1, two of order eight, and p - 1, p, p + 1 for p = 2^255 - 19.
_SMALL_ORDER = {
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    (1 << 255) - 20,
    (1 << 255) - 19,
    (1 << 255) - 18,
}


class CannotOpenError(Exception):
    """Sealed for others, or damaged before it was stored; never leaves this package."""


class Identity:
    """What opens documents that are sealed to its encryption key. It never shows its secret."""

    def __init__(self, secret: str) -> None:
        """From the text of age.

        Args:
            secret: `AGE-SECRET-KEY-1…`.

        Raises:
            ValueError: It is anything else.
        """
        self._bytes = _bech32.decode(secret.strip(), prefix=_SECRET, size=_KEY_BYTES)
        self._opened: Any = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("an identity stays in its process: its secret is not passed on")

    @classmethod
    def new(cls) -> Identity:
        """A fresh one."""
        return cls(str(_pyrage().x25519.Identity.generate()))

    @classmethod
    def read(cls, path: str | Path) -> Identity:
        """The identity in a file.

        Raises:
            IdentityRefused: It is missing, is no such file, or others can read it.
        """
        place = Path(path).expanduser()
        try:
            with place.open("rb") as file:
                _require_private(place, os.fstat(file.fileno()))
                text = file.read(_LARGEST_IDENTITY).decode("ascii")
        except OSError as error:
            reason = (error.strerror or "it cannot be read").lower()
            raise IdentityRefused(str(path), reason) from error
        except UnicodeDecodeError:
            # The error holds the bytes.
            raise IdentityRefused(str(path), "it is no text") from None
        lines = [line.strip() for line in text.splitlines()]
        secrets = [line for line in lines if line and not line.startswith("#")]
        if len(secrets) != 1:
            raise IdentityRefused(str(path), "it holds not exactly one secret key")
        try:
            return cls(secrets[0])
        except ValueError:
            raise IdentityRefused(str(path), "what it holds is no secret key of age") from None

    def write(self, path: str | Path) -> None:
        """Write it to a new file that only its owner can read, as age-keygen does.

        Raises:
            IdentityRefused: There is a file already, or it cannot be written.
        """
        place = Path(path).expanduser()
        text = f"# public key: {self.recipient}\n{self.secret_text()}\n"
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            raise IdentityRefused(str(path), "there is a file already") from None
        except OSError as error:
            reason = (error.strerror or "it cannot be written").lower()
            raise IdentityRefused(str(path), reason) from error

    @property
    def recipient(self) -> str:
        """What is sealed to, as age writes it: `age1…`."""
        return str(self._age().to_public())

    @property
    def encryption_key(self) -> str:
        """The same as the ledger has it: 0x and 64 hex digits."""
        return encryption_key_of(self.recipient)

    def open(self, sealed: bytes) -> bytes:
        """What was sealed to it.

        Raises:
            CannotOpenError: It is sealed for others, or damaged.
        """
        age = _pyrage()
        try:
            return bytes(age.decrypt(sealed, [self._age()]))
        except age.DecryptError as error:
            raise CannotOpenError from error

    def secret_text(self) -> str:
        """The secret itself, as age writes it: for what is sealed, and for nothing else."""
        return _bech32.encode(_SECRET, self._bytes).upper()

    def _age(self) -> Any:
        if self._opened is None:
            self._opened = _pyrage().x25519.Identity.from_str(self.secret_text())
        return self._opened


def seal(content: bytes, keys: Iterable[str]) -> bytes:
    """Content that the holders of these encryption keys can open, and nobody else.

    Args:
        content: What to seal.
        keys: Encryption keys, as 0x and 64 hex digits; at least one.

    Raises:
        BadEncryptionKey: One of them is none.
        ExtraMissing: The extra `documents` is not installed.
    """
    age = _pyrage()
    recipients = [age.x25519.Recipient.from_str(recipient_of(key)) for key in dict.fromkeys(keys)]
    return bytes(age.encrypt(content, recipients))


def recipient_of(key: str) -> str:
    """An encryption key of the ledger as age writes it: `age1…`.

    Raises:
        BadHash: It is not 0x and 64 hex digits.
        BadEncryptionKey: What is sealed to it anyone could open.
    """
    octets = hash_bytes(key, field="encryption key")
    # The highest bit of an X25519 key does not count (RFC 7748, section 5).
    if int.from_bytes(octets, "little") & (1 << 255) - 1 in _SMALL_ORDER:
        raise BadEncryptionKey(key, "it is no point that keeps a secret")
    return _bech32.encode(_PUBLIC, octets)


def encryption_key_of(recipient: str) -> str:
    """The key that a party publishes in the ledger, from `age1…`.

    Raises:
        BadEncryptionKey: It is no such text, or what is sealed to it anyone could open.
    """
    try:
        octets = _bech32.decode(recipient.strip(), prefix=_PUBLIC, size=_KEY_BYTES)
    except ValueError as error:
        raise BadEncryptionKey(recipient, str(error)) from error
    key = hash_text(octets)
    recipient_of(key)
    return key


def _require_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise IdentityRefused(str(path), "it is no file")
    mode = stat.S_IMODE(found.st_mode)
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise IdentityRefused(str(path), f"others can read it (mode {mode:04o})")


def _pyrage() -> ModuleType:
    try:
        import pyrage  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ExtraMissing("documents", "seal and open documents") from error
    module: ModuleType = pyrage
    return module
