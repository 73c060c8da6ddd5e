"""Invoices and tables of the project's own, of companies that do not exist.

Four invoices are payable and one is a credit note; all are valid EN 16931. The companies' identifiers have
right check digits and belong to nobody.
"""

from __future__ import annotations

from importlib import resources

__all__ = ["names", "read", "table"]

_SUFFIX = ".xml"
_TABLE = ".csv"


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


def table(name: str) -> bytes:
    """The CSV of a sample that is a table; "receivables-history" is one for `duebill.replay`.

    Raises:
        KeyError: There is no sample of that name.
    """
    found = resources.files(__name__).joinpath(name + _TABLE)
    if not found.is_file():
        raise KeyError(name)
    return found.read_bytes()
