"""Contracts to artifacts: what `scripts/compile.py` does. For development; not used at run time.

The compiler's settings stand in foundry.toml and nowhere else. The compiler's input is put together
from files alone, so it tells without compiling whether the artifacts are those of the sources.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import tomllib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from duebill.errors import DuebillError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# EIP-170 and EIP-3860: no chain accepts more runtime or creation code.
RUNTIME_LIMIT = 24_576
CREATION_LIMIT = 49_152

# What each group of artifacts is made from. Of the mocks, only the currency of local chains ships.
_GROUPS = {
    "contracts": "contracts/*.sol",
    "interfaces": "contracts/interfaces/*.sol",
    "testing": "contracts/mocks/TestCurrency.sol",
}
_OUTPUTS = [
    "abi",
    "evm.bytecode.linkReferences",
    "evm.bytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "evm.deployedBytecode.object",
    "evm.methodIdentifiers",
    "metadata",
]
_INPUT = "standard-input.json"
_SUMS = "SHA256SUMS"
_IMPORT = re.compile(r"""^\s*import\b[^;"']*["']([^"']+)["']""", re.MULTILINE)


class BuildError(DuebillError):
    """The contracts do not compile, or the artifacts are not those of the sources."""


def build(root: Path) -> bool:
    """Bring the artifacts up to date; do nothing when they are.

    Returns:
        Whether anything had to be compiled.
    """
    if not stale(root):
        return False
    _write(_folder(root), artifact_files(root))
    return True


def stale(root: Path) -> tuple[str, ...]:
    """What is out of date, judged by checksums: sources, settings, artifacts; empty if nothing."""
    folder = _folder(root)
    if not (folder / _SUMS).is_file():
        return (f"{folder.relative_to(root)}: not built yet",)
    lines = (folder / _SUMS).read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {name: _sha256((folder / name).read_bytes()) for name in _files_in(folder)}
    changed = {name for name, _ in sums.items() ^ found.items()}
    return tuple(sorted(changed)) or _changed_input(root, (folder / _INPUT).read_text("utf-8"))


def verify(root: Path) -> None:
    """Compile afresh and compare every byte.

    Raises:
        BuildError: An artifact differs from what the sources give.
    """
    fresh, folder = artifact_files(root), _folder(root)
    present = {name: (folder / name).read_text("utf-8") for name in _files_in(folder)}
    fresh.pop(_SUMS)
    if differing := sorted({name for name, _ in fresh.items() ^ present.items()}):
        raise BuildError(
            f"Not what the sources compile to: {', '.join(differing)}.", hint="Run `make build`."
        )


def artifact_files(root: Path) -> dict[str, str]:
    """Compile, and return what each file under `duebill/_artifacts` has to hold."""
    content = standard_input(root)
    output = _compile(root, content)
    made = {_INPUT: _dump(content)}
    for group, pattern in _GROUPS.items():
        for source in _matching(root, pattern):
            for name, contract in output["contracts"].get(source, {}).items():
                if group == "interfaces" or contract["evm"]["bytecode"]["object"]:
                    made[f"{group}/{name}.json"] = _dump(_artifact(source, name, contract, content))
    made[_SUMS] = "".join(f"{_sha256(text.encode())}  {n}\n" for n, text in sorted(made.items()))
    return made


def standard_input(root: Path) -> dict[str, Any]:
    """The compiler's standard-json input: every source with its content, and the settings."""
    settings = compiler_settings(root)
    wanted = [source for pattern in _GROUPS.values() for source in _matching(root, pattern)]
    sources = _with_imports(root, wanted, settings["remappings"])
    selection = {source: {"*": _OUTPUTS} for source in wanted}
    return {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in sources.items()},
        "settings": {**settings, "outputSelection": selection},
    }


def compiler_settings(root: Path) -> dict[str, Any]:
    """The settings of product contracts, out of foundry.toml."""
    config = tomllib.loads((root / "foundry.toml").read_text("utf-8"))["profile"]["default"]
    profiles = {profile["name"]: profile for profile in config["additional_compiler_profiles"]}
    config |= profiles["product"]
    return {
        "evmVersion": config["evm_version"],
        "metadata": {"bytecodeHash": config["bytecode_hash"]},
        "optimizer": {"enabled": config["optimizer"], "runs": config["optimizer_runs"]},
        "remappings": config["remappings"],
        "viaIR": config["via_ir"],
    }


