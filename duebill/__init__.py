"""Duebill: receivables that can be split, passed on, financed and redeemed, on a chain."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duebill.chain import Transaction
    from duebill.einvoice import read_invoice
    from duebill.errors import DuebillError
    from duebill.ledger import Ledger, connect
    from duebill.model import (
        FOREVER,
        Act,
        Advance,
        Currency,
        Cursor,
        Event,
        Holding,
        InvariantReport,
        Invoice,
        LineageNode,
        Money,
        Outcome,
        Part,
        Party,
        Programme,
        Receivable,
        ReceivableId,
        Removed,
        Rows,
        Rules,
        Status,
        Terms,
        TransactionStatus,
        Voucher,
        VoucherId,
    )
    from duebill.signing import (
        Acceptance,
        ApeAccount,
        ContractWallet,
        Keystore,
        SignedAcceptance,
        Signer,
        create_keystore,
        import_key,
        open_signer,
    )

__all__ = [
    "FOREVER",
    "Acceptance",
    "Act",
    "Advance",
    "ApeAccount",
    "ContractWallet",
    "Currency",
    "Cursor",
    "DuebillError",
    "Event",
    "Holding",
    "InvariantReport",
    "Invoice",
    "Keystore",
    "Ledger",
    "LineageNode",
    "Money",
    "Outcome",
    "Part",
    "Party",
    "Programme",
    "Receivable",
    "ReceivableId",
    "Removed",
    "Rows",
    "Rules",
    "SignedAcceptance",
    "Signer",
    "Status",
    "Terms",
    "Transaction",
    "TransactionStatus",
    "Voucher",
    "VoucherId",
    "connect",
    "create_keystore",
    "import_key",
    "open_signer",
    "read_invoice",
]

# Where each public name lives. Nothing of it is loaded before it is asked for.
_HOMES = {
    "chain": ("Transaction",),
    "einvoice": ("read_invoice",),
    "errors": ("DuebillError",),
    "ledger": ("Ledger", "connect"),
    "signing": (
        "Acceptance",
        "ApeAccount",
        "ContractWallet",
        "Keystore",
        "SignedAcceptance",
        "Signer",
        "create_keystore",
        "import_key",
        "open_signer",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_HOME_OF.get(name, 'model')}")
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
