"""Values that are structs of the financing contracts.

Each has one table of its fields, in the contract's order; what is given to a contract, what is
signed (EIP-712) and what travels as JSON all follow from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from duebill.errors._base import DuebillError
from duebill.errors._value import BadTerms, CurrencyMismatch
from duebill.model._ids import ZERO_ADDRESS, ReceivableId, VoucherId, address
from duebill.model._money import Money
from duebill.model._time import date_of, day_of, seconds_of, time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import IntEnum

_UNREADABLE = "it is missing or malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a struct is read from.

    Attributes:
        fields: All of its fields, as the contract or JSON has them.
        code: The code of the currency that its amounts are in.
    """

    fields: Mapping[str, Any]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the fields of one kind are checked, and written elsewhere.

    Attributes:
        abi: The type in the contracts.
        check: The value in its one form, or an error.
        to_abi: As the contracts take it.
        from_abi: From what a contract says.
        to_json: As JSON has it: text, a number of at most 53 bits, true, false or null.
        from_json: From JSON; `check` follows.
    """

    abi: str
    check: Callable[[Any], Any]
    to_abi: Callable[[Any], Any]
    from_abi: Callable[[Any, Row], Any]
    to_json: Callable[[Any], Any]
    from_json: Callable[[Any, Row], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a struct.

    Attributes:
        abi_name: Its name in the contract.
        kind: What it holds.
        name: Its name here.
        derived: Whether it follows from the other fields.
    """

    abi_name: str
    kind: Kind
    name: str = ""
    derived: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or _snake(self.abi_name))