def oversized(sizes: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """The contracts whose (runtime, creation) code is larger than a chain accepts."""
    limits = (RUNTIME_LIMIT, CREATION_LIMIT)
    return tuple(n for n, pair in sizes.items() if any(map(int.__gt__, pair, limits)))


def _with_imports(root: Path, wanted: list[str], remappings: list[str]) -> dict[str, str]:
    sources: dict[str, str] = {}
    pending = list(wanted)
    while pending:
        name = pending.pop()
        if name in sources:
            continue
        if not (root / name).is_file():
            raise BuildError(f"No source file {name}.", hint="Check the imports and remappings.")
        sources[name] = (root / name).read_text("utf-8")
        pending += _imports(name, sources[name], remappings)
    return dict(sorted(sources.items()))


def _imports(importer: str, text: str, remappings: list[str]) -> Iterator[str]:
    prefixes = dict(mapping.split("=", 1) for mapping in remappings)
    for name in _IMPORT.findall(text):
        if name.startswith("."):
            yield posixpath.normpath(PurePosixPath(importer).parent / name)
        else:
            prefix = max((p for p in prefixes if name.startswith(p)), key=len, default="")
            yield prefixes.get(prefix, "") + name.removeprefix(prefix)


def _compile(root: Path, content: dict[str, Any]) -> dict[str, Any]:
    # Slow to import, and there only in a development environment.
    from solcx import compile_standard  # noqa: PLC0415
    from solcx.exceptions import SolcError  # noqa: PLC0415

    try:
        output: dict[str, Any] = compile_standard(content, solc_binary=root / "scripts" / "solc")
    except SolcError as error:
        raise BuildError(f"The contracts do not compile.\n{error.message}", hint="") from error
    if warnings := [e["formattedMessage"] for e in output.get("errors", []) if _ours(e)]:
        text = "\n".join(warnings)
        raise BuildError(f"The compiler warns.\n{text}", hint="Warnings count as errors here.")
    return output


def _ours(diagnostic: Mapping[str, Any]) -> bool:
    return not diagnostic.get("sourceLocation", {}).get("file", "").startswith("node_modules/")


def _artifact(source: str, name: str, contract: Any, content: dict[str, Any]) -> dict[str, Any]:
    evm = contract["evm"]
    if evm["bytecode"]["linkReferences"]:
        raise BuildError(f"{name} needs linking.", hint="Make its libraries' functions internal.")
    metadata = json.loads(contract["metadata"])
    sources = {n: _sha256(content["sources"][n]["content"].encode()) for n in metadata["sources"]}
    settings = {k: v for k, v in content["settings"].items() if k != "outputSelection"}
    return {
        "contractName": name,
        "sourceName": source,
        "abi": contract["abi"],
        "bytecode": "0x" + evm["bytecode"]["object"],
        "deployedBytecode": "0x" + evm["deployedBytecode"]["object"],
        "immutableReferences": evm["deployedBytecode"].get("immutableReferences", {}),
        "linkReferences": {},
        "methodIdentifiers": evm["methodIdentifiers"],
        "metadata": contract["metadata"],
        "compiler": {"version": metadata["compiler"]["version"], "settings": settings},
        "sources": sources,
    }


def _changed_input(root: Path, recorded: str) -> tuple[str, ...]:
    """The sources that are no longer what was compiled; the settings count as foundry.toml."""
    current = standard_input(root)
    if _dump(current) == recorded:
        return ()
    old, new = json.loads(recorded)["sources"], current["sources"]
    names = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return tuple(sorted(names)) or ("foundry.toml",)


def _write(folder: Path, made: Mapping[str, str]) -> None:
    # Beside the old ones first, then in their place: readers never meet half a set.
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, text in made.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_text(text, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _matching(root: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.glob(pattern))


def _files_in(folder: Path) -> list[str]:
    files = sorted(path for path in folder.rglob("*.json"))
    return [path.relative_to(folder).as_posix() for path in files]


def _folder(root: Path) -> Path:
    return root / "duebill" / "_artifacts"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _dump(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
