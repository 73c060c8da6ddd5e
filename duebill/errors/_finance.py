"""What the financing contracts refuse, one class for each of their custom errors.

As in `duebill.errors._contract`; a `Hash` is the id of an order, offer, aval or loan.
"""

# ruff: noqa: N818 - each class has the name that the contract gave it.

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from duebill.errors._contract import ContractError

if TYPE_CHECKING:
    from datetime import date, datetime

    from duebill.errors._contract import Units
    from duebill.model import Address, LoanStatus, OfferStatus, ReceivableId, Scope, VoucherId

Hash: TypeAlias = str
"""32 bytes as 0x and hex."""


# -- groups -----------------------------------------------------------------------------------


class ExchangeRefusal(ContractError):
    """The exchange's rules about orders, offers and recourse forbid it."""


class GuaranteeRefusal(ContractError):
    """The guarantee book's rules forbid it."""


class PledgeRefusal(ContractError):
    """The pledge book's rules forbid it."""


class CashRefusal(ContractError):
    """What the financing contracts have in common forbids it."""


# -- orders -----------------------------------------------------------------------------------


class OrderSignatureInvalid(ExchangeRefusal):
    """An order's signature is not its maker's."""

    maker: Address

    says = "The signature is not that of {maker} on this order."
    advice = "Send the order on exactly as its maker gave it, to the exchange it names."


class OrderExpired(ExchangeRefusal):
    """An order is filled after its expiry."""

    expiry: datetime
    time: datetime

    says = "The order could be filled until {expiry}; on the chain it is {time}."
    advice = "Ask its maker for a new one."


class OrderClosed(ExchangeRefusal):
    """An order's number is used up, or below its maker's floor."""

    maker: Address
    nonce: int

    says = "The order number {nonce} of {maker} is filled or withdrawn."
    advice = "Ask its maker for a new order."


class TakerNotAdmitted(ExchangeRefusal):
    """An order is for another taker, or its maker fills it itself."""

    filler: Address
    taker: Address

    says = "{filler} may not fill this order; it names the taker {taker}."
    advice = "Fill with the account that the order names; nobody fills his own order."


class OrderInvalid(ExchangeRefusal):
    """An order contradicts itself."""

    rule: str

    says = "The order does not hold together: {rule}."
    advice = "Correct it and sign it again."


class FillOutOfRange(ExchangeRefusal):
    """A fill is not between the order's least and what is left of it."""

    amount: Units
    least: Units
    left: Units

    says = "A fill of {amount} is not between the order's least of {least} and the {left} left."
    advice = "Fill an amount in between, or all that is left."


class NotInScope(ExchangeRefusal):
    """A voucher is none of those that the order is about."""

    voucher: VoucherId
    scope: Scope
    subject: int

    says = "Voucher {voucher} is none that the order is about: {scope} {subject}."
    advice = "Choose a voucher that the order names."


class DueDayNotAdmitted(ExchangeRefusal):
    """A voucher is due later than the order allows, or the due day is over."""

    due_day: date
    earliest: date
    latest: date

    says = "It is due on {due_day}; admitted are due days from {earliest} to {latest}."
    advice = "Choose another voucher; what is overdue is sold with an ask at an amount only."


class PriceWorseThanLimit(ExchangeRefusal):
    """The filler would pay more, or get less, than it said."""

    amount: Units
    limit: Units

    says = "With the fee it comes to {amount}, which is worse than the limit of {limit}."
    advice = "Ask for a quote again, and decide anew."


class PriceIsZero(ExchangeRefusal):
    """A price comes to nothing."""

    says = "The price comes to nothing."
    advice = "Fill a larger amount; at a high discount a far due day has no price."


class RateTooHigh(ExchangeRefusal):
    """A rate is above 1,000 % a year; rates are millionths a year."""

    rate: int
    highest: int

    says = "A rate of {rate} millionths a year is above the highest of {highest}."
    advice = "Give a lower rate: 52,500 millionths are 5.25 % a year."


class FeeInvalid(ExchangeRefusal):
    """A fee is above the cap, or has no recipient; fees are millionths of the price."""

    fee: int
    cap: int

    says = "A fee of {fee} millionths is above the cap of {cap}, or has no recipient."
    advice = "Set a lower fee, and name who gets it."


