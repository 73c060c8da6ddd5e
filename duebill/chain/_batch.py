"""Many writes of one account at once: the same promises, one commit for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from duebill._transactions import hash_of
from duebill.chain._nonces import turn
from duebill.chain._plan import drafted, settled
from duebill.errors import ReferenceTaken
from duebill.journal import Collision

if TYPE_CHECKING:
    from duebill._actions import Action
    from duebill.chain._answers import Receipt
    from duebill.chain._chain import Chain
    from duebill.chain._plan import Plan
    from duebill.journal import Attempt, Draft, Entry
    from duebill.signing import Signer

Fields: TypeAlias = Mapping[str, Any]
Sign: TypeAlias = Callable[[Sequence[Fields]], Sequence[bytes]]
"""Signs transactions, each given by its fields as for `Signer.sign_transaction`, in their order."""
Broadcast: TypeAlias = Callable[[Sequence[bytes]], None]
"""Sends signed transactions in their order; what it raises goes to whoever sends the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One call of a batch.

    Attributes:
        action: The call.
        reference: Its own reference: a job's and a row's, for example.
        gas: The most gas that it may take; whoever packs a batch knows.
    """

    action: Action[Any]
    reference: str
    gas: int


def submit_many(
    chain: Chain,
    writes: Sequence[Write],
    *,
    signer: Signer,
    sign: Sign | None = None,
    broadcast: Broadcast | None = None,
) -> list[Entry]:
    """Sign calls, write all of them down in one commit, and send them: once for each reference.

    What a reference stands for already is not signed again: it is given as the journal has it, and
    waits for `Dispatch.recover` or a handle's `wait` if it is open. So a batch that was killed
    anywhere is finished by giving it again.

    The account's nonces follow each other in the order of the writes. If another process takes one
    of them meanwhile, nothing is written and everything is signed again for others: nothing that was
    signed leaves this function before it stands in the journal.

    Args:
        chain: The chain; its id is checked first.
        writes: The calls. Nothing is estimated: a call that is refused uses up its nonce.
        signer: Who signs.
        sign: Signs faster than one by one; what it gives is trusted. `signer.sign_transaction` for
            each, every result checked, when not given.
        broadcast: Sends faster than one by one, as JSON-RPC batches for example. When it raises, the
            transactions are recorded and may have arrived.

    Returns:
        The intents, in the order of the writes.

    Raises:
        ReferenceTaken: A reference stands for another intent, or twice in the batch; nothing was
            sent.
        JournalUnusable: They cannot be written down; nothing was sent.
        FeeAboveLimit: They cannot get in for what may be paid; nothing was sent.
    """
    chain.require_chain()
    drafts = [_draft(write, signer) for write in writes]
    _require_distinct(drafts)
    journal = chain.dispatch.journal
    with turn(chain.expected, signer.address):
        plan = chain.dispatch.at_market(drafts[0]) if drafts else None
        while plan and (fresh := _fresh(chain, drafts)):
            nonces = chain.dispatch.next_nonces(signer.address, len(fresh))
            limits = chain.dispatch.limits
            plans = [replace(plan, draft=draft).within(limits) for draft in fresh]
            made = _signed(chain, plans, nonces, signer, sign)
            try:
                journal.record(list(zip(fresh, made, strict=True)))
            except Collision:
                drafts = [replace(draft, gas=draft.gas + 1) for draft in drafts]
                continue
            (broadcast or _one_by_one(chain))([attempt.raw for attempt in made])
            break
    known = journal.find_many([draft.reference for draft in drafts])
    return [known[draft.reference] for draft in drafts]


def settle_many(chain: Chain, receipts: Sequence[tuple[Entry, Receipt]]) -> list[Entry]:
    """Write down what became of intents in one commit, as far as it is final.

    Every block is asked for once, and has to be part of the chain and to contain what the receipts
    say; a receipt of another block counts for nothing.

    Returns:
        The intents that were written down.
    """
    last = chain.block_number() - chain.confirmations + 1
    blocks = {(r.block, r.block_hash) for _, r in receipts if r.block <= last}
    there = {
        key: set(found.transactions) for key in blocks if (found := chain.block_if_there(*key))
    }
    final = [
        (entry, receipt)
        for entry, receipt in receipts
        if receipt.transaction in there.get((receipt.block, receipt.block_hash), ())
    ]
    chain.dispatch.journal.settle(
        [(entry, settled(receipt, _revert(chain, entry, receipt))) for entry, receipt in final]
    )
    return [entry for entry, _ in final]


def _draft(write: Write, signer: Signer) -> Draft:
    return replace(drafted(write.action, signer.address, write.reference), gas=write.gas)


def _require_distinct(drafts: Sequence[Draft]) -> None:
    seen: dict[str, Draft] = {}
    for draft in drafts:
        earlier = seen.setdefault(draft.reference, draft)
        if earlier is not draft:
            where = f"{earlier.digest} in the same batch"
            raise ReferenceTaken(draft.reference, recorded=where, wanted=draft.digest)


def _fresh(chain: Chain, drafts: Sequence[Draft]) -> list[Draft]:
    """Those that are not recorded yet; the others have to be what is recorded."""
    known = chain.dispatch.journal.find_many([draft.reference for draft in drafts])
    for draft in drafts:
        if draft.reference in known:
            known[draft.reference].require_same(draft)
    return [draft for draft in drafts if draft.reference not in known]


def _signed(
    chain: Chain, plans: Sequence[Plan], nonces: Sequence[int], signer: Signer, sign: Sign | None
) -> list[Attempt]:
    pairs = list(zip(plans, nonces, strict=True))
    if sign is None:
        return [chain.dispatch.signed(plan, nonce, signer) for plan, nonce in pairs]
    raws = sign([plan.fields(chain.expected, nonce) for plan, nonce in pairs])
    return [
        plan.attempt(hash_of(raw), nonce, raw)
        for (plan, nonce), raw in zip(pairs, raws, strict=True)
    ]


def _one_by_one(chain: Chain) -> Broadcast:
    def send(raws: Sequence[bytes]) -> None:
        for raw in raws:
            chain.dispatch.send_quietly(raw)

    return send


def _revert(chain: Chain, entry: Entry, receipt: Receipt) -> bytes | None:
    if receipt.succeeded:
        return None
    draft = entry.draft
    return chain.revert_of(draft.to, draft.data, draft.sender, receipt)
