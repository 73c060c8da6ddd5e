"""The protocol of a Ledger device, spoken with an app that signs with a real key."""

from __future__ import annotations

import builtins

import pytest
from ledger_app import BLIND, DECLINED, LOCKED, NOT_OPEN, EthereumApp
from vectors import (
    ADDRESS,
    MESSAGES,
    OTHER_KEY,
    TRANSACTIONS,
    signed_message,
    signed_transaction,
)

from duebill.errors import (
    BadSignerName,
    ExtraMissing,
    SignerAnswerInvalid,
    SignerRefused,
    SignerUnavailable,
)
from duebill.signing import LedgerSigner

PATH = "058000002c8000003c800000000000000000000000"


def test_the_address_is_asked_for_by_its_path():
    """As the app's interface has it: class e0, instruction 02, nothing shown, the path."""
    app = EthereumApp()
    assert LedgerSigner(transport=app).address == ADDRESS
    assert [command.hex() for command in app.commands] == ["e0020000" + "15" + PATH]


def test_a_message_goes_as_its_two_hashes():
    app = EthereumApp()
    signer = LedgerSigner("m/44h/60h/0h/0/0", transport=app)
    message = MESSAGES["mail of EIP-712"]
    assert signer.sign_typed_data(message) == signed_message(message)
    # The hashes are those that EIP-712 itself names for its example.
    domain = "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"
    content = "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"
    assert app.commands[-1].hex() == "e00c0000" + "55" + PATH + domain + content


def test_a_long_transaction_goes_in_parts():
    app = EthereumApp()
    signer = LedgerSigner(transport=app)
    transaction = TRANSACTIONS["a long call"]
    assert signer.sign_transaction(transaction) == signed_transaction(transaction)
    parts = [command for command in app.commands if command[1] == 0x04]
    assert [part[2] for part in parts] == [0x00] + [0x80] * (len(parts) - 1)
    assert {len(part) for part in parts[:-1]} == {260}


@pytest.mark.parametrize("chain_id", [1, 137, 31337, 1 << 30])
def test_no_length_of_a_legacy_transaction_loses_its_chain(chain_id):
    """The app takes a part that ends before the chain for all of it: no part ever does."""
    for length in range(150, 420):
        app = EthereumApp()
        transaction = {**TRANSACTIONS["legacy"], "chainId": chain_id, "data": "0x" + "07" * length}
        signed = LedgerSigner(transport=app).sign_transaction(transaction)
        assert signed == signed_transaction(transaction), length


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (DECLINED, SignerRefused, "declined on the device"),
        (BLIND, SignerRefused, "Allow blind signing"),
        (LOCKED, SignerUnavailable, "Unlock the device"),
        (NOT_OPEN, SignerUnavailable, "open its Ethereum app"),
        (0x6F00, SignerUnavailable, "no device is connected"),
        (0x6700, SignerUnavailable, "its status is 6700"),
    ],
)
def test_what_the_device_says_becomes_words(status, error, words):
    app = EthereumApp()
    signer = LedgerSigner(transport=app)
    assert signer.address == ADDRESS
    app.status = status
    with pytest.raises(error, match=words):
        signer.sign_transaction(TRANSACTIONS["dynamic fee"])
    with pytest.raises(error, match=words):
        signer.sign_typed_data(MESSAGES["acceptance"])
    app.status = None
    transaction = TRANSACTIONS["dynamic fee"]
    assert signer.sign_transaction(transaction) == signed_transaction(transaction)


def test_threat_20_a_device_that_was_exchanged_is_noticed():
    app = EthereumApp()
    signer = LedgerSigner(transport=app)
    assert signer.address == ADDRESS
    app.key = EthereumApp(OTHER_KEY).key
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_transaction(TRANSACTIONS["dynamic fee"])


@pytest.mark.parametrize("answer", [b"", b"\1" * 64, b"\1" * 66, b"\0" * 65])
def test_threat_20_half_an_answer_is_refused(answer):
    app = EthereumApp()
    signer = LedgerSigner(transport=app)
    assert signer.address == ADDRESS
    app.exchange = lambda _: answer
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_transaction(TRANSACTIONS["dynamic fee"])


@pytest.mark.parametrize("path", ["", "44", "44'/x", "44'/60'//0", "-1/0", "m", f"{1 << 31}/0"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(BadSignerName):
        LedgerSigner(path, transport=EthereumApp())


def test_without_the_library_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **options):
        if name.startswith("ledgerblue"):
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExtraMissing, match=r"duebill\[ledger\]"):
        LedgerSigner()
