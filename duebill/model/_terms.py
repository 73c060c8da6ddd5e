"""What a receivable says."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from duebill.errors._value import BadTerms
from duebill.model._hashes import ZERO_HASH, hash_bytes, hash_text
from duebill.model._ids import ReceivableId, address
from duebill.model._money import Money
from duebill.model._rows import Shown
from duebill.model._time import day_of

if TYPE_CHECKING:
    from duebill.model._ids import Address

# EIP-712 type of the terms, as the ledger hashes them.
_TYPE = (
    "Terms(address obligor,address creditor,uint8 currency,uint80 face,uint16 dueDay,"
    "uint16 programme,bytes32 documentsRoot,bytes32 referenceHash,uint256 salt)"
)
_SALT_BITS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Shown):
    """What a receivable says. Its id is the hash of these, so they never change.

    Attributes:
        obligor: Who owes.
        creditor: The first holder, who invoiced.
        currency: The number of the currency in the ledger's table.
        face: What is owed, with the currency's code.
        due_date: The day on which payment is due; its end, 24:00 UTC, is the cut-off.
        programme: The number of the programme whose rules it lives by.
        documents_root: Commitment to the documents behind it; see `duebill.documents`.
        reference_hash: Keyed hash of the parties' own reference, such as an invoice number.
        salt: Makes equal terms distinct and the id unguessable; drawn at random when not given.

    Raises:
        DuebillError: A field is not what a ledger can hold.
    """

    obligor: Address
    creditor: Address
    currency: int
    face: Money
    due_date: date
    programme: int
    documents_root: str = ZERO_HASH
    reference_hash: str = ZERO_HASH
    salt: int = field(default_factory=lambda: secrets.randbits(_SALT_BITS))

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "obligor", address(self.obligor))
        set_(self, "creditor", address(self.creditor))
        set_(self, "documents_root", hash_text(self.documents_root, field="documents root"))
        set_(self, "reference_hash", hash_text(self.reference_hash, field="reference hash"))
        day_of(self.due_date)
        _require_number("currency", self.currency, bits=8)
        _require_number("programme", self.programme, bits=16)
        _require_number("salt", self.salt, bits=_SALT_BITS)
        if not isinstance(self.face, Money):
            raise BadTerms("face", "it has to be Money")

    @property
    def id(self) -> ReceivableId:
        """The id that the receivable of these terms has: the first 24 bytes of their hash."""
        return ReceivableId(self.struct_hash[2:50])

    @property
    def struct_hash(self) -> str:
        """The EIP-712 hash of the terms."""
        # Slow to import, and only hashing needs them.
        from eth_abi.abi import encode  # noqa: PLC0415
        from eth_hash.auto import keccak  # noqa: PLC0415

        kinds = [part.split(" ")[0] for part in _TYPE[6:-1].split(",")]
        encoded = encode(["bytes32", *kinds], [keccak(_TYPE.encode()), *self.as_abi()])
        return "0x" + keccak(encoded).hex()

    def as_abi(self) -> tuple[Any, ...]:
        """The terms as the contracts take them."""
        return (
            self.obligor,
            self.creditor,
            self.currency,
            self.face.units,
            day_of(self.due_date),
            self.programme,
            hash_bytes(self.documents_root),
            hash_bytes(self.reference_hash),
            self.salt,
        )

    def to_json(self) -> dict[str, Any]:
        """The terms as an object for JSON; the salt is a string, for readers with short numbers."""
        return {
            "obligor": self.obligor,
            "creditor": self.creditor,
            "currency": self.currency,
            "face": self.face.to_json(),
            "due_date": self.due_date.isoformat(),
            "programme": self.programme,
            "documents_root": self.documents_root,
            "reference_hash": self.reference_hash,
            "salt": str(self.salt),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave.

        Raises:
            DuebillError: A field is missing or is not what a ledger can hold.
        """
        try:
            return cls(
                obligor=data["obligor"],
                creditor=data["creditor"],
                currency=data["currency"],
                face=Money.parse(data["face"]["amount"], data["face"]["currency"]),
                due_date=date.fromisoformat(data["due_date"]),
                programme=data["programme"],
                documents_root=data["documents_root"],
                reference_hash=data["reference_hash"],
                salt=int(data["salt"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadTerms(str(error), "it is missing or malformed") from error


def _require_number(name: str, value: int, *, bits: int) -> None:
    if type(value) is not int or not 0 <= value < 1 << bits:
        raise BadTerms(name, f"it is not a whole number of at most {bits} bits")
