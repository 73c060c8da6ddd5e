"""Following a ledger with rules: each alert is told once, and withdrawn when its blocks leave."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from duebill.errors import HistoryInconsistent, NodeAnswerInvalid, ReorgTooDeep, RuleFailed
from duebill.model import Event, Removed
from duebill.watch._alert import Withdrawn
from duebill.watch._view import View

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from datetime import datetime

    from duebill.ledger import Ledger
    from duebill.model import Cursor
    from duebill.watch._alert import Alert
    from duebill.watch._rule import Rule

# Blocks whose headers are asked for together.
_BLOCKS_TOGETHER = 100
_ATTEMPTS = 5


class Watch:
    """Rules that look at a ledger, block by block.

    What they tell follows from the chain alone. So it is found again from the ledger's first block
    after each start and after each reorganisation, and what was told before is passed over.

    Args:
        ledger: The ledger.
        rules: The rules.
        told: The alerts that were told before, and not withdrawn.
        since: The first moment, by the chain's clock, that alerts are told of.
        confirmations: How many blocks, their own included, events wait for.
    """

    def __init__(
        self,
        ledger: Ledger,
        rules: Sequence[Rule],
        *,
        told: Iterable[Alert] = (),
        since: datetime | None = None,
        confirmations: int | None = None,
    ) -> None:
        self._ledger = ledger
        self._rules = rules
        self._since = since
        self._confirmations = confirmations
        self._told = {alert.id: alert for alert in told}
        self._standing: dict[str, Alert] = {}
        self._view = View()
        self._cursor: Cursor | None = None

    @property
    def standing(self) -> tuple[Alert, ...]:
        """Every alert that stands, told now or before, in the order in which they were found."""
        return tuple(filter(self._is_late, self._standing.values()))

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
        if begun is None:
            self._view, self._standing = View(), {}
        following = self._ledger.follow(cursor=begun, live=False, confirmations=self._confirmations)
        try:
            for batch in _batches(following):
                if any(isinstance(it, Removed) for group in batch for it in group):
                    return False
                blocks = self._ledger.blocks([group[0].block for group in batch])
                for block, group in zip(blocks, batch, strict=True):
                    if block.hash != group[0].block_hash:
                        return False
                    self._view.read(block, [it for it in group if isinstance(it, Event)])
                    yield from self._found()
        except (NodeAnswerInvalid, ReorgTooDeep):
            # A block is gone that was there a moment ago, or more than the cursor knows.
            return False
        # Only whoever came to the end can go on from there.
        self._cursor = following.cursor
        return True

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
