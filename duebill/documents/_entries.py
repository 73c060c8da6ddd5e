"""What a leaf stands for: a field, a file, or the whole of an invoice; each with one encoding.

```
field = T("duebill-field-1") T(name) T(value)
file  = T("duebill-file-1") T(kind) T(name) T(media type) T(size) T(hash)
T(s)  = the length of s in bytes of UTF-8, as a decimal number, then ":", then those bytes
```

The content hash of a field or file is the Keccak-256 of its encoding; that of a whole invoice is
its `documents_hash`. Names and values are Unicode NFC. Amounts are plain decimals without zeros at
their end, dates are as in ISO 8601, sizes decimal, hashes 0x and 64 small hex digits.
"""

from __future__ import annotations

import mimetypes
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from duebill.documents._tree import keccak
from duebill.errors import BadDocument
from duebill.model import hash_bytes, hash_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from duebill.model import Invoice

LARGEST_FILE = 64 << 20
"""Files above this size, in bytes, are no documents."""

_LONGEST_NAME = 255
_LONGEST_VALUE = 4096
_UNKNOWN_MEDIA = "application/octet-stream"
# Not what the machine knows: the same file has the same media type everywhere.
_MEDIA = mimetypes.MimeTypes(filenames=())


class DocumentKind(StrEnum):
    """What a document is to a receivable; attestations bear the same words."""

    CONTRACT = "contract"
    INVOICE = "invoice"
    DELIVERY_NOTE = "delivery note"
    PAYMENT_PROOF = "payment proof"
    WAREHOUSE_RECEIPT = "warehouse receipt"
    OTHER = "other"

    @classmethod
    def of_name(cls, name: str) -> DocumentKind:
        """The kind that a file's name begins with, such as `delivery-note 17.pdf`; else OTHER."""
        plain = _spaced(name)
        return next((kind for kind in cls if plain.startswith(kind.value)), cls.OTHER)

    @classmethod
    def named(cls, text: str) -> DocumentKind:
        """The kind of this name; hyphens may stand for spaces.

        Raises:
            ValueError: There is none.
        """
        return cls(_spaced(text))


