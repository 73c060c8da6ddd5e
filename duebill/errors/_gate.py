"""What a programme's gate refuses, one class for each of its custom errors.

As in `duebill.errors._contract`.
"""

# ruff: noqa: N818 - each class has the name that the contract gave it.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._contract import ContractError

if TYPE_CHECKING:
    from datetime import date

    from duebill.errors._contract import Units
    from duebill.model import Address, ReceivableId, Status


class GateRefusal(ContractError):
    """The rules of the programme's gate forbid it."""


class GateRulesInvalid(GateRefusal):
    """The rules of a gate contradict themselves."""

    rule: str

    says = "No gate can have these rules: {rule}."
    advice = "Correct the rules; docs/gates.md says what goes together."


class NotItsLedger(GateRefusal):
    """A gate is asked by another ledger than its own."""

    caller: Address

    says = "The programme's gate is for another ledger than {caller}."
    advice = "Create the programme with a gate that was made for its ledger."


class InvoicesMissing(GateRefusal):
    """Too little is used for a receivable that is to be issued."""

    receivable: ReceivableId
    used: Units
    face: Units

    says = "Registered invoices of {used} are used for {receivable}, whose face is {face}."
    advice = "Have a platform record the uses in the invoice registry first, in its currency."


class AttestationsMissing(GateRefusal):
    """Too few of a requirement's verifiers attest a kind of document."""

    receivable: ReceivableId
    kind: str
    held: int
    needed: int

    says = "{held} of {needed} verifiers that are needed attest the {kind} of {receivable} now."
    advice = "Have more of the programme's verifiers attest it, and bring their attestations."


class IssuesEnded(GateRefusal):
    """Something is issued after the last day for it."""

    last_issue_day: date
    today: date

    says = "The programme issues nothing after {last_issue_day}; on the chain it is {today}."
    advice = "Issue it under another programme."


class LimitNeedsCurrency(GateRefusal):
    """A gate with limits guards a programme that admits every currency."""

    programme: int

    says = "The gate of programme {programme} has limits, and the programme has no currency."
    advice = "Create a programme that admits one currency: sums need one."


class FaceAboveLimit(GateRefusal):
    """A receivable is for more than the gate allows."""

    face: Units
    limit: Units

    says = "The face is {face}; the programme's gate allows {limit} at most."
    advice = "Issue several receivables, or one under another programme."


class TotalLimitExceeded(GateRefusal):
    """More would be accepted and unsettled under a programme than its gate allows."""

    programme: int
    total: Units
    limit: Units

    says = "Programme {programme} would stand at {total}; its gate allows {limit} in all."
    advice = "Release the faces that are settled, or wait until more of them are."


class FaceStillCounts(GateRefusal):
    """A face is to be given back to the total before its receivable is settled."""

    receivable: ReceivableId
    status: Status

    says = "The face of {receivable} counts towards the total: it is {status}."
    advice = "Release it once the obligor has paid all that it owes."


class ObligorOverdue(GateRefusal):
    """An obligor accepts anew while a receivable of its is overdue."""

    obligor: Address
    receivable: ReceivableId
    last_day: date

    says = "{obligor} accepts nothing new: {receivable} is unpaid, and had grace until {last_day}."
    advice = "Once the obligor has paid it in full, it can accept again at once."


class PruneFirst(GateRefusal):
    """So many settled receivables stand in the way that they have to be pruned first."""

    obligor: Address
    most: int

    says = "More than {most} settled receivables of {obligor} are still on the gate's watch."
    advice = "Call the gate's `prune` for the obligor first; anyone may."
