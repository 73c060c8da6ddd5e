"""What can go wrong between the client and a chain, and with signing."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError, quoted

if TYPE_CHECKING:
    from datetime import datetime


class ChainError(DuebillError):
    """The chain, or the node on the way to it, cannot be used."""


class NodeUnavailable(ChainError):
    """The node does not answer.

    Attributes:
        url: Its address, without what may be secret in it.
        reason: What happened.
    """

    def __init__(self, url: str, *, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(
            f"The node at {url} does not answer: {reason}.",
            hint="Check the address and that the node runs (`duebill node start` for a local one).",
        )


class NodeRefused(ChainError):
    """The node answered with an error of its own.

    Attributes:
        method: The JSON-RPC method.
        code: The node's error code.
        reason: The node's words.
    """

    def __init__(self, method: str, *, code: int, reason: str) -> None:
        self.method = method
        self.code = code
        self.reason = reason
        super().__init__(
            f"The node refused {method}: {quoted(reason)} ({code}).",
            hint="Nothing was sent by this call; check the node and the account's ether.",
        )


class NodeAnswerInvalid(ChainError):
    """The node's answer makes no sense, so nothing it says is used.

    Attributes:
        method: The JSON-RPC method.
        reason: What is wrong with the answer.
    """

    def __init__(self, method: str, *, reason: str) -> None:
        self.method = method
        self.reason = reason
        super().__init__(
            f"The node's answer to {method} cannot be right: {reason}.",
            hint="Ask another node.",
        )


class ChainMismatch(ChainError):
    """The node is on another chain than the deployment.

    Attributes:
        expected: The chain id that was expected.
        found: The node's.
    """

    def __init__(self, *, expected: int, found: int) -> None:
        self.expected = expected
        self.found = found
        super().__init__(
            f"The node is on chain {found}, not on chain {expected}. Nothing was signed.",
            hint="Connect to a node of the right chain.",
        )


class HistoryInconsistent(ChainError):
    """The ledger's events contradict each other: the node holds some back, or makes some up.

    Attributes:
        block: The block of the event that does not fit.
        reason: What does not fit.
    """

    def __init__(self, *, block: int, reason: str) -> None:
        self.block = block
        self.reason = reason
        super().__init__(
            f"The ledger's events do not fit each other at block {block}: {reason}.",
            hint="Ask another node, and check the block that the deployment begins at.",
        )


class TransactionError(ChainError):
    """A transaction was sent, or was to be sent, and did not come to its end."""


class NotSent(TransactionError):
    """A dry run has no hash."""

    def __init__(self) -> None:
        super().__init__("This was a dry run: nothing was sent.", hint="Look at its outcome.")


class StillUnsigned(TransactionError):
    """A prepared transaction was to be sent, or waited for, before it was signed."""

    def __init__(self) -> None:
        super().__init__(
            "This waits for its signature: nothing was sent.",
            hint="Have it signed with `duebill transaction sign`, then send it.",
        )


class SubmissionUncertain(TransactionError):
    """The connection broke while a transaction was sent: it may have arrived or not.

    Attributes:
        transaction: Its hash, to look it up later.
        reference: What it is called in the journal.
    """

    def __init__(self, transaction: str, *, reference: str) -> None:
        self.transaction = transaction
        self.reference = reference
        super().__init__(
            f"The connection broke while {transaction} was sent; it may have arrived.",
            hint=f"Do it again under the reference {reference}: it will not be done twice.",
        )


class TransactionDropped(TransactionError):
    """Its nonce was used by another transaction: it will never take effect.

    Attributes:
        transaction: Its hash.
        nonce: Its nonce.
    """

    def __init__(self, transaction: str, *, nonce: int) -> None:
        self.transaction = transaction
        self.nonce = nonce
        super().__init__(
            f"Transaction {transaction} was replaced: another one used its nonce {nonce}.",
            hint="Look at what the account sent elsewhere, then do it again if it is still needed.",
        )


class TransactionTimeout(TransactionError):
    """It is not final yet.

    Attributes:
        transaction: Its hash.
        seconds: How long was waited.
    """

    def __init__(self, transaction: str, *, seconds: float) -> None:
        self.transaction = transaction
        self.seconds = seconds
        super().__init__(
            f"Transaction {transaction} is not final after {seconds:g} seconds.",
            hint="Wait for it again; do not send it anew.",
        )


class TransactionFailed(TransactionError):
    """It is in a block, without effect, and the refusal cannot be found out.

    Attributes:
        transaction: Its hash.
        block: The block's number.
        gas_used: Gas that it took.
    """

    def __init__(self, transaction: str, *, block: int, gas_used: int) -> None:
        self.transaction = transaction
        self.block = block
        self.gas_used = gas_used
        super().__init__(
            f"Transaction {transaction} failed in block {block} after {gas_used:,} gas.",
            hint="Something changed between the estimate and the block; try it again.",
        )


class AllowanceRefused(TransactionError):
    """A token did not let an allowance be set.

    Attributes:
        token: The token.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        super().__init__(
            f"The token {token} did not set the allowance.",
            hint="Look at whether the token blocks this account or is paused.",
        )


