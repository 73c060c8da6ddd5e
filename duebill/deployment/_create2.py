"""Addresses that are known before anything is sent (EIP-1014)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from duebill import artifacts
from duebill._abi import GATE, keccak, types
from duebill.model import Address, address

if TYPE_CHECKING:
    from duebill.deployment._plan import CurrencyPlan, Plan, ProgrammePlan

#: The deterministic deployer, at the same address on every chain that has it. It takes a salt and
#: creation code, and makes of the same two the same address, whoever sends them.
DETERMINISTIC_DEPLOYER = Address("0x4e59b44847b379578588920cA78FbF26c0B4956C")

#: Its code, without which the address means nothing.
DEPLOYER_CODE = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234"
    "f58015156039578182fd5b8082525050506014600cf3"
)


class Places(NamedTuple):
    """What the gates of a deployment are made for and ask."""

    deployer: Address
    ledger: Address
    registry: Address
    documents: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """A contract to be made.

    Attributes:
        name: What it is called in the address book.
        artifact: The artifact it is made from.
        salt: What tells it from others of the same code.
        code: Creation code with constructor arguments.
        address: Where it will be.
    """

    name: str
    artifact: str
    salt: bytes
    code: bytes
    address: Address

    @property
    def payload(self) -> bytes:
        """What the deterministic deployer is sent."""
        return self.salt + self.code


#: The contracts that are made for a ledger and know nothing else.
_BOOKS = ("GuaranteeBook", "PledgeBook", "DocumentBook")


def contracts(
    plan: str, deployer: Address, *, fee_cap: int, with_registry: bool
) -> tuple[Creation, ...]:
    """The contracts of a deployment, in the order in which they are made.

    Args:
        plan: The plan's name.
        deployer: Who is to be the first admin; nobody else can make these addresses.
        fee_cap: The highest fee that the exchange can ever have, in millionths of the price.
        with_registry: Whether it has an invoice registry of its own.
    """
    roles = _creation(plan, "RoleManager", deployer)
    renderer = _creation(plan, "VoucherRenderer")
    office = _creation(plan, "LedgerOffice")
    where = (roles.address, renderer.address, office.address)
    ledger = _creation(plan, "ReceivableLedger", *where)
    exchange = _creation(plan, "Exchange", roles.address, ledger.address, fee_cap)
    books = (_creation(plan, name, ledger.address) for name in _BOOKS)
    account = _creation(plan, "SponsoredAccount")
    registry = [_creation(plan, "InvoiceRegistry", roles.address)] if with_registry else []
    return roles, renderer, office, ledger, exchange, *books, account, *registry


def programme_gate(plan: Plan, programme: ProgrammePlan, book: Places) -> Creation | None:
    """The gate for a programme whose plan has rules for one; nobody has a say in it."""
    rules = plan.gate_rules(programme, deployer=book.deployer)
    if rules is None:
        return None
    asked = rules.as_abi(registry=book.registry, documents=book.documents)
    name = gate_name(programme.key)
    return _creation(plan.name, GATE, book.ledger, asked, name=name)


def gate_name(programme: str) -> str:
    """What the gate of a programme is called in the address book."""
    return f"programmes.{programme}.gate"


def test_token(plan: Plan, currency: CurrencyPlan) -> Creation:
    """The token that stands for a test currency of the plan."""
    words = (f"Test {currency.code}", f"t{currency.code}", currency.decimals)
    return _creation(plan.name, "TestCurrency", *words, name=f"currencies.{currency.key}")


def create2_address(deployer: str, salt: bytes, code: bytes) -> Address:
    """Where a contract lands that `deployer` makes by CREATE2, as EIP-1014 says."""
    digest = keccak(b"\xff" + bytes.fromhex(deployer[2:]) + salt + keccak(code))
    return address("0x" + digest[12:].hex())


def _creation(plan: str, artifact: str, *arguments: Any, name: str = "") -> Creation:
    code = artifacts.load(artifact).bytecode + constructor_arguments(artifact, arguments)
    name = name or artifact
    salt = label_hash(plan, name)
    place = create2_address(DETERMINISTIC_DEPLOYER, salt, code)
    return Creation(name=name, artifact=artifact, salt=salt, code=code, address=place)


def label_hash(plan: str, name: str) -> bytes:
    """What tells a contract of one plan from all others."""
    return keccak(f"duebill/{plan}/{name}".encode())


def constructor_arguments(artifact: str, arguments: tuple[Any, ...]) -> bytes:
    """What follows a contract's creation code: its constructor's arguments, encoded."""
    from eth_abi.abi import encode  # noqa: PLC0415 - slow to import

    entries = (e for e in artifacts.load(artifact).abi if e["type"] == "constructor")
    inputs = next(entries, {"inputs": ()})["inputs"]
    return encode(types(inputs), arguments)
