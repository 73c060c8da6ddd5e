"""The accounts of the user: keystore files by name, passwords, and the names of addresses."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

import click

from duebill import node, node_accounts
from duebill.errors import (
    AccountExists,
    AccountNameInvalid,
    AccountUnknown,
    LocalAccountElsewhere,
    NoAccount,
    PasswordMissing,
)
from duebill.model import address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from duebill.model import Address
    from duebill.signing import Keystore, SignedApproval, Signer

LOCAL_CHAIN_IDS = frozenset({31337, 1337})

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_SUFFIX = ".json"
_POLICY = "DUEBILL_POLICY"


def folder() -> Path:
    """Where the keystore files are."""
    return node.home() / "accounts"


def names() -> tuple[str, ...]:
    """The names of the user's accounts, sorted."""
    found = (path.name.removesuffix(_SUFFIX) for path in folder().glob(f"*{_SUFFIX}"))
    return tuple(sorted(name for name in found if _NAME.fullmatch(name)))


def path_of(name: str) -> Path:
    """The file of an account of this name, whether there is one or not.

    Raises:
        AccountNameInvalid: The name could mean another place, or one of the node's accounts.
    """
    if not _NAME.fullmatch(name) or node_accounts.index_of(name) is not None:
        raise AccountNameInvalid(name)
    return folder() / f"{name}{_SUFFIX}"


def path_of_new(name: str) -> Path:
    """The file for a new account, in a folder that only its owner can enter.

    Raises:
        AccountNameInvalid: As for `path_of`.
        AccountExists: There is one of this name.
    """
    path = path_of(name)
    if path.exists():
        raise AccountExists(name, path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def listed() -> Mapping[str, Address]:
    """The user's accounts by name. Files that name no address are left out."""
    found = {name: _address_in(path_of(name)) for name in names()}
    return {name: who for name, who in found.items() if who is not None}


def labels(chain_id: int) -> Mapping[Address, str]:
    """What to call addresses: the user's own accounts, and the node's on a local chain."""
    local = enumerate(node_accounts.ADDRESSES) if chain_id in LOCAL_CHAIN_IDS else ()
    mine = {who: name for name, who in listed().items()}
    return {who: f"dev{index}" for index, who in local} | mine


def address_of(text: str) -> Address:
    """The address that a text is, or that an account of this name has.

    Raises:
        BadAddress: It is a malformed address.
        AccountUnknown: It is no account's name.
    """
    if text.lower().startswith("0x"):
        return address(text)
    mine = known()
    if text not in mine:
        raise AccountUnknown(text, names())
    return mine[text]


def known() -> Mapping[str, Address]:
    """Every account that has a name here: the user's, and a local node's own."""
    local = {f"dev{index}": who for index, who in enumerate(node_accounts.ADDRESSES)}
    return {**local, **listed()}


def signer(
    name: str | None,
    *,
    password_file: str | None,
    chain_id: int,
    approvals: Iterable[SignedApproval] = (),
    policy: bool = True,
) -> Signer:
    """The account that is to sign: one of the user's, the node's, or one kept elsewhere.

    Where the environment names a policy, it signs what that lets through, and what is approved.

    Args:
        name: The account.
        password_file: The file with its password.
        chain_id: The chain that it signs for.
        approvals: The approvals that were given.
        policy: Whether the policy counts; an approver's own signature needs no approval.

    Raises:
        AccountError: None was named, there is none of this name, or it is not for this chain.
        SignerError: What keeps its key cannot be used, or the policy is not sound.
    """
    found = _signer(name, password_file=password_file, chain_id=chain_id)
    path = os.environ.get(_POLICY)
    if not path or not policy:
        return found
    from duebill.signing import ApprovalPolicy, FourEyes  # noqa: PLC0415 - imports cryptography

    return FourEyes(found, policy=ApprovalPolicy.load(path), approvals=approvals)


def _signer(name: str | None, *, password_file: str | None, chain_id: int) -> Signer:
    if not name:
        raise NoAccount(names())
    if ":" in name:
        from duebill.signing import open_signer  # noqa: PLC0415 - imports cryptography

        return open_signer(name, pin=password("PIN", password_file=password_file))
    if name.lower().startswith("0x"):
        from duebill.signing import AbsentSigner  # noqa: PLC0415 - imports cryptography

        return AbsentSigner(address(name))
    if (index := node_accounts.index_of(name)) is not None:
        if chain_id not in LOCAL_CHAIN_IDS:
            raise LocalAccountElsewhere(name, chain_id=chain_id)
        return node_accounts.NodeAccount(index)
    return opened(name, password_file=password_file)


def opened(name: str, *, password_file: str | None) -> Keystore:
    """One of the user's accounts; its password is asked for at the first signature."""
    from duebill.signing import Keystore  # noqa: PLC0415 - imports cryptography

    path = path_of(name)
    if not path.exists():
        raise AccountUnknown(name, names())
    return Keystore(path, password=password(f"Password of {name}", password_file=password_file))


def password(words: str, *, password_file: str | None, new: bool = False) -> Callable[[], str]:
    """How a password is got when it is needed: from a private file, or by asking."""
    return lambda: _password(words, password_file, new=new)


def _password(words: str, file: str | None, *, new: bool) -> str:
    if file:
        from duebill.signing import secret_in  # noqa: PLC0415 - imports cryptography

        return secret_in(file)
    if not sys.stdin.isatty():
        raise PasswordMissing
    given: str = click.prompt(words, hide_input=True, confirmation_prompt=new, err=True)
    return given


def _address_in(path: Path) -> Address | None:
    try:
        text = json.loads(path.read_text("utf-8"))["address"]
        return address("0x" + text.removeprefix("0x"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
