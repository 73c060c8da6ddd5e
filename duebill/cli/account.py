"""`duebill account`: the accounts that sign, each an encrypted file of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from duebill.cli import _accounts, _show
from duebill.cli._session import password_file_option, prints_data

if TYPE_CHECKING:
    from pathlib import Path

    from duebill.signing import Keystore


@click.group()
def command() -> None:
    """Make, import and list the accounts that sign."""


@command.command()
@click.argument("name")
@password_file_option
@prints_data
def new(as_json: bool, name: str, *, password_file: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Make a new account, NAME, in a file that a password protects."""
    from duebill.signing import create_keystore  # noqa: PLC0415 - imports cryptography

    path = _accounts.path_of_new(name)
    password = _accounts.password("New password", password_file=password_file, new=True)
    _told(name, path, create_keystore(path, password=password), as_json=as_json)


@command.command(name="import")
@click.argument("name")
@password_file_option
@prints_data
def import_(as_json: bool, name: str, *, password_file: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Put an existing key into a new file, as account NAME.

    The key is asked for on a terminal, or read from standard input: it never stands on the command
    line, where others could see it.
    """
    from duebill.signing import import_key  # noqa: PLC0415 - imports cryptography

    path = _accounts.path_of_new(name)
    source = None if sys.stdin.isatty() else sys.stdin
    password = _accounts.password("New password", password_file=password_file, new=True)
    _told(name, path, import_key(path, password=password, source=source), as_json=as_json)


@command.command(name="list")
@prints_data
def list_(as_json: bool) -> None:  # noqa: FBT001 - from the decorator
    """List the accounts."""
    found = [
        {"name": name, "address": who, "path": str(_accounts.path_of(name))}
        for name, who in _accounts.listed().items()
    ]
    if as_json:
        _show.as_json(found)
    elif found:
        _show.table(("Name", "Address"), ((row["name"], row["address"]) for row in found))
    else:
        _show.line("There are no accounts yet. `duebill account new NAME` makes one.")


def _told(name: str, path: Path, made: Keystore, *, as_json: bool) -> None:
    if as_json:
        _show.as_json({"name": name, "address": made.address, "path": str(path)})
        return
    _show.line(f"Account {name}: {made.address}")
    _show.line(f"Its key is in {path}. Keep a copy: without it nobody can help.", style="dim")
