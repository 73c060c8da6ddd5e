"""A registry, or the gate of a ledger's programmes, put onto a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill._actions import NOTHING, Action
from duebill.chain import Chain
from duebill.deployment._create2 import (
    DETERMINISTIC_DEPLOYER,
    constructor_arguments,
    create2_address,
    label_hash,
)
from duebill.errors import NoDeployer
from duebill.model import address
from duebill.registry._registry import ARTIFACT, node_url, registry_abi

if TYPE_CHECKING:
    from duebill.model import Address
    from duebill.signing import Signer

_GATE = "ProgrammeGate"
_NONE = "0x" + "00" * 20


def deploy_registry(
    url: str | None = None, *, signer: Signer, authority: str, name: str = "standard"
) -> Address:
    """Put a registry onto a chain; when it is there already, say where.

    Args:
        url: The node's JSON-RPC address; DUEBILL_RPC_URL, or the local node, when not given.
        signer: Who pays for it; it gets no power.
        authority: The role manager that decides who admits registrants and announces secrets: its
            admins, until they give these functions to a role.
        name: What tells it from other registries under the same role manager.

    Raises:
        NoDeployer: The chain has no deterministic deployer.
    """
    return _made(url, signer, ARTIFACT, name, address(authority))


def deploy_gate(url: str | None = None, *, signer: Signer, ledger: str, registry: str) -> Address:
    """Put a gate that asks a registry, and nothing else, onto a chain; when it is there, say where.

    Args:
        url: As for `deploy_registry`.
        signer: Who pays for it; it gets no power.
        ledger: The ledger whose programmes name it.
        registry: The registry that it asks.

    Raises:
        NoDeployer: The chain has no deterministic deployer.
    """
    rules: tuple[Any, ...] = (address(registry), _NONE, 0, 0, 0, False, [])
    return _made(url, signer, _GATE, "standard", address(ledger), rules)


def _made(url: str | None, signer: Signer, artifact: str, name: str, *arguments: Any) -> Address:
    chain = Chain(node_url(url), abi=registry_abi())
    if not chain.code(DETERMINISTIC_DEPLOYER):
        raise NoDeployer(DETERMINISTIC_DEPLOYER)
    code = artifacts.load(artifact).bytecode + constructor_arguments(artifact, arguments)
    salt = label_hash(name, artifact)
    place = create2_address(DETERMINISTIC_DEPLOYER, salt, code)
    if not chain.code(place):
        action = Action(
            to=DETERMINISTIC_DEPLOYER, data=salt + code, decode=lambda _: None, answer=NOTHING
        )
        chain.submit(action, signer=signer).wait()
    return place
