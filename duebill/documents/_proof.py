"""Showing one document, or one field, and nothing of the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from duebill import _letters
from duebill.documents._entries import File, WholeInvoice, entry_from_json
from duebill.documents._tree import climbed, leaf_of
from duebill.errors import BadProof, BadSignedTerms, DuebillError
from duebill.model import hash_bytes, hash_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.documents._entries import Entry

_FORMAT = "duebill-document-proof-1"
_WHAT = "document proof"
_FIELDS = {"format", "entry", "salt", "leaf", "path", "root"}
# A tree of this height has more leaves than there are documents.
_LONGEST_PATH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentProof:
    """That a field or a file is among the documents of a root.

    A proof can be changed by whoever has it, so `verify` it, against a root that comes from the
    chain and not from the proof. It shows its own entry to everyone who has it.

    Attributes:
        entry: The field, file or invoice.
        salt: What hid it.
        path: The hashes beside it on the way to the root, from below, as 0x and 64 hex digits.
        root: The root that it leads to.
    """

    entry: Entry
    salt: bytes = field(repr=False)
    path: tuple[str, ...]
    root: str

    @property
    def leaf(self) -> str:
        """The entry's leaf: what the contract is asked for."""
        return "0x" + leaf_of(self.entry.content_hash, salt=self.salt).hex()

    @property
    def kind(self) -> str | None:
        """What kind of document it is of, as attestations say it; None for a field.

        A field is a part of something: whoever attests it says of what.
        """
        if isinstance(self.entry, File):
            return self.entry.kind.value
        return "invoice" if isinstance(self.entry, WholeInvoice) else None

    def verify(self, root: str, *, content: bytes | None = None) -> None:
        """Check that it holds; nothing is asked of a chain.

        Args:
            root: The root in the receivable's terms, or one that was appended to them.
            content: The file that is claimed to be the one proved, to be compared.

        Raises:
            BadProof: It does not hold, and the error says what was changed.
        """
        if self._climbed() != self.root:
            raise BadProof("its path does not lead from its entry to the root that it names")
        if self.root != hash_text(root, field="documents root"):
            raise BadProof(f"it is for other documents, with the root {self.root}")
        if content is not None:
            self._compare(content)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "format": _FORMAT,
            "entry": self.entry.to_json(),
            "salt": "0x" + self.salt.hex(),
            "leaf": self.leaf,
            "path": list(self.path),
            "root": self.root,
        }

    def to_text(self) -> str:
        """As canonical JSON (RFC 8785)."""
        return _letters.canonical(self.to_json())

    def to_line(self) -> str:
        """As one line of text that mail programs leave as it is."""
        return _letters.as_line(self.to_json())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` or `to_line` gave.

        Raises:
            BadProof: It is anything else; whether it holds is for `verify`.
        """
        try:
            return cls.from_json(_letters.read(text, format_=_FORMAT, what=_WHAT))
        except BadSignedTerms as error:
            raise BadProof(error.reason) from error

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave.

        Raises:
            BadProof: It is anything else, or its entry or salt does not give its leaf.
        """
        for name in sorted(data.keys() ^ _FIELDS):
            state = "missing" if name in _FIELDS else "unknown"
            raise BadProof(f"the field {name[:40]!a} is {state}")
        try:
            made = cls(
                entry=entry_from_json(data["entry"]),
                salt=hash_bytes(data["salt"], field="salt"),
                path=tuple(hash_text(it, field="hash of the path") for it in data["path"]),
                root=hash_text(data["root"], field="documents root"),
            )
        except (DuebillError, KeyError, TypeError, ValueError, AttributeError) as error:
            reason = getattr(error, "message", "a part of it is not of its form").rstrip(".")
            raise BadProof(f"{reason[:1].lower()}{reason[1:]}") from error
        made._require_form(data)
        return made

    def _require_form(self, data: Mapping[str, Any]) -> None:
        if len(self.path) > _LONGEST_PATH:
            raise BadProof(f"its path has more than {_LONGEST_PATH} hashes")
        if data["leaf"] != self.leaf:
            raise BadProof("its entry and salt do not give its leaf: one of the three was changed")
        if data != self.to_json():
            raise BadProof("it is not written in its one form")

    def _climbed(self) -> str:
        path = [hash_bytes(it) for it in self.path]
        return "0x" + climbed(hash_bytes(self.leaf), path).hex()

    def _compare(self, content: bytes) -> None:
        if not isinstance(self.entry, File):
            raise BadProof("it is of no file, so that no file can be compared with it")
        if len(content) != self.entry.size:
            sizes = f"{len(content):,} bytes, not {self.entry.size:,}"
            raise BadProof(f"the file at hand has {sizes}")
        if not self.entry.is_of(content):
            raise BadProof("the file at hand has another content")
