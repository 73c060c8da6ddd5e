"""`duebill document`: what stands behind receivables, sealed, shown and proved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _document, _issue, _papers, _show
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT, PROGRAMME
from duebill.documents import DocumentFile, DocumentProof, DocumentSet, Field, Identity, new_key
from duebill.wording import short

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from duebill.chain import Transaction
    from duebill.cli._session import Reader, Writer
    from duebill.documents import DocumentStore
    from duebill.model import Address
    from duebill.roles import Financier


@click.group()
def command() -> None:
    """Seal, open, prove and attest what stands behind receivables.

    A NAME is a file's, a field's such as invoice.due_date, or invoice for the whole of it. A PROOF
    is a file, the line itself, or - for standard input.
    """


@command.command()
@click.option("--identity", "file", metavar="FILE", help="Where it is kept; else in DUEBILL_HOME.")
@writes
def key(writer: Writer, *, file: str | None) -> None:
    """Make an identity that opens documents, and publish its encryption key in the ledger.

    An identity that is there already is published as it is.
    """
    me = writer.signer.address
    path = Path(file).expanduser() if file else _document.identity_path(me)
    is_new = not path.exists()
    identity = Identity.new() if is_new else Identity.read(path)
    words = f"Documents for {writer.named(me)} are sealed to {identity.recipient} from now on."
    if is_new and writer.binding:
        # Before it is published: nobody seals to what nobody can open.
        identity.write(path)
    outcome = writer.carry_out(
        writer.ledger.financier(writer.signer),
        lambda role: role.publish_encryption_key(identity.encryption_key),
        words=words,
    )
    data = {
        "party": me,
        "encryption_key": identity.encryption_key,
        "recipient": identity.recipient,
        "identity": str(path),
    }
    writer.tell(outcome, data, done=words)
    words = f"What opens them is in {path}. Keep a copy: nobody else has it."
    if writer.as_call:
        _show.notice(words)
    elif not writer.as_json:
        _show.line(words, style="dim")


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--reader", "readers", type=ACCOUNT, multiple=True, help="Who may read them.")
@_document.root_option
@_document.files_option
@_document.store_option
@reads
def pack(  # noqa: PLR0913 - one for each option
    reader: Reader,
    id_: str,
    *,
    root: str,
    readers: tuple[Address, ...],
    files: list[DocumentFile],
    store: DocumentStore,
) -> None:
    """Seal the documents of a receivable for its readers, and store them.

    They are sealed for the readers of its programme as well, whether these are named or not. The receivable was issued from here: its dossier says which documents it commits to.
    """
    found = reader.ledger.receivable(id_)
    documents = _document.dossier_set(found.id, files, root=root)
    book = reader.ledger.documents
    everyone = list(dict.fromkeys([*readers, *book.readers_of(found.programme)]))
    if not everyone:
        raise click.UsageError("Give those who may read them with --reader.")
    with reader.waiting("Sealing"):
        name = book.pack(found.id, documents, store=store, readers=readers)
    if reader.as_json:
        told = {"receivable": found.id, "root": documents.root, "list": name}
        _show.as_json({**told, "readers": everyone})
        return
    named = ", ".join(map(reader.name, everyone))
    _show.line(f"Sealed the documents of {short(found.id)} for {named}.")
    _show.line("Who has read them once cannot be made to forget them.", style="dim")


@command.command(name="open")
@click.argument("id_", metavar="ID")
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
    id_: str,
    *,
    out: str | None,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Open what an account may read of a receivable's documents.

    Exit code 1 if something of it is missing, altered, or sealed for others. Files are written
    under names made of kind and hash, whatever they call themselves.
    """
    found = reader.ledger.receivable(id_)
    opener = identity()
    with reader.waiting("Opening"):
        opened = reader.ledger.documents.open(found.id, store=store, identity=opener)
    written = _document.write(out, opened) if out else {}
    if reader.as_json:
        parts = [it.to_json() for it in opened]
        _show.as_json({"receivable": found.id, "documents": parts, "written": written})
    else:
        _document.show(opened)
        if not opened:
            _show.line(f"{short(found.id)} was issued without documents.")
        for name, path in written.items():
            _show.line(f"{name} is in {path}.", style="dim")
    ctx.exit(0 if all(it.sound for it in opened) else 1)


