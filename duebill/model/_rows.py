"""Values in a notebook: one as a small table, several as a table or a DataFrame."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import Enum
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from duebill.errors._extra import ExtraMissing
from duebill.model._money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

T_co = TypeVar("T_co", covariant=True)

_MOST_SHOWN = 50


class Shown:
    """A dataclass that notebooks show field by field."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        pairs = ((f.name, getattr(self, f.name)) for f in fields(self))  # type: ignore[arg-type]
        rows = (f"<tr><th>{_head(name)}</th><td>{_cell(value)}</td></tr>" for name, value in pairs)
        return f"<table>{''.join(rows)}</table>"


class Rows(tuple[T_co, ...]):
    """Values of one kind: a tuple that notebooks show as a table.

    It is a tuple in all else, and equal to one of the same values.
    """

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """The values as a DataFrame: a row each, a column for each field.

        An amount becomes a `Decimal`, exact, and its currency a column beside it, `<field>_currency`;
        a property is no column. Times and dates stay Python's own, other fields are as they are.

        Raises:
            ExtraMissing: pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 - optional, and slow to import
        except ImportError as error:
            raise ExtraMissing("tables", "make a DataFrame") from error
        return pd.DataFrame([dict(_columns(value)) for value in self], dtype=object)

    def _repr_html_(self) -> str:
        shown = self[:_MOST_SHOWN]
        if not shown:
            return "<p>nothing</p>"
        names = [f.name for f in fields(shown[0])]  # type: ignore[arg-type]
        heads = _row("th", map(_head, names))
        rows = (_row("td", (_cell(getattr(value, name)) for name in names)) for value in shown)
        more = len(self) - len(shown)
        rest = f"<p>and {more:,} more</p>" if more else ""
        return f"<table>{heads}{''.join(rows)}</table>{rest}"


def _columns(value: Any) -> Iterator[tuple[str, Any]]:
    for f in fields(value):
        cell = getattr(value, f.name)
        if isinstance(cell, Money):
            yield f.name, cell.amount
            yield f"{f.name}_currency", cell.currency
        elif isinstance(cell, Enum):
            yield f.name, str(cell)
        else:
            yield f.name, cell


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def _head(name: str) -> str:
    return escape(name.replace("_", " "))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return escape(value.isoformat())
    if isinstance(value, tuple):
        return "<br>".join(map(_cell, value))
    return escape(str(value))
