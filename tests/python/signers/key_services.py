"""The wire protocols of services that keep keys, with a real key behind each."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from eth_hash.auto import keccak
from local_service import Service, json_answer

if TYPE_CHECKING:
    from local_service import Request

AWS_SECRET = "canary-aws-secret-51d3"  # noqa: S105 - a canary
AZURE_TOKEN = "canary-azure-token-77ab"  # noqa: S105 - a canary
BEARER = "canary-bearer-token-90fe"
GCP_VERSION = "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def url_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def url_bytes(data: str) -> bytes:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def words(r: int, s: int) -> bytes:
    return r.to_bytes(32) + s.to_bytes(32)


def crc32c(data: bytes) -> int:
    """By tables, as the service does, and unlike the client."""
    table = []
    for index in range(256):
        value = index
        for _ in range(8):
            value = (value >> 1) ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    value = 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


@dataclass
class Aws(Service):
    """AWS KMS, JSON 1.1."""

    spec: str = "ECC_SECG_P256K1"

    def answer(self, request: Request):
        assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
        assert AWS_SECRET not in str(request)
        action = request.headers["x-amz-target"]
        if action == "TrentService.GetPublicKey":
            return json_answer(
                {
                    "KeyId": request.data["KeyId"],
                    "PublicKey": text(self.key_info()),
                    "KeySpec": self.spec,
                    "KeyUsage": "SIGN_VERIFY",
                    "SigningAlgorithms": ["ECDSA_SHA_256"],
                }
            )
        assert action == "TrentService.Sign"
        asked = request.data
        assert (asked["MessageType"], asked["SigningAlgorithm"]) == ("DIGEST", "ECDSA_SHA_256")
        r, s = self.sign(base64.b64decode(asked["Message"]))
        return json_answer({"KeyId": asked["KeyId"], "Signature": text(encode_dss_signature(r, s))})


@dataclass
class Gcp(Service):
    """Google Cloud KMS, REST."""

    algorithm: str = "EC_SIGN_SECP256K1_SHA256"
    sum_error: int = 0
    verified: bool = True
    name: str = GCP_VERSION

    def answer(self, request: Request):
        path = request.path.partition("?")[0]
        if path == f"/v1/{GCP_VERSION}/publicKey":
            pem = self.key_info(Encoding.PEM).decode()
            return json_answer({"pem": pem, "algorithm": self.algorithm, "name": GCP_VERSION})
        assert path == f"/v1/{GCP_VERSION}:asymmetricSign"
        digest = base64.b64decode(request.data["digest"]["sha256"])
        assert int(request.data["digestCrc32c"]) == crc32c(digest)
        der = encode_dss_signature(*self.sign(digest))
        return json_answer(
            {
                "name": self.name,
                "signature": text(der),
                "signatureCrc32c": str(crc32c(der) + self.sum_error),
                "verifiedDigestCrc32c": self.verified,
            }
        )


@dataclass
class Azure(Service):
    """Azure Key Vault, REST."""

    curve: str = "P-256K"

    def answer(self, request: Request):
        if "authorization" not in request.headers:
            where = (
                'Bearer authorization="https://login.example/t", resource="https://vault.example"'
            )
            return json_answer({}, 401, **{"WWW-Authenticate": where})
        assert request.headers["authorization"] == f"Bearer {AZURE_TOKEN}"
        path = request.path.partition("?")[0]
        kid = f"{self.url}/keys/treasury/v1"
        if request.method == "GET":
            assert path == "/keys/treasury/v1"
            point = self.point()
            key = {"kid": kid, "kty": "EC", "crv": self.curve, "key_ops": ["sign"]}
            key |= {"x": url_text(point[1:33].lstrip(b"\0")), "y": url_text(point[33:])}
            return json_answer({"key": key, "attributes": {"enabled": True}})
        assert path == "/keys/treasury/v1/sign"
        assert request.data["alg"] == "ES256K"
        made = words(*self.sign(url_bytes(request.data["value"])))
        return json_answer({"kid": kid, "value": url_text(made)})


@dataclass
class Web3Signer(Service):
    """Web3Signer's eth1 interface."""

    token: str | None = None
    recovery: int | None = None

    def answer(self, request: Request):
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {}, b""
        key = "0x" + self.point()[1:].hex()
        if request.path == "/api/v1/eth1/publicKeys":
            return json_answer([key])
        if request.path != f"/api/v1/eth1/sign/{key}":
            return 404, {}, b""
        digest = keccak(bytes.fromhex(request.data["data"][2:]))
        made = "0x" + (words(*self.sign(digest)) + bytes([self.recovery or 27])).hex()
        return 200, {"Content-Type": "text/plain"}, made.encode()


@dataclass
class Rpc(Service):
    """A node's JSON-RPC that changes what it signs."""

    results: dict | None = None

    def answer(self, request: Request):
        asked = request.data
        result = (self.results or {})[asked["method"]]
        if callable(result):
            result = result(asked["params"])
        return json_answer(
            {"jsonrpc": "2.0", "id": asked["id"], "result": json.loads(json.dumps(result))}
        )
