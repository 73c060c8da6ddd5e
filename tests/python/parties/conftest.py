"""Parties with identifiers, and holders of roles who have to announce what they do."""

from __future__ import annotations

import pytest
from people import OTHER, OWNER, SUPPLIER, Offices
from wallets import put_wallet

from duebill import ContractWallet


@pytest.fixture
def offices(anvil, deployed, signers):
    """The deployment's admin."""
    return Offices(anvil.url, deployed.role_manager, signers.deployer)


@pytest.fixture
def identified(ledger, signers):
    """The ledger, on which the supplier has an identifier."""
    registrar = ledger.registrar(signers.deployer)
    registrar.verify(signers.supplier.address, identifier=SUPPLIER).wait()
    return ledger


@pytest.fixture
def wallet(anvil, ledger, signers, wallet_code, mint):
    """A verified company whose account is a contract that obeys dev7's key, with test money."""
    at = put_wallet(anvil.url, wallet_code, owner=OWNER.address, payer=signers.deployer.address)
    ledger.registrar(signers.deployer).verify(at, identifier=OTHER).wait()
    for currency in ledger.currencies():
        mint(at, currency.token, currency.decimals)
    return ContractWallet(at, owner=OWNER)
