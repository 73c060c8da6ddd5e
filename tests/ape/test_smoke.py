"""The project as ape sees it: its configuration compiles the contracts and starts a chain.

Run with `.venv/bin/ape test tests/ape`; plain pytest leaves this folder out.
"""

from datetime import UTC, datetime

import pytest
from ape import Contract

from duebill import artifacts, deployment
from duebill.node_accounts import NodeAccount

ISSUED, ACCEPTED = 1, 2
ONE_MILLION = 1_000_000 * 10**6
FOREVER = 2**40 - 1
METADATA_HASH = 32  # it covers how each compiler spells the remapping


@pytest.fixture
def book(networks, tmp_path, monkeypatch):
    """The kernel, deployed from the shipped artifacts on ape's own node."""
    monkeypatch.setenv("DUEBILL_JOURNAL", str(tmp_path / "journal.sqlite"))
    return deployment.deploy(
        deployment.local_plan(),
        signer=NodeAccount(0),
        url=networks.provider.http_uri,
        folder=tmp_path,
    )


@pytest.fixture
def ledger(book):
    abi = [dict(entry) for entry in artifacts.load("IReceivableLedger").abi]
    return Contract(book.ledger, abi=abi)


def test_a_currency_is_deployed_on_the_configured_chain(project, accounts, networks):
    """ape-config.yaml is enough: compiler, remapping and node are found without a download."""
    currency = accounts[0].deploy(project.TestCurrency, "Test Euro", "tEUR", 6)

    assert currency.symbol() == "tEUR"
    assert networks.provider.get_code(currency.address)
    assert networks.provider.name == "foundry"


def test_ape_compiles_as_the_artifacts_were_compiled(project):
    """The same compiler and settings: only the hash of the metadata, 32 bytes, may differ.

    Afresh, because ape keeps a contract until its own file changes, whatever it imports; and the
    smallest one, because the others take a minute.
    """
    (path,) = project.path.glob("contracts/RoleManager.sol")
    fresh = project.load_contracts(path, use_cache=False)["RoleManager"]
    compiled = bytes.fromhex(fresh.deployment_bytecode.bytecode.removeprefix("0x"))
    shipped = artifacts.load("RoleManager").bytecode

    assert len(compiled) == len(shipped)
    assert sum(a != b for a, b in zip(compiled, shipped, strict=True)) <= METADATA_HASH


def test_a_receivable_is_issued_and_accepted(ledger, book, accounts, chain):
    """The kernel stands, its roles work, and a receivable comes to life."""
    registrar, obligor, creditor = accounts[0], accounts[1], accounts[2]
    for party in (obligor, creditor):
        ledger.verifyParty(party, FOREVER, b"\x01" * 32, sender=registrar)
    today = datetime.fromtimestamp(chain.pending_timestamp, UTC)
    due_day = int(today.timestamp()) // 86_400 + 90
    terms = (
        obligor.address,
        creditor.address,
        book.currencies["eur"].number,
        ONE_MILLION,
        due_day,
        book.programmes["standard"],
        b"\x02" * 32,
        b"\x03" * 32,
        7,
    )
    receivable = ledger.idOf(terms)

    ledger.issue(terms, sender=creditor)
    assert ledger.statusOf(receivable) == ISSUED
    ledger.accept(receivable, sender=obligor)

    assert ledger.statusOf(receivable) == ACCEPTED
    assert ledger.ownerOf(receivable << 64 | 1) == creditor
    assert ledger.receivableOf(receivable).face == ONE_MILLION
