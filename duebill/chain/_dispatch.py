"""Sending, so that a reference is carried out once.

The order of steps is what makes it safe. A transaction is signed for the lowest nonce that no
intent holds; intent, nonce and signed bytes are committed to the journal together; only then are
the bytes sent. So whoever is killed, wherever, leaves either nothing, or bytes that the next one
sends again: the same bytes are the same transaction. What is signed a second time for one intent
has the same nonce, of which a chain takes one, or comes after proof that the first nonce went to a
transaction that is not ours.
"""

from __future__ import annotations

import contextlib
import itertools
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from duebill import telemetry
from duebill._actions import NOTHING, Action
from duebill.chain._evidence import Evidence
from duebill.chain._fees import Offer
from duebill.chain._nonces import turn
from duebill.chain._plan import Plan, drafted, now_in_seconds
from duebill.chain._signed import read_signed, require_signed
from duebill.errors import (
    DuebillError,
    FeeAboveLimit,
    NodeAnswerInvalid,
    NodeRefused,
    NodeUnavailable,
    NotPrepared,
    ReferenceUnknown,
    ReferenceUnsettled,
    SignerMismatch,
    SubmissionUncertain,
    TransactionDropped,
)
from duebill.journal import Attempt, Collision, Stage

if TYPE_CHECKING:
    from duebill.chain._chain import Chain
    from duebill.chain._fees import FeeLimits
    from duebill.journal import Draft, Entry
    from duebill.model import Address
    from duebill.signing import Signer

# The estimate is for now; by the time of its block a call may take a little more.
_GAS_MARGIN = (5, 4)
_TRANSFER_GAS = 21_000
# How nodes say that the nonce is used: geth and others, OpenEthereum, Nethermind.
_NONCE_USED = ("noncetoolow", "nonceistoolow", "oldnonce")
# How they say that they have it: geth and Nethermind, Besu, anvil and OpenEthereum.
_KNOWN = ("alreadyknown", "knowntransaction", "alreadyimported")


