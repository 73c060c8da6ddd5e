"""Remote signers: only what was asked comes back, tokens go over TLS alone, and time ends."""

from __future__ import annotations

import threading

import pytest
from eth_account import Account
from key_services import BEARER, Rpc, Web3Signer
from vectors import (
    ADDRESS,
    MESSAGES,
    OTHER_ADDRESS,
    OTHER_KEY,
    TRANSACTIONS,
    signed_message,
    signed_transaction,
)

from duebill.errors import (
    BadSignerName,
    KeyUnsuitable,
    SignerAnswerInvalid,
    SignerRefused,
    SignerUnavailable,
)
from duebill.signing import RemoteSigner, RpcSigner

TRANSACTION = TRANSACTIONS["dynamic fee"]


def test_the_account_has_to_be_one_of_its_keys(services):
    service = services(Web3Signer())
    assert RemoteSigner(service.url, account=ADDRESS.lower()).address == ADDRESS
    with pytest.raises(KeyUnsuitable, match=f"no key of {OTHER_ADDRESS}"):
        RemoteSigner(service.url, account=OTHER_ADDRESS).sign_transaction(TRANSACTION)
    with pytest.raises(KeyUnsuitable, match="no key of"):
        RpcSigner(services(node(accounts=[ADDRESS])).url, account=OTHER_ADDRESS).address  # noqa: B018


def test_of_several_keys_one_has_to_be_named(services):
    service = services(node(accounts=[ADDRESS, OTHER_ADDRESS]))
    with pytest.raises(KeyUnsuitable, match="2 keys; name the account"):
        RpcSigner(service.url).address  # noqa: B018 - the question is the test
    assert RpcSigner(service.url, account=OTHER_ADDRESS).address == OTHER_ADDRESS


def test_the_whole_transaction_is_shown_to_the_remote_signer(services):
    """Whoever runs it can look into what is signed, and apply rules."""
    service = services(Web3Signer())
    RemoteSigner(service.url).sign_transaction(TRANSACTION)
    assert TRANSACTION["to"][2:].lower() in service.requests[-1].data["data"]


# -- what comes back --------------------------------------------------------------------------


def node(accounts=(ADDRESS,), transaction=None, message=None):
    return Rpc(
        results={
            "eth_accounts": list(accounts),
            "eth_signTransaction": transaction,
            "eth_signTypedData_v4": message,
        }
    )


def test_an_honest_node_signs_in_either_form(services):
    raw = "0x" + signed_transaction(TRANSACTION).hex()
    for answer in (raw, {"raw": raw, "tx": {"hash": "0x00"}}):
        signer = RpcSigner(services(node(transaction=answer)).url)
        assert signer.sign_transaction(TRANSACTION) == signed_transaction(TRANSACTION)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", OTHER_ADDRESS),
        ("data", TRANSACTION["data"][:-2] + "ac"),
        ("value", 1),
        ("nonce", 8),
        ("chainId", 1),
        ("gas", 210_001),
        ("maxFeePerGas", 3_000_000_008),
        ("maxPriorityFeePerGas", 1_000_000_001),
        ("accessList", [{"address": OTHER_ADDRESS, "storageKeys": []}]),
    ],
)
def test_threat_55_a_node_that_signs_something_else_is_found_out(services, field, value):
    """Each field is read again from what comes back; one that differs, and nothing is sent."""
    other = "0x" + signed_transaction({**TRANSACTION, field: value}).hex()
    signer = RpcSigner(services(node(transaction=other)).url)
    with pytest.raises(SignerAnswerInvalid, match="another transaction"):
        signer.sign_transaction(TRANSACTION)


def test_threat_55_another_accounts_transaction_is_refused(services):
    raw = Account.from_key(OTHER_KEY).sign_transaction(dict(TRANSACTION)).raw_transaction
    signer = RpcSigner(services(node(transaction="0x" + bytes(raw).hex())).url)
    with pytest.raises(SignerAnswerInvalid, match=f"not {ADDRESS}'s"):
        signer.sign_transaction(TRANSACTION)


