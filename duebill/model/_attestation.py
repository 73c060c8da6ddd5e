"""What verifiers say of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from duebill.model._hashes import ZERO_HASH, hash_bytes, hash_text
from duebill.model._struct import (
    ADDRESS,
    RECEIVABLE,
    SECOND,
    Field,
    Kind,
    Struct,
    hash_kind,
    number,
)

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model._ids import Address, ReceivableId

_LABEL = re.compile(r"[!-~](?:[ -~]{0,30}[!-~])?")


def kind_bytes(label: str) -> bytes:
    """A kind of document as the contracts have it: ASCII, padded with zeros on the right."""
    return _checked(label).encode("ascii").ljust(32, b"\0")


def kind_of(raw: bytes) -> str:
    """A kind of document from what a contract says; what is no label is shown as hex."""
    text = raw.rstrip(b"\0").decode("latin-1")
    return text if _LABEL.fullmatch(text) else "0x" + raw.hex()


def _checked(label: str) -> str:
    if not _LABEL.fullmatch(label):
        raise ValueError("it is no label of at most 32 ASCII characters")
    return label


LABEL = Kind(
    abi="bytes32",
    check=_checked,
    to_abi=kind_bytes,
    from_abi=lambda raw, _: kind_of(raw),
    to_json=str,
    from_json=lambda raw, _: raw,
)
HASH = hash_kind(hash_text, hash_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation(Struct):
    """What a verifier says of a document: that it has checked it, until an expiry.

    Attributes:
        receivable: What the document is behind; it need not be issued yet.
        leaf: The document: its leaf in the tree of the receivable's documents.
        kind: What kind of document: `invoice`, `delivery note`, or another label.
        verifier: Who says it.
        expiry: The last second in which it holds.
        nonce: How often the verifier has revoked this kind for this receivable so far.

    Raises:
        DuebillError: A field is not what the document book can hold.
    """

    receivable: ReceivableId
    leaf: str
    kind: str
    verifier: Address
    expiry: datetime
    nonce: int

    FIELDS: ClassVar = (
        Field("receivable", RECEIVABLE),
        Field("leaf", HASH),
        Field("kind", LABEL),
        Field("verifier", ADDRESS),
        Field("expiry", SECOND),
        Field("nonce", number(256)),
    )

    def __post_init__(self) -> None:
        self._check_fields()
        self._require(self.leaf != ZERO_HASH, "leaf", "it is zero")
