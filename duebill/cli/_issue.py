"""How `duebill receivable issue` comes from an invoice to a receivable and its dossier.

The dossier is what only the parties know: the secret key, the documents hash, the terms. It is
written before anything is sent, so that no receivable can stand on the chain without it. When a
programme requires uses of invoices or attestations that are not there yet, it is kept, and issued
from later.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill import node
from duebill.cli import _show
from duebill.documents import (
    DocumentFile,
    DocumentKind,
    DocumentSet,
    WholeInvoice,
    document_salt,
    new_key,
    text_hash,
)
from duebill.einvoice import read_invoice
from duebill.errors import (
    AttestationsMissing,
    AttestedTooLittle,
    BadReference,
    FileNotWritten,
    FileRefused,
    InvoicesMissing,
    ProgrammeNotNamed,
    ReferenceTaken,
    RevertError,
    SignerError,
    UsesMissing,
)
from duebill.model import Money, Terms
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from duebill.cli._session import Writer
    from duebill.model import Address, Invoice, Outcome, ReceivableId
    from duebill.signing import Signer

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


def issue(  # noqa: PLR0913 - one for each option
    writer: Writer,
    file: str,
    *,
    buyer: Address | None,
    supplier: Address | None,
    due: date | None,
    programme: int | None,
    files: Sequence[DocumentFile] = (),
    platform: Signer | None = None,
) -> None:
    """Issue a receivable from an invoice's file; see `duebill receivable issue`."""
    invoice, kept = read_invoice(file), _kept(writer)
    key = bytes.fromhex(kept["key"][2:]) if kept else new_key()
    documents = _documents(file, invoice, files, key)
    me = writer.signer.address
    terms = writer.ledger.draft_invoice(
        invoice,
        obligor=buyer or me,
        creditor=supplier or me,
        programme=_programme(writer) if programme is None else programme,
        key=key,
        due_date=due,
        documents=documents,
    )
    if kept:
        # With the same key and salt, the same invoice and options are the same receivable.
        terms = replace(terms, salt=Terms.from_json(kept["terms"]).salt)
    path = dossier_path(terms.id)
    content = None if path.exists() else _dossier(writer, terms, invoice, documents, key)
    words = _words(writer, terms, invoice.number, invoice.seller.name)
    draft = _Draft(terms, words, path, file, content)
    if platform is None:
        _issue(writer, draft)
    else:
        _use_and_issue(writer, draft, invoice, platform)


def issue_dossier(writer: Writer, file: str) -> None:
    """Issue the receivable of a dossier that was kept; see `duebill receivable issue`."""
    path = Path(file)
    data = _read_dossier(path)
    terms = Terms.from_json(data["terms"])
    here = (terms.id, writer.ledger.chain_id, writer.ledger.address)
    if (data.get("receivable"), data.get("chain_id"), data.get("ledger")) != here:
        raise FileRefused(file, "it is another ledger's, or was changed")
    invoice = data["invoice"]
    words = _words(writer, terms, str(invoice["number"]), str(invoice["seller"]["name"]))
    _issue(writer, _Draft(terms, words, path, "INVOICE"))


@dataclass(frozen=True)
class _Draft:
    """A receivable that is to be issued.

    Attributes:
        terms: What it says.
        words: The same as a sentence.
        path: Where its dossier is, or is to be.
        invoice: The invoice's file.
        content: What the dossier is to hold; None: it is there already.
    """

    terms: Terms
    words: str
    path: Path
    invoice: str
    content: dict[str, Any] | None = None

    def keep(self) -> None:
        """Write the dossier, unless it is there."""
        if self.content is not None and not self.path.exists():
            write_private(self.path, json.dumps(self.content, indent=2) + "\n")

    def guarded(self) -> contextlib.AbstractContextManager[None]:
        """Within, a refusal takes the dossier away again, if this run wrote it."""
        return contextlib.nullcontext() if self.content is None else removed_if_refused(self.path)


