"""What a row of a table asks for: its columns, the call it becomes, and what the call brought."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from duebill._abi import keccak, ledger_abi
from duebill.bulk import _cells
from duebill.errors import DuebillError
from duebill.model import (
    ZERO_HASH,
    Money,
    ReceivableId,
    Terms,
    VoucherId,
)
from duebill.model._money import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duebill._desk import Desk
    from duebill.bulk._cells import Cells
    from duebill.bulk._spool import Item
    from duebill.chain._answers import Log
    from duebill.ledger import Ledger
    from duebill.model import Address

# What the ledger takes in one split.
_MOST_PARTS = 250
_WHOLE = "safeTransferFrom(address,address,uint256)"
_PART = "transferFrom(uint256,address,uint256)"
_SALT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name.
        about: What stands in it.
        needed: Whether the table has to have it.
    """

    name: str
    about: str
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What the ledger made of a row.

    Attributes:
        id: The receivable or voucher, or the party.
        payout: What was paid out; None where nothing is.
        paid: What was paid in; None where nothing is.
    """

    id: str
    payout: Money | None = None
    paid: Money | None = None


class Form(ABC):
    """One kind of operation, as tables ask for it.

    Attributes:
        name: Its name.
        columns: The columns of its tables.
        gas: What a row takes in a transaction of its own, about: how many are tried out at once.
    """

    name: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    gas: ClassVar[int]

    def __init__(self, desk: Desk, signer: Address) -> None:
        self._desk = desk
        self._signer = signer

    @abstractmethod
    def read(self, cells: Cells) -> Item:
        """What a row asks for, as JSON can hold it; problems are left with the cells."""

    @abstractmethod
    def call(self, item: Item) -> bytes:
        """The call that does it."""

    def calls(self, items: Sequence[Item]) -> list[bytes]:
        """The calls that do it for several rows, one after the other."""
        return [self.call(item) for item in items]

    def subject(self, item: Item) -> str | None:
        """What can be named in one row only; None if anything can be repeated."""
        del item
        return None

    def named(self, item: Item, batch: str, row: int) -> Item:
        """The row under its batch's reference."""
        del batch, row
        return item

    def cash(self, items: Sequence[Item]) -> Counter[int]:
        """What the ledger takes in for rows, in units by the number of the currency."""
        del items
        return Counter()

    @abstractmethod
    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """What the rows of one transaction brought about, from what it wrote to the log."""

    def _logged(self, event: str, logs: Sequence[Log]) -> Iterator[Log]:
        """The ledger's entries of one event, in order."""
        topic, ledger = keccak(event.encode()), self._desk.address.lower()
        return (log for log in logs if log.topics[0] == topic and log.contract.lower() == ledger)


