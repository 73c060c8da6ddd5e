"""A registry of two platforms beside the ledger, and a programme that requires it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from eth_abi.abi import encode
from invoice_vectors import SECRET
from platforms import FIRST_DAY, Platforms

from duebill import artifacts
from duebill.model import Rules, address
from duebill.registry import KeyRing, connect

if TYPE_CHECKING:
    from duebill.ledger import Ledger


@pytest.fixture
def create(anvil: Any, signers: Any) -> Any:
    """Creates a contract: `create(artifact, types, values)`."""

    def created(artifact: str, types: list[str], values: list[Any]) -> str:
        data = "0x" + (artifacts.load(artifact).bytecode + encode(types, values)).hex()
        call = {"from": signers.deployer.address, "data": data, "gas": hex(8_000_000)}
        sent = anvil.rpc("eth_sendTransaction", call)
        while (receipt := anvil.rpc("eth_getTransactionReceipt", sent)) is None:
            time.sleep(0.01)
        assert receipt["status"] == "0x1"
        return address(receipt["contractAddress"])

    return created


@pytest.fixture
def registry_at(create: Any, signers: Any) -> str:
    """A registry whose consortium is the deployer, with nobody admitted and no secret."""
    manager = create("RoleManager", ["address"], [signers.deployer.address])
    return create("InvoiceRegistry", ["address"], [manager])


@pytest.fixture
def platforms(anvil: Any, ledger: Ledger, signers: Any, registry_at: str, create: Any) -> Platforms:
    """The registry in use."""
    keys = KeyRing(SECRET)
    fresh = connect(anvil.url, address=registry_at, keys=keys, announced=False)
    consortium = fresh.consortium(signers.deployer)
    consortium.announce(FIRST_DAY).wait()
    assert consortium.admit(signers.financier.address).wait().value == 1
    assert consortium.admit(signers.guarantor.address).wait().value == 2
    registry = connect(anvil.url, address=registry_at, keys=keys)
    gate = create("InvoiceGate", ["address", "address"], [ledger.address, registry_at])
    rules = Rules(gate=gate)
    programme = ledger.administrator(signers.deployer).create_programme(rules).wait().value
    return Platforms(
        registry,
        registry.registrant(signers.financier),
        registry.registrant(signers.guarantor),
        programme,
    )
