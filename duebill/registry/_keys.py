"""From an invoice to the key under which the registry knows it.

```
key     = HMAC-SHA-256(secret, message)
message = T("duebill-invoice-1") T(seller) T(code) T(number) T(date) T(currency) T(amount)
T(s)    = the length of s in bytes of UTF-8, as a decimal number, then ":", then those bytes
```

docs/invoice-registry.md says how each field is written, and why; the vectors are in
tests/vectors/invoice-keys.json.
"""

from __future__ import annotations

import hmac
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

from duebill.errors import BadKey, BadTime, SellerNotIdentified
from duebill.model import InvoiceKind, date_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from duebill.model import Invoice

_VERSION = "duebill-invoice-1"
_CHECK = b"duebill-invoice-key-check"
_SECRET_BYTES = 32
_DIGITAL_DIGITS = 20  # 数电票: its number alone names it in all the country
_MINUS = "\u2212"
_BEGINNING = date_of(0)


class KeyRing:
    """The secrets that the platforms of a consortium share, each for the invoices of its time.

    An invoice is keyed with the secret of its issue date, for ever: a new secret is for new
    invoices. So no invoice has two keys, and who learns an old secret learns nothing about what
    was issued after it.

    Args:
        first: The secret for all invoices before the first of the later ones: 32 bytes.
        later: Further secrets, by the first issue date that each is for.

    Raises:
        BadKey: A secret is not 32 bytes.
        BadTime: A later secret is for 1970-01-01 or earlier.
    """

    def __init__(self, first: bytes, later: Mapping[date, bytes] | None = None) -> None:
        self._days = [_BEGINNING, *sorted(later or {})]
        if self._days[1:] and self._days[1] <= _BEGINNING:
            raise BadTime(self._days[1].isoformat(), reason="the first secret is for that day")
        self._secrets = [_checked(first), *(_checked((later or {})[day]) for day in self._days[1:])]

    def __repr__(self) -> str:
        return f"<key ring of {len(self._days)}>"

    def key_of(self, invoice: Invoice) -> str:
        """The key of an invoice, credit note or red-letter invoice, as 0x and 64 hex digits.

        Raises:
            SellerNotIdentified: The seller has no identifier, only a name.
        """
        place = bisect_right(self._days, max(invoice.issue_date, _BEGINNING)) - 1
        return "0x" + _mac(self._secrets[place], key_message(invoice)).hex()

    def checks(self) -> tuple[tuple[date, str], ...]:
        """What is announced of each secret: its first day, and what tells those who have it."""
        pairs = zip(self._days, self._secrets, strict=True)
        return tuple((day, "0x" + _mac(secret, _CHECK).hex()) for day, secret in pairs)


def key_message(invoice: Invoice) -> bytes:
    """What is hashed of an invoice: it identifies the invoice and is not to be published.

    Raises:
        SellerNotIdentified: The seller has no identifier, only a name.
    """
    seller = plain_identifier(invoice.seller.id or "")
    if not seller:
        raise SellerNotIdentified(invoice.number)
    number = plain_text(invoice.number)
    digital = len(number) == _DIGITAL_DIGITS and number.isdecimal()
    return _token(
        _VERSION,
        seller,
        "" if digital else plain_text(invoice.code or ""),
        number,
        invoice.issue_date.isoformat(),
        invoice.currency.upper(),
        str(_signed_units(invoice)),
    )


def plain_text(text: str) -> str:
    """A code or number as it is hashed: alike however it was typed.

    Full-width and other compatible characters become plain ones, capitals small ones, every dash a
    hyphen, every digit one of 0 to 9; spaces and what nobody sees are left out; a text of nothing
    but digits loses the zeros in front.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(_plain(each) for each in unicodedata.normalize("NFKC", folded))
    return _without_zeros(plain)


def plain_identifier(text: str) -> str:
    """A seller's identifier as it is hashed: as `plain_text`, and letters and digits only."""
    return _without_zeros("".join(each for each in plain_text(text) if each.isalnum()))


def _without_zeros(text: str) -> str:
    return (text.lstrip("0") or "0") if text.isdecimal() else text


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "Z" or category in {"Cc", "Cf"}:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "-" if category == "Pd" or character == _MINUS else character


def _signed_units(invoice: Invoice) -> int:
    """The payable amount in millionths; negative where the seller takes back."""
    numerator, denominator = invoice.payable_amount.as_integer_ratio()
    units = numerator * 10**6 // denominator
    return units if invoice.kind is InvoiceKind.INVOICE else -units


def _token(*strings: str) -> bytes:
    encoded = (string.encode() for string in strings)
    return b"".join(b"%d:%b" % (len(octets), octets) for octets in encoded)


def _mac(secret: bytes, message: bytes) -> bytes:
    return hmac.digest(secret, message, "sha256")


def _checked(secret: bytes) -> bytes:
    if type(secret) is not bytes or len(secret) != _SECRET_BYTES:
        raise BadKey(_SECRET_BYTES)
    return secret
