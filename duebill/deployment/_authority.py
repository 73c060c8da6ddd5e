"""The access manager: what the plan wants of it, what it says, and the calls in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.deployment._access import abi, ask
from duebill.deployment._book import RoleHolder
from duebill.deployment._roles import GUARDIANS, POWERS, Role, selectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.chain import Chain
    from duebill.deployment._plan import Plan
    from duebill.model import Address

_MANAGER = "RoleManager"


class Authority:
    """One access manager, seen from one plan and one deployer."""

    def __init__(self, plan: Plan, chain: Chain, *, deployer: Address, manager: str) -> None:
        self._plan = plan
        self._chain = chain
        self._deployer = deployer
        self._manager = manager

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

    def setup_calls(self, ledger: str, *, rows_missing: bool) -> list[bytes]:
        """What has to be done before the ledger's tables are filled.

        The deployer's own grants come last: until then it has to act without delay.
        """
        calls = list(self._powers(ledger))
        for role, holders in self.planned().items():
            others = (holder for holder in holders if holder.account != self._deployer)
            calls += (self._grant(role, h) for h in others if not self._holds(role, h))
        if rows_missing and self._access_of(Role.ADMINISTRATOR, self._deployer) != 0:
            interim = RoleHolder(account=self._deployer, delay=0)
            calls.append(self._grant(Role.ADMINISTRATOR, interim))
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

    def misplaced(self, ledger: str) -> Iterator[tuple[str, int, int]]:
        """Functions of the ledger that another role opens: name, planned role, found role."""
        for role, names in POWERS.items():
            for name, selector in zip(names, selectors(role), strict=True):
                found = ask(
                    self._chain, self._manager, _MANAGER, "getTargetFunctionRole", ledger, selector
                )
                if found != role:
                    yield name, int(role), found

    def _powers(self, ledger: str) -> Iterator[bytes]:
        wrong = {name for name, _, _ in self.misplaced(ledger)}
        if not wrong:
            return
        for role, names in POWERS.items():
            yield abi(_MANAGER).encode("labelRole", role, role.label)
            if wrong.intersection(names):
                yield abi(_MANAGER).encode("setTargetFunctionRole", ledger, selectors(role), role)
        yield from self._brakes(ledger)

    def _brakes(self, ledger: str) -> Iterator[bytes]:
        """What keeps an admin from going round the enforcers' delay."""
        delay = self._plan.delay(Role.ENFORCER)
        for role, guardian in GUARDIANS.items():
            yield abi(_MANAGER).encode("setRoleGuardian", role, guardian)
            if delay:
                yield abi(_MANAGER).encode("setGrantDelay", role, delay)
        if delay:
            yield abi(_MANAGER).encode("setTargetAdminDelay", ledger, delay)

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