class FloorLowered(ExchangeRefusal):
    """A floor is lowered."""

    floor: int
    current: int

    says = "Orders below number {current} are withdrawn already; {floor} would be lower."
    advice = "Give a higher number: what is withdrawn stays so."


# -- offers -----------------------------------------------------------------------------------


class OfferNotOpen(ExchangeRefusal):
    """An offer is not where the call needs it."""

    offer: Hash
    status: OfferStatus

    says = "The offer {offer} is not open: it is {status}."
    advice = "Look at the offer again; what is decided stays so."


class AlreadyOffered(ExchangeRefusal):
    """An offer of these very terms was made before."""

    offer: Hash

    says = "The offer {offer} was made before with these very terms."
    advice = "If a second one is meant, make it anew: it gets another salt."


class OfferExpired(ExchangeRefusal):
    """An offer is made or accepted after its expiry."""

    expiry: datetime
    time: datetime

    says = "The offer could be accepted until {expiry}; on the chain it is {time}."
    advice = "Ask for a new offer with a later expiry."


class OfferToGiver(ExchangeRefusal):
    """Somebody is offered his own voucher."""

    party: Address

    says = "{party} would be offered its own voucher."
    advice = "Name another recipient."


# -- vouchers that are sold or given ----------------------------------------------------------


class NotHolder(ExchangeRefusal):
    """A voucher is not the seller's or giver's."""

    party: Address
    voucher: VoucherId
    holder: Address

    says = "Voucher {voucher} is not held by {party} but by {holder}."
    advice = "Choose a voucher that the one who sells or gives holds."


class VoucherClaimedOn(ExchangeRefusal):
    """A part of a voucher is sold or given that was claimed on."""

    voucher: VoucherId
    claimed: Units

    says = "On voucher {voucher} {claimed} was claimed: it goes whole or not at all."
    advice = "Sell or give all that is still to be redeemed on it."


class AmountExceedsVoucher(ExchangeRefusal):
    """More is sold or given than is still to be redeemed."""

    voucher: VoucherId
    amount: Units
    left: Units

    says = "On voucher {voucher} {left} is still to be redeemed, less than {amount}."
    advice = "Sell or give at most that much."


# -- recourse ---------------------------------------------------------------------------------


class NoRecourse(ExchangeRefusal):
    """Nobody answers for a voucher."""

    voucher: VoucherId

    says = "Nobody answers for voucher {voucher}."
    advice = "Only a voucher that was sold with recourse has somebody to be asked."


class ObligorHasNoRecourse(ExchangeRefusal):
    """The obligor would have recourse for what it owes itself."""

    obligor: Address

    says = "{obligor} owes this itself, and has no recourse to anybody for it."
    advice = "An obligor pays, or extinguishes its own vouchers."


# -- avals ------------------------------------------------------------------------------------


class AvalInvalid(GuaranteeRefusal):
    """An aval contradicts itself, or the receivable that it is for."""

    rule: str

    says = "The aval does not hold together: {rule}."
    advice = "Correct its terms and sign it again."


class AvalUsed(GuaranteeRefusal):
    """These very terms were given, or withdrawn, before."""

    aval: Hash

    says = "The aval {aval} was given or withdrawn before with these very terms."
    advice = "If a second one is meant, draft it anew: it gets another salt."


class AvalUnknown(GuaranteeRefusal):
    """An aval was never given."""

    aval: Hash

    says = "The aval {aval} was never given."
    advice = "Check that its terms are exactly those that were given."


class AvalSignatureInvalid(GuaranteeRefusal):
    """The guarantor's signature is missing or wrong."""

    guarantor: Address

    says = "The signature is not that of the guarantor {guarantor} on this aval."
    advice = "Send the aval on exactly as the guarantor gave it, to the book it names."


class AvalSignatureExpired(GuaranteeRefusal):
    """An aval's signature is used after its time."""

    signed_until: datetime
    time: datetime

    says = "The guarantor's signature counted until {signed_until}; on the chain it is {time}."
    advice = "Ask the guarantor to sign again."


