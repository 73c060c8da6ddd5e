"""Intents as they are planned: their calls, what they may pay, and what a receipt says of them."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from duebill._reverts import decode_revert
from duebill.journal import Attempt, Draft, Settled, checked_reference

if TYPE_CHECKING:
    from duebill._actions import Action
    from duebill.chain._answers import Block, Receipt
    from duebill.chain._fees import FeeLimits, Offer
    from duebill.model import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a transaction will say beside its nonce.

    Attributes:
        draft: The intent.
        offer: What it pays.
        block: The latest block.
    """

    draft: Draft
    offer: Offer
    block: Block

    def told_apart(self) -> Plan:
        """The same, with one gas more.

        The same call with the same nonce, for another intent, would be the very same transaction:
        nobody could say whose it was.
        """
        return replace(self, draft=replace(self.draft, gas=self.draft.gas + 1))

    def within(self, limits: FeeLimits) -> Plan:
        """The same, at what may be paid for it.

        Raises:
            FeeAboveLimit: It cannot get in for that.
        """
        return replace(self, offer=self.offer.within(limits, self.draft.gas))

    def attempt(self, transaction: str, nonce: int, raw: bytes) -> Attempt:
        """The transaction that was signed as planned, as the journal keeps it."""
        return Attempt(
            hash=transaction,
            nonce=nonce,
            raw=raw,
            max_fee=self.offer.max_fee,
            tip=self.offer.tip,
            block=self.block.number,
            created=now_in_seconds(),
        )

    def fields(self, chain_id: int, nonce: int) -> dict[str, Any]:
        """As a signer takes it."""
        return {
            "chainId": chain_id,
            "to": self.draft.to,
            "value": 0,
            "data": "0x" + self.draft.data.hex(),
            "gas": self.draft.gas,
            "nonce": nonce,
            **self.offer.fields(),
        }


def drafted(action: Action[Any], sender: Address, reference: str | None) -> Draft:
    """An action as an intent; of its gas only what goes beyond an estimate is known yet.

    Raises:
        BadReference: The reference cannot be one.
    """
    return Draft(
        reference=f"auto-{secrets.token_hex(8)}"
        if reference is None
        else checked_reference(reference),
        sender=sender,
        to=action.to,
        data=action.data,
        digest=action.digest,
        gas=action.gas_beyond,
        ceiling=action.ceiling,
    )


def settled(receipt: Receipt, revert: bytes | None) -> Settled:
    """What a final receipt says, as the journal keeps it."""
    refused = "" if receipt.succeeded else "TransactionFailed"
    return Settled(
        transaction=receipt.transaction,
        block=receipt.block,
        block_hash=receipt.block_hash,
        gas_used=receipt.gas_used,
        fee=receipt.fee,
        succeeded=receipt.succeeded,
        error=refused if revert is None else type(decode_revert(revert)).__name__,
        revert=revert,
    )


def now_in_seconds() -> int:
    """The time, as the journal keeps it: seconds of UTC."""
    return int(time.time())