class SignerError(DuebillError):
    """Something cannot be, or is not to be, signed."""


class KeystoreError(SignerError):
    """A keystore file was refused.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str, message: str, *, hint: str) -> None:
        self.path = path
        super().__init__(message, hint=hint)


class KeystoreUnreadable(KeystoreError):
    """The file is missing, or is no keystore.

    Attributes:
        path: The file.
        reason: What stood in the way.
    """

    def __init__(self, path: str, *, reason: str) -> None:
        self.reason = reason
        message = f"Cannot use {quoted(path)} as a keystore: {reason}."
        super().__init__(path, message, hint="Give the path of a keystore v3 file.")


class KeystoreExposed(KeystoreError):
    """Others can read the file.

    Attributes:
        path: The file.
        mode: Its permissions.
    """

    def __init__(self, path: str, *, mode: int) -> None:
        self.mode = mode
        message = f"Others can read the keystore {quoted(path)} (mode {mode:04o})."
        super().__init__(path, message, hint="Run `chmod 600` on it.")


class KeystoreWeak(KeystoreError):
    """The password is protected too weakly: who gets the file can guess it.

    Attributes:
        path: The file.
        reason: What is weak.
    """

    def __init__(self, path: str, *, reason: str) -> None:
        self.reason = reason
        message = f"The keystore {quoted(path)} protects its password too weakly: {reason}."
        hint = "Move the money to a new account made with `duebill account new`."
        super().__init__(path, message, hint=hint)


class KeystoreExists(KeystoreError):
    """There is a file already.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        message = f"There is a file at {quoted(path)} already; nothing was written."
        super().__init__(path, message, hint="Choose another name.")


class WrongPassword(KeystoreError):
    """The password does not open the file.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        message = f"The password does not open {quoted(path)}."
        super().__init__(path, message, hint="Try again.")


class PasswordTooShort(SignerError):
    """A new password is too short.

    Attributes:
        least: How many characters it needs.
    """

    def __init__(self, *, least: int) -> None:
        self.least = least
        super().__init__(
            f"The password has fewer than {least} characters.", hint="Choose a longer one."
        )


class BadPrivateKey(SignerError):
    """What was typed is no private key; it is not repeated here."""

    def __init__(self) -> None:
        super().__init__(
            "This is not a private key.", hint="Type 64 hex digits, with or without 0x."
        )


class SignerMismatch(SignerError):
    """A signature is another account's than its signer's.

    Attributes:
        expected: The signer's account.
        found: The account that the signature belongs to.
    """

    def __init__(self, *, expected: str, found: str) -> None:
        self.expected = expected
        self.found = found
        super().__init__(
            f"The signature belongs to {found}, not to {expected}.",
            hint="Nothing was sent. Check which key the signer uses.",
        )


class SigningDeclined(SignerError):
    """Whoever was shown what would be signed said no."""

    def __init__(self) -> None:
        super().__init__("Nothing was signed.", hint="Sign when the words are what you mean.")


class NotTheObligor(SignerError):
    """The terms bind another account.

    Attributes:
        account: The signer's account.
        obligor: The account that the terms bind.
    """

    def __init__(self, account: str, *, obligor: str) -> None:
        self.account = account
        self.obligor = obligor
        super().__init__(
            f"These terms bind {obligor}, not {account}.", hint="Sign with the obligor's account."
        )


class BadAcceptance(SignerError):
    """A signed acceptance is not complete or not well-formed.

    Attributes:
        reason: What is wrong.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This is not a signed acceptance: {reason}.", hint="Ask the obligor for it again."
        )


class AcceptanceForeign(SignerError):
    """An acceptance was signed for another chain or ledger.

    Attributes:
        chain_id: The chain that it was signed for.
        ledger: The ledger that it was signed for.
    """

    def __init__(self, *, chain_id: int, ledger: str) -> None:
        self.chain_id = chain_id
        self.ledger = ledger
        super().__init__(
            f"The acceptance was signed for the ledger {ledger} on chain {chain_id}.",
            hint="Bring it to that ledger.",
        )


class DeadlineOver(SignerError):
    """A signature would count for nothing.

    Attributes:
        deadline: The deadline.
        now: The chain's time.
    """

    def __init__(self, deadline: datetime, *, now: datetime) -> None:
        self.deadline = deadline
        self.now = now
        super().__init__(
            f"The deadline {deadline:%Y-%m-%d %H:%M:%S} UTC is over.", hint="Give a later one."
        )


class DueDateMissing(DuebillError):
    """Neither the invoice nor the call names a due date.

    Attributes:
        number: The invoice's number.
    """

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            f"Invoice {quoted(number)} names no due date.",
            hint="Give the due date to issue it: due_date=, or --due on the command line.",
        )


class BadKey(DuebillError):
    """A secret for commitments has the wrong length.

    Attributes:
        length: How many bytes it needs.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            f"The secret has to be {length} bytes.", hint="Make one with `documents.new_key`."
        )
