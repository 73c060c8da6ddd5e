"""`duebill receivable issue-many` and the others that end so."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from importlib import resources

import pytest

from duebill import samples
from duebill.bulk._check import checked
from duebill.bulk._forms import Issue
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER, BANK = "dev1", "dev2", "dev4"


def written(path, *rows):
    path.write_text("\n".join(",".join(row) for row in rows) + "\n")
    return str(path)


def lines(cli, *words, code=0):
    result = cli.run(*words, "--json", "--yes")
    assert result.exit_code == code, result.stdout + result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def table(tmp_path):
    """Three invoices of the buyer's, due in 90 days."""
    due = (date.today() + timedelta(days=90)).isoformat()  # noqa: DTZ011 - far enough
    rows = [(ADDRESSES[2], f"{amount}.00", "EUR", due, "1") for amount in (100, 200, 300)]
    heads = ("Creditor", "Amount", "Currency", "Due date", "Programme")
    return written(tmp_path / "table.csv", heads, *rows)


@pytest.fixture
def vouchers(on_chain, table):
    """The vouchers that were issued with them."""
    *rows, _ = lines(on_chain, "receivable", "issue-many", table, "-a", BUYER)
    return [f"{row['id']}/1" for row in rows]


def test_a_table_is_issued_and_told_row_by_row(on_chain, table):
    *rows, last = lines(on_chain, "receivable", "issue-many", table, "-a", BUYER)
    assert [(row["row"], row["status"]) for row in rows] == [(2, "done"), (3, "done"), (4, "done")]
    assert last["summary"] == {"done": 3}
    found = on_chain.data("receivable", "show", rows[1]["id"])
    assert found["face"] == "200.00"


def test_the_same_again_is_found_and_not_done_twice(on_chain, table):
    first = lines(on_chain, "receivable", "issue-many", table, "-a", BUYER)
    again = lines(on_chain, "receivable", "issue-many", table, "-a", BUYER)
    assert again == first
    assert len(on_chain.data("receivable", "list")) == 3
    words = ("receivable", "issue-many", table, "-a", BUYER, "--reference", "once more")
    assert lines(on_chain, *words)[-1]["reference"] == "once more"
    assert len(on_chain.data("receivable", "list")) == 6


def test_people_get_a_summary(on_chain, table):
    printed = on_chain.ok("receivable", "issue-many", table, "-a", BUYER, "--yes")
    assert "Done" in printed
    assert "3" in printed


def test_a_dry_run_sends_nothing(on_chain, table):
    *rows, last = lines(on_chain, "receivable", "issue-many", table, "-a", BUYER, "--dry-run")
    assert {row["status"] for row in rows} == {"possible"}
    assert last["summary"] == {"possible": 3}
    assert on_chain.data("receivable", "list") == []


def test_vouchers_are_transferred_split_and_redeemed(on_chain, vouchers, tmp_path):
    first, second, third = vouchers
    moved = written(tmp_path / "a.csv", ("voucher", "to"), (first, ADDRESSES[4]))
    lines(on_chain, "voucher", "transfer-many", moved, "-a", SUPPLIER)
    rows = [(second, ADDRESSES[4], f"{amount}.00") for amount in (50, 60)]
    parts = written(tmp_path / "b.csv", ("voucher", "to", "amount"), *rows)
    *told, _ = lines(on_chain, "voucher", "split-many", parts, "-a", SUPPLIER)
    assert {row["id"] for row in told} == {f"{second[:-2]}/2", f"{second[:-2]}/3"}
    held = {row["id"] for row in on_chain.data("voucher", "list", "--holder", BANK)}
    assert held == {first, *(row["id"] for row in told)}
    on_chain.data("currency", "mint", "EUR", BUYER, "300.00", "-a", BUYER)
    on_chain.data("receivable", "pay", third[:-2], "-a", BUYER)
    redeemed = written(tmp_path / "c.csv", ("voucher",), (third,))
    row, _ = lines(on_chain, "voucher", "redeem-many", redeemed, "-a", SUPPLIER)
    assert (row["payout"], row["currency"]) == ("300.00", "EUR")


def test_receivables_are_accepted(on_chain, tmp_path, table):
    text = (tmp_path / "table.csv").read_text().replace("Creditor", "Obligor")
    (tmp_path / "table.csv").write_text(text.replace(ADDRESSES[2], ADDRESSES[1]))
    *rows, _ = lines(on_chain, "receivable", "issue-many", table, "-a", SUPPLIER)
    ids = written(tmp_path / "ids.csv", ("receivable",), *((row["id"],) for row in rows))
    *told, _ = lines(on_chain, "receivable", "accept-many", ids, "-a", BUYER)
    assert [row["status"] for row in told] == ["done"] * 3


