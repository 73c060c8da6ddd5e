"""What can be wrong with a key that is kept elsewhere, and with what it answers."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import quoted
from duebill.errors._client import SignerError


class KeyUnsuitable(SignerError):
    """There is no such key, or it cannot sign for an account.

    Attributes:
        signer: What keeps the key.
        reason: What is wrong with it.
    """

    def __init__(self, signer: str, *, reason: str) -> None:
        self.signer = signer
        self.reason = reason
        super().__init__(
            f"{signer} cannot sign for an account: {reason}.",
            hint="Name a key on the curve secp256k1 that may sign.",
        )


class SignerUnavailable(SignerError):
    """What keeps the key does not answer.

    Attributes:
        signer: What keeps the key.
        reason: What happened.
    """

    def __init__(
        self, signer: str, *, reason: str, hint: str = "Check the connection, then try again."
    ) -> None:
        self.signer = signer
        self.reason = reason
        super().__init__(f"{signer} does not answer: {reason}.", hint=hint)


class SignerThrottled(SignerUnavailable):
    """What keeps the key is asked too often.

    Attributes:
        signer: What keeps the key.
        reason: Its code for it.
    """

    def __init__(self, signer: str, *, reason: str) -> None:
        hint = "Nothing was signed. Wait a little, or have the quota raised."
        super().__init__(signer, reason=reason, hint=hint)


class SignerRefused(SignerError):
    """What keeps the key does not let it be used.

    Attributes:
        signer: What keeps the key.
        reason: Why, as far as it says.
    """

    def __init__(
        self,
        signer: str,
        *,
        reason: str,
        hint: str = "Check the key's state, and what your credentials allow.",
    ) -> None:
        self.signer = signer
        self.reason = reason
        super().__init__(f"{signer} refused: {reason}.", hint=hint)


class SignerAnswerInvalid(SignerError):
    """What came back is not what was asked for, so it is not used.

    Attributes:
        signer: What keeps the key.
        reason: What is wrong with the answer.
    """

    def __init__(self, signer: str, *, reason: str) -> None:
        self.signer = signer
        self.reason = reason
        super().__init__(
            f"The answer of {signer} cannot be used: {reason}.",
            hint="Nothing was sent. Find out who answers in its place.",
        )


class TransactionUnsupported(SignerError):
    """A transaction has a form that this signer does not know, so it is not signed.

    Attributes:
        reason: What is not known about it.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The transaction cannot be signed here: {quoted(reason)}.",
            hint="Types 0, 1 and 2 are known, for one chain.",
        )


class BadSignerName(SignerError):
    """A signer's name is not written rightly; it is not repeated, as it may hold a secret.

    Attributes:
        kind: What it begins with.
        reason: What is wrong.
    """

    def __init__(self, kind: str, *, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(
            f"This is no name of a signer of the kind {quoted(kind)}: {reason}.",
            hint="docs/signers.md shows how each kind is named.",
        )
