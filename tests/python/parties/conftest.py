"""Parties with identifiers, and holders of roles who have to announce what they do."""

from __future__ import annotations

import pytest
from people import SUPPLIER, Offices


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
