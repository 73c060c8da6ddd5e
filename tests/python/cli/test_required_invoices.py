"""Issuing under a programme that requires registered invoices."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from duebill import node_accounts, samples

BUYER, SUPPLIER, PLATFORM = "dev1", "dev2", "dev0"
REQUIRES = "2"  # the second programme of the local plan
NAMES = ("brake-systems-eur-ubl", "castings-eur-cii")


@pytest.fixture
def running(on_chain):
    """A registry with a secret; the deployer is its platform."""
    on_chain.ok("registry", "secret")
    on_chain.ok("registry", "announce", "--account", PLATFORM, "--yes")
    return on_chain


@pytest.fixture
def invoice(tmp_path):
    path = tmp_path / "an invoice.xml"
    path.write_bytes(samples.read(NAMES[0]))
    return str(path)


def words(invoice, *more):
    given = ("--buyer", BUYER, "--programme", REQUIRES, "--due", "2027-05-15")
    return ("receivable", "issue", "--invoice", invoice, *given, "-a", SUPPLIER, "--yes", *more)


def typed(cli, command, account):
    """What a user does who types a command that was shown."""
    program, *rest = shlex.split(command)
    assert program == "duebill"
    return cli.ok(*rest, "--account", account, "--yes")


def test_a_refusal_says_what_to_type_and_that_works(running, invoice):
    """The dossier is kept, so that the id for which the invoice is used stays the same."""
    refused = running.run(*words(invoice))
    assert refused.exit_code == 1
    use, issue = re.findall(r"duebill (?:registry|receivable) [^,\n]+", refused.stderr)
    id_ = re.search(r"--receivable ([0-9a-f]{48})", use)[1]

    assert running.run(*shlex.split(issue)[1:], "-a", SUPPLIER, "--yes").exit_code == 1
    typed(running, use, PLATFORM)
    typed(running, issue, SUPPLIER)
    assert running.data("receivable", "show", id_)["status"] == "issued"
    assert running.data("registry", "show", invoice)["left"] == "0.00"


def test_both_are_done_at_once_when_asked(running, invoice):
    """And the same invoice is not financed twice, whatever the terms."""
    done = running.data(*words(invoice, "--use", "--platform", PLATFORM))
    assert running.data("receivable", "show", done["receivable"])["status"] == "issued"

    error = running.error(
        *words(invoice, "--use", "--platform", PLATFORM, "--due", "2027-06-01"), code=1
    )
    assert (error["type"], error["left"]) == ("InvoiceExceeded", "0.00")
    dossiers = list((running.home / "documents").iterdir())
    assert [path.stem for path in dossiers] == [done["receivable"]], "the refused one's is gone"


def test_threat_46_a_reference_uses_the_invoice_once_wherever_it_stopped(running, invoice, anvil):
    """The use is done, the issue is not: the same command goes on with what it began."""
    command = words(invoice, "--use", "--platform", PLATFORM, "--reference", "PO-4711")
    supplier = node_accounts.ADDRESSES[2]
    ether = anvil.rpc("eth_getBalance", supplier, "latest")
    anvil.rpc("anvil_setBalance", supplier, "0x0")
    assert running.error(*command, code=4)["type"] == "NodeRefused"
    assert running.data("registry", "show", invoice)["left"] == "0.00"

    anvil.rpc("anvil_setBalance", supplier, ether)
    first, again = running.data(*command), running.data(*command)
    assert first["receivable"] == again["receivable"]
    assert running.data("receivable", "show", first["receivable"])["status"] == "issued"


def test_who_is_no_platform_cannot_use(running, invoice):
    assert running.error(*words(invoice, "--use"), code=1)["type"] == "NotRegistrant"


def test_a_use_whose_issue_fails_is_told_how_to_be_freed(running, invoice):
    """Under a closed programme: the invoice was used, nothing was issued, and it is freed again."""
    long = ("--use", "--platform", PLATFORM, "--due", "2029-01-01")
    failed = running.run(*words(invoice, *long))
    assert failed.exit_code == 1
    command = re.search(r"`(duebill registry release [^`]+)`", failed.stderr)[1]
    assert "Released 1,248,310.00 EUR" in typed(running, command, PLATFORM)


def test_a_dry_run_sends_and_keeps_nothing(running, invoice, anvil):
    block = anvil.rpc("eth_blockNumber")
    refused = running.run(*words(invoice, "--dry-run", "--json"))
    assert (refused.exit_code, '"InvoicesMissing"' in refused.stderr) == (1, True)
    assert "Used 1,248,310.00 EUR" in running.ok(
        *words(invoice, "--use", "--platform", PLATFORM, "--dry-run")
    )
    assert anvil.rpc("eth_blockNumber") == block
    assert not (running.home / "documents").exists()


def test_without_a_programme_the_one_without_a_gate_is_meant(running, invoice):
    given = ("--buyer", BUYER, "--due", "2027-05-15", "-a", SUPPLIER, "--yes")
    done = running.data("receivable", "issue", "--invoice", invoice, *given)
    assert done["terms"]["programme"] == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"invoice": {"seller": {}}}', "\xff"])
def test_what_is_no_dossier_is_refused(running, tmp_path, content):
    path = tmp_path / "dossier.json"
    path.write_text(content, "latin-1")
    given = ("receivable", "issue", "--dossier", str(path), "-a", SUPPLIER, "--yes")
    assert running.run(*given).exit_code in {2, 3}


def test_a_dossier_of_another_ledger_is_refused(running, invoice, tmp_path):
    refused = running.run(*words(invoice))
    kept = re.search(r"--dossier (\S+)", refused.stderr)[1]
    text = Path(kept).read_text().replace('"chain_id": 31337', '"chain_id": 1')
    path = tmp_path / "other.json"
    path.write_text(text)
    error = running.error(
        *("receivable", "issue", "--dossier", str(path), "-a", SUPPLIER, "--yes"), code=3
    )
    assert "another ledger's" in error["reason"]


def test_the_rules_of_a_gate_are_told_in_words(on_chain):
    shown = on_chain.ok("programme", "show", REQUIRES)
    assert re.search(r"Invoices +registered ones have to cover each receivable", shown)
    assert on_chain.data("programme", "show", REQUIRES)["gate_rules"]["invoices_required"]
    assert on_chain.data("programme", "show", "1")["gate_rules"] is None


def test_the_presets_are_told_in_words(cli):
    """Every key of every preset; without a node."""
    shown = cli.ok("programme", "presets")
    data = {it["name"]: it for it in cli.data("programme", "presets")}
    assert list(data) == ["china-2025", "open", "sandbox"]
    assert "at most 181 days from issue to due date; a plan may go to 365" in shown
    for it in data.values():
        assert it["title"] in shown
        assert it["source"] in shown
        for key in (*it["rules"], *it["asks"]):
            assert re.search(rf"^{key} ", shown, re.MULTILINE), key
