"""The root of every error that Duebill raises on purpose."""

from __future__ import annotations

from typing import Any

_LONGEST_QUOTE = 80


def quoted(value: str) -> str:
    """Show foreign text inside a message: short, and with nothing that a terminal would obey."""
    shown = value if len(value) <= _LONGEST_QUOTE else value[:_LONGEST_QUOTE] + "…"
    return repr(shown)


class DuebillError(Exception):
    """Something that Duebill refuses or cannot do.

    A subclass takes the fields of its case and writes the message itself.

    Attributes:
        message: What was wrong, as one sentence.
        hint: What to do about it, as one sentence.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses have signatures of their own; workers in other processes still send them home.
        return _revived, (type(self), self.args, dict(self.__dict__))


def _revived(cls: type[DuebillError], args: tuple[Any, ...], state: dict[str, Any]) -> DuebillError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error
