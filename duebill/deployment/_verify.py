"""Whether what stands on a chain is what an address book says; threat 51."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill._abi import GATE
from duebill.deployment._access import ask
from duebill.deployment._authority import misplaced
from duebill.deployment._book import checksum
from duebill.deployment._create2 import contracts, gate_name
from duebill.deployment._deploy import require_code
from duebill.deployment._roles import Role
from duebill.deployment._tables import CUSTODIANS
from duebill.errors import BadAddressBook, ChainMismatch, CodeDiffers, DeploymentDiffers
from duebill.model import ZERO_ADDRESS

if TYPE_CHECKING:
    from duebill.chain import Chain
    from duebill.deployment._book import AddressBook, Deployed


def check(book: AddressBook, chain: Chain) -> None:
    """Check chain, code, wiring and roles; see `duebill.deployment.verify`."""
    _check_chain(book, chain)
    for name, contract in book.contracts.items():
        _check_contract(name, contract, chain)
    _check_addresses(book)
    _check_wiring(book, chain)
    _check_gates(book, chain)
    _check_powers(book, chain)


def _check_chain(book: AddressBook, chain: Chain) -> None:
    found = chain.chain_id()
    if found != book.chain_id:
        raise ChainMismatch(expected=book.chain_id, found=found)
    if chain.genesis() != book.genesis:
        reason = "its chain began with another block than the node's"
        raise BadAddressBook(f"{book.chain_id}.json", reason)


def _check_contract(name: str, contract: Deployed, chain: Chain) -> None:
    if contract.checksum != checksum(contract.artifact):
        reason = "the address book is of another version of Duebill"
        raise CodeDiffers(name, address=contract.address, reason=reason)
    require_code(chain, name, contract.artifact, contract.address)


def _check_addresses(book: AddressBook) -> None:
    """The addresses follow from code, arguments and deployer, so they vouch for all three."""
    planned = contracts(
        book.name,
        book.deployer,
        fee_cap=book.fee_cap,
        with_registry=not book.registry_is_shared,
    )
    for creation in planned:
        recorded = book.contracts.get(creation.name)
        found = recorded.address if recorded else "absent"
        if found != creation.address:
            raise DeploymentDiffers(creation.name, planned=creation.address, found=found)


def _check_wiring(book: AddressBook, chain: Chain) -> None:
    wired = (
        ("ReceivableLedger", "renderer", "VoucherRenderer"),
        ("ReceivableLedger", "office", "LedgerOffice"),
        ("ReceivableLedger", "authority", "RoleManager"),
        ("Exchange", "authority", "RoleManager"),
        *((name, "ledger", "ReceivableLedger") for name in (*CUSTODIANS, "DocumentBook")),
    )
    if not book.registry_is_shared:
        wired = (*wired, ("InvoiceRegistry", "authority", "RoleManager"))
    for contract, name, other in wired:
        planned = book.contracts[other].address
        found = ask(chain, book.contracts[contract].address, contract, name)
        if found != planned:
            raise DeploymentDiffers(f"{contract}.{name}", planned=planned, found=found)


def _check_gates(book: AddressBook, chain: Chain) -> None:
    """Each gate is the programme's, guards this ledger, and asks this registry and this book."""
    for key, number in book.programmes.items():
        name = gate_name(key)
        if name not in book.contracts:
            continue
        gate = book.contracts[name].address
        rules = ask(chain, gate, GATE, "rules")
        programme, _ = ask(chain, book.ledger, "IReceivableLedger", "programmeOf", number)
        found = {
            f"programmes.{key}.gate": (gate, programme["gate"]),
            f"{name}.ledger": (book.ledger, ask(chain, gate, GATE, "ledger")),
            f"{name}.registry": (book.invoice_registry, rules["registry"]),
            f"{name}.documents": (book.document_book, rules["documents"]),
        }
        for what, (planned, it) in found.items():
            # What it does not ask is zero there.
            if it != planned and not (it == ZERO_ADDRESS and what.startswith(f"{name}.")):
                raise DeploymentDiffers(what, planned=planned, found=it)


def _check_powers(book: AddressBook, chain: Chain) -> None:
    for _, name, planned, found in misplaced(book, chain):
        raise DeploymentDiffers(name, planned=planned.label, found=_label(found))


def _label(role: int) -> str:
    return Role(role).label if role in Role.__members__.values() else f"role {role}"
