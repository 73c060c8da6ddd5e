"""Events that were read, kept in a file: whoever starts again asks the node for new blocks only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duebill.errors import BadKeptEvents
from duebill.model import Cursor, Event, Mark
from duebill.watch._lines import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from duebill.ledger import Ledger

_FORM = "duebill-events-1"
# As many blocks as a reader of events knows: by them it notices a reorganisation.
_MOST_MARKS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBlock:
    """A block that was read.

    Attributes:
        number: Its number.
        hash: Its hash.
        time: Seconds since 1970, by the chain's clock.
        events: What it tells of the ledger, in order; empty where it is only known that there was
            nothing else up to it.
    """

    number: int
    hash: str
    time: int = 0
    events: tuple[Event, ...] = ()


class KeptEvents:
    """The events of one ledger, and of the contracts beside it, in a file of JSON lines.

    The first line names the ledger. Each other one is a block with events; the last may be the block
    up to which there were no others. The newest block that is still on the chain vouches, by its hash,
    for all before it; those after it are forgotten.

    Raises:
        BadKeptEvents: The file is something else, or another ledger's.
        FileNotWritten: The disk refuses.
    """

    def __init__(self, path: str | Path, ledger: Ledger) -> None:
        self._chain_id, self._ledger = ledger.chain_id, ledger.address
        self._first = ledger.first_block
        head = {
            "form": _FORM,
            "chain_id": self._chain_id,
            "contracts": list(ledger.contracts.all),
            "first_block": self._first,
        }
        self._file = Lines(path, head, refused=BadKeptEvents)
        self._blocks: list[ReadBlock] = []
        self._starts: list[int] = []
        for number, start, said in self._file:
            self._blocks.append(self._block(said, number))
            self._starts.append(start)

    @property
    def blocks(self) -> Sequence[ReadBlock]:
        """The blocks with events, in order."""
        return [block for block in self._blocks if block.events]

    @property
    def cursor(self) -> Cursor | None:
        """Where whoever follows the ledger goes on; None: at its first block."""
        if not self._blocks:
            return None
        marks = [
            Mark(block=it.number, block_hash=it.hash, told=bool(it.events))
            for it in self._blocks[-_MOST_MARKS:]
        ]
        return Cursor(
            chain_id=self._chain_id,
            ledger=self._ledger,
            block=marks[-1].block + 1,
            index=-1,
            marks=tuple(marks),
            origin=self._first if len(self._blocks) <= _MOST_MARKS else None,
        )

    def add(self, blocks: Sequence[ReadBlock]) -> None:
        """Keep what was read after all the others; it is on the disk when this returns.

        Raises:
            FileNotWritten: The disk refuses, or another program writes to the file.
        """
        if self._blocks and not self._blocks[-1].events:
            self._keep(len(self._blocks) - 1)
        self._starts += self._file.append(_row(block) for block in blocks)
        self._blocks += blocks

    def reached(self, mark: Mark) -> None:
        """Keep up to which block there is nothing else.

        Raises:
            FileNotWritten: As for `add`.
        """
        last = self._blocks[-1] if self._blocks else None
        if last is None or (last.number, last.hash) != (mark.block, mark.block_hash):
            self.add([ReadBlock(number=mark.block, hash=mark.block_hash)])

    def forget(self, block: int) -> None:
        """Forget this block and all after it: they left the chain.

        Raises:
            FileNotWritten: As for `add`.
        """
        count = sum(it.number < block for it in self._blocks)
        if count < len(self._blocks):
            self._keep(count)

    # -- inside -----------------------------------------------------------------------------

    def _keep(self, count: int) -> None:
        self._file.cut(self._starts[count])
        del self._blocks[count:], self._starts[count:]

    def _block(self, said: Any, number: int) -> ReadBlock:
        try:
            return _read(said)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._file.bad(f"line {number} is no block") from error


def _row(block: ReadBlock) -> dict[str, Any]:
    events = [
        [it.log_index, it.contract, it.transaction, it.name, _plain(dict(it.args))]
        for it in block.events
    ]
    return {"block": block.number, "hash": block.hash, "time": block.time, "events": events}


def _read(said: Mapping[str, Any]) -> ReadBlock:
    number, hash_ = int(said["block"]), str(said["hash"])
    events = (
        Event(
            name=name,
            args=_value(args),
            contract=contract,
            transaction=transaction,
            block=number,
            block_hash=hash_,
            log_index=place,
        )
        for place, contract, transaction, name, args in said["events"]
    )
    return ReadBlock(number=number, hash=hash_, time=int(said["time"]), events=tuple(events))


def _plain(value: Any) -> Any:
    """A value of an event for JSON; bytes are told from text by the list that they stand in."""
    if isinstance(value, bytes):
        return [value.hex()]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value


def _value(said: Any) -> Any:
    if isinstance(said, list):
        (digits,) = said
        return bytes.fromhex(digits)
    if isinstance(said, dict):
        return {name: _value(part) for name, part in said.items()}
    return said
