"""What the invoice registry refuses, and why an invoice has no key there.

As in `duebill.errors._contract`; a `Hash` is the key of an invoice or credit note, or a reference.
"""

# ruff: noqa: N818 - each class has the name that the contract gave it, or is named for its cause.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError, quoted
from duebill.errors._contract import ContractError
from duebill.errors._invoice import InvoiceError

if TYPE_CHECKING:
    from datetime import date

    from duebill.errors._contract import Units
    from duebill.errors._finance import Hash
    from duebill.model import Address, ReceivableId, Status


class RegistryRefusal(ContractError):
    """The invoice registry's rules forbid it."""


# -- consortium -------------------------------------------------------------------------------


class NotRegistrant(RegistryRefusal):
    """The caller is no registrant, or a suspended one."""

    account: Address

    says = "{account} is not admitted to the invoice registry, or is suspended."
    advice = "Sign with a registrant's account, or ask the consortium to admit it."


class RegistrantInvalid(RegistryRefusal):
    """A registrant's number or account cannot be."""

    registrant: int
    account: Address

    says = "Registrant {registrant} cannot have the account {account}."
    advice = "A registrant was admitted before and its account is nobody else's."


class EpochTooEarly(RegistryRefusal):
    """A secret would change the keys of invoices that may be registered already."""

    from_day: date
    earliest: date

    says = "A new secret cannot be for invoices from {from_day} on."
    advice = "Announce it for {earliest} or later; the first secret of all is for 1970-01-01."


# -- invoices ---------------------------------------------------------------------------------


class InvoiceInvalid(RegistryRefusal):
    """An invoice cannot be registered as given."""

    rule: str

    says = "The registry takes no such invoice: its {rule} is missing."
    advice = "Give the invoice's key, currency and total."


class NotRegistered(RegistryRefusal):
    """A key was never registered, or stands for a credit note."""

    key: Hash

    says = "No invoice is registered under {key}."
    advice = "Register it first; a credit note cannot be used."


class InvoiceIsVoid(RegistryRefusal):
    """An invoice is void."""

    key: Hash

    says = "The invoice {key} is void."
    advice = "Use the invoice that replaced it."


class KeyTaken(RegistryRefusal):
    """A credit note was applied before, or a key stands for something else."""

    key: Hash

    says = "The key {key} stands for something else already, or its credit note was applied."
    advice = "A credit note counts once; look up what the key stands for."


class InvoiceDiffers(RegistryRefusal):
    """An invoice is registered again with another total or currency."""

    key: Hash
    registrant: int
    total: Units

    says = "Registrant {registrant} registered {key} with a total of {total}."
    advice = "A key has one total in one currency: find out with them who is wrong."


class NotItsRegistrant(RegistryRefusal):
    """Somebody else registered the invoice."""

    key: Hash
    caller: int
    registrant: int

    says = "Registrant {registrant} registered {key}, not registrant {caller}."
    advice = "Ask them to record the credit note, or that the invoice is void."


# -- uses -------------------------------------------------------------------------------------


class UseIsZero(RegistryRefusal):
    """A use or a reduction is of nothing."""

    key: Hash

    says = "Nothing of the invoice {key} is asked for."
    advice = "Give an amount above zero."


class InvoiceExceeded(RegistryRefusal):
    """More is asked for than is left of an invoice."""

    key: Hash
    left: Units
    excess: Units

    says = "Of the invoice {key} {left} is left: {excess} too little."
    advice = "The rest is used or credited already; use another invoice for what is missing."


class ReceivableIsOver(RegistryRefusal):
    """Nothing can be used for a receivable any more."""

    ledger: Address
    receivable: ReceivableId
    status: Status

    says = "Nothing more can be used for {receivable} on {ledger}: it is {status}."
    advice = "Use invoices for a receivable that lives, or is still to be issued."


class ReceivableStands(RegistryRefusal):
    """The receivable that an invoice is used for stands, or was paid."""

    ledger: Address
    receivable: ReceivableId
    status: Status

    says = "What is used for {receivable} on {ledger} stays so: it is {status}."
    advice = "A use comes back only if its receivable is not issued, cancelled or lapsed."


class NothingUsed(RegistryRefusal):
    """The registrant has no such use to give back."""

    key: Hash
    registrant: int
    ledger: Address
    subject: Hash

    says = "Registrant {registrant} uses nothing of {key} for {subject} on {ledger}."
    advice = "Only who used an invoice can give it back, and once."


# -- keys -------------------------------------------------------------------------------------


class InvoiceWithoutKey(InvoiceError):
    """An invoice cannot be told from others everywhere, so the registry cannot keep it."""


class SellerNotIdentified(InvoiceWithoutKey):
    """An invoice names its seller and gives no identifier.

    Attributes:
        number: The invoice's number.
    """

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            f"Invoice {quoted(number)} has no identifier of its seller.",
            hint="A name is written in many ways: add the seller's registration or tax number.",
        )


class IssuedInFuture(InvoiceWithoutKey):
    """An invoice is dated later than tomorrow.

    Attributes:
        number: The invoice's number.
        issue_date: Its date.
        today: The chain's day.
    """

    def __init__(self, number: str, *, issue_date: date, today: date) -> None:
        self.number = number
        self.issue_date = issue_date
        self.today = today
        super().__init__(
            f"Invoice {quoted(number)} is dated {issue_date}; on the chain it is {today}.",
            hint="Its key could still change: register it when its day has come.",
        )


class SecretsDiffer(DuebillError):
    """The secrets at hand are not those that the consortium announced.

    Attributes:
        from_day: The first day for which they differ; None when none was announced.
    """

    def __init__(self, from_day: date | None) -> None:
        self.from_day = from_day
        found = "none was announced" if from_day is None else f"they differ from {from_day} on"
        super().__init__(
            f"These are not the secrets of this registry's consortium: {found}.",
            hint="With other secrets no invoice used twice would be found: ask the consortium.",
        )


class BatchRefused(DuebillError):
    """Some rows of a batch cannot be carried out; nothing was sent.

    Attributes:
        refused: How many.
        total: Of how many.
        first: The first of them and its reason, in words.
    """

    def __init__(self, *, refused: int, total: int, first: str) -> None:
        self.refused = refused
        self.total = total
        self.first = first
        super().__init__(
            f"{refused:,} of {total:,} rows were refused and nothing was sent. First: {first}.",
            hint="Look through the result row by row, or leave out what is refused.",
        )
