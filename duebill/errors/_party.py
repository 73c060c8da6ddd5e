"""What is wrong with a party's identifier, and why a key cannot be rotated."""

# ruff: noqa: N818 - each class is named for its cause.

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from duebill.errors._base import DuebillError, quoted

if TYPE_CHECKING:
    from collections.abc import Collection

    from duebill.model import Address


class IdentifierError(DuebillError):
    """A text is no identifier of a party."""


class UnknownScheme(IdentifierError):
    """Nobody is known who issues such identifiers.

    Attributes:
        scheme: What was named; empty if nothing was.
        known: The schemes that are known.
    """

    def __init__(self, scheme: str, *, known: Collection[str]) -> None:
        self.scheme = scheme
        self.known = tuple(sorted(known))
        super().__init__(
            f"{quoted(scheme)} is no scheme of identifiers that is known here."
            if scheme
            else "The identifier says not of which scheme it is, and is neither an LEI nor a USCC.",
            hint="Write scheme:value, such as lei:984500AURM0T0RAG2644 or fr-siren:552008443; "
            "docs/parties.md lists the schemes.",
        )


class BadIdentifier(IdentifierError):
    """A value has not the form that its scheme asks for.

    Attributes:
        scheme: The scheme.
        value: What was given.
    """

    _REASON: ClassVar[str] = "it has another form"

    def __init__(self, scheme: str, value: str) -> None:
        self.scheme = scheme
        self.value = value
        super().__init__(
            f"{quoted(value)} is no identifier of the scheme {scheme}: {self._REASON}.",
            hint="Copy it again from the register or the party's own papers.",
        )


class IdentifierLengthWrong(BadIdentifier):
    """It has too many characters, or too few."""

    _REASON = "its length is wrong"


class CheckDigitWrong(BadIdentifier):
    """Its check digits do not fit the rest: a character is mistyped."""

    _REASON = "its check digits do not fit the rest"


class RotationRefused(DuebillError):
    """A party's rights do not go over to an address.

    Attributes:
        old: The address that is given up.
        new: The address that was to take its place.
        reason: What stands in the way.
    """

    def __init__(self, old: Address, new: Address, *, reason: str) -> None:
        self.old = old
        self.new = new
        self.reason = reason
        super().__init__(
            f"{new} does not take the place of {old}: {reason}.",
            hint="A party is who its identifier says: a registrar gives the old address one with "
            "`duebill party verify OLD --identifier …`, and the new one the same with "
            "`duebill party rotate OLD NEW`.",
        )
