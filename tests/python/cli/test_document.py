"""`duebill document`: from a folder of papers to what a bank may read."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from duebill.deployment import AddressBook
from duebill.node_accounts import ADDRESSES

INVOICE = Path(__file__).parents[3] / "duebill" / "samples" / "brake-systems-eur-ubl.xml"


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    shutil.copy(INVOICE, folder / "invoice.xml")
    (folder / "contract.pdf").write_bytes(b"%PDF-1.7 frame contract")
    (folder / "delivery-note 17.txt").write_text("Lieferschein 17")
    return folder


@pytest.fixture
def issued(on_chain, papers):
    """Issued with documents by dev2; dev2 and dev3 have published their keys."""
    for who in ("dev2", "dev3"):
        on_chain.ok("document", "key", "--account", who, "--yes")
    words = ("receivable", "issue", "--invoice", str(papers / "invoice.xml"))
    options = ("--buyer", "dev1", "--documents", str(papers), "--account", "dev2", "--yes")
    return on_chain.data(*words, *options)["receivable"]


def packed(cli, issued, papers, *readers):
    named = [word for reader in readers for word in ("--reader", reader)]
    return cli.data("document", "pack", issued, "--documents", str(papers), *named)


def test_a_supplier_packs_and_a_bank_opens(on_chain, issued, papers, tmp_path):
    made = packed(on_chain, issued, papers, "dev2", "dev3")
    told = on_chain.ok("document", "open", issued, "--as", "dev3")
    assert "contract.pdf" in told
    assert "delivery note" in told
    assert "invoice.payable_amount" in told

    out = tmp_path / "out"
    found = on_chain.data("document", "open", issued, "--as", "dev3", "--out", str(out))
    (part,) = found["documents"]
    assert part["root"] == made["root"]
    assert {it["finding"] for it in part["files"]} == {"present"}
    written = Path(found["written"]["contract.pdf"])
    assert written.read_bytes() == (papers / "contract.pdf").read_bytes()
    assert written.stat().st_mode & 0o777 == 0o600
    assert written.name.startswith("contract-")
    # A file that is there already is not overwritten.
    on_chain.error("document", "open", issued, "--as", "dev3", "--out", str(out), code=3)


def test_one_field_is_proved_and_verified_by_anyone(on_chain, issued, papers, tmp_path):
    line = on_chain.ok("document", "prove", issued, "invoice.due_date").strip()
    told = on_chain.ok("document", "verify", line, issued)
    assert "The proof holds." in told
    assert "2027-05-15" in told

    file = tmp_path / "proof.json"
    on_chain.ok("document", "prove", issued, "contract.pdf", "--out", str(file))
    root = json.loads(file.read_text())["root"]
    contract = str(papers / "contract.pdf")
    # Offline: there is no node at this address.
    dead = "http://127.0.0.1:9"
    words = ("document", "verify", str(file), "--root", root, "--file", contract)
    assert on_chain.data(*words, "--rpc-url", dead)["holds"]
    other = ("--root", "0x" + "11" * 32)
    error = on_chain.error("document", "verify", str(file), *other, code=3)
    assert error["type"] == "BadProof"
    on_chain.error("document", "verify", str(file), code=2)


def test_a_grant_lets_one_more_read_one_thing(on_chain, issued, papers):
    packed(on_chain, issued, papers, "dev2")
    refused = on_chain.run("document", "open", issued, "--as", "dev3")
    assert refused.exit_code == 1
    assert "sealed for other readers" in refused.stdout
    words = ("document", "grant", issued, "dev3", "--only", "contract.pdf", "--as", "dev2")
    told = on_chain.ok(*words, "--yes")
    assert "contract.pdf" in told
    (part,) = on_chain.data("document", "open", issued, "--as", "dev3")["documents"]
    assert [it["name"] for it in part["files"]] == ["contract.pdf"]
    assert part["facts"] == []
    line = on_chain.ok("document", "prove", issued, "contract.pdf", "--from-store", "--as", "dev3")
    on_chain.ok("document", "verify", line.strip(), issued)


def test_a_changed_file_is_not_packed(on_chain, issued, papers):
    (papers / "contract.pdf").write_bytes(b"another contract")
    words = ("document", "pack", issued, "--documents", str(papers), "--reader", "dev2")
    error = on_chain.error(*words, code=3)
    assert (error["type"], error["label"]) == ("BadDocument", "contract.pdf")


def test_a_reader_without_a_key_is_named(on_chain, issued, papers):
    words = ("document", "pack", issued, "--documents", str(papers), "--reader", "dev4")
    assert on_chain.error(*words, code=1)["type"] == "ReaderWithoutKey"


def test_a_key_is_made_once_and_kept_for_its_owner(on_chain):
    tried = on_chain.data("document", "key", "--account", "dev2", "--dry-run")
    assert tried["simulated"]
    assert not Path(tried["identity"]).exists()
    first = on_chain.data("document", "key", "--account", "dev2", "--yes")
    again = on_chain.data("document", "key", "--account", "dev2", "--yes")
    assert first["encryption_key"] == again["encryption_key"]
    assert first["recipient"].startswith("age1")
    path = Path(first["identity"])
    assert path.stat().st_mode & 0o777 == 0o600
    party = on_chain.data("party", "show", "dev2")
    assert party["encryption_key"] == first["encryption_key"]
    path.chmod(0o644)
    assert on_chain.error("document", "key", "--account", "dev2", code=3)["type"] == (
        "IdentityRefused"
    )


def test_threat_54_no_command_prints_a_secret(on_chain, issued, papers):
    """Neither what it prints nor what it says of errors has the secrets of key, salt or identity."""
    dossier = json.loads((on_chain.home / "documents" / f"{issued}.json").read_text())
    (identity, *_) = (on_chain.home / "identities").glob("*.txt")
    secrets = [dossier["key"][2:], dossier["documents_salt"][2:]]
    secrets.append(identity.read_text().splitlines()[-1])
    packed(on_chain, issued, papers, "dev2")
    for words in (
        ("document", "open", issued, "--as", "dev2", "--json"),
        ("document", "key", "--account", "dev2", "--yes"),
        ("document", "prove", issued, "nothing"),
        ("document", "prove", issued, "invoice.number", "--json"),
    ):
        result = on_chain.run(*words)
        for secret in secrets:
            assert secret not in result.stdout + result.stderr


# -- later documents and attestations ---------------------------------------------------------


@pytest.fixture
def proof(on_chain, issued):
    """The proof of the invoice as a whole, as one line."""
    return on_chain.ok("document", "prove", issued, "invoice").strip()


def test_a_verifier_attests_renews_and_revokes(on_chain, issued, proof):
    words = ("document", "attest", issued, proof, "--account", "dev7")
    tried = on_chain.data(*words, "--dry-run")
    assert (tried["simulated"], tried["kind"]) == (True, "invoice")
    assert on_chain.data("document", "show", issued)["attestations"] == []
    told = on_chain.ok(*words, "--until", "2027-01-31", "--yes")
    assert "until 2027-01-31 23:59:59 UTC" in told

    renewal = ("document", "renew", issued, "--kind", "invoice", "--account", "dev7", "--yes")
    assert on_chain.data(*renewal, "--until", "2027-02-28")["kind"] == "invoice"
    shown = on_chain.ok("document", "show", issued)
    assert "at issue" in shown
    assert shown.count("holds") == 2
    on_chain.ok("document", "revoke", issued, "--kind", "invoice", "--account", "dev7", "--yes")
    states = on_chain.data("document", "show", issued)["attestations"]
    assert [it["state"] for it in states] == ["revoked", "revoked"]
    assert on_chain.error(*renewal, code=1)["type"] == "NotFound"


def test_a_signed_attestation_is_brought_by_anyone(on_chain, issued, proof, tmp_path):
    words = ("document", "sign", issued, proof, "--account", "dev8")
    tried = on_chain.data(*words, "--dry-run")
    assert "attest the invoice behind receivable" in tried["would_sign"]
    paper = tmp_path / "attestation.json"
    on_chain.ok(*words, "--out", str(paper), "--yes")
    line = on_chain.ok(*words, "--yes").strip()
    assert line.startswith("duebill-attestation-1:")
    bring = ("document", "attest", "--signed")
    told = on_chain.data(*bring, str(paper), "--account", "dev6", "--yes")
    assert told["verifier"] != told["receivable"]
    on_chain.ok(*bring, line, "--account", "dev6", "--yes")
    (one, _) = on_chain.data("document", "show", issued)["attestations"]
    assert one["verifier"] == told["verifier"]
    on_chain.error("document", "attest", issued, "--account", "dev6", code=2)


def test_the_words_are_shown_before_anything_is_signed(on_chain, issued, proof, papers):
    """On standard error, where a pipe does not swallow them: what, for which receivable, by when."""
    result = on_chain.run("document", "attest", issued, proof, "--account", "dev7")
    assert result.exit_code == 0
    assert "attest the invoice behind receivable" in result.stderr
    assert issued in result.stderr
    contract = on_chain.ok("document", "prove", issued, "contract.pdf").strip()
    other = str(papers / "delivery-note 17.txt")
    words = ("document", "attest", issued, contract, "--file", other, "--account", "dev7", "--yes")
    assert on_chain.error(*words, code=3)["type"] == "BadProof"


def test_later_documents_are_added_packed_and_opened(on_chain, issued, tmp_path):
    paid = tmp_path / "payment-proof.txt"
    paid.write_text("SWIFT MT103")
    words = ("document", "append", issued, "--document", str(paid), "--account", "dev2")
    assert on_chain.data(*words, "--dry-run")["dossier"] is None
    made = on_chain.data(*words, "--yes")
    root = made["root"]
    assert Path(made["dossier"]).stat().st_mode & 0o777 == 0o600
    told = ("--root", root[:10], "--document", str(paid), "--reader", "dev3")
    on_chain.ok("document", "pack", issued, *told)
    # The first ones were never packed: that is a finding, and hides nothing of the later ones.
    result = on_chain.run("document", "open", issued, "--as", "dev3", "--json")
    assert result.exit_code == 1
    first, later = json.loads(result.stdout)["documents"]
    assert first["finding"] == "missing"
    assert later["files"][0]["kind"] == "payment proof"
    line = on_chain.ok("document", "prove", issued, "payment-proof.txt", "--root", root[:10])
    on_chain.ok("document", "verify", line.strip(), issued)
    wrong = ("document", "prove", issued, "payment-proof.txt", "--root", "ffff")
    assert on_chain.error(*wrong, code=3)["type"] == "FileRefused"
    on_chain.error("document", "append", issued, "--account", "dev2", code=2)
    stranger = ("document", "append", issued, "--document", str(paid), "--account", "dev4", "--yes")
    assert on_chain.error(*stranger, code=1)["type"] == "CallerNotEntitled"
    # Nothing was added, so nothing is kept.
    assert len(list((on_chain.home / "documents").glob("*+*.json"))) == 1


# -- supervision ------------------------------------------------------------------------------


def test_the_invoice_is_known_among_the_papers_by_its_content(on_chain, issued, papers):
    """It was given as the invoice's file, and stands in the folder under another name."""
    (papers / "invoice.xml").rename(papers / "RE-17.xml")
    packed(on_chain, issued, papers, "dev3")
    found = on_chain.data("document", "open", issued, "--as", "dev3")
    assert "invoice.xml" in {it["name"] for it in found["documents"][0]["files"]}
    (papers / "stranger.txt").write_text("of no receivable")
    words = ("document", "pack", issued, "--documents", str(papers), "--reader", "dev3")
    assert "stranger.txt" in on_chain.error(*words, code=3)["message"]


