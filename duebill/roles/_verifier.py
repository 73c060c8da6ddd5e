"""Attesting documents."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from duebill._actions import NOTHING, always
from duebill.deals import AttestationDraft
from duebill.document_book import AttestationState
from duebill.errors import BadTerms, NotFound, SigningDeclined
from duebill.model import Attestation, Terms, kind_bytes
from duebill.roles._role import Party

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from duebill.chain import Transaction
    from duebill.deals import SignedAttestation
    from duebill.documents import DocumentProof
    from duebill.model import ReceivableId

_ATTESTATION_SPAN = timedelta(days=180)


class Verifier(Party):
    """Checks documents and attests them; whose word counts is for each programme's gate to say."""

    def draft_attestation(
        self,
        receivable: str | Terms,
        proof: DocumentProof,
        *,
        content: bytes | None = None,
        kind: str | None = None,
        until: datetime | None = None,
    ) -> AttestationDraft:
        """An attestation of a document, to be looked at and signed.

        The proof has to hold for the receivable, by what the chain says.

        Args:
            receivable: What the document is behind; its terms when it is not issued yet.
            proof: That the document is among those that the receivable commits to.
            content: The file itself, to be compared with the proof.
            kind: What kind of document it is; needed for a field, else the file's own kind, or
                `invoice` for the whole invoice, when not given.
            until: The last second in which it holds; half a year from now when not given.

        Raises:
            BadProof: The proof does not hold for the receivable.
        """
        if isinstance(receivable, Terms):
            id_ = receivable.id
            proof.verify(receivable.documents_root, content=content)
        else:
            id_ = self._desk.receivable_id(receivable)
            self.ledger.documents.verify(proof, id_, content=content)
        named = proof.kind if kind is None else kind
        if named is None:
            raise BadTerms(
                "kind", "the proof is of a single field, so that it has to be named (--kind)"
            )
        return self._draft(id_, proof.leaf, named, until)

    def attest(
        self,
        receivable: str | Terms,
        proof: DocumentProof,
        *,
        content: bytes | None = None,
        kind: str | None = None,
        until: datetime | None = None,
    ) -> Transaction[Attestation]:
        """Attest a document of a receivable; see `draft_attestation`."""
        draft = self.draft_attestation(receivable, proof, content=content, kind=kind, until=until)
        return self.send_attestation(draft)

    def send_attestation(self, draft: AttestationDraft) -> Transaction[Attestation]:
        """Attest what a draft says; the transaction stands for the signature."""
        return self._at_documents(always(draft.terms), "attest", draft.terms.as_abi(), b"")

    def sign_attestation(  # noqa: PLR0913 - as above, and a review
        self,
        receivable: str | Terms,
        proof: DocumentProof,
        *,
        content: bytes | None = None,
        kind: str | None = None,
        until: datetime | None = None,
        review: Callable[[str], bool] | None = None,
    ) -> SignedAttestation:
        """Sign an attestation for anyone to bring; see `draft_attestation`.

        Args:
            receivable: What the document is behind.
            proof: That the document is among those that the receivable commits to.
            content: The file itself, to be compared with the proof.
            kind: What kind of document it is.
            until: The last second in which it holds.
            review: Is shown in words what will be signed, and says whether to sign.

        Raises:
            BadProof: The proof does not hold for the receivable.
            SigningDeclined: `review` said no; or this is a dry run, which signs nothing.
        """
        draft = self.draft_attestation(receivable, proof, content=content, kind=kind, until=until)
        if self._simulated or (review is not None and not review(draft.summary())):
            raise SigningDeclined
        self.ledger.require_chain()
        return draft.sign(self.signer)

    def draft_renewal(
        self, receivable: str, *, kind: str, until: datetime | None = None
    ) -> AttestationDraft:
        """What this verifier attested last of a kind, with a later end.

        Args:
            receivable: The receivable.
            kind: The kind of document.
            until: The last second in which it holds; half a year from now when not given.

        Raises:
            NotFound: It attested nothing of the kind, or revoked it.
        """
        id_ = self._desk.receivable_id(receivable)
        mine = self.ledger.documents.attestations(id_, kind=kind, verifier=self.address)
        standing = [it for it in mine if it.state is not AttestationState.REVOKED]
        if not standing:
            raise NotFound("attestation of yours", kind)
        return self._draft(id_, standing[-1].leaf, kind, until)

    def renew(
        self, receivable: str, *, kind: str, until: datetime | None = None
    ) -> Transaction[Attestation]:
        """Attest anew, with a later end, what was attested last; see `draft_renewal`."""
        return self.send_attestation(self.draft_renewal(receivable, kind=kind, until=until))

    def revoke(self, receivable: str, *, kind: str) -> Transaction[None]:
        """End all that this verifier attested of a kind for a receivable.

        What it signed and nobody brought yet ends, too. What still holds is attested anew.
        """
        id_ = self._desk.receivable_id(receivable)
        return self._at_documents(NOTHING, "revoke", id_.number, kind_bytes(kind))

    def _draft(
        self, receivable: ReceivableId, leaf: str, kind: str, until: datetime | None
    ) -> AttestationDraft:
        books = self.ledger.documents
        terms = Attestation(
            receivable=receivable,
            leaf=leaf,
            kind=kind,
            verifier=self.address,
            expiry=until or self.ledger.time() + _ATTESTATION_SPAN,
            nonce=books.nonce_of(receivable, kind=kind, verifier=self.address),
        )
        return AttestationDraft(terms=terms, chain_id=self.ledger.chain_id, contract=books.address)
