"""What can be wrong with documents, their proofs, and what seals and opens them.

No error says what a document or a field contains, and none names a secret.
"""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError, quoted


class DocumentError(DuebillError):
    """A document, or what goes with it, was refused."""


class BadDocument(DocumentError):
    """Something that cannot be one of a receivable's documents.

    Attributes:
        label: The name of the file or field.
        reason: What is wrong with it.
    """

    def __init__(self, label: str, reason: str) -> None:
        self.label = label
        self.reason = reason
        super().__init__(
            f"{quoted(label)} cannot be among the documents: {reason}.",
            hint="Leave it out, or give it as a plain file with a plain name.",
        )


class DocumentUnknown(DocumentError):
    """No document and no field has this name.

    Attributes:
        label: What was asked for.
        known: The names there are.
    """

    def __init__(self, label: str, known: tuple[str, ...]) -> None:
        self.label = label
        self.known = known
        super().__init__(
            f"There is no document or field {quoted(label)} among these.",
            hint=f"There are: {', '.join(known) or 'none'}.",
        )


class DocumentsDiffer(DocumentError):
    """The documents at hand are not those that a root commits to.

    Attributes:
        found: The root of those at hand.
        expected: The root that they should have.
    """

    def __init__(self, found: str, *, expected: str) -> None:
        self.found = found
        self.expected = expected
        super().__init__(
            f"These documents have the root {found}, not {expected}.",
            hint="One of them was changed, added or left out, or the key is another's.",
        )


class BadProof(DocumentError):
    """A proof that shows nothing.

    Attributes:
        reason: What does not fit.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The proof does not hold: {reason}.",
            hint="Trust nothing that it says; ask for it again.",
        )


class BadEncryptionKey(DocumentError):
    """Not a key that documents can be sealed to.

    Attributes:
        key: What was given.
        reason: What is wrong with it.
    """

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        self.reason = reason
        super().__init__(
            f"Nothing can be sealed to the encryption key {quoted(key)}: {reason}.",
            hint="`duebill document key` makes one and publishes it.",
        )


class ReaderWithoutKey(DocumentError):
    """A reader has published no encryption key, so nothing can be sealed to it.

    Attributes:
        reader: The reader's account.
        required: Whether the programme requires this reader.
    """

    def __init__(self, reader: str, *, required: bool = False) -> None:
        self.reader = reader
        self.required = required
        whom = "a reader that the programme requires" if required else "a reader"
        super().__init__(
            f"{reader}, {whom}, has published no encryption key.",
            hint="It publishes one with `duebill document key`; nothing was sealed.",
        )


class IdentityRefused(DocumentError):
    """The file of an identity, which opens sealed documents, cannot be used.

    Attributes:
        path: The file.
        reason: Why not.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"Cannot use {quoted(path)} as an identity: {reason}.",
            hint="Give a file of `duebill document key`, or of age-keygen, with mode 600.",
        )


class StoreRefused(DocumentError):
    """The store of sealed documents cannot be used.

    Attributes:
        protocol: What kind of store it is; its address may hold secrets.
        reason: What happened.
    """

    def __init__(self, protocol: str, reason: str) -> None:
        self.protocol = protocol
        self.reason = reason
        super().__init__(
            f"The store of documents ({protocol}) cannot be used: {reason}.",
            hint="Check its address and your access; fsspec has a plugin for each kind of store.",
        )


class DocumentsUnreadable(DocumentError):
    """The list of a receivable's documents cannot be opened, so it cannot be passed on.

    Attributes:
        root: The root of the documents.
        reason: Why not.
    """

    def __init__(self, root: str, reason: str) -> None:
        self.root = root
        self.reason = reason
        super().__init__(
            f"The documents under {root} cannot be opened: {reason}.",
            hint="Check store and identity, or ask somebody who can open them for a grant.",
        )


class GateForeign(DocumentError):
    """A programme's gate is none of this project, so that what it asks is not known.

    Attributes:
        gate: The gate.
        programme: The programme's number.
    """

    def __init__(self, gate: str, *, programme: int) -> None:
        self.gate = gate
        self.programme = programme
        super().__init__(
            f"What the gate {gate} of programme {programme} asks is not known: its code is another.",
            hint="Ask whoever runs the programme which attestations it requires.",
        )