@command.command()
@click.argument("programme", metavar="PROGRAMME", type=PROGRAMME)
@_document.identity_option
@_document.store_option
@reads
@click.pass_context
def audit(
    ctx: click.Context,
    reader: Reader,
    programme: int,
    *,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Open what an account may read of every receivable of a programme.

    Exit code 1 if something of it is missing, altered, or sealed for others.
    """
    opener, book = identity(), reader.ledger.documents
    reader.ledger.programme(programme)
    with reader.waiting("Opening"):
        found = dict(book.open_programme(programme, store=store, identity=opener))
    if reader.as_json:
        rows = ((id_, [it.to_json() for it in opened]) for id_, opened in found.items())
        _show.as_json([{"receivable": id_, "documents": parts} for id_, parts in rows])
    elif found:
        heads = ("Receivable", "Documents root", "List", ">Files", ">Lacking", ">Not shown")
        _show.table(heads, _document.audited(found))
    else:
        _show.line(f"No receivable was issued under programme {programme}.")
    ctx.exit(0 if all(it.sound for opened in found.values() for it in opened) else 1)


@command.command()
@click.argument("id_", metavar="ID")
@click.argument("name", metavar="NAME")
@click.option("--out", metavar="FILE", help="Where to write it; standard output otherwise.")
@click.option(
    "--terms",
    metavar="FILE",
    help="Write its terms there, for verifiers of what is not issued yet.",
)
@click.option("--from-store", is_flag=True, help="From what the account may read, not the dossier.")
@_document.root_option
@_document.identity_option
@_document.store_option
@reads
def prove(  # noqa: PLR0913 - one for each option
    reader: Reader,
    id_: str,
    name: str,
    *,
    out: str | None,
    terms: str | None,
    from_store: bool,
    root: str,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Make the proof of one document or field; it tells nothing of the rest.

    It is made from the receivable's dossier, or with --from-store from the sealed documents. Where a
    receivable is not issued yet, its dossier's file stands for ID.
    """
    if _document.is_file(id_):
        documents, dossier = _document.read_dossier(Path(id_))
        proof, said = documents.prove(name), dossier.get("terms")
    else:
        found = reader.ledger.receivable(id_)
        said = reader.ledger.terms(found.id).to_json()
        if from_store:
            book = reader.ledger.documents
            proof = book.prove(found.id, name, store=store, identity=identity())
        else:
            proof = _document.dossier_set(found.id, root=root).prove(name)
    if terms is not None:
        _issue.write_private(Path(terms), json.dumps(said, indent=2) + "\n")
    _document.give(reader, proof, name, out=out)


@command.command()
@click.argument("proof", metavar="PROOF")
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--root", metavar="HASH", help="Compare with this root; no chain is asked.")
@click.option("--file", metavar="FILE", help="The file that is claimed to be the one proved.")
@reads
def verify(
    reader: Reader, proof: str, id_: str | None, *, root: str | None, file: str | None
) -> None:
    """Verify a PROOF against a receivable on the chain, or against a root."""
    if (id_ is None) == (root is None):
        raise click.UsageError("Give the ID of the receivable, or a root with --root.")
    given = DocumentProof.from_text(_papers.text_of(proof))
    content = None if file is None else DocumentFile.read(file).content
    if root is not None:
        given.verify(root, content=content)
    elif id_ is not None:
        found = reader.ledger.receivable(id_)
        reader.ledger.documents.verify(given, found.id, content=content)
    if reader.as_json:
        _show.as_json({"holds": True, "entry": given.entry.to_json(), "root": given.root})
        return
    _show.line("The proof holds.")
    entry = given.entry
    said = (
        {"name": entry.name, "says": entry.value} if isinstance(entry, Field) else entry.to_json()
    )
    _show.facts((name.replace("_", " ").capitalize(), str(value)) for name, value in said.items())


@command.command()
@click.argument("id_", metavar="ID")
@click.argument("readers", metavar="READER...", type=ACCOUNT, nargs=-1, required=True)
@click.option("--only", metavar="NAME", multiple=True, help="Show them only this.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@_document.identity_option
@_document.store_option
@reads
def grant(  # noqa: PLR0913 - one for each option
    reader: Reader,
    id_: str,
    readers: tuple[Address, ...],
    *,
    only: tuple[str, ...],
    yes: bool,
    identity: Callable[[], Identity],
    store: DocumentStore,
) -> None:
    """Let further READERs see a receivable's documents, all or some. It cannot be taken back."""
    found = reader.ledger.receivable(id_)
    named = ", ".join(reader.named(who) for who in readers)
    what = ", ".join(only) or "all that this account can read"
    _document.agree(f"{named} may read {what} of {found.id}. It cannot be taken back.", yes=yes)
    names = reader.ledger.documents.grant(
        found.id, readers, store=store, identity=identity(), only=only or None
    )
    if reader.as_json:
        rows = {"receivable": found.id, "readers": list(readers), "lists": list(names)}
        _show.as_json({**rows, "only": list(only) or None})
    else:
        _show.line(f"{named} may read {what} of {short(found.id)} from now on.")


# -- later documents and attestations ---------------------------------------------------------


@command.command()
@click.argument("id_", metavar="ID")
@reads
def show(reader: Reader, id_: str) -> None:
    """Show what commits to a receivable's documents, who attests them, and what is still asked."""
    found = reader.ledger.receivable(id_)
    if not reader.as_json:
        _document.show_standing(reader, found.id)
        return
    book = reader.ledger.documents
    _show.as_json(
        {
            "receivable": found.id,
            "roots": list(book.roots(found.id)),
            "appended": [it.to_json() for it in book.appended(found.id)],
            "attestations": [it.to_json() for it in book.attestations(found.id)],
            "requirements": [it.to_json() for it in book.requirements(found.id)],
        }
    )


@command.command()
@click.argument("id_", metavar="ID")
@_document.files_option
@writes
def append(writer: Writer, id_: str, *, files: list[DocumentFile]) -> None:
    """Add later documents to a receivable, as its obligor, creditor or holder; for good.

    A dossier of their own is written first; `document pack --root` seals them for readers.
    """
    if not files:
        raise click.UsageError("Give documents with --documents or --document.")
    terms = writer.ledger.terms(id_)
    party = writer.ledger.financier(writer.signer)
    key = new_key()
    documents = DocumentSet((), key=key, files=files)
    named = ", ".join(it.file.name for it in files)
    words = f"I add {named} to receivable {terms.id}, under the root {documents.root}."
    data = {"receivable": terms.id, "root": documents.root}

    def act(role: Financier) -> Transaction[None]:
        return role.append_documents(terms.id, documents.root)

    if writer.dry_run:
        outcome = writer.carry_out(party, act, words=words)
        writer.tell(outcome, {**data, "dossier": None}, done=f"Added to {short(terms.id)}.")
        return
    writer.agree(words, trial=lambda: act(party.simulate).wait())
    writer.unlock()
    with _document.new_dossier(writer, terms.id, documents, key) as path:
        outcome = writer.send(party, act)
    writer.tell(outcome, {**data, "dossier": str(path)}, done=f"Added to {short(terms.id)}.")


@command.command()
@click.argument("id_", metavar="[ID]", required=False)
@click.argument("proof", metavar="[PROOF]", required=False)
@click.option("--signed", metavar="PAPER", help="Bring what a verifier signed; anyone may.")
@_document.attestation_options
@writes
def attest(
    writer: Writer,
    id_: str | None,
    proof: str | None,
    *,
    signed: str | None,
    said: dict[str, Any],
) -> None:
    """Attest, as a verifier, the document that a PROOF shows; or bring what a verifier signed.

    The proof has to hold for the receivable, by what the chain says. Before it is issued, a file with
    its terms (.json) stands for ID.
    """
    if signed is not None and id_ is None:
        _document.bring(writer, signed)
        return
    if id_ is None or proof is None or signed is not None:
        raise click.UsageError("Give ID and PROOF, or what was signed with --signed.")
    verifier = writer.ledger.verifier(writer.signer)
    shown = DocumentProof.from_text(_papers.text_of(proof))
    # The very message that is sent says what is shown before it is signed.
    draft = verifier.draft_attestation(_document.subject(id_), shown, **said)
    outcome = writer.carry_out(
        verifier, lambda role: role.send_attestation(draft), words=draft.summary()
    )
    _document.tell_attested(writer, outcome)


@command.command()
@click.argument("id_", metavar="ID")
@click.argument("proof", metavar="PROOF")
@click.option("--out", metavar="FILE", help="Where to write it; standard output otherwise.")
@_document.attestation_options
@writes
def sign(writer: Writer, id_: str, proof: str, *, out: str | None, said: dict[str, Any]) -> None:
    """Sign the attestation of a document for anyone to bring; nothing is sent.

    Before the receivable is issued, a file with its terms (.json) stands for ID.
    """
    verifier = writer.ledger.verifier(writer.signer)
    shown, of = DocumentProof.from_text(_papers.text_of(proof)), _document.subject(id_)
    if writer.dry_run:
        _papers.would_sign(writer, verifier.draft_attestation(of, shown, **said))
        return
    review = _papers.reviewing(writer)
    _papers.give(writer, verifier.sign_attestation(of, shown, review=review, **said), out=out)


@command.command()
@click.argument("id_", metavar="ID")
@_document.kind_option
@click.option("--until", type=MOMENT, help="The last moment of it; half a year from now otherwise.")
@writes
def renew(writer: Writer, id_: str, *, kind: str, until: datetime | None) -> None:
    """Attest anew, with a later end, what this account attested last of a kind."""
    verifier = writer.ledger.verifier(writer.signer)
    draft = verifier.draft_renewal(id_, kind=kind, until=until)
    outcome = writer.carry_out(
        verifier, lambda role: role.send_attestation(draft), words=draft.summary()
    )
    _document.tell_attested(writer, outcome)


@command.command()
@click.argument("id_", metavar="ID")
@_document.kind_option
@writes
def revoke(writer: Writer, id_: str, *, kind: str) -> None:
    """End all that this account attested of a kind for a receivable, also what is only signed."""
    found = writer.ledger.receivable(id_)
    words = f"I revoke all that I attested of the {kind} behind receivable {found.id}."
    outcome = writer.carry_out(
        writer.ledger.verifier(writer.signer),
        lambda role: role.revoke(found.id, kind=kind),
        words=words,
    )
    data = {"receivable": found.id, "kind": kind}
    writer.tell(outcome, data, done=f"Revoked: the {kind} of {short(found.id)}.")
