"""`duebill replay`: the figures of file and chain, side by side."""

from __future__ import annotations

import pytest

FEW = """number,customer,issued,due,amount,disputed,settled
1,A,2025-01-10,2025-02-09,100.00,no,2025-02-01
2,B,2025-01-13,2025-02-12,50.00,yes,2025-04-02
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(FEW)
    return path


def test_it_prints_both_and_says_that_they_agree(cli, file):
    printed = cli.ok("replay", str(file), "--currency", "EUR")
    lines = {" ".join(line.split()) for line in printed.splitlines()}
    assert "paid late, of the paid 50.0 % 50.0 %" in lines
    assert "disputed first 1 1" in lines
    assert "2025-03-31 150.00 50.00 30.0 0.00 0.00 50.00 0.00 0.00" in lines
    assert "The chain tells what the file tells; the ledger's promises hold." in lines


def test_programs_get_the_figures(cli, file):
    data = cli.data("replay", str(file), "--currency", "EUR")
    assert data["agrees"] is True
    assert data["chain"]["late_percent"] == "50.0"
    assert [quarter["end"] for quarter in data["chain"]["quarters"]] == ["2025-03-31", "2025-06-30"]


def test_a_bad_row_is_named_and_nothing_is_started(cli, file):
    file.write_text(FEW + "3,C,2025-01-10,2025-01-01,1.00,no,\n")
    error = cli.error("replay", str(file), code=3)
    assert "line 4: it is due before it is issued" in error["message"]


def test_dates_that_could_be_either_are_asked_for(cli, file):
    file.write_text(FEW.replace("2025-01-10", "1/10/2025"))
    cli.error("replay", str(file), code=3)
    file.write_text("number,customer,issued,due,amount,settled\n1,A,1/2/2025,2/3/2025,1.00,\n")
    assert "--dates mdy" in cli.error("replay", str(file), code=3)["hint"]
