"""The table tests/vectors/pricing.json. Run it to write the table anew.

Prices are reckoned here as the formulas are printed, in fractions, with nothing of `duebill` and
nothing of the contracts; both are held against the table. Values and prices are text, because they
have up to 80 bits.
"""

import json
import math
import random
from fractions import Fraction
from itertools import product
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "vectors" / "pricing.json"

DISCOUNT, YIELD = 1, 2
YEARS = {0: 360, 1: 365}
MOST = 2**80 - 1
LONGEST = 65_535
HIGHEST = 10_000_000

EDGES = [
    # value, granule
    (0, 1),
    (1, 1),
    (10_000, 10_000),
    (MOST, 1),
    (MOST // 10_000 * 10_000, 10_000),
    (MOST // 1_000_000 * 1_000_000, 1_000_000),
]
TIMES = [
    # rate, days
    (0, 0),
    (0, LONGEST),
    (HIGHEST, 0),
    (HIGHEST, LONGEST),
    (1, 1),
    (52_500, 90),
]
# Where a discount takes all, and one day or one millionth before: 1,000 % for 36 days of 360.
LIMITS = [
    (1_248_310_000_000, 10_000, 0, HIGHEST, 35),
    (1_248_310_000_000, 10_000, 0, HIGHEST, 36),
    (1_248_310_000_000, 10_000, 0, HIGHEST, 37),
    (1_248_310_000_000, 10_000, 0, HIGHEST - 1, 36),
    (1_248_310_000_000, 1, 1, 1_000_000, 364),
    (1_248_310_000_000, 1, 1, 1_000_000, 365),
    (1_248_310_000_000, 1, 1, 1_000_000, 366),
]
# Prices that are whole without rounding: up and down agree.
EXACT = [
    (1_000_000_000, 10_000, 0, 40_000, 90),
    (1_010_000_000, 10_000, 0, 40_000, 90),
    (1_000_000_000, 1_000_000, 0, 100_000, 36),
]


def price(value, quotation, *, year, rate, days, granule, up):
    """As the formulas are printed: value x (1 - r x d / y) and value / (1 + r x d / y)."""
    time = Fraction(days, year)
    cost = Fraction(rate, 1_000_000) * time
    exact = value / (1 + cost) if quotation == YIELD else max(Fraction(0), value * (1 - cost))
    granules = exact / granule
    return (math.ceil(granules) if up else math.floor(granules)) * granule


def cases():
    """Value, granule, day count, rate, days."""
    for (value, granule), day_count, (rate, days) in product(EDGES, YEARS, TIMES):
        yield value, granule, day_count, rate, days
    yield from LIMITS
    yield from EXACT
    pick = random.Random("duebill")  # noqa: S311 - the same cases every time, nothing secret
    for _ in range(60):
        granule = pick.choice([1, 1_000, 10_000, 1_000_000])
        value = pick.randrange(MOST >> pick.randrange(80)) // granule * granule
        rate = pick.randrange((HIGHEST >> pick.randrange(20)) + 1)
        days = pick.randrange((LONGEST >> pick.randrange(14)) + 1)
        yield value, granule, pick.choice([0, 1]), rate, days


def rows():
    """Every case as both kinds of rate, rounded both ways."""
    for (value, granule, day_count, rate, days), quotation, up in product(
        cases(), (DISCOUNT, YIELD), (False, True)
    ):
        year = YEARS[day_count]
        found = price(value, quotation, year=year, rate=rate, days=days, granule=granule, up=up)
        yield {
            "value": str(value),
            "quotation": quotation,
            "day_count": day_count,
            "rate": rate,
            "days": days,
            "granule": granule,
            "round_up": up,
            "price": str(found),
        }


def rendered():
    """The table as it is committed: one row a line."""
    lines = ",\n".join(f"    {json.dumps(row)}" for row in rows())
    return f'{{\n  "rows": [\n{lines}\n  ]\n}}\n'


if __name__ == "__main__":
    TABLE.write_text(rendered(), "utf-8")
