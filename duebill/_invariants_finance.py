"""The promises of the exchange, the guarantee book and the pledge book. A part of `_invariants`.

Money can be sent to any contract by anyone, so that of the books has to be enough, not exact. Only
verified parties can strand a voucher, and an enforcer can give it back: so vouchers are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill._book_calls import read_all_from
from duebill.model import LoanStatus, hash_bytes, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from duebill._desk import Desk
    from duebill._fold import Books, VoucherRecord
    from duebill._fold_finance import AvalRecord, LoanRecord
    from duebill.model import Address, VoucherId

_EXCHANGE, _GUARANTEES, _PLEDGES = "exchange", "guarantee_book", "pledge_book"
_PLEDGED = {LoanStatus.OPEN, LoanStatus.REPAID}


def passed_on(desk: Desk, vouchers: Mapping[VoucherId, Any]) -> Iterator[str | None]:
    """Whether the exchange has given every voucher to somebody (8)."""
    yield from _keeps_none(desk.contracts.need(_EXCHANGE), vouchers)


def within_caps(
    desk: Desk, books: Books, vouchers: Mapping[VoucherId, Any], *, block: int
) -> Iterator[str | None]:
    """Whether avals are called within their caps, and the guarantee book has all margins (9)."""
    book = desk.contracts.need(_GUARANTEES)
    margins: dict[int, int] = {}
    for id_, aval in books.finance.avals.items():
        number, cap = aval.terms["currency"], aval.terms["cap"]
        margins[number] = margins.get(number, 0) + aval.margin
        asked = aval.called + max(aval.margin, sum(aval.dishonoured.values()))
        yield None if asked <= cap else f"{id_}: {plain(asked)} is more than {plain(cap)}"
    yield from has_enough(desk, book, margins, block)
    for stranded in _keeps_none(book, vouchers):
        if stranded:
            yield stranded


def pledges_kept(
    desk: Desk, books: Books, vouchers: Mapping[VoucherId, Any], *, block: int
) -> Iterator[str | None]:
    """Whether the pledge book has the pledges of its loans, no others, and what it keeps (10)."""
    book, loans = desk.contracts.need(_PLEDGES), books.finance.loans
    pledged = {loan.voucher: loan for loan in loans.values() if loan.status in _PLEDGED}
    for id_ in pledged:
        here = id_ in vouchers and vouchers[id_]["holder"] == book
        kept = here or _was_taken(books.vouchers[id_], book)
        yield None if kept else f"{id_}: is pledged, and the pledge book does not have it"
    held = {id_: fields for id_, fields in vouchers.items() if id_ not in pledged}
    for stranded in _keeps_none(book, held):
        if stranded:
            yield stranded
    kept_money: dict[int, int] = {}
    for (_, number), units in books.finance.kept.items():
        kept_money[number] = kept_money.get(number, 0) + units
    yield from has_enough(desk, book, kept_money, block)


def rebuilt(desk: Desk, books: Books, *, block: int) -> Iterator[str | None]:
    """Whether the events of these contracts give what they say (12)."""
    finance, found = books.finance, dict(desk.contracts)
    if _EXCHANGE in found:
        yield from _offers(desk, books, block)
        yield from _recourses(desk, books, block)
    if _GUARANTEES in found:
        states = _states(desk, _GUARANTEES, list(finance.avals), block)
        pairs = zip(finance.avals.items(), states, strict=True)
        yield from (difference(id_, _aval(aval), state) for (id_, aval), state in pairs)
    if _PLEDGES in found:
        states = _states(desk, _PLEDGES, list(finance.loans), block)
        rows = zip(finance.loans.items(), states, strict=True)
        yield from (difference(id_, _loan(loan), state) for (id_, loan), state in rows)
        yield from _kept(desk, books, block)


# -- who has what -----------------------------------------------------------------------------


def _keeps_none(place: Address, vouchers: Mapping[VoucherId, Any]) -> Iterator[str | None]:
    for id_, fields in vouchers.items():
        yield f"{id_}: lies at {place}, for nobody" if fields["holder"] == place else None


def _was_taken(voucher: VoucherRecord, book: Address) -> bool:
    """Whether an order took a pledge out of the book: then its loan is without one."""
    orders = (event for event in voucher.events if event.name == "ForcedTransfer")
    return any(order.args["from"] == book for order in orders)


def has_enough(
    desk: Desk, place: Address, owed: Mapping[int, int], block: int
) -> Iterator[str | None]:
    """Whether a contract has what it owes, by the currency's number, in units."""
    for number, units in owed.items():
        row = desk.currency(number, block=block)
        if row.token is None:
            continue
        balance = desk.ask_token(row.token, "balanceOf", place, block=block)
        # In the finer of the two measures, so that nothing is rounded.
        enough = balance * 10**6 >= units * 10**row.decimals
        yield (
            None
            if enough
            else f"{row.code}: {balance} in the token, {plain(units)} owed by {place}"
        )


# -- events and the chain ---------------------------------------------------------------------


def _states(desk: Desk, contract: str, ids: Sequence[str], block: int) -> list[Any]:
    calls = [("stateOf", (hash_bytes(id_),)) for id_ in ids]
    return read_all_from(desk, contract, calls, block=block)


def _aval(record: AvalRecord) -> dict[str, Any]:
    unpaid = sum(record.dishonoured.values())
    margin = {"margin": record.margin, "dishonoured": unpaid}
    return {"given": True, "called": record.called, **margin}


def _loan(record: LoanRecord) -> dict[str, Any]:
    names = ("status", "principal", "interest", "since")
    return {name: getattr(record, name) for name in names}


def _offers(desk: Desk, books: Books, block: int) -> Iterator[str | None]:
    offers = books.finance.offers
    calls = [("offerStatusOf", (hash_bytes(id_),)) for id_ in offers]
    answers = read_all_from(desk, _EXCHANGE, calls, block=block)
    for (id_, offer), status in zip(offers.items(), answers, strict=True):
        yield None if offer.status == status else f"{id_}: its status by events is {offer.status}"


def _recourses(desk: Desk, books: Books, block: int) -> Iterator[str | None]:
    stacks = books.finance.recourses
    counts = [("recourseCount", (id_.number,)) for id_ in stacks]
    answers = read_all_from(desk, _EXCHANGE, counts, block=block)
    for (id_, stack), count in zip(stacks.items(), answers, strict=True):
        yield None if len(stack) == count else f"{id_}: {count} answer for it, not {len(stack)}"
    places = [(id_, place, kept) for id_, stack in stacks.items() for place, kept in stack.items()]
    calls = [("recourseOf", (id_.number, place)) for id_, place, _ in places]
    rows = read_all_from(desk, _EXCHANGE, calls, block=block)
    for (id_, _, kept), fields in zip(places, rows, strict=True):
        names = ("seller", "amount", "dishonoured")
        yield difference(id_, {name: getattr(kept, name) for name in names}, fields)


def _kept(desk: Desk, books: Books, block: int) -> Iterator[str | None]:
    kept = books.finance.kept
    calls = [("keptFor", key) for key in kept]
    answers = read_all_from(desk, _PLEDGES, calls, block=block)
    for ((whose, _), units), amount in zip(kept.items(), answers, strict=True):
        same = units == amount
        yield None if same else f"{whose}: {plain(amount)} is kept, not {plain(units)}"


def difference(id_: str, kept: dict[str, Any], fields: dict[str, Any]) -> str | None:
    """What the chain says otherwise than the events, in words; None when nothing."""
    wrong = [name for name, value in kept.items() if fields[name] != value]
    return f"{id_}: {', '.join(wrong)} by events differ from the chain" if wrong else None
