"""Signers by name: `pkcs11:treasury`, `aws:alias/treasury`, `https://signer.example:9000`."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlsplit, urlunsplit

from duebill.errors import BadSignerName, DuebillError
from duebill.model import address
from duebill.signing._aws import AwsKmsSigner
from duebill.signing._azure import AzureKeyVaultSigner
from duebill.signing._gcp import GcpKmsSigner
from duebill.signing._ledger import FIRST_PATH, LedgerSigner
from duebill.signing._pkcs11 import Pkcs11Signer
from duebill.signing._remote import RemoteSigner, RpcSigner
from duebill.signing._secret_files import secret_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill.signing._signer import Password, Signer

_LIBRARY = "DUEBILL_PKCS11_LIBRARY"
_RPC = "rpc+"


def open_signer(name: str, *, pin: Password = "") -> Signer:
    """The signer that a name stands for; docs/signers.md shows each kind.

    Args:
        name: Its kind, a colon, and the key.
        pin: The PIN of a PKCS#11 token, or what asks for it.

    Raises:
        BadSignerName: It is malformed, or of no kind that is known.
        ExtraMissing: The extra for its kind is not installed.
    """
    kind, _, rest = name.partition(":")
    if kind in {"http", "https", f"{_RPC}http", f"{_RPC}https"}:
        return _remote(name)
    if kind == "pkcs11":
        return _pkcs11(rest, pin)
    if kind not in _KINDS:
        kinds = "pkcs11, aws, gcp, azure, ledger, http, https and rpc+https"
        raise BadSignerName(kind, reason=f"the kinds are {kinds}")
    if not rest and kind != "ledger":
        raise BadSignerName(kind, reason="it names no key")
    return _KINDS[kind](rest)


_KINDS: Mapping[str, Callable[[str], Signer]] = {
    "aws": AwsKmsSigner,
    "gcp": GcpKmsSigner,
    "azure": AzureKeyVaultSigner,
    "ledger": lambda path: LedgerSigner(path or FIRST_PATH),
}


def _pkcs11(rest: str, pin: Password) -> Signer:
    """A label, or the attributes of RFC 7512: `token=…;object=…;id=%01?module-path=…`."""
    path, _, query = rest.partition("?")
    if "=" not in path:
        path = f"object={path}"
    given = _attributes(path, ";") | _attributes(query, "&")
    if unknown := set(given) - {"token", "object", "id", "module-path"}:
        # A PIN (pin-value) would stand on the command line, for all to see.
        reason = f"{min(unknown)} is not taken; a PIN is typed, or read from a file"
        raise BadSignerName("pkcs11", reason=reason)
    library = unquote(given.get("module-path", "")) or os.environ.get(_LIBRARY, "")
    if not library:
        reason = f"name the module's library with ?module-path=… or in {_LIBRARY}"
        raise BadSignerName("pkcs11", reason=reason)
    label, id_ = given.get("object"), given.get("id")
    if not (label or id_):
        raise BadSignerName("pkcs11", reason="it names no key: object=… or id=…")
    return Pkcs11Signer(
        library,
        pin=pin,
        label=unquote(label) if label else None,
        id=unquote_to_bytes(id_) if id_ else None,
        token=unquote(given["token"]) if "token" in given else None,
    )


def _attributes(text: str, between: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(between) if part)
    return {name: value for name, _, value in pairs}


def _remote(name: str) -> Signer:
    """`https://host:9000?ca=…&certificate=…&token-file=…#0x…`; the last part names the account."""
    kind: type[RemoteSigner] = RpcSigner if name.startswith(_RPC) else RemoteSigner
    try:
        parts = urlsplit(name.removeprefix(_RPC))
        options: dict[str, Any] = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        account = address(parts.fragment) if parts.fragment else None
    except (ValueError, DuebillError):
        raise BadSignerName("http", reason="it is like https://host:9000#0x…") from None
    file = options.pop("token-file", None)
    if set(options) - {"ca", "certificate"}:
        reason = "only ca=…, certificate=… and token-file=… may follow the ?"
        raise BadSignerName("http", reason=reason)
    token = None if file is None else partial(secret_in, file)
    url = urlunsplit((*parts[:3], "", ""))
    return kind(url, account=account, token=token, **options)
