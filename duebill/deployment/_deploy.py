"""From a plan to contracts on a chain, as often as it takes.

Every step asks the chain first and sends only what is missing, so a deployment that was killed
anywhere is finished by running it again. Addresses are known beforehand; the address book is
written before the first transaction and after each step.
"""

from __future__ import annotations

import contextlib
import fcntl
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from duebill import artifacts
from duebill._abi import GATE
from duebill.deployment._access import abi, send, settle
from duebill.deployment._authority import Authority
from duebill.deployment._book import AddressBook, Deployed, book_path, checksum
from duebill.deployment._create2 import (
    DEPLOYER_CODE,
    DETERMINISTIC_DEPLOYER,
    Places,
    contracts,
    programme_gate,
    test_token,
)
from duebill.deployment._plan import check_plan
from duebill.deployment._progress import Progress
from duebill.deployment._roles import Role
from duebill.deployment._tables import (
    check_what_is_named,
    deployed_currencies,
    missing_registrants,
    missing_rows,
)
from duebill.errors import (
    BadAddressBook,
    ChainMismatch,
    CodeDiffers,
    DeployerPowerless,
    DeploymentDiffers,
    NoAddressBook,
    NoDeployer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from duebill.chain import Chain
    from duebill.deployment._create2 import Creation
    from duebill.deployment._plan import Plan
    from duebill.deployment._progress import ProgressCallback, State
    from duebill.model import Address
    from duebill.signing import Signer

_REGISTRY = "InvoiceRegistry"
# The roles that fill the ledger's tables and admit the contracts that go with it.
_TABLE_ROLES = (Role.REGISTRAR, Role.ADMINISTRATOR)


@dataclass(slots=True)
class Deployer:
    """One run of a deployment.

    Attributes:
        plan: What is to stand in the end.
        chain: The chain.
        signer: Who pays and signs.
        progress: Told of every step.
        folder: Where the address book is kept, if not in its usual place.
    """

    plan: Plan
    chain: Chain
    signer: Signer
    progress: ProgressCallback
    folder: Path | None

    def run(self) -> AddressBook:
        """Do what is missing."""
        check_plan(self.plan)
        self._require_chain()
        with _alone(book_path(self.plan.chain_id, folder=self.folder)):
            settle(self.chain, self.signer.address)
            book = self._opened_book()
            creations = self._creations(book)
            self._require_same(book, creations)
            check_what_is_named(self.plan, self.chain)
            self._save(book)
            for creation in creations:
                book = self._made(creation, book)
            book = self._joined(book)
            book = self._filled(book)
            return self._closed(book)

    def _require_chain(self) -> None:
        if (found := self.chain.chain_id()) != self.plan.chain_id:
            raise ChainMismatch(expected=self.plan.chain_id, found=found)
        if self.chain.code(DETERMINISTIC_DEPLOYER) != DEPLOYER_CODE:
            raise NoDeployer(DETERMINISTIC_DEPLOYER)

    def _opened_book(self) -> AddressBook:
        """The book of an earlier run, or a new one."""
        genesis = self.chain.genesis()
        try:
            book = AddressBook.load(self.plan.chain_id, folder=self.folder)
        except NoAddressBook:
            return self._new_book(genesis)
        if book.genesis != genesis:
            if self.plan.is_local:
                return self._new_book(genesis)
            self._refuse_book("its chain began with another block than the node's")
        if book.name != self.plan.name:
            self._refuse_book(f"it is that of the deployment {book.name!r}")
        return book

    def _new_book(self, genesis: str) -> AddressBook:
        deployer = self.signer.address
        book = AddressBook(
            name=self.plan.name,
            chain_id=self.plan.chain_id,
            genesis=genesis,
            deployer=deployer,
            block=self.chain.block_number(),
            fee_cap=self.plan.fee_cap,
            registry_is_shared=self.plan.registry is not None,
        )
        # A lost book: what stands already was made in some earlier block.
        if any(self.chain.code(creation.address) for creation in self._creations(book)):
            return replace(book, block=0)
        return book

    def _creations(self, book: AddressBook) -> tuple[Creation, ...]:
        tests = (test_token(self.plan, c) for c in self.plan.currencies if c.test)
        made = contracts(
            self.plan.name,
            book.deployer,
            fee_cap=self.plan.fee_cap,
            with_registry=self.plan.registry is None,
        )
        return *made, *tests, *self._gates(book, {it.name: it.address for it in made})

    def _gates(self, book: AddressBook, at: Mapping[str, Address]) -> Iterator[Creation]:
        """The gates of those programmes that have rules for one."""
        places = Places(
            deployer=book.deployer,
            ledger=at["ReceivableLedger"],
            registry=self.plan.registry or at[_REGISTRY],
            documents=at["DocumentBook"],
        )
        for programme in self.plan.programmes:
            if gate := programme_gate(self.plan, programme, places):
                yield gate

    def _require_same(self, book: AddressBook, creations: tuple[Creation, ...]) -> None:
        for creation in creations:
            recorded = book.contracts.get(creation.name)
            if recorded and recorded.address != creation.address:
                if creation.artifact == GATE:
                    raise DeploymentDiffers(
                        creation.name, planned=creation.address, found=recorded.address
                    )
                self._refuse_book(
                    f"{creation.name} was made of other code at {recorded.address}; "
                    "a new version is a new deployment under another name"
                )

        registry = book.contracts.get(_REGISTRY)
        if self.plan.registry and registry and registry.address != self.plan.registry:
            self._refuse_book(f"its invoice registry is {registry.address}")

    def _refuse_book(self, reason: str) -> NoReturn:
        raise BadAddressBook(str(book_path(self.plan.chain_id, folder=self.folder)), reason)

    def _joined(self, book: AddressBook) -> AddressBook:
        """The registry that others run is in the book."""
        place = self.plan.registry
        if place is None or _REGISTRY in book.contracts:
            return book
        self._tell(_REGISTRY, "found", place)
        return self._noted(book, _REGISTRY, _REGISTRY, place, self.chain.block_number())

    def _made(self, creation: Creation, book: AddressBook) -> AddressBook:
        """The contract is there, and its code is the artifact's."""
        block = self.chain.block_number()
        if self.chain.code(creation.address):
            self._tell(creation.name, "found", creation.address)
        else:
            block = self._send(
                creation.name, DETERMINISTIC_DEPLOYER, creation.payload, detail=creation.address
            )
        require_code(self.chain, creation.name, creation.artifact, creation.address)
        return self._noted(book, creation.name, creation.artifact, creation.address, block)

    def _noted(
        self, book: AddressBook, name: str, artifact: str, place: Address, block: int
    ) -> AddressBook:
        """The book has the contract; what it said of it before stays."""
        deployed = book.contracts.get(name) or Deployed(
            address=place, artifact=artifact, checksum=checksum(artifact), block=block
        )
        return self._save(replace(book, contracts={**book.contracts, name: deployed}))

    def _filled(self, book: AddressBook) -> AddressBook:
        """Roles are set up, and the tables of ledger and registry hold what the plan says."""
        authority = self._authority(book)
        rows = missing_rows(self.plan, self.chain, book)
        platforms = missing_registrants(self.plan, self.chain, book)
        interim = _TABLE_ROLES * bool(rows) + (Role.CONSORTIUM,) * bool(platforms)
        calls = authority.setup_calls(interim=interim)
        missing = {
            "roles of the plan": calls,
            "rows of the ledger's tables": rows,
            "registrants": platforms,
        }
        self._require_power(authority, tuple(what for what, found in missing.items() if found))
        self._batch("roles", "RoleManager", book.role_manager, calls)
        self._batch("the ledger's tables", "IReceivableLedger", book.ledger, rows)
        if self.plan.registrants:
            self._batch("registrants", _REGISTRY, book.invoice_registry, platforms)
        labelled = {role.label: holders for role, holders in authority.planned().items()}
        numbers = {p.key: n for n, p in enumerate(self.plan.programmes, start=1)}
        return self._save(
            replace(
                book,
                confirmations=self.plan.confirmations,
                roles=labelled,
                currencies=deployed_currencies(self.plan),
                programmes=numbers,
                readers=self.plan.readers(deployer=book.deployer),
            )
        )

    def _closed(self, book: AddressBook) -> AddressBook:
        """The deployer holds what the plan gives it and no more, if somebody is there to take."""
        authority = self._authority(book)
        if self.signer.address == book.deployer:
            calls = authority.closing_calls()
            self._batch("the deployer's own roles", "RoleManager", book.role_manager, calls)
        handed_over = authority.is_handed_over()
        if not handed_over:
            self._tell("hand-over", "note", self._why_kept(book))
        return self._save(replace(book, complete=True, handed_over=handed_over))

    def _why_kept(self, book: AddressBook) -> str:
        if self.signer.address != book.deployer:
            return f"{book.deployer} still is an admin; it has to run this plan again"
        return (
            "no admin of the plan has code or has sent a transaction on this chain yet, so the "
            "deployer stays an admin; let one of them send any transaction, then deploy again"
        )

    def _require_power(self, authority: Authority, missing: tuple[str, ...]) -> None:
        if missing and not authority.is_admin(self.signer.address):
            raise DeployerPowerless(self.signer.address, missing=missing)

    def _batch(self, step: str, artifact: str, to: Address, calls: list[bytes]) -> None:
        """Several calls in one transaction: all of them, or none."""
        if calls:
            self._send(step, to, abi(artifact).encode("multicall", calls))
        else:
            self._tell(step, "found")

    def _send(self, step: str, to: Address, data: bytes, *, detail: str = "") -> int:
        self._tell(step, "sending", detail)
        outcome = send(self.chain, self.signer, to, data)
        self.progress(
            Progress(
                step=step,
                state="done",
                detail=detail,
                transaction=outcome.transaction,
                gas=outcome.gas_used,
            )
        )
        return outcome.block

    def _authority(self, book: AddressBook) -> Authority:
        return Authority(self.plan, self.chain, book)

    def _save(self, book: AddressBook) -> AddressBook:
        book.save(folder=self.folder)
        return book

    def _tell(self, step: str, state: State, detail: str = "") -> None:
        self.progress(Progress(step=step, state=state, detail=detail))


def require_code(chain: Chain, name: str, artifact: str, address: str) -> None:
    """Check that the code at an address is an artifact's.

    Raises:
        CodeDiffers: It is not, or there is none.
    """
    code = chain.code(address)
    if not code:
        raise CodeDiffers(name, address=address, reason="there is no code")
    if not artifacts.load(artifact).matches(code):
        raise CodeDiffers(name, address=address, reason="the code is not the artifact's")


@contextlib.contextmanager
def _alone(book: Path) -> Iterator[None]:
    """Keep other runs on this machine from writing the same book, and the same rows, twice."""
    book.parent.mkdir(parents=True, exist_ok=True)
    with book.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
