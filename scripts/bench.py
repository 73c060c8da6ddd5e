"""Measure gas and throughput on private chains. `make bench` writes bench/*.json.

Usage:
    bench.py                 measure, show beside the goals and the peers, write bench/
    bench.py --check         measure the gas, fail if anything costs more than bench/ says
    bench.py --throughput    measure the throughput alone, show and write it

Steady state: every account holds keys only, is a verified party, holds vouchers and money before
and after; allowances are unlimited, and exchange and pledge book are operators of everyone's
vouchers; ledger and guarantee book hold money of others; makers have used numbers near those of their orders;
the exchange takes no fee. Keys, terms and the chain's clock are fixed, so a run gives the same
figures as the one before it. Each figure is the median over receivables with different ids,
because zero bytes in call data are cheaper. The operations are in scripts/gas/.

Throughput depends on the machine, so what counts is the ratio of ways that are measured in one run on
one node (scripts/throughput/); it is written down and not compared.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median_high
from typing import TYPE_CHECKING, Any

from scripts.gas.exchange import EXCHANGES
from scripts.gas.guarantees import GUARANTEES
from scripts.gas.kernel import KERNEL
from scripts.gas.loans import LOANS
from scripts.gas.stage import bench
from scripts.gas.trust import TRUST
from scripts.throughput import figures as throughput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scripts.gas.stage import Bench
    from scripts.gas.subject import Extras, Marks, Operation, Operations

ROOT = Path(__file__).resolve().parent.parent
GAS = ROOT / "bench" / "gas.json"
FEATURES = ROOT / "bench" / "gas-features.json"
THROUGHPUT = ROOT / "bench" / "throughput.json"
SAMPLES = 5

SUBJECTS = (KERNEL, EXCHANGES, GUARANTEES, LOANS, TRUST)
MARKS: Marks = {name: mark for subject in SUBJECTS for name, mark in subject.marks.items()}
OPERATIONS: Operations = {name: act for s in SUBJECTS for name, act in s.operations.items()}
EXTRAS: Extras = {name: acts for s in SUBJECTS for name, acts in s.extras.items()}
OTHERS: Operations = {name: act for s in SUBJECTS for name, act in s.others.items()}


def measure(ready: Bench, operation: Operation) -> int:
    """The median over receivables of different ids."""
    return median_high(operation(ready) for _ in range(SAMPLES))


def measured(ready: Bench) -> tuple[dict[str, int], dict[str, Any]]:
    """What both files are to say."""
    gas = {}
    for name, operation in OPERATIONS.items():
        gas[name] = measure(ready, operation)
        print(row(name, gas[name]), flush=True)
    print("\nMeasuring the features …", flush=True)
    extras = {
        name: {feature: measure(ready, act) - gas[name] for feature, act in acts.items()}
        for name, acts in EXTRAS.items()
    }
    others = {name: measure(ready, operation) for name, operation in OTHERS.items()}
    return gas, {"extra": extras, "operations": others}


def row(name: str, gas: int) -> str:
    """One line of the table: ours, the goal, the best of the others."""
    goal, peer = MARKS[name]
    if goal is None:
        return f"{name:24}{gas:9,}  {'no goal':29} {peer}"
    verdict = "met" if gas <= goal else f"missed by {gas - goal:,}"
    return f"{name:24}{gas:9,}  goal {goal:7,} {verdict:16} {peer}"


def flat(figures: Mapping[str, Any], path: str = "") -> dict[str, int]:
    """Nested figures by their full names."""
    found: dict[str, int] = {}
    for name, value in figures.items():
        inner = f"{path}.{name}" if path else name
        found |= flat(value, inner) if isinstance(value, dict) else {inner: value}
    return found


def changes(fresh: Mapping[str, Any], path: Path) -> tuple[list[str], list[str]]:
    """What costs more than the file says, or is new or gone; and what costs less."""
    now, then = flat(fresh), flat(json.loads(path.read_text("utf-8")))
    worse = [f"{n} is measured, but not in {path.name}" for n in now.keys() - then.keys()]
    worse += [f"{n} is in {path.name}, but not measured" for n in then.keys() - now.keys()]
    both = [(n, now[n], then[n]) for n in now if n in then]
    worse += [f"{n}: {a:,}, {a - b:,} more than {b:,}" for n, a, b in both if a > b]
    return sorted(worse), [f"{n}: {a:,}, {b - a:,} less than {b:,}" for n, a, b in both if a < b]


def main() -> None:
    """Measure and write."""
    with bench() as ready:
        figures = zip((GAS, FEATURES), measured(ready), strict=True)
    for path, content in figures:
        write(path, content)
    measure_throughput()


def measure_throughput() -> None:
    """Measure and write how much goes through in a second."""
    print("\nMeasuring the throughput …", flush=True)
    found = throughput.measured()
    print(throughput.told(found))
    write(THROUGHPUT, found)


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write figures into bench/."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    print("Written:", path.relative_to(ROOT))


def check() -> None:
    """Measure and compare: no slack upward."""
    with bench() as ready:
        found = [changes(c, p) for p, c in zip((GAS, FEATURES), measured(ready), strict=True)]
    if better := [line for _, lines in found for line in lines]:
        print("Less gas than bench/ says; run `make bench`:", *better, sep="\n  ")
    if worse := [line for lines, _ in found for line in lines]:
        sys.exit("\n  ".join(["More gas than bench/ says:", *worse]))
    print("No operation costs more than bench/ says.")


if __name__ == "__main__":
    actions = {"": main, "--check": check, "--throughput": measure_throughput}
    action = actions.get(" ".join(sys.argv[1:]))
    if action is None:
        sys.exit(__doc__)
    action()
