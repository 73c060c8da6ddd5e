"""What docs/pricing.md shows is what comes out."""

import re
from pathlib import Path

from duebill import pricing

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "pricing.md").read_text("utf-8")
EXAMPLE = re.search(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


def test_the_example_prints_what_stands_beside_it(capsys):
    exec(compile(EXAMPLE, "docs/pricing.md", "exec"), {})  # noqa: S102 - the page's own code

    printed = capsys.readouterr().out.splitlines()
    assert printed == re.findall(r"^print\(.*\)  # (.*)$", EXAMPLE, re.MULTILINE)
    assert len(printed) == EXAMPLE.count("print(") >= 6


def test_the_text_after_the_example_has_its_numbers():
    after = PAGE.partition(EXAMPLE)[2].partition("##")[0]
    assert re.findall(r"[\d,]+\.\d+(?= |…)", after) == [
        "400,000.00",
        "5.25",
        "10,091.666",
        "5.3859",
    ]
    assert 400_000 * 525 * 173 * 1000 // (10_000 * 360) == 10_091_666


def test_the_functions_of_the_table_are_there():
    table = PAGE.partition("## Formulas")[2].partition("**Rounding")[0]
    named = set(re.findall(r"\| `(\w+)` \|$", table, re.MULTILINE))
    assert len(named) == 9
    assert named <= set(pricing.__all__)
