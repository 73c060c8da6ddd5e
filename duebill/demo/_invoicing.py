"""Before the first act: the invoice is used for the receivable, and for nothing else ever again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duebill.documents import new_key, text_hash
from duebill.errors import InvoiceWithoutKey
from duebill.registry import KeyRing
from duebill.wording import grouped

if TYPE_CHECKING:
    from duebill.demo._story import Story
    from duebill.model import Terms

_FIRST_DAY = date(1970, 1, 1)


def use_once(story: Story, terms: Terms) -> None:
    """The platform uses the invoice; another one that finances it again is refused."""
    house, bank, invoice = story.cast.house, story.cast.bank, story.invoice
    story.teller.scene("The invoice is used for this receivable, and for no other")
    keys = KeyRing(new_key())
    consortium = story.ledger.registry(keys=keys, announced=False).consortium(house.account)
    words = "The consortium announces its secret; who lacks it learns nothing from a key"
    story.did("announce the secret", words, consortium.announce(_FIRST_DAY))
    registry = story.ledger.registry(keys=keys)
    try:
        key = registry.key_of(invoice)
    except InvoiceWithoutKey as error:
        story.teller.say(f"{error.message} It goes on without the registry.")
        return
    story.teller.say(f"On the chain invoice {invoice.number} is the key {key[:18]}…")
    used = registry.registrant(house.account).use(
        [(invoice, terms.face)], receivable=terms.id, ledger=story.ledger.address
    )
    words = f"{house.name} uses {grouped(terms.face)} of it for receivable {terms.id[:10]}…"
    story.did("use the invoice", words, used)
    rival = registry.registrant(bank.account)
    again = [(invoice, terms.face)]
    story.refused(
        f"{bank.name} finances the same invoice a second time",
        lambda: rival.use(again, receivable=text_hash("a loan outside this chain")),
    )