class Struct:
    """A frozen value with a table of its fields."""

    __slots__ = ()
    FIELDS: ClassVar[tuple[Field, ...]]

    @property
    def code(self) -> str:
        """The code of the currency that its amounts are in; empty when it has none."""
        return next((v.currency for v in self._values() if isinstance(v, Money)), "")

    @classmethod
    def has_amounts(cls) -> bool:
        """Whether any of its fields is an amount of money."""
        return any(field.kind is MONEY for field in cls.FIELDS)

    @classmethod
    def struct_type(cls) -> list[dict[str, str]]:
        """The members of the EIP-712 type."""
        return [{"name": field.abi_name, "type": field.kind.abi} for field in cls.FIELDS]

    def as_abi(self) -> tuple[Any, ...]:
        """The value as the contracts take it."""
        return tuple(
            field.kind.to_abi(value)
            for field, value in zip(self.FIELDS, self._values(), strict=True)
        )

    @classmethod
    def from_abi(cls, fields: Mapping[str, Any], *, code: str = "") -> Self:
        """Read what a contract says.

        All that the contracts admit can be read. A time beyond the calendar's end reads as `FOREVER`:
        then, and only then, the value's digest is another than the contract's.

        Args:
            fields: The fields by their names in the contract.
            code: The code of the currency that its amounts are in.

        Raises:
            DuebillError: It contradicts itself, or cannot be written here.
        """
        row = Row(fields=fields, code=code)
        made = cls(
            **{
                field.name: field.kind.from_abi(fields[field.abi_name], row)
                for field in cls.FIELDS
                if not field.derived
            }
        )
        for field, value in zip(cls.FIELDS, made.as_abi(), strict=True):
            if value != fields[field.abi_name] and field.kind is not SECOND:
                raise BadTerms(field.name.replace("_", " "), "it cannot be written here")
        return made

    def to_json(self) -> dict[str, Any]:
        """The value as an object for JSON: amounts as decimal strings, with one currency code."""
        pairs = zip(self.FIELDS, self._values(), strict=True)
        found = {field.name: field.kind.to_json(value) for field, value in pairs}
        return {**found, "currency_code": self.code} if self.has_amounts() else found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave, and nothing else.

        Raises:
            DuebillError: A field is missing, unknown, or not written as `to_json` writes it.
        """
        known = {field.name for field in cls.FIELDS}
        known |= {"currency_code"} if cls.has_amounts() else set()
        for name in sorted(data.keys() ^ known):
            raise BadTerms(name, "it is missing" if name in known else "there is no such field")
        row = Row(fields=data, code=data.get("currency_code", ""))
        made = cls(**{f.name: _read(f, row) for f in cls.FIELDS if not f.derived})
        for name, value in made.to_json().items():
            # In JSON, true is not 1.
            if (type(value), value) != (type(data[name]), data[name]):
                raise BadTerms(name, f"it has to be written as {value!r}")
        return made

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, field.name) for field in self.FIELDS)

    def _check_fields(self) -> None:
        """Bring each field into its one form; all amounts have to be in one currency."""
        for field in self.FIELDS:
            if field.derived:
                continue
            try:
                value = field.kind.check(getattr(self, field.name))
            except (TypeError, ValueError, AttributeError) as error:
                raise BadTerms(field.name.replace("_", " "), str(error)) from error
            object.__setattr__(self, field.name, value)
        for value in self._values():
            if isinstance(value, Money) and value.currency != self.code:
                raise CurrencyMismatch(value.currency, expected=self.code)

    def _require(self, holds: bool, field: str, reason: str) -> None:  # noqa: FBT001 - reads as one
        if not holds:
            raise BadTerms(field, reason)


def _read(field: Field, row: Row) -> Any:
    try:
        return field.kind.from_json(row.fields[field.name], row)
    except DuebillError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadTerms(field.name, _UNREADABLE) from error


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


# -- kinds ------------------------------------------------------------------------------------


def plain_kind(
    abi: str,
    check: Callable[[Any], Any],
    to_abi: Callable[[Any], Any],
    from_abi: Callable[[Any], Any],
) -> Kind:
    """A kind that JSON has as the contracts do."""
    return Kind(
        abi=abi,
        check=check,
        to_abi=to_abi,
        from_abi=lambda raw, _: from_abi(raw),
        to_json=to_abi,
        from_json=lambda raw, _: from_abi(raw),
    )


def number(bits: int) -> Kind:
    """A whole number; as text in JSON where readers with short numbers would lose digits."""
    check = _number_check(bits)
    if bits <= 53:
        return plain_kind(f"uint{bits}", check, _same, _same)
    return Kind(
        abi=f"uint{bits}",
        check=check,
        to_abi=_same,
        from_abi=lambda raw, _: raw,
        to_json=str,
        from_json=lambda raw, _: _digits(raw),
    )


def choice(kind: type[IntEnum]) -> Kind:
    """A member of an enumeration, by its name in JSON."""
    by_name = {str(member): member for member in kind}
    return Kind(
        abi="uint8",
        check=kind,
        to_abi=int,
        from_abi=lambda raw, _: kind(raw),
        to_json=str,
        from_json=lambda raw, _: by_name[raw],
    )


def optional(kind: Kind, *, zero: Any) -> Kind:
    """The same or None, which the contracts have as zero."""

    def unless_none(act: Callable[..., Any], otherwise: Any = None) -> Callable[..., Any]:
        return lambda value, *rest: otherwise if value is None else act(value, *rest)

    return Kind(
        abi=kind.abi,
        check=lambda value: None if _is_zero(kind, value, zero) else kind.check(value),
        to_abi=unless_none(kind.to_abi, zero),
        from_abi=lambda raw, row: None if raw == zero else kind.from_abi(raw, row),
        to_json=unless_none(kind.to_json),
        from_json=unless_none(kind.from_json),
    )


def hash_kind(check: Callable[[Any], str], to_abi: Callable[[str], bytes]) -> Kind:
    """32 bytes, as text in JSON."""
    return Kind(
        abi="bytes32",
        check=check,
        to_abi=to_abi,
        from_abi=lambda raw, _: check(raw),
        to_json=_same,
        from_json=lambda raw, _: raw,
    )


def id_kind(abi: str, kind: type[ReceivableId | VoucherId]) -> Kind:
    """The id of a receivable or voucher."""
    return Kind(
        abi=abi,
        check=kind,
        to_abi=lambda value: value.number,
        from_abi=lambda raw, _: kind.from_number(raw),
        to_json=str,
        from_json=lambda raw, _: kind(raw),
    )


def _same(value: Any) -> Any:
    return value


def _is_zero(kind: Kind, value: Any, zero: Any) -> bool:
    return value is None or kind.to_abi(kind.check(value)) == zero


def _number_check(bits: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if type(value) is not int or not 0 <= value < 1 << bits:
            raise ValueError(f"it is not a whole number of at most {bits} bits")
        return value

    return check


def _digits(raw: Any) -> int:
    # Digits are counted before they are read: a text of a million digits costs nothing.
    if not isinstance(raw, str) or not re.fullmatch(r"0|[1-9][0-9]{0,77}", raw, re.ASCII):
        raise ValueError(_UNREADABLE)
    return int(raw)


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError("it is neither true nor false")
    return value


def _money(value: Any) -> Money:
    if not isinstance(value, Money):
        raise TypeError("it has to be Money")
    return value


def _second(value: Any) -> Any:
    seconds = seconds_of(value)
    if seconds >= 1 << 40:
        raise ValueError("it is beyond 40 bits")
    return time_of(seconds)


# What follows imports this package: not before a rate or a share is met.
def _rate(value: Any) -> Any:
    from duebill.pricing import Rate  # noqa: PLC0415

    return value if isinstance(value, Rate) else Rate(value)


def _share(value: Any) -> Any:
    from duebill.pricing import Share  # noqa: PLC0415

    return value if isinstance(value, Share) else Share(value)


def _millionths(value: Any) -> int:
    found: int = value.millionths
    return found


def _exactly(kind: type, make: Callable[[Any], Any]) -> Callable[[Any, Row], Any]:
    """From JSON, if the value is of the right type."""

    def read(raw: Any, _: Row) -> Any:
        if type(raw) is not kind:
            raise TypeError(_UNREADABLE)
        return make(raw)

    return read


ADDRESS = plain_kind("address", address, _same, _same)
ANYONE = optional(ADDRESS, zero=ZERO_ADDRESS)
FLAG = plain_kind("bool", _flag, _same, _same)
VOUCHER = id_kind("uint256", VoucherId)
RECEIVABLE = id_kind("uint192", ReceivableId)
MONEY = Kind(
    abi="uint80",
    check=_money,
    to_abi=lambda value: value.units,
    from_abi=lambda raw, row: Money(raw, row.code),
    to_json=lambda value: value.text,
    from_json=lambda raw, row: Money.parse(raw, row.code),
)
DAY = Kind(
    abi="uint16",
    check=lambda value: date_of(day_of(value)),
    to_abi=day_of,
    from_abi=lambda raw, _: date_of(raw),
    to_json=lambda value: value.isoformat(),
    from_json=_exactly(str, lambda raw: type(date_of(0)).fromisoformat(raw)),
)
SECOND = Kind(
    abi="uint40",
    check=_second,
    to_abi=seconds_of,
    from_abi=lambda raw, _: time_of(raw),
    to_json=seconds_of,
    from_json=_exactly(int, time_of),
)
RATE = Kind(
    abi="uint32",
    check=_rate,
    to_abi=_millionths,
    from_abi=lambda raw, _: _rate(raw),
    to_json=_millionths,
    from_json=_exactly(int, _rate),
)
SHARE = Kind(
    abi="uint32",
    check=_share,
    to_abi=_millionths,
    from_abi=lambda raw, _: _share(raw),
    to_json=_millionths,
    from_json=_exactly(int, _share),
)
