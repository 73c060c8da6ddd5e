"""Following events: each one once, in order, through lost connections and reorganisations."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from duebill.errors import CursorForeign, NodeAnswerInvalid, NodeUnavailable, ReorgTooDeep
from duebill.model import Cursor, Mark, Removed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duebill.chain._answers import Block
    from duebill.chain._chain import Chain
    from duebill.model import Address, Event

# As deep a reorganisation as can be told block by block.
_MOST_MARKS = 256
# Blocks in one reading. It grows over empty stretches and shrinks where events are many, so that
# what is in memory stays about the same.
_FIRST_SPAN = 1_000
_LARGEST_SPAN = 200_000
_FEW, _MANY = 1_000, 5_000


class Following:
    """An iterator over the events of contracts, from a block on: `Event`, and `Removed`.

    Nothing is lost or given twice: what was given out is in `cursor`, and another following goes on
    from there. When the node does not answer it is asked again; when a block that was read leaves
    the chain, `Removed` comes before the events of the new blocks.
    """

    def __init__(  # noqa: PLR0913 - one for each way to read
        self,
        chain: Chain,
        contracts: Sequence[Address],
        *,
        since: int,
        cursor: Cursor | None,
        confirmations: int,
        live: bool,
        every: float,
        patience: float,
    ) -> None:
        if cursor is not None:
            _require_own(cursor, chain.expected, contracts[0])
        self._chain = chain
        self._contracts = contracts
        self._covered_by = confirmations - 1
        self._live = live
        self._every = every
        self._patience = patience
        self._block = cursor.block if cursor else since
        self._index = cursor.index if cursor else -1
        self._origin = cursor.origin if cursor else since
        self._marks = deque(cursor.marks if cursor else ())
        self._span = _FIRST_SPAN
        self._answered = time.monotonic()
        self._found = self._follow()

    def __iter__(self) -> Iterator[Event | Removed]:
        return self

    def __next__(self) -> Event | Removed:
        return next(self._found)

    @property
    def cursor(self) -> Cursor:
        """Where it stands: after everything that was given out."""
        return Cursor(
            chain_id=self._chain.expected,
            ledger=self._contracts[0],
            block=self._block,
            index=self._index,
            marks=tuple(self._marks),
            origin=self._origin,
        )

    # -- inside -----------------------------------------------------------------------------

    def _follow(self) -> Iterator[Event | Removed]:
        while True:
            try:
                yield from self._up_to_date()
            except (NodeUnavailable, NodeAnswerInvalid):
                # A node behind others has no answer yet to what they have told.
                if time.monotonic() - self._answered >= self._patience:
                    raise
            else:
                if not self._live:
                    return
            time.sleep(self._every)

    def _up_to_date(self) -> Iterator[Event | Removed]:
        while True:
            latest = self._chain.block_number()
            end = min(latest - self._covered_by, self._block + self._span - 1)
            tip = self._chain.block(end) if end >= self._block else None
            yield from self._taken_back(latest)
            self._answered = time.monotonic()
            if tip is None:
                return
            yield from self._read_up_to(tip)

    def _taken_back(self, latest: int) -> Iterator[Removed]:
        """What of the blocks that were read is not there any more, the newest first."""
        # A node that is behind does not know the newest ones, and does not deny them by that.
        known = next((mark for mark in reversed(self._marks) if mark.block <= latest), None)
        if known is None or self._is_there(known):
            return
        oldest = self._marks[0].block
        while self._marks and not self._is_there(self._marks[-1]):
            gone = self._marks.pop()
            self._block = self._marks[-1].block + 1 if self._marks else (self._origin or oldest)
            self._index = -1
            if gone.told:
                yield Removed(block=gone.block, block_hash=gone.block_hash)
        if not self._marks and self._origin is None:
            raise ReorgTooDeep(block=oldest)

    def _read_up_to(self, tip: Block) -> Iterator[Event]:
        start = self._block, self._index
        found = [
            event
            for event in self._chain.events(self._contracts, first=start[0], last=tip.number)
            if (event.block, event.log_index) > start
        ]
        # The chain may have changed under the reader: then what was read is in doubt.
        if not self._chain.has_block(tip.number, tip.hash) or _contradict(found, tip):
            return
        for event in found:
            self._mark(Mark(block=event.block, block_hash=event.block_hash, told=True))
            self._block, self._index = event.block, event.log_index
            yield event
        self._mark(Mark(block=tip.number, block_hash=tip.hash, told=False))
        self._block, self._index = tip.number + 1, -1
        self._adapt(len(found))

    def _is_there(self, mark: Mark) -> bool:
        return self._chain.has_block(mark.block, mark.block_hash)

    def _mark(self, mark: Mark) -> None:
        if self._marks and self._marks[-1].block == mark.block:
            return
        self._marks.append(mark)
        if len(self._marks) > _MOST_MARKS:
            self._marks.popleft()
            self._origin = None

    def _adapt(self, found: int) -> None:
        if found > _MANY:
            self._span = max(1, self._span // 2)
        elif found < _FEW:
            self._span = min(_LARGEST_SPAN, self._span * 2)


def _contradict(events: Sequence[Event], tip: Block) -> bool:
    return any(event.block == tip.number and event.block_hash != tip.hash for event in events)


def _require_own(cursor: Cursor, chain_id: int, ledger: Address) -> None:
    if (cursor.chain_id, cursor.ledger) != (chain_id, ledger):
        raise CursorForeign(
            expected=f"ledger {ledger} on chain {chain_id}",
            found=f"ledger {cursor.ledger} on chain {cursor.chain_id}",
        )
