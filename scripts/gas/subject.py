"""What one part of the system has to be measured for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from scripts.gas.stage import Bench

Operation: TypeAlias = Callable[[Bench], int]
"""Sets the scene and gives back the gas of one transaction."""

Operations: TypeAlias = Mapping[str, Operation]
Extras: TypeAlias = Mapping[str, Operations]


class Mark(NamedTuple):
    """What an operation has to reach, if a goal was set, and what the best of the others costs."""

    goal: int | None
    peer: str


Marks: TypeAlias = Mapping[str, Mark]


class Subject(NamedTuple):
    """The operations of one part of the system.

    Attributes:
        marks: The goals of `operations`.
        operations: What `bench/gas.json` says.
        extras: Operations of `operations` with one feature more, or less.
        others: All others.
    """

    marks: Marks
    operations: Operations
    extras: Extras
    others: Operations
