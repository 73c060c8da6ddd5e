"""What a registrar knows of a party: sealed, shown in parts, and never on the chain."""

from __future__ import annotations

import pytest
from people import KEY, SUPPLIER

from duebill.documents import DocumentFile, DocumentStore, Finding, Identity, open_documents, pack
from duebill.errors import BadDocument
from duebill.identifiers import Identifier
from duebill.parties import PartyProfile

PROFILE = PartyProfile(
    identifiers=(Identifier.parse("984500AURM0T0RAG2644"), Identifier("vat", "DE136695976")),
    name="Bremsen Süd GmbH",
    address="Werkstraße 1, 70173 Stuttgart, DE",
    facts={"register": "Stuttgart HRB 1234", "signatory": "A. Muster, alone"},
)
EXTRACT = DocumentFile.of(b"%PDF-1.7 extract", name="extract.pdf")


@pytest.fixture
def store(tmp_path):
    return DocumentStore(str(tmp_path / "sealed"))


def test_a_profile_is_sealed_for_its_readers_and_read_again(store):
    """The registrar and a supervisor open all of it; a stranger opens nothing."""
    registrar, supervisor, stranger = (Identity.new() for _ in range(3))
    papers = PROFILE.documents(key=KEY, files=[EXTRACT])

    pack(papers, store=store, readers=[registrar.encryption_key, supervisor.encryption_key])

    for reader in (registrar, supervisor):
        found = open_documents(papers.root, store=store, identity=reader)
        assert found.sound
        assert PartyProfile.from_entries(found.facts) == PROFILE
        assert [it.file.name for it in found.files] == ["extract.pdf"]
    refused = open_documents(papers.root, store=store, identity=stranger)
    assert refused.finding is not Finding.PRESENT
    assert refused.facts == ()


def test_one_fact_is_proved_without_the_others():
    """That the company is in the register; not who signs for it, and not its address."""
    papers = PROFILE.documents(key=KEY)

    proof = papers.prove("party.register")

    proof.verify(papers.root)
    assert "Muster" not in str(proof.to_json())
    assert "Stuttgart, DE" not in str(proof.to_json())


def test_the_first_identifier_is_the_one_on_the_chain(identified, signers):
    on_chain = identified.party(signers.supplier.address).identifier

    assert PROFILE.identifiers[0].keyed_hash(KEY) == on_chain == SUPPLIER


def test_a_profile_with_another_word_has_another_root():
    """Whoever keeps the root notices a change."""
    other = PartyProfile(identifiers=PROFILE.identifiers, name="Bremsen Sued GmbH")

    assert other.documents(key=KEY).root != PROFILE.documents(key=KEY).root


def test_what_is_no_profile_is_refused():
    with pytest.raises(BadDocument, match="at least one identifier"):
        PartyProfile(identifiers=(), name="ACME")
    with pytest.raises(BadDocument, match="its own place"):
        PartyProfile(identifiers=PROFILE.identifiers, name="ACME", facts={"name": "Other"})
    with pytest.raises(BadDocument, match="have to be shown"):
        PartyProfile.from_entries([])
