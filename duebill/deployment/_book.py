"""The address book: what stands where on one chain."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill import artifacts
from duebill.errors import BadAddressBook, NoAddressBook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.model import Address

_FORMAT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A contract on the chain.

    Attributes:
        address: Where it is.
        artifact: The artifact that it was made from.
        checksum: SHA-256 of the artifact's creation code.
        block: The block in which it was found first, or made.
    """

    address: Address
    artifact: str
    checksum: str
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedCurrency:
    """A row of the ledger's currency table.

    Attributes:
        number: Its number there.
        code: ISO 4217.
        decimals: Of the token, or of the minor unit.
        token: The ERC-20; None outside the chain.
        test: Whether the token is a test token, whose `mint` is open to all.
    """

    number: int
    code: str
    decimals: int
    token: Address | None
    test: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolder:
    """An account with a role.

    Attributes:
        account: Its address.
        delay: Seconds between announcing an act and doing it.
    """

    account: Address
    delay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBook:
    """What a deployment has put on a chain; also the record of how far it got.

    Attributes:
        name: The plan's name.
        chain_id: The chain.
        genesis: Hash of its first block: a fresh local chain has the same id, not the same hash.
        deployer: The account that deployed.
        block: The block before anything was there: where readers of events begin.
        fee_cap: The highest fee that the exchange can ever have, in millionths of the price.
        confirmations: How many blocks, its own included, make a transaction final on this chain.
        registry_is_shared: Whether the invoice registry is one that others run.
        complete: Whether everything in the plan was done.
        handed_over: Whether the deployer has given its powers up, or keeps them by the plan.
        contracts: By name.
        currencies: By the plan's keys.
        programmes: The plan's keys and their numbers in the ledger.
        roles: Label of each role, and who holds it by the plan.
        readers: By the plan's keys of programmes: who may read all documents of one.
    """

    name: str
    chain_id: int
    genesis: str
    deployer: Address
    block: int
    fee_cap: int
    confirmations: int = 1
    registry_is_shared: bool = False
    complete: bool = False
    handed_over: bool = False
    contracts: Mapping[str, Deployed] = field(default_factory=dict)
    currencies: Mapping[str, DeployedCurrency] = field(default_factory=dict)
    programmes: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, tuple[RoleHolder, ...]] = field(default_factory=dict)
    readers: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)

    @property
    def ledger(self) -> Address:
        """Address of the ledger."""
        return self.contracts["ReceivableLedger"].address

    @property
    def exchange(self) -> Address:
        """Address of the exchange."""
        return self.contracts["Exchange"].address

    @property
    def guarantee_book(self) -> Address:
        """Address of the guarantee book."""
        return self.contracts["GuaranteeBook"].address

    @property
    def pledge_book(self) -> Address:
        """Address of the pledge book."""
        return self.contracts["PledgeBook"].address

    @property
    def document_book(self) -> Address:
        """Address of the document book."""
        return self.contracts["DocumentBook"].address

    @property
    def sponsored_account(self) -> Address:
        """Address of the code that accounts without ether take."""
        return self.contracts["SponsoredAccount"].address

    @property
    def invoice_registry(self) -> Address:
        """Address of the invoice registry."""
        return self.contracts["InvoiceRegistry"].address

    @property
    def role_manager(self) -> Address:
        """Address of the access manager."""
        return self.contracts["RoleManager"].address

    @classmethod
    def load(cls, chain_id: int, *, folder: Path | None = None) -> AddressBook:
        """Read the book of a chain.

        Args:
            chain_id: The chain.
            folder: Where to look, if not in DUEBILL_HOME or ./deployments.

        Raises:
            NoAddressBook: There is none.
            BadAddressBook: It cannot be read, or is another chain's.
        """
        path = book_path(chain_id, folder=folder)
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError as error:
            raise NoAddressBook(chain_id, searched=(str(path),)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise BadAddressBook(str(path), str(error)) from error
        book = _parse(text, path)
        if book.chain_id != chain_id:
            raise BadAddressBook(str(path), f"it is chain {book.chain_id}'s")
        return book

    def save(self, *, folder: Path | None = None) -> Path:
        """Write the book, all of it or nothing, and say where."""
        path = book_path(self.chain_id, folder=folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"format": _FORMAT, **asdict(self)}, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        return path


def book_path(chain_id: int, *, folder: Path | None = None) -> Path:
    """Where the book of a chain belongs: `folder`, else DUEBILL_HOME, else ./deployments."""
    given = os.environ.get("DUEBILL_HOME")
    place = folder or (Path(given).expanduser() if given else Path("deployments"))
    return place / f"{chain_id}.json"


def checksum(artifact: str) -> str:
    """SHA-256 of an artifact's creation code: what an address book records of a contract."""
    return hashlib.sha256(artifacts.load(artifact).bytecode).hexdigest()


def _parse(text: str, path: Path) -> AddressBook:
    try:
        data = json.loads(text)
        if (found := data.pop("format")) != _FORMAT:
            reason = f"it has format {found}, and this version of Duebill keeps format {_FORMAT}"
            raise BadAddressBook(str(path), reason)
        return _book(data)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise BadAddressBook(str(path), f"it is damaged ({error})") from error


def _book(data: dict[str, Any]) -> AddressBook:
    data["contracts"] = {k: Deployed(**v) for k, v in data["contracts"].items()}
    for contract in data["contracts"].values():
        artifacts.load(contract.artifact)
    data["currencies"] = {k: DeployedCurrency(**v) for k, v in data["currencies"].items()}
    data["readers"] = {k: tuple(v) for k, v in data.get("readers", {}).items()}
    data["roles"] = {k: tuple(RoleHolder(**h) for h in v) for k, v in data["roles"].items()}
    return AddressBook(**data)
