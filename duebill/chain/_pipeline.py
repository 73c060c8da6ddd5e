"""Many transactions of one account under way at once, each recorded before it is sent."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill._abi import keccak
from duebill._reverts import decode_revert
from duebill.chain._node import refusal
from duebill.chain._rpc import RpcError
from duebill.errors import NodeAnswerInvalid, NodeUnavailable, TransactionDropped, TransactionFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.chain._answers import Receipt
    from duebill.chain._batch import Sign, Write
    from duebill.chain._chain import Chain
    from duebill.errors import DuebillError
    from duebill.journal import Entry
    from duebill.signing import Signer

_SENDING = "eth_sendRawTransaction"
# Receipts in one question: they are asked for again if the block was not final.
_MOST_RECEIPTS = 200
# Seconds without any progress after which the oldest transaction is seen to.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """A transaction that came to an end.

    Attributes:
        entry: Its intent, as the journal has it.
        receipt: Its receipt, in a final block; None if it never got into one and never will.
        error: Why it had no effect; None if it had.
    """

    entry: Entry
    receipt: Receipt | None
    error: DuebillError | None


class Pipeline:
    """Sends, watches and settles the transactions of one account.

    Whoever stops using it at any moment loses nothing: what is under way stands in the journal.
    """

    def __init__(self, chain: Chain, signer: Signer) -> None:
        self._chain = chain
        self._signer = signer
        self._open: dict[int, Entry] = {}
        self._refused: dict[str, DuebillError] = {}
        self._moved = self._looked_after = time.monotonic()

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._open)

    @property
    def idle_seconds(self) -> float:
        """For how long nothing has moved."""
        return time.monotonic() - self._moved

    def send(self, writes: Sequence[Write]) -> list[Entry]:
        """Sign calls, write them down, send them; gives their intents.

        What the node refuses stays under way, is sent again now and then, and keeps its nonce: a
        node that says no may have taken it all the same.
        """
        if not self._open:
            self._moved = time.monotonic()
        # Signers with a key at hand sign many at once; what others sign is checked one by one.
        sign: Sign | None = getattr(self._signer, "sign_transactions", None)
        entries = self._chain.submit_many(
            writes, signer=self._signer, sign=sign, broadcast=self._broadcast
        )
        self._open |= {entry.id: entry for entry in entries}
        return entries

    def follow(self, entries: Sequence[Entry]) -> None:
        """Watch what an earlier run has sent; what the node has lost is sent again."""
        self._moved = time.monotonic()
        self._broadcast([entry.newest.raw for entry in entries])
        self._open |= {entry.id: entry for entry in entries}

    def landed(self) -> list[Landed]:
        """What came to an end since the last time; never waits."""
        if not self._open:
            return []
        receipts = self._receipts(self._due())
        for entry in self._chain.settle_many(receipts):
            del self._open[entry.id]
        ended = [self._settled(*pair) for pair in receipts if pair[0].id not in self._open]
        if ended:
            self._moved = time.monotonic()
        elif time.monotonic() - max(self._moved, self._looked_after) > _PATIENCE:
            ended = self._look_after()
        return ended

    def under_way(self) -> list[tuple[Entry, DuebillError | None]]:
        """What has come to no end yet, with what the node said against it."""
        return [(it, self._refused.get(it.newest.hash)) for it in self._open.values()]

    # -- inside -----------------------------------------------------------------------------

    def _broadcast(self, raws: Sequence[bytes]) -> None:
        try:
            answers = self._chain.ask_all(_SENDING, [["0x" + raw.hex()] for raw in raws])
        except (NodeUnavailable, NodeAnswerInvalid):
            # Some may have arrived: all are watched, and sent again if the node lacks them.
            return
        for raw, answer in zip(raws, answers, strict=True):
            if isinstance(answer, RpcError):
                self._refused["0x" + keccak(raw).hex()] = refusal(answer)

    def _due(self) -> list[Entry]:
        """Those that the chain counts as done, oldest first."""
        used = self._chain.nonce(self._signer.address)
        found = []
        for entry in self._open.values():
            if min(made.nonce for made in entry.attempts) < used:
                found.append(entry)
                if len(found) == _MOST_RECEIPTS:
                    break
        return found

    def _receipts(self, entries: Sequence[Entry]) -> list[tuple[Entry, Receipt]]:
        """The receipts that there are; whichever attempt got in."""
        tried = [(entry, made.hash) for entry in entries for made in entry.attempts]
        found = self._chain.receipts([hash_ for _, hash_ in tried])
        return [(entry, it) for (entry, _), it in zip(tried, found, strict=True) if it]

    def _settled(self, entry: Entry, receipt: Receipt) -> Landed:
        self._refused.pop(receipt.transaction, None)
        error = None if receipt.succeeded else self._failure(entry, receipt)
        return Landed(entry=entry, receipt=receipt, error=error)

    def _failure(self, entry: Entry, receipt: Receipt) -> DuebillError:
        draft = entry.draft
        revert = self._chain.revert_of(draft.to, draft.data, draft.sender, receipt)
        if revert is not None:
            return decode_revert(revert)
        hash_, gas = receipt.transaction, receipt.gas_used
        return TransactionFailed(hash_, block=receipt.block, gas_used=gas)

    def _look_after(self) -> list[Landed]:
        """Send the oldest again, or offer more for it, or find that its nonce is gone."""
        self._looked_after = time.monotonic()
        oldest = next(iter(self._open.values()))
        try:
            self._open[oldest.id] = self._chain.dispatch.keep_alive(oldest, self._signer)
        except TransactionDropped as error:
            del self._open[oldest.id]
            return [Landed(entry=oldest, receipt=None, error=error)]
        return []
