"""Who is entitled to read all documents of a programme reads them, and nobody else does."""

from __future__ import annotations

import pytest
from document_vectors import FILES, INVOICE, files, invoice_set

from duebill import connect
from duebill._contracts import ARTIFACTS
from duebill.documents import DocumentSet, Finding, Identity, new_key
from duebill.errors import ReaderWithoutKey
from duebill.model import FOREVER, Rules

DOCUMENTS = invoice_set()


@pytest.fixture
def ledger(anvil, deployed, signers):
    """The deployed ledger; the deployer is its supervisor, and a reader of programme 1."""
    made = deployed.contracts
    places = {name: made[kind].address for name, kind in ARTIFACTS.items() if kind in made}
    readers = {1: [signers.deployer.address]}
    return connect(anvil.url, deployment={**places, "block": deployed.block, "readers": readers})


@pytest.fixture
def supervisor(ledger, signers):
    """Its identity; it is verified like every party, and its key is published."""
    identity = Identity.new()
    ledger.registrar(signers.deployer).verify(signers.deployer.address, until=FOREVER).wait()
    ledger.financier(signers.deployer).publish_encryption_key(identity.encryption_key).wait()
    return identity


def found_by(ledger, store, identity, programme=1):
    return dict(ledger.documents.open_programme(programme, store=store, identity=identity))


def test_the_supervisor_reads_every_document_of_its_programme(
    ledger, signers, issue, reading, supervisor
):
    """It is named by nobody who packs, and finds all of them with store and chain alone."""
    store, identities = reading
    receivables = [issue(), issue()]
    bank = [signers.financier.address]
    for receivable in receivables:
        ledger.documents.pack(receivable, DOCUMENTS, store=store, readers=bank)
    seen = found_by(ledger, store, supervisor)
    assert list(seen) == receivables
    for (opened,) in seen.values():
        assert opened.sound
        assert not opened.withheld
        assert {it.file.name: it.content for it in opened.files} == FILES
    for (nothing,) in found_by(ledger, store, Identity.new()).values():
        assert (nothing.finding, nothing.labels) == (Finding.UNREADABLE, ())
    assert all(it.sound for (it,) in found_by(ledger, store, identities["financier"]).values())


def test_what_was_never_packed_is_seen_to_be_missing(ledger, issue, store, supervisor):
    receivable = issue()
    assert found_by(ledger, store, supervisor)[receivable][0].finding is Finding.MISSING


@pytest.mark.usefixtures("identities")
def test_nothing_is_packed_for_a_required_reader_without_a_key(ledger, signers, issue, store):
    receivable = issue()
    with pytest.raises(ReaderWithoutKey, match="the programme requires") as caught:
        ledger.documents.pack(
            receivable, DOCUMENTS, store=store, readers=[signers.financier.address]
        )
    assert caught.value.reader == signers.deployer.address
    assert ledger.documents.open(receivable, store=store, identity=Identity.new())[0].finding is (
        Finding.MISSING
    )


def test_threat_68_a_supervisor_reads_its_own_programmes_only(
    ledger, signers, issue, reading, supervisor
):
    """Readers by programme: a matrix of two programmes and three readers."""
    store, identities = reading
    administrator = ledger.administrator(signers.deployer)
    other = administrator.create_programme(Rules()).wait().value
    # Under another key the same papers have another root.
    others = DocumentSet.of_invoice(INVOICE, key=new_key(), files=files())
    entitled, elsewhere = issue(), issue(other, documents=others)
    assert ledger.documents.readers_of(1) == (signers.deployer.address,)
    assert ledger.documents.readers_of(other) == ()
    bank = [signers.financier.address]
    for receivable, papers in ((entitled, DOCUMENTS), (elsewhere, others)):
        ledger.documents.pack(receivable, papers, store=store, readers=bank)
    reads = {
        who: [
            ledger.documents.open(it, store=store, identity=identity)[0].sound
            for it in (entitled, elsewhere)
        ]
        for who, identity in {
            "supervisor": supervisor,
            "bank": identities["financier"],
            "supplier": identities["supplier"],
        }.items()
    }
    assert reads == {
        "supervisor": [True, False],
        "bank": [True, True],
        "supplier": [False, False],
    }