class Issue(Form):
    """Receivables, by their creditor or their obligor."""

    name = "issue"
    gas = 125_000
    columns = (
        Column(name="obligor", about="who owes; the signing account if empty", needed=False),
        Column(name="creditor", about="who is owed; the signing account if empty", needed=False),
        Column(name="amount", about="what is owed, as 1248300.00"),
        Column(name="currency", about="its ISO 4217 code"),
        Column(name="due_date", about="when, as 2030-01-31"),
        Column(name="programme", about="the number of the programme"),
        Column(name="documents_root", about="0x and 64 hex digits", needed=False),
        Column(name="reference_hash", about="0x and 64 hex digits", needed=False),
    )

    def __init__(self, desk: Desk, signer: Address, *, ledger: Ledger) -> None:
        super().__init__(desk, signer)
        self._ledger = ledger
        self._currencies: dict[tuple[int, str], int | DuebillError] = {}

    def read(self, cells: Cells) -> Item:
        """See `Form`."""
        obligor = cells.may("obligor", cells.account, self._signer)
        creditor = cells.may("creditor", cells.account, self._signer)
        units = cells.need("amount", _cells.units)
        code = cells.need("currency", _cells.code)
        due = cells.need("due_date", _cells.day)
        programme = cells.need("programme", _cells.number)
        root = cells.may("documents_root", _cells.hash32, ZERO_HASH)
        reference = cells.may("reference_hash", _cells.hash32, ZERO_HASH)
        if cells.problems or code is None or programme is None:
            return []
        if obligor == creditor:
            advice = "Name who owes and who is owed; one of them signs."
            cells.refuse("obligor", "Obligor and creditor are the same.", advice)
        currency = self._currency(cells, programme, code)
        terms = (obligor, creditor, currency, units, code, due, programme, root, reference)
        return self._checked(cells, terms)

    def call(self, item: Item) -> bytes:
        """See `Form`."""
        return ledger_abi().encode("issue", self._terms(item).as_abi())

    def named(self, item: Item, batch: str, row: int) -> Item:
        """The salt follows from batch and row: the same row is the same receivable every time."""
        content = f"duebill batch\0{batch}\0{row}\0{item}".encode()
        salt = hashlib.blake2b(content, digest_size=_SALT_BYTES).digest()
        return [*item, str(int.from_bytes(salt))]

    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """See `Form`."""
        del logs
        return [Brought(id=self._terms(item).id) for item in items]

    def _currency(self, cells: Cells, programme: int, code: str) -> int | None:
        key = programme, code
        if key not in self._currencies:
            try:
                self._currencies[key] = self._ledger.currency_number(programme, code)
            except DuebillError as error:
                self._currencies[key] = error
        found = self._currencies[key]
        if isinstance(found, int):
            return found
        cells.refuse("currency", found.message, found.hint)
        return None

    def _checked(self, cells: Cells, terms: tuple[Any, ...]) -> Item:
        if cells.problems:
            return []
        obligor, creditor, currency, units, code, due, programme, root, reference = terms
        item = [
            obligor,
            creditor,
            currency,
            units,
            code,
            due.isoformat(),
            programme,
            root,
            reference,
        ]
        try:
            self._terms([*item, "0"])
        except DuebillError as error:
            cells.refuse("", error.message, error.hint)
        return item

    @staticmethod
    def _terms(item: Item) -> Terms:
        obligor, creditor, currency, units, code, due, programme, root, reference, salt = item
        return Terms(
            obligor=obligor,
            creditor=creditor,
            currency=currency,
            face=Money(units, code),
            due_date=_cells.day(due),
            programme=programme,
            documents_root=root,
            reference_hash=reference,
            salt=int(salt),
        )


class Accept(Form):
    """Acceptances, by the obligor."""

    name = "accept"
    gas = 40_000
    columns = (Column(name="receivable", about="its id, or the first characters of it"),)

    def read(self, cells: Cells) -> Item:
        """See `Form`."""
        return [cells.need("receivable", self._desk.receivable_id)]

    def call(self, item: Item) -> bytes:
        """See `Form`."""
        return ledger_abi().encode("accept", ReceivableId(item[0]).number)

    def subject(self, item: Item) -> str | None:
        """See `Form`."""
        return str(item[0])

    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """See `Form`."""
        del logs
        return [Brought(id=item[0]) for item in items]


class Pay(Form):
    """Payments on what is owed, by the obligor or for it."""

    name = "pay"
    gas = 70_000
    columns = (
        Column(name="receivable", about="its id, or the first characters of it"),
        Column(name="amount", about="how much of it; all that is owed if empty", needed=False),
    )

    def read(self, cells: Cells) -> Item:
        """See `Form`."""
        receivable = cells.need("receivable", self._desk.receivable_id)
        return [receivable, cells.may("amount", _cells.units, None)]

    def call(self, item: Item) -> bytes:
        """See `Form`."""
        receivable, units = item
        # The ledger takes no more than is owed by then, so the same row is the same call every time.
        most = MOST_UNITS if units is None else units
        return ledger_abi().encode("pay", ReceivableId(receivable).number, most)

    def subject(self, item: Item) -> str | None:
        """Who means to pay twice on one puts the two together."""
        return str(item[0])

    def cash(self, items: Sequence[Item]) -> Counter[int]:
        """See `Form`."""
        calls = [("receivableOf", ReceivableId(item[0]).number) for item in items]
        found = self._desk.read_all(calls, block=self._desk.chain.block_number())
        needed: Counter[int] = Counter()
        for (_, units), fields in zip(items, found, strict=True):
            owed = fields["face"] - fields["paid"]
            needed[fields["currency"]] += owed if units is None else min(units, owed)
        return needed

    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """See `Form`."""
        told = self._logged("Paid(uint192,address,uint256,bytes32)", logs)
        # amount, evidence: a word each.
        amounts = [int.from_bytes(log.data[:32]) for log in told]
        ids = [ReceivableId(item[0]) for item in items]
        codes = self._desk.codes_of(ids)
        return [
            Brought(id=id_, paid=Money(units, codes[id_]))
            for id_, units in zip(ids, amounts, strict=True)
        ]