def test_threat_55_a_signature_of_another_message_is_refused(services):
    other = "0x" + signed_message(MESSAGES["mail of EIP-712"]).hex()
    signer = RpcSigner(services(node(message=other)).url)
    assert signer.sign_typed_data(MESSAGES["mail of EIP-712"]).hex() == other[2:]
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_typed_data(MESSAGES["acceptance"])


@pytest.mark.parametrize(
    "answer", [None, 7, "", "0x", "0xzz", {"raw": None}, {}, [], "0x02c0", "0x" + "00" * 65]
)
def test_nonsense_is_refused(services, answer):
    signer = RpcSigner(services(node(transaction=answer, message=answer)).url)
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_transaction(TRANSACTION)
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_typed_data(MESSAGES["acceptance"])


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"{}", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_is_refused(services, body):
    service = services(node())
    service.respond = lambda _: (200, {}, body)
    with pytest.raises(KeyUnsuitable):
        RpcSigner(service.url).address  # noqa: B018 - the question is the test


def test_an_endless_answer_is_cut_off(services):
    service = services(node())
    service.respond = lambda _: (200, {}, b"[" + b" " * 1_100_000)
    with pytest.raises(KeyUnsuitable, match="too long"):
        RpcSigner(service.url).address  # noqa: B018 - the question is the test


def test_an_error_of_the_node_is_a_refusal(anvil_url):
    """A real node, asked for what it cannot sign; its words are not repeated."""
    signer = RpcSigner(anvil_url, account="0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
    with pytest.raises(SignerRefused, match="to eth_signTypedData_v4"):
        signer._sign_message({**MESSAGES["acceptance"], "primaryType": "Nothing"})


# -- connection -------------------------------------------------------------------------------


def test_a_certificate_that_nobody_vouches_for_is_refused(services, tls):
    service = services(Web3Signer(), tls)
    with pytest.raises(SignerUnavailable, match="certificate is not trusted"):
        RemoteSigner(service.url).address  # noqa: B018 - the question is the test


def test_a_wrong_token_is_refused(services, tls):
    service = services(Web3Signer(token=BEARER), tls)
    with pytest.raises(SignerRefused, match="401"):
        RemoteSigner(service.url, token="another", ca=tls.ca).address  # noqa: B018, S106
    with pytest.raises(SignerRefused, match="401"):
        RemoteSigner(service.url, ca=tls.ca).address  # noqa: B018


def test_threat_54_a_token_is_sent_over_tls_or_not_at_all():
    with pytest.raises(BadSignerName, match="a token needs https"):
        RemoteSigner("http://signer.example:9000", token=BEARER)


def test_threat_54_a_token_does_not_follow_a_redirect(services):
    aim = services(Web3Signer())
    service = services(Web3Signer())
    service.respond = lambda _: (307, {"Location": aim.url}, b"")
    with pytest.raises(SignerRefused, match="307"):
        RemoteSigner(service.url, token=BEARER).address  # noqa: B018 - the question is the test
    assert not aim.requests


@pytest.mark.parametrize(
    "url",
    [
        "https://user:canary@signer.example",
        "https://:canary@signer.example",
        "https://signer.example?token=canary",
        "ftp://signer.example/canary",
        "https://",
        "https://[canary",
        "canary",
    ],
)
def test_threat_54_an_address_with_a_secret_is_refused_and_not_repeated(url):
    with pytest.raises(BadSignerName) as caught:
        RemoteSigner(url)
    assert "canary" not in str(caught.value)


def test_a_signer_that_does_not_answer_is_waited_for_no_longer_than_asked(services):
    service, done = services(Web3Signer()), threading.Event()

    def late(_request):
        done.wait(20)
        return 200, {}, b"[]"

    service.respond = late
    with pytest.raises(SignerUnavailable, match="too long"):
        RemoteSigner(service.url, timeout=0.2).address  # noqa: B018 - the question is the test
    done.set()


def test_nobody_listens_there():
    with pytest.raises(SignerUnavailable, match="no connection"):
        RemoteSigner("http://127.0.0.1:1").address  # noqa: B018 - the question is the test
