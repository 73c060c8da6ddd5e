"""What the chain shows of intents, and what follows from it without a signer."""

from __future__ import annotations

import contextlib
from functools import cached_property
from typing import TYPE_CHECKING

from duebill import telemetry
from duebill.chain._nonces import turn
from duebill.chain._plan import settled
from duebill.errors import NodeAnswerInvalid, NodeBehind, NodeRefused, NodeUnavailable
from duebill.journal import Journal, Stage, journal_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.chain._answers import Receipt
    from duebill.chain._chain import Chain
    from duebill.journal import Entry, Settled
    from duebill.model import Address


class Evidence:
    """Looks after the intents of one connection: settles, releases, sends the same bytes again.

    Nothing is signed here.
    """

    def __init__(self, chain: Chain, *, place: str | None) -> None:
        self._chain = chain
        self._place = place
        self._resumed_accounts: set[Address] = set()

    @cached_property
    def journal(self) -> Journal:
        """The journal, opened when it is first needed."""
        place = journal_place(self._chain.expected, self._place)
        return Journal(place, chain_id=self._chain.expected, genesis=self._chain.genesis())

    def look(self, entry: Entry) -> Receipt | None:
        """The receipt of whichever of an intent's transactions is in a block."""
        for made in reversed(entry.attempts):
            if receipt := self._chain.sound_receipt(made.hash):
                return receipt
        return None

    def is_waiting(self, entry: Entry) -> bool:
        """Whether the node has any of an intent's transactions, waiting or in a block."""
        return any(self._chain.knows(made.hash) for made in reversed(entry.attempts))

    def is_displaced(self, entry: Entry) -> bool:
        """Whether it is certain that none of an intent's transactions can get in any more.

        What is asked for is evidence, not a missing answer: the transaction that used the nonce,
        in a block that is final.
        """
        final = self._chain.block_number() - self._chain.confirmations + 1
        hashes = {made.hash for made in entry.attempts}
        users = {
            self._chain.user_of(entry.draft.sender, nonce, since=block, final=final)
            for nonce, block in {made.nonce: made.block for made in entry.attempts}.items()
        }
        if not users or None in users or users & hashes:
            return False
        # What is sent was written down before: whoever looks after a block misses none of it.
        return self.journal.entry(entry.id).attempts == entry.attempts

    def settle(self, entry: Entry, receipt: Receipt) -> bytes | None:
        """Write down what became of an intent, once its block is final; gives what it was refused with.

        The contract's answer is asked for once: later, the node may have forgotten that state.
        """
        known = entry.settled
        if known and known.block_hash == receipt.block_hash:
            return known.revert
        draft = entry.draft
        revert = None
        if not receipt.succeeded:
            revert = self._chain.revert_of(draft.to, draft.data, draft.sender, receipt)
        if self._chain.block_number() >= receipt.block + self._chain.confirmations - 1:
            self.journal.settle([(entry, settled(receipt, revert))])
            telemetry.note(
                "transaction final",
                hash=receipt.transaction,
                block=receipt.block,
                gas=receipt.gas_used,
                succeeded=receipt.succeeded,
            )
        return revert

    def recover(self, *, sender: Address | None = None) -> list[Entry]:
        """Finish what was left open, as far as it goes without a signer; gives what is not final.

        What is in a block is written down, what the node has lost is sent again in the order of
        nonces, what lost its nonce to somebody else is released.
        """
        self._chain.require_chain()
        stages = (Stage.PREPARED, Stage.SENT, Stage.RELEASED)
        found = self.journal.entries(*stages, sender=sender)
        for entry in sorted(found, key=lambda e: (e.draft.sender, e.nonce or 0)):
            with turn(self._chain.expected, entry.draft.sender):
                self._recover_one(entry)
        return self.journal.entries(*stages, sender=sender)

    def send_quietly(self, raw: bytes) -> None:
        """Send what is recorded; whether it arrived is seen later."""
        with contextlib.suppress(NodeUnavailable, NodeAnswerInvalid, NodeRefused):
            self._chain.broadcast(raw)

    # -- inside -----------------------------------------------------------------------------

    def _revive(self, holders: Sequence[Entry]) -> None:
        """The node counts these nonces as free: send again what it has lost.

        Raises:
            NodeBehind: It lost them only because it is behind.
        """
        gone = [entry for entry in holders if entry.settled and not self._is_there(entry.settled)]
        self.journal.reopen(gone)
        for entry in holders:
            is_lost = entry.attempts and (entry in gone or not entry.settled)
            if is_lost and not self.is_waiting(entry):
                self.send_quietly(entry.newest.raw)

    def _is_there(self, settled: Settled) -> bool:
        """Whether a block that was final still is part of the chain.

        Raises:
            NodeBehind: The node has not come to it yet.
        """
        if (head := self._chain.block_number()) < settled.block:
            raise NodeBehind(found=head, known=settled.block)
        return self._chain.has_block(settled.block, settled.block_hash)

    def _resume_others(self, account: Address) -> None:
        """What an earlier process left open goes first, once for each connection and account."""
        if account in self._resumed_accounts:
            return
        for entry in self.journal.entries(Stage.SENT, sender=account):
            self._recover_one(entry)
        self._resumed_accounts.add(account)

    def _recover_one(self, entry: Entry) -> None:
        if receipt := self.look(entry):
            self.settle(entry, receipt)
        elif entry.stage is Stage.SENT and not self.is_waiting(entry):
            if self.is_displaced(entry):
                self.journal.release(entry)
            else:
                self.send_quietly(entry.newest.raw)