def _issue(writer: Writer, draft: _Draft) -> None:
    terms = draft.terms
    role = writer.ledger.issuer(writer.signer)
    if writer.dry_run:
        outcome = writer.carry_out(role, lambda it: it.issue(terms), words=draft.words)
        # What is proposed to a wallet may be issued later, and its dossier is nowhere else.
        if writer.binding:
            draft.keep()
        _told(writer, outcome, terms, path=draft.path if writer.binding else None)
        return
    with _commands_if_something_is_missing(draft):
        # What was begun before cannot be tried out: it may be done.
        trial = None if writer.is_begun else lambda: role.simulate.issue(terms).wait()
        writer.agree(draft.words, trial=trial)
        writer.unlock()
        draft.keep()
        with draft.guarded():
            outcome = writer.send(role, lambda it: it.issue(terms))
    _told(writer, outcome, terms, path=draft.path)


def _use_and_issue(writer: Writer, draft: _Draft, invoice: Invoice, platform: Signer) -> None:
    """Use the invoice for the receivable, then issue it: two transactions, one after the other."""
    from duebill.registry import load_keys  # noqa: PLC0415 - not for every issue

    terms, ledger = draft.terms, writer.ledger
    registrant = ledger.registry(keys=load_keys()).registrant(platform)
    if writer.reference is not None:
        registrant = registrant.once(f"{writer.reference}/use")
    uses, where = [(invoice, terms.face)], {"receivable": terms.id, "ledger": ledger.address}
    if writer.dry_run:
        trial = registrant.simulate
        tried = trial.use(uses, **where).wait()
        writer.propose(trial.calls)
        done = f"Used {grouped(terms.face)} for {terms.id}; the issue can be tried after that."
        writer.tell(tried, {"receivable": terms.id, "terms": terms.to_json()}, done=done)
        return
    writer.agree(f"{draft.words}\nThe invoice is used for it in the registry first.")
    for signer in (platform, writer.signer):
        if unlock := getattr(signer, "unlock", None):
            unlock()
    draft.keep()
    with draft.guarded(), writer.waiting("Using the invoice"):
        registrant.use(uses, **where).wait()
    # From here on the dossier stays: the invoice is used for the receivable that it describes.
    try:
        outcome = writer.send(ledger.issuer(writer.signer), lambda it: it.issue(terms))
    except RevertError:
        command = f"duebill registry release {shlex.quote(draft.invoice)}"
        _show.notice(f"The invoice stays used. `{command} --receivable {terms.id}` frees it.")
        raise
    _told(writer, outcome, terms, path=draft.path)


def dossier_path(id_: ReceivableId, *, root: str = "") -> Path:
    """Where the dossier of a receivable is kept, or that of documents that were added to it."""
    later = f"+{root[2:18]}" if root else ""
    return node.home() / "documents" / f"{id_}{later}.json"


