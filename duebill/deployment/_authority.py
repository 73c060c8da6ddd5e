"""The access manager: what the plan wants of it, what it says, and the calls in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from duebill.deployment._access import abi, ask
from duebill.deployment._book import RoleHolder
from duebill.deployment._roles import GUARDIANS, POWERS, Role, selectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.chain import Chain
    from duebill.deployment._book import AddressBook
    from duebill.deployment._plan import Plan

_MANAGER = "RoleManager"


class Misplaced(NamedTuple):
    """A function that another role opens than the one that should."""

    contract: str
    function: str
    planned: Role
    found: int


class Authority:
    """The access manager of a deployment, seen from its plan and its deployer."""

    def __init__(self, plan: Plan, chain: Chain, book: AddressBook) -> None:
        self._plan = plan
        self._chain = chain
        self._book = book
        self._deployer = book.deployer
        self._manager = book.role_manager

    def planned(self) -> dict[Role, tuple[RoleHolder, ...]]:
        """Who is to hold what in the end."""
        return {
            role: tuple(
                RoleHolder(account=account, delay=self._plan.delay(role))
                for account in self._plan.holders(role, deployer=self._deployer)
            )
            for role in Role
        }

    def is_admin(self, account: str) -> bool:
        """Whether an account can change roles at once."""
        return self._access_of(Role.ADMIN, account) == 0

    def setup_calls(self, *, interim: tuple[Role, ...]) -> list[bytes]:
        """What has to be done before the tables are filled.

        The deployer's own grants come last: until then it has to act without delay.

        Args:
            interim: The roles in which the deployer still has something to do.
        """
        calls = list(self._powers())
        for role, holders in self.planned().items():
            others = (holder for holder in holders if holder.account != self._deployer)
            calls += (self._grant(role, h) for h in others if not self._holds(role, h))
        now = RoleHolder(account=self._deployer, delay=0)
        calls += (self._grant(role, now) for role in interim if not self._holds(role, now))
        return calls

    def closing_calls(self) -> list[bytes]:
        """What brings the deployer's own roles to what the plan says."""
        planned = self.planned()
        calls = [
            call
            for role in reversed(Role)
            if role is not Role.ADMIN
            for call in self._closing(role, planned[role])
        ]
        # The power to change roles goes last, and only to somebody who is there to take it.
        if self.can_be_handed_over():
            calls += self._closing(Role.ADMIN, planned[Role.ADMIN])
        return calls

    def can_be_handed_over(self) -> bool:
        """Whether an admin of the plan is known to be alive.

        An account has shown that somebody has its key when it has sent a transaction on this
        chain, or that it is a contract when it has code. A mistyped address has neither.
        """
        return any(self._is_alive(holder.account) for holder in self.planned()[Role.ADMIN])

    def is_handed_over(self) -> bool:
        """Whether the deployer holds exactly what the plan gives it."""
        return not any(self._closing(role, holders) for role, holders in self.planned().items())

    def _powers(self) -> Iterator[bytes]:
        wrong = {(found.contract, found.planned) for found in misplaced(self._book, self._chain)}
        if not wrong:
            return
        for role in dict.fromkeys(role for powers in POWERS.values() for role in powers):
            yield abi(_MANAGER).encode("labelRole", role, role.label)
        for contract, role in sorted(wrong):
            opened = selectors(contract, role)
            target = self._book.contracts[contract].address
            yield abi(_MANAGER).encode("setTargetFunctionRole", target, opened, role)
        yield from self._brakes()

    def _brakes(self) -> Iterator[bytes]:
        """What keeps an admin from going round the enforcers' delay."""
        delay = self._plan.delay(Role.ENFORCER)
        for role, guardian in GUARDIANS.items():
            yield abi(_MANAGER).encode("setRoleGuardian", role, guardian)
            if delay:
                yield abi(_MANAGER).encode("setGrantDelay", role, delay)
        if delay:
            yield abi(_MANAGER).encode("setTargetAdminDelay", self._book.ledger, delay)

    def _closing(self, role: Role, planned: tuple[RoleHolder, ...]) -> list[bytes]:
        mine = next((h for h in planned if h.account == self._deployer), None)
        if mine is not None:
            return [] if self._holds(role, mine) else [self._grant(role, mine)]
        if self._access_of(role, self._deployer) is None:
            return []
        return [abi(_MANAGER).encode("renounceRole", role, self._deployer)]

    def _grant(self, role: Role, holder: RoleHolder) -> bytes:
        return abi(_MANAGER).encode("grantRole", role, holder.account, holder.delay)

    def _holds(self, role: Role, holder: RoleHolder) -> bool:
        return self._access_of(role, holder.account) == holder.delay

    def _access_of(self, role: Role, account: str) -> int | None:
        """The delay with which an account holds a role, or soon will; None if it does not."""
        since, current, pending, effect = ask(
            self._chain, self._manager, _MANAGER, "getAccess", role, account
        )
        if not since:
            return None
        return int(pending if effect else current)

    def _is_alive(self, account: str) -> bool:
        return self._chain.nonce(account) > 0 or bool(self._chain.code(account))


def misplaced(book: AddressBook, chain: Chain) -> Iterator[Misplaced]:
    """Functions that another role opens than the one that should.

    Those of a registry that others run are its own consortium's business.
    """
    for contract, powers in POWERS.items():
        if contract == "InvoiceRegistry" and book.registry_is_shared:
            continue
        target = book.contracts[contract].address
        for role, names in powers.items():
            for name, selector in zip(names, selectors(contract, role), strict=True):
                arguments = (target, selector)
                manager = book.role_manager
                found = ask(chain, manager, _MANAGER, "getTargetFunctionRole", *arguments)
                if found != role:
                    yield Misplaced(contract, name, role, int(found))
