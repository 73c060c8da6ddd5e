"""Ends of a process at a step of one's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


class Killed(BaseException):
    """The process ends here."""


def dies(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, *, after: bool) -> None:
    """Let a method be the last thing that a process does, or does not do any more."""
    real = getattr(owner, name)

    def last(self: Any, *args: Any, **options: Any) -> None:
        if after:
            real(self, *args, **options)
        raise Killed

    monkeypatch.setattr(owner, name, last)
