"""What the commands on documents have in common: files in, dossiers, stores, identities."""

from __future__ import annotations

import contextlib
import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill import node
from duebill.cli import _accounts, _issue, _papers, _show
from duebill.cli._values import MOMENT
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
from duebill.model import Terms, hash_bytes, kind_bytes
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from duebill.cli._session import Reader, Writer
    from duebill.document_book import StandingAttestation
    from duebill.documents import DocumentProof, Entry, FoundFile, OpenedDocuments
    from duebill.model import Address, Attestation, Outcome, ReceivableId


class KindType(click.ParamType):
    """A kind of document: invoice, delivery-note, or another label of attestations."""

    name = "kind"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Read one of the kinds, or a label as it stands."""
        with contextlib.suppress(ValueError):
            return DocumentKind.named(value).value
        try:
            kind_bytes(value)
        except ValueError as error:
            self.fail(f"{value[:40]!r}: {error}.", param, ctx)
        return value


KIND = KindType()

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


def root_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--root`: which documents are meant."""
    return click.option(
        "--root",
        default="",
        metavar="HASH",
        help="Of documents that were added later: the first characters of their root.",
    )(command)


def kind_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--kind`: a kind of document."""
    return click.option(
        "--kind", type=KIND, required=True, help="The kind of document: invoice, delivery-note, …"
    )(command)


def attestation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what is said of an attestation."""

    @functools.wraps(command)
    def run(
        *args: Any,
        file: str | None,
        kind: str | None,
        until: datetime | None,
        **options: Any,
    ) -> None:
        content = None if file is None else DocumentFile.read(file).content
        said = {"content": content, "kind": kind, "until": until}
        command(*args, said=said, **options)

    kinds = click.option(
        "--kind", type=KIND, help="The kind of document; that of the file proved otherwise."
    )
    end = click.option(
        "--until", type=MOMENT, help="The last moment of it; half a year from now otherwise."
    )
    compared = click.option("--file", metavar="FILE", help="The file that was checked, to compare.")
    return compared(kinds(end(run)))


def identity_path(who: Address) -> Path:
    """Where the identity of an account is kept."""
    return node.home() / "identities" / f"{who}.txt"


def dossier_set(
    id_: ReceivableId, files: Sequence[DocumentFile] = (), *, root: str = ""
) -> DocumentSet:
    """The documents of a receivable that was issued from here, by its dossier.

    Args:
        id_: The receivable.
        files: The files at hand.
        root: The first characters of the root of documents that were added from here.

    Raises:
        FileRefused: There is no dossier, or it is damaged or lists no documents.
        BadDocument: A file at hand is not the one that is listed.
    """
    path = _later_dossier(id_, root) if root else _issue.dossier_path(id_)
    return read_dossier(path, files)[0]


def read_dossier(
    path: Path, files: Sequence[DocumentFile] = ()
) -> tuple[DocumentSet, Mapping[str, Any]]:
    """The documents that a dossier lists, and all that it holds.

    Raises:
        FileRefused: There is no dossier, or it is damaged or lists no documents.
        BadDocument: A file at hand is not the one that is listed.
    """
    content = _json_of(path, "it is no dossier that lists documents")
    try:
        key, listed = hash_bytes(content["key"], field="key"), content["documents"]
    except (KeyError, TypeError, ValueError):
        # The parser's error quotes the file.
        raise FileRefused(str(path), "it is no dossier that lists documents") from None
    return DocumentSet.from_json(listed, key=key, files=files), content


def is_file(text: str) -> bool:
    """Whether a file stands where an id could: that of a receivable that is not issued yet."""
    return text.endswith(".json")


def subject(text: str) -> str | Terms:
    """What a verifier attests a document of: a receivable's id, or a file with its terms.

    Raises:
        FileRefused: The file cannot be read, or is no JSON.
        BadTerms: It holds no terms.
    """
    if not is_file(text):
        return text
    return Terms.from_json(_json_of(Path(text), "it holds no terms of a receivable"))


def _json_of(path: Path, otherwise: str) -> Any:
    try:
        with path.open("rb") as opened:
            return json.loads(opened.read(_LARGEST_DOSSIER))
    except OSError as error:
        raise FileRefused(str(path), (error.strerror or "it cannot be read").lower()) from error
    except (ValueError, RecursionError):
        # The parser's error quotes the file.
        raise FileRefused(str(path), otherwise) from None


@contextlib.contextmanager
def new_dossier(
    writer: Writer, id_: ReceivableId, documents: DocumentSet, key: bytes
) -> Iterator[Path]:
    """Keep what only the parties know of later documents, unless they are refused."""
    path = _issue.dossier_path(id_, root=documents.root)
    content = {
        "format": 1,
        "receivable": id_,
        "chain_id": writer.ledger.chain_id,
        "ledger": writer.ledger.address,
        "documents_root": documents.root,
        "documents": documents.to_json(),
        "key": "0x" + key.hex(),
    }
    _issue.write_private(path, json.dumps(content, indent=2) + "\n")
    with _issue.removed_if_refused(path):
        yield path


def bring(writer: Writer, source: str) -> None:
    """Bring an attestation that a verifier signed."""
    from duebill.deals import SignedAttestation  # noqa: PLC0415 - imports cryptography

    _papers.require_asking(writer, source)
    signed = SignedAttestation.from_text(_papers.text_of(source))
    outcome = writer.carry_out(
        writer.ledger.verifier(writer.signer),
        lambda role: role.submit_attestation(signed),
        words=f"I bring what {writer.named(signed.terms.verifier)} signed:\n{signed.summary()}",
    )
    tell_attested(writer, outcome)


def tell_attested(writer: Writer, outcome: Outcome[Attestation]) -> None:
    """Print what was attested."""
    terms = outcome.value
    until = f"{terms.expiry:%Y-%m-%d %H:%M:%S} UTC"
    done = f"Attested: the {terms.kind} of {short(terms.receivable)}, until {until}."
    writer.tell(outcome, terms.to_json(), done=done)


def show_standing(reader: Reader, id_: ReceivableId) -> None:
    """What commits to a receivable's documents, who attests them, and what is still asked."""
    book = reader.ledger.documents
    later = {it.root: f"{reader.name(it.by)}, block {it.block}" for it in book.appended(id_)}
    rows = [(root, later.get(root, "at issue")) for root in book.roots(id_)]
    if rows:
        _show.table(("Documents root", "Added"), rows)
    else:
        _show.line(f"{short(id_)} was issued without documents.")
    if found := book.attestations(id_):
        _show.line()
        heads = ("Attested", "Verifier", "Until", "State", "Leaf")
        _show.table(heads, (_attested(reader, it) for it in found))
    if asked := book.requirements(id_):
        _show.line()
        _show.table(("The programme asks", "Met"), ((it.words, _yes(it.met)) for it in asked))


def audited(
    found: Mapping[ReceivableId, Sequence[OpenedDocuments]],
) -> Iterator[tuple[str, ...]]:
    """A row for each root of each receivable."""
    for id_, opened in found.items():
        for it in opened:
            lacking = sum(file.content is None for file in it.files)
            counts = (len(it.files), lacking, it.withheld)
            state = _state(it.finding, it.reason)
            yield short(id_), f"{it.root[:18]}…", state, *map(str, counts)


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


def give(reader: Reader, proof: DocumentProof, name: str, *, out: str | None) -> None:
    """Print a proof, as one line or as JSON, or write it to a new file."""
    if out is not None:
        _issue.write_private(Path(out), proof.to_text() + "\n")
    if reader.as_json:
        _show.as_json(proof.to_json() if out is None else {"path": out, **proof.to_json()})
    elif out is None:
        click.echo(proof.to_line())
    else:
        _show.line(f"Proved. {out} shows {name} and nothing else.")


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


def _attested(reader: Reader, it: StandingAttestation) -> tuple[str, ...]:
    until = f"{it.expiry:%Y-%m-%d %H:%M:%S} UTC"
    return it.kind, reader.name(it.verifier), until, it.state.value, it.leaf[:12] + "…"


def _yes(holds: bool) -> str:  # noqa: FBT001 - a cell of a table
    return "yes" if holds else "no"


def _later_dossier(id_: ReceivableId, root: str) -> Path:
    prefix = root.lower().removeprefix("0x")
    folder = _issue.dossier_path(id_).parent
    found = [] if not prefix.isalnum() else sorted(folder.glob(f"{id_}+{prefix[:16]}*.json"))
    if len(found) != 1:
        raise FileRefused(str(folder), f"it has {len(found)} dossiers of documents under {root}")
    return found[0]


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
