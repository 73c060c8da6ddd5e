"""Vouchers that their recipient accepts or rejects, and what sellers answer for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from duebill.model._hashes import ZERO_HASH, hash_bytes, hash_text
from duebill.model._struct import (
    ADDRESS,
    FLAG,
    MONEY,
    SECOND,
    VOUCHER,
    Field,
    Struct,
    hash_kind,
    number,
)

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model._ids import Address, VoucherId
    from duebill.model._money import Money

_HASH = hash_kind(hash_text, hash_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Struct):
    """A voucher, or a part of one, that its recipient may accept or reject.

    Attributes:
        giver: Who gives.
        recipient: Who may accept.
        voucher: What is given, ...
        value: ... and how much of it.
        expiry: The last second in which it can be accepted.
        reference_hash: Keyed hash of the trade debt that it pays; zero: none.
        documents_root: Commitment to the documents of that debt; zero: none.
        salt: Makes equal offers distinct; drawn at random when not given.

    Raises:
        DuebillError: A field is not what the exchange can hold, or contradicts another.
    """

    giver: Address
    recipient: Address
    voucher: VoucherId
    value: Money
    expiry: datetime
    reference_hash: str = ZERO_HASH
    documents_root: str = ZERO_HASH
    salt: int = field(default_factory=lambda: secrets.randbits(256))

    FIELDS: ClassVar = (
        Field("from", ADDRESS, "giver"),
        Field("to", ADDRESS, "recipient"),
        Field("voucher", VOUCHER),
        Field("value", MONEY),
        Field("expiry", SECOND),
        Field("referenceHash", _HASH),
        Field("documentsRoot", _HASH),
        Field("salt", number(256)),
    )

    def __post_init__(self) -> None:
        self._check_fields()
        self._require(self.giver != self.recipient, "recipient", "it is the giver")

    @property
    def id(self) -> str:
        """The id that the offer has: the hash of what it says."""
        # Slow to import, and only hashing needs them.
        from eth_abi.abi import encode  # noqa: PLC0415
        from eth_hash.auto import keccak  # noqa: PLC0415

        kinds = [field_.kind.abi for field_ in self.FIELDS]
        return "0x" + keccak(encode(kinds, self.as_abi())).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recourse(Struct):
    """What a seller answers for.

    Attributes:
        seller: Who sold.
        amount: How much it takes back at most.
        dishonoured: Whether it was asked and did not pay.
    """

    seller: Address
    amount: Money
    dishonoured: bool = False

    FIELDS: ClassVar = (
        Field("seller", ADDRESS),
        Field("amount", MONEY),
        Field("dishonoured", FLAG),
    )

    def __post_init__(self) -> None:
        self._check_fields()
