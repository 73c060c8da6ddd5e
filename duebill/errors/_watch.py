"""What can go wrong where a ledger is followed and watched."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError, quoted
from duebill.errors._client import ChainError


class ReorgTooDeep(ChainError):
    """More blocks left the chain than the reader keeps in mind.

    Attributes:
        block: The oldest block that it knew.
    """

    def __init__(self, *, block: int) -> None:
        self.block = block
        super().__init__(
            f"The chain is another one from before block {block} on; what was read of it cannot "
            "be taken back one by one.",
            hint="Forget what was read, and begin again without the cursor.",
        )


class WatchError(DuebillError):
    """A ledger cannot be watched as it was asked for."""


class BadCursor(WatchError):
    """Not a cursor.

    Attributes:
        reason: What is wrong with it.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This is no cursor: {reason}.", hint="Give back what `Cursor.to_text` wrote, whole."
        )


class CursorForeign(WatchError):
    """A cursor of another ledger.

    Attributes:
        expected: Chain and ledger that are followed.
        found: Those of the cursor.
    """

    def __init__(self, *, expected: str, found: str) -> None:
        self.expected = expected
        self.found = found
        super().__init__(
            f"The cursor is one of {found}, and this is {expected}.",
            hint="Keep one cursor for each ledger.",
        )


class RuleUnknown(WatchError):
    """No alert rule has this name.

    Attributes:
        name: The name.
        known: The names that there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(
            f"There is no alert rule {quoted(name)}.", hint=f"There are: {', '.join(known)}."
        )


class RuleFailed(WatchError):
    """An alert rule raised an error of its own.

    Attributes:
        rule: The rule.
        block: The block after which it looked.
        reason: The error, in Python's words.
    """

    def __init__(self, rule: str, *, block: int, reason: str) -> None:
        self.rule = rule
        self.block = block
        self.reason = reason
        super().__init__(
            f"Rule {quoted(rule)} failed at block {block}: {quoted(reason)}.",
            hint="Repair the rule, or leave it out: nothing was passed over.",
        )


class BadThreshold(WatchError):
    """A threshold of an alert rule is not what the rule takes.

    Attributes:
        rule: The rule.
        name: The threshold.
        reason: What is wrong with it.
    """

    def __init__(self, rule: str, name: str, reason: str) -> None:
        self.rule = rule
        self.name = name
        self.reason = reason
        super().__init__(
            f"The threshold {quoted(name)} of rule {rule} cannot be used: {reason}.",
            hint="docs/supervision.md lists every rule's thresholds with their units.",
        )


class BadRules(WatchError):
    """A file of alert rules, or of their thresholds, cannot be used.

    Attributes:
        path: The file.
        reason: Why not.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"{quoted(path)} cannot be used for rules: {reason}.",
            hint="docs/supervision.md shows how thresholds and rules of one's own are written.",
        )


class BadRecord(WatchError):
    """The file that alerts are recorded in is not one, or is another ledger's.

    Attributes:
        path: The file.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"{quoted(path)} is no record of alerts of this ledger: {reason}.",
            hint="Name another file; this one was left as it is.",
        )


class BadKeptEvents(WatchError):
    """The file that events are kept in is not one, or is another ledger's.

    Attributes:
        path: The file.
        reason: What is wrong with it.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"{quoted(path)} does not hold events of this ledger: {reason}.",
            hint="Name another file; this one was left as it is. All that it may hold can be read from "
            "the node again.",
        )
