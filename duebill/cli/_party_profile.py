"""`duebill party pack`, `open`, `prove` and `grant`: what is known of a party, sealed for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _document, _show
from duebill.cli._session import reads
from duebill.cli._values import ACCOUNT
from duebill.documents import grant as let_in
from duebill.documents import new_key, open_documents, recipient_of
from duebill.documents import pack as sealed
from duebill.parties import PartyProfile

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.cli._session import Reader
    from duebill.documents import DocumentFile, DocumentStore, Identity
    from duebill.model import Address


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--reader", "readers", type=ACCOUNT, multiple=True, required=True, help="Who may read it."
)
@_document.files_option
@_document.store_option
@reads
def pack(
    reader: Reader,
    file: str,
    *,
    readers: tuple[Address, ...],
    files: list[DocumentFile],
    store: DocumentStore,
) -> None:
    """Seal the profile of a party for its readers, and store it; nothing of it goes to the chain.

    FILE is TOML: identifiers, name, address, and a table of facts. Whoever packs it is a reader only
    when named.
    """
    profile = PartyProfile.read(file)
    papers = profile.documents(key=new_key(), files=files)
    keys = reader.ledger.documents.keys_of(readers)
    with reader.waiting("Sealing"):
        sealed(papers, store=store, readers=keys)
    if reader.as_json:
        _show.as_json({"root": papers.root, "name": profile.name, "readers": list(readers)})
        return
    _show.line(f"Sealed the profile of {profile.name} for {', '.join(map(reader.name, readers))}.")
    _show.line(f"Its root is {papers.root}. Give it to the readers, and keep it with the party:")
    _show.line("it opens the profile to them, and shows whether a word was changed.")


@click.command(name="open")
@click.argument("root", metavar="ROOT")
@click.option(
    "--out", metavar="FOLDER", help="Where to write the files; they are only listed else."
)
@_document.identity_option
@_document.store_option
@reads
@click.pass_context
def open_(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    reader: Reader,
    root: str,
    *,
    out: str | None,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Open what an account may read of the profile under ROOT.

    Exit code 1 if something of it is missing, altered, or sealed for others.
    """
    with reader.waiting("Opening"):
        opened = open_documents(root, store=store, identity=identity())
    written = _document.write(out, [opened]) if out else {}
    if reader.as_json:
        _show.as_json({**opened.to_json(), "written": written})
    else:
        _document.show([opened])
        for name, path in written.items():
            _show.line(f"{name} is in {path}.", style="dim")
    ctx.exit(0 if opened.sound else 1)


@click.command()
@click.argument("root", metavar="ROOT")
@click.argument("name", metavar="NAME")
@click.option("--out", metavar="FILE", help="Where to write it; standard output otherwise.")
@_document.identity_option
@_document.store_option
@reads
def prove(  # noqa: PLR0913 - one for each option
    reader: Reader,
    root: str,
    name: str,
    *,
    out: str | None,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Make the proof of one fact of a profile, such as party.register; it tells nothing else.

    `duebill document verify --root ROOT` verifies it, and asks no chain.
    """
    proof = open_documents(root, store=store, identity=identity()).prove(name)
    _document.give(reader, proof, name, out=out)


@click.command()
@click.argument("root", metavar="ROOT")
@click.argument("readers", metavar="READER...", type=ACCOUNT, nargs=-1, required=True)
@click.option("--only", metavar="NAME", multiple=True, help="Show them only this.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@_document.identity_option
@_document.store_option
@reads
def grant(  # noqa: PLR0913 - one for each option
    reader: Reader,
    root: str,
    readers: tuple[Address, ...],
    *,
    only: tuple[str, ...],
    yes: bool,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Let further READERs see a profile, all of it or some facts. It cannot be taken back."""
    named = ", ".join(reader.named(who) for who in readers)
    what = ", ".join(only) or "all that this account can read"
    _document.agree(f"{named} may read {what} of the profile. It cannot be taken back.", yes=yes)
    keys = reader.ledger.documents.keys_of(readers)
    let_in(root, store=store, identity=identity(), readers=keys, only=only or None)
    if reader.as_json:
        _show.as_json({"root": root, "readers": list(readers), "only": list(only) or None})
    else:
        _show.line(f"{named} may read {what} of the profile from now on.")


def recipient(key: str | None) -> str:
    """A party's encryption key as age has it."""
    if key is None:
        return "none; it publishes one with `duebill document key`"
    return recipient_of(key)
