"""Who may call what: the roles of a deployment and the functions that each one opens."""

from __future__ import annotations

from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(IntEnum):
    """A role in the access manager; the value is its id there, `label` its label.

    Powers over others are kept apart: who verifies cannot freeze, who freezes cannot take.
    """

    ADMIN = 0
    REGISTRAR = 1
    SUPERVISOR = 2
    ENFORCER = 3
    ADMINISTRATOR = 4
    STANDARD_ENFORCER = 5
    CONSORTIUM = 6

    @property
    def label(self) -> str:
        """The name that block explorers show."""
        return self.name


#: The functions of each contract that each role may call. The admins may call none of them: they
#: grant and revoke roles. Nobody is a standard enforcer until an admin grants the role, because
#: ERC-7943's own forms of freezing and taking carry no reason.
POWERS: Mapping[str, Mapping[Role, tuple[str, ...]]] = MappingProxyType(
    {
        "ReceivableLedger": MappingProxyType(
            {
                Role.REGISTRAR: ("verifyParty",),
                Role.SUPERVISOR: ("freezeParty", "freezeVoucher", "pause", "unpause"),
                Role.ENFORCER: ("seizeVoucher", "setPayee"),
                Role.ADMINISTRATOR: (
                    "createProgramme",
                    "setProgrammeOpen",
                    "addCurrency",
                    "setCurrencyOpen",
                    "setPayingAgent",
                    "setCustodian",
                    "sweep",
                ),
                Role.STANDARD_ENFORCER: ("setFrozenTokens", "forcedTransfer"),
            }
        ),
        "Exchange": MappingProxyType({Role.ADMINISTRATOR: ("setFee",)}),
        "InvoiceRegistry": MappingProxyType(
            {Role.CONSORTIUM: ("admitRegistrant", "setRegistrantAccount", "announceKey")}
        ),
    }
)

#: Who may cancel what a role has scheduled, besides the admins.
GUARDIANS: Mapping[Role, Role] = MappingProxyType(
    {Role.ENFORCER: Role.SUPERVISOR, Role.STANDARD_ENFORCER: Role.SUPERVISOR}
)


def selectors(contract: str, role: Role) -> tuple[bytes, ...]:
    """The selectors of a contract's functions that a role may call, in the order of `POWERS`."""
    from duebill import artifacts  # noqa: PLC0415 - reads files

    # The ledger's interface has its office's functions too.
    known = artifacts.load(f"I{contract}").method_identifiers
    by_name = {signature.partition("(")[0]: found for signature, found in known.items()}
    return tuple(bytes.fromhex(by_name[name]) for name in POWERS[contract].get(role, ()))
