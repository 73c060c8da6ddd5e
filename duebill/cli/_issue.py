"""How `duebill receivable issue` comes from an invoice to a receivable and its dossier.

The dossier is what only the parties know: the secret key, the documents hash, the terms. It is
written before anything is sent, so that no receivable can stand on the chain without it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
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
from duebill.errors import FileNotWritten, ProgrammeNotNamed, RevertError, SignerError
from duebill.model import Money
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from duebill.cli._session import Writer
    from duebill.model import Address, Invoice, Outcome, ReceivableId, Terms

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
) -> None:
    """Issue a receivable from an invoice's file; see `duebill receivable issue`."""
    invoice, key = read_invoice(file), new_key()
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
    role, words = writer.ledger.issuer(writer.signer), _words(writer, terms, invoice)
    if writer.dry_run:
        outcome = writer.carry_out(role, lambda it: it.issue(terms), words=words)
        # What is proposed to a wallet may be issued later, and its dossier is nowhere else.
        path = _kept(writer, terms, invoice, documents, key) if writer.binding else None
        _told(writer, outcome, terms, path=path)
        return
    writer.agree(words, trial=lambda: role.simulate.issue(terms).wait())
    writer.unlock()
    path = _kept(writer, terms, invoice, documents, key)
    with removed_if_refused(path):
        outcome = writer.send(role, lambda it: it.issue(terms))
    _told(writer, outcome, terms, path=path)


def _kept(
    writer: Writer, terms: Terms, invoice: Invoice, documents: DocumentSet, key: bytes
) -> Path:
    path = dossier_path(terms.id)
    write_private(
        path, json.dumps(_dossier(writer, terms, invoice, documents, key), indent=2) + "\n"
    )
    return path


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
    found = tuple(it.number for it in writer.ledger.programmes() if it.open)
    if len(found) != 1:
        raise ProgrammeNotNamed(found)
    return found[0]


def _words(writer: Writer, terms: Terms, invoice: Invoice) -> str:
    obligor, creditor = writer.named(terms.obligor), writer.named(terms.creditor)
    return (
        f"{obligor} owes {grouped(terms.face)} to {creditor}, due {terms.due_date.isoformat()}, "
        f"under programme {terms.programme}, for invoice {invoice.number} of "
        f"{invoice.seller.name}."
    )


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
    }


@contextlib.contextmanager
def removed_if_refused(path: Path) -> Iterator[None]:
    """Take the dossier away again, but only when it is certain that nothing was issued."""
    try:
        yield
    except (RevertError, SignerError):
        path.unlink(missing_ok=True)
        raise


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
