"""Deployments: a plan, what it makes of a chain, and the address book that tells where it is.

```python
from duebill import deployment

plan = deployment.load_plan("deployments/local.toml")
book = deployment.deploy(plan, url="http://127.0.0.1:8545", signer=signer)
deployment.verify(book, url="http://127.0.0.1:8545")
```

A deployment can be run again at any time: it checks what is there and sends what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.deployment._book import (
    AddressBook,
    Deployed,
    DeployedCurrency,
    RoleHolder,
    book_path,
)
from duebill.deployment._plan import (
    DEPLOYER,
    LOCAL_CHAIN_IDS,
    CurrencyPlan,
    Plan,
    ProgrammePlan,
    load_plan,
    local_plan,
    parse_plan,
)
from duebill.deployment._progress import Progress, ProgressCallback
from duebill.deployment._roles import GUARDIANS, POWERS, Role

if TYPE_CHECKING:
    from pathlib import Path

    from duebill.chain import Chain
    from duebill.signing import Signer

__all__ = [
    "DEPLOYER",
    "GUARDIANS",
    "LOCAL_CHAIN_IDS",
    "POWERS",
    "AddressBook",
    "CurrencyPlan",
    "Deployed",
    "DeployedCurrency",
    "Plan",
    "ProgrammePlan",
    "Progress",
    "ProgressCallback",
    "Role",
    "RoleHolder",
    "book_path",
    "deploy",
    "load_plan",
    "local_plan",
    "parse_plan",
    "verify",
]


def deploy(  # noqa: PLR0913 - all but the plan by keyword
    plan: Plan,
    *,
    signer: Signer,
    url: str | None = None,
    connection: Chain | None = None,
    progress: ProgressCallback | None = None,
    folder: Path | None = None,
) -> AddressBook:
    """Bring a chain to what a plan says, and keep the address book.

    Args:
        plan: What is to stand in the end.
        signer: Who pays, and who is the first admin until the plan's admins take over.
        url: The node's JSON-RPC address; or give a connection.
        connection: A connection to the chain.
        progress: Told of every step.
        folder: Where the address book is kept, if not in DUEBILL_HOME or ./deployments.

    Raises:
        ChainMismatch: The node is on another chain than the plan's.
        BadPlan: A contract that the plan names is not there, or not what the plan says.
        NoDeployer: The chain lacks the deterministic deployer.
        CodeDiffers: Other code than ours stands at an address of ours.
        DeploymentDiffers: The ledger's tables contradict the plan.
        DeployerPowerless: Something is missing that only an admin can add.
        BadAddressBook: The book is another deployment's, or damaged.
        ChainError: The node fails; run it again.
    """
    from duebill.deployment._deploy import Deployer  # noqa: PLC0415 - loads what talks to chains

    chain = _connected(url, connection, plan.chain_id)
    return Deployer(plan, chain, signer, progress or (lambda _: None), folder).run()


def verify(book: AddressBook, *, url: str | None = None, connection: Chain | None = None) -> None:
    """Check a deployment against the shipped artifacts; sends nothing.

    The chain is the book's; the code at every address is the artifact's, whatever its immutables
    hold; the addresses follow from code, arguments and deployer; the ledger's authority, office
    and renderer are the book's; every restricted function is open to its role and no other.

    Raises:
        ChainMismatch: The node is on another chain than the book's.
        CodeDiffers: Other code, none, or another version's.
        DeploymentDiffers: Addresses, wiring or roles are not as they should be.
        BadAddressBook: The chain has the book's id, but is not the book's chain.
    """
    from duebill.deployment._verify import check  # noqa: PLC0415 - as above

    check(book, _connected(url, connection, book.chain_id))


def _connected(url: str | None, connection: Chain | None, chain_id: int) -> Chain:
    from duebill._abi import ledger_abi  # noqa: PLC0415 - as above
    from duebill.chain import Chain  # noqa: PLC0415

    if connection is not None:
        return connection
    if url is None:
        raise TypeError("give a url or a connection")
    return Chain(url, chain_id=chain_id, abi=ledger_abi())
