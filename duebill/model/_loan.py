"""What lenders and borrowers agree on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from duebill.model._finance import DayCount, LoanStatus
from duebill.model._struct import (
    ADDRESS,
    DAY,
    MONEY,
    RATE,
    SECOND,
    SHARE,
    VOUCHER,
    Field,
    Struct,
    choice,
    number,
    optional,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from duebill.model._ids import Address, VoucherId
    from duebill.model._money import Money
    from duebill.pricing import Rate, Share

# With it, whatever is ever owed has 80 bits.
_MOST_PRINCIPAL = 1 << 69


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan(Struct):
    """What lender and borrower agree on: money now, against a voucher that is pledged whole.

    Attributes:
        lender: Who lends.
        borrower: Who pledges.
        voucher: What is pledged.
        currency: The number of the currency of the voucher's receivable, in the ledger's table.
        principal: What is lent.
        advance_rate: Of what the pledge is worth, the most that may be owed on it.
        rate: Simple interest a year.
        late_rate: Instead of it, once the grace days are over, and not below it; None: the same.
        day_count: Which year the rates are for.
        maturity: The day on which it is due; its end, 24:00 UTC, is the cut-off.
        grace_days: Days after maturity before the lender may take the pledge.
        signed_until: The last second in which the signature can be used.
        salt: Makes equal loans distinct; drawn at random when not given.

    Raises:
        DuebillError: A field is not what the pledge book can hold, or contradicts another.
    """

    lender: Address
    borrower: Address
    voucher: VoucherId
    currency: int
    principal: Money
    advance_rate: Share
    rate: Rate
    late_rate: Rate | None = None
    day_count: DayCount = DayCount.ACT_360
    maturity: date
    grace_days: int = 0
    signed_until: datetime
    salt: int = field(default_factory=lambda: secrets.randbits(256))

    FIELDS: ClassVar = (
        Field("lender", ADDRESS),
        Field("borrower", ADDRESS),
        Field("voucher", VOUCHER),
        Field("currency", number(8)),
        Field("principal", MONEY),
        Field("advanceRate", SHARE),
        Field("rate", RATE),
        Field("lateRate", optional(RATE, zero=0)),
        Field("dayCount", choice(DayCount)),
        Field("maturityDay", DAY, "maturity"),
        Field("graceDays", number(16)),
        Field("signedUntil", SECOND),
        Field("salt", number(256)),
    )

    def __post_init__(self) -> None:
        self._check_fields()
        self._require(bool(self.principal), "principal", "it is zero")
        self._require(self.lender != self.borrower, "borrower", "it is the lender")
        self._require(self.principal.units <= _MOST_PRINCIPAL, "principal", "it has over 69 bits")
        self._require(self.advance_rate.millionths > 0, "advance rate", "it is zero")
        late = self.rate if self.late_rate is None else self.late_rate
        self._require(late >= self.rate, "late rate", "it is below the rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanState(Struct):
    """Where a loan stands.

    Attributes:
        status: Where its pledge is.
        principal: What is still owed of the principal.
        interest: Interest that had come together by `since` and is not paid.
        since: The day up to which interest was reckoned; None: it was never opened.
    """

    status: LoanStatus
    principal: Money
    interest: Money
    since: date | None = None

    FIELDS: ClassVar = (
        Field("status", choice(LoanStatus)),
        Field("principal", MONEY),
        Field("interest", MONEY),
        Field("since", optional(DAY, zero=0)),
    )

    def __post_init__(self) -> None:
        self._check_fields()
