"""Signers whose key is kept elsewhere: what comes back is completed here, and checked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

from duebill._eip712 import digest_of
from duebill._secp256k1 import completed
from duebill._transactions import Authorization, UnsignedTransaction
from duebill.errors import KeyUnsuitable, SignerAnswerInvalid, SignerError, SignerMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duebill._secp256k1 import Pair, Signature
    from duebill.model import Address

T = TypeVar("T")


class KeptElsewhere(ABC):
    """A key that cannot be read, only asked to sign.

    Every answer is brought to the form that chains take, and is refused unless it is a signature of
    exactly what was asked, by exactly the account that this signer stands for.

    Attributes:
        name: What to call it in words.
    """

    def __init__(self, name: str, *, expected: Address | None = None) -> None:
        self.name = name
        self._expected = expected
        self._address: Address | None = None

    def __repr__(self) -> str:
        # Tracebacks show it half-made, too.
        known = getattr(self, "_address", None) or "not asked yet"
        return f"<{type(self).__name__} {getattr(self, 'name', 'unnamed')} {known}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a signer stays in its process: its access is not passed on")

    @property
    def address(self) -> Address:
        """The account; asked for once.

        Raises:
            KeyUnsuitable: There is no such key, or it cannot sign for an account.
            SignerMismatch: It is another account's than was expected.
        """
        if self._address is None:
            found = self._read_address()
            if self._expected not in {None, found}:
                raise SignerMismatch(expected=str(self._expected), found=found)
            self._address = found
        return self._address

    def sign_transaction(self, transaction: Mapping[str, Any]) -> bytes:
        """See `Signer`.

        Raises:
            TransactionUnsupported: It is of a type that is not known here.
            SignerError: The key's keeper refuses, does not answer, or answers wrongly.
        """
        unsigned = UnsignedTransaction.of(transaction)
        account = self.address
        pair = self._asked(lambda: self._sign_transaction(unsigned))
        return unsigned.signed(self._completed(pair, unsigned.digest(), account))

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """See `Signer`.

        Raises:
            SignerError: The key's keeper refuses, does not answer, or answers wrongly.
        """
        message = dict(message)
        digest = digest_of(message)
        account = self.address
        pair = self._asked(lambda: self._sign_message(message))
        return self._completed(pair, digest, account).as_bytes()

    def sign_authorization(self, authorization: Mapping[str, Any]) -> bytes:
        """See `duebill.sponsorship.Delegator`.

        Raises:
            SignerCannotDelegate: The key's keeper signs no delegations.
            SignerError: It refuses, does not answer, or answers wrongly.
        """
        wanted = Authorization.of(authorization)
        account = self.address
        pair = self._asked(lambda: self._sign_authorization(wanted))
        return self._completed(pair, wanted.digest(), account).as_bytes()

    @abstractmethod
    def _public_account(self) -> Address:
        """Ask for the public key, and give its account; a ValueError says what is wrong with it."""

    @abstractmethod
    def _sign_transaction(self, unsigned: UnsignedTransaction) -> Pair:
        """Ask for a signature of a transaction."""

    @abstractmethod
    def _sign_message(self, message: dict[str, Any]) -> Pair:
        """Ask for a signature of an EIP-712 message."""

    @abstractmethod
    def _sign_authorization(self, wanted: Authorization) -> Pair:
        """Ask for a signature of an EIP-7702 authorization."""

    @abstractmethod
    def _failure(self, error: Exception) -> SignerError | None:
        """What a library's error stands for; None if it is no answer of the key's keeper."""

    def _read_address(self) -> Address:
        try:
            return self._asked(self._public_account)
        except SignerAnswerInvalid as error:
            raise KeyUnsuitable(self.name, reason=error.reason) from None

    def _asked(self, question: Callable[[], T]) -> T:
        """Ask; libraries' errors, which may quote secrets, end here.

        What is raised instead does not even have them as its context.
        """
        try:
            return question()
        except SignerError:
            raise
        except Exception as error:
            failure = self._failure(error)
            if failure is None and isinstance(error, ValueError):
                failure = SignerAnswerInvalid(self.name, reason=str(error))
            if failure is None:
                raise
        raise failure

    def _completed(self, pair: Pair, digest: bytes, account: Address) -> Signature:
        made = completed(pair, digest, account)
        if made is None:
            reason = f"the signature is not {account}'s of what was asked"
            raise SignerAnswerInvalid(self.name, reason=reason)
        return made


class DigestSigner(KeptElsewhere):
    """A key that signs whatever 32 bytes it is given."""

    @abstractmethod
    def _sign_digest(self, digest: bytes) -> Pair:
        """Ask for a signature of a digest."""

    def _sign_transaction(self, unsigned: UnsignedTransaction) -> Pair:
        return self._sign_digest(unsigned.digest())

    def _sign_message(self, message: dict[str, Any]) -> Pair:
        return self._sign_digest(digest_of(message))

    def _sign_authorization(self, wanted: Authorization) -> Pair:
        return self._sign_digest(wanted.digest())
