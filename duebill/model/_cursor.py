"""Where a reader of events stands, and what it is told when blocks leave the chain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill.errors._base import DuebillError
from duebill.errors._watch import BadCursor
from duebill.model._hashes import hash_text
from duebill.model._ids import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill.model._ids import Address

_FORM = "duebill-cursor-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A block left the chain: what was given out of it does not hold any more.

    The events of it are those whose `block_hash` is this one. They come before the events of the
    blocks that took its place; of several blocks the newest comes first.

    Attributes:
        block: The block's number.
        block_hash: Its hash.
    """

    block: int
    block_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A block that was read.

    Attributes:
        block: Its number.
        block_hash: Its hash.
        told: Whether events of it were given out.
    """

    block: int
    block_hash: str
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a reader of events stands; `ledger.follow(cursor=…)` goes on from there.

    Attributes:
        chain_id: The chain.
        ledger: The ledger.
        block: The block that is read next.
        index: The place in it up to which events were given out; -1 when none was.
        marks: The latest blocks that were read, oldest first: by them a reorganisation is noticed.
        origin: The first block of all, while `marks` knows every block with events; else None.
    """

    chain_id: int
    ledger: Address
    block: int
    index: int
    marks: tuple[Mark, ...]
    origin: int | None

    def to_text(self) -> str:
        """The cursor as one line of JSON, to be kept in a file."""
        marks = [[mark.block, mark.block_hash, mark.told] for mark in self.marks]
        fields = {
            "form": _FORM,
            "chain_id": self.chain_id,
            "ledger": self.ledger,
            "block": self.block,
            "index": self.index,
            "origin": self.origin,
            "marks": marks,
        }
        return json.dumps(fields, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Cursor:
        """Read what `to_text` wrote.

        Raises:
            BadCursor: It is something else.
        """
        if not text.startswith(f'{{"form":"{_FORM}",'):
            raise BadCursor("it has another form")
        try:
            fields = json.loads(text)
            return cls(
                chain_id=_number(fields, "chain_id"),
                ledger=address(fields["ledger"]),
                block=_number(fields, "block"),
                index=_number(fields, "index"),
                marks=tuple(_mark(*it) for it in fields["marks"]),
                origin=None if fields["origin"] is None else _number(fields, "origin"),
            )
        except (ValueError, KeyError, TypeError, AttributeError, DuebillError) as error:
            raise BadCursor("it is not what was written") from error


def _number(fields: Mapping[str, Any], name: str) -> int:
    if type(value := fields[name]) is not int:
        raise TypeError(name)
    return value


def _mark(block: int, block_hash: str, told: bool) -> Mark:  # noqa: FBT001 - as they stand in the file
    if type(block) is not int or type(told) is not bool:
        raise TypeError("mark")
    return Mark(block=block, block_hash=hash_text(block_hash, field="block"), told=told)
