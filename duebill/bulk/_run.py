"""Carrying a batch out: what is done is found, the rest is tried out, packed, sent and watched."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill.bulk._packing import Tried, gas_limit, most_gas, packed
from duebill.bulk._results import RowResult, RowStatus
from duebill.bulk._rows import rows_in, spans_of
from duebill.chain import Pipeline, Write, try_out
from duebill.errors import BatchDiffers, NodeAnswerInvalid, RevertError
from duebill.journal import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill._actions import Action, Approval
    from duebill.bulk._job import Job
    from duebill.chain import Landed
    from duebill.chain._answers import Receipt
    from duebill.journal import Entry

# Gas of the rows that are tried out and sent together: nodes allow about a block's worth of it, and
# if it is too much for one, halves are tried.
_GAS_AT_ONCE = 25_000_000
# Transactions under way at once. Nodes keep a limited number for one account; packed ones fill
# whole blocks, so a few are enough.
_MOST_ALONE = 1_000
_MOST_PACKED = 16
# How often a row is sent anew after its transaction had no effect.
_MOST_TRIES = 3
_SHORTEST_PAUSE = 0.005
_LONGEST_PAUSE = 0.5
_EARLIER_AT_ONCE = 100


class Run:
    """One run of a batch.

    A row is refused for good only when nothing of the batch is under way and no other row tried
    out with it goes through: what is under way, or goes before it, may make it possible.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._chain = job.desk.chain
        self._pipeline = Pipeline(self._chain, job.key)
        self._rows: dict[int, list[int]] = {}
        # References that were used up, by their rows; and rows to be tried out once more.
        self._used: Counter[str] = Counter()
        self._again: list[int] = []
        self._tries: Counter[int] = Counter()
        self._after = 0

    def results(self) -> Iterator[RowResult]:
        """What became of each row, as it comes."""
        self._chain.require_chain()
        yield from self._earlier()
        self._allow()
        pause = _SHORTEST_PAUSE
        while True:
            yield from self._sending()
            ended = self._pipeline.landed()
            for each in ended:
                yield from self._result_of(each)
            if not self._pipeline and not self._has_more():
                return
            if self._pipeline.idle_seconds > self._job.timeout:
                yield from self._given_up()
                return
            pause = _SHORTEST_PAUSE if ended else min(pause * 1.5, _LONGEST_PAUSE)
            if self._pipeline and not ended:
                time.sleep(pause)

    # -- what an earlier run did ------------------------------------------------------------

    def _earlier(self) -> Iterator[RowResult]:
        journal, before = self._chain.dispatch.journal, None
        while True:
            found = journal.begun_with(
                f"{self._job.reference}/", before=before, most=_EARLIER_AT_ONCE
            )
            if not found:
                return
            yield from self._taken_up(found)
            before = found[0].id

    def _taken_up(self, entries: Sequence[Entry]) -> Iterator[RowResult]:
        done: list[Entry] = []
        open_: list[Entry] = []
        for entry in entries:
            spans = entry.reference.removeprefix(f"{self._job.reference}/").partition("#")[0]
            rows = rows_in(spans)
            if rows is None:
                continue
            action = self._require_same(entry, rows, spans)
            if entry.stage is Stage.REVERTED:
                self._used[spans] += 1
                continue
            if entry.stage is Stage.RELEASED:
                entry = self._chain.dispatch.submit(  # noqa: PLW2901 - it goes on as this one
                    action, signer=self._job.key, reference=entry.reference
                )
            self._rows[entry.id] = rows
            self._job.spool.take(rows)
            (done if entry.settled else open_).append(entry)
        yield from self._found(done)
        if open_:
            self._pipeline.follow(open_)

    def _require_same(self, entry: Entry, rows: list[int], spans: str) -> Action[None]:
        """The call that these rows stand for, which has to be what the journal has."""
        items = self._job.items(rows)
        action = self._job.action(items) if items else None
        sent = entry.draft.sender, entry.draft.to, entry.draft.data
        if action is None or sent != (self._job.key.address, action.to, action.data):
            raise BatchDiffers(self._job.reference, rows=spans)
        return action

    def _found(self, entries: Sequence[Entry]) -> Iterator[RowResult]:
        hashes = [entry.settled.transaction for entry in entries if entry.settled]
        for entry, receipt in zip(entries, self._chain.receipts(hashes), strict=True):
            if receipt is None:
                # Its block has left the chain.
                self._chain.dispatch.journal.reopen([entry])
                self._pipeline.follow([self._chain.dispatch.journal.entry(entry.id)])
            else:
                yield from self._done(entry, receipt)

    # -- cash -------------------------------------------------------------------------------

    def _allow(self) -> None:
        """Let the ledger take in what the rows need that are not done yet.

        An allowance is set and not added to, so that doing it again after a crash does no harm.
        """
        under_way = [row for rows in self._rows.values() for row in rows]
        for approval in approvals(self._job, under_way):
            action = self._job.sent(approval)
            self._chain.submit(action, signer=self._job.key).wait()

    # -- sending ----------------------------------------------------------------------------

    def _sending(self) -> Iterator[RowResult]:
        """Fill the pipeline."""
        most = _MOST_ALONE if self._job.alone else _MOST_PACKED
        at_once = _GAS_AT_ONCE // self._job.form.gas
        while len(self._pipeline) < most:
            rows = self._job.spool.waiting(after=self._after, most=at_once)
            if rows:
                self._after = rows[-1][0]
                self._job.spool.take(row for row, _ in rows)
                yield from self._send([row for row, _ in rows])
            elif self._again and not self._pipeline:
                self._job.spool.give_back(self._again)
                self._again, self._after = [], 0
            else:
                return

    def _send(self, rows: list[int]) -> Iterator[RowResult]:
        """Send those of some rows that would go through."""
        items = self._job.items(rows) or []
        calls = self._job.calls(items)
        trials = try_out(self._chain, calls, sender=self._job.sender)
        good, bad = [], []
        for row, item, call, trial in zip(rows, items, calls, trials, strict=True):
            if trial.error is None:
                good.append(Tried(row=row, item=item, call=call.data, gas=trial.gas))
            else:
                bad.append((row, trial.error))
        if good or self._pipeline:
            self._again += [row for row, _ in bad]
        else:
            yield from (RowResult.refused(row, error) for row, error in bad)
        if good:
            self._send_packed(good)

    def _send_packed(self, good: Sequence[Tried]) -> None:
        limit = self._chain.block().gas_limit
        packs = list(packed(good, room=most_gas(limit), most=1 if self._job.alone else None))
        parcels = [parcel for pack in self._gauged(packs) for parcel in pack]
        writes = [
            Write(
                action=parcel.action,
                reference=self._reference(parcel.rows),
                gas=gas_limit(parcel.gas, block_limit=limit),
            )
            for parcel in parcels
        ]
        for entry, parcel in zip(self._pipeline.send(writes), parcels, strict=True):
            self._rows[entry.id] = parcel.rows

    def _gauged(self, packs: Sequence[list[Tried]]) -> Iterator[list[_Parcel]]:
        """Packs as parcels with the gas that they take; one that is refused is undone."""
        parcels = [self._parcel(pack) for pack in packs]
        several = [parcel.action for parcel in parcels if len(parcel.rows) > 1]
        trials = iter(try_out(self._chain, several, sender=self._job.key.address))
        for pack, parcel in zip(packs, parcels, strict=True):
            trial = next(trials) if len(pack) > 1 else None
            if trial is None:
                yield [parcel]
            elif trial.error is None:
                yield [_Parcel(rows=parcel.rows, action=parcel.action, gas=trial.gas)]
            else:
                yield [self._parcel([it]) for it in pack]

    def _parcel(self, pack: list[Tried]) -> _Parcel:
        action = self._job.action([it.item for it in pack])
        gas = sum(it.gas for it in pack) + self._job.gas_beyond
        return _Parcel(rows=[it.row for it in pack], action=action, gas=gas)

    def _reference(self, rows: Sequence[int]) -> str:
        spans = spans_of(rows)
        used = self._used[spans]
        return f"{self._job.reference}/{spans}" + (f"#{used + 1}" if used else "")

    # -- what became of it ------------------------------------------------------------------

    def _result_of(self, ended: Landed) -> Iterator[RowResult]:
        entry = ended.entry
        if ended.error is None and ended.receipt:
            yield from self._done(entry, ended.receipt)
            return
        rows = self._rows.pop(entry.id)
        self._used[spans_of(rows)] += 1
        self._tries.update(rows)
        # What a contract says about a single row is about that row.
        said = len(rows) == 1 and isinstance(ended.error, RevertError)
        for row in rows:
            if ended.error and (said or self._tries[row] >= _MOST_TRIES):
                transaction = ended.receipt.transaction if ended.receipt else None
                yield RowResult.refused(row, ended.error, transaction)
            else:
                self._again.append(row)

    def _done(self, entry: Entry, receipt: Receipt) -> Iterator[RowResult]:
        rows = self._rows.pop(entry.id)
        try:
            brought = self._job.form.brought(self._job.items(rows) or [], receipt.logs)
        except ValueError as error:
            reason = "its events are not those of the call"
            raise NodeAnswerInvalid("eth_getTransactionReceipt", reason=reason) from error
        for row, each in zip(rows, brought, strict=True):
            yield RowResult.done(row, each, transaction=receipt.transaction, block=receipt.block)

    def _given_up(self) -> Iterator[RowResult]:
        """Nothing has moved for long: what is under way is told, and what was not sent."""
        for entry, refusal in self._pipeline.under_way():
            for row in self._rows[entry.id]:
                yield RowResult.waiting(row, entry.newest.hash, refusal)
        unsent = self._again
        while rows := self._job.spool.waiting(after=self._after, most=_EARLIER_AT_ONCE):
            self._after = rows[-1][0]
            unsent += [row for row, _ in rows]
        yield from (RowResult.waiting(row, None, None) for row in unsent)

    def _has_more(self) -> bool:
        return bool(self._again or self._job.spool.waiting(after=self._after, most=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """Rows that go into one transaction, and the gas that it takes."""

    rows: list[int]
    action: Action[None]
    gas: int


def approvals(job: Job, under_way: Sequence[int] = ()) -> list[Approval]:
    """What lets the ledger take in what rows need: those that wait, and others that are named."""
    needed, after = job.form.cash(job.items(under_way) or []), 0
    while rows := job.spool.waiting(after=after, most=_EARLIER_AT_ONCE):
        after = rows[-1][0]
        needed += job.form.cash([item for _, item in rows])
    return [
        approval
        for currency, units in sorted(needed.items())
        for approval in job.desk.allowing(currency, units, owner=job.sender)
    ]


def tried(job: Job) -> Iterator[RowResult]:
    """A dry run: what would become of each row; nothing is signed or sent.

    Some rows are tried out together, on the state that those before them leave; others are not seen.
    """
    after, first = 0, approvals(job)
    at_once = _GAS_AT_ONCE // job.form.gas
    while rows := [row for row, _ in job.spool.waiting(after=after, most=at_once)]:
        after = rows[-1]
        calls = job.calls(job.items(rows) or [])
        trials = try_out(job.desk.chain, calls, sender=job.sender, first=first)
        for row, trial in zip(rows, trials, strict=True):
            if trial.error:
                yield RowResult.refused(row, trial.error)
            else:
                yield RowResult(row=row, status=RowStatus.POSSIBLE)
