"""Accounts in encrypted files of their own: keystore v3, as geth, ape and others write it."""

from __future__ import annotations

import getpass
import json
import os
import re
import secrets
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill._key import Key
from duebill.errors import (
    BadPrivateKey,
    KeystoreExists,
    KeystoreExposed,
    KeystoreUnreadable,
    KeystoreWeak,
    PasswordTooShort,
    SignerMismatch,
    WrongPassword,
)
from duebill.model import address
from duebill.signing._signer import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from eth_account.signers.local import LocalAccount

    from duebill.model import Address
    from duebill.signing._signer import Password

_LARGEST_FILE = 100_000
_SHORTEST_PASSWORD = 8
_KEY_BYTES = 32
_KEY = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")
# What guards the password: below these, somebody with the file and a few graphics cards gets in.
_LEAST_SCRYPT_N = 1 << 14
_LEAST_SCRYPT_R = 8
_LEAST_PBKDF2_ROUNDS = 100_000
# Above this, opening the file takes more memory than a computer has: the file is an attack.
_MOST_SCRYPT_BYTES = 1 << 31
_SCRYPT_N = 1 << 18
# The order of secp256k1 (SEC 2, section 2.4.1): keys are below it.
_CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Keystore:
    """An account in a keystore v3 file (Web3 Secret Storage), as geth, ape and others write it.

    The address is read from the file; the password is needed when something is first signed.

    Args:
        path: The file. Nobody but its owner may be able to read it.
        password: The password, or what asks for it.

    Raises:
        KeystoreUnreadable: The file is missing, or is no keystore.
        KeystoreExposed: Others can read it.
        KeystoreWeak: It protects its password too weakly.
    """

    def __init__(self, path: str | Path, *, password: Password) -> None:
        password = Secret(password)
        self._path = Path(path).expanduser()
        self._content = _read(self._path)
        self._password: Secret | None = password
        self._key: Key | None = None
        self._address = _stated_address(self._content, self._path)

    def __repr__(self) -> str:
        # Tracebacks show it half-made, too.
        return f"<{type(self).__name__} {getattr(self, '_address', 'unread')}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a signer stays in its process: its key is not passed on")

    @property
    def address(self) -> Address:
        """The account."""
        return self._address

    def unlock(self) -> None:
        """Decrypt now rather than at the first signature.

        Raises:
            WrongPassword: The password does not open the file.
            SignerMismatch: The file's key is not that of the address it states.
        """
        self._unlocked()

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `Signer`.

        Raises:
            WrongPassword: The password does not open the file.
        """
        return self._unlocked().sign_transaction(transaction)

    def sign_transactions(self, transactions: Sequence[Mapping[str, Any]]) -> list[bytes]:
        """Many at once. The key is this account's for certain: what it signed need not be checked."""
        key = self._unlocked()
        return [key.sign_transaction(transaction) for transaction in transactions]

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `Signer`.

        Raises:
            WrongPassword: The password does not open the file.
        """
        return self._unlocked().sign_typed_data(message)

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """See `duebill.sponsorship.Delegator`.

        Raises:
            WrongPassword: The password does not open the file.
        """
        return self._unlocked().sign_authorization(authorization)

    def _unlocked(self) -> Key:
        if self._key is None:
            account = _decrypted(self._content, self._password or Secret(""), self._path)
            if (found := address(account.address)) != self._address:
                raise SignerMismatch(expected=self._address, found=found)
            # The key is enough from here on.
            self._key, self._password = Key(account), None
        return self._key


class ApeAccount(Keystore):
    """An account of ape, by its alias.

    ape keeps its accounts as keystore v3 files in ~/.ape/accounts (or in APE_DATA_FOLDER), which are
    read directly: ape need not be installed.

    Raises:
        KeystoreError: As for `Keystore`.
    """

    def __init__(self, alias: str, *, password: Password) -> None:
        password = Secret(password)
        folder = Path(os.environ.get("APE_DATA_FOLDER", "~/.ape")).expanduser() / "accounts"
        if Path(alias).name != alias or alias.startswith("."):
            raise KeystoreUnreadable(alias, reason="an alias is a plain name")
        super().__init__(folder / f"{alias}.json", password=password)


def create_keystore(path: str | Path, *, password: Password, scrypt_n: int = _SCRYPT_N) -> Keystore:
    """Make a new account and write it to a new file that only its owner can read.

    Args:
        path: The file; it must not exist.
        password: Its password, or what asks for it; at least 8 characters.
        scrypt_n: The work to open the file; at least 2^14.

    Raises:
        KeystoreExists: There is a file already.
        PasswordTooShort: The password is too short.
    """
    password = Secret(password)
    return _write(path, Secret(secrets.token_hex(_KEY_BYTES)), password, scrypt_n)


def import_key(
    path: str | Path,
    *,
    password: Password,
    source: TextIO | None = None,
    scrypt_n: int = _SCRYPT_N,
) -> Keystore:
    """Put an existing key into a new file that only its owner can read.

    The key is typed at a prompt that does not show it, or read from a stream: never an argument,
    which other users of the machine could see.

    Args:
        path: The file; it must not exist.
        password: Its password, or what asks for it; at least 8 characters.
        source: Where the key's 64 hex digits are read from; the prompt when not given.
        scrypt_n: The work to open the file; at least 2^14.

    Raises:
        BadPrivateKey: What was typed is no private key.
        KeystoreExists: There is a file already.
        PasswordTooShort: The password is too short.
    """
    password = Secret(password)
    prompt = "Private key (not shown): "
    typed = Secret(getpass.getpass(prompt) if source is None else source.readline())
    if not _is_key(typed):
        raise BadPrivateKey
    return _write(path, typed, password, scrypt_n)


# -- files ------------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, Any]:
    try:
        # What was checked is what is read: no other file can be put in its place meanwhile.
        with path.open("rb") as file:
            _require_private(path, os.fstat(file.fileno()))
            content = json.loads(file.read(_LARGEST_FILE))
    except OSError as error:
        raise KeystoreUnreadable(str(path), reason=error.strerror or "no access") from error
    except (ValueError, RecursionError):
        # The parser's error quotes the file.
        raise KeystoreUnreadable(str(path), reason="it is no JSON") from None
    if not isinstance(content, dict) or content.get("version") != 3:
        raise KeystoreUnreadable(str(path), reason="it is no keystore of version 3")
    _require_strong(content, path)
    return content


def _require_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise KeystoreUnreadable(str(path), reason="it is no file")
    mode = stat.S_IMODE(found.st_mode)
    if sys.platform != "win32" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeystoreExposed(str(path), mode=mode)


def _require_strong(content: dict[str, Any], path: Path) -> None:
    crypto: Any = content.get("crypto", content.get("Crypto"))
    try:
        reason = _weakness(crypto["kdf"], crypto["kdfparams"])
    except (KeyError, TypeError, ValueError):
        raise KeystoreUnreadable(str(path), reason="its parameters are malformed") from None
    if reason:
        raise KeystoreWeak(str(path), reason=reason)


def _weakness(kdf: str, params: dict[str, Any]) -> str | None:
    if kdf == "scrypt":
        n, r = int(params["n"]), int(params["r"])
        if n * r * 128 > _MOST_SCRYPT_BYTES:
            return f"scrypt with n = {n} asks for more memory than there is"
        if n < _LEAST_SCRYPT_N or r < _LEAST_SCRYPT_R:
            return f"scrypt with n = {n}, r = {r}, where n = {_LEAST_SCRYPT_N}, r = 8 is the least"
        return None
    if kdf == "pbkdf2":
        rounds = int(params["c"])
        weak = rounds < _LEAST_PBKDF2_ROUNDS
        return f"PBKDF2 with {rounds:,} rounds, where 100,000 are the least" if weak else None
    return f"its key derivation {str(kdf)[:20]!r} is unknown"


def _stated_address(content: dict[str, Any], path: Path) -> Address:
    stated = content.get("address")
    if not isinstance(stated, str):
        raise KeystoreUnreadable(str(path), reason="it states no address")
    return address("0x" + stated.removeprefix("0x"))


def _decrypted(content: dict[str, Any], password: Secret, path: Path) -> LocalAccount:
    from eth_account import Account  # noqa: PLC0415 - slow to import

    try:
        account: LocalAccount = Account.from_key(Account.decrypt(content, password()))
    except ValueError:
        # The library's error may quote what it was given.
        raise WrongPassword(str(path)) from None
    except (KeyError, TypeError, AssertionError):
        raise KeystoreUnreadable(str(path), reason="its parameters are malformed") from None
    return account


def _write(path: str | Path, key: Secret, password: Secret, scrypt_n: int) -> Keystore:
    from eth_account import Account  # noqa: PLC0415 - slow to import

    # Asked for once, whatever happens with it.
    password = Secret(password())
    if len(password()) < _SHORTEST_PASSWORD:
        raise PasswordTooShort(least=_SHORTEST_PASSWORD)
    if scrypt_n < _LEAST_SCRYPT_N:
        raise KeystoreWeak(str(path), reason=f"scrypt with n = {scrypt_n}")
    content = Account.encrypt(int(key().strip(), 16), password(), kdf="scrypt", iterations=scrypt_n)
    _write_new(Path(path).expanduser(), json.dumps(content, indent=1) + "\n")
    return Keystore(path, password=password)


def _write_new(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Nobody else can read it at any moment, and nothing is overwritten.
        found = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeystoreExists(str(path)) from error
    with os.fdopen(found, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _is_key(typed: Secret) -> bool:
    found = _KEY.fullmatch(typed().strip())
    return found is not None and 0 < int(found[1], 16) < _CURVE_ORDER