class _OfVouchers(Form):
    """Operations on vouchers of the signing account."""

    def _voucher(self, cells: Cells) -> VoucherId | None:
        return cells.need("voucher", self._desk.voucher_id)

    def _made(self, logs: Sequence[Log]) -> Iterator[str]:
        """The new vouchers, in order: each is told once, when it gets its slot."""
        told = self._logged("SlotChanged(uint256,uint256,uint256)", logs)
        return (VoucherId.from_number(int.from_bytes(log.topics[1])) for log in told)


class Transfer(_OfVouchers):
    """Vouchers to others, whole or in part."""

    name = "transfer"
    gas = 50_000
    columns = (
        Column(name="voucher", about="its id: a receivable's, or its first characters, and /2"),
        Column(name="to", about="who gets it"),
        Column(name="amount", about="how much of it; all of it if empty", needed=False),
    )

    def read(self, cells: Cells) -> Item:
        """See `Form`."""
        voucher = self._voucher(cells)
        to = cells.need("to", cells.account)
        return [voucher, to, cells.may("amount", _cells.units, None)]

    def call(self, item: Item) -> bytes:
        """See `Form`."""
        voucher, to, units = item
        number = VoucherId(voucher).number
        if units is None:
            return ledger_abi().encode(_WHOLE, self._signer, to, number)
        return ledger_abi().encode(_PART, number, to, units)

    def subject(self, item: Item) -> str | None:
        """A voucher can be given away whole once."""
        return str(item[0]) if item[2] is None else None

    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """See `Form`."""
        parts = [item for item in items if item[2] is not None]
        made = (new for _, new in zip(parts, self._made(logs), strict=True))
        found = [Brought(id=item[0] if item[2] is None else next(made)) for item in items]
        # Runs to the end: as many new vouchers are told as there are parts.
        if next(made, None) is not None:
            raise ValueError("more vouchers were made than were asked for")
        return found


class Split(_OfVouchers):
    """Parts of vouchers, each as a new voucher for its recipient."""

    name = "split"
    gas = 75_000
    columns = (
        Column(name="voucher", about="its id: a receivable's, or its first characters, and /2"),
        Column(name="to", about="who gets the part; the holder may be one"),
        Column(name="amount", about="how much"),
    )

    def read(self, cells: Cells) -> Item:
        """See `Form`."""
        voucher = self._voucher(cells)
        return [voucher, cells.need("to", cells.account), cells.need("amount", _cells.units)]

    def call(self, item: Item) -> bytes:
        """See `Form`."""
        return self._split(item[0], [item])

    def calls(self, items: Sequence[Item]) -> list[bytes]:
        """Neighbours of one voucher become one split, which takes a tenth less gas for each."""
        return [
            self._split(voucher, parts)
            for voucher, rows in groupby(items, key=lambda item: item[0])
            for parts in _portions(rows, _MOST_PARTS)
        ]

    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """See `Form`."""
        return [Brought(id=id_) for _, id_ in zip(items, self._made(logs), strict=True)]

    @staticmethod
    def _split(voucher: str, items: Sequence[Item]) -> bytes:
        parts = [(to, units) for _, to, units in items]
        return ledger_abi().encode("split", VoucherId(voucher).number, parts)


class Redeem(_OfVouchers):
    """Money out, against vouchers."""

    name = "redeem"
    gas = 65_000
    columns = (
        Column(name="voucher", about="its id: a receivable's, or its first characters, and /2"),
    )

    def read(self, cells: Cells) -> Item:
        """See `Form`."""
        return [self._voucher(cells)]

    def call(self, item: Item) -> bytes:
        """See `Form`."""
        return ledger_abi().encode("redeem", VoucherId(item[0]).number)

    def subject(self, item: Item) -> str | None:
        """See `Form`."""
        return str(item[0])

    def brought(self, items: Sequence[Item], logs: Sequence[Log]) -> list[Brought]:
        """See `Form`."""
        told = self._logged("Redeemed(uint256,address,address,uint256,uint256)", logs)
        # payee, value, payout: a word each.
        payouts = [int.from_bytes(log.data[64:96]) for log in told]
        vouchers = [VoucherId(item[0]) for item in items]
        codes = self._desk.codes_of([voucher.receivable for voucher in vouchers])
        return [
            Brought(id=voucher, payout=Money(units, codes[voucher.receivable]))
            for voucher, units in zip(vouchers, payouts, strict=True)
        ]


def _portions(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    portion: list[Item] = []
    for row in rows:
        portion.append(row)
        if len(portion) == size:
            yield portion
            portion = []
    if portion:
        yield portion
