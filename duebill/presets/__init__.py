"""Programmes that need not be invented: rules after a law, or for a purpose, with their sources.

A plan names one by `preset = "china-2025"`; what stands beside it may only be stricter.

```python
from duebill import presets

for preset in presets.every():
    print(preset.name, preset.title)
```

docs/programmes.md says of each rule where it comes from, and what no software can see to.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["NAMES", "Preset", "every", "load"]

#: The presets that there are, in the order in which they are shown.
NAMES = ("china-2025", "open", "sandbox")

# Which way is stricter. All other keys of a programme are free.
_LESS = frozenset(
    {
        "max_tenor_days",
        "acceptance_days",
        "grace_days",
        "max_hops",
        "max_splits",
        "obligor_limit",
        "total_limit",
        "face_limit",
        "last_issue",
    }
)
_MORE = frozenset({"smallest_voucher"})
# A limit of zero is none at all.
_LIMITS = frozenset({"obligor_limit", "total_limit", "face_limit"})
_FLAGS = frozenset({"consent", "stop_on_default", "stop_on_overdue", "invoices_required"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Rules for a programme.

    Attributes:
        name: What a plan calls it.
        title: What it is for, in a few words.
        source: Where the rules come from.
        rules: The keys of a plan's programme, and their values.
        widest: How far a plan may go beyond a value, for the keys that have some room.
        asks: The keys that a plan has to give beside the preset.
    """

    name: str
    title: str
    source: str
    rules: Mapping[str, Any]
    widest: Mapping[str, Any]
    asks: tuple[str, ...]

    def applied(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The keys of a programme, and what is wrong with those that stand beside the preset.

        Args:
            given: What the plan says beside it.
        """
        given = {key: value for key, value in given.items() if value is not None}
        problems = [
            (key, f"has to be given with the preset {self.name}")
            for key in self.asks
            if key not in given
        ]
        for key, value in given.items():
            bound = self.widest.get(key, self.rules.get(key))
            if bound is not None and _is_wider(key, value, bound):
                problems.append((key, f"is wider than the preset {self.name} allows: {bound}"))
        return {**self.rules, **given}, problems

    def to_json(self) -> dict[str, Any]:
        """The preset as an object for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "rules": dict(self.rules),
            "widest": dict(self.widest),
            "asks": list(self.asks),
        }


def load(name: str) -> Preset:
    """A preset that comes with the package.

    Raises:
        LookupError: There is none of this name; `NAMES` has them all.
    """
    if name not in NAMES:
        raise LookupError(f"there is no preset {name!r}; there are {', '.join(NAMES)}")
    data = tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
    return Preset(
        name=name,
        title=data["title"],
        source=data["source"],
        rules=MappingProxyType(data["rules"]),
        widest=MappingProxyType(data.get("widest", {})),
        asks=tuple(data.get("asks", ())),
    )


def every() -> Iterator[Preset]:
    """All presets."""
    return map(load, NAMES)


def _is_wider(key: str, value: Any, bound: Any) -> bool:
    """Whether a value is less strict than a bound; what cannot be compared is refused elsewhere."""
    if key in _FLAGS:
        return value is False and bound is True
    if isinstance(bound, date):
        return type(value) is date and value > bound
    try:
        given, limit = Decimal(value), Decimal(bound)
    except (InvalidOperation, TypeError, ValueError):
        return False
    if given.is_nan() or (given == 0 and key in _LIMITS):
        return True
    return (key in _LESS and given > limit) or (key in _MORE and given < limit)