class NotCovered(GuaranteeRefusal):
    """An aval does not cover a receivable."""

    aval: Hash
    receivable: ReceivableId

    says = "The aval {aval} does not cover receivable {receivable}."
    advice = "Look at which receivable, or which obligor, programme and currency it is for."


class NothingToCall(GuaranteeRefusal):
    """Nothing can be called."""

    aval: Hash
    receivable: ReceivableId

    says = "On aval {aval} nothing can be called for receivable {receivable}."
    advice = "It has to be overdue and lack something, and the cap may not be used up."


class AvalExpired(GuaranteeRefusal):
    """An aval is called after its expiry for what was not called in time."""

    expiry: datetime
    time: datetime

    says = "The aval could be called until {expiry}; on the chain it is {time}."
    advice = "Only what was called in time and not paid can still be called."


class DishonourStands(GuaranteeRefusal):
    """A record is to be cleared, but all of it is still lacking, or there is none."""

    aval: Hash
    receivable: ReceivableId

    says = (
        "What aval {aval} owes for receivable {receivable} is still lacking, or there is nothing."
    )
    advice = "Clear it once others have paid in; until then the aval can be called for it."


class NothingToRelease(GuaranteeRefusal):
    """There is no margin to give back."""

    aval: Hash

    says = "Of aval {aval} no margin is left to be given back."
    advice = "It was drawn or given back before."


class MarginStillNeeded(GuaranteeRefusal):
    """A margin is asked back that may still be needed."""

    aval: Hash

    says = "The margin of aval {aval} may still be needed."
    advice = "Wait until what it covers is paid, or the aval is over with nothing unpaid."


# -- loans ------------------------------------------------------------------------------------


class LoanInvalid(PledgeRefusal):
    """A loan contradicts itself, or the voucher that it is against."""

    rule: str

    says = "The loan does not hold together: {rule}."
    advice = "Correct its terms and sign it again."


class LoanNotIn(PledgeRefusal):
    """A loan is not where the call needs it."""

    loan: Hash
    status: LoanStatus
    needed: LoanStatus

    says = "The loan {loan} is {status}, and has to be {needed} for this."
    advice = "Look at where it stands first; it may have been done already."


class LoanSignatureInvalid(PledgeRefusal):
    """The signature of the one who does not call is missing or wrong."""

    signer: Address

    says = "The signature is not that of {signer} on this loan."
    advice = "Lender and borrower each bring the other's signature, exactly as it was given."


class LoanSignatureExpired(PledgeRefusal):
    """A loan's signature is used after its time."""

    signed_until: datetime
    time: datetime

    says = "The loan's signature counted until {signed_until}; on the chain it is {time}."
    advice = "Ask for a new signature."


class PledgeTooSmall(PledgeRefusal):
    """Less would be pledged than the advance rate asks for."""

    secured: Units
    owed: Units

    says = "The pledge would secure {secured}, less than the {owed} owed."
    advice = "Lend or release less, or pay some of it back first."


class NotInDefault(PledgeRefusal):
    """A lender forecloses before maturity and grace are over."""

    loan: Hash
    last_day: date
    today: date

    says = "The borrower of loan {loan} has time until {last_day}; on the chain it is {today}."
    advice = "Wait until maturity and grace are over."


class PledgeMissing(PledgeRefusal):
    """The book does not hold the pledged voucher."""

    loan: Hash
    voucher: VoucherId

    says = "The book does not hold voucher {voucher}, the pledge of loan {loan}."
    advice = "It may have been seized; ask the enforcer for the reason."


class NothingKept(PledgeRefusal):
    """Nothing was kept for a party."""

    party: Address
    currency: int

    says = "Nothing is kept for {party} in currency {currency}."
    advice = "It was paid or taken out already."


# -- cash -------------------------------------------------------------------------------------


class GasTooLow(CashRefusal):
    """Too little gas is left to tell a refusal from running out of it."""

    left: int
    needed: int

    says = "Only {left} gas was left, where {needed} are needed to try a payment."
    advice = "Send it again with more gas."


class LedgerWithoutCode(CashRefusal):
    """A financing contract is to be made for a ledger that is no contract."""

    ledger: Address

    says = "There is no ledger at {ledger}."
    advice = "Deploy the ledger first, and give its address."
