"""The ledger's promises, checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantCheck:
    """One promise, checked.

    Attributes:
        number: The promise's number in tests/contracts/invariant/README.md.
        promise: What it says.
        holds: Whether it does.
        checked: On how many things it was checked.
        violations: What breaks it, in words.
    """

    number: int
    promise: str
    holds: bool
    checked: int
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantReport:
    """The ledger's promises as they stand on the chain at one block.

    Attributes:
        block: The block.
        checks: One entry for each promise that can be seen from outside.
    """

    block: int
    checks: tuple[InvariantCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether all of them do."""
        return all(check.holds for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The report as an object for JSON."""
        return {
            "block": self.block,
            "holds": self.holds,
            "checks": [asdict(c) for c in self.checks],
        }
