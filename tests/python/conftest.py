"""One real chain for a whole run; every test begins from the same block of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from wallets import creation_code

from duebill import artifacts, deployment, node, node_accounts
from duebill._abi import Abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain
from duebill.chain._rpc import Rpc
from duebill.deployment._create2 import (
    DETERMINISTIC_DEPLOYER,
    constructor_arguments,
    create2_address,
    label_hash,
)
from duebill.model import FOREVER, Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from duebill.deployment import AddressBook
    from duebill.ledger import Ledger
    from duebill.model import Address, ReceivableId, Terms, VoucherId
    from duebill.node_accounts import NodeAccount

# Enough for every test; in units.
_TEST_MONEY = 10_000_000 * 10**6
_MINT = Abi(
    [
        {
            "type": "function",
            "name": "mint",
            "inputs": [{"name": "to", "type": "address"}, {"name": "amount", "type": "uint256"}],
            "outputs": [],
        }
    ]
)


@dataclass(frozen=True)
class Anvil:
    """The chain that tests run on, and what only a local node can do."""

    url: str

    def rpc(self, method: str, *params: Any) -> Any:
        return Rpc(self.url).request(method, *params)

    def mine(self, blocks: int = 1) -> None:
        self.rpc("anvil_mine", hex(blocks))

    def time(self) -> datetime:
        return datetime.fromtimestamp(
            int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16), UTC
        )

    def travel(self, **span: int) -> None:
        """Let time pass: `travel(days=3)`."""
        self.rpc("evm_increaseTime", int(timedelta(**span).total_seconds()))
        self.mine()


@dataclass(frozen=True)
class Signers:
    """Who is who; the keys are those that every local node starts with."""

    deployer: NodeAccount
    obligor: NodeAccount
    supplier: NodeAccount
    supplier2: NodeAccount
    financier: NodeAccount
    guarantor: NodeAccount
    stranger: NodeAccount

    def verified(self) -> tuple[NodeAccount, ...]:
        return self.obligor, self.supplier, self.supplier2, self.financier, self.guarantor


@pytest.fixture(scope="session", autouse=True)
def _session_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the session sets up is not written into the user's own journal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUEBILL_JOURNAL", str(tmp_path_factory.mktemp("journal") / "session.sqlite"))
        yield


@pytest.fixture(autouse=True)
def journal_file(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A test begins with an empty journal: the chain is set back between tests, a journal is not."""
    file = tmp_path_factory.getbasetemp() / f"journal-{uuid.uuid4().hex}.sqlite"
    monkeypatch.setenv("DUEBILL_JOURNAL", str(file))
    return file


@pytest.fixture(scope="session")
def anvil_url() -> Iterator[str]:
    """The address of a private node that ends with the tests."""
    with node.running() as url:
        yield url


@pytest.fixture(scope="session")
def signers() -> Signers:
    """The accounts of the tests; `stranger` is verified nowhere."""
    return Signers(*(node_accounts.NodeAccount(index) for index in range(7)))


@pytest.fixture(scope="session")
def deploying(
    signers: Signers, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], AddressBook]:
    """Deploys the local plan on a node; parties are verified and have test money."""

    def made(url: str) -> AddressBook:
        folder = tmp_path_factory.mktemp("deployment")
        plan = deployment.local_plan()
        book = deployment.deploy(plan, url=url, signer=signers.deployer, folder=folder)
        ledger = _connected(url, book)
        registrar = ledger.registrar(signers.deployer)
        for who in signers.verified():
            registrar.verify(who.address, until=FOREVER).wait()
            for currency in ledger.currencies():
                _mint(url, signers.deployer, who.address, currency.token, currency.decimals)
        return book

    return made


@pytest.fixture(scope="session")
def deployed(anvil_url: str, deploying: Callable[[str], AddressBook]) -> AddressBook:
    """The local plan, deployed once."""
    return deploying(anvil_url)


