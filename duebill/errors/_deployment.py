"""What can go wrong with deployments: their plans, their address books, the code on the chain."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError, quoted


class DeploymentError(DuebillError):
    """A deployment was refused, or is not what it should be."""


class UnreadablePlan(DeploymentError):
    """The file is missing, cannot be read, or is no TOML.

    Attributes:
        path: The path as given.
        reason: What stood in the way.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"Cannot read the plan {quoted(path)}: {reason}.",
            hint="Give the path of a TOML file; deployments/example.toml shows all keys.",
        )


class BadPlan(DeploymentError):
    """The plan contradicts itself or the rules of the ledger. Nothing was sent.

    Attributes:
        problems: Key and reason of each problem, in the order of the file.
    """

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        listed = "; ".join(f"{key}: {reason}" for key, reason in problems)
        super().__init__(
            f"The plan is refused: {listed}.",
            hint="Correct it; deployments/example.toml explains all keys.",
        )


class NoAddressBook(DeploymentError):
    """Nothing is known to be deployed on a chain.

    Attributes:
        chain_id: The chain.
        searched: Where its address book was looked for.
    """

    def __init__(self, chain_id: int, *, searched: tuple[str, ...]) -> None:
        self.chain_id = chain_id
        self.searched = searched
        super().__init__(
            f"There is no address book for chain {chain_id}: {' or '.join(searched)}.",
            hint="Deploy first, or set DUEBILL_HOME to the folder that holds it.",
        )


class NotDeployed(DeploymentError):
    """The deployment has no such contract beside the ledger.

    Attributes:
        contract: What it is called.
    """

    def __init__(self, contract: str) -> None:
        self.contract = contract
        super().__init__(
            f"This deployment has no {contract}.",
            hint="Deploy again to finish it, or name the contract's address beside the ledger's.",
        )


class BadAddressBook(DeploymentError):
    """An address book cannot be read, or belongs to something else.

    Attributes:
        path: The file.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The address book {quoted(path)} is refused: {reason}.",
            hint="Keep it for your records, move it away and deploy again under the plan's name.",
        )


class CodeDiffers(DeploymentError):
    """The code on the chain is not what the shipped artifact compiles to.

    Attributes:
        contract: The artifact's name.
        address: Where other code, or none, was found.
        reason: What differs.
    """

    def __init__(self, contract: str, *, address: str, reason: str) -> None:
        self.contract = contract
        self.address = address
        self.reason = reason
        super().__init__(
            f"{contract} at {address} is not ours: {reason}.",
            hint="Do not use it. Check the node, the address book and the version of Duebill.",
        )


class DeploymentDiffers(DeploymentError):
    """What stands on the chain contradicts the plan.

    Attributes:
        key: The plan's key.
        planned: What the plan says.
        found: What the chain says.
    """

    def __init__(self, key: str, *, planned: str, found: str) -> None:
        self.key = key
        self.planned = planned
        self.found = found
        super().__init__(
            f"{key} is {found} on the chain, but {planned} in the plan.",
            hint="Correct the plan, or give it another name to deploy anew.",
        )


class DeployerPowerless(DeploymentError):
    """Something is missing that only an admin can add, and the signer is none.

    Attributes:
        deployer: The signer.
        missing: What is missing, in words.
    """

    def __init__(self, deployer: str, *, missing: tuple[str, ...]) -> None:
        self.deployer = deployer
        self.missing = missing
        super().__init__(
            f"{deployer} is no admin (any more), but this is missing: {'; '.join(missing)}.",
            hint="Let an admin of the deployment do it.",
        )


class NoDeployer(DeploymentError):
    """The chain lacks the deterministic deployer, so that addresses cannot be foretold.

    Attributes:
        address: Where it has to be.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"There is no deterministic deployer at {address} on this chain.",
            hint="Let its known transaction be sent first: docs/deployment.md says how.",
        )
