"""What the document book refuses, one class for each of its custom errors.

As in `duebill.errors._contract`; a `Hash` is the root of a tree of documents.
"""

# ruff: noqa: N818 - each class has the name that the contract gave it.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._contract import ContractError

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.errors._finance import Hash
    from duebill.model import Address, ReceivableId


class DocumentRefusal(ContractError):
    """The document book's rules forbid it."""


# -- append -----------------------------------------------------------------------------------


class ReceivableNotIssued(DocumentRefusal):
    """A receivable was never issued."""

    receivable: ReceivableId

    says = "{receivable} was never issued, so nothing can be added to its documents."
    advice = "Put them into the root that it is issued with, or issue it first."


class RootIsZero(DocumentRefusal):
    """No documents are to be added."""

    says = "The root of the documents is zero."
    advice = "Give the root of a tree of at least one document."


class RootAlreadyAppended(DocumentRefusal):
    """The same documents were added to the receivable before."""

    receivable: ReceivableId
    root: Hash

    says = "The documents with the root {root} were added to {receivable} before."
    advice = "Nothing is left to do."


# -- attest -----------------------------------------------------------------------------------


class AttestationInvalid(DocumentRefusal):
    """An attestation names no document, or no kind."""

    rule: str

    says = "The attestation says nothing: {rule}."
    advice = "Name the document's leaf and its kind, and have the verifier sign it again."


class AttestationExpired(DocumentRefusal):
    """An attestation is brought after its expiry."""

    expiry: datetime
    time: datetime

    says = "The attestation held until {expiry}; on the chain it is {time}."
    advice = "Ask the verifier for a new one."


class AttestationNonceWrong(DocumentRefusal):
    """An attestation was revoked, or bears a number that is yet to come."""

    nonce: int
    current: int

    says = "The attestation bears the number {nonce}; the verifier's present one is {current}."
    advice = "A lower number was revoked: ask the verifier for a new attestation."


class AttestationSignatureInvalid(DocumentRefusal):
    """A signature is not the verifier's."""

    verifier: Address

    says = "The signature is not {verifier}'s for this attestation, on this chain and book."
    advice = "Check what was signed, and for which contract; ask the verifier to sign again."
