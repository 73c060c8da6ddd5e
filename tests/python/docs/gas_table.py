"""The table of gas in the README. Run it to write the table anew from bench/gas.json."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "README.md"
MEASURED = ROOT / "bench" / "gas.json"

OPERATIONS = {
    "issue, accepted in the same transaction": "issue_accepted",
    "accept": "accept",
    "transfer a whole voucher": "transfer_whole",
    "split off a voucher": "split",
    "split to ten, for each": "split_10_per_recipient",
    "pay in full": "pay",
    "redeem in full": "redeem",
    "sell a voucher against cash, by a signed order": "dvp",
    "call a guarantee": "guarantee_call",
    "pledge a voucher for a loan": "pledge",
    "repay a loan, voucher back": "loan_repay",
}

_ROWS = re.compile(r"(?<=^\| --- \| ---: \|\n)(?:\| .+ \|\n)+", re.MULTILINE)


def rendered() -> str:
    """The rows as they have to stand on the page."""
    measured = json.loads(MEASURED.read_text("utf-8"))
    return "".join(f"| {name} | {measured[key]:,} |\n" for name, key in OPERATIONS.items())


def shown() -> str:
    """The rows that stand on the page."""
    (rows,) = _ROWS.findall(PAGE.read_text("utf-8"))
    return str(rows)


def main() -> None:
    """Write the rows anew."""
    PAGE.write_text(_ROWS.sub(rendered(), PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
