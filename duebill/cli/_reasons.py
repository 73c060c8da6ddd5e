"""Why: a reason's hash goes to the chain, its words stay in a file of the one who had it."""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill import node
from duebill.documents import text_hash
from duebill.errors import FileNotWritten, FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FILE = "reasons.jsonl"
_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason.

    Attributes:
        hash: Keccak-256 of the words, or of the file's bytes.
        words: The words, or which file it was.
    """

    hash: str
    words: str

    def keep(self) -> None:
        """Put the words where `kept` finds them, in a file that only its owner can read.

        Raises:
            FileNotWritten: The disk refuses.
        """
        if self.hash in kept():
            return
        path = node.home() / _FILE
        line = json.dumps({"hash": self.hash, "words": self.words}, ensure_ascii=False) + "\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FileNotWritten(str(path), (error.strerror or "unknown").lower()) from error


def kept() -> Mapping[str, str]:
    """The words of the reasons that were given here, by their hashes."""
    found = {}
    for line in _lines(node.home() / _FILE):
        try:
            row = json.loads(line)
            if row["hash"] == text_hash(row["words"]) or row["words"].startswith("file "):
                found[row["hash"]] = row["words"]
        except (ValueError, KeyError, TypeError, AttributeError):
            # A line that was cut off, or written by hand: what stands on the chain does not change.
            continue
    return found


def explained(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--reason` and `--reason-file`, exactly one of which is needed."""
    words = click.option(
        "--reason",
        metavar="TEXT",
        help="Why, in words that cannot be guessed; only a hash is sent.",
    )
    file = click.option(
        "--reason-file",
        metavar="FILE",
        help="A file that says why: an order, a decision; only a hash of it is sent.",
    )

    @functools.wraps(command)
    def run(*args: Any, reason: str | None, reason_file: str | None, **options: Any) -> None:
        command(*args, reason=_given(reason, reason_file), **options)

    return words(file(run))


def _given(words: str | None, file: str | None) -> Reason:
    if bool(words) == bool(file):
        raise click.UsageError("Say why: --reason TEXT or --reason-file FILE, one of them.")
    if words:
        return Reason(hash=text_hash(words), words=words)
    return _of_file(Path(str(file)))


def _of_file(path: Path) -> Reason:
    # Late: it comes with its backend.
    from duebill._abi import keccak  # noqa: PLC0415

    try:
        if not path.is_file():
            raise FileRefused(str(path), "it is no regular file")
        with path.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise FileRefused(str(path), (error.strerror or "it cannot be read").lower()) from error
    if not content or len(content) > _LARGEST:
        raise FileRefused(str(path), "it is empty, or larger than ten megabytes")
    return Reason(hash="0x" + keccak(content).hex(), words=f"file {path.name}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(str(path), "the reasons that were kept cannot be read") from error
