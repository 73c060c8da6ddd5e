"""What a registrar knows of a party beside the ledger: facts that are proved alone, and papers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from duebill.errors import BadDocument, FileRefused
from duebill.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duebill.documents import DocumentFile, DocumentSet, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyProfile:
    """What a registrar collected of a party. None of it goes to the chain.

    Its documents are packed, sealed and granted like those of a receivable (`duebill.documents`):
    one fact can be shown, and proved, without the others.

    Attributes:
        identifiers: Its identifiers; the hash of the first stands on the chain.
        name: Its legal name.
        address: Its registered address, on one line.
        facts: What else was checked, by name: `register`, `signatory`, …
    """

    identifiers: tuple[Identifier, ...]
    name: str
    address: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.identifiers:
            raise BadDocument("party.identifier", "there has to be at least one identifier")
        taken = {"name", "address", "identifier"} & {name.split(".")[0] for name in self.facts}
        if taken:
            raise BadDocument(f"party.{min(taken)}", "it is no further fact: it has its own place")

    def documents(self, *, key: bytes, files: Iterable[DocumentFile] = ()) -> DocumentSet:
        """Its facts and papers, ready to be packed for readers.

        Args:
            key: A secret of 32 bytes that the registrar keeps with them.
            files: Extracts of registers, powers of attorney and the like.

        Raises:
            BadDocument: A fact cannot be one, or it is too much.
        """
        # Roles load this module: documents are read by those who have some.
        from duebill.documents import DocumentSet, Field  # noqa: PLC0415

        entries = (Field(f"party.{name}", value) for name, value in self._told())
        return DocumentSet(entries, key=key, files=files)

    @classmethod
    def from_entries(cls, entries: Iterable[Entry]) -> Self:
        """Read it from opened documents: `OpenedDocuments.facts`.

        Raises:
            BadDocument: Its name or its identifiers are not among what this reader is shown.
        """
        from duebill.documents import Field  # noqa: PLC0415 - as above

        told = {it.name: it.value for it in entries if isinstance(it, Field)}
        found = {name.removeprefix("party."): told[name] for name in sorted(told)}
        count = sum(name.startswith("identifier.") for name in found)
        texts = [found.pop(f"identifier.{place}", None) for place in range(1, count + 1)]
        if not texts or None in texts or "name" not in found:
            raise BadDocument("party", "its name and its identifiers have to be shown")
        return cls(
            identifiers=tuple(Identifier.parse(text) for text in texts if text),
            name=found.pop("name"),
            address=found.pop("address", ""),
            facts=found,
        )

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read it from a TOML file: `identifiers`, `name`, `address`, and a table of `facts`.

        Raises:
            FileRefused: The file cannot be read, or is no TOML.
            BadDocument: It says something else, or not all that is needed.
            IdentifierError: One of the identifiers is none.
        """
        try:
            said = tomllib.loads(Path(path).read_text("utf-8"))
        except OSError as error:
            reason = (error.strerror or "it cannot be read").lower()
            raise FileRefused(str(path), reason) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FileRefused(str(path), f"it is no TOML: {error}") from error
        for name in said.keys() - {"identifiers", "name", "address", "facts"}:
            raise BadDocument(f"party.{name}", "a further fact stands in the table [facts]")
        facts = said.get("facts", {})
        if not isinstance(facts, dict):
            raise BadDocument("party.facts", "it is a table: [facts], and a line for each")
        return cls(
            identifiers=tuple(map(Identifier.parse, _texts(said, "identifiers"))),
            name=_text(said, "name"),
            address=_text(said, "address") if "address" in said else "",
            facts={name: _text(facts, name) for name in facts},
        )

    def _told(self) -> Iterator[tuple[str, str]]:
        for place, identifier in enumerate(self.identifiers, 1):
            yield f"identifier.{place}", str(identifier)
        yield "name", self.name
        if self.address:
            yield "address", self.address
        yield from self.facts.items()


def _text(said: dict[str, Any], name: str) -> str:
    if not isinstance(value := said.get(name), str):
        raise BadDocument(f"party.{name}", "it has to be there, as text in quotes")
    return value


def _texts(said: dict[str, Any], name: str) -> list[str]:
    values = said.get(name)
    if not isinstance(values, list) or not all(isinstance(it, str) for it in values):
        raise BadDocument(f"party.{name}", "it has to be there, as a list of texts in quotes")
    return values
