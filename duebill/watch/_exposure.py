"""Who owes, holds and guarantees how much, kept up from block to block."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from duebill.model import ReceivableId, Status, VoucherId, hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duebill._fold import Books
    from duebill.model import Address, Event

# What decides whether the vouchers of a receivable stand for anything.
_DECISIONS = {"ReceivableAccepted", "ReceivableCancelled", "ReceivableRejected"}
# Fields of events that name a receivable, or a voucher of one.
_RECEIVABLES = ("receivable",)
_VOUCHERS = ("voucher", "tokenId", "fromTokenId", "toTokenId")


@dataclass(slots=True)
class _Shares:
    """Amounts by currency and account, made of one amount for each source."""

    totals: dict[int, dict[Address, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    sources: dict[str, tuple[int, Address, int]] = field(default_factory=dict)

    def put(self, source: str, currency: int, account: Address, amount: int) -> None:
        """Say what a source amounts to now."""
        if source in self.sources:
            before, whose, was = self.sources.pop(source)
            self.totals[before][whose] -= was
            if not self.totals[before][whose]:
                del self.totals[before][whose]
        if amount:
            self.sources[source] = currency, account, amount
            self.totals[currency][account] += amount


@dataclass(slots=True)
class Exposure:
    """Sums by currency (its number) and account, in units.

    Attributes:
        touched: The currencies in which something changed in the last block.
    """

    touched: set[int] = field(default_factory=set)
    _owed: _Shares = field(default_factory=_Shares)
    _held: _Shares = field(default_factory=_Shares)
    _guaranteed: _Shares = field(default_factory=_Shares)

    def owed(self, currency: int) -> Mapping[Address, int]:
        """What obligors owe on what they accepted."""
        return self._owed.totals[currency]

    def held(self, currency: int) -> Mapping[Address, int]:
        """What holders have in vouchers of accepted receivables."""
        return self._held.totals[currency]

    def guaranteed(self, currency: int) -> Mapping[Address, int]:
        """What can still be called on guarantors' avals, whether they have expired or not."""
        return self._guaranteed.totals[currency]

    def follow(self, books: Books, events: Iterable[Event]) -> None:
        """Go on by the events of a block, which the books have already."""
        self.touched = set()
        receivables: set[ReceivableId] = set()
        vouchers: set[VoucherId] = set()
        for event in events:
            named = [ReceivableId.from_number(it) for it in _named(event, _RECEIVABLES)]
            receivables.update(named)
            vouchers.update(VoucherId.from_number(it) for it in _named(event, _VOUCHERS))
            if event.name in _DECISIONS:
                vouchers.update(books.receivables[named[0]].vouchers)
            if "aval" in event.args:
                self._follow_aval(books, hash_text(event.args["aval"]))
        receivables.update(it.receivable for it in vouchers)
        for id_ in sorted(receivables):
            self._follow_receivable(books, id_)
        for voucher in sorted(vouchers):
            self._follow_voucher(books, voucher)

    def _follow_receivable(self, books: Books, id_: ReceivableId) -> None:
        record = books.receivables.get(id_)
        if record is None:
            return
        owed = record.face - record.paid if record.status is Status.ACCEPTED else 0
        currency = record.issued["currency"]
        self.touched.add(currency)
        self._owed.put(id_, currency, record.issued["obligor"], owed)

    def _follow_voucher(self, books: Books, id_: VoucherId) -> None:
        record = books.vouchers.get(id_)
        if record is None:
            return
        receivable = books.receivables[id_.receivable]
        stands = record.alive and receivable.status is Status.ACCEPTED
        currency = receivable.issued["currency"]
        self.touched.add(currency)
        self._held.put(id_, currency, record.holder, record.value if stands else 0)

    def _follow_aval(self, books: Books, id_: str) -> None:
        record = books.finance.avals.get(id_)
        if record is None:
            return
        currency = record.terms["currency"]
        self.touched.add(currency)
        left = record.terms["cap"] - record.called
        self._guaranteed.put(id_, currency, record.terms["guarantor"], left)


def _named(event: Event, fields: Iterable[str]) -> list[int]:
    found = (event.args.get(name) for name in fields)
    return [it for it in found if type(it) is int and it]
