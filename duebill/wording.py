"""How amounts and ids are written for people; programs get them whole and plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duebill.model import Money, ReceivableId, VoucherId

__all__ = ["grouped", "short"]

_SHOWN = 10


def grouped(money: Money, *, code: bool = True) -> str:
    """An amount with its thousands set apart, and its code unless that is said elsewhere."""
    whole, point, rest = money.text.partition(".")
    amount = f"{int(whole):,}{point}{rest}"
    return f"{amount} {money.currency}" if code else amount


def short(id_: ReceivableId | VoucherId | str) -> str:
    """The first characters of an id, enough to type it back; a voucher keeps its serial."""
    receivable, slash, serial = id_.partition("/")
    return f"{receivable[:_SHOWN]}{slash}{serial}"
