"""Who has to approve what an account signs, and what needs no approval: one TOML file."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from duebill._calls import read_call
from duebill._contracts import ARTIFACTS
from duebill.errors import BadPolicy, DuebillError
from duebill.model import address, units_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill._transactions import UnsignedTransaction
    from duebill.model import Address

_LARGEST = 100_000
_KEYS = {"approvers", "needed", "free"}
_FREE_KEYS = {"contracts", "calls", "up_to"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPolicy:
    """Whose approvals count, how many are needed, and for what none is.

    Attributes:
        approvers: Whose approvals count.
        needed: How many of them are needed.
        contracts: The contracts whose calls may be free, and their kinds.
        calls: The functions that may be free.
        up_to: The most that all the amounts of a free call come to, in units of any currency.
    """

    approvers: frozenset[Address]
    needed: int = 1
    contracts: Mapping[Address, str]
    calls: frozenset[str]
    up_to: int

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a policy.

        Raises:
            BadPolicy: It cannot be read, others may write it, or it is not sound.
        """
        path = Path(path).expanduser()
        try:
            return cls._of(tomllib.loads(_text(path)))
        except OSError as error:
            raise BadPolicy(str(path), reason=error.strerror or "no access") from error
        except DuebillError as error:
            raise BadPolicy(str(path), reason=error.message.rstrip(".")) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadPolicy(str(path), reason=f"{type(error).__name__}: {error}") from error

    @classmethod
    def _of(cls, data: Mapping[str, Any]) -> Self:
        free = data.get("free", {})
        if unknown := sorted((set(data) - _KEYS) | (set(free) - _FREE_KEYS)):
            raise ValueError(f"{unknown[0]} is not known")
        approvers = frozenset(address(it) for it in data["approvers"])
        needed = data.get("needed", 1)
        if type(needed) is not int or not 1 <= needed <= len(approvers):
            raise ValueError(f"needed has to be between 1 and {len(approvers)}")
        contracts = {address(where): kind for kind, where in free.get("contracts", {}).items()}
        if strange := sorted(set(contracts.values()) - set(ARTIFACTS)):
            raise ValueError(f"{strange[0]} is no kind of contract: {', '.join(ARTIFACTS)}")
        return cls(
            approvers=approvers,
            needed=needed,
            contracts=contracts,
            calls=frozenset(str(it) for it in free.get("calls", ())),
            up_to=units_of(free.get("up_to", "0")),
        )

    def frees(self, transaction: UnsignedTransaction) -> bool:
        """Whether a transaction needs no approval.

        Its contract and every function that it calls are listed, all its amounts together are within
        the limit, it moves no ether, and brings no delegations. What cannot be read is never free.
        """
        kind = self.contracts.get(transaction.recipient) if transaction.recipient else None
        if kind is None or transaction.value or transaction.authorizations:
            return False
        try:
            call = read_call(kind, transaction.data)
        except ValueError:
            return False
        return set(call.functions()) <= self.calls and sum(call.amounts()) <= self.up_to


def _text(path: Path) -> str:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise ValueError("others can write it")
        return file.read(_LARGEST).decode()
