"""One test for all: whatever keeps the key, the same things are signed in the same form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from eth_account import Account
from vectors import (
    ADDRESS,
    AUTHORIZATION,
    AUTHORIZATIONS,
    MESSAGES,
    TRANSACTIONS,
    signed_authorization,
    signed_message,
    signed_transaction,
    signer_of_authorization,
    signer_of_message,
)

from duebill._transactions import SignedTransaction, UnsignedTransaction
from duebill.errors import SignerCannotDelegate, TransactionUnsupported
from duebill.model import FOREVER, Status
from duebill.sponsorship import Budget, Delegation, Intent, Sponsor

# Those who sign no delegations, and say so.
WITHOUT_DELEGATIONS = {"ledger"}
KINDS = ("keystore", "pkcs11", "aws", "gcp", "azure", "ledger", "remote")
# They choose the random number of a signature as RFC 6979 says: equal to the byte.
DETERMINISTIC = {"keystore", "aws", "gcp", "azure", "ledger", "remote"}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def signer(kind, signer_of):
    return signer_of(kind)[0]


def test_the_address_is_the_keys(signer):
    assert signer.address == ADDRESS


@pytest.mark.parametrize("name", TRANSACTIONS)
def test_a_transaction_is_signed_as_it_is(signer, kind, name):
    """The bytes are the account's, say what was asked, and are the very bytes of eth-account."""
    transaction = TRANSACTIONS[name]
    raw = signer.sign_transaction(transaction)
    expected = signed_transaction(transaction)

    assert Account.recover_transaction(raw) == ADDRESS
    made = SignedTransaction.of(raw)
    assert made.unsigned == SignedTransaction.of(expected).unsigned
    assert made.signature.s <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
    if kind in DETERMINISTIC:
        assert raw == expected


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_signed_as_it_is(signer, kind, name):
    message = MESSAGES[name]
    signature = signer.sign_typed_data(message)

    assert len(signature) == 65
    assert signature[64] in {27, 28}
    assert signer_of_message(message, signature) == ADDRESS
    if kind in DETERMINISTIC:
        assert signature == signed_message(message)


@pytest.mark.parametrize("name", AUTHORIZATIONS)
def test_a_delegation_is_signed_as_it_is(signer, kind, name):
    authorization = AUTHORIZATIONS[name]
    if kind in WITHOUT_DELEGATIONS:
        with pytest.raises(SignerCannotDelegate):
            signer.sign_authorization(authorization)
        return
    signature = signer.sign_authorization(authorization)

    assert signer_of_authorization(authorization, signature) == ADDRESS
    assert signature[64] in {27, 28}
    if kind in DETERMINISTIC:
        assert signature == signed_authorization(authorization)


@pytest.mark.parametrize("change", [{"chainId": 0}, {"nonce": 2**64 - 1}, {"address": "0x12"}])
def test_threat_18_a_delegation_for_all_chains_or_none_is_not_signed(signer, change):
    with pytest.raises(TransactionUnsupported):
        signer.sign_authorization({**AUTHORIZATION, **change})


def test_a_node_signs_no_delegations(rpc_signer):
    with pytest.raises(SignerCannotDelegate, match="JSON-RPC"):
        rpc_signer.sign_authorization(AUTHORIZATION)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WITHOUT_DELEGATIONS])
def test_what_a_signer_signs_is_brought_by_a_sponsor(signer, scene, anvil):
    """A delegation and an intent of each kind of signer, which has no ether, are carried out."""
    ledger = scene.ledger
    ledger.registrar(scene.signers.deployer).verify(ADDRESS, until=FOREVER).wait()
    anvil.rpc("anvil_setBalance", ADDRESS, "0x0")
    issued = scene.issued(obligor=ADDRESS)
    sponsor = Sponsor(ledger, scene.signers.supplier, budget=Budget(wei=10**18))
    nonce = ledger.nonce_of(ADDRESS)
    fields = {"code": sponsor.code, "chain_id": ledger.chain_id, "nonce": nonce}
    sponsor.delegate(Delegation.signed(signer, **fields))
    trial = ledger.obligor(signer).simulate
    trial.accept(issued)
    deadline = ledger.time() + timedelta(hours=1)
    intent = Intent.drafted(
        trial.calls, account=ADDRESS, deadline=deadline, chain_id=ledger.chain_id
    )
    sponsor.relay(intent.sign(signer)).wait()
    assert ledger.receivable(issued).status is Status.ACCEPTED


def test_a_node_signs_for_its_account(rpc_signer):
    """The same over JSON-RPC, by a real node; its numbers are its own account's."""
    for transaction in TRANSACTIONS.values():
        if transaction["chainId"] in {31337, "0x7a69"}:
            raw = rpc_signer.sign_transaction(transaction)
            assert Account.recover_transaction(raw) == rpc_signer.address
            assert SignedTransaction.of(raw).unsigned == UnsignedTransaction.of(transaction)
    for message in MESSAGES.values():
        signature = rpc_signer.sign_typed_data(message)
        assert signer_of_message(message, signature) == rpc_signer.address


def test_what_a_signer_signs_goes_through(signer, scene, anvil):
    """A receivable is issued and accepted by what each kind of signer signed."""
    scene.ledger.registrar(scene.signers.deployer).verify(ADDRESS, until=FOREVER).wait()
    anvil.rpc("anvil_setBalance", ADDRESS, hex(10**18))
    issued = scene.issued(obligor=ADDRESS)
    scene.ledger.obligor(signer).accept(issued).wait()
    assert scene.ledger.receivable(issued).status is Status.ACCEPTED


def test_signers_of_many_threads_do_not_disturb_each_other(signer):
    """One signer is shared: nobody gets another's signature."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    wanted = [{**TRANSACTIONS["dynamic fee"], "nonce": nonce} for nonce in range(16)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(signer.sign_transaction, wanted))
    for transaction, raw in zip(wanted, made, strict=True):
        assert Account.recover_transaction(raw) == ADDRESS
        assert SignedTransaction.of(raw).unsigned == UnsignedTransaction.of(transaction)