def test_a_programme_without_receivables_and_one_that_is_none_are_told_apart(on_chain):
    on_chain.ok("document", "key", "-a", "dev3", "-y")
    told = on_chain.ok("document", "audit", "2", "--as", "dev3")
    assert told == "No receivable was issued under programme 2.\n"
    error = on_chain.error("document", "audit", "9", "--as", "dev3", code=1)
    assert error["type"] == "ProgrammeUnknown"


def test_a_supervisor_audits_the_documents_of_its_programme(on_chain, issued, papers):
    """Entitled by the address book: named by nobody, and packed for all the same."""
    book = AddressBook.load(31337, folder=on_chain.home)
    replace(book, readers={"standard": (ADDRESSES[0],)}).save(folder=on_chain.home)
    words = ("document", "pack", issued, "--documents", str(papers))
    error = on_chain.error(*words, "--reader", "dev3", code=1)
    assert (error["type"], error["reader"], error["required"]) == (
        "ReaderWithoutKey",
        ADDRESSES[0],
        True,
    )
    on_chain.ok("party", "verify", "dev0", "--account", "dev0", "--yes")
    on_chain.ok("document", "key", "--account", "dev0", "--yes")
    missing = on_chain.run("document", "audit", "1", "--as", "dev0")
    assert missing.exit_code == 1
    assert "missing" in missing.stdout
    assert on_chain.data(*words)["readers"] == [ADDRESSES[0]]

    told = on_chain.ok("document", "audit", "1", "--as", "dev0")
    assert "present" in told
    (row,) = on_chain.data("document", "audit", "1", "--as", "dev0")
    assert row["receivable"] == issued
    assert {it["finding"] for it in row["documents"][0]["files"]} == {"present"}
    assert on_chain.run("document", "audit", "1", "--as", "dev3").exit_code == 1


def test_a_pack_for_nobody_is_refused(on_chain, issued, papers):
    on_chain.error("document", "pack", issued, "--documents", str(papers), code=2)
