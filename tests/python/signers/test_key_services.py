"""Services that refuse, are busy, or lie: each is one typed error, and nothing is signed."""

from __future__ import annotations

import logging
import traceback

import pytest
from key_services import AWS_SECRET, AZURE_TOKEN, BEARER, GCP_VERSION
from soft_token import PIN
from test_every_signer import KINDS
from vectors import (
    ADDRESS,
    KEY,
    MESSAGES,
    OTHER_KEY,
    PASSWORD,
    TRANSACTIONS,
    signed_transaction,
)

from duebill.errors import (
    KeyUnsuitable,
    SignerAnswerInvalid,
    SignerError,
    SignerRefused,
    SignerThrottled,
    SignerUnavailable,
)
from duebill.signing import AwsKmsSigner

CLOUDS = ("aws", "gcp", "azure")
SERVICES = (*CLOUDS, "remote")
TRANSACTION = TRANSACTIONS["dynamic fee"]


@pytest.mark.parametrize("kind", SERVICES)
def test_threat_20_the_higher_s_is_brought_down(signer_of, kind):
    """Key services know nothing of EIP-2: either s comes back, and chains take the lower."""
    signer, _ = signer_of(kind, high_s=True)
    assert signer.sign_transaction(TRANSACTION) == signed_transaction(TRANSACTION)


@pytest.mark.parametrize("kind", SERVICES)
def test_threat_20_another_keys_signature_is_refused(signer_of, kind):
    signer, _ = signer_of(kind, key=OTHER_KEY, public=KEY)
    assert signer.address == ADDRESS
    with pytest.raises(SignerAnswerInvalid, match="not 0x"):
        signer.sign_transaction(TRANSACTION)
    with pytest.raises(SignerAnswerInvalid, match="not 0x"):
        signer.sign_typed_data(MESSAGES["acceptance"])


@pytest.mark.parametrize("kind", SERVICES)
@pytest.mark.parametrize(
    "change", [lambda r, s: (r, s - 1), lambda r, _: (r, 0), lambda _, s: (0, s)], ids=range(3)
)
def test_threat_20_a_changed_signature_is_refused(signer_of, kind, change):
    signer, _ = signer_of(kind, change=change)
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_transaction(TRANSACTION)


# What each service answers when it is asked too often, does not know the key, denies, or is down.
ANSWERS = {
    "aws": (
        (400, {"__type": "ThrottlingException"}, SignerThrottled),
        (400, {"__type": "NotFoundException"}, KeyUnsuitable),
        (400, {"__type": "AccessDeniedException"}, SignerRefused),
        (400, {"__type": "DisabledException"}, SignerRefused),
        (500, {"__type": "KMSInternalException"}, SignerUnavailable),
        (503, {}, SignerUnavailable),
    ),
    "gcp": (
        (429, {"error": {"code": 429, "message": "quota"}}, SignerThrottled),
        (404, {"error": {"code": 404, "message": "no"}}, KeyUnsuitable),
        (403, {"error": {"code": 403, "message": "denied"}}, SignerRefused),
        (500, {"error": {"code": 500, "message": "down"}}, SignerUnavailable),
    ),
    "azure": (
        (429, {"error": {"code": "Throttled", "message": "quota"}}, SignerThrottled),
        (404, {"error": {"code": "KeyNotFound", "message": "no"}}, KeyUnsuitable),
        (403, {"error": {"code": "Forbidden", "message": "denied"}}, SignerRefused),
        (500, {"error": {"code": "Internal", "message": "down"}}, SignerUnavailable),
    ),
    "remote": (
        (429, {}, SignerThrottled),
        (404, {}, KeyUnsuitable),
        (401, {}, SignerRefused),
        (400, {}, SignerRefused),
        (302, {}, SignerRefused),
        (500, {}, SignerUnavailable),
    ),
}


