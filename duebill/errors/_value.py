"""What can be wrong with a value before any chain is asked: amounts, ids, addresses, dates."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import ClassVar

from duebill.errors._base import DuebillError, quoted

_PLAIN_HINT = "Give a plain decimal with a point, such as 1248300.00, as text."


class AmountError(DuebillError):
    """An amount was refused."""


class AmountNotPlain(AmountError):
    """Not a plain decimal: a float, NaN, an exponent, separators, spaces, words.

    Attributes:
        value: What was given.
    """

    def __init__(self, value: str) -> None:
        self.value = value
        super().__init__(f"{quoted(value)} is not an exact amount.", hint=_PLAIN_HINT)


class AmountNegative(AmountError):
    """Less than zero.

    Attributes:
        value: The amount, as written.
    """

    def __init__(self, value: str) -> None:
        self.value = value
        super().__init__(f"The amount {quoted(value)} is negative.", hint="Give zero or more.")


class AmountTooPrecise(AmountError):
    """More decimals than can be kept.

    Attributes:
        value: The amount, as written.
        decimals: How many decimals there may be.
    """

    def __init__(self, value: str, *, decimals: int) -> None:
        self.value = value
        self.decimals = decimals
        super().__init__(
            f"The amount {quoted(value)} has more than {decimals} decimals.",
            hint="Round it yourself; nothing is rounded here.",
        )


class AmountTooLarge(AmountError):
    """More than the ledger can hold.

    Attributes:
        value: The amount, as written.
        most: The largest amount.
    """

    def __init__(self, value: str, *, most: str) -> None:
        self.value = value
        self.most = most
        super().__init__(
            f"The amount {quoted(value)} is more than {most}.", hint="Issue several receivables."
        )


class CurrencyCodeInvalid(AmountError):
    """Not an ISO 4217 code.

    Attributes:
        code: What was given.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"{quoted(code)} is not a currency code.",
            hint="Give three capital letters, such as EUR.",
        )


class CurrencyMismatch(AmountError):
    """Amounts of two currencies met.

    Attributes:
        currency: The currency that was given.
        expected: The currency at hand.
    """

    def __init__(self, currency: str, *, expected: str) -> None:
        self.currency = currency
        self.expected = expected
        super().__init__(
            f"An amount in {currency} was given where {expected} is needed.",
            hint=f"Give the amount in {expected}; nothing is converted here.",
        )


class BadAddress(DuebillError):
    """Not an account's address.

    Attributes:
        value: What was given.
        reason: What is wrong with it.
    """

    def __init__(self, value: str, *, reason: str) -> None:
        self.value = value
        self.reason = reason
        super().__init__(
            f"{quoted(value)} is not an address: {reason}.", hint="Copy the address again."
        )


class BadHash(DuebillError):
    """Not 32 bytes in hex.

    Attributes:
        field: What it was given for.
        value: What was given.
    """

    def __init__(self, field: str, value: str) -> None:
        self.field = field
        self.value = value
        super().__init__(
            f"The {field} {quoted(value)} is not a hash.", hint="Give 0x and 64 hex digits."
        )


class BadTerms(DuebillError):
    """A field of a receivable's terms that no ledger can hold.

    Attributes:
        field: Which one.
        reason: What is wrong with it.
    """

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(
            f"The {field} of the terms is refused: {reason}.", hint="Correct it and try again."
        )


class BadTime(DuebillError):
    """A moment without a time zone, or before 1970.

    Attributes:
        value: What was given.
        reason: What is wrong with it.
    """

    def __init__(self, value: str, *, reason: str) -> None:
        self.value = value
        self.reason = reason
        super().__init__(
            f"The time {quoted(value)} is refused: {reason}.",
            hint="Give an aware time, such as datetime(2030, 1, 1, tzinfo=UTC).",
        )


class IdError(DuebillError):
    """No receivable or voucher is meant by an id, or more than one."""


class BadId(IdError):
    """Not written as an id is.

    Attributes:
        text: What was given.
        expected: The form of such an id.
    """

    def __init__(self, text: str, *, expected: str) -> None:
        self.text = text
        self.expected = expected
        super().__init__(f"{quoted(text)} is not an id.", hint=f"An id is {expected}.")


class NotFound(IdError):
    """The ledger knows nothing of that name.

    Attributes:
        what: The kind of thing.
        text: The name that was given.
    """

    def __init__(self, what: str, text: str) -> None:
        self.what = what
        self.text = text
        super().__init__(
            f"The ledger has no {what} {quoted(text)}.",
            hint="Check the id, and that this is the ledger it belongs to.",
        )


class Ambiguous(IdError):
    """The first characters of an id fit several.

    Attributes:
        text: The characters that were given.
        matches: Some of the ids that begin so.
    """

    def __init__(self, text: str, *, matches: tuple[str, ...]) -> None:
        self.text = text
        self.matches = matches
        super().__init__(
            f"{quoted(text)} fits {len(matches)} ids: {', '.join(m[:12] + '…' for m in matches)}.",
            hint="Give more characters.",
        )


class PricingError(DuebillError):
    """Something cannot be priced.

    Attributes:
        value: What was given.
        reason: What is wrong with it.
    """

    _WORDS: ClassVar[str]
    _HINT: ClassVar[str]

    def __init__(self, value: str, *, reason: str) -> None:
        self.value = value
        self.reason = reason
        super().__init__(self._WORDS.format(value=quoted(value), reason=reason), hint=self._HINT)


class BadRate(PricingError):
    """Not a rate or a share that contracts can hold."""

    _WORDS = "The rate {value} is refused: {reason}."
    _HINT = 'Give per cent as text with at most four decimals, such as "5.25".'


class BadTenor(PricingError):
    """A number of days that no price or interest can be for."""

    _WORDS = "A time of {value} days is refused: {reason}."
    _HINT = "Give whole days from the first date to a later one."


class BadPrice(PricingError):
    """An amount that does not fit what it is the price, or a part, of."""

    _WORDS = "{value} is refused in a price: {reason}."
    _HINT = "Check both amounts, and the currency's decimals."
