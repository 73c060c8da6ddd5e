"""The first act: an invoice becomes a receivable, and goes down the chain of suppliers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.demo._stage import PROGRAMME
from duebill.documents import reference_hash
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from duebill.demo._story import Story
    from duebill.model import Terms, VoucherId


def verify_all(story: Story) -> None:
    """The registrar lets everyone take part."""
    story.teller.scene("The registrar verifies everyone who takes part")
    registrar = story.ledger.registrar(story.cast.registrar.account)
    for actor in story.cast.parties:
        # Strangers learn nothing from it: only a keyed hash goes to the chain.
        identifier = reference_hash(actor.name, key=story.key)
        verified = registrar.verify(actor.address, identifier=identifier)
        story.did(f"verify {actor.role}", f"{actor.name} is verified", verified)


def draft(story: Story) -> Terms:
    """What the receivable is to say, and with it its id."""
    return story.ledger.draft_invoice(
        story.invoice,
        obligor=story.cast.buyer.address,
        creditor=story.cast.tier1.address,
        programme=PROGRAMME,
        key=story.key,
        due_date=story.calendar.due,
    )


def issue(story: Story, terms: Terms) -> None:
    """Tier 1 makes a receivable of its invoice."""
    story.teller.scene("Tier 1 issues a receivable from the invoice")
    supplier = story.ledger.supplier(story.cast.tier1.account)
    words = f"{story.cast.tier1.name} issues receivable {short(terms.id)}…"
    story.did("issue by tier 1", words, supplier.issue(terms))
    story.teller.say("Nobody owes anything yet, and nothing can move: the buyer is asked.")
    story.show()


def accept(story: Story, terms: Terms) -> None:
    """The buyer binds itself."""
    story.teller.scene("The buyer accepts by signature; the supplier brings it")
    buyer = story.ledger.obligor(story.cast.buyer.account)
    signed = buyer.sign_acceptance(terms, review=story.reading(story.cast.buyer))
    brought = story.ledger.supplier(story.cast.tier1.account).submit_acceptance(signed)
    words = f"{story.cast.tier1.name} brings the signature; the buyer pays no gas"
    story.did("accept by signature", words, brought)
    story.show()


def pay_second_tier(story: Story, voucher: VoucherId) -> VoucherId:
    """Tier 1 offers a part as payment, and tier 2 takes it."""
    first, second, value = story.cast.tier1, story.cast.tier2, story.shares.second
    story.teller.scene("Tier 1 pays tier 2 with a part of it, if tier 2 agrees")
    debt = f"invoice {story.second.number}" if story.second else "its invoice"
    number = story.second.number if story.second else story.invoice.number
    offered = story.ledger.supplier(first.account).pay_with(
        voucher, second.address, value=value, reference_hash=reference_hash(number, key=story.key)
    )
    words = f"{first.name} offers {second.name} {grouped(value)} in payment of {debt}"
    offer = story.did("offer to tier 2", words, offered)
    accepted = story.ledger.supplier(second.account).accept_offer(offer.id)
    made = story.did("accept the offer", f"{second.name} takes it: the debt is paid", accepted)
    story.show()
    return made


def pay_third_tier(story: Story, voucher: VoucherId) -> VoucherId:
    """Tier 2 passes a part on."""
    second, third, value = story.cast.tier2, story.cast.tier3, story.shares.third
    story.teller.scene("Tier 2 pays tier 3 with a part of that")
    moved = story.ledger.supplier(second.account).transfer(voucher, third.address, value=value)
    words = f"{second.name} passes {grouped(value)} on to {third.name}"
    made = story.did("transfer to tier 3", words, moved)
    story.show()
    return made
