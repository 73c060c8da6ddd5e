"""What the commands on documents have in common: files in, dossiers, stores, identities."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill import node
from duebill.cli import _accounts, _issue, _show
from duebill.documents import (
    DocumentFile,
    DocumentKind,
    DocumentSet,
    DocumentStore,
    Field,
    Identity,
    read_folder,
)
from duebill.errors import FileRefused, NoAccount, NotConfirmed
from duebill.model import hash_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from duebill.documents import Entry, FoundFile, OpenedDocuments
    from duebill.model import Address, ReceivableId

_LARGEST_DOSSIER = 10_000_000
# Endings that are written for what a document says it is; everything else is plain bytes.
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/xml": ".xml",
}


def files_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--documents` and `--document`, as one list of files."""

    @functools.wraps(command)
    def run(*args: Any, folder: str | None, single: tuple[str, ...], **options: Any) -> None:
        command(*args, files=_files(folder, single), **options)

    one = click.option(
        "--document",
        "single",
        multiple=True,
        metavar="[KIND=]FILE",
        help="A file among the documents; its kind is what its name begins with, or KIND.",
    )
    many = click.option(
        "--documents", "folder", metavar="FOLDER", help="A folder of files among the documents."
    )
    return many(one(run))


def store_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--store`, as a store."""

    @functools.wraps(command)
    def run(*args: Any, place: str | None, **options: Any) -> None:
        command(*args, store=DocumentStore(place or node.home() / "sealed"), **options)

    return click.option(
        "--store",
        "place",
        envvar="DUEBILL_STORE",
        show_envvar=True,
        metavar="PLACE",
        help="Where sealed documents are: a folder, or an address that fsspec knows.",
    )(run)


def identity_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--as` and `--identity`: whose identity opens documents."""

    @functools.wraps(command)
    def run(*args: Any, account: str | None, file: str | None, **options: Any) -> None:
        command(*args, identity=functools.partial(_identity, account, file), **options)

    name = click.option(
        "--as",
        "account",
        envvar="DUEBILL_ACCOUNT",
        show_envvar=True,
        metavar="NAME",
        help="The account whose identity opens them.",
    )
    other = click.option(
        "--identity", "file", metavar="FILE", help="A file of age-keygen that opens them instead."
    )
    return name(other(run))


def identity_path(who: Address) -> Path:
    """Where the identity of an account is kept."""
    return node.home() / "identities" / f"{who}.txt"


def dossier_set(id_: ReceivableId, files: Sequence[DocumentFile] = ()) -> DocumentSet:
    """The documents of a receivable that was issued from here, by its dossier.

    Raises:
        FileRefused: There is no dossier, or it is damaged or lists no documents.
        BadDocument: A file at hand is not the one that is listed.
    """
    path = _issue.dossier_path(id_)
    try:
        with path.open("rb") as opened:
            content = json.loads(opened.read(_LARGEST_DOSSIER))
        key, listed = hash_bytes(content["key"], field="key"), content["documents"]
    except OSError as error:
        raise FileRefused(str(path), (error.strerror or "it cannot be read").lower()) from error
    except (KeyError, TypeError, ValueError, RecursionError):
        # The parser's error quotes the file.
        raise FileRefused(str(path), "it is no dossier that lists documents") from None
    return DocumentSet.from_json(listed, key=key, files=files)


def agree(words: str, *, yes: bool) -> None:
    """Show what will be done, and ask on a terminal.

    Raises:
        NotConfirmed: The user said no.
    """
    if yes or not sys.stdin.isatty():
        return
    _show.notice(words)
    if not click.confirm("Do it?", err=True):
        raise NotConfirmed


def show(opened: Sequence[OpenedDocuments]) -> None:
    """Tables of what a reader finds."""
    for number, found in enumerate(opened):
        if number:
            _show.line()
        _show.facts(_heads(found))
        if found.facts:
            _show.line()
            _show.table(("Field", "Says"), map(_said, found.facts))
        if found.files:
            _show.line()
            _show.table(("File", "Kind", ">Bytes", "Finding"), map(_row, found.files))


def write(folder: str, opened: Sequence[OpenedDocuments]) -> dict[str, str]:
    """Write the files that are present, under names made of their hashes; tells which is where.

    Raises:
        FileNotWritten: One exists already, or the disk refuses.
    """
    written = {}
    for found in (it for part in opened for it in part.files):
        if found.content is None:
            continue
        path = Path(folder) / _plain_name(found)
        _issue.write_private(path, found.content)
        written[found.file.name] = str(path)
    return written


def _plain_name(found: FoundFile) -> str:
    """A name with nothing in it that the document's maker chose freely."""
    kind = found.file.kind.value.replace(" ", "-")
    return f"{kind}-{found.file.hash[2:18]}{_ENDINGS.get(found.file.media_type, '.bin')}"


def _heads(found: OpenedDocuments) -> list[tuple[str, str]]:
    heads = [("Documents root", found.root), ("List", _state(found.finding, found.reason))]
    if found.withheld:
        heads.append(("Not shown", f"{found.withheld} more documents or fields"))
    return heads


def _said(fact: Entry) -> tuple[str, str]:
    return fact.label, fact.value if isinstance(fact, Field) else f"0x{fact.content_hash.hex()}"


def _row(found: FoundFile) -> tuple[str, ...]:
    file = found.file
    return file.name, file.kind.value, f"{file.size:,}", _state(found.finding, found.reason)


def _state(finding: str, reason: str) -> str:
    return f"{finding}: {reason}" if reason else f"{finding}"


def _files(folder: str | None, single: tuple[str, ...]) -> list[DocumentFile]:
    found = [] if folder is None else read_folder(folder)
    for word in single:
        kind, equals, path = word.partition("=")
        named = equals and _is_kind(kind)
        found.append(DocumentFile.read(path, kind=kind) if named else DocumentFile.read(word))
    return found


def _is_kind(text: str) -> bool:
    try:
        DocumentKind.named(text)
    except ValueError:
        return False
    return True


def _identity(account: str | None, file: str | None) -> Identity:
    if file is not None:
        return Identity.read(file)
    if not account:
        raise NoAccount(_accounts.names())
    return Identity.read(identity_path(_accounts.address_of(account)))
