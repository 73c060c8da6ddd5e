"""Who signs, and what is signed: accounts in files and elsewhere, and acceptances in words.

A signer is anything with an address that signs transactions and EIP-712 messages. Signing is pure:
nothing here talks to a chain, and no key is ever shown, logged or part of an error.
"""

from __future__ import annotations

from duebill.signing._acceptance import Acceptance, SignedAcceptance
from duebill.signing._keystore import ApeAccount, Keystore, create_keystore, import_key
from duebill.signing._signer import Signer

__all__ = [
    "Acceptance",
    "ApeAccount",
    "Keystore",
    "SignedAcceptance",
    "Signer",
    "create_keystore",
    "import_key",
]
