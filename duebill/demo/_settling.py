"""The third act: who pays on time, who does not, and how everyone gets what is his."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.wording import grouped

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.demo._story import Story
    from duebill.model import ReceivableId, VoucherId


def pay_back_a_part(story: Story, loan: str) -> None:
    """Tier 2 pays a part of its loan, and has a part of its pledge back."""
    second, ledger = story.cast.tier2, story.ledger
    story.teller.scene("Half of the time passes; tier 2 pays a part of the loan back")
    _wait(story, story.calendar.midway)
    found = ledger.loans.loan(loan)
    story.teller.say(
        f"It owes {grouped(found.principal)} and {grouped(found.interest)} of interest."
    )
    amount = story.shares.repaid + found.interest
    words = f"{second.name} pays {grouped(amount)}: the interest first"
    borrower = ledger.supplier(second.account)
    story.did("repay a part", words, borrower.repay(loan, amount))
    value = ledger.loans.loan(loan).releasable
    words = f"{second.name} has {grouped(value)} of its pledge back, as a voucher of its own"
    story.did("release a part", words, borrower.release_pledge(loan))
    story.show()


def pay(story: Story, receivable: ReceivableId) -> None:
    """The buyer pays on the due date."""
    buyer = story.cast.buyer
    story.teller.scene("Time passes, and the buyer pays")
    _wait(story, story.calendar.payday)
    owed = story.ledger.receivable(receivable).owed
    story.bring(buyer, owed)
    words = f"{buyer.name} pays {grouped(owed)}"
    story.did("pay", words, story.ledger.obligor(buyer.account).pay(receivable))
    story.show()


def collect(story: Story, loan: str) -> None:
    """The pledge pays what is left of the loan, and the rest goes to tier 2."""
    bank, second = story.cast.bank, story.cast.tier2
    story.teller.scene("The pledge pays the loan, and everyone redeems")
    owed = story.ledger.loans.loan(loan).owed
    collected = story.ledger.financier(bank.account).collect(loan)
    words = f"{bank.name} collects on the pledge, for the {grouped(owed)} that it is still owed"
    (found,) = story.did("collect on the pledge", words, collected)
    story.teller.say(
        f"{bank.name} gets {grouped(found.to_lender)}, {second.name} the other "
        f"{grouped(found.to_borrower)}."
    )


def redeem(story: Story, receivable: ReceivableId) -> None:
    """Everyone takes out what his voucher allows now."""
    for voucher in story.ledger.vouchers(receivable=receivable):
        actor = story.cast.at(voucher.holder)
        redeemed = story.ledger.supplier(actor.account).redeem(voucher.id)
        words = f"{actor.name} takes {grouped(voucher.claimable)} out"
        story.did(f"redeem by {actor.role}", words, redeemed)
    story.show()


def call(story: Story, receivable: ReceivableId, aval: str) -> None:
    """Tier 2 does not pay; a holder calls the aval, and the guarantor pays."""
    bank, guarantor, ledger = story.cast.bank, story.cast.guarantor, story.ledger
    story.teller.scene("Tier 2 does not pay; the bank calls the aval")
    _wait(story, story.calendar.overdue)
    found = ledger.receivable(receivable)
    story.teller.say(
        f"The days of grace are over. {story.cast.tier2.name} quarrels about the quality and has "
        f"paid nothing: the receivable is {found.status}."
    )
    laid_up = ledger.guarantees.aval(aval).state.margin
    called = ledger.financier(bank.account).call_guarantee(receivable)
    (paid,) = story.did("call the aval", f"{bank.name} calls the aval", called)
    story.teller.say(
        f"{guarantor.name} pays {grouped(paid.paid)}: {grouped(laid_up)} of it is the margin, the "
        f"rest comes out of its account. Every holder can take its share out."
    )
    redeem(story, receivable)


def turn_to_the_seller(story: Story, voucher: VoucherId) -> None:
    """The bank has its recourse: the seller takes the voucher back."""
    bank, seller, ledger = story.cast.bank, story.cast.tier3, story.ledger
    story.teller.scene("For what the aval does not cover, the bank turns to the seller")
    found = ledger.voucher(voucher)
    rest = found.value - found.claimed
    words = f"{seller.name} stands by its word, and lets the exchange take {grouped(rest)}"
    story.did("allow the recourse", words, ledger.supplier(seller.account).allow_cash(rest))
    asked = ledger.financier(bank.account).exercise_recourse(voucher)
    answer = story.did("exercise the recourse", f"{bank.name} gives the voucher back", asked)
    story.teller.say(f"It gets {grouped(answer.amount)} for it.")
    story.show()


def pay_late(story: Story, receivable: ReceivableId) -> None:
    """Tier 2 pays after all, and the guarantor has its money back."""
    second, guarantor, ledger = story.cast.tier2, story.cast.guarantor, story.ledger
    story.teller.scene("Tier 2 pays late; the guarantor has its money back")
    _wait(story, story.calendar.late)
    owed = ledger.receivable(receivable).owed
    words = f"{second.name} pays {grouped(owed)}"
    story.did("pay late", words, ledger.obligor(second.account).pay(receivable))
    for advance in ledger.advances(receivable):
        back = ledger.guarantor(guarantor.account).reimburse(receivable, start=advance.start)
        words = f"{guarantor.name} takes back {grouped(advance.reimbursable)} that it advanced"
        story.did("reimburse the guarantor", words, back)
    redeem(story, receivable)


def _wait(story: Story, moment: datetime) -> None:
    story.stage.wait_until(moment)
    story.teller.say(f"It is {story.ledger.time():%Y-%m-%d} on the chain.")
