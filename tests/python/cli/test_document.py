"""`duebill document`: from a folder of papers to what a bank may read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

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
