"""Who signs, and what is signed: accounts in files and elsewhere, and acceptances in words.

A signer is anything with an address that signs transactions and EIP-712 messages. Signing is pure:
nothing here talks to a chain, and no key is ever shown, logged or part of an error.
"""

from __future__ import annotations

from duebill._wallet import ContractWallet
from duebill.signing._acceptance import Acceptance, SignedAcceptance
from duebill.signing._approvals import Approval, SignedApproval
from duebill.signing._aws import AwsKmsSigner
from duebill.signing._azure import AzureKeyVaultSigner
from duebill.signing._four_eyes import FourEyes
from duebill.signing._gcp import GcpKmsSigner
from duebill.signing._keystore import ApeAccount, Keystore, create_keystore, import_key
from duebill.signing._ledger import LedgerSigner
from duebill.signing._names import open_signer
from duebill.signing._pkcs11 import Pkcs11Signer
from duebill.signing._policy import ApprovalPolicy
from duebill.signing._remote import RemoteSigner, RpcSigner
from duebill.signing._secret_files import secret_in
from duebill.signing._signer import AbsentSigner, Signer

__all__ = [
    "AbsentSigner",
    "Acceptance",
    "ApeAccount",
    "Approval",
    "ApprovalPolicy",
    "AwsKmsSigner",
    "AzureKeyVaultSigner",
    "ContractWallet",
    "FourEyes",
    "GcpKmsSigner",
    "Keystore",
    "LedgerSigner",
    "Pkcs11Signer",
    "RemoteSigner",
    "RpcSigner",
    "SignedAcceptance",
    "SignedApproval",
    "Signer",
    "create_keystore",
    "import_key",
    "open_signer",
    "secret_in",
]
