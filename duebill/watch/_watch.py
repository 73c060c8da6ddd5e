"""Following a ledger with rules: each alert is told once, and withdrawn when its blocks leave."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from duebill.errors import HistoryInconsistent, NodeAnswerInvalid, ReorgTooDeep, RuleFailed
from duebill.model import Event, Removed
from duebill.watch._alert import Withdrawn
from duebill.watch._kept import ReadBlock
from duebill.watch._view import View

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from datetime import datetime

    from duebill.ledger import Ledger
    from duebill.model import Cursor
    from duebill.watch._alert import Alert
    from duebill.watch._kept import KeptEvents
    from duebill.watch._rule import Rule

# Blocks whose headers are asked for together.
_BLOCKS_TOGETHER = 100
_ATTEMPTS = 5


class Watch:
    """Rules that look at a ledger, block by block.

    What they tell follows from the chain alone. So it is found again from the ledger's first block
    after each start and after each reorganisation, and what was told before is passed over. Events
    that are kept need not be asked for again.

    Args:
        ledger: The ledger.
        rules: The rules.
        told: The alerts that were told before, and not withdrawn.
        since: The first moment, by the chain's clock, that alerts are told of.
        confirmations: How many blocks, their own included, events wait for.
        kept: Events that were read before, and where those that are read now are kept.
    """

    def __init__(  # noqa: PLR0913 - one for each thing that is known beforehand
        self,
        ledger: Ledger,
        rules: Sequence[Rule],
        *,
        told: Iterable[Alert] = (),
        since: datetime | None = None,
        confirmations: int | None = None,
        kept: KeptEvents | None = None,
    ) -> None:
        self._ledger = ledger
        self._rules = rules
        self._since = since
        self._confirmations = confirmations
        self._kept = kept
        self._told = {alert.id: alert for alert in told}
        self._standing: dict[str, Alert] = {}
        self._view = View()
        self._cursor: Cursor | None = None

    @property
    def standing(self) -> tuple[Alert, ...]:
        """Every alert that stands, told now or before, in the order in which they were found."""
        return tuple(filter(self._is_late, self._standing.values()))

    @property
    def block(self) -> int | None:
        """The last block that was read; None while not all is read."""
        return self._cursor.block - 1 if self._cursor else None

    def once(self) -> Iterator[Alert | Withdrawn]:
        """Read on up to the latest block; gives what was not told before.

        Raises:
            RuleFailed: A rule raised an error of its own.
            NodeUnavailable: The node does not answer.
            HistoryInconsistent: Its answers contradict each other, also when asked again.
        """
        for _ in range(_ATTEMPTS):
            # When a block that was read has left the chain, what follows from the others is found
            # anew.
            if (yield from self._read_on()):
                yield from self._gone()
                return
        reason = "the chain does not come to rest"
        raise HistoryInconsistent(block=self._view.number, reason=reason)

    # -- inside -----------------------------------------------------------------------------

    def _read_on(self) -> Generator[Alert, None, bool]:
        """Read what is new; gives whether the chain stayed as it was."""
        begun, self._cursor = self._cursor, None
        kept: Sequence[ReadBlock] = ()
        if begun is None:
            self._view, self._standing = View(), {}
            if self._kept:
                begun, kept = self._kept.cursor, self._kept.blocks
        following = self._ledger.follow(
            cursor=begun, live=False, confirmations=self._confirmations, registry=True
        )
        try:
            # What is kept is looked at once the first answer shows that it still holds.
            for batch in _batches(following):
                blocks = self._fetched(batch)
                if blocks is None:
                    return False
                yield from self._look([*kept, *blocks])
                kept = ()
            yield from self._look(kept)
        except ReorgTooDeep:
            self._forget(0)
            return False
        except NodeAnswerInvalid:
            # A block is gone that was there a moment ago.
            return False
        # Only whoever came to the end can go on from there.
        self._cursor = following.cursor
        if self._kept and self._cursor.marks:
            self._kept.reached(self._cursor.marks[-1])
        return True

    def _fetched(self, batch: Sequence[Sequence[Event | Removed]]) -> list[ReadBlock] | None:
        """The blocks of some events, which are kept; None if there are others now."""
        gone = [it.block for group in batch for it in group if isinstance(it, Removed)]
        if gone:
            self._forget(min(gone))
            return None
        headers = self._ledger.blocks([group[0].block for group in batch])
        found = []
        for header, group in zip(headers, batch, strict=True):
            if header.hash != group[0].block_hash:
                return None
            events = tuple(it for it in group if isinstance(it, Event))
            found.append(
                ReadBlock(number=header.number, hash=header.hash, time=header.time, events=events)
            )
        if self._kept:
            self._kept.add(found)
        return found

    def _forget(self, block: int) -> None:
        if self._kept:
            self._kept.forget(block)

    def _look(self, blocks: Iterable[ReadBlock]) -> Iterator[Alert]:
        for block in blocks:
            self._view.read(block, block.events)
            yield from self._found()

    def _found(self) -> Iterator[Alert]:
        """What the rules find after a block, and what of it is new."""
        for rule in self._rules:
            for alert in self._looked(rule):
                fresh = self._standing.setdefault(alert.id, alert) is alert
                if fresh and self._is_late(alert) and alert.id not in self._told:
                    self._told[alert.id] = alert
                    yield alert

    def _looked(self, rule: Rule) -> list[Alert]:
        try:
            return list(rule.look(self._view))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise RuleFailed(rule.name(), block=self._view.number, reason=reason) from error

    def _is_late(self, alert: Alert) -> bool:
        return self._since is None or alert.time >= self._since

    def _gone(self) -> Iterator[Withdrawn]:
        """What was told and does not stand, by the rules that look and the blocks that were read."""
        read = self._cursor.block if self._cursor else 0
        looking = {rule.name() for rule in self._rules}
        for id_, alert in list(self._told.items()):
            if id_ not in self._standing and alert.rule in looking and alert.block < read:
                del self._told[id_]
                yield Withdrawn(alert=alert)


def _batches(items: Iterable[Event | Removed]) -> Iterator[list[list[Event | Removed]]]:
    """What is of one block together, and some blocks of it at a time."""
    groups = (list(group) for _, group in groupby(items, key=lambda it: it.block_hash))
    while batch := list(islice(groups, _BLOCKS_TOGETHER)):
        yield batch
