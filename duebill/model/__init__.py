"""The values that Duebill speaks of: frozen, typed, free of any chain or file."""

from __future__ import annotations

from duebill.model._act import ANNOUNCEMENT_LASTS, Act, ActKind, ActState
from duebill.model._attestation import Attestation, kind_bytes, kind_of
from duebill.model._aval import Aval, AvalState
from duebill.model._call import Call, proposal
from duebill.model._cursor import Cursor, Mark, Removed
from duebill.model._event import Event, Outcome, TransactionStatus
from duebill.model._finance import (
    DayCount,
    LoanStatus,
    OfferStatus,
    Quotation,
    Scope,
    Side,
)
from duebill.model._gate import GateRules, Requirement, Stage
from duebill.model._hashes import ZERO_HASH, hash_bytes, hash_text
from duebill.model._ids import ZERO_ADDRESS, Address, ReceivableId, VoucherId, address
from duebill.model._invariants import InvariantCheck, InvariantReport
from duebill.model._invoice import (
    Invoice,
    InvoiceKind,
    InvoiceParty,
    InvoiceReference,
    InvoiceSyntax,
)
from duebill.model._loan import Loan, LoanState
from duebill.model._money import Amount, Money, plain, units_in, units_of
from duebill.model._offer import Offer, Recourse
from duebill.model._order import Order, Subject, nonce_at
from duebill.model._party import Party
from duebill.model._programme import Currency, Programme, Rules
from duebill.model._receivable import (
    Advance,
    Holding,
    LineageNode,
    Part,
    Receivable,
    Status,
    Voucher,
)
from duebill.model._rows import Rows
from duebill.model._terms import Terms
from duebill.model._time import FOREVER, date_of, day_of, moment_of, seconds_of, time_of

__all__ = [
    "ANNOUNCEMENT_LASTS",
    "FOREVER",
    "ZERO_ADDRESS",
    "ZERO_HASH",
    "Act",
    "ActKind",
    "ActState",
    "Address",
    "Advance",
    "Amount",
    "Attestation",
    "Aval",
    "AvalState",
    "Call",
    "Currency",
    "Cursor",
    "DayCount",
    "Event",
    "GateRules",
    "Holding",
    "InvariantCheck",
    "InvariantReport",
    "Invoice",
    "InvoiceKind",
    "InvoiceParty",
    "InvoiceReference",
    "InvoiceSyntax",
    "LineageNode",
    "Loan",
    "LoanState",
    "LoanStatus",
    "Mark",
    "Money",
    "Offer",
    "OfferStatus",
    "Order",
    "Outcome",
    "Part",
    "Party",
    "Programme",
    "Quotation",
    "Receivable",
    "ReceivableId",
    "Recourse",
    "Removed",
    "Requirement",
    "Rows",
    "Rules",
    "Scope",
    "Side",
    "Stage",
    "Status",
    "Subject",
    "Terms",
    "TransactionStatus",
    "Voucher",
    "VoucherId",
    "address",
    "date_of",
    "day_of",
    "hash_bytes",
    "hash_text",
    "kind_bytes",
    "kind_of",
    "moment_of",
    "nonce_at",
    "plain",
    "proposal",
    "seconds_of",
    "time_of",
    "units_in",
    "units_of",
]
