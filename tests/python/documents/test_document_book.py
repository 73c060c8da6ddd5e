"""The documents of receivables on a real chain: issued, sealed for parties, opened, proved."""

from __future__ import annotations

import pytest
from document_vectors import FILES, invoice_set

from duebill._actions import NOTHING
from duebill.documents import DocumentProof, Finding, Identity
from duebill.errors import (
    BadEncryptionKey,
    BadProof,
    DocumentsDiffer,
    DocumentUnknown,
    ReaderWithoutKey,
)
from duebill.model import ZERO_HASH, Status

DOCUMENTS = invoice_set()
SMALL = "0x01" + "00" * 31


def test_a_bank_opens_and_verifies_what_a_supplier_sealed(
    ledger, signers, identities, issued, store
):
    """The story: packed under the root on the chain, opened with the bank's own key, proved."""
    books = ledger.documents
    assert books.roots(issued) == (DOCUMENTS.root,)
    readers = [signers.financier.address, signers.supplier.address]
    books.pack(issued, DOCUMENTS, store=store, readers=readers)

    (found,) = books.open(issued, store=store, identity=identities["financier"])
    assert found.sound
    assert {it.file.name: it.content for it in found.files} == FILES

    proof = books.prove(issued, "invoice.due_date", store=store, identity=identities["financier"])
    books.verify(DocumentProof.from_text(proof.to_line()), issued)
    books.verify(DOCUMENTS.prove("contract.pdf"), issued, content=FILES["contract.pdf"])
    with pytest.raises(DocumentUnknown):
        books.prove(issued, "nothing", store=store, identity=identities["financier"])

    (nothing,) = books.open(issued, store=store, identity=Identity.new())
    assert (nothing.finding, nothing.labels) == (Finding.UNREADABLE, ())


def test_what_cannot_be_read_hides_no_receivable(ledger, issued, store):
    """Nothing was ever stored: the receivable and its root stand all the same."""
    (found,) = ledger.documents.open(issued, store=store, identity=Identity.new())
    assert found.finding is Finding.MISSING
    assert ledger.receivable(issued).status is Status.ISSUED


def test_a_grant_goes_to_a_partys_published_key(ledger, signers, identities, issued, store):
    books = ledger.documents
    books.pack(issued, DOCUMENTS, store=store, readers=[signers.supplier.address])
    bank = {"store": store, "identity": identities["financier"]}
    assert not books.open(issued, **bank)[0].sound
    books.grant(
        issued,
        [signers.financier.address],
        store=store,
        identity=identities["supplier"],
        only=["contract.pdf"],
    )
    (found,) = books.open(issued, **bank)
    assert found.labels == ("contract.pdf",)
    with pytest.raises(DocumentUnknown):
        books.grant(issued, [signers.financier.address], only=["photo.xyz"], **bank)


def test_nobody_without_a_key_is_a_reader(ledger, signers, identities, issued, store):
    readers = [signers.financier.address, signers.obligor.address]
    with pytest.raises(ReaderWithoutKey, match=signers.obligor.address):
        ledger.documents.pack(issued, DOCUMENTS, store=store, readers=readers)
    assert ledger.documents.keys_of(readers[:1]) == (identities["financier"].encryption_key,)


def test_a_published_key_that_keeps_no_secret_is_refused(ledger, signers, issued, store):
    """The ledger takes any 32 bytes; nothing is sealed to a point that everybody can open."""
    guarantor = ledger.guarantor(signers.guarantor)
    with pytest.raises(BadEncryptionKey):
        guarantor.publish_encryption_key(SMALL)
    # With another client it can be published all the same.
    guarantor._do(NOTHING, "publishEncryptionKey", bytes.fromhex(SMALL[2:])).wait()
    with pytest.raises(BadEncryptionKey):
        ledger.documents.pack(issued, DOCUMENTS, store=store, readers=[signers.guarantor.address])


def test_other_documents_than_the_committed_ones_are_not_sealed(scene, ledger, signers, store):
    other = scene.issued(documents_root="0x" + "11" * 32)
    readers = [signers.financier.address]
    with pytest.raises(DocumentsDiffer):
        ledger.documents.pack(other, DOCUMENTS, store=store, readers=readers)
    with pytest.raises(BadProof, match="not the receivable's"):
        ledger.documents.verify(DOCUMENTS.prove("invoice"), other)
    none = scene.issued(documents_root=ZERO_HASH)
    assert ledger.documents.roots(none) == ()
    with pytest.raises(BadProof):
        ledger.documents.verify(DOCUMENTS.prove("invoice"), none)