def write_private(path: Path, content: str | bytes) -> None:
    """Write a new file that only its owner can read; an existing one is not overwritten.

    Raises:
        FileNotWritten: It exists, or the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise FileNotWritten(str(path), (error.strerror or "unknown").lower()) from error


def money(amount: str, currency: str) -> Money:
    """An amount as it is written on the command line: a plain decimal, exact."""
    return Money.parse(amount, currency)


def evidence_hash(text: str) -> str:
    """The hash of a proof; a text that is a hash already stays as it is."""
    return text.lower() if _HASH.fullmatch(text) else text_hash(text)


def _programme(writer: Writer) -> int:
    """The only open programme; among several, the only one without a gate."""
    found = [it for it in writer.ledger.programmes() if it.open]
    plain = found if len(found) == 1 else [it for it in found if it.rules.gate is None]
    if len(plain) != 1:
        raise ProgrammeNotNamed(tuple(it.number for it in found))
    return plain[0].number


def _words(writer: Writer, terms: Terms, number: str, seller: str) -> str:
    obligor, creditor = writer.named(terms.obligor), writer.named(terms.creditor)
    return (
        f"{obligor} owes {grouped(terms.face)} to {creditor}, due {terms.due_date.isoformat()}, "
        f"under programme {terms.programme}, for invoice {number} of {seller}."
    )


def _read_dossier(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text("utf-8"))
        invoice = data["invoice"]
        if isinstance(data["terms"], dict) and invoice["number"] and invoice["seller"]["name"]:
            return dict(data)
    except OSError as error:
        raise FileRefused(str(path), (error.strerror or "it cannot be read").lower()) from error
    except (ValueError, LookupError, TypeError) as error:
        raise FileRefused(str(path), "it is no dossier") from error
    raise FileRefused(str(path), "it is no dossier")


def _documents(
    file: str, invoice: Invoice, files: Sequence[DocumentFile], key: bytes
) -> DocumentSet:
    """What the receivable commits to: the invoice, and with other documents its fields and file."""
    if not files:
        return DocumentSet([WholeInvoice(invoice.documents_hash)], key=key)
    own = DocumentFile.read(file, kind=DocumentKind.INVOICE)
    others = [it for it in files if it.content != own.content]
    return DocumentSet.of_invoice(invoice, key=key, files=[own, *others])


def _dossier(
    writer: Writer, terms: Terms, invoice: Invoice, documents: DocumentSet, key: bytes
) -> dict[str, Any]:
    salt = document_salt(invoice.documents_hash, key=key)
    return {
        "format": 1,
        "receivable": terms.id,
        "chain_id": writer.ledger.chain_id,
        "ledger": writer.ledger.address,
        "terms": terms.to_json(),
        "invoice": invoice.to_json(),
        "documents_hash": invoice.documents_hash,
        "documents_salt": "0x" + salt.hex(),
        "documents": documents.to_json(),
        "key": "0x" + key.hex(),
        "reference": writer.reference,
    }


def _kept(writer: Writer) -> dict[str, Any] | None:
    """The dossier that an earlier run wrote under the same reference."""
    here = (writer.reference, writer.ledger.chain_id, writer.ledger.address)
    if writer.reference is None:
        return None
    for path in sorted((node.home() / "documents").glob("*.json")):
        with contextlib.suppress(FileRefused):
            data = _read_dossier(path)
            if (data.get("reference"), data.get("chain_id"), data.get("ledger")) == here:
                return data
    return None


@contextlib.contextmanager
def removed_if_refused(path: Path) -> Iterator[None]:
    """Take the dossier away again, but only when it is certain that nothing was issued."""
    try:
        yield
    except InvoicesMissing:
        # It is issued from later, when invoices are used for it.
        raise
    except (RevertError, SignerError, BadReference, ReferenceTaken):
        path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _commands_if_something_is_missing(draft: _Draft) -> Iterator[None]:
    """Keep the dossier of what the programme's gate refuses for now, and say what to type.

    Raises:
        UsesMissing: Too little is used for the receivable.
        AttestedTooLittle: Too few verifiers attest what its acceptance asks for.
    """
    dossier = shlex.quote(str(draft.path))
    try:
        yield
    except InvoicesMissing as error:
        draft.keep()
        file, face = shlex.quote(draft.invoice), draft.terms.face.text
        raise UsesMissing(
            draft.terms.id,
            programme=draft.terms.programme,
            commands=(
                f"duebill registry use {file} --receivable {draft.terms.id} --amount {face}",
                f"duebill receivable issue --dossier {dossier}",
            ),
        ) from error
    except AttestationsMissing as error:
        draft.keep()
        shown = "invoice" if error.kind == "invoice" else "NAME"
        raise AttestedTooLittle(
            draft.terms.id,
            programme=draft.terms.programme,
            kind=error.kind,
            commands=(
                f"duebill document prove {dossier} {shown} --out proof.json --terms terms.json",
                "duebill document attest terms.json proof.json",
                f"duebill receivable issue --dossier {dossier}",
            ),
        ) from error


def _told(
    writer: Writer, outcome: Outcome[ReceivableId], terms: Terms, *, path: Path | None
) -> None:
    accepted = terms.obligor == writer.signer.address
    data = {
        "receivable": terms.id,
        "voucher": terms.id.voucher(1),
        "accepted": accepted,
        "terms": terms.to_json(),
        "dossier": str(path) if path else None,
    }
    rest = "It is accepted." if accepted else "It waits for the buyer's acceptance."
    writer.tell(outcome, data, done=f"Issued receivable {terms.id}. {rest}")
    words = f"Its dossier, for the parties' eyes only: {path}"
    if path and writer.as_call:
        _show.notice(words)
    elif path and not writer.as_json:
        _show.line(words, style="dim")
