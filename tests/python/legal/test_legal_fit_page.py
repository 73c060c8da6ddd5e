"""docs/legal-fit.md names exactly the tests that there are, each in the row of its rule."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = (HERE.parents[2] / "docs" / "legal-fit.md").read_text("utf-8")
RULES = ("test_mletr.py", "test_etda.py", "test_ucc_12.py", "test_assignment.py")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "`test_" in line]


def found():
    """Every test of a rule, with what it says of itself."""
    return {
        node.name: ast.get_docstring(node) or ""
        for name in RULES
        for node in ast.parse((HERE / name).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_the_page_lists_exactly_the_tests_that_exist():
    named = re.findall(r"`(test_(?:mletr|etda|ucc|assignment)_\w+)`", PAGE)

    assert sorted(named) == sorted(found())


def test_every_file_here_is_of_a_rule_or_of_the_page():
    assert {path.name for path in HERE.glob("test_*.py")} == {*RULES, Path(__file__).name}


@pytest.mark.parametrize("name", found())
def test_a_test_says_which_rule_it_shows(name):
    """Its docstring begins with the rule: "Art. 10(2)", "(a)", "(a)(1)(A)"."""
    assert re.match(r"Art\. \d+(\(\w+\))*|\([a-f]\)(\(\w+\))*", found()[name])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_row_has_the_rule_of_its_tests(row):
    """The number in a test's name is that of its row."""
    rule = row.split("|")[1]
    numbers = re.findall(r"\d+", rule.replace("12-", ""))
    for name in re.findall(r"`test_(\w+)`", row):
        told = re.sub(r"^(mletr|etda_2_2|ucc_12|assignment)_", "", name)
        first = told.split("_")[0].lstrip("0")
        assert first in {*numbers, *re.findall(r"\((\w)\)", rule)}, (rule, name)


def test_each_row_says_what_the_system_shows():
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 5, row
        assert all(cells[:4]), row
