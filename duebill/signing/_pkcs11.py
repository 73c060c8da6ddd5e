"""Keys in hardware security modules, by PKCS#11."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from duebill._secp256k1 import account_of_point, pair_of_words
from duebill.errors import ExtraMissing, KeyUnsuitable, SignerRefused, SignerUnavailable
from duebill.signing._elsewhere import DigestSigner
from duebill.signing._signer import Secret

if TYPE_CHECKING:
    from duebill._secp256k1 import Pair
    from duebill.errors import SignerError
    from duebill.model import Address
    from duebill.signing._signer import Password

# The library is one for the whole process, and two threads in it at once can bring that down.
_TURN = threading.RLock()
# The curve's name in ASN.1: 1.3.132.0.10.
_CURVE = bytes.fromhex("06052b8104000a")
# A point as the module keeps it, an OCTET STRING of 65 bytes.
_POINT_HEAD = bytes.fromhex("0441")
_KEY_PROBLEMS = {
    "NoSuchToken": "there is no such token",
    "MultipleTokensReturned": "several tokens fit; name its label",
}
_PIN_PROBLEMS = {
    "PinIncorrect": "the PIN is wrong",
    "PinLenRange": "the PIN has another length",
    "PinInvalid": "the PIN holds characters that it cannot have",
    "PinLocked": "the PIN is locked after too many tries",
    "PinExpired": "the PIN has to be changed",
    "UserPinNotInitialized": "it has no PIN yet",
    "UserNotLoggedIn": "it asks for a PIN",
}


class Pkcs11Signer(DigestSigner):
    """A key in a hardware security module, or in anything else that speaks PKCS#11.

    The key is a pair of secp256k1 with both halves on the token, under one label or id. The address
    is read without the PIN, which is asked for when something is first signed.

    Args:
        library: The path of the module's PKCS#11 library.
        pin: The user's PIN, or what asks for it.
        label: The key's label.
        id: The key's id, where the label is not enough.
        token: The token's label, where there are several.

    Raises:
        ExtraMissing: The extra `pkcs11` is not installed.
    """

    def __init__(
        self,
        library: str,
        *,
        pin: Password,
        label: str | None = None,
        id: bytes | None = None,  # noqa: A002 - PKCS#11's word for it
        token: str | None = None,
    ) -> None:
        self._pin: Secret = Secret(pin)
        shown = label if label is not None else (id or b"").hex()
        super().__init__(f"the PKCS#11 key {shown!r}")
        try:
            import pkcs11  # noqa: PLC0415 - an optional part
        except ImportError as error:
            raise ExtraMissing("pkcs11", "sign with PKCS#11") from error
        self._pkcs11 = pkcs11
        self._library, self._token = library, token
        named = {pkcs11.Attribute.LABEL: label, pkcs11.Attribute.ID: id}
        self._wanted = {name: value for name, value in named.items() if value is not None}
        self._key: Any = None

    def unlock(self) -> None:
        """Log in now rather than at the first signature.

        Raises:
            SignerRefused: The PIN is wrong or locked.
        """
        self._asked(self._unlocked)

    def _public_account(self) -> Address:
        attribute = self._pkcs11.Attribute
        with _TURN, self._opened_token().open() as session:
            key = self._found(session, self._pkcs11.ObjectClass.PUBLIC_KEY)
            if key[attribute.EC_PARAMS] != _CURVE:
                raise ValueError("the key is on another curve")
            point = key[attribute.EC_POINT]
        return account_of_point(point.removeprefix(_POINT_HEAD))

    def _sign_digest(self, digest: bytes) -> Pair:
        with _TURN:
            made = self._unlocked().sign(digest, mechanism=self._pkcs11.Mechanism.ECDSA)
        return pair_of_words(made)

    def _unlocked(self) -> Any:
        with _TURN:
            if self._key is None:
                session = self._session()
                self._key = self._found(session, self._pkcs11.ObjectClass.PRIVATE_KEY)
            return self._key

    def _session(self) -> Any:
        token = self._opened_token()
        try:
            return token.open(user_pin=self._pin())
        except self._pkcs11.UserAlreadyLoggedIn:
            # A login holds for the whole process: another signer has given the PIN.
            return token.open()

    def _opened_token(self) -> Any:
        library = self._pkcs11.lib(self._library)
        if self._token is not None:
            return library.get_token(token_label=self._token)
        flag = self._pkcs11.TokenFlag.TOKEN_INITIALIZED
        found = [it for it in library.get_tokens() if it.flags & flag]
        if len(found) != 1:
            reason = "several tokens are there; name one" if found else "there is no token"
            raise KeyUnsuitable(self.name, reason=reason)
        return found[0]

    def _found(self, session: Any, kind: Any) -> Any:
        attribute = self._pkcs11.Attribute
        wanted = {attribute.CLASS: kind, attribute.KEY_TYPE: self._pkcs11.KeyType.EC}
        found = list(session.get_objects(wanted | self._wanted))
        if len(found) != 1:
            reason = "several keys fit; name its id" if found else "there is no such key"
            raise KeyUnsuitable(self.name, reason=reason)
        return found[0]

    def _failure(self, error: Exception) -> SignerError | None:
        if not isinstance(error, self._pkcs11.PKCS11Error):
            return None
        kind = type(error).__name__
        if kind in _KEY_PROBLEMS:
            return KeyUnsuitable(self.name, reason=_KEY_PROBLEMS[kind])
        if kind in _PIN_PROBLEMS:
            hint = "Give the PIN again, or ask whoever keeps the module."
            return SignerRefused(self.name, reason=_PIN_PROBLEMS[kind], hint=hint)
        return SignerUnavailable(self.name, reason=f"the module says {kind}")
