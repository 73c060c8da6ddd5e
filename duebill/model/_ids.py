"""What receivables, vouchers and parties are called."""

from __future__ import annotations

import re
from typing import NewType, Self

from duebill.errors._value import BadAddress, BadId

Address = NewType("Address", str)
"""An account, as EIP-55 checksummed hex."""

ZERO_ADDRESS = Address("0x" + "0" * 40)

_SERIAL_BITS = 64
_RECEIVABLE = re.compile(r"[0-9a-f]{48}")
_VOUCHER = re.compile(r"([0-9a-f]{48})/([1-9][0-9]{0,19})")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


class ReceivableId(str):
    """A receivable's id: the first 24 bytes of the hash of its terms, as 48 lower-case hex digits.

    Raises:
        BadId: The text is anything else. For the first characters of an id, ask the ledger.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the form."""
        if not _RECEIVABLE.fullmatch(text):
            raise BadId(text, expected="48 lower-case hex digits")
        return super().__new__(cls, text)

    @classmethod
    def from_number(cls, number: int) -> Self:
        """The id that the contracts write as a number of 192 bits."""
        return cls(f"{number:048x}")

    @property
    def number(self) -> int:
        """The id as the contracts write it."""
        return int(self, 16)

    def voucher(self, serial: int) -> VoucherId:
        """The id of one of its vouchers; 1 is the one it was issued with."""
        return VoucherId(f"{self}/{serial}")


class VoucherId(str):
    """A voucher's id: its receivable's id, a slash and its serial, which counts from 1.

    Raises:
        BadId: The text is anything else. For the first characters of an id, ask the ledger.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the form."""
        found = _VOUCHER.fullmatch(text)
        if not found or int(found[2]) >= 1 << _SERIAL_BITS:
            raise BadId(text, expected="48 lower-case hex digits, a slash and a serial")
        return super().__new__(cls, text)

    @classmethod
    def from_number(cls, number: int) -> Self:
        """The id that the contracts write as a token id: receivable << 64 | serial."""
        return cls(f"{number >> _SERIAL_BITS:048x}/{number & ((1 << _SERIAL_BITS) - 1)}")

    @property
    def receivable(self) -> ReceivableId:
        """The receivable that it is a part of."""
        return ReceivableId(self.partition("/")[0])

    @property
    def serial(self) -> int:
        """Its number among the receivable's vouchers."""
        return int(self.partition("/")[2])

    @property
    def number(self) -> int:
        """The token id as the contracts write it."""
        return (self.receivable.number << _SERIAL_BITS) | self.serial


def address(text: str) -> Address:
    """Check an account's address and write it with its EIP-55 checksum.

    Raises:
        BadAddress: It is not 20 bytes in hex, or its mixed case is not its checksum.
    """
    if not _ADDRESS.fullmatch(str(text)):
        raise BadAddress(str(text), reason="an address is 0x and 40 hex digits")
    digits = text[2:]
    checked = _checksummed(digits.lower())
    if digits not in {digits.lower(), digits.upper(), checked[2:]}:
        raise BadAddress(text, reason="its capital letters do not fit: a digit is mistyped")
    return checked


def _checksummed(digits: str) -> Address:
    # Keccak comes with its backend: not before an address is met.
    from eth_hash.auto import keccak  # noqa: PLC0415

    mask = keccak(digits.encode()).hex()
    pairs = zip(digits, mask, strict=False)
    return Address("0x" + "".join(d.upper() if int(m, 16) > 7 else d for d, m in pairs))