def test_receivables_are_paid_by_the_table(on_chain, vouchers, tmp_path):
    on_chain.data("currency", "mint", "EUR", BUYER, "350.00", "-a", BUYER)
    rows = [(vouchers[0][:-2], ""), (vouchers[1][:-2], "150.00")]
    paid = written(tmp_path / "p.csv", ("receivable", "amount"), *rows)
    *told, _ = lines(on_chain, "receivable", "pay-many", paid, "-a", BUYER)
    assert [(row["paid"], row["currency"]) for row in told] == [
        ("100.00", "EUR"),
        ("150.00", "EUR"),
    ]
    assert on_chain.data("receivable", "show", vouchers[1][:-2])["owed"] == "50.00"


def test_accounts_stand_in_a_table_by_name(on_chain, vouchers, tmp_path):
    """By the names that commands know; an unknown one is told with them."""
    moved = written(tmp_path / "a.csv", ("voucher", "to"), (vouchers[0], BANK))
    lines(on_chain, "voucher", "transfer-many", moved, "-a", SUPPLIER)
    assert [row["id"] for row in on_chain.data("voucher", "list", "--holder", BANK)] == vouchers[:1]
    wrong = written(tmp_path / "b.csv", ("voucher", "to"), (vouchers[1], "nobody"))
    error = on_chain.error("voucher", "transfer-many", wrong, "-a", SUPPLIER, "--yes", code=3)
    assert "dev4" in error["message"]


def test_a_refused_row_is_told_and_the_others_are_done(on_chain, vouchers, tmp_path):
    rows = [(vouchers[0], ADDRESSES[9]), (vouchers[1], ADDRESSES[4])]
    moved = written(tmp_path / "a.csv", ("voucher", "to"), *rows)
    result = on_chain.run("voucher", "transfer-many", moved, "-a", SUPPLIER, "--yes")
    assert result.exit_code == 1
    assert "PartyNotVerified" in result.stdout


def test_a_wrong_table_sends_nothing_and_names_the_cells(on_chain, vouchers, tmp_path):
    rows = [(vouchers[0], ADDRESSES[4]), ("nonsense", "nobody")]
    moved = written(tmp_path / "a.csv", ("voucher", "to"), *rows)
    error = on_chain.error("voucher", "transfer-many", moved, "-a", SUPPLIER, "--yes", code=3)
    assert error["type"] == "BadTable"
    assert on_chain.data("voucher", "list", "--holder", BANK) == []
    *told, last = lines(
        on_chain, "voucher", "transfer-many", moved, "-a", SUPPLIER, "--skip-refused", code=1
    )
    assert last["summary"] == {"skipped": 1, "done": 1}
    assert "row 3, voucher" in told[0]["message"]


@pytest.mark.parametrize("way", [("--prepare", "out.json"), ("--as-call",)])
def test_a_table_is_sent_here_or_not_at_all(on_chain, table, way):
    """What was to be signed elsewhere is not signed here: a table is many transactions."""
    error = on_chain.error("receivable", "issue-many", table, "-a", BUYER, "--yes", *way, code=2)
    assert "many transactions" in error["message"]
    assert on_chain.data("receivable", "list") == []


def test_threat_66_results_are_safe_in_a_spreadsheet(on_chain, vouchers, tmp_path):
    """What began like a formula in the table is text in the results."""
    rows = [(vouchers[0], ADDRESSES[4]), ("=1+1", ADDRESSES[4])]
    moved = written(tmp_path / "a.csv", ("voucher", "to"), *rows)
    results = tmp_path / "results.csv"
    words = ("voucher", "transfer-many", moved, "-a", SUPPLIER, "--skip-refused", "--yes")
    assert on_chain.run(*words, "--results", str(results)).exit_code == 1
    with results.open(encoding="utf-8-sig", newline="") as file:
        found = {row["row"]: row for row in csv.DictReader(file)}
    assert found["2"]["status"] == "done"
    assert found["2"]["id"] == vouchers[0]
    assert "'=1+1'" in found["3"]["message"]
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for row in found.values() for cell in row.values()
    )


def test_the_results_have_the_order_of_the_table(on_chain, vouchers, tmp_path):
    """Whatever is told first: wrong rows are known at once, refused ones at the end."""
    rows = [(vouchers[0], ADDRESSES[9]), ("nonsense", BANK), (vouchers[1], BANK)]
    moved = written(tmp_path / "a.csv", ("voucher", "to"), *rows)
    results = tmp_path / "results.csv"
    words = ("voucher", "transfer-many", moved, "-a", SUPPLIER, "--skip-refused", "--yes")
    assert on_chain.run(*words, "--results", str(results)).exit_code == 1
    with results.open(encoding="utf-8-sig", newline="") as file:
        found = [(row["row"], row["status"]) for row in csv.DictReader(file)]
    assert found == [("2", "refused"), ("3", "skipped"), ("4", "done")]


def test_the_sample_is_a_table_that_can_be_issued(ledger, signers):
    """Of all three currencies of the local plan."""
    file = resources.files(samples) / "receivables.csv"
    with resources.as_file(file) as path:
        form = Issue(ledger._desk, signers.obligor.address, ledger=ledger)
        assert checked(path, form, skip_refused=False).count() == 5
