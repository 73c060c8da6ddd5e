"""A buyer issues under a programme that asks for attestations: they are given before the issue."""

from __future__ import annotations

import re
import shlex

import pytest

from duebill import samples
from duebill.model import Rules, kind_bytes
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER, VERIFIER = "dev1", "dev2", "dev7"
ZERO = "0x" + "00" * 20


@pytest.fixture
def asking(place, ledger, signers):
    """A programme that asks one of two verifiers for a kind of document before acceptance."""

    def programme(kind):
        requirement = (kind_bytes(kind), 0, 1, [ADDRESSES[7], ADDRESSES[8]])
        rules = (ZERO, ledger.documents.address, 0, 0, 0, False, [requirement])
        gate = place("ProgrammeGate", ledger.address, rules)
        administrator = ledger.administrator(signers.deployer)
        return str(administrator.create_programme(Rules(gate=gate)).wait().value)

    return programme


@pytest.fixture
def invoice(tmp_path):
    path = tmp_path / "an invoice.xml"
    path.write_bytes(samples.read("brake-systems-eur-ubl"))
    return str(path)


def words(invoice, programme, *more):
    given = ("--supplier", SUPPLIER, "--programme", programme, "--due", "2027-05-15")
    return ("receivable", "issue", "--invoice", invoice, *given, *more, "-a", BUYER, "-y")


def commands_of(refused):
    assert refused.exit_code == 1
    return [shlex.split(it)[1:] for it in re.findall(r"duebill [a-z]+ [^,\n]+", refused.stderr)]


def test_a_refusal_says_what_to_type_and_that_works(
    on_chain, asking, invoice, tmp_path, monkeypatch
):
    """The verifier has the terms and the proof, and not the secret of the dossier."""
    monkeypatch.chdir(tmp_path)
    refused = on_chain.run(*words(invoice, asking("invoice")))
    prove, attest, issue = commands_of(refused)
    assert on_chain.run(*issue, "-a", BUYER, "-y").exit_code == 1
    on_chain.ok(*prove)
    dossier = on_chain.home / "documents" / issue[-1]
    key = re.search(r'"key": "(0x[0-9a-f]{64})"', dossier.read_text())[1]
    assert key not in (tmp_path / "terms.json").read_text()
    told = on_chain.data(*attest, "-a", VERIFIER)
    assert told["receivable"] == dossier.stem
    on_chain.ok(*issue, "-a", BUYER, "-y")
    assert on_chain.data("receivable", "show", dossier.stem)["status"] == "accepted"


def test_a_paper_is_attested_by_a_signature_that_anyone_brings(
    on_chain, asking, invoice, tmp_path, monkeypatch
):
    """Its NAME is the issuer's to say; the verifier compares the file."""
    monkeypatch.chdir(tmp_path)
    note = tmp_path / "delivery-note 17.txt"
    note.write_text("Lieferschein 17")
    programme = asking("delivery note")
    prove, _, issue = commands_of(on_chain.run(*words(invoice, programme, "--document", str(note))))
    on_chain.ok(*(note.name if it == "NAME" else it for it in prove))
    paper = ("terms.json", "proof.json", "--file", str(note), "-a", VERIFIER, "-y")
    assert "dev7" not in on_chain.ok("document", "sign", *paper, "--dry-run")
    line = on_chain.ok("document", "sign", *paper).strip()
    on_chain.ok("document", "attest", "--signed", line, "-a", SUPPLIER, "-y")
    on_chain.ok(*issue, "-a", BUYER, "-y")


def test_a_proof_of_other_documents_is_refused(on_chain, asking, invoice, tmp_path, monkeypatch):
    """And so is what holds no terms; the words of a file are not repeated."""
    monkeypatch.chdir(tmp_path)
    programme = asking("invoice")
    first, second = (commands_of(on_chain.run(*words(invoice, programme)))[0] for _ in range(2))
    on_chain.ok(*first)
    other = ["other.json" if it == "terms.json" else it for it in second]
    on_chain.ok(*(it.replace("proof.json", "other-proof.json") for it in other))
    attest = ("document", "attest", "other.json", "proof.json", "-a", VERIFIER)
    assert on_chain.error(*attest, code=3)["type"] == "BadProof"
    told = {'{"secret": 1}': (2, "BadTerms"), "[]": (2, "BadTerms"), "secret": (3, "FileRefused")}
    for content, (code, kind) in told.items():
        (tmp_path / "terms.json").write_text(content)
        refused = on_chain.error(*attest[:2], "terms.json", *attest[3:], code=code)
        assert refused["type"] == kind
        assert "secret" not in str(refused)
