"""Chains of every kind: with a base fee, without one, without fees, with long headers, slow to be final."""

from __future__ import annotations

import pytest

import duebill
from duebill import deployment, node, node_accounts
from duebill._abi import events_abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain
from duebill.chain._rpc import Rpc
from duebill.errors import TransactionTimeout
from duebill.model import TransactionStatus
from duebill.signing import create_keystore

SOMEWHERE = node_accounts.ADDRESSES[9]


def nothing():
    """A call of an account without code: it does nothing and is always taken."""
    return Action(to=SOMEWHERE, data=b"", decode=lambda _: None, answer=NOTHING)


def raw_of(chain, sent):
    return chain.dispatch.journal.by_hash(sent.hash).newest.raw


def test_a_chain_without_a_base_fee_gets_legacy_transactions():
    with node.running(options=("--hardfork", "berlin")) as url:
        chain = Chain(url, abi=events_abi())
        sent = chain.submit(nothing(), signer=node_accounts.NodeAccount(0))
        sent.wait()
        assert raw_of(chain, sent)[0] >= 0xC0


def test_a_chain_with_a_base_fee_gets_transactions_of_type_2():
    with node.running() as url:
        chain = Chain(url, abi=events_abi())
        sent = chain.submit(nothing(), signer=node_accounts.NodeAccount(0))
        sent.wait()
        assert raw_of(chain, sent)[0] == 2


def test_on_a_chain_without_fees_no_ether_is_needed(tmp_path):
    """An account that has nothing at all deploys nothing, but acts on what is deployed."""
    options = ("--gas-price", "0", "--base-fee", "0", "--disable-min-priority-fee")
    with node.running(options=options) as url:
        signer = create_keystore(tmp_path / "k.json", password="long enough", scrypt_n=1 << 14)  # noqa: S106 - of a test
        chain = Chain(url, abi=events_abi())
        assert chain.balance(signer.address) == 0
        outcome = chain.submit(nothing(), signer=signer).wait()
        assert outcome.fee == 0
        assert chain.nonce(signer.address) == 1


def test_long_headers_of_proof_of_authority_are_read(monkeypatch):
    """Clique and IBFT put seals into extraData, which is then longer than 32 bytes."""
    asked = Rpc.request

    def sealed(self, method, *params):
        answer = asked(self, method, *params)
        if method == "eth_getBlockByNumber" and answer:
            return {**answer, "extraData": "0x" + "ab" * 97}
        return answer

    monkeypatch.setattr(Rpc, "request", sealed)
    with node.running() as url:
        chain = Chain(url, abi=events_abi())
        chain.submit(nothing(), signer=node_accounts.NodeAccount(0)).wait()


@pytest.mark.parametrize(
    ("chain_id", "changes", "expected"),
    [
        (31337, {}, 1),
        (11155111, {}, 64),
        (11155111, {"finality": "bft"}, 1),
        (11155111, {"finality": "bft", "confirmations": 3}, 3),
    ],
)
def test_the_plan_says_how_many_blocks_make_it_final(chain_id, changes, expected):
    admin = "0x52908400098527886E0F7030069857D2E4169EE7"
    plan = deployment.parse_plan({"name": "x", "chain_id": chain_id, "admins": [admin], **changes})
    assert plan.confirmations == expected


def test_an_unknown_finality_is_refused_under_its_key():
    with pytest.raises(duebill.DuebillError, match="finality"):
        deployment.parse_plan(
            {"name": "x", "chain_id": 31337, "admins": ["deployer"], "finality": "hope"}
        )


def test_clients_wait_for_as_many_blocks_as_the_address_book_says(anvil, deployed, signers):
    from dataclasses import replace  # noqa: PLC0415 - here alone

    ledger = duebill.connect(anvil.url, deployment=replace(deployed, confirmations=3))
    sent = ledger.supplier(signers.supplier).set_consent(signers.obligor.address)
    with pytest.raises(TransactionTimeout):
        sent.wait(timeout=0.2)
    assert sent.status() is TransactionStatus.INCLUDED
    anvil.mine(2)
    sent.wait(timeout=5)
    told_otherwise = duebill.connect(
        anvil.url, deployment=replace(deployed, confirmations=3), confirmations=1
    )
    told_otherwise.supplier(signers.supplier).set_consent(signers.obligor.address).wait(timeout=5)
