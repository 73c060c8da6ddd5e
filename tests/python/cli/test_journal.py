"""`duebill journal` and `--reference`: typed as a user would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import duebill
from duebill._abi import Abi, checked_address, events_abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain
from duebill.chain._rpc import Rpc

MINT = ("currency", "mint", "EUR", "dev5", "12.50", "--account", "dev6", "--yes")


@pytest.fixture
def cash(on_chain):
    return lambda: Decimal(on_chain.data("currency", "balance", "dev5")[0]["amount"])


def test_a_command_under_a_reference_is_done_once(on_chain, cash):
    before = cash()
    first = on_chain.data(*MINT, "--reference", "PO-4711")
    assert on_chain.data(*MINT, "--reference", "PO-4711")["transaction"] == first["transaction"]
    assert cash() - before == Decimal("12.50")
    words = ["25.00" if word == "12.50" else word for word in MINT]
    error = on_chain.error(*words, "--reference", "PO-4711", code=1)
    assert error["type"] == "ReferenceTaken"


SAMPLE = Path(duebill.__file__).parent / "samples" / "brake-systems-eur-ubl.xml"
ISSUE = ("receivable", "issue", "--account", "dev2", "--yes", "--reference")
INVOICE = ("--invoice", str(SAMPLE), "--buyer", "dev1", "--programme", "1")


def test_an_issue_under_a_reference_that_is_taken_leaves_no_dossier(on_chain):
    on_chain.ok(*MINT, "--reference", "PO-4711")
    day = ("--due", soon(on_chain))
    refused = on_chain.run(*ISSUE, "PO-4711", *INVOICE, *day)
    assert refused.exit_code == 1
    assert "The reference 'PO-4711' stands for" in refused.stderr
    assert list((on_chain.home / "documents").glob("*.json")) == []


def test_an_issue_from_an_invoice_is_done_once(on_chain, tmp_path):
    """The key that was drawn for the reference is drawn once; another invoice is another intent."""
    day = ("--due", soon(on_chain))
    first = on_chain.data(*ISSUE, "PO-4711", *INVOICE, *day)
    again = on_chain.data(*ISSUE, "PO-4711", *INVOICE, *day)
    assert (again["transaction"], again["receivable"]) == (
        first["transaction"],
        first["receivable"],
    )
    other = tmp_path / "other.xml"
    other.write_text(SAMPLE.read_text().replace("JOSEF", "JOSEPH").replace("<cbc:ID>", "<cbc:ID>9"))
    words = ("--invoice", str(other), *INVOICE[2:], *day)
    assert on_chain.error(*ISSUE, "PO-4711", *words, code=1)["type"] == "ReferenceTaken"
    assert [str(path) for path in (on_chain.home / "documents").glob("*.json")] == [
        first["dossier"]
    ]
    other_reference = on_chain.data(*ISSUE, "PO-4712", *INVOICE, *day)
    assert other_reference["receivable"] != first["receivable"]


def test_an_issue_is_gone_on_with_by_its_dossier(on_chain):
    """Under whatever reference, the dossier has what was issued."""
    day = ("--due", soon(on_chain))
    first = on_chain.data(*ISSUE, "PO-4711", *INVOICE, *day)
    again = on_chain.data(*ISSUE, "PO-4711", "--dossier", first["dossier"])
    assert again["transaction"] == first["transaction"]


def mint(cli):
    """What `MINT` sends."""
    exported = cli.data(*MINT[:4], "1", *MINT[5:], "--reference", "pattern")
    (row,) = cli.data("journal", "list")
    assert row["settled"]["transaction"] == exported["transaction"]
    token = Abi(
        [
            {
                "type": "function",
                "name": "mint",
                "inputs": [
                    {"name": "to", "type": "address"},
                    {"name": "amount", "type": "uint256"},
                ],
                "outputs": [],
            }
        ]
    )
    whom = checked_address("0x" + row["call"][34:74])
    return Action(
        to=checked_address(row["contract"]),
        data=token.encode("mint", whom, 12_500_000),
        decode=lambda _: None,
        answer=NOTHING,
    )


def soon(cli):
    """A due date that programme 1 admits."""
    latest = Rpc(cli.env["DUEBILL_RPC_URL"]).request("eth_getBlockByNumber", "latest", False)
    return (
        datetime.fromtimestamp(int(latest["timestamp"], 16), UTC) + timedelta(days=60)
    ).strftime("%Y-%m-%d")


def test_what_was_sent_is_listed_shown_and_exported(on_chain):
    sent = on_chain.data(*MINT, "--reference", "PO-4711")
    (row,) = on_chain.data("journal", "list")
    assert (row["reference"], row["stage"]) == ("PO-4711", "done")
    assert row["settled"]["transaction"] == sent["transaction"]
    shown = on_chain.ok("journal", "show", "PO-4711")
    assert sent["transaction"] in shown
    assert on_chain.data("journal", "show", "PO-4711") == row
    exported = on_chain.ok("journal", "export")
    assert '"raw": "0x02' in exported
    assert "PO-4711" in on_chain.ok("journal", "list")
    assert on_chain.data("journal", "list", "--open") == []
    error = on_chain.error("journal", "show", "PO-4712", code=1)
    assert error["type"] == "ReferenceUnknown"


def test_what_was_left_open_is_finished_without_an_account(on_chain, anvil):
    anvil.rpc("evm_setAutomine", False)
    result = on_chain.run("journal", "recover")
    assert "Nothing is open." in result.stdout
    from duebill.node_accounts import NodeAccount  # noqa: PLC0415 - what a killed command leaves

    account = NodeAccount(6)
    action = Action(to=account.address, data=b"x", decode=lambda _: None, answer=NOTHING)
    Chain(anvil.url, abi=events_abi()).submit(action, signer=account, reference="left")
    anvil.rpc("anvil_dropAllTransactions")
    (left,) = on_chain.data("journal", "recover")
    assert (left["reference"], left["stage"]) == ("left", "sent")
    assert "left" in on_chain.ok("journal", "recover")
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    assert on_chain.data("journal", "recover") == []
    assert on_chain.data("journal", "list")[0]["stage"] == "done"


def test_what_lost_its_nonce_is_finished_by_its_account(on_chain, anvil, cash):
    """Another wallet used the nonce; the journal says so, and what to type."""
    from duebill.node_accounts import NodeAccount  # noqa: PLC0415 - loads the client

    action, account = mint(on_chain), NodeAccount(6)
    before = cash()
    anvil.rpc("evm_setAutomine", False)
    nonce = int(anvil.rpc("eth_getTransactionCount", account.address, "latest"), 16)
    chain = Chain(anvil.url, abi=events_abi())
    chain.submit(action, signer=account, reference="PO-4711")
    other = {"chainId": 31337, "nonce": nonce, "to": account.address, "value": 0, "data": "0x"}
    raw = account.sign_transaction({**other, "gas": 21_000, "gasPrice": 10**12})
    anvil.rpc("eth_sendRawTransaction", "0x" + raw.hex())
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    (left,) = on_chain.data("journal", "recover")
    assert left["stage"] == "released"
    told = on_chain.run("journal", "list", "--open")
    assert "duebill journal finish REFERENCE" in told.stderr
    error = on_chain.error("journal", "finish", "PO-4711", "--account", "dev5", "--yes", code=5)
    assert error["type"] == "SignerMismatch"
    finish = ("journal", "finish", "PO-4711", "--account", "dev6", "--yes")
    assert "PO-4711 would go through." in on_chain.ok(*finish, "--dry-run")
    assert on_chain.data("journal", "list", "--open") == [left]
    assert on_chain.data(*finish)["stage"] == "done"
    assert "PO-4711 is done." in on_chain.ok(*finish)
    assert cash() - before == Decimal("12.50")
    assert on_chain.data("journal", "recover") == []
