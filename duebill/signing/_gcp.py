"""Keys in Google Cloud Key Management Service."""

from __future__ import annotations

import base64
import binascii
from functools import cached_property
from typing import TYPE_CHECKING, Any

from duebill._secp256k1 import account_of_key_info, pair_of_der
from duebill.errors import (
    ExtraMissing,
    KeyUnsuitable,
    SignerRefused,
    SignerThrottled,
    SignerUnavailable,
)
from duebill.signing._elsewhere import DigestSigner

if TYPE_CHECKING:
    from duebill._secp256k1 import Pair
    from duebill.errors import SignerError
    from duebill.model import Address

_ALGORITHM = "EC_SIGN_SECP256K1_SHA256"
# Castagnoli's polynomial, reflected: the check sum that the service sends and asks for.
_CRC32C = 0x82F63B78
_TIMEOUT_SECONDS = 10.0


class GcpKmsSigner(DigestSigner):
    """A key of Google Cloud KMS: EC_SIGN_SECP256K1_SHA256, which the service keeps in hardware.

    Only the digest of what is signed goes to the service. Credentials are found by Google's library,
    where its other programs find them.

    Args:
        version: The key version's whole name, `projects/…/cryptoKeyVersions/1`.
        client: A `KeyManagementServiceClient`; one is made when not given.

    Raises:
        ExtraMissing: The extra `gcp` is not installed.
    """

    def __init__(self, version: str, *, client: Any = None) -> None:
        super().__init__(f"the Google Cloud KMS key {version!r}")
        try:
            from google.api_core import exceptions  # noqa: PLC0415 - an optional part
            from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
        except ImportError as error:
            raise ExtraMissing("gcp", "sign with Google Cloud KMS") from error
        self._errors, self._no_access = exceptions, GoogleAuthError
        self._version, self._given = version, client

    @cached_property
    def _client(self) -> Any:
        if self._given is not None:
            return self._given
        from google.cloud.kms_v1 import KeyManagementServiceClient  # noqa: PLC0415 - slow to import

        return KeyManagementServiceClient()

    def _public_account(self) -> Address:
        request = {"name": self._version}
        answer = self._client.get_public_key(request=request, timeout=_TIMEOUT_SECONDS)
        if answer.algorithm.name != _ALGORITHM:
            raise ValueError(f"the key is of the kind {answer.algorithm.name}, not {_ALGORITHM}")
        return account_of_key_info(_der_of_pem(answer.pem))

    def _sign_digest(self, digest: bytes) -> Pair:
        # The service's check sums, both ways: nothing is altered on its way unnoticed.
        request = {
            "name": self._version,
            "digest": {"sha256": digest},
            "digest_crc32c": crc32c(digest),
        }
        answer = self._client.asymmetric_sign(request=request, timeout=_TIMEOUT_SECONDS)
        if answer.name != self._version or not answer.verified_digest_crc32c:
            raise ValueError("it is for another key or another digest")
        if answer.signature_crc32c != crc32c(answer.signature):
            raise ValueError("the signature was altered on its way")
        return pair_of_der(answer.signature)

    def _failure(self, error: Exception) -> SignerError | None:
        known = self._errors
        if isinstance(error, known.TooManyRequests):
            return SignerThrottled(self.name, reason=type(error).__name__)
        if isinstance(error, known.NotFound):
            return KeyUnsuitable(self.name, reason="there is no such key")
        if isinstance(error, known.InvalidArgument | known.BadRequest):
            return KeyUnsuitable(self.name, reason="the key is of another kind")
        if isinstance(error, known.ClientError | self._no_access):
            return SignerRefused(self.name, reason=type(error).__name__)
        if isinstance(error, known.GoogleAPIError | OSError):
            return SignerUnavailable(self.name, reason=type(error).__name__)
        return None


def crc32c(data: bytes) -> int:
    """The check sum CRC-32C (RFC 3720)."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (_CRC32C if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def _der_of_pem(pem: str) -> bytes:
    lines = pem.strip().splitlines()
    if len(lines) < 3 or "PUBLIC KEY" not in lines[0]:
        raise ValueError("the public key is not in PEM")
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error:
        raise ValueError("the public key is not in PEM") from None
