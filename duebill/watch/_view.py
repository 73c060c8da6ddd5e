"""What rules look at: the ledger as it stood after a block, and how it came there."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from duebill._fold import Books, fold
from duebill.model import ZERO_ADDRESS, ZERO_HASH, ReceivableId, VoucherId, hash_text, time_of
from duebill.watch._alert import Happened
from duebill.watch._exposure import Exposure
from duebill.watch._invoices import Invoices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from duebill._fold import ReceivableRecord
    from duebill.chain import Block
    from duebill.model import Address, Event
    from duebill.watch._kept import ReadBlock

_DAY_SECONDS = 24 * 3600
_seconds = attrgetter("seconds")


@dataclass(frozen=True, slots=True)
class Step:
    """Value came into somebody's hands.

    Attributes:
        voucher: The voucher that it came with.
        holder: Who got it.
        happened: The event that tells it.
        before: How it had come to the holder before; None for the creditor.
    """

    voucher: VoucherId
    holder: Address
    happened: Happened
    before: Step | None

    def back(self) -> Iterator[Step]:
        """This step, the one before, and so on to the creditor's."""
        step: Step | None = self
        while step is not None:
            yield step
            step = step.before


@dataclass(slots=True)
class View:
    """The ledger as it stood after a block.

    Attributes:
        books: Receivables, vouchers, parties, programmes, orders, avals and loans, by their ids;
            amounts in units, which are millionths.
        exposure: Who owes, holds and guarantees how much, by currency.
        invoices: Which uses of invoices stand in the registry, and which invoices are void.
        number: The block's number.
        seconds: The block's time, in seconds since 1970.
        events: Its events, in order.
        steps: How value came into other hands in it.
        issues: The issue of each receivable.
        bound: The acceptance of each receivable.
    """

    books: Books = field(default_factory=Books)
    exposure: Exposure = field(default_factory=Exposure)
    invoices: Invoices = field(default_factory=Invoices)
    number: int = 0
    seconds: int = 0
    events: tuple[Event, ...] = ()
    steps: list[Step] = field(default_factory=list)
    issues: dict[ReceivableId, Happened] = field(default_factory=dict)
    bound: dict[ReceivableId, Happened] = field(default_factory=dict)
    _past: dict[str, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    _paths: dict[VoucherId, Step] = field(default_factory=dict)
    _parts: dict[ReceivableId, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    _owing: dict[Address, list[ReceivableId]] = field(default_factory=lambda: defaultdict(list))
    _accepted: dict[tuple[Address, int], list[ReceivableRecord]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _commitments: dict[str, list[ReceivableId]] = field(default_factory=lambda: defaultdict(list))

    def read(self, block: Block | ReadBlock, events: Sequence[Event]) -> None:
        """Go on by a block: its events count once each, in the chain's order, however they come."""
        places = {event.log_index: event for event in events}
        self.number, self.seconds = block.number, block.time
        self.events = tuple(places[place] for place in sorted(places))
        self.steps = []
        for event in self.events:
            fold((event,), self.books)
            self._note(Happened(event, block.time))
        self.exposure.follow(self.books, self.events)

    # -- what rules ask ---------------------------------------------------------------------

    @property
    def time(self) -> datetime:
        """The block's time."""
        return time_of(self.seconds)

    @property
    def today(self) -> int:
        """The block's day, in days since 1970, as contracts count."""
        return self.seconds // _DAY_SECONDS

    def named(self, *names: str) -> Iterator[Event]:
        """The block's events of these names, in order."""
        return (event for event in self.events if event.name in names)

    def past(self, name: str, *, days: int) -> Sequence[Happened]:
        """The events of a name in the last days, this block's included, in order."""
        return self.last(self._past[name], days=days)

    def last(self, happened: Sequence[Happened], *, days: int) -> Sequence[Happened]:
        """Those of the last days, of what is in order."""
        first = bisect_left(happened, self.seconds - days * _DAY_SECONDS, key=_seconds)
        return happened[first:]

    def parts(self, receivable: ReceivableId) -> Sequence[Happened]:
        """The making of each part of a receivable, in order."""
        return self._parts[receivable]

    def receivable(self, event: Event) -> ReceivableRecord:
        """The receivable that an event names."""
        return self.books.receivables[ReceivableId.from_number(event.args["receivable"])]

    def owing(self, obligor: Address) -> Sequence[ReceivableRecord]:
        """What an obligor has accepted and not paid in full, oldest acceptance first."""
        records = (self.books.receivables[id_] for id_ in self._owing[obligor])
        found = [it for it in records if it.face > it.paid]
        # What is settled stays settled.
        self._owing[obligor] = [it.id for it in found]
        return found

    def accepted(
        self, receivable: ReceivableRecord, *, last: int
    ) -> tuple[int, Sequence[ReceivableRecord]]:
        """What its obligor had accepted under its programme when it accepted this one.

        Gives how many, and the last of them, itself at the end.
        """
        row = self._accepted[receivable.issued["obligor"], receivable.issued["programme"]]
        # Few are accepted after it in the same block.
        count = next(n for n in range(len(row), 0, -1) if row[n - 1] is receivable)
        return count, row[max(0, count - last) : count]

    def same_commitments(self, receivable: ReceivableRecord) -> Sequence[ReceivableId]:
        """The receivables that name the same documents root or reference hash, itself included."""
        found = (id_ for it in _commitments(receivable) for id_ in self._commitments[it])
        return list(dict.fromkeys(found))

    def programme(self, receivable: ReceivableRecord) -> dict[str, Any]:
        """The rules that a receivable was issued under, as in the ABI."""
        return self.books.programmes[receivable.issued["programme"]].fields

    def tenor(self, receivable: ReceivableRecord) -> int:
        """Days from issue to due date."""
        issued = self.issues[receivable.id].seconds // _DAY_SECONDS
        return int(receivable.issued["due_day"]) - issued

    def is_overdue(self, receivable: ReceivableRecord, *, by_days: int = 0) -> bool:
        """Whether something is owed after due date and grace, for more than so many days."""
        last = receivable.issued["due_day"] + self.programme(receivable)["graceDays"]
        owed = receivable.id in self.bound and receivable.face > receivable.paid
        return owed and self.today > last + by_days

    def money(self, units: int, receivable: ReceivableRecord) -> str:
        """An amount in words: plain decimal and currency."""
        return self.amount(units, receivable.issued["currency"])

    def amount(self, units: int, currency: int) -> str:
        """As `money`, by the number of a currency."""
        from duebill.model import Money  # noqa: PLC0415 - only when something is told

        return str(Money(units, self.books.currencies[currency].fields["code"].decode()))

    def path(self, voucher: VoucherId) -> Step:
        """How a voucher's value came to its holder."""
        return self._paths[voucher]

    def is_custodian(self, account: Address) -> bool:
        """Whether an account keeps vouchers for others."""
        return self.books.party(account).custodian

    # -- inside -----------------------------------------------------------------------------

    def _note(self, it: Happened) -> None:
        self._past[it.event.name].append(it)
        self.invoices.follow(it)
        if it.event.name == "ReceivableIssued":
            self._note_issue(it)
        elif it.event.name == "ReceivableAccepted":
            record = self.receivable(it.event)
            self.bound[record.id] = it
            self._owing[record.issued["obligor"]].append(record.id)
            self._accepted[record.issued["obligor"], record.issued["programme"]].append(record)
        elif it.event.name == "Transfer":
            self._note_move(it)
        elif it.event.name == "TransferValue":
            self._note_part(it)

    def _note_issue(self, it: Happened) -> None:
        record = self.receivable(it.event)
        self.issues[record.id] = it
        for commitment in _commitments(record):
            self._commitments[commitment].append(record.id)

    def _note_move(self, it: Happened) -> None:
        args = it.event.args
        if args["to"] == ZERO_ADDRESS or args["from"] == args["to"]:
            return
        id_ = VoucherId.from_number(args["tokenId"])
        step = Step(id_, args["to"], it, self._paths.get(id_))
        self._paths[id_] = step
        if step.before is not None:
            self.steps.append(step)

    def _note_part(self, it: Happened) -> None:
        if not (it.event.args["fromTokenId"] and it.event.args["toTokenId"]):
            return
        giver, taker = (
            VoucherId.from_number(it.event.args[name]) for name in ("fromTokenId", "toTokenId")
        )
        # What is put into a voucher later, by a merge, does not change how that came about.
        if self.books.vouchers[taker].parent != giver or self._paths[taker].before is not None:
            return
        parent = self._paths[giver]
        step = Step(taker, self._paths[taker].holder, it, parent)
        self._paths[taker] = step
        self._parts[taker.receivable].append(it)
        self.steps.append(step)


def _commitments(receivable: ReceivableRecord) -> Iterator[str]:
    for name in ("documents_root", "reference_hash"):
        if (found := hash_text(receivable.issued[name])) != ZERO_HASH:
            yield f"{name} {found}"
