"""What guarantors promise."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from duebill.model._ids import ZERO_ADDRESS
from duebill.model._money import Money
from duebill.model._struct import (
    ADDRESS,
    ANYONE,
    FLAG,
    MONEY,
    RECEIVABLE,
    SECOND,
    Field,
    Struct,
    number,
    optional,
)

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model._ids import Address, ReceivableId


@dataclass(frozen=True, slots=True, kw_only=True)
class Aval(Struct):
    """What a guarantor promises: to pay what an obligor does not, up to a cap, until an expiry.

    Attributes:
        guarantor: Who answers.
        applicant: Who pays the fee and brings the signature; None, or the guarantor: nobody, it is
            given free.
        receivable: What is guaranteed; None: a line over all of the obligor's receivables under
            the programme.
        obligor: Whose payment is guaranteed.
        programme: The number of the programme of a line, or of the receivable.
        currency: The number of the currency in the ledger's table.
        cap: The most that can be called in all.
        margin: How much of the cap is laid up in cash; nothing when not given.
        fee: What the applicant pays for it when it is given; nothing when not given.
        expiry: The last second in which it can be called.
        signed_until: The last second in which its signature can be used.
        salt: Makes equal avals distinct; drawn at random when not given.

    Raises:
        DuebillError: A field is not what the guarantee book can hold, or contradicts another.
    """

    guarantor: Address
    applicant: Address | None = None
    receivable: ReceivableId | None = None
    obligor: Address
    programme: int
    currency: int
    cap: Money
    margin: Money | None = None
    fee: Money | None = None
    expiry: datetime
    signed_until: datetime
    salt: int = field(default_factory=lambda: secrets.randbits(256))

    FIELDS: ClassVar = (
        Field("guarantor", ADDRESS),
        Field("applicant", ANYONE),
        Field("receivable", optional(RECEIVABLE, zero=0)),
        Field("obligor", ADDRESS),
        Field("programme", number(16)),
        Field("currency", number(8)),
        Field("cap", MONEY),
        Field("margin", MONEY),
        Field("fee", MONEY),
        Field("expiry", SECOND),
        Field("signedUntil", SECOND),
        Field("salt", number(256)),
    )

    def __post_init__(self) -> None:
        if isinstance(self.cap, Money):
            nothing, set_ = Money.zero(self.cap.currency), object.__setattr__
            set_(self, "margin", nothing if self.margin is None else self.margin)
            set_(self, "fee", nothing if self.fee is None else self.fee)
        self._check_fields()
        self._require(bool(self.cap), "cap", "it is zero")
        self._require(self.secured <= self.cap, "margin", "it is more than the cap")
        self._require(self.obligor != ZERO_ADDRESS, "obligor", "it is the zero address")
        self._require(self.guarantor != self.obligor, "guarantor", "it is the obligor")
        paid = self.applicant not in {None, self.guarantor}
        self._require(paid or not self.price, "fee", "there is no applicant to pay it")

    @property
    def secured(self) -> Money:
        """How much of the cap is laid up in cash."""
        return Money.zero(self.code) if self.margin is None else self.margin

    @property
    def price(self) -> Money:
        """What the applicant pays for it when it is given."""
        return Money.zero(self.code) if self.fee is None else self.fee


@dataclass(frozen=True, slots=True, kw_only=True)
class AvalState(Struct):
    """Where an aval stands.

    Attributes:
        given: Whether it was given.
        called: How much of its cap was called and paid.
        margin: What is left of its margin.
        dishonoured: How much was called in time and not paid, in all.
    """

    given: bool
    called: Money
    margin: Money
    dishonoured: Money

    FIELDS: ClassVar = (
        Field("given", FLAG),
        Field("called", MONEY),
        Field("margin", MONEY),
        Field("dishonoured", MONEY),
    )

    def __post_init__(self) -> None:
        self._check_fields()
