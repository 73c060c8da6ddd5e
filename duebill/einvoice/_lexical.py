"""From the text of a field to its value: strict about form, plain about what is wrong."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from duebill.errors import BadAmount, BadCurrency, BadDate, BadField, InvoiceTooLarge, NothingToPay
from duebill.errors._base import quoted

MAX_FIELD_LENGTH = 1_000
MAX_DECIMALS = 6
AMOUNT_LIMIT = 2**80  # in millionths: what the ledger can hold

_DECIMAL = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TYPE_CODE = re.compile(r"[0-9]{1,3}")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_ISO_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T[0-9:.]{8,18}(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
# UNTDID 2379: 102 is CCYYMMDD, 203 and 204 add hours, minutes and seconds.
_COMPACT = {
    "102": re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    "203": re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{4}"),
    "204": re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{6}"),
}
# Marks that turn the reading direction around, and marks that nobody sees.
_UNSEEN = dict.fromkeys(
    (
        *(0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xE0000, 0xE0080),
    )
)


def clean_text(text: str, field: str) -> str:
    """Text for people: one line, no control characters, no direction marks, no invisible ones.

    Everything else stays as it is, markup included: escaping belongs to whoever prints it.
    """
    if len(text) > MAX_FIELD_LENGTH:
        raise InvoiceTooLarge(f"characters in the {field}", MAX_FIELD_LENGTH)
    if text.isprintable() and "  " not in text:  # then nothing of the below is in it
        return text.strip()
    seen = " ".join(text.translate(_UNSEEN).split())
    return "".join(c for c in seen if unicodedata.category(c) != "Cc").strip()


def type_code(text: str, field: str) -> str:
    """A code of UNTDID 1001."""
    if not _TYPE_CODE.fullmatch(text):
        raise BadField(field, text, "a code of one to three digits is expected, such as 380")
    return text


def currency(text: str, field: str) -> str:
    """An ISO 4217 code; whether the ledger knows it is asked later, at issue."""
    if not _CURRENCY.fullmatch(text):
        raise BadCurrency(field, text, "an ISO 4217 code of three capitals is expected")
    return text


def amount(text: str, field: str) -> Decimal:
    """An xs:decimal that fits the ledger: at most 6 decimals, below 2^80 millionths in size."""
    match = _DECIMAL.fullmatch(text) if len(text) <= MAX_FIELD_LENGTH else None
    if match is None or not (match["whole"] or match["fraction"]):
        raise BadAmount(field, text, "digits with at most one decimal point are expected")
    fraction = match["fraction"] or ""
    kept, rest = fraction[:MAX_DECIMALS], fraction[MAX_DECIMALS:]
    if rest.strip("0"):
        raise BadAmount(field, text, f"more than {MAX_DECIMALS} decimals")
    if int((match["whole"] or "0") + kept.ljust(MAX_DECIMALS, "0")) >= AMOUNT_LIMIT:
        raise BadAmount(field, text, "it is larger than the ledger can hold (2^80 millionths)")
    return Decimal(f"{match['sign']}{match['whole'] or '0'}.{kept}")


def positive(value: Decimal, currency_code: str) -> Decimal:
    """The amount itself, when something is left to pay."""
    if value <= 0:
        raise NothingToPay(f"{value:f}", currency_code)
    return value


def iso_day(text: str, field: str) -> date:
    """An xs:date; a time zone is allowed and left aside, for a due day is a day where it is due."""
    return _day(_ISO_DAY, text, field, "YYYY-MM-DD")


def iso_time(text: str, field: str) -> date:
    """The day of an xs:dateTime."""
    return _day(_ISO_TIME, text, field, "YYYY-MM-DDThh:mm:ss")


def compact_day(text: str, field: str, *, code: str) -> date:
    """A day in one of the formats of UNTDID 2379 that name a day."""
    if code not in _COMPACT:
        raise BadDate(field, text, f"format {quoted(code)} names no day; 102 is expected")
    return _day(_COMPACT[code], text, field, f"format {code}, as in 20260131")


def _day(pattern: re.Pattern[str], text: str, field: str, expected: str) -> date:
    match = pattern.fullmatch(text)
    if match is None:
        raise BadDate(field, text, f"{expected} is expected")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadDate(field, text, "there is no such day") from error
