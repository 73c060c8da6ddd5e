"""The sealed list of the documents under a root: what a reader is shown, and what opens the files.

It has every leaf, so that its reader can compute the root; entry and salt of what this reader is
shown; and for files the name of the sealed object with the key that opens it. What is not shown
stays a leaf, which tells nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from duebill import _letters
from duebill.documents._entries import entry_from_json
from duebill.documents._sealing import Identity
from duebill.documents._set import MOST_ENTRIES, SaltedEntry
from duebill.documents._tree import root_of
from duebill.errors import DuebillError
from duebill.model import hash_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_MANIFEST = 16 << 20
"""Larger lists are not read."""

_FORMAT = "duebill-manifest-1"


class BadManifestError(Exception):
    """A list that contradicts its root or itself; never leaves this package."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file.

    Attributes:
        name: Its name in the store.
        identity: What opens it.
    """

    name: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that the reader is shown.

    Attributes:
        salted: The entry and its salt.
        sealed: Where its file is; none for fields and invoices.
    """

    salted: SaltedEntry
    sealed: Sealed | None = None

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        entry, salt = self.salted.entry.to_json(), "0x" + self.salted.salt.hex()
        if self.sealed is None:
            return {"entry": entry, "salt": salt, "sealed": None}
        place = {"name": self.sealed.name, "key": self.sealed.identity.secret_text()}
        return {"entry": entry, "salt": salt, "sealed": place}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The list, for one or several readers who are shown the same.

    Attributes:
        leaves: All leaves, in their order.
        shown: What these readers are shown.
    """

    leaves: tuple[bytes, ...]
    shown: tuple[Shown, ...] = field(repr=False)

    @property
    def root(self) -> str:
        """The root of the leaves."""
        return "0x" + root_of(self.leaves).hex()

    def to_bytes(self) -> bytes:
        """As it is sealed: canonical JSON (RFC 8785)."""
        content = {
            "format": _FORMAT,
            "leaves": ["0x" + leaf.hex() for leaf in self.leaves],
            "shown": [it.to_json() for it in self.shown],
        }
        return _letters.canonical(content).encode("ascii")

    @classmethod
    def from_bytes(cls, content: bytes, *, root: str) -> Manifest:
        """Read a list, and check it against its root.

        Raises:
            BadManifestError: It is none, or not of this root.
        """
        try:
            made = cls._read(json.loads(content))
        except (DuebillError, LookupError, TypeError, ValueError, RecursionError):
            # The error could quote a secret.
            raise BadManifestError("it is no list of documents") from None
        if made.root != root:
            raise BadManifestError("its leaves do not give the root")
        if not {it.salted.leaf for it in made.shown} <= set(made.leaves):
            raise BadManifestError("it shows something that is not under the root")
        return made

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Manifest:
        if data["format"] != _FORMAT or not 0 < len(data["leaves"]) <= MOST_ENTRIES:
            raise ValueError("another format")
        return cls(
            leaves=tuple(hash_bytes(leaf) for leaf in data["leaves"]),
            shown=tuple(_shown(row) for row in data["shown"][: MOST_ENTRIES + 1]),
        )


def _shown(row: Mapping[str, Any]) -> Shown:
    salted = SaltedEntry(entry_from_json(row["entry"]), hash_bytes(row["salt"], field="salt"))
    place = row["sealed"]
    if place is None:
        return Shown(salted)
    # The name is checked where it is used.
    return Shown(salted, Sealed(str(place["name"]), Identity(place["key"])))
