"""Invoices of the project's own, between companies that do not exist.

Four are payable and one is a credit note; all are valid EN 16931. The companies' identifiers have
right check digits and belong to nobody.
"""

from __future__ import annotations

from importlib import resources

__all__ = ["names", "read"]

_SUFFIX = ".xml"


def names() -> tuple[str, ...]:
    """The names of the samples, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(_SUFFIX)
            for entry in resources.files(__name__).iterdir()
            if entry.name.endswith(_SUFFIX)
        )
    )


def read(name: str) -> bytes:
    """The XML of a sample, for `duebill.einvoice.read_invoice`.

    Raises:
        KeyError: There is no sample of that name.
    """
    if name not in names():
        raise KeyError(name)
    return resources.files(__name__).joinpath(name + _SUFFIX).read_bytes()
