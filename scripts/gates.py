"""Run the quality gates one after the other and stop at the first that fails.

Usage:
    gates.py check    format, lint, types, sizes, artifacts against sources: under a minute
    gates.py test     the same, then every test
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
COUNTS = re.compile(r"(\d+) (?:tests )?(passed|failed)")


class Gate(NamedTuple):
    """One command that has to succeed, or to fail if `fails` says so."""

    title: str
    command: str
    environment: Mapping[str, str] = MappingProxyType({})
    fails: bool = False


# Slither lets forge compile everything again: in folders of its own, so forge's cache stays warm.
SLITHER = {"FOUNDRY_OUT": "build/slither", "FOUNDRY_CACHE_PATH": "build/slither-cache"}
# Linting notes files as seen without compiling them: tests that share its cache could run old code.
LINT = {"FOUNDRY_OUT": "build/lint", "FOUNDRY_CACHE_PATH": "build/lint-cache"}

CHECK = (
    Gate("Python format", "ruff format --check"),
    Gate("Python lint", "ruff check"),
    Gate("Python types", "mypy"),
    Gate("Solidity format", "forge fmt --check"),
    Gate(
        "Solidity lint: solhint",
        "node node_modules/solhint/solhint.js --noPoster --max-warnings 0 contracts/**/*.sol",
    ),
    Gate("Solidity lint: forge", "forge lint --deny warnings contracts", LINT),
    # npm's start script for forge exits with 0 whatever happens; ours must not be that one.
    Gate("A failing forge is noticed", "forge bogus", fails=True),
    Gate("Artifacts against sources", "python scripts/compile.py --check"),
    Gate("Bytecode sizes", "python scripts/compile.py --sizes"),
)
TEST = (
    *CHECK,
    Gate("Artifacts compiled afresh", "python scripts/compile.py --verify"),
    Gate("Contract tests", "forge test", {"FOUNDRY_PROFILE": "ci"}),
    Gate("Slither", "slither . --foundry-out-directory build/slither", SLITHER),
    # The same generated cases every time, as forge has them; `pytest` by itself draws new ones.
    Gate("Python tests", "pytest -n 2 --hypothesis-profile ci"),
    Gate("ape", "ape test tests/ape"),
    Gate("The wheel, installed elsewhere", "python scripts/try_wheel.py"),
    Gate("Gas against bench/gas.json", "python scripts/bench.py --check"),
)


def main(gates: tuple[Gate, ...]) -> None:
    """Run the gates; the last line counts what passed, single tests included."""
    started = time.monotonic()
    passed = failed = 0
    for gate in gates:
        succeeded, counts = run(gate)
        passed += counts.get("passed", 0) + succeeded
        failed += counts.get("failed", 0) or (not succeeded)
        if not succeeded:
            print(f"\n{gate.title}: FAILED")
            break
    print(f"\n{time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


def run(gate: Gate) -> tuple[bool, dict[str, int]]:
    """Run one gate with its output in view; give back success, and the tests it counted last."""
    print(f"\n── {gate.title}\n   {gate.command}", flush=True)
    started = time.monotonic()
    process = subprocess.Popen(
        arguments(gate.command),
        cwd=ROOT,
        env={**os.environ, **gate.environment, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    counts: dict[str, int] = {}
    for line in process.stdout or ():
        print("  ", line, end="", flush=True)
        counts = {word: int(number) for number, word in COUNTS.findall(line)} or counts
    succeeded = (process.wait() == 0) is not gate.fails
    print(f"   {'ok' if succeeded else 'failed'}, {time.monotonic() - started:.1f} s", flush=True)
    return succeeded, counts


def arguments(command: str) -> list[str]:
    """The command's words, the program from .venv where it is there, and patterns expanded."""
    program, *rest = command.split()
    words = [found for word in rest for found in expanded(word)]
    return [str(BIN / program) if (BIN / program).exists() else program, *words]


def expanded(word: str) -> list[str]:
    """The files a pattern stands for, or the word itself."""
    return (
        sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(word)) if "*" in word else [word]
    )


if __name__ == "__main__":
    main({"check": CHECK, "test": TEST}[sys.argv[1]])
