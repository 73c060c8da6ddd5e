"""Rows that were read and wait to be sent: any number of them in a fixed amount of memory."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Item: TypeAlias = "list[Any]"
"""What a row asks for, as its form wrote it; see `duebill.bulk._forms`."""

_WAITING, _TAKEN, _BAD = 0, 1, 2


class Spool:
    """A temporary database that SQLite moves to disk as it grows, and that nobody else can open."""

    def __init__(self) -> None:
        # The rows may be read by another thread than they were written by, never by two at once.
        self._base = sqlite3.connect("", check_same_thread=False)
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute(
            "CREATE TABLE rows (number INTEGER PRIMARY KEY, item TEXT NOT NULL, state INTEGER)"
        )
        self._base.execute(
            "CREATE TABLE subjects (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID"
        )
        self._digest = hashlib.blake2b(digest_size=8)

    @property
    def digest(self) -> str:
        """What tells these rows from others, as hex."""
        return self._digest.hexdigest()

    def add(self, number: int, item: Item) -> None:
        """Keep a row."""
        text = json.dumps(item)
        self._digest.update(f"{number} {text}\n".encode())
        self._base.execute("INSERT INTO rows VALUES (?, ?, ?)", (number, text, _WAITING))

    def add_bad(self, number: int, problems: Item) -> None:
        """Keep what is wrong with a row that is skipped."""
        values = (number, json.dumps(problems), _BAD)
        self._base.execute("INSERT INTO rows VALUES (?, ?, ?)", values)

    def first_with(self, subject: str, number: int) -> int:
        """The first row that is about this subject: maybe this one."""
        added = self._base.execute(
            "INSERT OR IGNORE INTO subjects VALUES (?, ?)", (subject, number)
        )
        if added.rowcount:
            return number
        query = "SELECT number FROM subjects WHERE key = ?"
        return int(self._base.execute(query, (subject,)).fetchone()[0])

    def count(self) -> int:
        """How many rows there are that are not bad."""
        query = "SELECT count(*) FROM rows WHERE state != ?"
        return int(self._base.execute(query, (_BAD,)).fetchone()[0])

    def waiting(self, *, after: int, most: int) -> list[tuple[int, Item]]:
        """The next rows that nobody has taken."""
        query = (
            "SELECT number, item FROM rows WHERE number > ? AND state = ? ORDER BY number LIMIT ?"
        )
        found = self._base.execute(query, (after, _WAITING, most))
        return [(number, json.loads(text)) for number, text in found]

    def bad(self) -> Iterator[tuple[int, Item]]:
        """The rows that are skipped, with what is wrong."""
        query = "SELECT number, item FROM rows WHERE state = ? ORDER BY number"
        for number, text in self._base.execute(query, (_BAD,)):
            yield number, json.loads(text)

    def items(self, numbers: Sequence[int]) -> list[Item | None]:
        """The rows of these numbers; None where there is none."""
        return [self._item(number) for number in numbers]

    def take(self, numbers: Iterable[int]) -> None:
        """Mark rows as taken."""
        self._mark(numbers, _TAKEN)

    def reset(self) -> None:
        """Let all rows wait again."""
        self._base.execute("UPDATE rows SET state = ? WHERE state = ?", (_WAITING, _TAKEN))

    def give_back(self, numbers: Iterable[int]) -> None:
        """Let rows wait again."""
        self._mark(numbers, _WAITING)

    def _item(self, number: int) -> Item | None:
        query = "SELECT item FROM rows WHERE number = ? AND state != ?"
        found = self._base.execute(query, (number, _BAD)).fetchone()
        item: Item | None = json.loads(found[0]) if found else None
        return item

    def _mark(self, numbers: Iterable[int], state: int) -> None:
        values = ((state, number) for number in numbers)
        self._base.executemany("UPDATE rows SET state = ? WHERE number = ?", values)
