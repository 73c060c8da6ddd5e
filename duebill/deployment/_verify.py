"""Whether what stands on a chain is what an address book says; threat 51."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.deployment._access import ask
from duebill.deployment._book import checksum
from duebill.deployment._create2 import kernel
from duebill.deployment._deploy import require_code
from duebill.deployment._roles import POWERS, Role, selectors
from duebill.errors import BadAddressBook, CodeDiffers, DeploymentDiffers, PlanForOtherChain

if TYPE_CHECKING:
    from duebill.deployment._access import Access
    from duebill.deployment._book import AddressBook, Deployed


def check(book: AddressBook, access: Access) -> None:
    """Check chain, code, wiring and roles; see `duebill.deployment.verify`."""
    _check_chain(book, access)
    for name, contract in book.contracts.items():
        _check_contract(name, contract, access)
    _check_addresses(book)
    _check_wiring(book, access)
    _check_powers(book, access)


def _check_chain(book: AddressBook, access: Access) -> None:
    found = access.chain_id()
    if found != book.chain_id:
        raise PlanForOtherChain(planned=book.chain_id, found=found)
    if access.genesis() != book.genesis:
        reason = "its chain began with another block than the node's"
        raise BadAddressBook(f"{book.chain_id}.json", reason)


def _check_contract(name: str, contract: Deployed, access: Access) -> None:
    if contract.checksum != checksum(contract.artifact):
        reason = "the address book is of another version of Duebill"
        raise CodeDiffers(name, address=contract.address, reason=reason)
    require_code(access, name, contract.artifact, contract.address)


def _check_addresses(book: AddressBook) -> None:
    """The addresses follow from code, arguments and deployer, so they vouch for all three."""
    for creation in kernel(book.name, book.deployer):
        recorded = book.contracts.get(creation.name)
        found = recorded.address if recorded else "absent"
        if found != creation.address:
            raise DeploymentDiffers(creation.name, planned=creation.address, found=found)


def _check_wiring(book: AddressBook, access: Access) -> None:
    wired = {
        "renderer": book.contracts["VoucherRenderer"].address,
        "office": book.contracts["LedgerOffice"].address,
        "authority": book.role_manager,
    }
    for name, planned in wired.items():
        (found,) = ask(access, book.ledger, "ReceivableLedger", name)
        if found != planned.lower():
            raise DeploymentDiffers(f"ledger.{name}", planned=planned, found=found)


def _check_powers(book: AddressBook, access: Access) -> None:
    for role, names in POWERS.items():
        for name, selector in zip(names, selectors(role), strict=True):
            arguments = (book.ledger, selector)
            (found,) = ask(
                access, book.role_manager, "RoleManager", "getTargetFunctionRole", *arguments
            )
            if found != role:
                raise DeploymentDiffers(name, planned=role.label, found=_label(found))


def _label(role: int) -> str:
    return Role(role).label if role in Role.__members__.values() else f"role {role}"
