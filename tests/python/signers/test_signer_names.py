"""Signers by name: each kind is found, and no name holds a secret."""

from __future__ import annotations

import pytest
from key_services import AWS_SECRET, BEARER, GCP_VERSION, Aws, Web3Signer
from soft_token import LABEL, PIN, TOKEN
from vectors import ADDRESS, OTHER_ADDRESS

from duebill.errors import BadSignerName, PasswordFileRefused
from duebill.model import FOREVER, Status
from duebill.signing import (
    AwsKmsSigner,
    AzureKeyVaultSigner,
    GcpKmsSigner,
    Pkcs11Signer,
    RemoteSigner,
    RpcSigner,
    open_signer,
)


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("aws:alias/treasury", AwsKmsSigner, "alias/treasury"),
        (f"gcp:{GCP_VERSION}", GcpKmsSigner, GCP_VERSION),
        ("azure:https://v.vault.azure.net/keys/treasury/1", AzureKeyVaultSigner, "treasury"),
        ("pkcs11:treasury?module-path=/lib/x.so", Pkcs11Signer, "treasury"),
        ("pkcs11:object=our%20key;id=%01?module-path=/lib/x.so", Pkcs11Signer, "our key"),
        ("https://signer.example:9000", RemoteSigner, "https://signer.example:9000"),
        (f"https://signer.example/a#{ADDRESS}", RemoteSigner, "https://signer.example"),
        (f"rpc+https://signer.example#{ADDRESS}", RpcSigner, "https://signer.example"),
    ],
)
def test_a_name_stands_for_its_kind(name, kind, shown):
    signer = open_signer(name)
    assert type(signer) is kind
    assert shown in repr(signer)


@pytest.mark.parametrize(
    "name",
    [
        "aws:",
        "gcp:",
        "yubikey:canary",
        "azure:canary",
        "azure:https://canary.example/nothing",
        "pkcs11:?module-path=/lib/x.so",
        "pkcs11:token=canary?module-path=/lib/x.so",
        "pkcs11:object=k;pin-value=canary?module-path=/lib/x.so",
        "pkcs11:k?module-path=/lib/x.so&pin-value=canary",
        "pkcs11:k?pin-source=/canary",
        "ledger:canary",
        "https://user:canary@host",
        "https://host?token=canary",
        "https://host?canary",
        "https://host#canary",
        "rpc+ftp://canary",
    ],
)
def test_threat_54_a_name_that_is_wrong_is_not_repeated(name, monkeypatch):
    """A name may hold a secret that does not belong there."""
    monkeypatch.delenv("DUEBILL_PKCS11_LIBRARY", raising=False)
    with pytest.raises(BadSignerName) as caught:
        open_signer(name)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None or "canary" not in str(caught.value.__cause__)


def test_the_library_is_named_once_for_all(monkeypatch, token_library):
    monkeypatch.setenv("DUEBILL_PKCS11_LIBRARY", token_library)
    assert open_signer(f"pkcs11:{LABEL}", pin=PIN).address == ADDRESS
    assert open_signer(f"pkcs11:token={TOKEN};id=%01%02", pin=PIN).address == ADDRESS
    monkeypatch.delenv("DUEBILL_PKCS11_LIBRARY")
    with pytest.raises(BadSignerName, match="DUEBILL_PKCS11_LIBRARY"):
        open_signer(f"pkcs11:{LABEL}", pin=PIN)


def test_a_remote_signer_with_everything(services, tls, tmp_path):
    """The token comes from a file that only its owner can read."""
    service = services(Web3Signer(token=BEARER), tls)
    file = tmp_path / "token"
    file.write_text(BEARER + "\n")
    name = f"{service.url}?ca={tls.ca}&token-file={file}#{ADDRESS}"
    file.chmod(0o644)
    with pytest.raises(PasswordFileRefused, match="others can read it"):
        open_signer(name).address  # noqa: B018 - the question is the test
    file.chmod(0o600)
    assert open_signer(name).address == ADDRESS


# -- on the command line ----------------------------------------------------------------------


@pytest.fixture
def names(services, token_library, monkeypatch):
    """Names of a token, a key service and a remote signer, all with the same key."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", services(Aws()).url)
    return (
        f"pkcs11:object={LABEL}?module-path={token_library}",
        "aws:alias/treasury",
        f"{services(Web3Signer()).url}#{ADDRESS}",
    )


def test_a_command_signs_with_a_key_kept_elsewhere(on_chain, anvil, scene, names, tmp_path):
    """`--account` takes a name of each kind; the PIN comes from a file."""
    pin = tmp_path / "pin"
    pin.write_text(PIN)
    pin.chmod(0o600)
    scene.ledger.registrar(scene.signers.deployer).verify(ADDRESS, until=FOREVER).wait()
    anvil.rpc("anvil_setBalance", ADDRESS, hex(10**18))
    for name in names:
        issued = scene.issued(obligor=ADDRESS)
        accept = "receivable", "accept", str(issued), "--account", name
        on_chain.ok(*accept, "--yes", "--password-file", str(pin))
        assert scene.ledger.receivable(issued).status is Status.ACCEPTED


def test_a_name_of_a_signer_that_is_wrong_is_a_matter_of_usage(on_chain, scene):
    issued = scene.issued()
    accept = "receivable", "accept", str(issued), "--yes"
    assert on_chain.error(*accept, "--account", "vault:x", code=2)["type"] == "BadSignerName"
    elsewhere = f"http://127.0.0.1:1#{OTHER_ADDRESS}"
    error = on_chain.error(*accept, "--account", elsewhere, code=5)
    assert error["type"] == "SignerUnavailable"
