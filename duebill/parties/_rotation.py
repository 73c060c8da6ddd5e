"""One party, a new address: what has to be so before rights go over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill.errors import RotationRefused
from duebill.model import ZERO_ADDRESS, ZERO_HASH

if TYPE_CHECKING:
    from datetime import datetime

    from duebill._mandates import Step
    from duebill.model import Party, VoucherId


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedVoucher:
    """A voucher on its way from a party's old address to its new one.

    Attributes:
        voucher: The voucher.
        step: How far its seizure has come.
    """

    voucher: VoucherId
    step: Step

    def to_json(self) -> dict[str, Any]:
        """The voucher as an object for JSON."""
        return {"voucher": self.voucher, **self.step.to_json()}


def require_free(old: Party, new: Party, *, now: datetime) -> None:
    """Refuse an address that cannot be verified as the party of another one.

    Raises:
        RotationRefused: It says why.
    """
    reason = _common_reason(old, new, now=now)
    if not reason and new.identifier not in {ZERO_HASH, old.identifier}:
        reason = "it is verified with another identifier"
    if reason:
        raise RotationRefused(old.address, new.address, reason=reason)


def require_same(old: Party, new: Party, *, now: datetime) -> None:
    """Refuse an address that is not verified as the party of another one.

    Raises:
        RotationRefused: It says why.
    """
    reason = _common_reason(old, new, now=now)
    if not reason and new.identifier != old.identifier:
        other = new.identifier != ZERO_HASH
        reason = f"it is verified {'with another' if other else 'without an'} identifier"
    if not reason and not new.is_verified(now):
        reason = "it is not verified"
    if reason:
        raise RotationRefused(old.address, new.address, reason=reason)


def _common_reason(old: Party, new: Party, *, now: datetime) -> str:
    if old.address == new.address:
        return "it is the same address"
    if new.address == ZERO_ADDRESS:
        return "nobody has it"
    if old.identifier == ZERO_HASH:
        return "the ledger has no identifier for the old address, so nothing shows who it is"
    if old.custodian or new.custodian:
        return "a custodian keeps what belongs to others"
    if new.is_frozen(now):
        return "it is frozen"
    return ""
