"""The replay itself: day after day, what the books say happens on the chain."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from duebill.documents import new_key, reference_hash, text_hash
from duebill.errors import NothingToReckon
from duebill.model import Terms, hash_bytes, seconds_of
from duebill.replay._books import told_by
from duebill.replay._figures import figures_of
from duebill.replay._stage import CURRENCY, PROGRAMME, stage
from duebill.signing import Acceptance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from duebill.chain import Transaction
    from duebill.model import InvariantReport, ReceivableId, VoucherId
    from duebill.replay._figures import Figures
    from duebill.replay._history import PastInvoice
    from duebill.replay._stage import Customer, Stage
    from duebill.signing import Signer

_DISPUTED = hash_bytes(text_hash("disputed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay brought about.

    Attributes:
        books: The figures that the history itself gives.
        chain: The figures that the chain's events give, and nothing else.
        differences: Where the two tell an invoice differently: from the history, and from the
            chain; None where one does not know it.
        invariants: The ledger's promises, checked at the end.
        transactions: How many transactions it took.
        seconds: How long it took.
    """

    books: Figures
    chain: Figures
    differences: tuple[tuple[PastInvoice | None, PastInvoice | None], ...]
    invariants: InvariantReport
    transactions: int
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the chain tells what the history tells, and the ledger kept its promises."""
        return not self.differences and self.books == self.chain and self.invariants.holds

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "agrees": self.agrees,
            "books": self.books.to_json(),
            "chain": self.chain.to_json(),
            "differences": len(self.differences),
            "invariants": self.invariants.to_json(),
            "transactions": self.transactions,
            "seconds": f"{self.seconds:.1f}",
        }


def replay(
    history: Sequence[PastInvoice], *, progress: Callable[[date], None] | None = None
) -> Replayed:
    """Live through a history on a private chain, in the order of its dates.

    On the day of its invoice a receivable is issued and accepted by its customer's signature; a
    disputed one is rejected first, and issued and accepted again. On the day on which it was
    settled it is paid, and at the end of a month the supplier redeems what was paid in it.

    Args:
        history: The invoices, in one currency.
        progress: Is told each day that is over.

    Raises:
        NothingToReckon: There are no invoices.
        NodeError: There is no chain to be had.
    """
    if not history:
        raise NothingToReckon
    began = monotonic()
    with stage(history) as found:
        play = _Play(stage=found, key=new_key())
        month = min(invoice.issued for invoice in history).replace(day=1)
        for day, invoiced, settled in _days(history):
            if day.replace(day=1) != month:
                month = day.replace(day=1)
                play.collect()
            found.begin(day)
            play.invoice(invoiced)
            play.settle(settled)
            if progress is not None:
                progress(day)
        play.collect()
        told = told_by(
            found.ledger.events(),
            code=history[0].amount.currency,
            day_of=cache(found.day_of),
            numbers=play.numbers,
            customers={it.address: name for name, it in found.customers.items()},
        )
        return Replayed(
            books=figures_of(history),
            chain=figures_of(tuple(told.values())),
            differences=_differences(history, told),
            invariants=found.ledger.check_invariants(),
            transactions=play.transactions,
            seconds=monotonic() - began,
        )


@dataclass(slots=True)
class _Play:
    """One run.

    Attributes:
        stage: Where.
        key: What keeps the numbers of invoices from strangers.
        numbers: The number behind each reference on the chain.
        standing: The receivable of each number.
        covered: The vouchers that are paid and not redeemed yet.
        transactions: How many were sent.
    """

    stage: Stage
    key: bytes
    numbers: dict[str, str] = field(default_factory=dict)
    standing: dict[str, ReceivableId] = field(default_factory=dict)
    covered: list[VoucherId] = field(default_factory=list)
    transactions: int = 0

    def invoice(self, invoices: Sequence[PastInvoice]) -> None:
        """Issue a day's invoices; those that are disputed once more after their rejection."""
        disputed = {
            invoice.number: self._terms(invoice) for invoice in invoices if invoice.disputed
        }
        self._together(
            self.stage.supplier, [("issue", (terms.as_abi(),)) for terms in disputed.values()]
        )
        self._wait(
            self.stage.send(self._customer(terms), "reject", terms.id.number, _DISPUTED)
            for terms in disputed.values()
        )
        drafted = {invoice.number: self._terms(invoice) for invoice in invoices}
        issues = [("issue", (terms.as_abi(),)) for terms in drafted.values()]
        accepts = [("acceptWithSignature", self._signed(terms)) for terms in drafted.values()]
        self._together(self.stage.supplier, issues + accepts)
        self.standing |= {number: terms.id for number, terms in drafted.items()}

    def settle(self, invoices: Sequence[PastInvoice]) -> None:
        """Pay a day's invoices, as the customers' bank brings them."""
        paid = [(self.standing[invoice.number], invoice.amount.units) for invoice in invoices]
        self._together(self.stage.bank, [("pay", (id_.number, units)) for id_, units in paid])
        self.covered += [id_.voucher(1) for id_, _ in paid]

    def collect(self) -> None:
        """Redeem all that was paid."""
        calls = [("redeem", (voucher.number,)) for voucher in self.covered]
        self._together(self.stage.supplier, calls)
        self.covered.clear()

    def _terms(self, invoice: PastInvoice) -> Terms:
        reference = reference_hash(invoice.number, key=self.key)
        self.numbers[reference] = invoice.number
        return Terms(
            obligor=self.stage.customers[invoice.customer].address,
            creditor=self.stage.supplier.address,
            currency=CURRENCY,
            face=invoice.amount,
            due_date=invoice.due,
            programme=PROGRAMME,
            reference_hash=reference,
        )

    def _customer(self, terms: Terms) -> Customer:
        return next(it for it in self.stage.customers.values() if it.address == terms.obligor)

    def _signed(self, terms: Terms) -> tuple[Any, ...]:
        """What `acceptWithSignature` takes; good to the end of the invoice's due date."""
        acceptance = Acceptance(
            terms=terms,
            deadline=datetime.combine(terms.due_date + timedelta(days=1), time(), tzinfo=UTC),
            chain_id=self.stage.ledger.chain_id,
            ledger=self.stage.ledger.address,
        )
        signed = acceptance.sign(self._customer(terms))
        signature = bytes.fromhex(signed.signature.removeprefix("0x"))
        return terms.as_abi(), seconds_of(acceptance.deadline), signature

    def _together(self, signer: Signer, calls: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
        """Calls of one account, many in a transaction."""
        self._wait(self.stage.send_together(signer, calls))

    def _wait(self, sent: Iterable[Transaction[None]]) -> None:
        """Wait for all that were sent before the first is asked about."""
        for transaction in tuple(sent):
            transaction.wait()
            self.transactions += 1


def _days(
    history: Sequence[PastInvoice],
) -> Iterator[tuple[date, list[PastInvoice], list[PastInvoice]]]:
    """Each day on which something happened: what was invoiced, and what was settled."""
    invoiced: dict[date, list[PastInvoice]] = defaultdict(list)
    settled: dict[date, list[PastInvoice]] = defaultdict(list)
    for invoice in history:
        invoiced[invoice.issued].append(invoice)
        if invoice.settled is not None:
            settled[invoice.settled].append(invoice)
    for day in sorted(invoiced.keys() | settled.keys()):
        yield day, invoiced[day], settled[day]


def _differences(
    history: Sequence[PastInvoice], told: dict[str, PastInvoice]
) -> tuple[tuple[PastInvoice | None, PastInvoice | None], ...]:
    known = {invoice.number: invoice for invoice in history}
    numbers = sorted(known.keys() | told.keys())
    pairs = ((known.get(number), told.get(number)) for number in numbers)
    return tuple((book, chain) for book, chain in pairs if book != chain)
