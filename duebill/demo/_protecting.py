"""What the contracts do not let happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.documents import text_hash

if TYPE_CHECKING:
    from duebill.deals import SignedOrder
    from duebill.demo._story import Story
    from duebill.model import ReceivableId, Terms, VoucherId


def protect_receivables(story: Story, terms: Terms) -> None:
    """Strangers and second issues are refused."""
    story.teller.scene("What the contracts do not let happen")
    name, first = story.cast.tier1.name, story.ledger.supplier(story.cast.tier1.account)
    stranger = story.cast.stranger.address
    story.refused(
        f"{name} gives a voucher to a stranger whom nobody verified",
        lambda: first.transfer(terms.id.voucher(1), stranger),
    )
    story.refused(
        f"{name} issues the same invoice a second time",
        lambda: first.issue(terms),
    )


def protect_deals(
    story: Story, *, bid: SignedOrder, own: VoucherId, pledged: VoucherId, debt: ReceivableId
) -> None:
    """Deals are kept to: filled once, pledged once, called when it is time."""
    second, third, bank = story.cast.tier2, story.cast.tier3, story.cast.bank
    story.refused(
        f"{third.name} fills the bank's bid again",
        lambda: story.ledger.supplier(third.account).sell(bid, own),
    )
    story.refused(
        f"{second.name} sends the pledged voucher to {third.name}",
        lambda: story.ledger.supplier(second.account).transfer(pledged, third.address),
    )
    story.refused(
        f"{bank.name} calls the aval before anybody is late",
        lambda: story.ledger.financier(bank.account).call_guarantee(debt),
    )


def protect_parties(story: Story, voucher: VoucherId) -> None:
    """Whoever has a stolen key moves nothing."""
    third = story.cast.tier3
    supervisor = story.ledger.supervisor(story.cast.supervisor.account)
    reason = text_hash("A key was reported stolen.")
    frozen = supervisor.freeze_party(third.address, reason=reason)
    words = f"A key is reported stolen: the supervisor freezes {third.name}"
    story.did("freeze tier 3", words, frozen)
    thief = story.ledger.supplier(third.account)
    story.refused(
        f"Whoever has the key of {third.name} moves its voucher away",
        lambda: thief.transfer(voucher, story.cast.tier2.address),
    )
    restored = supervisor.unfreeze_party(third.address, reason=text_hash("A false alarm."))
    story.did("unfreeze tier 3", "It was a false alarm: the supervisor lifts it", restored)
    story.teller.invariants(story.checked())
