"""The second act: vouchers become money before they are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.deals import SignedAval, SignedLoan, SignedOrder
from duebill.demo._shares import ADVANCE_RATE, BID_RATE, LOAN_RATE
from duebill.demo._stage import PROGRAMME
from duebill.model import Quotation
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from duebill.demo._story import Story
    from duebill.exchange import Quote
    from duebill.model import ReceivableId, Terms, VoucherId


def sell_at_a_rate(story: Story, voucher: VoucherId) -> SignedOrder:
    """The bank bids for the buyer's debt; tier 3 fills the bid."""
    bank, seller, value = story.cast.bank, story.cast.tier3, story.shares.sold
    story.teller.scene("The bank bids at a rate; tier 3 sells to it, at the buyer's risk")
    story.bring(bank, value)
    bid = story.ledger.financier(bank.account).bid(
        voucher.receivable,
        value,
        rate=BID_RATE,
        quotation=Quotation.YIELD,
        review=story.reading(bank),
    )
    order = SignedOrder.from_text(story.mailed(bid.to_line()))
    problems = story.ledger.exchange.check(order, voucher=voucher, filler=seller.address)
    if problems:
        raise problems[0]
    quote = story.ledger.exchange.quote(order, voucher)
    story.teller.say(f"Nothing is in its way. {seller.name} sees what it gets: {worth(quote)}")
    sold = story.ledger.supplier(seller.account).sell(order, voucher)
    words = f"{seller.name} fills the bid: voucher and cash change hands in one transaction"
    story.did("sell to the bank", words, sold)
    story.show()
    return order


def worth(quote: Quote) -> str:
    """What a quote comes to, in words."""
    days = "1 day" if quote.days == 1 else f"{quote.days} days"
    less = f", {grouped(quote.discount)} less" if quote.discount is not None else ""
    return (
        f"{grouped(quote.amount)}, due in {days} ({quote.day_count}), "
        f"for {grouped(quote.total)} now{less}."
    )


def borrow(story: Story, voucher: VoucherId) -> str:
    """Tier 2 pledges all that it kept."""
    bank, second, lent = story.cast.bank, story.cast.tier2, story.shares.lent
    story.teller.scene("The bank lends; tier 2 pledges its voucher")
    story.bring(bank, lent)
    signed = story.ledger.financier(bank.account).lend(
        voucher,
        principal=lent,
        advance_rate=ADVANCE_RATE,
        rate=LOAN_RATE,
        review=story.reading(bank),
    )
    loan = SignedLoan.from_text(story.mailed(signed.to_line()))
    opened = story.ledger.supplier(second.account).borrow(loan)
    words = f"{second.name} takes {grouped(lent)}; the pledge book keeps voucher {short(voucher)}"
    found = story.did("open the loan", words, opened)
    story.show()
    return found


def owe_third_tier(story: Story) -> Terms:
    """Tier 2 owes on a receivable of its own."""
    second, third = story.cast.tier2, story.cast.tier3
    story.teller.scene("Tier 2 owes tier 3 more, on a receivable of its own")
    terms = story.ledger.draft(
        obligor=second.address,
        creditor=third.address,
        face=story.shares.debt,
        due_date=story.calendar.due,
        programme=PROGRAMME,
    )
    words = (
        f"{second.name} issues receivable {short(terms.id)}… over {grouped(terms.face)}, "
        f"and is bound by that"
    )
    story.did("issue by tier 2", words, story.ledger.obligor(second.account).issue(terms))
    return terms


def guarantee(story: Story, terms: Terms) -> str:
    """A guarantor signs an aval; tier 3 pays for it and has it given."""
    guarantor, third, shares = story.cast.guarantor, story.cast.tier3, story.shares
    story.teller.scene("A guarantor answers for tier 2")
    story.bring(guarantor, shares.cap)
    office = story.ledger.guarantor(guarantor.account)
    signed = office.sign_aval(
        terms.id,
        applicant=third.address,
        cap=shares.cap,
        margin=shares.margin,
        fee=shares.fee,
        until=story.calendar.covered_until,
        review=story.reading(guarantor),
    )
    aval = SignedAval.from_text(story.mailed(signed.to_line()))
    words = f"{third.name} pays {grouped(shares.fee)} for it; {grouped(shares.margin)} are laid up"
    id_ = story.did("take cover", words, story.ledger.supplier(third.account).take_cover(aval))
    ready = shares.cap - shares.margin
    words = f"{guarantor.name} lets the book take the other {grouped(ready)} when it is called"
    story.did("allow calls", words, office.allow_calls(ready))
    story.show()
    return id_


def sell_with_recourse(story: Story, receivable: ReceivableId) -> VoucherId:
    """Tier 3 sells a part for an amount, and answers for it; the bank looks at the cover first."""
    bank, seller, shares = story.cast.bank, story.cast.tier3, story.shares
    story.teller.scene("Tier 3 sells a part of that to the bank, and answers for it")
    story.bring(bank, shares.asked)
    signed = story.ledger.supplier(seller.account).offer(
        receivable.voucher(1),
        value=shares.resold,
        price=shares.asked,
        recourse="full",
        taker=bank.address,
        review=story.reading(seller),
    )
    ask = SignedOrder.from_text(story.mailed(signed.to_line()))
    cover = story.ledger.guarantees.cover_of(receivable)
    story.teller.say(
        f"Before it buys, {bank.name} sees: of {grouped(cover.lacking)}, guarantors answer for "
        f"{grouped(cover.total)}, with {grouped(cover.secured)} of it laid up in cash; for "
        f"{grouped(cover.uncovered)} nobody does but {story.cast.tier2.name}, and the seller. "
        f"{worth(story.ledger.exchange.quote(ask))}"
    )
    bought = story.ledger.financier(bank.account).buy(ask)
    words = f"{bank.name} buys: voucher and cash change hands in one transaction"
    made = story.did("buy with recourse", words, bought).voucher
    story.show()
    return made
