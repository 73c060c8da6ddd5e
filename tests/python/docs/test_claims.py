"""What the pages claim and no other test shows."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from duebill import documents, samples
from duebill.einvoice import read_invoice
from duebill.errors import AlreadyIssued
from duebill.model import Status

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = samples.read("brake-systems-eur-ubl").decode("utf-8")
ALIASES = {
    "another encoding": SAMPLE.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    "a byte-order mark": SAMPLE.encode("utf-8-sig"),
    "other prefixes": re.sub(r"\bcbc([:=])", r"basic\1", SAMPLE).encode(),
    "white space": SAMPLE.replace("><", ">\n\t<").replace("\n", "\r\n").encode(),
    "a comment": SAMPLE.replace("</Invoice>", "<!-- paid? --></Invoice>").encode(),
}


@pytest.mark.parametrize("alias", ALIASES.values(), ids=ALIASES.keys())
def test_threat_14_another_way_of_writing_a_document_is_the_same_commitment(alias, ledger, signers):
    key = documents.new_key()
    parties = {"obligor": signers.obligor.address, "creditor": signers.supplier.address}
    first, second = (
        ledger.draft_invoice(read_invoice(it), **parties, programme=1, key=key)
        for it in (SAMPLE.encode(), alias)
    )

    assert alias != SAMPLE.encode()
    assert second.documents_root == first.documents_root
    assert second.reference_hash == first.reference_hash
    assert replace(second, salt=first.salt).id == first.id


def test_threat_14_the_same_terms_are_issued_once(scene, ledger, signers):
    terms = scene.terms()
    supplier = ledger.supplier(signers.supplier)
    supplier.issue(terms).wait()

    with pytest.raises(AlreadyIssued):
        supplier.issue(terms)


def test_threat_48_a_default_takes_the_place_of_a_payment(scene, ledger, signers, anvil):
    """Another block of the same height: what was read of the first one is forgotten."""
    id_ = scene.accepted(due_date=ledger.time().date() + timedelta(days=1))
    anvil.travel(days=10)
    fork = anvil.rpc("evm_snapshot")
    scene.pay(id_)
    assert ledger.receivable(id_).status is Status.SETTLED
    assert ledger.check_invariants().holds
    height = ledger.events()[-1].block

    anvil.rpc("evm_revert", fork)
    ledger.supplier(signers.supplier).declare_default(id_).wait()
    anvil.mine(5)

    found = ledger.receivable(id_)
    assert (found.status, found.default_declared) == (Status.OVERDUE, True)
    assert found.owed == found.face
    assert ledger.check_invariants().holds
    assert [it.name for it in ledger.events(since=height - 1)] == ["DefaultDeclared"]


def test_threat_69_every_python_package_is_locked_with_a_hash():
    for lock in ("requirements.lock", "requirements-node.lock"):
        text = (ROOT / lock).read_text("utf-8")
        pinned = re.findall(
            r"^([\w.-]+)==[^\\]+((?:\\\n +--hash=sha256:[0-9a-f]{64} ?)*)", text, re.MULTILINE
        )
        assert pinned
        assert [name for name, hashes in pinned if not hashes] == []
        assert len(pinned) == len(re.findall(r"^\w", text, re.MULTILINE))


def test_threat_69_npm_packages_are_locked_with_hashes():
    """All but the chain's binaries for other platforms than Linux on x86: SECURITY.md says so."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    bare = {name for name, entry in installed.items() if "integrity" not in entry}
    binaries = {name for name in installed if re.search(r"@foundry-rs/\w+-\w+-\w+$", name)}

    assert {"node_modules/solc", "node_modules/@openzeppelin/contracts"} <= set(installed) - bare
    assert bare <= {name for name in binaries if not name.endswith("linux-amd64")}
    assert all(installed[name]["version"] for name in bare)


def test_threat_69_the_hashes_are_asked_for():
    setup = (ROOT / "scripts" / "setup.py").read_text("utf-8")

    assert "--require-hashes" in setup
    assert '"ci"' in setup
