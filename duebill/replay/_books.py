"""The history as the chain tells it: from events and the times of their blocks alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill.model import Money, date_of, hash_text
from duebill.replay._history import PastInvoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from duebill.model import Address, Event


@dataclass(slots=True, kw_only=True)
class _Life:
    """What events tell of one invoice so far; amounts in units."""

    customer: str
    issued: date
    due: date
    face: Money
    paid: int = 0
    settled: date | None = None
    disputed: bool = False


def told_by(
    events: Iterable[Event],
    *,
    code: str,
    day_of: Callable[[int], date],
    numbers: Mapping[str, str],
    customers: Mapping[Address, str],
) -> dict[str, PastInvoice]:
    """The invoices behind a ledger's receivables, by number.

    Args:
        events: All that the ledger wrote to the log.
        code: The currency of all of them.
        day_of: The day of a block, by its number.
        numbers: The number behind each reference hash; who has the key makes them.
        customers: The name behind each obligor.
    """
    lives: dict[str, _Life] = {}
    number_of: dict[int, str] = {}
    for event in events:
        args = event.args
        if event.name == "ReceivableIssued":
            number = numbers[hash_text(args["referenceHash"])]
            number_of[args["receivable"]] = number
            # Issued again after a dispute, it is the same invoice.
            lives.setdefault(number, _issued(args, code, customers, day_of(event.block)))
        elif event.name == "ReceivableRejected":
            lives[number_of[args["receivable"]]].disputed = True
        elif event.name == "Paid":
            _pay(lives[number_of[args["receivable"]]], args["amount"], day_of(event.block))
    return {number: _invoice(number, life) for number, life in lives.items()}


def _issued(
    args: Mapping[str, Any], code: str, customers: Mapping[Address, str], day: date
) -> _Life:
    return _Life(
        customer=customers[args["obligor"]],
        issued=day,
        due=date_of(args["dueDay"]),
        face=Money(args["face"], code),
    )


def _pay(life: _Life, units: int, day: date) -> None:
    life.paid += units
    if life.paid == life.face.units:
        life.settled = day


def _invoice(number: str, life: _Life) -> PastInvoice:
    return PastInvoice(
        number=number,
        customer=life.customer,
        issued=life.issued,
        due=life.due,
        settled=life.settled,
        amount=life.face,
        disputed=life.disputed,
    )
