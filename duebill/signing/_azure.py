"""Keys in Azure Key Vault and Azure Managed HSM."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from duebill._secp256k1 import account_of_point, pair_of_words
from duebill.errors import (
    BadSignerName,
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

_CURVE = "P-256K"
_TIMEOUT_SECONDS = 10


class AzureKeyVaultSigner(DigestSigner):
    """A key of Azure Key Vault: EC or EC-HSM on the curve P-256K, which is secp256k1.

    Only the digest of what is signed goes to the service. Credentials are found by Azure's library,
    where its other programs find them.

    Args:
        key: The key's identifier, `https://<vault>.vault.azure.net/keys/<name>/<version>`.
        client: A `KeyClient` of that vault; one is made when not given.

    Raises:
        ExtraMissing: The extra `azure` is not installed.
        BadSignerName: It is no identifier of a key.
    """

    def __init__(self, key: str, *, client: Any = None) -> None:
        try:
            from azure.core import exceptions  # noqa: PLC0415 - an optional part
            from azure.keyvault.keys import KeyVaultKeyIdentifier  # noqa: PLC0415
        except ImportError as error:
            raise ExtraMissing("azure", "sign with Azure Key Vault") from error
        try:
            found = KeyVaultKeyIdentifier(key)
        except ValueError:
            raise BadSignerName("azure", reason="it is no identifier of a key") from None
        super().__init__(f"the Azure key {found.name!r}")
        self._errors = exceptions
        self._key, self._given = found, client

    @cached_property
    def _client(self) -> Any:
        if self._given is not None:
            return self._given
        try:
            from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - an optional part
        except ImportError as error:
            raise ExtraMissing("azure", "sign with Azure Key Vault") from error
        from azure.keyvault.keys import KeyClient  # noqa: PLC0415 - slow to import

        return KeyClient(
            self._key.vault_url,
            DefaultAzureCredential(),
            connection_timeout=_TIMEOUT_SECONDS,
            read_timeout=_TIMEOUT_SECONDS,
        )

    @cached_property
    def _cryptography(self) -> Any:
        return self._client.get_cryptography_client(self._key.name, key_version=self._key.version)

    def _public_account(self) -> Address:
        found = self._client.get_key(self._key.name, self._key.version).key
        if found.crv != _CURVE:
            raise ValueError(f"the key is on the curve {found.crv}, not {_CURVE}")
        return account_of_point(b"\x04" + found.x.rjust(32, b"\0") + found.y.rjust(32, b"\0"))

    def _sign_digest(self, digest: bytes) -> Pair:
        from azure.keyvault.keys.crypto import SignatureAlgorithm  # noqa: PLC0415 - slow to import

        answer = self._cryptography.sign(SignatureAlgorithm.es256_k, digest)
        return pair_of_words(answer.signature)

    def _failure(self, error: Exception) -> SignerError | None:
        known = self._errors
        if isinstance(error, known.ClientAuthenticationError):
            return SignerRefused(self.name, reason="it does not take the credentials")
        if isinstance(error, known.ResourceNotFoundError):
            return KeyUnsuitable(self.name, reason="there is no such key")
        if isinstance(error, known.HttpResponseError):
            return self._refusal(error.status_code or 0)
        if isinstance(error, known.AzureError):
            return SignerUnavailable(self.name, reason=type(error).__name__)
        return None

    def _refusal(self, status: int) -> SignerError:
        reason = f"HTTP status {status}"
        if status == 429:
            return SignerThrottled(self.name, reason=reason)
        if status >= 500 or not status:
            return SignerUnavailable(self.name, reason=reason)
        return SignerRefused(self.name, reason=reason)
