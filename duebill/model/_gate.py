"""What a programme's gate asks beyond the ledger's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from duebill.model._attestation import kind_bytes, kind_of
from duebill.model._ids import ZERO_ADDRESS
from duebill.model._money import Money, plain, units_of
from duebill.model._time import date_of, day_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from duebill.model._ids import Address

# Only the form of amounts is used: limits are in the programme's currency.
_NO_CURRENCY = "XXX"


class Stage(StrEnum):
    """By when something has to be attested; in the order of the contract."""

    ACCEPTANCE = "acceptance"
    """Before the obligor is bound."""

    FINANCING = "financing"
    """Before a voucher goes to, or is sold by, a contract that the ledger calls a custodian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """So many of these verifiers attest a document of this kind.

    Attributes:
        kind: The label that attestations bear, such as `invoice`: at most 32 ASCII characters.
        before: By when.
        needed: How many of the verifiers.
        verifiers: Who may attest it.
    """

    kind: str
    before: Stage
    needed: int
    verifiers: tuple[Address, ...]

    def as_abi(self) -> tuple[Any, ...]:
        """The requirement as the gate takes it."""
        return (
            kind_bytes(self.kind),
            list(Stage).index(self.before),
            self.needed,
            list(self.verifiers),
        )

    def to_json(self) -> dict[str, Any]:
        """The requirement as an object for JSON."""
        return {
            "kind": self.kind,
            "before": self.before.value,
            "needed": self.needed,
            "verifiers": list(self.verifiers),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """What a gate asks; whatever is left out, it does not ask. Amounts are exact decimals.

    Attributes:
        invoices_required: Whether registered invoices have to cover each receivable's face.
        total_limit: The most that may be accepted and unsettled under the programme.
        face_limit: The most that one receivable may be for.
        last_issue: The last day on which anything may be issued.
        stop_on_overdue: Whether an obligor who is overdue beyond grace may accept nothing new.
        requirements: What has to be attested.
    """

    invoices_required: bool = False
    total_limit: Decimal | None = None
    face_limit: Decimal | None = None
    last_issue: date | None = None
    stop_on_overdue: bool = False
    requirements: tuple[Requirement, ...] = ()

    def as_abi(self, *, registry: Address, documents: Address) -> tuple[Any, ...]:
        """The rules as a gate takes them.

        Args:
            registry: The invoice registry, asked where invoices are required.
            documents: The document book, asked where there are requirements.
        """
        return (
            registry if self.invoices_required else ZERO_ADDRESS,
            documents if self.requirements else ZERO_ADDRESS,
            0 if self.total_limit is None else units_of(self.total_limit),
            0 if self.face_limit is None else units_of(self.face_limit),
            0 if self.last_issue is None else day_of(self.last_issue),
            self.stop_on_overdue,
            [requirement.as_abi() for requirement in self.requirements],
        )

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """The rules that a gate says it has."""
        return cls(
            invoices_required=fields["registry"] != ZERO_ADDRESS,
            total_limit=_limit(fields["totalLimit"]),
            face_limit=_limit(fields["faceLimit"]),
            last_issue=date_of(fields["lastIssueDay"]) if fields["lastIssueDay"] else None,
            stop_on_overdue=fields["stopOnOverdue"],
            requirements=tuple(map(_requirement, fields["requirements"])),
        )

    def to_json(self) -> dict[str, Any]:
        """The rules as an object for JSON: amounts as decimal strings."""
        total, face = self.total_limit, self.face_limit
        return {
            "invoices_required": self.invoices_required,
            "total_limit": None if total is None else plain(units_of(total)),
            "face_limit": None if face is None else plain(units_of(face)),
            "last_issue": self.last_issue.isoformat() if self.last_issue else None,
            "stop_on_overdue": self.stop_on_overdue,
            "requirements": [requirement.to_json() for requirement in self.requirements],
        }


def _limit(units: int) -> Decimal | None:
    return Money(units, _NO_CURRENCY).amount if units else None


def _requirement(fields: Mapping[str, Any]) -> Requirement:
    return Requirement(
        kind=kind_of(fields["kind"]),
        before=list(Stage)[fields["before"]],
        needed=fields["needed"],
        verifiers=tuple(fields["verifiers"]),
    )
