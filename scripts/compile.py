"""Compile the contracts into duebill/_artifacts. Also `ape run compile`.

Usage:
    compile.py            build what is out of date
    compile.py --check    fail if the artifacts are not those of the sources (by checksum)
    compile.py --verify   compile afresh and compare every byte
    compile.py --sizes    show the size of each contract, fail above the limits of EIP-170 and 3860
"""

from __future__ import annotations

import sys
from pathlib import Path

from duebill import _build, artifacts

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Build what is out of date."""
    print("Compiling the contracts (up to a minute) …", flush=True)
    built = _build.build(ROOT)
    print(f"{len(artifacts.names())} contracts", "compiled" if built else "up to date")


def check() -> None:
    """Fail if a checksum does not fit."""
    if stale := _build.stale(ROOT):
        sys.exit("Out of date: " + ", ".join(stale) + "\nRun `make build`.")
    print("The artifacts are those of the sources.")


def verify() -> None:
    """Fail if a fresh compilation gives other bytes."""
    _build.verify(ROOT)
    print("A fresh compilation gives the same bytes.")


def sizes() -> None:
    """Fail if a contract is larger than a chain accepts."""
    loaded = [artifacts.load(name) for name in artifacts.names()]
    found = {a.name: (len(a.deployed_bytecode), len(a.bytecode)) for a in loaded}
    for name, (runtime, creation) in found.items():
        print(
            f"{name:24} runtime {runtime:6,} of {_build.RUNTIME_LIMIT:,}   creation {creation:6,}"
        )
    if large := _build.oversized(found):
        sys.exit("Too large: " + ", ".join(large))


if __name__ == "__main__":
    actions = {"": main, "--check": check, "--verify": verify, "--sizes": sizes}
    action = actions.get(" ".join(sys.argv[1:]))
    if action is None:
        sys.exit(__doc__)
    try:
        action()
    except _build.BuildError as error:
        sys.exit(str(error))