@dataclass(frozen=True, slots=True)
class Field:
    """A fact, such as an invoice's number.

    Attributes:
        name: Its name: `invoice.number`.
        value: What it says.
    """

    name: str
    value: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _plain(self.name, self.name, _LONGEST_NAME))
        object.__setattr__(self, "value", _plain(self.name, self.value, _LONGEST_VALUE))

    @property
    def label(self) -> str:
        """What it is called among the documents."""
        return self.name

    @property
    def content_hash(self) -> bytes:
        """What its leaf is made of."""
        return _encoded("duebill-field-1", self.name, self.value)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {"type": "field", "name": self.name, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What identifies a file, without its content.

    Attributes:
        kind: What it is to the receivable.
        name: Its plain name. It is data: nothing is ever written under it.
        media_type: Such as `application/pdf`.
        size: In bytes.
        hash: Keccak-256 of its content, as 0x and 64 hex digits.
    """

    kind: DocumentKind
    name: str
    media_type: str
    size: int
    hash: str

    def __post_init__(self) -> None:
        name = _plain(self.name, self.name, _LONGEST_NAME)
        if not name or set(name) & {"/", "\\"} or name in {".", ".."}:
            raise BadDocument(name, "it has no plain name")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "kind", _kind(self.kind, name))
        media = _plain(name, self.media_type, _LONGEST_NAME)
        object.__setattr__(self, "media_type", media)
        if type(self.size) is not int or not 0 < self.size <= LARGEST_FILE:
            raise BadDocument(name, f"it has not between 1 byte and {LARGEST_FILE >> 20} MiB")
        object.__setattr__(self, "hash", hash_text(self.hash, field=f"hash of {name}"))

    @property
    def label(self) -> str:
        """What it is called among the documents."""
        return self.name

    @property
    def content_hash(self) -> bytes:
        """What its leaf is made of."""
        parts = self.kind.value, self.name, self.media_type, str(self.size), self.hash
        return _encoded("duebill-file-1", *parts)

    def is_of(self, content: bytes) -> bool:
        """Whether this is the file with that content."""
        return (len(content), _hash(content)) == (self.size, self.hash)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "type": "file",
            "kind": self.kind.value,
            "name": self.name,
            "media_type": self.media_type,
            "size": self.size,
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class WholeInvoice:
    """An electronic invoice as a whole, in its canonical form; see `duebill.einvoice`.

    Attributes:
        documents_hash: The hash of that form.
    """

    documents_hash: str
    label: ClassVar[str] = "invoice"

    def __post_init__(self) -> None:
        checked = hash_text(self.documents_hash, field="documents hash")
        object.__setattr__(self, "documents_hash", checked)

    @property
    def content_hash(self) -> bytes:
        """What its leaf is made of."""
        return hash_bytes(self.documents_hash)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {"type": "invoice", "documents_hash": self.documents_hash}


Entry: TypeAlias = Field | File | WholeInvoice


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file with its content.

    Attributes:
        file: What identifies it.
        content: Its bytes.
    """

    file: File
    content: bytes = field(repr=False)

    @classmethod
    def of(
        cls,
        content: bytes,
        *,
        name: str,
        kind: DocumentKind | str | None = None,
        media_type: str | None = None,
    ) -> DocumentFile:
        """A file from its bytes.

        Args:
            content: Its bytes.
            name: Its plain name.
            kind: What it is to the receivable; what its name begins with when not given.
            media_type: By the end of its name when not given.

        Raises:
            BadDocument: It is empty or too large, or its name is no plain name.
        """
        found = File(
            kind=DocumentKind.of_name(name) if kind is None else _kind(kind, name),
            name=name,
            media_type=media_type or _MEDIA.guess_type(name)[0] or _UNKNOWN_MEDIA,
            size=len(content),
            hash=_hash(content),
        )
        return cls(found, content)

    @classmethod
    def read(cls, path: str | Path, *, kind: DocumentKind | str | None = None) -> DocumentFile:
        """A file from the disk; links are not followed.

        Raises:
            BadDocument: It is no plain file, is empty or too large, or cannot be read.
        """
        place = Path(path)
        try:
            # A pipe would keep it waiting, a link could lead to a file that was never meant.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            with os.fdopen(os.open(place, flags), "rb") as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    raise BadDocument(place.name, "it is no plain file")
                content = opened.read(LARGEST_FILE + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "its name is no name of a file"
            raise BadDocument(place.name, f"it cannot be read ({reason})".lower()) from error
        return cls.of(content, name=place.name, kind=kind)


def read_folder(folder: str | Path) -> list[DocumentFile]:
    """The files of a folder, by name; those whose name begins with a dot are left out.

    A file is of the kind that its name begins with: `delivery-note 17.pdf`.

    Raises:
        BadDocument: The folder cannot be read, or holds anything but plain files.
    """
    place = Path(folder)
    try:
        found = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise BadDocument(str(place), f"the folder cannot be read ({reason})") from error
    return [DocumentFile.read(path) for path in found]


def invoice_fields(invoice: Invoice) -> tuple[Field, ...]:
    """The fields of an invoice; what it does not say is left out."""
    values: dict[str, str | None] = {
        "number": invoice.number,
        "type_code": invoice.type_code,
        "code": invoice.code,
        "issue_date": invoice.issue_date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "currency": invoice.currency,
        "payable_amount": _decimal(invoice.payable_amount),
        "net_amount": _decimal(invoice.net_amount),
        "tax_amount": _decimal(invoice.tax_amount),
    }
    for who, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        values |= {f"{who}.{name}": value for name, value in party.to_json().items()}
    return tuple(Field(f"invoice.{name}", value) for name, value in values.items() if value)


def entry_from_json(data: Mapping[str, Any]) -> Entry:
    """What `to_json` of an entry gave.

    Raises:
        KeyError, TypeError, ValueError, DuebillError: It is anything else.
    """
    fields = dict(data)
    kind = fields.pop("type")
    if kind == "field":
        return Field(**fields)
    if kind == "file":
        return File(**{**fields, "kind": DocumentKind(fields["kind"])})
    if kind == "invoice":
        return WholeInvoice(**fields)
    raise ValueError("an entry is a field, a file or an invoice")


def _kind(kind: DocumentKind | str, name: str) -> DocumentKind:
    try:
        return DocumentKind.named(kind)
    except ValueError as error:
        kinds = ", ".join(DocumentKind)
        raise BadDocument(name, f"{kind[:20]!r} is no kind; there are {kinds}") from error


def _spaced(text: str) -> str:
    return text.lower().replace("-", " ").replace("_", " ")


def _plain(label: str, text: str, most: int) -> str:
    if not isinstance(text, str):
        raise BadDocument(str(label), "a part of it is no text")
    normal = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in normal):
        raise BadDocument(label, "it contains control characters")
    if len(normal.encode()) > most:
        raise BadDocument(label, f"a part of it has more than {most:,} bytes")
    return normal


def _decimal(amount: Decimal | None) -> str | None:
    if amount is None:
        return None
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _encoded(*strings: str) -> bytes:
    octets = (string.encode() for string in strings)
    return keccak(b"".join(b"%d:%b" % (len(part), part) for part in octets))


def _hash(content: bytes) -> str:
    return "0x" + keccak(content).hex()
