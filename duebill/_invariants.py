"""The ledger's promises, checked on the chain itself at one block.

What the chain says of every receivable and voucher is read in full and set against the books that
the events give, and against the tokens that the ledger really has. The numbers are those of the
invariants in tests/contracts/invariant/README.md. Invariants about who may do what (4, 5, 11) leave
no trace that could be checked afterwards; the contract tests hold those.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from duebill._invariants_documents import documents_rebuilt
from duebill._invariants_finance import (
    difference,
    has_enough,
    passed_on,
    pledges_kept,
    rebuilt,
    within_caps,
)
from duebill.model import InvariantCheck, InvariantReport, Status, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill._desk import Desk
    from duebill._fold import Books, ReceivableRecord
    from duebill.model import ReceivableId, VoucherId

_BOUND = {Status.ACCEPTED, Status.OVERDUE, Status.SETTLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """The books and the chain at one block.

    Attributes:
        books: What the events give.
        receivables: What the chain says of each receivable.
        vouchers: What the chain says of each voucher that exists.
    """

    books: Books
    receivables: dict[ReceivableId, Any]
    vouchers: dict[VoucherId, Any]

    def bound(self) -> Iterator[tuple[ReceivableRecord, Any]]:
        """The receivables whose obligor is bound, in the books and on the chain."""
        for id_, fields in self.receivables.items():
            if Status(fields["status"]) in _BOUND:
                yield self.books.receivables[id_], fields


def check(desk: Desk) -> InvariantReport:
    """Check every promise that can be seen from outside."""
    with desk.history.books() as (books, block):
        picture = _picture(desk, books, block.number)
        checks = (
            _check(1, "vouchers and what was redeemed add up to the face", _sums(picture)),
            _check(
                2, "the ledger has all the money that it owes", _money(desk, books, block.number)
            ),
            _check(
                3, "paid out is at most what came in, and all of it in the end", _payouts(picture)
            ),
            _check(6, "every voucher descends from the first within its hops", _descent(picture)),
            *_beside(desk, picture, block.number),
            _check(
                12,
                "events alone give what the chain says",
                chain(
                    _rebuilt(picture),
                    rebuilt(desk, books, block=block.number),
                    documents_rebuilt(desk, books, block=block.number),
                ),
            ),
        )
    return InvariantReport(block=block.number, checks=checks)


def _beside(desk: Desk, picture: _Picture, block: int) -> Iterator[InvariantCheck]:
    """The promises of those contracts that stand beside the ledger."""
    books, vouchers = picture.books, picture.vouchers
    found = dict(desk.contracts)
    if "exchange" in found:
        yield _check(8, "the exchange keeps no voucher", passed_on(desk, vouchers))
    if "guarantee_book" in found:
        findings = within_caps(desk, books, vouchers, block=block)
        yield _check(9, "avals stay within their caps, and every margin is there", findings)
    if "pledge_book" in found:
        findings = pledges_kept(desk, books, vouchers, block=block)
        yield _check(10, "pledges are there for their loans, and nothing else", findings)


def _picture(desk: Desk, books: Books, block: int) -> _Picture:
    receivables = list(books.receivables)
    vouchers = [record.id for record in books.vouchers.values() if record.alive]
    calls = [("receivableOf", id_.number) for id_ in receivables]
    calls += [("voucherOf", id_.number) for id_ in vouchers]
    answers = iter(desk.read_all(calls, block=block))
    return _Picture(
        books=books,
        receivables={id_: next(answers) for id_ in receivables},
        vouchers={id_: next(answers) for id_ in vouchers},
    )


def _check(number: int, promise: str, findings: Iterator[str | None]) -> InvariantCheck:
    """Each finding is one thing checked: None, or what is wrong with it."""
    found = list(findings)
    violations = tuple(finding for finding in found if finding is not None)
    return InvariantCheck(
        number=number,
        promise=promise,
        holds=not violations,
        checked=len(found),
        violations=violations,
    )


def _sums(picture: _Picture) -> Iterator[str | None]:
    values: dict[ReceivableId, int] = {}
    for id_, fields in picture.vouchers.items():
        values[id_.receivable] = values.get(id_.receivable, 0) + fields["value"]
    for record, fields in picture.bound():
        total = values.get(record.id, 0) + record.redeemed_value
        fits = total == fields["face"]
        yield None if fits else f"{record.id}: {plain(total)} is not {plain(fields['face'])}"


def _money(desk: Desk, books: Books, block: int) -> Iterator[str | None]:
    owed: dict[int, int] = {}
    for record in books.receivables.values():
        number = record.issued["currency"]
        owed[number] = owed.get(number, 0) + record.came_in - record.went_out
    yield from has_enough(desk, desk.address, owed, block)


def _payouts(picture: _Picture) -> Iterator[str | None]:
    for record, fields in picture.bound():
        left = record.came_in - record.went_out
        if left < 0:
            yield f"{record.id}: {plain(-left)} more was paid out than came in"
            continue
        covered = fields["paid"] + fields["advanced"] >= fields["face"]
        emptied = not any(picture.books.vouchers[id_].alive for id_ in record.vouchers)
        due = sum(picture.books.advance_claims(record).values())
        stuck = covered and emptied and left != due
        yield f"{record.id}: {plain(left - due)} is left over" if stuck else None


def _descent(picture: _Picture) -> Iterator[str | None]:
    for id_, fields in picture.vouchers.items():
        most = picture.receivables[id_.receivable]["maxHops"]
        if fields["hops"] > most:
            yield f"{id_}: {fields['hops']} hops of at most {most}"
        else:
            yield None if _reaches_first(picture.books, id_) else f"{id_}: descends from nothing"


def _reaches_first(books: Books, id_: VoucherId) -> bool:
    first, seen = id_.receivable.voucher(1), set()
    current: VoucherId | None = id_
    while current is not None and current != first and current not in seen:
        seen.add(current)
        current = books.vouchers[current].parent
    return current == first


def _rebuilt(picture: _Picture) -> Iterator[str | None]:
    for id_, fields in picture.receivables.items():
        record = picture.books.receivables[id_]
        kept: dict[str, Any] = {
            "face": record.face,
            "paid": record.paid,
            "advanced": record.advanced,
            "claimed": record.claimed,
            "vouchers": len(record.vouchers),
            "defaultDeclared": record.defaulted,
        }
        yield difference(id_, kept, fields)
    for voucher, fields in picture.vouchers.items():
        found = picture.books.vouchers[voucher]
        kept = {
            "holder": found.holder,
            "value": found.value,
            "hops": found.hops,
            "claimed": found.claimed,
        }
        yield difference(voucher, kept, fields)
