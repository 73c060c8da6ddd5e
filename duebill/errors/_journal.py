"""What can go wrong between a client's reference and the transaction that stands for it."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError, quoted
from duebill.errors._client import ChainError, SignerError


class JournalError(DuebillError):
    """The journal of what was sent stands against it."""


class JournalUnusable(JournalError):
    """The journal cannot be opened, read or written, so nothing more is signed or sent.

    Attributes:
        place: Its file or database, without what may be secret.
        reason: What stood in the way.
    """

    def __init__(self, place: str, *, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(
            f"The journal {quoted(place)} cannot be used: {quoted(reason)}.",
            hint="Nothing is signed without it. Free the disk or restore the file; do not start a "
            "new journal while something sent may be open.",
        )


class BadReference(JournalError):
    """A reference cannot be one.

    Attributes:
        reference: What was given.
    """

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(
            f"{quoted(reference)} cannot be a reference.",
            hint="Use 1 to 200 letters, digits, spaces and . _ : / # @ + -, letters or digits first.",
        )


class ReferenceTaken(JournalError):
    """The reference stands for another intent already.

    Attributes:
        reference: The reference.
        recorded: The intent that it stands for: its digest and sender.
        wanted: The intent that it was given for now.
    """

    def __init__(self, reference: str, *, recorded: str, wanted: str) -> None:
        self.reference = reference
        self.recorded = recorded
        self.wanted = wanted
        super().__init__(
            f"The reference {quoted(reference)} stands for {recorded}, not for {wanted}.",
            hint=f"Nothing was sent. Look at `duebill journal show {reference}`; give what is new a "
            "reference of its own.",
        )


class ReferenceUnknown(JournalError):
    """The journal has no such reference.

    Attributes:
        reference: The reference.
    """

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(
            f"The journal has no reference {quoted(reference)}.",
            hint="`duebill journal list` shows those that it has.",
        )


class ReferenceUnsettled(JournalError):
    """What was signed for this reference may still get in, so it cannot be signed anew yet.

    Attributes:
        reference: The reference.
        nonce: The nonce that has to be used, in a final block, before it can.
    """

    def __init__(self, reference: str, *, nonce: int) -> None:
        self.reference = reference
        self.nonce = nonce
        super().__init__(
            f"A transaction for {quoted(reference)} may still get in with nonce {nonce}.",
            hint="Nothing was signed. Do it again with the same reference once that nonce is final.",
        )


class NotPrepared(JournalError):
    """The reference does not wait for a signature from elsewhere.

    Attributes:
        reference: The reference.
        stage: How far it has come.
    """

    def __init__(self, reference: str, *, stage: str) -> None:
        self.reference = reference
        self.stage = stage
        super().__init__(
            f"The reference {quoted(reference)} is {stage}, not prepared.",
            hint="Nothing has to be signed for it elsewhere; look at `duebill journal show`.",
        )


class SignedDiffers(SignerError):
    """A signed transaction is not the one that was to be signed.

    Attributes:
        field: The first field that differs.
        expected: What it was to be.
        found: What it is.
    """

    def __init__(self, field: str, *, expected: str, found: str) -> None:
        self.field = field
        self.expected = expected
        self.found = found
        super().__init__(
            f"The signed transaction has {field} {quoted(found)}, not {quoted(expected)}.",
            hint="Nothing was sent. Sign what was prepared, as it is.",
        )


class FeeAboveLimit(ChainError):
    """The chain asks for more than may be paid.

    Attributes:
        needed: What it would take, in wei per gas.
        limit: The most that may be offered, in wei per gas.
    """

    def __init__(self, *, needed: int, limit: int) -> None:
        self.needed = needed
        self.limit = limit
        super().__init__(
            f"It would take a fee of {needed:,} wei per gas; the limit is {limit:,}.",
            hint="Nothing was signed. Wait for a lower fee, or raise the limit.",
        )


class NodeBehind(ChainError):
    """The node has not yet seen a block that the journal knows.

    Attributes:
        found: The node's latest block.
        known: The block that the journal knows.
    """

    def __init__(self, *, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"The node is at block {found}; the journal knows block {known}.",
            hint="Nothing was signed. Use a node that has caught up; after a test chain was set "
            "back, use a new journal.",
        )
