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
            hint="Types 0, 1, 2 and 4 are known, for one chain.",
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


class KeyElsewhere(SignerError):
    """An account was given by its address alone: its key is on another machine.

    Attributes:
        account: The account.
    """

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(
            f"The key of {account} is not here.",
            hint="Prepare the transaction with --prepare FILE, and sign it where the key is.",
        )


class BadApproval(SignerError):
    """Not a signed approval: damaged on its way, or made up.

    Attributes:
        reason: What is wrong.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This is not a signed approval: {reason}.", hint="Ask its signer to send it again."
        )


class BadPolicy(SignerError):
    """A policy of approvals is not sound, so nothing is signed by it.

    Attributes:
        path: The file.
        reason: What is wrong.
    """

    def __init__(self, path: str, *, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The policy {quoted(path)} cannot be used: {reason}.",
            hint="docs/signers.md shows what it has to say.",
        )


class ApprovalsMissing(SignerError):
    """Others have to approve this before it is signed.

    Attributes:
        digest: What is to be signed.
        needed: How many approvals it needs.
        found: How many count.
        approvers: Who may still approve.
        refused: Approvals that do not count, and why.
        is_transaction: Whether it is a transaction, rather than a message or a delegation.
    """

    def __init__(  # noqa: PLR0913 - one for each attribute
        self,
        digest: str,
        *,
        needed: int,
        found: int,
        approvers: tuple[str, ...],
        refused: tuple[str, ...] = (),
        is_transaction: bool = True,
    ) -> None:
        self.digest = digest
        self.is_transaction = is_transaction
        self.needed = needed
        self.found = found
        self.approvers = approvers
        self.refused = refused
        against = "".join(f" Not counted: {one}." for one in refused)
        by = " or ".join(approvers) or "another account"
        super().__init__(
            f"{digest} needs {needed} approval{'s' * (needed != 1)} and has {found}.{against}",
            hint="Prepare it with --prepare FILE, and have `duebill transaction approve FILE` "
            f"signed by {by}."
            if is_transaction
            else f"Messages and delegations are approved in Python, by {by}: see docs/signers.md.",
        )


class BadPrepared(SignerError):
    """Not a prepared transaction: damaged on its way, altered, or made up.

    Attributes:
        reason: What is wrong.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This is not a prepared transaction: {reason}.", hint="Prepare it anew with --prepare."
        )


class CallUnreadable(SignerError):
    """What a transaction does cannot be put into words, so it is not signed.

    Attributes:
        contract: Where it goes.
        reason: What is not known of it.
    """

    def __init__(self, contract: str, *, reason: str) -> None:
        self.contract = contract
        self.reason = reason
        super().__init__(
            f"It is not known what this does to {contract}: {reason}.",
            hint="Put the chain's address book into DUEBILL_HOME; or sign it unread, with --blind.",
        )


class TooLargeForCode(SignerError):
    """A transaction does not fit into one QR code.

    Attributes:
        length: How many characters it has.
        most: How many a code holds.
    """

    def __init__(self, *, length: int, most: int) -> None:
        self.length = length
        self.most = most
        super().__init__(
            f"The transaction has {length:,} characters; a QR code holds {most:,}.",
            hint="Carry it as a file.",
        )