@pytest.mark.parametrize(
    ("kind", "status", "body", "expected"),
    [(kind, *answer) for kind, answers in ANSWERS.items() for answer in answers],
    ids=str,
)
def test_a_services_refusal_is_a_typed_error(signer_of, kind, status, body, expected):
    signer, service = signer_of(kind)
    assert signer.address == ADDRESS
    service.status, service.error = status, body
    with pytest.raises(SignerError) as caught:
        signer.sign_transaction(TRANSACTION)
    assert type(caught.value) is expected
    service.status = 200
    assert signer.sign_transaction(TRANSACTION) == signed_transaction(TRANSACTION)


@pytest.mark.parametrize("kind", SERVICES)
def test_a_service_that_is_gone_is_a_typed_error(signer_of, kind):
    signer, service = signer_of(kind)
    assert signer.address == ADDRESS

    def broken(_request):
        raise ConnectionAbortedError

    service.respond = broken
    with pytest.raises(SignerUnavailable):
        signer.sign_transaction(TRANSACTION)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("aws", {"spec": "ECC_NIST_P256"}),
        ("gcp", {"algorithm": "EC_SIGN_P256_SHA256"}),
        ("azure", {"curve": "P-256"}),
    ],
)
def test_a_key_of_another_kind_is_refused(signer_of, kind, changes):
    signer, _ = signer_of(kind, **changes)
    with pytest.raises(KeyUnsuitable, match="the key is o"):
        signer.address  # noqa: B018 - the question is the test


@pytest.mark.parametrize(
    "changes",
    [{"sum_error": 1}, {"verified": False}, {"name": GCP_VERSION[:-1] + "2"}],
    ids=["sum", "not verified", "another version"],
)
def test_the_check_sums_of_google_are_checked(signer_of, changes):
    signer, _ = signer_of("gcp", **changes)
    with pytest.raises(SignerAnswerInvalid):
        signer.sign_transaction(TRANSACTION)


@pytest.mark.parametrize("kind", CLOUDS)
def test_only_the_digest_leaves_the_machine(signer_of, kind):
    """A key service sees 32 bytes, and nothing of whom the transaction pays."""
    signer, service = signer_of(kind)
    signer.sign_transaction(TRANSACTION)
    sent = b"".join(request.body for request in service.requests)
    assert len(sent) < 600
    assert TRANSACTION["to"][2:].lower().encode() not in sent.lower()


def test_aws_without_credentials_says_so(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with pytest.raises(SignerRefused, match="no credentials"):
        AwsKmsSigner("alias/treasury").address  # noqa: B018 - the question is the test


# -- secrets ----------------------------------------------------------------------------------

CANARIES = (PASSWORD, PIN, AWS_SECRET, AZURE_TOKEN, BEARER, KEY)


@pytest.mark.parametrize("kind", KINDS)
def test_threat_54_no_signer_shows_its_secret(signer_of, kind, caplog, capfd):
    """Not in its repr, in logs, in errors with all that hangs on them, or on the streams."""
    caplog.set_level(logging.DEBUG, logger="duebill")
    signer, service = signer_of(kind)
    shown = [repr(signer), str(signer)]
    signer.sign_transaction(TRANSACTION)
    shown.append(repr(signer))
    shown.extend(failures(signer, service))
    shown.extend((caplog.text, *capfd.readouterr()))
    text = "\n".join(shown)
    assert not [canary for canary in CANARIES if canary in text]


def failures(signer, service):
    """What a signer says when what keeps its key fails it."""
    with pytest.raises(TypeError) as refused:
        signer.__reduce__()
    yield str(refused.value)
    if service is None:
        return
    for status in (401, 403, 429, 500, 0x6985):
        service.status = status
        with pytest.raises(SignerError) as caught:
            signer.sign_transaction(TRANSACTION)
        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None
        frames = traceback.TracebackException.from_exception(caught.value)
        yield "".join(frames.format())
        yield repr(vars(caught.value))
