"""What is missing when an optional part of Duebill is not installed."""

# ruff: noqa: N818 - the class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import DuebillError


class ExtraMissing(DuebillError):
    """An optional part of Duebill is needed and not installed.

    Attributes:
        extra: The name of the extra.
        purpose: What it is needed for, in words.
    """

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra = extra
        self.purpose = purpose
        super().__init__(
            f"An optional part is needed to {purpose}.",
            hint=f"Install it: pip install 'duebill[{extra}]'.",
        )