@pytest.fixture
def anvil(
    anvil_url: str,
    deployed: AddressBook,  # noqa: ARG001 - has to be there before the snapshot
) -> Iterator[Anvil]:
    """The chain as it was after the deployment; what a test does to it is undone."""
    chain = Anvil(anvil_url)
    snapshot = chain.rpc("evm_snapshot")
    yield chain
    chain.rpc("evm_setAutomine", True)
    chain.rpc("anvil_dropAllTransactions")
    assert chain.rpc("evm_revert", snapshot), "the node did not undo the test"


@pytest.fixture
def ledger(anvil: Anvil, deployed: AddressBook) -> Ledger:
    """The deployed ledger."""
    return _connected(anvil.url, deployed)


@pytest.fixture(scope="session")
def wallet_code() -> bytes:
    """The code of a contract wallet; see `wallets.put_wallet`."""
    return creation_code()


@dataclass(frozen=True)
class Scene:
    """Shortcuts to the states that many tests begin with."""

    ledger: Ledger
    signers: Signers

    def terms(self, **changes: Any) -> Terms:
        """Terms between the obligor and the supplier, due in 90 days."""
        given = {
            "obligor": self.signers.obligor.address,
            "creditor": self.signers.supplier.address,
            "face": Money.parse("1000.00", "EUR"),
            "due_date": self.ledger.time().date() + timedelta(days=90),
            "programme": 1,
        }
        return self.ledger.draft(**{**given, **changes})

    def issued(self, **changes: Any) -> ReceivableId:
        """A receivable that waits for acceptance."""
        supplier = self.ledger.supplier(self.signers.supplier)
        return supplier.issue(self.terms(**changes)).wait().value

    def accepted(self, **changes: Any) -> ReceivableId:
        """A receivable whose obligor is bound."""
        id_ = self.issued(**changes)
        self.ledger.obligor(self.signers.obligor).accept(id_).wait()
        return id_

    def split(self, receivable: ReceivableId, **parts: str) -> tuple[VoucherId, ...]:
        """Split the first voucher: `split(id, financier="400.00")`."""
        holders = {getattr(self.signers, who).address: value for who, value in parts.items()}
        supplier = self.ledger.supplier(self.signers.supplier)
        return supplier.split(receivable.voucher(1), holders).wait().value

    def pay(self, receivable: ReceivableId, amount: str | None = None) -> Money:
        """The obligor pays."""
        return self.ledger.obligor(self.signers.obligor).pay(receivable, amount).wait().value


@pytest.fixture
def scene(ledger: Ledger, signers: Signers) -> Scene:
    """Shortcuts to the states that many tests begin with."""
    return Scene(ledger, signers)


@pytest.fixture
def place(anvil: Anvil, signers: Signers) -> Callable[..., Address]:
    """Puts a contract beside the ledger: `place("DocumentBook", ledger.address)` says where."""

    def made(artifact: str, *arguments: Any) -> Address:
        code = artifacts.load(artifact).bytecode + constructor_arguments(artifact, arguments)
        salt = label_hash("test", artifact)
        action = Action(
            to=DETERMINISTIC_DEPLOYER, data=salt + code, decode=lambda _: None, answer=NOTHING
        )
        Chain(anvil.url, abi=Abi([])).submit(action, signer=signers.deployer).wait()
        return create2_address(DETERMINISTIC_DEPLOYER, salt, code)

    return made


@pytest.fixture
def mint(anvil: Anvil, signers: Signers) -> Callable[..., None]:
    """Makes test money: `mint(account, token, decimals)`."""

    def made(to: Address, token: str, decimals: int) -> None:
        _mint(anvil.url, signers.deployer, to, token, decimals)

    return made


def _mint(url: str, signer: NodeAccount, to: Address, token: str, decimals: int) -> None:
    amount = _TEST_MONEY * 10**decimals // 10**6
    action = Action(
        to=token, data=_MINT.encode("mint", to, amount), decode=lambda _: None, answer=NOTHING
    )
    Chain(url, abi=_MINT).submit(action, signer=signer).wait()


def _connected(url: str, book: AddressBook) -> Ledger:
    from duebill import connect  # noqa: PLC0415 - as a user would

    return connect(url, deployment=book)
