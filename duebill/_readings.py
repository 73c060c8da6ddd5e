"""What stands in a ledger: everything that is read of it, each answer at one block."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from duebill import _acts, _views, artifacts
from duebill._abi import GATE
from duebill._fold import PartyRecord
from duebill.chain import Following
from duebill.errors import (
    Ambiguous,
    CurrencyIsOffChain,
    ERC721NonexistentToken,
    HistoryInconsistent,
    NotFound,
)
from duebill.model import (
    FOREVER,
    Advance,
    GateRules,
    Holding,
    Money,
    Receivable,
    ReceivableId,
    Rows,
    Voucher,
    address,
    hash_bytes,
    hash_text,
    time_of,
)
from duebill.model._money import MOST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from duebill._contracts import Contracts
    from duebill._desk import Desk
    from duebill.chain import Block
    from duebill.model import (
        Act,
        Address,
        Currency,
        Cursor,
        Event,
        LineageNode,
        Programme,
        Status,
        Terms,
        VoucherId,
    )
    from duebill.model import Party as PartyRow
    from duebill.parties import Tie


class Readings:
    """The reads of a ledger; all of one call are taken at one block, so they fit each other.

    Attributes:
        address: Where the ledger is.
        contracts: Where the contracts are that go with it.
        confirmations: How many blocks, their own included, make transactions final.
    """

    address: Address
    contracts: Contracts
    confirmations: int
    _desk: Desk
    _first_block: int

    # -- by id ------------------------------------------------------------------------------

    def time(self) -> datetime:
        """The chain's own time, that of its latest block: deadlines and due dates follow it."""
        return time_of(self._desk.chain.block().time)

    def paused_until(self) -> datetime | None:
        """The last second of the pause; None when the ledger is not paused."""
        block = self._desk.chain.block()
        until = self._desk.read("pausedUntil", block=block.number)
        return time_of(until) if until >= block.time else None

    def resolve(self, text: str) -> ReceivableId | VoucherId:
        """The id that begins with these characters: `3fa2` a receivable, `3fa2/2` a voucher.

        Raises:
            BadId: Not the beginning of an id.
            NotFound: No id begins so.
            Ambiguous: Several do.
        """
        return self._desk.voucher_id(text) if "/" in text else self._desk.receivable_id(text)

    def receivable(self, id_: str) -> Receivable:
        """A receivable as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one.
        """
        id_ = self._desk.receivable_id(id_)
        fields = self._desk.read("receivableOf", id_.number)
        self._desk.require_issued(id_, fields)
        return _views.receivable(id_, fields, self._desk.code(fields["currency"]))

    def terms(self, receivable: str) -> Terms:
        """What a receivable says; checked against its id, which is their hash.

        Raises:
            IdError: There is none, or more than one.
        """
        id_ = self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, block):
            record = books.receivables.get(id_)
        if record is None:
            raise NotFound("receivable", id_)
        terms = _views.terms(record.issued, self._desk.code(record.issued["currency"]))
        if terms.id != id_:
            reason = f"the terms told for {id_} are not its own"
            raise HistoryInconsistent(block=block.number, reason=reason)
        return terms

    def voucher(self, id_: str) -> Voucher:
        """A voucher as it stands, by its id or the first characters of it.

        Raises:
            IdError: There is none, or more than one; or it was emptied and is no more.
        """
        voucher = self._desk.voucher_id(id_)
        code = self._desk.code_of(voucher.receivable)
        try:
            fields = self._desk.read("voucherOf", voucher.number)
        except ERC721NonexistentToken as error:
            raise NotFound("voucher", voucher) from error
        return _views.voucher(voucher, fields, code)

    def read_many(self, ids: Iterable[str]) -> tuple[Receivable | Voucher, ...]:
        """Receivables and vouchers, in the order of their ids, all at one block."""
        wanted = [self.resolve(id_) for id_ in ids]
        return tuple(self._read_many(wanted, block=self._desk.chain.block_number()))

    def lineage(self, id_: str) -> LineageNode:
        """The tree of vouchers that came from a receivable, or from one of its vouchers."""
        found = self.resolve(id_)
        root = found.voucher(1) if isinstance(found, ReceivableId) else found
        code = self._desk.code_of(root.receivable)
        with self._desk.history.books() as (books, _):
            if root not in books.vouchers:
                raise NotFound("voucher", root)
            return _views.lineage(books, root, code)

    def party(self, who: str) -> PartyRow:
        """What the ledger knows of an account."""
        account = address(who)
        return _views.party(account, self._desk.read("partyOf", account))

    def ties(self, who: str) -> tuple[Tie, ...]:
        """What binds an address to others, each with what to do about it once its key is lost.

        Orders that it signed and nobody has used are not on the chain, so they are not among them.
        """
        # Met only when a key is lost.
        from duebill.parties._ties import ties_of  # noqa: PLC0415

        return ties_of(self._desk, address(who))

    # -- lists ------------------------------------------------------------------------------

    def receivables(
        self,
        *,
        obligor: str | None = None,
        creditor: str | None = None,
        status: Status | None = None,
    ) -> Rows[Receivable]:
        """The receivables that fit all that is given, oldest first."""
        owes = None if obligor is None else address(obligor)
        owed = None if creditor is None else address(creditor)
        with self._desk.history.books() as (books, block):
            ids = [
                record.id
                for record in books.receivables.values()
                if owes in {None, record.issued["obligor"]}
                and owed in {None, record.issued["creditor"]}
            ]
        found = self._read_many(ids, block=block.number)
        return Rows(r for r in found if isinstance(r, Receivable) and status in {None, r.status})

    def vouchers(
        self, *, holder: str | None = None, receivable: str | None = None
    ) -> Rows[Voucher]:
        """The vouchers that exist and fit all that is given, oldest first."""
        found = self._vouchers(holder=holder, receivable=receivable)
        return Rows(found)

    def holdings(
        self, *, holder: str | None = None, receivable: str | None = None
    ) -> Rows[Holding]:
        """Who holds how much, one row for each holder and currency, largest first."""
        held: dict[tuple[Address, str], list[Voucher]] = {}
        for voucher in self._vouchers(holder=holder, receivable=receivable):
            held.setdefault((voucher.holder, voucher.value.currency), []).append(voucher)
        rows = (_holding(who, code, vouchers) for (who, code), vouchers in held.items())
        return Rows(sorted(rows, key=lambda row: (-row.value.units, row.holder)))

    def parties(self, *, identifier: str | None = None) -> Rows[PartyRow]:
        """Every account that was ever verified or frozen, in order.

        Args:
            identifier: Only those with this keyed hash; `Identifier.keyed_hash` makes it for those
                who have the registrar's key.
        """
        wanted = None if identifier is None else hash_text(hash_bytes(identifier))
        with self._desk.history.books() as (books, block):
            known = [
                who
                for who, party in books.parties.items()
                if party != PartyRecord() and wanted in {None, party.identifier}
            ]
        calls = [("partyOf", who) for who in known]
        answers = self._desk.read_all(calls, block=block.number)
        return Rows(map(_views.party, known, answers))

    def expiring(self, *, within: timedelta) -> Rows[PartyRow]:
        """Parties whose verification ends within a time from now, the first to end first."""
        now = self.time()
        found = [it for it in self.parties() if it.is_verified(now)]
        ends = [(it.verified_until, it) for it in found if it.verified_until != FOREVER]
        soon = [(end, it) for end, it in ends if end is not None and end - now <= within]
        return Rows(it for _, it in sorted(soon, key=lambda pair: pair[0]))

    def advances(self, receivable: str) -> Rows[Advance]:
        """What guarantors paid into a receivable, in order."""
        id_ = self._desk.receivable_id(receivable)
        code = self._desk.code_of(id_)
        with self._desk.history.books() as (books, _):
            record = books.receivables[id_]
            claims = books.advance_claims(record)
            return Rows(
                Advance(
                    receivable=id_,
                    start=start,
                    guarantor=advance.guarantor,
                    amount=Money(advance.amount, code),
                    reimbursed=Money(advance.reimbursed, code),
                    reimbursable=Money(claims[start], code),
                )
                for start, advance in record.advances.items()
            )

    # -- rules and cash ---------------------------------------------------------------------

    def programme(self, number: int) -> Programme:
        """A programme.

        Raises:
            ProgrammeUnknown: There is none of this number.
        """
        fields, is_open = self._desk.read("programmeOf", number)
        return _views.programme(number, fields, is_open=is_open)

    def gate_rules(self, programme: int) -> GateRules | None:
        """What a programme's gate asks beyond the ledger's rules.

        None: it has no gate, or one of a bank's own, whose rules its contract alone tells.

        Raises:
            ProgrammeUnknown: There is none of this number.
        """
        gate = self.programme(programme).rules.gate
        if gate is None or not artifacts.load(GATE).matches(self._desk.chain.code(gate)):
            return None
        return GateRules.of(self._desk.ask_gate(gate, "rules"))

    def programmes(self) -> Rows[Programme]:
        """All programmes."""
        block = self._desk.chain.block_number()
        numbers = range(1, self._desk.read("programmeCount", block=block) + 1)
        answers = self._desk.read_all([("programmeOf", n) for n in numbers], block=block)
        rows = zip(numbers, answers, strict=True)
        return Rows(_views.programme(n, fields, is_open=o) for n, (fields, o) in rows)

    def currency(self, number_or_code: int | str) -> Currency:
        """A currency, by number, or by code when one open currency has it.

        Raises:
            CurrencyUnknown: There is none of this number.
            NotFound: No open currency has this code.
            Ambiguous: Several have it.
        """
        if isinstance(number_or_code, int):
            return self._desk.currency(number_or_code)
        found = [c for c in self.currencies() if c.open and c.code == number_or_code]
        if not found:
            raise NotFound("open currency", number_or_code)
        if len(found) > 1:
            raise Ambiguous(number_or_code, matches=tuple(str(c.number) for c in found))
        return found[0]

    def currency_number(self, programme: int, code: str) -> int:
        """The number of the currency that a code means under a programme.

        Raises:
            CurrencyUnknown, NotFound, Ambiguous: As for `currency`.
        """
        admitted = self.programme(programme).rules.currency
        if admitted is not None and self._desk.code(admitted) == code:
            return admitted
        return self.currency(code).number

    def currencies(self) -> Rows[Currency]:
        """All currencies."""
        block = self._desk.chain.block_number()
        numbers = range(1, self._desk.read("currencyCount", block=block) + 1)
        answers = self._desk.read_all([("currencyOf", n) for n in numbers], block=block)
        return Rows(map(_views.currency, numbers, answers))

    def cash(self, who: str, currency: int | str) -> Money:
        """How much of a currency's token an account has, in whole units of 10^-6, rounded down.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        row = self.currency(currency)
        if row.token is None:
            raise CurrencyIsOffChain(currency=row.number)
        amount = self._desk.ask_token(row.token, "balanceOf", address(who))
        return Money(_in_units(amount, row.decimals), row.code)

    def allowance(self, owner: str, currency: int | str, *, spender: str) -> Money:
        """How much of an owner's token a contract may take; at most what a `Money` can hold.

        Raises:
            CurrencyIsOffChain: The currency has no token.
        """
        row = self.currency(currency)
        if row.token is None:
            raise CurrencyIsOffChain(currency=row.number)
        amount = self._desk.ask_token(row.token, "allowance", address(owner), address(spender))
        # Some allow all that there could ever be.
        return Money(min(_in_units(amount, row.decimals), MOST_UNITS), row.code)

    # -- events -----------------------------------------------------------------------------

    def events(self, *, since: int | None = None, until: int | None = None) -> Rows[Event]:
        """What the ledger and the contracts beside it wrote to the log, in order.

        Args:
            since: The first block; the deployment's when not given.
            until: The last block; the latest when not given.
        """
        first = self._first_block if since is None else since
        last = self._desk.chain.block_number() if until is None else until
        return Rows(self._desk.chain.events(self.contracts.own, first=first, last=last))

    @property
    def first_block(self) -> int:
        """The block that its story begins with: that of its deployment."""
        return self._first_block

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        """Blocks by their numbers, with their hashes and times.

        Raises:
            NodeAnswerInvalid: The node does not have one of them.
        """
        return self._desk.chain.blocks(numbers)

    def follow(  # noqa: PLR0913 - one for each way to read
        self,
        *,
        since: int | None = None,
        cursor: Cursor | None = None,
        confirmations: int | None = None,
        live: bool = True,
        every: float = 2.0,
        patience: float = 600.0,
        registry: bool = False,
    ) -> Following:
        """Follow what `events` gives, from block to block: each event once, in order.

        When a block leaves the chain, a `Removed` for it comes before the events of the new blocks.
        `Following.cursor` says where it stands; give that back to go on after a restart.

        Args:
            since: The first block; the deployment's when not given.
            cursor: Where another one stood; `since` is of no account then.
            confirmations: How many blocks, their own included, events wait for; those of the
                connection when not given.
            live: Whether to wait for new blocks; otherwise it ends when all is read.
            every: Seconds between two looks for new blocks.
            patience: Seconds for which a node that does not answer is asked again.
            registry: Whether to follow the invoice registry too. What it tells is about all ledgers
                that share it.

        Raises:
            CursorForeign: The cursor is one of another ledger.
            NodeUnavailable: While iterating: the patience is over.
            ReorgTooDeep: While iterating: more left the chain than a cursor knows.
        """
        return Following(
            self._desk.chain,
            self.contracts.all if registry else self.contracts.own,
            since=self._first_block if since is None else since,
            cursor=cursor,
            confirmations=confirmations or self.confirmations,
            live=live,
            every=every,
            patience=patience,
        )

    def acts(self) -> Rows[Act]:
        """What supervisors and enforcers did, in order, and what is left of it by the chain's time.

        Acts that were announced are among them: by the role manager's own record.
        """
        chain = self._desk.chain
        latest = chain.block()
        manager = self._desk.read("authority", block=latest.number)
        places = (*self.contracts.own, manager)
        events = chain.events(places, first=self._first_block, last=latest.number)
        found = _acts.acts(
            # One role manager can serve several ledgers.
            (it for it in events if it.args.get("target", self.address) == self.address),
            now=time_of(latest.time),
            time_at=cache(lambda block: time_of(chain.block(block).time)),
        )
        return Rows(found)

    # -- inside -----------------------------------------------------------------------------

    def _read_many(
        self, ids: Sequence[ReceivableId | VoucherId], *, block: int
    ) -> Iterator[Receivable | Voucher]:
        calls = [
            ("receivableOf" if isinstance(id_, ReceivableId) else "voucherOf", id_.number)
            for id_ in ids
        ]
        for id_, fields in zip(ids, self._desk.read_all(calls, block=block), strict=True):
            if isinstance(id_, ReceivableId):
                self._desk.require_issued(id_, fields)
                yield _views.receivable(id_, fields, self._desk.code(fields["currency"]))
            else:
                yield _views.voucher(id_, fields, self._desk.code_of(id_.receivable))

    def _vouchers(self, *, holder: str | None, receivable: str | None) -> list[Voucher]:
        who = None if holder is None else address(holder)
        part_of = None if receivable is None else self._desk.receivable_id(receivable)
        with self._desk.history.books() as (books, block):
            if part_of is not None and part_of not in books.receivables:
                raise NotFound("receivable", part_of)
            ids = [
                record.id
                for record in books.vouchers.values()
                if record.alive
                and who in {None, record.holder}
                and part_of in {None, record.id.receivable}
            ]
        return [v for v in self._read_many(ids, block=block.number) if isinstance(v, Voucher)]


def _holding(holder: Address, code: str, vouchers: list[Voucher]) -> Holding:
    return Holding(
        holder=holder,
        vouchers=tuple(voucher.id for voucher in vouchers),
        value=Money.total((voucher.value for voucher in vouchers), code),
        claimable=Money.total((voucher.claimable for voucher in vouchers), code),
    )


def _in_units(amount: int, decimals: int) -> int:
    factor: int = 10 ** abs(6 - decimals)
    return amount * factor if decimals < 6 else amount // factor