class Dispatch(Evidence):
    """Sends for one connection, by way of the journal.

    Attributes:
        limits: What may be paid.
    """

    def __init__(self, chain: Chain, *, place: str | None, limits: FeeLimits) -> None:
        super().__init__(chain, place=place)
        self.limits = limits

    # -- sending ----------------------------------------------------------------------------

    def submit(self, action: Action[Any], *, signer: Signer, reference: str | None) -> Entry:
        """Send a call, or go on with what its reference stands for already."""
        self._chain.require_chain()
        wanted = drafted(action, signer.address, reference)
        found = self._known_or_planned(wanted) if reference else self._plan(wanted)
        with turn(self._chain.expected, signer.address):
            self._resume_others(signer.address)
            if isinstance(found, Plan):
                return self._first(found, signer)
            # It may have got further while the others were seen to.
            return self._carry_on(self.journal.entry(found.id), signer, wanted)

    def prepare(self, action: Action[Any], *, sender: Address, reference: str | None) -> Entry:
        """Hold a nonce for a call that is signed elsewhere; the plan's fees are in `unsigned`."""
        self._chain.require_chain()
        wanted = drafted(action, sender, reference)
        found = self._known_or_planned(wanted) if reference else self._plan(wanted)
        known = self._held(found) if isinstance(found, Plan) else found
        if known.stage is not Stage.PREPARED:
            raise NotPrepared(known.reference, stage=known.stage.value)
        return known

    def unsigned(self, entry: Entry) -> dict[str, Any]:
        """The fields of the transaction that a prepared intent waits for, at today's fees."""
        return self.priced(entry.draft).fields(self._chain.expected, _held_nonce(entry))

    def submit_signed(self, raw: bytes, *, reference: str) -> Entry:
        """Send what was signed elsewhere, if it is exactly what was prepared."""
        self._chain.require_chain()
        entry = self.journal.find(reference)
        if entry is None:
            raise ReferenceUnknown(reference)
        signed = read_signed(raw)
        with turn(self._chain.expected, entry.draft.sender):
            if all(made.hash != signed.hash for made in entry.attempts):
                said = signed.unsigned
                nonce = self._nonce_for(entry, said.nonce)
                require_signed(signed, entry.draft, chain_id=self._chain.expected, nonce=nonce)
                made = Attempt(
                    hash=signed.hash,
                    nonce=said.nonce,
                    raw=raw,
                    max_fee=said.price,
                    tip=said.tip,
                    block=self._chain.block_number(),
                    created=now_in_seconds(),
                )
                entry = self._attempted(entry, made)
            return self._carry_on(entry, None)

    def withdraw(self, reference: str) -> None:
        """Give the nonce of a prepared intent back, if nothing was signed for it here."""
        entry = self.journal.find(reference)
        if entry is None:
            raise ReferenceUnknown(reference)
        if entry.stage is Stage.PREPARED:
            self.journal.release(entry)

    def finish(self, reference: str, *, signer: Signer) -> Entry:
        """Carry out what the journal has, whoever gave it and whatever stopped it.

        Raises:
            ReferenceUnknown: There is nothing under this reference.
            SignerMismatch: Another account has to sign it.
        """
        self._chain.require_chain()
        entry = self.journal.find(reference)
        if entry is None:
            raise ReferenceUnknown(reference)
        if signer.address != entry.draft.sender:
            raise SignerMismatch(expected=entry.draft.sender, found=signer.address)
        with turn(self._chain.expected, signer.address):
            self._resume_others(signer.address)
            return self._carry_on(self.journal.entry(entry.id), signer)

    def step(self, action: Action[Any], *, signer: Signer, reference: str) -> Entry:
        """Send what goes before the call of a reference, such as an approval.

        The steps of a reference are numbered: `PO-4711/1` and so on. An open one is gone on with. What
        is over is over: an approval may be needed again when another call has used it up.
        """
        for number in itertools.count(1):
            wanted = drafted(action, signer.address, f"{reference}/{number}")
            known = self.journal.find(wanted.reference)
            if known is None or (known.is_open and known.draft.digest == wanted.digest):
                return self.submit(action, signer=signer, reference=wanted.reference)
        raise AssertionError("numbers do not end")

    # -- watching ---------------------------------------------------------------------------

    def keep_alive(self, entry: Entry, signer: Signer | None) -> Entry:
        """See to an intent that is in no block: send it again, or offer more.

        Raises:
            TransactionDropped: Its nonce went to another transaction; the intent was released.
        """
        entry = self.journal.entry(entry.id)
        is_due = signer is not None and self._is_due(entry)
        if is_due:
            # Something may be signed.
            self._chain.require_chain()
        if self.is_waiting(entry):
            return self._hurried(entry, signer) if signer and is_due else entry
        if entry.settled:
            if self._is_there(entry.settled):
                return entry
            # It was in a block that has left the chain.
            self.journal.reopen([entry])
            entry = self.journal.entry(entry.id)
        if self.is_displaced(entry):
            self.journal.release(entry)
            newest = entry.newest
            raise TransactionDropped(newest.hash, nonce=newest.nonce)
        sender = entry.draft.sender
        self._revive(self.journal.holders(sender, since=self._chain.nonce(sender)))
        if signer and is_due:
            self._fill_gap(entry, signer)
        return self.journal.entry(entry.id)

    # -- inside: signing --------------------------------------------------------------------

    def _first(self, plan: Plan, signer: Signer) -> Entry:
        """Sign a call and write it down; another process with the same reference may be first."""
        self.journal.require_writable()
        while True:
            made = self.signed(plan, self._next_nonce(signer.address), signer)
            try:
                (number,) = self.journal.record([(plan.draft, made)])
            except Collision:
                if known := self._known(plan.draft):
                    return self._carry_on(known, signer, plan.draft)
                plan = plan.told_apart()
            else:
                return self._sent(self.journal.entry(number), signer)

    def _held(self, plan: Plan) -> Entry:
        """Write down a call that is signed elsewhere, with a nonce that it holds."""
        sender = plan.draft.sender
        with turn(self._chain.expected, sender):
            self._resume_others(sender)
            while not (known := self._known(plan.draft)):
                with contextlib.suppress(Collision):
                    self.journal.prepare(plan.draft, nonce=self._next_nonce(sender))
        return known

    def signed(self, plan: Plan, nonce: int, signer: Signer) -> Attempt:
        """A signed transaction; it is checked that it is the one that was to be signed."""
        raw = signer.sign_transaction(plan.fields(self._chain.expected, nonce))
        signed = read_signed(raw)
        if signed.sender != plan.draft.sender:
            raise SignerMismatch(expected=plan.draft.sender, found=signed.sender)
        require_signed(signed, plan.draft, chain_id=self._chain.expected, nonce=nonce)
        return plan.attempt(signed.hash, nonce, raw)

    def _attempted(self, entry: Entry, made: Attempt) -> Entry:
        """A further transaction is written down, unless another process has moved the intent on."""
        with contextlib.suppress(Collision):
            self.journal.attempt(entry, made)
        found = self.journal.entry(entry.id)
        if found.stage in {Stage.PREPARED, Stage.RELEASED}:
            raise ReferenceUnsettled(entry.reference, nonce=made.nonce)
        return found

    def _hurried(self, entry: Entry, signer: Signer) -> Entry:
        """It has waited long enough: see what holds it up."""
        return entry if self._fill_gap(entry, signer) else self._replaced(entry, signer)

    def _fill_gap(self, entry: Entry, signer: Signer) -> bool:
        """Use up a nonce below an intent's that nobody uses, by a transfer of nothing to oneself.

        It was given back after a refusal, or another wallet's transaction with it was forgotten.
        Moving the intent down instead would leave two nonces that can carry it out.
        """
        account = entry.draft.sender
        pending = self._chain.pending_nonce(account)
        (free,) = self.journal.free_nonces(account, 1, since=pending)
        if entry.nonce is None or free >= entry.nonce:
            return False
        empty = Action(to=account, data=b"", decode=lambda _: None, answer=NOTHING)
        filler = replace(
            drafted(empty, account, f"filler-{secrets.token_hex(8)}"), gas=_TRANSFER_GAS
        )
        try:
            made = self.signed(self.priced(filler), free, signer)
        except FeeAboveLimit:
            # Until the chain asks for less, both wait.
            return True
        with contextlib.suppress(Collision):
            self.journal.record([(filler, made)])
            self.send_quietly(made.raw)
        return True

    def _replaced(self, entry: Entry, signer: Signer) -> Entry:
        """Offer a tenth more for the same nonce, if the limit allows it."""
        market, last = self.at_market(entry.draft), entry.newest
        offer = market.offer.replacing(
            entry.attempts[0].max_fee,
            Offer(max_fee=last.max_fee, tip=last.tip, is_legacy=market.offer.is_legacy),
            self.limits,
            entry.draft.gas,
        )
        if offer is None:
            return entry
        made = self.signed(replace(market, offer=offer), last.nonce, signer)
        entry = self._attempted(entry, made)
        self.send_quietly(entry.newest.raw)
        return entry

    def _plan(self, wanted: Draft) -> Plan:
        gas = self._chain.estimate(wanted.to, wanted.data, sender=wanted.sender)
        gas = gas * _GAS_MARGIN[0] // _GAS_MARGIN[1] + wanted.gas
        return self._within_block(self.at_market(replace(wanted, gas=gas)))

    def _plan_again(self, recorded: Draft) -> Plan:
        """As `_plan`, for a call as it stands in the journal: it may take the gas that it might."""
        plan = self._plan(replace(recorded, gas=0))
        gas = max(plan.draft.gas, recorded.gas)
        return self._within_block(replace(plan, draft=replace(plan.draft, gas=gas)))

    def _within_block(self, plan: Plan) -> Plan:
        gas = min(plan.draft.gas, plan.block.gas_limit)
        return replace(plan, draft=replace(plan.draft, gas=gas)).within(self.limits)

    def at_market(self, draft: Draft) -> Plan:
        """A call at today's fees, whatever they are."""
        block = self._chain.block()
        return Plan(draft=draft, offer=self._chain.offer(block), block=block)

    def priced(self, draft: Draft) -> Plan:
        """A call at today's fees.

        Raises:
            FeeAboveLimit: They are more than may be paid.
        """
        return self.at_market(draft).within(self.limits)

    # -- inside: sending --------------------------------------------------------------------

    def _carry_on(self, entry: Entry, signer: Signer | None, wanted: Draft | None = None) -> Entry:
        """Bring an intent on its way, wherever it stands."""
        if not entry.is_open:
            return entry
        if entry.stage is Stage.PREPARED:
            if signer is None:
                return entry
            made = self.signed(self.priced(entry.draft), _held_nonce(entry), signer)
            entry = self._attempted(entry, made)
        elif entry.stage is Stage.RELEASED:
            entry = self._taken_up(entry, signer, wanted)
        return self._sent(entry, signer)

    def _sent(self, entry: Entry, signer: Signer | None) -> Entry:
        try:
            self._chain.broadcast(entry.newest.raw)
        except (NodeUnavailable, NodeAnswerInvalid) as error:
            raise SubmissionUncertain(entry.newest.hash, reference=entry.reference) from error
        except NodeRefused as error:
            return self._refused(entry, signer, error)
        telemetry.note(
            "transaction sent",
            hash=entry.newest.hash,
            sender=entry.draft.sender,
            to=entry.draft.to,
            nonce=entry.newest.nonce,
            chain=entry.chain_id,
        )
        return entry

    def _refused(self, entry: Entry, signer: Signer | None, error: NodeRefused) -> Entry:
        """The node does not take it: look why, and do not believe it too much."""
        said = "".join(filter(str.isalpha, error.reason.lower()))
        if any(words in said for words in _KNOWN) or self.is_waiting(entry):
            return entry
        if self.is_displaced(entry):
            self.journal.release(entry)
            return self._carry_on(self.journal.entry(entry.id), signer)
        if any(words in said for words in _NONCE_USED):
            # By whom cannot be shown, so it may be by this very transaction.
            raise SubmissionUncertain(entry.newest.hash, reference=entry.reference) from error
        self.journal.release(entry)
        raise error

    def _taken_up(self, entry: Entry, signer: Signer | None, wanted: Draft | None) -> Entry:
        """A released intent is wanted again: with its own nonce, or with another one for certain."""
        if not entry.attempts or (not self.is_waiting(entry) and self.is_displaced(entry)):
            return self._anew(entry, signer, wanted)
        newest = entry.newest
        try:
            self.journal.take_back(entry, nonce=newest.nonce)
        except Collision:
            raise ReferenceUnsettled(entry.reference, nonce=newest.nonce) from None
        entry = self.journal.entry(entry.id)
        # Too low a fee by now may be what it would be refused for.
        is_cheap = signer and self.at_market(entry.draft).offer.max_fee > newest.max_fee
        return self._replaced(entry, signer) if signer and is_cheap else entry

    def _anew(self, entry: Entry, signer: Signer | None, wanted: Draft | None) -> Entry:
        """Sign an intent for another nonce; it is certain that the earlier ones are lost."""
        if signer is None:
            newest = entry.newest
            raise TransactionDropped(newest.hash, nonce=newest.nonce)
        plan = self._plan(wanted) if wanted else self._plan_again(entry.draft)
        now = entry
        while now.stage is Stage.RELEASED and now.attempts == entry.attempts:
            made = self.signed(plan, self._next_nonce(signer.address), signer)
            with contextlib.suppress(Collision):
                self.journal.attempt(entry, made, draft=plan.draft)
            plan, now = plan.told_apart(), self.journal.entry(entry.id)
        # Of what another process has signed meanwhile, nothing is certain yet.
        return self._taken_up(now, signer, wanted) if now.stage is Stage.RELEASED else now

    # -- inside: nonces ---------------------------------------------------------------------

    def _next_nonce(self, account: Address) -> int:
        (free,) = self.next_nonces(account, 1)
        return free

    def next_nonces(self, account: Address, count: int) -> list[int]:
        """The lowest nonces that neither the node nor the journal counts as taken."""
        pending = self._chain.pending_nonce(account)
        if holders := self.journal.holders(account, since=pending):
            self._revive(holders)
        return self.journal.free_nonces(account, count, since=pending)

    def _is_due(self, entry: Entry) -> bool:
        after = self.limits.replace_after
        return after is not None and now_in_seconds() - entry.newest.created >= after

    # -- inside: the journal ----------------------------------------------------------------

    def _known(self, wanted: Draft) -> Entry | None:
        """What the reference stands for, if it is known.

        Raises:
            ReferenceTaken: It stands for something else.
        """
        entry = self.journal.find(wanted.reference)
        if entry:
            entry.require_same(wanted)
        return entry

    def _known_or_planned(self, wanted: Draft) -> Entry | Plan:
        """What the reference stands for, or how it will be carried out for the first time.

        Raises:
            ReferenceTaken: It stands for something else.
            DuebillError: It cannot be carried out.
        """
        if known := self._known(wanted):
            return known
        try:
            return self._plan(wanted)
        except DuebillError:
            # What another process has just done under this reference cannot be done again.
            if known := self._known(wanted):
                return known
            raise

    def _nonce_for(self, entry: Entry, signed: int) -> int:
        """The nonce that what was signed elsewhere for an intent has to have."""
        if entry.nonce is not None:
            return entry.nonce
        # What was released may still get in: two nonces could carry it out.
        if entry.attempts and not self.is_displaced(entry):
            return entry.newest.nonce
        return signed


def _held_nonce(entry: Entry) -> int:
    """The nonce of an intent that holds one."""
    if entry.nonce is None:
        raise ReferenceUnsettled(entry.reference, nonce=entry.newest.nonce)
    return entry.nonce
