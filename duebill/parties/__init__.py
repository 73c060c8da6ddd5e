"""What registrars and enforcers need to know of many parties, or of one that lost its key.

`Registrar.verify_many` takes `Verification`s and gives a `CheckedVerification` for each;
`Enforcer.move_vouchers` gives `MovedVoucher`s; `Ledger.ties` lists what binds an address to others.
A `PartyProfile` is what a registrar
knows beside the ledger. A `Step` says how far a call has come whose role may have a delay.
"""

from __future__ import annotations

from duebill._mandates import Stage, Step
from duebill.parties._batch import CheckedVerification, Finding, Verification
from duebill.parties._calendar import calendar
from duebill.parties._profile import PartyProfile
from duebill.parties._rotation import MovedVoucher
from duebill.parties._ties import Tie, TieKind

__all__ = [
    "CheckedVerification",
    "Finding",
    "MovedVoucher",
    "PartyProfile",
    "Stage",
    "Step",
    "Tie",
    "TieKind",
    "Verification",
    "calendar",
]
