"""What `bench/throughput.json` says: the three ways side by side, on one node in one run."""

from __future__ import annotations

import platform
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

from scripts.throughput import paths
from scripts.throughput.stage import stage

if TYPE_CHECKING:
    from scripts.throughput.stage import Stage

ROUNDS = 5
TRANSFERS = 1_000
NAIVE_TRANSFERS = 50
GOAL = 20


def measured(
    *, rounds: int = ROUNDS, transfers: int = TRANSFERS, naive: int = NAIVE_TRANSFERS
) -> dict[str, Any]:
    """Medians over rounds, in each of which every way has its turn: a busy machine slows all.

    Args:
        rounds: How many.
        transfers: In each round, by ours and by signed batches.
        naive: In each round, by the loop.
    """
    with stage(vouchers=transfers + naive) as ready:
        found = [_round(ready, number, naive) for number in range(rounds)]
    figures = {name: round(median(each[name] for each in found), 1) for name in found[0]}
    return {
        "naive_tps": figures["naive_tps"],
        "duebill_tps": figures["duebill_tps"],
        "ratio": round(figures["duebill_tps"] / figures["naive_tps"], 1),
        "ceiling_tps": figures["ceiling_tps"],
        "issue_many_per_s": figures["issue_many_per_s"],
        "transfer_many_per_s": figures["transfer_many_per_s"],
        "conditions": {
            "rounds": rounds,
            "transfers": transfers,
            "naive_transfers": naive,
            "python": platform.python_version(),
            "coincurve": find_spec("coincurve") is not None,
            "orjson": find_spec("orjson") is not None,
        },
    }


def told(figures: dict[str, Any]) -> str:
    """The figures as lines, side by side."""
    rows = (
        ("naive loop of web3.py", "naive_tps", "transactions"),
        ("ours, journal on", "duebill_tps", "transactions"),
        ("the node's ceiling", "ceiling_tps", "transactions"),
        ("ours, packed", "transfer_many_per_s", "transfers"),
        ("issue_many, packed", "issue_many_per_s", "receivables"),
    )
    lines = [f"{name:24}{figures[key]:9,.1f} {of} a second" for name, key, of in rows]
    ratio = figures["ratio"]
    verdict = "met" if ratio >= GOAL else "missed"
    return "\n".join([*lines, f"{'ours to naive':24}{ratio:9.1f} goal {GOAL} {verdict}"])


def _round(ready: Stage, number: int, naive: int) -> dict[str, float]:
    few, many = ready.vouchers[:naive], ready.vouchers[naive:]
    found = {"naive_tps": paths.naive(ready, few, number % 2)}
    # Three times from one holder to the other: the next round begins with the other one.
    giver = number % 2
    with ready.mining():
        found["duebill_tps"] = paths.ours(ready, many, giver)
        found["ceiling_tps"] = paths.ceiling(ready, many, 1 - giver)
        found["transfer_many_per_s"] = paths.ours(ready, many, giver, alone=False)
        found["issue_many_per_s"] = paths.issued(ready, len(many))
    return found
