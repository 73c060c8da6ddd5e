"""A registry of two platforms beside the ledger, and a programme that requires it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from invoice_vectors import SECRET
from platforms import FIRST_DAY, Platforms

from duebill.model import Rules
from duebill.registry import KeyRing, connect, deploy_gate, deploy_registry

if TYPE_CHECKING:
    from duebill.ledger import Ledger


@pytest.fixture
def registry_at(anvil: Any, deployed: Any, signers: Any) -> str:
    """A registry under the ledger's role manager, with nobody admitted and no secret."""
    authority = deployed.contracts["RoleManager"].address
    return deploy_registry(anvil.url, signer=signers.deployer, authority=authority)


@pytest.fixture
def platforms(anvil: Any, ledger: Ledger, signers: Any, registry_at: str) -> Platforms:
    """The registry in use."""
    keys = KeyRing(SECRET)
    fresh = connect(anvil.url, address=registry_at, keys=keys, announced=False)
    consortium = fresh.consortium(signers.deployer)
    consortium.announce(FIRST_DAY).wait()
    assert consortium.admit(signers.financier.address).wait().value == 1
    assert consortium.admit(signers.guarantor.address).wait().value == 2
    registry = connect(anvil.url, address=registry_at, keys=keys)
    gate = deploy_gate(
        anvil.url, signer=signers.stranger, ledger=ledger.address, registry=registry_at
    )
    rules = Rules(gate=gate)
    programme = ledger.administrator(signers.deployer).create_programme(rules).wait().value
    return Platforms(
        registry,
        registry.registrant(signers.financier),
        registry.registrant(signers.guarantor),
        programme,
    )
