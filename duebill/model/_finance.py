"""The kinds of things that the financing contracts know; the numbers are those of the contracts."""

from __future__ import annotations

from enum import IntEnum


class Side(IntEnum):
    """What the maker of an order does."""

    ASK = 0
    """Sells."""
    BID = 1
    """Buys."""

    def __str__(self) -> str:
        return self.name.lower()


class Scope(IntEnum):
    """Which vouchers something is about; its subject says which one."""

    VOUCHER = 0
    """One voucher: its id."""
    RECEIVABLE = 1
    """Any voucher of one receivable: its id."""
    OBLIGOR = 2
    """Any voucher of one obligor: its address."""
    PROGRAMME = 3
    """Any voucher of one programme: its number."""

    def __str__(self) -> str:
        return self.name.lower()


class Quotation(IntEnum):
    """How a price is stated."""

    AMOUNT = 0
    """As an amount for the whole; a part of it costs its share."""
    DISCOUNT = 1
    """As a discount rate a year: value x (1 - rate x days / year)."""
    YIELD = 2
    """As a simple yield a year, or true discount: value / (1 + rate x days / year)."""

    def __str__(self) -> str:
        return self.name.lower()


class DayCount(IntEnum):
    """Which year a rate is for; days are counted as they are in both."""

    ACT_360 = 0
    """Actual/360: ISDA 2006 Definitions, section 4.16(e)."""
    ACT_365F = 1
    """Actual/365 (Fixed), leap year or not: ISDA 2006 Definitions, section 4.16(d)."""

    @property
    def year(self) -> int:
        """The days of the year that a rate is for."""
        return 360 if self is DayCount.ACT_360 else 365

    def __str__(self) -> str:
        return "ACT/360" if self is DayCount.ACT_360 else "ACT/365F"


class OfferStatus(IntEnum):
    """Where an offer stands; all but OPEN are final."""

    NONE = 0
    """Never made."""
    OPEN = 1
    """Waits for its recipient; after its expiry in vain."""
    ACCEPTED = 2
    """Taken; the voucher went over."""
    REJECTED = 3
    """Refused by its recipient."""
    WITHDRAWN = 4
    """Taken back by its giver."""

    def __str__(self) -> str:
        return self.name.lower()


class LoanStatus(IntEnum):
    """Where a loan's pledge is."""

    NONE = 0
    """Never opened."""
    OPEN = 1
    """Something is owed; the book holds the pledge."""
    REPAID = 2
    """Nothing is owed; the book still holds the pledge, for the borrower."""
    CLOSED = 3
    """The pledge is gone: released, foreclosed or redeemed."""
    WITHDRAWN = 4
    """Its signature was withdrawn before it was used."""

    def __str__(self) -> str:
        return self.name.lower()
