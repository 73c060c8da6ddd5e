"""Those who act by a role that the ledger's manager gives: at once, or announced first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from duebill._abi import ledger_abi
from duebill._actions import NOTHING
from duebill._mandates import Stage, Step, steps_of
from duebill._packs import packed
from duebill.errors import EndInPast, NothingToAnnounce
from duebill.model import FOREVER, seconds_of
from duebill.roles._role import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from duebill._actions import Action
    from duebill.chain import Transaction

# What EIP-7825 lets a transaction take, less the margin of a quarter that is given to estimates.
_MOST_GAS = 2**24 * 4 // 5


class Official(Role):
    """Acts by a role."""

    def _carry_out(self, function: str, *args: Any, announce: bool) -> Transaction[datetime | None]:
        action = self._desk.action(NOTHING, function, *args)
        if not announce:
            return self._send(action)
        at_once, _ = self._desk.ask_manager("canCall", self.address, action.to, action.data[:4])
        if at_once:
            raise NothingToAnnounce(self.address)
        return self._send(self._desk.announcement(action))

    def _end(self, until: datetime) -> int:
        """The last second of what is to begin.

        Raises:
            EndInPast: It is over.
        """
        seconds = seconds_of(until)
        if until != FOREVER and until < (now := self.ledger.time()):
            raise EndInPast(until, now=now)
        return seconds

    def _carry_on(
        self,
        function: str,
        calls: Sequence[tuple[Any, ...]],
        *,
        on_progress: Callable[[int], None] | None = None,
    ) -> list[Step]:
        """Make the calls that can be made, and announce those that have to wait.

        All of them are tried out before the first is sent. On a dry run nothing is sent, and the
        steps are where the calls stand now.

        Args:
            function: A restricted function of the ledger.
            calls: The arguments of each call.
            on_progress: Called after each transaction with the number of calls that it brought on.
        """
        encoded = [ledger_abi().encode(function, *args) for args in calls]
        steps = steps_of(self._desk, self.address, encoded)
        batches = [
            *self._batches(encoded, steps, Stage.READY, self._desk.together),
            *self._batches(encoded, steps, Stage.TO_ANNOUNCE, self._desk.announcements),
        ]
        if self._simulated:
            self._note(action for _, action in batches)
            return steps
        done = 0
        for places, action in batches:
            sent = self._send(action).wait().transaction
            for place in places:
                steps[place] = _brought_on(steps[place], sent)
            done += len(places)
            if on_progress:
                on_progress(done)
        return self._timed(encoded, steps)

    def _batches(
        self,
        encoded: Sequence[bytes],
        steps: Sequence[Step],
        stage: Stage,
        make: Callable[[Sequence[bytes]], Action[None]],
    ) -> Iterator[tuple[Sequence[int], Action[None]]]:
        """Transactions for the calls of one stage, each with the places of its calls."""
        places = [place for place, step in enumerate(steps) if step.stage is stage]
        chain = self._desk.chain

        def gas_of(calls: Sequence[bytes]) -> int:
            action = make(calls)
            return chain.estimate(action.to, action.data, sender=self.address)

        most = min(_MOST_GAS, chain.block().gas_limit // 2)
        start = 0
        for pack in packed([encoded[place] for place in places], gas_of=gas_of, most=most):
            yield places[start : start + len(pack)], make(pack)
            start += len(pack)

    def _timed(self, encoded: Sequence[bytes], steps: list[Step]) -> list[Step]:
        """The steps, with the times that the manager gave to what was announced."""
        places = [p for p, step in enumerate(steps) if step.stage is Stage.ANNOUNCED]
        told = steps_of(self._desk, self.address, [encoded[place] for place in places])
        for place, now in zip(places, told, strict=True):
            steps[place] = replace(steps[place], ready_at=now.ready_at)
        return steps


def _brought_on(step: Step, transaction: str | None) -> Step:
    stage = Stage.DONE if step.stage is Stage.READY else Stage.ANNOUNCED
    return Step(stage=stage, transaction=transaction)
