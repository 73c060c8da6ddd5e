"""Every kind of signer, each over the real library that it uses, with one and the same key."""

from __future__ import annotations

import contextlib
import io

import pytest
import soft_token
from command_line import cli, on_chain
from key_services import AWS_SECRET, AZURE_TOKEN, BEARER, GCP_VERSION, Aws, Azure, Gcp, Web3Signer
from ledger_app import EthereumApp
from local_service import certificate, running
from vectors import KEY, PASSWORD

from duebill.signing import (
    AwsKmsSigner,
    AzureKeyVaultSigner,
    GcpKmsSigner,
    Keystore,
    LedgerSigner,
    Pkcs11Signer,
    RemoteSigner,
    RpcSigner,
    import_key,
)

__all__ = ["cli", "on_chain"]


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """A certificate for 127.0.0.1."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def keystore_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "key.json"
    import_key(path, password=PASSWORD, source=io.StringIO(KEY + "\n"), scrypt_n=1 << 14)
    return path


@pytest.fixture(scope="session")
def token_library(tmp_path_factory):
    """The library of SoftHSM2, with a token that holds the key."""
    if soft_token.library() is None:
        pytest.skip(soft_token.MISSING)
    return soft_token.made(tmp_path_factory.mktemp("token"))


def aws_signer(service, _tls):
    """boto3's own client, at the service of the test."""
    import boto3  # noqa: PLC0415 - slow to import
    from botocore.config import Config  # noqa: PLC0415

    client = boto3.client(
        "kms",
        endpoint_url=service.url,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key=AWS_SECRET,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=5, proxies={}),
    )
    return AwsKmsSigner("alias/treasury", client=client)


def gcp_signer(service, _tls):
    """Google's own client, over REST, at the service of the test."""
    from google.auth.credentials import AnonymousCredentials  # noqa: PLC0415 - slow to import
    from google.cloud.kms_v1 import KeyManagementServiceClient  # noqa: PLC0415
    from google.cloud.kms_v1.services.key_management_service.transports import (  # noqa: PLC0415
        KeyManagementServiceRestTransport,
    )

    transport = KeyManagementServiceRestTransport(
        host=service.url.removeprefix("http://"),
        credentials=AnonymousCredentials(),
        url_scheme="http",
    )
    return GcpKmsSigner(GCP_VERSION, client=KeyManagementServiceClient(transport=transport))


def azure_signer(service, tls):
    """Azure's own client, over TLS as it insists, at the service of the test."""
    from azure.core.credentials import AccessToken  # noqa: PLC0415 - slow to import
    from azure.keyvault.keys import KeyClient  # noqa: PLC0415

    class Credential:
        def get_token(self, *_scopes, **_options):
            return AccessToken(AZURE_TOKEN, 1 << 40)

    client = KeyClient(
        service.url,
        Credential(),
        verify_challenge_resource=False,
        connection_verify=tls.ca,
        retry_total=0,
        read_timeout=5,
    )
    return AzureKeyVaultSigner(f"{service.url}/keys/treasury/v1", client=client)


def remote_signer(service, tls):
    """A signer that has a token, over TLS."""
    service.token = BEARER
    return RemoteSigner(service.url, token=lambda: BEARER, ca=tls.ca)


SERVICES = {"aws": Aws, "gcp": Gcp, "azure": Azure, "remote": Web3Signer}
SIGNERS = {
    "aws": aws_signer,
    "gcp": gcp_signer,
    "azure": azure_signer,
    "remote": remote_signer,
}


@pytest.fixture
def services():
    """Start services that end with the test: `services(Aws())`."""
    with contextlib.ExitStack() as stack:
        yield lambda service, tls=None: stack.enter_context(running(service, tls=tls))


@pytest.fixture
def signer_of(request, services):
    """A signer of a kind, and what can be changed about what keeps its key."""

    def made(kind, **changes):
        if kind == "keystore":
            return Keystore(request.getfixturevalue("keystore_path"), password=PASSWORD), None
        if kind == "pkcs11":
            library = request.getfixturevalue("token_library")
            return Pkcs11Signer(library, pin=soft_token.PIN, label=soft_token.LABEL), None
        if kind == "ledger":
            app = EthereumApp(**changes)
            return LedgerSigner(transport=app), app
        tls = request.getfixturevalue("tls") if kind in {"azure", "remote"} else None
        service = services(SERVICES[kind](**changes), tls)
        return SIGNERS[kind](service, tls), service

    return made


@pytest.fixture
def rpc_signer(anvil_url):
    """An account of a real node, which signs with a key of its own."""
    return RpcSigner(anvil_url, account="0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
