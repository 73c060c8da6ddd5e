"""What is printed: tables for people, one JSON value for programs, notices on standard error.

A terminal gets colours and rules; a pipe gets plain aligned columns. Foreign words (names of
parties, file names) are printed as they are and never read as markup.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console, RenderableType

_WIDE = 10_000


def as_json(data: Any) -> None:
    """Print data, and nothing else, on standard output."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def line(words: str = "", *, style: str = "") -> None:
    """Print one line of words."""
    from rich.text import Text  # noqa: PLC0415 - slow to import, not for --json

    render(Text(words, style=style))


def paragraph(words: str, *, indent: int) -> None:
    """Print words as a paragraph, set in by some columns."""
    from rich.padding import Padding  # noqa: PLC0415 - slow to import, not for --json
    from rich.text import Text  # noqa: PLC0415 - as above

    render(Padding(Text(words), (0, 0, 0, indent)))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """Print rows under heads; a head that begins with `>` aligns to the right."""
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    on_terminal = sys.stdout.isatty()
    made = Table(
        box=box.SIMPLE_HEAD if on_terminal else None,
        pad_edge=on_terminal,
        show_edge=False,
        title=Text(title) if title else None,
        title_justify="left",
    )
    for head in columns:
        right = head.startswith(">")
        made.add_column(Text(head.lstrip(">")), justify="right" if right else "left")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    render(made)


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and values, one pair a line."""
    from rich.table import Table  # noqa: PLC0415 - slow to import, not for --json
    from rich.text import Text  # noqa: PLC0415 - as above

    made = Table.grid(padding=(0, 2))
    for name, value in pairs:
        made.add_row(Text(name, style="dim"), Text(value))
    render(made)


def render(it: RenderableType) -> None:
    """Print anything that rich can draw."""
    if sys.stdout.isatty():
        console().print(it)
        return
    pipe = console(width=_WIDE)
    with pipe.capture() as captured:
        pipe.print(it)
    for drawn in captured.get().splitlines():
        click.echo(drawn.rstrip())


def failure(message: str, hint: str) -> None:
    """Print an error: what was wrong, and what to do."""
    from rich.text import Text  # noqa: PLC0415 - slow to import, not for --json

    to = console(stderr=True, width=None if sys.stderr.isatty() else _WIDE)
    to.print(Text.assemble(("Error: ", "bold red"), message), soft_wrap=True)
    to.print(Text(hint, style="dim"), soft_wrap=True)


def notice(words: str) -> None:
    """Print a remark that is no data."""
    click.echo(words, err=True)


@contextlib.contextmanager
def waiting(words: str, *, quiet: bool = False) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.text import Text  # noqa: PLC0415 - slow to import, not for --json

    with console(stderr=True).status(Text(words)):
        yield


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """A console on the stream as it is now; NO_COLOR is respected."""
    from rich.console import Console as Made  # noqa: PLC0415 - slow to import, not for --json

    stream = sys.stderr if stderr else sys.stdout
    return Made(file=stream, width=width, highlight=False, markup=False, emoji=False)
