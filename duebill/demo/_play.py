"""The story itself, scene by scene."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from duebill import samples
from duebill.demo import _financing, _invoicing, _protecting, _settling, _supplying
from duebill.demo._calendar import calendar_of
from duebill.demo._cast import cast_for
from duebill.demo._closing import close
from duebill.demo._narrator import Silent
from duebill.demo._shares import share_out
from duebill.demo._stage import stage
from duebill.demo._story import Story
from duebill.einvoice import read_invoice
from duebill.errors import NotPayable
from duebill.model import Money
from duebill.wording import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.demo._calendar import Calendar
    from duebill.demo._cast import Cast
    from duebill.demo._narrator import Narrator
    from duebill.demo._result import Result
    from duebill.demo._shares import Shares
    from duebill.demo._stage import Stage
    from duebill.model import Invoice

_MAIN = "brake-systems-eur-ubl"
_SECOND = "castings-eur-cii"


def play(invoice: Invoice | None = None, *, narrator: Narrator | None = None) -> Result:
    """Play the story on an invoice, or on the samples that come with the package.

    Raises:
        TooSmallToShare: The invoice's amount cannot be divided.
        NodeError: There is no chain to be had.
    """
    teller, second = narrator or Silent(), None
    if invoice is None:
        teller.scene("The invoices")
        _show_samples(teller)
        invoice, second = read_invoice(samples.read(_MAIN)), read_invoice(samples.read(_SECOND))
    face = Money.parse(invoice.payable_amount, invoice.currency)
    owed = Money.parse(second.payable_amount, second.currency) if second else None
    shares, calendar = share_out(face, owed_to_second=owed), calendar_of(invoice)
    cast = cast_for(invoice, second=second)
    _introduce(teller, invoice, calendar)
    with _staged(teller, cast, calendar, shares) as found:
        story = Story(
            stage=found,
            cast=cast,
            shares=shares,
            calendar=calendar,
            invoice=invoice,
            second=second,
            teller=teller,
        )
        return _tell(story)


def _tell(story: Story) -> Result:
    """All acts, in their order."""
    _supplying.verify_all(story)
    terms = _supplying.draft(story)
    _invoicing.use_once(story, terms)
    _supplying.issue(story, terms)
    _supplying.accept(story, terms)
    second = _supplying.pay_second_tier(story, terms.id.voucher(1))
    third = _supplying.pay_third_tier(story, second)

    bid = _financing.sell_at_a_rate(story, third)
    loan = _financing.borrow(story, second)
    debt = _financing.owe_third_tier(story)
    aval = _financing.guarantee(story, debt)
    answered = _financing.sell_with_recourse(story, debt.id)

    _protecting.protect_receivables(story, terms)
    _protecting.protect_deals(story, bid=bid, own=third, pledged=second, debt=debt.id)
    _protecting.protect_parties(story, third)

    _settling.pay_back_a_part(story, loan)
    _settling.pay(story, terms.id)
    _settling.collect(story, loan)
    _settling.redeem(story, terms.id)
    _settling.call(story, debt.id, aval)
    _settling.turn_to_the_seller(story, answered)
    _settling.pay_late(story, debt.id)
    return close(story, terms, debt)


def _show_samples(teller: Narrator) -> None:
    for name in samples.names():
        try:
            it = read_invoice(samples.read(name))
        except NotPayable as error:
            teller.refused(f"{name} ({type(error).__name__})", error)
        else:
            amount = Money.parse(it.payable_amount, it.currency)
            teller.say(f"{it.number}: {it.seller.name} to {it.buyer.name}, {grouped(amount)}")


def _introduce(teller: Narrator, invoice: Invoice, calendar: Calendar) -> None:
    face = Money.parse(invoice.payable_amount, invoice.currency)
    teller.scene(f"Invoice {invoice.number}")
    teller.say(
        f"{invoice.seller.name} has delivered; {invoice.buyer.name} owes {grouped(face)}, "
        f"due {calendar.due}."
    )
    if calendar.remark:
        teller.say(calendar.remark)


@contextlib.contextmanager
def _staged(teller: Narrator, cast: Cast, calendar: Calendar, shares: Shares) -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        with teller.busy("Starting a private chain and deploying the contracts"):
            found = stack.enter_context(stage(cast, calendar, shares))
        ledger = found.ledger
        teller.say(
            f"A private chain (id {ledger.chain_id}) starts on {calendar.begin.date()}; "
            f"the ledger is {ledger.address}."
        )
        yield found
