"""Verifiers attest documents, programmes ask for their word, and later documents are added."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from document_vectors import FILES, KEY, invoice_set

from duebill import connect
from duebill._fold import Books, fold
from duebill.deals import SignedAttestation
from duebill.document_book import AttestationState
from duebill.documents import DocumentFile, DocumentSet, Field, Identity, new_key
from duebill.errors import (
    AttestationNonceWrong,
    AttestationSignatureInvalid,
    AttestationsMissing,
    BadProof,
    BadSignedTerms,
    BadTerms,
    CallerNotEntitled,
    GateForeign,
    NotDeployed,
    NotFound,
    RootAlreadyAppended,
    SignedForElsewhere,
    SignerNotNamed,
    SigningDeclined,
)
from duebill.model import (
    Attestation,
    Money,
    Rules,
    Status,
    address,
    hash_bytes,
    kind_bytes,
    kind_of,
)

DOCUMENTS = invoice_set()
PROOF = DOCUMENTS.prove("invoice")
NOTE = DOCUMENTS.prove("delivery-note 17.txt")
HOLDS, EXPIRED, REVOKED = AttestationState


def attest(ledger, verifier, receivable, proof=PROOF, **said):
    return ledger.verifier(verifier).attest(receivable, proof, **said).wait().value


def states(ledger, receivable):
    return [it.state for it in ledger.documents.attestations(receivable)]


# -- the story --------------------------------------------------------------------------------


def test_a_programme_binds_no_buyer_before_two_of_three_attest_the_invoice(
    ledger, signers, verifiers, issue_asking, reading
):
    """Packed by the supplier, verified and attested by two; the bank opens what they attested."""
    receivable, (store, identities) = issue_asking(invoice=(2, "acceptance")), reading
    books, obligor = ledger.documents, ledger.obligor(signers.obligor)
    readers = [signers.supplier.address, signers.financier.address]
    books.pack(receivable, DOCUMENTS, store=store, readers=readers)

    with pytest.raises(AttestationsMissing):
        obligor.accept(receivable)
    attest(ledger, verifiers[0], receivable)
    (asked,) = books.requirements(receivable)
    assert asked.words == "2 of 3 verifiers, invoice, before acceptance: 1 given"
    assert not asked.met
    with pytest.raises(AttestationsMissing):
        obligor.accept(receivable)

    signed = ledger.verifier(verifiers[2]).sign_attestation(receivable, PROOF)
    # It travels by mail, and anyone brings it.
    brought = SignedAttestation.from_text(signed.to_line())
    ledger.supplier(signers.supplier).submit_attestation(brought).wait()
    (asked,) = books.requirements(receivable)
    assert (asked.met, asked.given) == (True, (verifiers[0].address, verifiers[2].address))
    obligor.accept(receivable).wait()
    assert ledger.receivable(receivable).status is Status.ACCEPTED

    (found,) = books.open(receivable, store=store, identity=identities["financier"])
    attested = {it.leaf for it in books.attestations(receivable)}
    assert attested == {found.prove("invoice").leaf}
    (nothing,) = books.open(receivable, store=store, identity=Identity.new())
    assert nothing.labels == ()
    assert ledger.check_invariants().holds


def test_a_programme_sells_nothing_before_the_delivery_is_attested(
    ledger, signers, verifiers, issue_asking
):
    """Two requirements, each by its own kind and stage."""
    asked = {"invoice": (1, "acceptance"), "delivery_note": (2, "financing")}
    receivable = issue_asking(**asked)
    attest(ledger, verifiers[0], receivable)
    ledger.obligor(signers.obligor).accept(receivable).wait()
    attest(ledger, verifiers[1], receivable, NOTE)

    supplier, bank = ledger.supplier(signers.supplier), ledger.financier(signers.financier)
    order = supplier.offer(receivable.voucher(1), price="1100.00")
    with pytest.raises(AttestationsMissing):
        bank.buy(order)
    first, second = ledger.documents.requirements(receivable)
    assert first.met
    assert second.words == "2 of 3 verifiers, delivery note, before financing: 1 given"
    attest(ledger, verifiers[0], receivable, NOTE)
    bank.buy(order).wait()
    assert ledger.voucher(receivable.voucher(1)).holder == signers.financier.address


# -- what is attested -------------------------------------------------------------------------


def test_threat_55_a_verifier_signs_what_it_has_read(ledger, verifiers, issued):
    """The words come from the very message, which the contract hashes to the same digest."""
    verifier = ledger.verifier(verifiers[0])
    draft = verifier.draft_attestation(issued, PROOF)
    words = draft.summary()
    for said in (
        verifiers[0].address,
        "the invoice behind",
        issued,
        PROOF.leaf,
        f"{draft.terms.expiry:%Y-%m-%d %H:%M:%S} UTC",
        "Number 0",
        ledger.documents.address,
        f"chain {ledger.chain_id}",
    ):
        assert said in words
    fields = draft.terms.as_abi()
    told = ledger._desk.read_from("document_book", "attestationDigest", fields)
    assert "0x" + told.hex() == draft.digest()
    other = replace(draft, terms=replace(draft.terms, leaf=NOTE.leaf))
    assert other.summary() != words
    assert other.digest() != draft.digest()

    shown = []
    with pytest.raises(SigningDeclined):
        verifier.sign_attestation(issued, PROOF, review=lambda said: shown.append(said) or False)
    assert shown == [words]
    with pytest.raises(SigningDeclined):
        verifier.simulate.sign_attestation(issued, PROOF)


def test_nothing_is_attested_that_is_not_under_the_root(ledger, scene, verifiers, issued):
    """The proof is checked against the chain first, and the file against the proof."""
    verifier = ledger.verifier(verifiers[0])
    other = scene.issued(documents_root="0x" + "11" * 32)
    with pytest.raises(BadProof):
        verifier.attest(other, PROOF)
    contract = DOCUMENTS.prove("contract.pdf")
    with pytest.raises(BadProof, match="at hand"):
        verifier.attest(issued, contract, content=b"another contract")
    made = verifier.attest(issued, contract, content=FILES["contract.pdf"]).wait().value
    assert (made.kind, made.leaf) == ("contract", contract.leaf)
    note = DocumentSet([Field("note", "x")], key=KEY)
    ledger.obligor(scene.signers.obligor).append_documents(issued, note.root).wait()
    with pytest.raises(BadTerms, match="kind"):
        verifier.attest(issued, note.prove("note"))
    assert verifier.attest(issued, note.prove("note"), kind="field audit").wait()
    # One field is not the invoice: nobody attests the whole by proving a part.
    with pytest.raises(BadTerms, match="kind"):
        verifier.attest(issued, DOCUMENTS.prove("invoice.due_date"))


def test_a_signature_counts_for_its_verifier_and_its_book_only(ledger, signers, verifiers, issued):
    verifier = ledger.verifier(verifiers[0])
    draft = verifier.draft_attestation(issued, PROOF)
    with pytest.raises(SignerNotNamed):
        draft.sign(verifiers[1])
    signed = draft.sign(verifiers[0])
    assert signed.signed_by() == verifiers[0].address
    stranger = ledger.supplier(signers.stranger)
    with pytest.raises(SignedForElsewhere):
        stranger.submit_attestation(replace(signed, chain_id=1))
    forged = replace(signed, terms=replace(signed.terms, leaf=NOTE.leaf))
    assert forged.signed_by() is None
    with pytest.raises(AttestationSignatureInvalid):
        stranger.submit_attestation(forged)
    stranger.submit_attestation(signed).wait()
    assert states(ledger, issued) == [HOLDS]


def test_a_signed_attestation_has_one_form(ledger, verifiers, issued):
    signed = ledger.verifier(verifiers[0]).sign_attestation(issued, PROOF)
    assert SignedAttestation.from_text(signed.to_text()) == signed
    told = signed.to_json()
    assert told["format"] == "duebill-attestation-1"
    assert "currency_code" not in told["terms"]
    for change in ({"kind": 1}, {"nonce": 0}, {"leaf": "0x12"}, {"currency_code": ""}):
        with pytest.raises(BadSignedTerms):
            SignedAttestation.from_json({**told, "terms": {**told["terms"], **change}})


@pytest.mark.parametrize("label", ["", " x", "x" * 33, "é", "a\0b"])
def test_a_kind_is_a_short_ascii_label(issued, verifiers, label):
    with pytest.raises(BadTerms):
        Attestation(
            receivable=issued,
            leaf=PROOF.leaf,
            kind=label,
            verifier=verifiers[0].address,
            expiry=0,
            nonce=0,
        )


def test_a_kind_that_is_no_label_is_shown_as_hex():
    assert kind_of(kind_bytes("delivery note")) == "delivery note"
    odd = b"\xff" + bytes(31)
    assert kind_of(odd) == "0x" + odd.hex()
    split = b"a\0b".ljust(32, b"\0")
    assert kind_of(split) == "0x" + split.hex()


# -- renewal, revocation, expiry ----------------------------------------------------------------


def test_an_attestation_ends_is_renewed_and_is_revoked(ledger, anvil, verifiers, issued):
    verifier = ledger.verifier(verifiers[0])
    day = ledger.time() + timedelta(days=1)
    attest(ledger, verifiers[0], issued, until=day)
    assert states(ledger, issued) == [HOLDS]
    anvil.travel(days=2)
    assert states(ledger, issued) == [EXPIRED]
    renewed = verifier.renew(issued, kind="invoice").wait().value
    assert renewed.leaf == PROOF.leaf
    assert states(ledger, issued) == [EXPIRED, HOLDS]

    # What was only signed ends with what was brought.
    signed = verifier.sign_attestation(issued, PROOF)
    verifier.revoke(issued, kind="invoice").wait()
    assert states(ledger, issued) == [REVOKED, REVOKED]
    with pytest.raises(AttestationNonceWrong):
        verifier.submit_attestation(signed)
    with pytest.raises(NotFound):
        verifier.renew(issued, kind="invoice")
    with pytest.raises(NotFound):
        verifier.renew(issued, kind="contract")
    attest(ledger, verifiers[0], issued)
    assert states(ledger, issued) == [REVOKED, REVOKED, HOLDS]
    assert ledger.documents.nonce_of(issued, kind="invoice", verifier=verifier.address) == 1
    assert ledger.check_invariants().holds


def test_attestations_are_told_by_kind_and_verifier(ledger, verifiers, issued):
    attest(ledger, verifiers[0], issued)
    attest(ledger, verifiers[1], issued, NOTE)
    books = ledger.documents
    assert len(books.attestations(issued)) == 2
    (one,) = books.attestations(issued, kind="delivery note")
    assert one.verifier == verifiers[1].address
    assert one.to_json()["state"] == "holds"
    (other,) = books.attestations(issued, verifier=verifiers[0].address)
    assert other.kind == "invoice"


def test_a_receivable_is_attested_before_its_obligor_issues_and_so_accepts_it(
    ledger, signers, verifiers, issue_asking
):
    """Its id is the hash of its terms: a rule for acceptance can be met before anything is issued."""
    programme = ledger.terms(issue_asking(invoice=(1, "acceptance"))).programme
    terms = ledger.draft(
        obligor=signers.obligor.address,
        creditor=signers.supplier.address,
        face=Money.parse("10.00", "EUR"),
        due_date=ledger.time().date() + timedelta(days=30),
        programme=programme,
        documents_root=DOCUMENTS.root,
    )
    obligor = ledger.obligor(signers.obligor)
    with pytest.raises(AttestationsMissing):
        obligor.issue(terms)
    with pytest.raises(BadProof):
        attest(ledger, verifiers[0], replace(terms, documents_root="0x" + "11" * 32))
    attest(ledger, verifiers[0], terms)
    assert states(ledger, terms.id) == [HOLDS]
    assert ledger.receivable(obligor.issue(terms).wait().value).status is Status.ACCEPTED


# -- later documents --------------------------------------------------------------------------


def test_later_documents_are_added_sealed_opened_and_proved(
    ledger, signers, verifiers, issued, reading
):
    store, identities = reading
    proof_of_payment = DocumentFile.of(b"SWIFT MT103", name="payment-proof.txt")
    later = DocumentSet([], key=new_key(), files=[proof_of_payment])
    books, supplier = ledger.documents, ledger.supplier(signers.supplier)
    supplier.append_documents(issued, later.root).wait()
    assert books.roots(issued) == (DOCUMENTS.root, later.root)
    (added,) = books.appended(issued)
    assert added.by == signers.supplier.address
    with pytest.raises(RootAlreadyAppended):
        supplier.append_documents(issued, later.root)

    bank = [signers.financier.address]
    for documents in (DOCUMENTS, later):
        books.pack(issued, documents, store=store, readers=bank)
    first, second = books.open(issued, store=store, identity=identities["financier"])
    assert (first.root, second.root) == books.roots(issued)
    assert [it.content for it in second.files] == [b"SWIFT MT103"]
    proof = later.prove("payment-proof.txt")
    books.verify(proof, issued, content=b"SWIFT MT103")
    assert attest(ledger, verifiers[0], issued, proof).kind == "payment proof"
    # One grant can reach over both roots.
    readers = [signers.supplier.address]
    names = ["contract.pdf", "payment-proof.txt"]
    options = {"store": store, "identity": identities["financier"], "only": names}
    assert len(books.grant(issued, readers, **options)) == 2
    opened = books.open(issued, store=store, identity=identities["supplier"])
    assert [it.labels for it in opened] == [(name,) for name in names]


def test_obligor_creditor_and_holders_add_documents_and_nobody_else(ledger, scene, signers):
    receivable = scene.accepted(documents_root=DOCUMENTS.root)
    scene.split(receivable, financier="400.00")
    for place, who in enumerate(("obligor", "supplier", "financier")):
        party = ledger.financier(getattr(signers, who))
        party.append_documents(receivable, f"0x{place + 1:064x}").wait()
    assert [it.by for it in ledger.documents.appended(receivable)] == [
        signers.obligor.address,
        signers.supplier.address,
        signers.financier.address,
    ]
    with pytest.raises(CallerNotEntitled):
        ledger.financier(signers.guarantor).append_documents(receivable, "0x" + "22" * 32)


def test_the_contract_agrees_about_every_leaf_and_path(ledger, issued):
    """The same rule in Solidity: leaves, paths, roots; and not for anything else."""
    read, terms = ledger._desk.read_from, ledger.terms(issued).as_abi()
    root = hash_bytes(DOCUMENTS.root)
    for it in DOCUMENTS.salted:
        proof = DOCUMENTS.prove(it.entry.label)
        leaf, path = hash_bytes(proof.leaf), [hash_bytes(each) for each in proof.path]
        assert read("document_book", "leafOf", it.salt, it.entry.content_hash) == leaf
        assert read("document_book", "isIncluded", root, leaf, path)
        assert read("document_book", "isDocumentOf", terms, leaf, path)
        assert not read("document_book", "isIncluded", root, leaf, path[:-1])
        assert not read("document_book", "isDocumentOf", terms, bytes(32), path)
    for size in (1, 2, 3, 5, 6, 7, 8, 13):
        fields = DocumentSet([Field(f"{n}", "x") for n in range(size)], key=KEY)
        for name in map(str, range(size)):
            proof = fields.prove(name)
            path = [hash_bytes(each) for each in proof.path]
            asked = hash_bytes(fields.root), hash_bytes(proof.leaf), path
            assert read("document_book", "isIncluded", *asked)


# -- what is told -----------------------------------------------------------------------------


def test_invariant_12_events_alone_give_documents_and_attestations(
    ledger, signers, verifiers, issued
):
    attest(ledger, verifiers[0], issued)
    ledger.verifier(verifiers[0]).revoke(issued, kind="invoice").wait()
    attest(ledger, verifiers[0], issued)
    # One that ends earlier changes nothing.
    attest(ledger, verifiers[0], issued, until=ledger.time() + timedelta(hours=1))
    ledger.supplier(signers.supplier).append_documents(issued, "0x" + "22" * 32).wait()
    report = ledger.check_invariants()
    assert report.holds
    (check,) = (it for it in report.checks if it.number == 12)

    books = fold(ledger.events(), Books())
    (word,) = books.documents.words
    books.documents.words[word].until += 1
    books.documents.appended[issued]["0x" + "33" * 32] = books.documents.appended[issued][
        "0x" + "22" * 32
    ]
    ledger._desk.history._books.documents = books.documents
    broken = next(it for it in ledger.check_invariants().checks if it.number == 12)
    assert broken.checked == check.checked + 1
    assert len(broken.violations) == 2
    assert verifiers[0].address in broken.violations[1]


def test_a_gate_of_somebody_else_is_not_guessed_at(ledger, signers, scene, anvil):
    """A bank's own contract may ask anything: what it asks is not known, and that is said."""
    gate = address("0x" + "77" * 20)
    # One instruction, STOP: it refuses nothing.
    anvil.rpc("anvil_setCode", gate, "0x00")
    number = ledger.administrator(signers.deployer).create_programme(Rules(gate=gate))
    receivable = scene.issued(programme=number.wait().value)
    with pytest.raises(GateForeign, match=gate):
        ledger.documents.requirements(receivable)
    assert ledger.documents.requirements(scene.issued()) == ()


def test_without_a_document_book_the_rest_still_works(anvil, deployed, signers, store):
    """A ledger can stand without it: roots, sealing and proofs need no contract of their own."""
    bare = connect(anvil.url, deployment={"ledger": deployed.ledger, "block": deployed.block})
    supplier = bare.supplier(signers.supplier)
    identity = Identity.new()
    supplier.publish_encryption_key(identity.encryption_key).wait()
    terms = bare.draft(
        obligor=signers.obligor.address,
        creditor=supplier.address,
        face=bare.cash(supplier.address, "EUR"),
        due_date=bare.time().date() + timedelta(days=30),
        programme=1,
        documents_root=DOCUMENTS.root,
    )
    receivable = supplier.issue(terms).wait().value
    bare.documents.pack(receivable, DOCUMENTS, store=store, readers=[supplier.address])
    assert bare.documents.open(receivable, store=store, identity=identity)[0].sound
    assert bare.documents.attestations(receivable) == ()
    assert bare.check_invariants().holds
    with pytest.raises(NotDeployed):
        supplier.append_documents(receivable, DOCUMENTS.root)
