"""Keys on a PKCS#11 token: found by label or id, opened by a PIN that nobody sees."""

from __future__ import annotations

import logging
import subprocess
import sys
import textwrap

import pytest
from soft_token import ID, LABEL, PIN, TOKEN
from vectors import ADDRESS, OTHER_ADDRESS, TRANSACTIONS

from duebill._secp256k1 import ORDER
from duebill._transactions import SignedTransaction
from duebill.errors import KeyUnsuitable, SignerAnswerInvalid, SignerError
from duebill.signing import Pkcs11Signer

TRANSACTION = TRANSACTIONS["dynamic fee"]


@pytest.mark.parametrize(
    "key",
    [{"label": LABEL}, {"id": ID}, {"label": LABEL, "id": ID}, {"label": LABEL, "token": TOKEN}],
    ids=str,
)
def test_the_address_is_read_without_the_pin(token_library, key):
    """Dry runs and look-ups ask nobody for a PIN."""

    def asked():
        raise AssertionError

    assert Pkcs11Signer(token_library, pin=asked, **key).address == ADDRESS


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ({"label": "nothing of that name"}, "no such key"),
        ({"label": LABEL, "id": b"\x09"}, "no such key"),
        ({"label": LABEL, "token": "elsewhere"}, "no such token"),
        ({"label": "another curve"}, "another curve"),
        ({}, "several keys"),
    ],
    ids=str,
)
def test_a_key_that_cannot_sign_is_refused(token_library, key, reason):
    with pytest.raises(KeyUnsuitable, match=reason):
        Pkcs11Signer(token_library, pin=PIN, **key).address  # noqa: B018 - the question is the test


def test_the_pin_is_asked_for_once(token_library):
    asked = []

    def ask():
        asked.append(1)
        return PIN

    signer = Pkcs11Signer(token_library, pin=ask, label=LABEL)
    signer.unlock()
    for _ in range(3):
        signer.sign_transaction(TRANSACTION)
    assert len(asked) == 1


def test_two_signers_share_a_token(token_library):
    first = Pkcs11Signer(token_library, pin=PIN, label=LABEL)
    second = Pkcs11Signer(token_library, pin=PIN, label="other")
    first.sign_transaction(TRANSACTION)
    second.sign_transaction(TRANSACTION)
    assert (first.address, second.address) == (ADDRESS, OTHER_ADDRESS)


def test_threads_that_open_a_token_together_do_not_disturb_each_other(token_library):
    """In a process of its own: two threads inside the library at once can end theirs."""
    script = """
        import sys
        from concurrent.futures import ThreadPoolExecutor
        from duebill.signing import Pkcs11Signer
        fields = {"chainId": 1, "gas": 21_000, "to": "0x" + "11" * 20, "gasPrice": 1}
        wanted = [{**fields, "nonce": nonce} for nonce in range(16)]
        for _ in range(60):
            signer = Pkcs11Signer(sys.argv[1], pin=sys.argv[2], label="treasury")
            with ThreadPoolExecutor(8) as pool:
                assert len(set(pool.map(signer.sign_transaction, wanted))) == 16
    """
    command = [sys.executable, "-c", textwrap.dedent(script), token_library, PIN]
    subprocess.run(command, check=True, capture_output=True)


def test_threat_20_a_private_key_under_anothers_public_key_signs_nothing(token_library):
    signer = Pkcs11Signer(token_library, pin=PIN, label="mismatched")
    assert signer.address == OTHER_ADDRESS
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_transaction(TRANSACTION)


def test_threat_20_s_is_always_the_lower_one(token_library):
    """The token gives either; both come up among so many, and each is brought to the lower."""
    signer = Pkcs11Signer(token_library, pin=PIN, label=LABEL)
    raw = [signer._sign_digest(bytes([n]) * 32).s for n in range(64)]
    assert any(s > ORDER // 2 for s in raw)
    for nonce in range(64):
        signed = signer.sign_transaction({**TRANSACTION, "nonce": nonce})
        assert SignedTransaction.of(signed).signature.s <= ORDER // 2


def test_threat_54_a_wrong_pin_is_told_and_not_shown(token_library, caplog):
    """In a process of its own, where nobody has logged in yet."""
    caplog.set_level(logging.DEBUG)
    script = """
        import sys, traceback
        from duebill.errors import SignerRefused
        from duebill.signing import Pkcs11Signer
        signer = Pkcs11Signer(sys.argv[1], pin="canary-wrong-pin", label="treasury")
        try:
            signer.unlock()
        except SignerRefused as error:
            print(type(error.__context__), error, repr(signer), traceback.format_exc())
    """
    answer = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), token_library],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "the PIN is wrong" in answer.stdout
    assert "NoneType" in answer.stdout.splitlines()[0]
    assert "canary" not in answer.stdout + answer.stderr


def test_a_library_that_is_not_there_is_said(tmp_path):
    signer = Pkcs11Signer(str(tmp_path / "none.so"), pin=PIN, label=LABEL)
    with pytest.raises(SignerError):
        signer.address  # noqa: B018 - the question is the test
