"""Who may act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill.model._rows import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model._ids import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Shown):
    """What the ledger knows of an account.

    Attributes:
        address: The account.
        verified_until: The last second of its verification; None if it never was verified.
        frozen_until: The last second of its freeze; None if it is not frozen.
        vouchers: How many vouchers it holds.
        defaults: How many of its receivables are in declared default.
        custodian: Whether it keeps vouchers for others, so that its moves are no hops.
        payee: Where its redemptions go instead, by the supervisor's word.
        identifier: Keyed hash of its legal identifier.
        encryption_key: X25519 key that documents for it are sealed to, in hex; None if none.
    """

    address: Address
    verified_until: datetime | None
    frozen_until: datetime | None
    vouchers: int
    defaults: int
    custodian: bool
    payee: Address | None
    identifier: str
    encryption_key: str | None

    def is_verified(self, at: datetime) -> bool:
        """Whether it is verified at a moment; `Ledger.time` gives the chain's."""
        return self.verified_until is not None and at <= self.verified_until

    def is_frozen(self, at: datetime) -> bool:
        """Whether it is frozen at a moment; `Ledger.time` gives the chain's."""
        return self.frozen_until is not None and at <= self.frozen_until

    def to_json(self) -> dict[str, Any]:
        """The party as an object for JSON: times as ISO 8601."""
        return {
            "address": self.address,
            "verified_until": self.verified_until.isoformat() if self.verified_until else None,
            "frozen_until": self.frozen_until.isoformat() if self.frozen_until else None,
            "vouchers": self.vouchers,
            "defaults": self.defaults,
            "custodian": self.custodian,
            "payee": self.payee,
            "identifier": self.identifier,
            "encryption_key": self.encryption_key,
        }
