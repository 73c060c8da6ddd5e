"""Keys in AWS Key Management Service."""

from __future__ import annotations

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

_SPEC = "ECC_SECG_P256K1"
_ALGORITHM = "ECDSA_SHA_256"
_THROTTLED = {"ThrottlingException", "LimitExceededException", "TooManyRequestsException"}
_UNSUITABLE = {
    "NotFoundException": "there is no such key",
    "InvalidKeyUsageException": "the key is not for signing",
    "UnsupportedOperationException": "the key is of another kind",
}
_DOWN = {"KMSInternalException", "KeyUnavailableException", "DependencyTimeoutException"}
_TIMEOUT_SECONDS = 10


class AwsKmsSigner(DigestSigner):
    """A key of AWS KMS: asymmetric, ECC_SECG_P256K1, for SIGN_VERIFY.

    Only the digest of what is signed goes to the service. Credentials and region are found by the
    AWS library, where its other programs find them.

    Args:
        key: The key's id, ARN or alias (`alias/treasury`).
        client: A client of boto3 for "kms"; one with time-outs and retries is made when not given.

    Raises:
        ExtraMissing: The extra `aws` is not installed.
    """

    def __init__(self, key: str, *, client: Any = None) -> None:
        super().__init__(f"the AWS KMS key {key!r}")
        try:
            import botocore.exceptions  # noqa: PLC0415 - an optional part
        except ImportError as error:
            raise ExtraMissing("aws", "sign with AWS KMS") from error
        self._errors = botocore.exceptions
        self._key, self._given = key, client

    @cached_property
    def _client(self) -> Any:
        if self._given is not None:
            return self._given
        import boto3  # noqa: PLC0415 - slow to import
        from botocore.config import Config  # noqa: PLC0415

        config = Config(
            connect_timeout=_TIMEOUT_SECONDS,
            read_timeout=_TIMEOUT_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 4},
        )
        return boto3.client("kms", config=config)

    def _public_account(self) -> Address:
        answer = self._client.get_public_key(KeyId=self._key)
        if answer.get("KeySpec") != _SPEC or _ALGORITHM not in answer.get("SigningAlgorithms", ()):
            raise ValueError(f"the key is of the kind {answer.get('KeySpec')}, not {_SPEC}")
        return account_of_key_info(answer["PublicKey"])

    def _sign_digest(self, digest: bytes) -> Pair:
        # DIGEST: the 32 bytes are signed as they are, not hashed once more.
        answer = self._client.sign(
            KeyId=self._key, Message=digest, MessageType="DIGEST", SigningAlgorithm=_ALGORITHM
        )
        return pair_of_der(answer["Signature"])

    def _failure(self, error: Exception) -> SignerError | None:
        if isinstance(error, self._errors.ClientError):
            return self._refusal(str(error.response.get("Error", {}).get("Code", "unknown")))
        if isinstance(
            error, self._errors.NoCredentialsError | self._errors.PartialCredentialsError
        ):
            return SignerRefused(self.name, reason="there are no credentials")
        if isinstance(error, self._errors.BotoCoreError):
            return SignerUnavailable(self.name, reason=type(error).__name__)
        if isinstance(error, KeyError):
            return SignerUnavailable(self.name, reason="its answer is incomplete")
        return None

    def _refusal(self, code: str) -> SignerError:
        if code in _THROTTLED:
            return SignerThrottled(self.name, reason=code)
        if code in _UNSUITABLE:
            return KeyUnsuitable(self.name, reason=_UNSUITABLE[code])
        if code in _DOWN or code.isdigit():
            return SignerUnavailable(self.name, reason=code)
        return SignerRefused(self.name, reason=code)
