"""What stands in the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from duebill.errors import BadReference, ReferenceTaken

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model import Address

# What goes through a shell, a file name, a table and a log as it is.
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/#@+-]{0,198}[A-Za-z0-9._#-]|[A-Za-z0-9]")


class Stage(Enum):
    """How far an intent has come."""

    PREPARED = "prepared"
    """It holds a nonce, and is signed elsewhere."""
    SENT = "sent"
    """A signed transaction is recorded; it may be anywhere between here and a block."""
    RELEASED = "released"
    """The node refused it, or its nonce was filled elsewhere; it holds no nonce."""
    DONE = "done"
    """It took effect, in a block that is final."""
    REVERTED = "reverted"
    """It is in a block that is final, without effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """How much intents whose references begin alike may cost an account together.

    Attributes:
        beginning: What their references begin with.
        since: From when on they count, in seconds since 1970.
        wei: The most.
    """

    beginning: str
    since: int
    wei: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a client wants done.

    Attributes:
        reference: The client's own name for it.
        sender: The account that signs.
        to: The contract.
        data: The encoded call.
        digest: What tells this intent from another, as hex; see `Action.digest`.
        gas: The most gas that it may take.
        ceiling: What it may not pass when it is first recorded; it is not recorded itself.
    """

    reference: str
    sender: Address
    to: Address
    data: bytes
    digest: str
    gas: int
    ceiling: Ceiling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One signed transaction that may carry an intent out.

    Attributes:
        hash: Its hash.
        nonce: Its nonce.
        raw: The signed bytes.
        max_fee: The most that it pays, in wei per gas.
        tip: What of it goes to whoever makes the block; equal to `max_fee` without EIP-1559.
        block: The latest block when it was signed.
        created: When it was signed, in seconds since 1970 by this machine's clock.
    """

    hash: str
    nonce: int
    raw: bytes
    max_fee: int
    tip: int
    block: int
    created: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of an intent, once that is final.

    Attributes:
        transaction: The hash of the attempt that got in.
        block: The block's number.
        block_hash: The block's hash.
        gas_used: Gas that it took.
        fee: What its sender paid, in wei.
        succeeded: Whether it took effect.
        error: The name of the contract's error; empty when it took effect.
        revert: What the contract returned on refusal; None when it took effect or is not known.
    """

    transaction: str
    block: int
    block_hash: str
    gas_used: int
    fee: int
    succeeded: bool
    error: str = ""
    revert: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One intent with everything that is known of it.

    Attributes:
        id: Its number in the journal.
        chain_id: The chain.
        genesis: The hash of the chain's first block.
        draft: What is wanted.
        nonce: The nonce that it holds; None when released.
        stage: How far it has come.
        created: When it was recorded.
        attempts: The signed transactions, oldest first.
        settled: What became of it; None while it is open.
    """

    id: int
    chain_id: int
    genesis: str
    draft: Draft
    nonce: int | None
    stage: Stage
    created: datetime
    attempts: tuple[Attempt, ...]
    settled: Settled | None

    @property
    def reference(self) -> str:
        """The client's own name for it."""
        return self.draft.reference

    @property
    def newest(self) -> Attempt:
        """The transaction that was signed last."""
        return self.attempts[-1]

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.settled is None

    @property
    def cost(self) -> int:
        """What it cost, in wei; while it is open, the most that it may cost."""
        if self.settled:
            return self.settled.fee
        return max((made.max_fee for made in self.attempts), default=0) * self.draft.gas

    def require_same(self, draft: Draft) -> None:
        """Check that another draft under this reference wants the same.

        Raises:
            ReferenceTaken: It wants something else.
        """
        mine = self.draft
        if (mine.sender, mine.digest) != (draft.sender, draft.digest):
            raise ReferenceTaken(
                mine.reference,
                recorded=f"{mine.digest} by {mine.sender}",
                wanted=f"{draft.digest} by {draft.sender}",
            )


def checked_reference(text: str) -> str:
    """A reference that can stand in a journal.

    Raises:
        BadReference: It cannot.
    """
    if not _REFERENCE.fullmatch(text):
        raise BadReference(text)
    return text
