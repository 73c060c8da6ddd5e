"""The compiled contracts as shipped: ABI, bytecode, and checksums of the sources they come from.

Three groups: `contracts` (what a deployment is made of), `interfaces` (ABIs only) and `testing`
(the currency of local chains). Written by `scripts/compile.py`, read from the installed package;
neither a compiler nor the sources are needed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

__all__ = ["GROUPS", "Artifact", "Group", "load", "names", "standard_input", "verify_sources"]

Group: TypeAlias = Literal["contracts", "interfaces", "testing"]
GROUPS: tuple[Group, ...] = ("contracts", "interfaces", "testing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One compiled contract.

    Attributes:
        name: The contract's name.
        source: The file that defines it, relative to the root of the sources.
        abi: The ABI's entries.
        bytecode: Creation code without constructor arguments; empty for an interface.
        deployed_bytecode: Runtime code, zeros in the place of immutables.
        immutable_references: AST id to (start, length) of every place in the runtime code.
        method_identifiers: Signature to selector (hex without 0x).
        metadata: The compiler's metadata, whose hash ends the bytecode.
        compiler_version: The compiler's version with its commit, without platform.
        settings: The compiler settings the bytecode depends on.
        sources: Each source file the contract is made of, with its SHA-256.
    """

    name: str
    source: str
    abi: tuple[Mapping[str, Any], ...]
    bytecode: bytes
    deployed_bytecode: bytes
    immutable_references: Mapping[str, tuple[tuple[int, int], ...]]
    method_identifiers: Mapping[str, str]
    metadata: str
    compiler_version: str
    settings: Mapping[str, Any]
    sources: Mapping[str, str]

    def matches(self, code: bytes) -> bool:
        """Whether code found on a chain is this contract's, whatever its immutables hold."""
        if len(code) != len(self.deployed_bytecode):
            return False
        masked = bytearray(code)
        for places in self.immutable_references.values():
            for start, length in places:
                masked[start : start + length] = bytes(length)
        return bytes(masked) == self.deployed_bytecode


def names(group: Group = "contracts") -> tuple[str, ...]:
    """The names of the artifacts in a group, sorted."""
    folder = _folder() / group
    found = (entry.name for entry in folder.iterdir()) if folder.is_dir() else ()
    return tuple(sorted(name.removesuffix(".json") for name in found if name.endswith(".json")))


@cache
def load(name: str) -> Artifact:
    """Read one artifact, of whatever group.

    Raises:
        LookupError: There is no artifact of that name.
    """
    for group in GROUPS:
        file = _folder() / group / f"{name}.json"
        if file.is_file():
            return _parse(json.loads(file.read_text("utf-8")))
    known = ", ".join(name for group in GROUPS for name in names(group))
    raise LookupError(f"No artifact named {name!r}. There are: {known}.")


def standard_input() -> dict[str, Any]:
    """The compiler input, sources included, that all artifacts were made from.

    Anyone can give it to solc's `--standard-json` and compare the bytecode.
    """
    content: dict[str, Any] = json.loads((_folder() / "standard-input.json").read_text("utf-8"))
    return content


def verify_sources(root: Path) -> tuple[str, ...]:
    """The sources under `root` that differ from those of the artifacts, or are missing; sorted."""
    recorded = {
        item for group in GROUPS for name in names(group) for item in load(name).sources.items()
    }
    return tuple(sorted({path for path, digest in recorded if _digest(root / path) != digest}))


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _folder() -> Traversable:
    return files(__package__) / "_artifacts"


def _parse(data: dict[str, Any]) -> Artifact:
    return Artifact(
        name=data["contractName"],
        source=data["sourceName"],
        abi=tuple(data["abi"]),
        bytecode=bytes.fromhex(data["bytecode"].removeprefix("0x")),
        deployed_bytecode=bytes.fromhex(data["deployedBytecode"].removeprefix("0x")),
        immutable_references={
            node: tuple((place["start"], place["length"]) for place in places)
            for node, places in data["immutableReferences"].items()
        },
        method_identifiers=data["methodIdentifiers"],
        metadata=data["metadata"],
        compiler_version=data["compiler"]["version"],
        settings=data["compiler"]["settings"],
        sources=data["sources"],
    )
