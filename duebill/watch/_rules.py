"""Which rules there are, what their thresholds are set to, and rules of a supervisor's own."""

from __future__ import annotations

import dataclasses
import inspect
import runpy
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duebill.errors import BadRules, BadThreshold, RuleUnknown
from duebill.watch._alert import Severity
from duebill.watch._obligors import (
    AcceptsWhileOverdue,
    Concentration,
    LongerTenors,
    Reissue,
    SameDocuments,
    TenorsAtLimit,
)
from duebill.watch._office import (
    CustodianChange,
    ForcedTransfers,
    FrequentFreezes,
    FrequentPauses,
)
from duebill.watch._reliance import Dishonour, RevokedAttestation, SharedInvoice, VoidInvoice
from duebill.watch._rule import Rule
from duebill.watch._vouchers import Circle, ManyParts, SaleAndReturn, SmallParts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: The rules that come with Duebill, in the order in which they look.
BUILT_IN: tuple[type[Rule], ...] = (
    ManyParts,
    SmallParts,
    Circle,
    SaleAndReturn,
    Concentration,
    LongerTenors,
    TenorsAtLimit,
    Reissue,
    SameDocuments,
    AcceptsWhileOverdue,
    VoidInvoice,
    SharedInvoice,
    RevokedAttestation,
    Dishonour,
    FrequentFreezes,
    FrequentPauses,
    ForcedTransfers,
    CustodianChange,
)

_OFF = "off"
_LARGEST_THRESHOLD = 1 << 80


def load_rules(
    *, config: str | Path | None = None, files: Iterable[str | Path] = ()
) -> tuple[Rule, ...]:
    """The built-in rules and those of files, with the thresholds of a TOML file.

    Args:
        config: A table for each rule that is not to be as it comes, by its name.
        files: Python files with rules of one's own. They are run: they can do what you can.

    Raises:
        BadRules: A file cannot be read, or has no rules, or two rules have one name.
        RuleUnknown: The TOML file names a rule that there is not.
        BadThreshold: It sets what the rule does not have, or not as the rule takes it.
    """
    kinds = {kind.name(): kind for kind in BUILT_IN}
    for file in files:
        for kind in _own(file):
            if kind.name() in kinds:
                raise BadRules(str(file), f"there is a rule {kind.name()} already")
            kinds[kind.name()] = kind
    settings = _settings(config)
    for name in settings:
        if name not in kinds:
            raise RuleUnknown(name, tuple(sorted(kinds)))
    made = (_made(kind, settings.get(name, {})) for name, kind in kinds.items())
    return tuple(rule for rule in made if rule is not None)


def thresholds(rule: Rule | type[Rule]) -> Iterator[tuple[str, Any]]:
    """The names and values of a rule's thresholds, without its severity."""
    for field in dataclasses.fields(rule):
        if field.name != "severity":
            yield field.name, getattr(rule, field.name, field.default)


def _own(file: str | Path) -> list[type[Rule]]:
    if not Path(file).is_file():
        raise BadRules(str(file), "there is no such file")
    try:
        names = runpy.run_path(str(file))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise BadRules(str(file), reason) from error
    found = [
        it
        for it in names.values()
        if isinstance(it, type) and issubclass(it, Rule) and it.__module__ == "<run_path>"
    ]
    if not found:
        raise BadRules(str(file), "there is no subclass of duebill.watch.Rule in it")
    for kind in found:
        if inspect.isabstract(kind):
            raise BadRules(str(file), f"{kind.__name__} has no method `look`")
    return found


def _settings(config: str | Path | None) -> Mapping[str, dict[str, Any]]:
    if config is None:
        return {}
    try:
        found = tomllib.loads(Path(config).read_text("utf-8"))
    except OSError as error:
        raise BadRules(str(config), (error.strerror or "it cannot be read").lower()) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRules(str(config), f"it is no TOML: {error}") from error
    for name, table in found.items():
        if not isinstance(table, dict):
            raise BadRules(str(config), f"{name} stands in no table of a rule")
    return found


def _made(kind: type[Rule], settings: Mapping[str, Any]) -> Rule | None:
    known = {field.name for field in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for name, value in settings.items():
        if name == _OFF:
            if type(value) is not bool:
                raise BadThreshold(kind.name(), name, "it is neither true nor false")
        elif name not in known:
            raise BadThreshold(kind.name(), name, "the rule has none of this name")
        elif name == "severity":
            values[name] = _severity(kind, value)
        else:
            values[name] = _threshold(kind, name, value)
    return None if settings.get(_OFF) else kind(**values)


def _severity(kind: type[Rule], value: Any) -> Severity:
    try:
        return Severity(value)
    except ValueError:
        words = ", ".join(it.value for it in Severity)
        raise BadThreshold(kind.name(), "severity", f"it is none of {words}") from None


def _threshold(kind: type[Rule], name: str, value: Any) -> Any:
    default = getattr(kind, name)
    if type(value) is not type(default):
        raise BadThreshold(kind.name(), name, f"it is no {_KINDS.get(type(default), 'such value')}")
    if type(value) is int and not 0 <= value <= _LARGEST_THRESHOLD:
        raise BadThreshold(kind.name(), name, "it is negative or too large")
    return value


_KINDS = {int: "whole number", bool: "true or false", str: "text"}
