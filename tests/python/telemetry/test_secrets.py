"""A whole life with everything told, and marked secrets in everything that is secret (threat 54)."""

from __future__ import annotations

import io
import json
import logging

import pytest

import duebill
from duebill import telemetry
from duebill.documents import new_key

PASSWORD = "canary-password-7391"  # noqa: S105 - a marked secret


@pytest.fixture
def told():
    stream = io.StringIO()
    logger = logging.getLogger("duebill")
    level = logger.level
    handler = telemetry.log_to(stream, level=logging.DEBUG)
    yield stream.getvalue
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_threat_54_no_secret_is_told(anvil, deployed, signers, tmp_path, told):
    secret_url = anvil.url.replace("127.0.0.1", "user:canary-url-5512@127.0.0.1")
    signer = duebill.create_keystore(tmp_path / "k.json", password=PASSWORD, scrypt_n=1 << 14)
    anvil.rpc("anvil_setBalance", signer.address, hex(10**18))
    ledger = duebill.connect(secret_url, deployment=deployed, journal=tmp_path / "journal.db")
    key = new_key()
    sent = ledger.supplier(signer).once("canary-reference").set_consent(signers.obligor.address)
    sent.wait()
    text = told()
    events = {json.loads(line)["event"] for line in text.splitlines()}
    assert events >= {"request", "transaction sent", "transaction final"}
    private = signer._unlocked()._account.key.hex().removeprefix("0x")
    raw = ledger._desk.chain.dispatch.journal.entries()[-1].newest.raw.hex()
    for secret in (PASSWORD, "canary-url-5512", "canary-reference", private, key.hex(), raw):
        assert secret not in text


def test_what_was_sent_can_be_followed_by_its_hash(ledger, signers, told):
    sent = ledger.supplier(signers.supplier).set_consent(signers.obligor.address)
    outcome = sent.wait()
    lines = [json.loads(line) for line in told().splitlines()]
    by_event = {line["event"]: line for line in lines if line.get("hash") == sent.hash}
    assert by_event["transaction sent"]["sender"] == signers.supplier.address
    assert by_event["transaction final"]["block"] == outcome.block
    assert by_event["transaction final"]["succeeded"] is True
