"""Every kind of table is read alike, and what is wrong with one is named, all of it."""

from __future__ import annotations

import csv
import tracemalloc
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from duebill.bulk import RowStatus
from duebill.bulk._check import checked
from duebill.bulk._forms import Accept, Issue, Pay, Redeem, Split, Transfer
from duebill.errors import BadTable, ColumnsWrong, ExtraMissing, TableUnreadable
from duebill.model import Money

VOUCHER = "ab" * 24 + "/2"
TO = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
DAY = date(2030, 1, 31)


@pytest.fixture
def form(ledger, signers):
    """The form of a kind of operation, as a role would make it."""

    def made(kind):
        extra = {"ledger": ledger} if kind is Issue else {}
        return kind(ledger._desk, signers.supplier.address, **extra)

    return made


@pytest.fixture
def read(form):
    """The rows of a table, as they wait to be sent."""

    def found(table, kind=Transfer):
        return checked(table, form(kind), skip_refused=False).waiting(after=0, most=10**6)

    return found


@pytest.fixture
def problems(form):
    """What is wrong with a table: row, column, reason."""

    def found(table, kind=Transfer):
        with pytest.raises(BadTable) as caught:
            checked(table, form(kind), skip_refused=False)
        assert caught.value.count == len(caught.value.problems)
        assert all(problem.advice for problem in caught.value.problems)
        return [(it.row, it.column, it.reason) for it in caught.value.problems]

    return found


# -- sources ----------------------------------------------------------------------------------

ROWS = [
    {"voucher": VOUCHER, "to": TO, "amount": "12.50"},
    {"voucher": VOUCHER, "to": TO, "amount": ""},
]
WANTED = [[VOUCHER, TO, 12_500_000], [VOUCHER, TO, None]]


@dataclass
class Payment:
    voucher: str
    to: str
    amount: Decimal | None


def as_csv(path, *, encoding="utf-8", separator=","):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, ["Voucher", "To", "Amount"], delimiter=separator)
        writer.writeheader()
        writer.writerows({name.title(): cell for name, cell in row.items()} for row in ROWS)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_however_a_spreadsheet_writes_it(tmp_path, read, encoding, separator):
    """Its rows are numbered as the spreadsheet does it: the first one after the heads is 2."""
    file = as_csv(tmp_path / "table.csv", encoding=encoding, separator=separator)
    assert read(file) == [(2, WANTED[0]), (3, WANTED[1])]


def test_empty_lines_count_and_are_passed_over(tmp_path, read):
    file = tmp_path / "table.csv"
    file.write_text(f"voucher,to,amount\n\n{VOUCHER},{TO},1.00\n,,\n{VOUCHER},{TO},2.00\n")
    assert [number for number, _ in read(file)] == [3, 5]


def test_parquet_is_read(tmp_path, read):
    file = tmp_path / "table.parquet"
    pd.DataFrame([{**row, "amount": row["amount"] or None} for row in ROWS]).to_parquet(file)
    assert read(str(file)) == [(2, WANTED[0]), (3, WANTED[1])]


@pytest.mark.parametrize(
    "table",
    [
        ROWS,
        iter(ROWS),
        pd.DataFrame(ROWS),
        pd.DataFrame([{**row, "amount": Decimal(row["amount"] or "NaN")} for row in ROWS]),
        [Payment(VOUCHER, TO, Decimal("12.50")), Payment(VOUCHER, TO, None)],
    ],
    ids=["mappings", "iterator", "frame", "decimals", "dataclasses"],
)
def test_what_is_no_file_is_numbered_from_one(read, table):
    assert read(table) == [(1, WANTED[0]), (2, WANTED[1])]


def test_whole_numbers_are_whole_units_of_the_currency(read):
    assert read([{**ROWS[0], "amount": 12}]) == [(1, [VOUCHER, TO, 12_000_000])]


def test_without_the_extra_parquet_is_one_clear_error(tmp_path, read, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ExtraMissing, match=r"duebill\[tables\]"):
        read(tmp_path / "table.parquet")


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"voucher,to\n", b'voucher,to\n"a,b\n', b"voucher,to\n\x00,\n", b"\xff\xfe\xff"],
)
def test_what_is_no_table_is_one_clear_error(tmp_path, read, content):
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises((TableUnreadable, ColumnsWrong)):
        read(file)


@pytest.mark.parametrize("table", [None, 5, b"bytes", {"voucher": VOUCHER}, [5], [], ["text"]])
def test_what_is_no_rows_is_one_clear_error(read, table):
    with pytest.raises(TableUnreadable):
        read(table)


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path, read):
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(TableUnreadable, match="none"):
            read(tmp_path / name)


def test_a_broken_parquet_file_is_one_clear_error(tmp_path, read):
    (tmp_path / "table.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(TableUnreadable):
        read(tmp_path / "table.parquet")


# -- columns and cells ------------------------------------------------------------------------


def test_missing_and_unknown_columns_are_all_named(form):
    with pytest.raises(ColumnsWrong) as caught:
        checked([{"voucher": VOUCHER, "recipient": TO}], form(Split), skip_refused=False)
    assert caught.value.missing == ("to", "amount")
    assert caught.value.unknown == ("recipient",)


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("1,50", "is not an exact amount"),
        ("1e3", "is not an exact amount"),
        ("NaN", "is not an exact amount"),
        ("-1.00", "negative"),
        ("0", "out of range"),
        ("0.0000001", "decimals"),
        ("9" * 30, "is more than"),
        (1.5, "binary fraction"),
        (float("nan"), "binary fraction"),
        (True, "is not an exact amount"),
        (-3, "negative"),
        (Decimal("1E+40"), "is more than"),
    ],
)
def test_threat_56_only_exact_amounts_are_taken(problems, amount, reason):
    ((row, column, said),) = problems([{**ROWS[0], "amount": amount}])
    assert (row, column) == (1, "amount")
    assert reason in said


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("voucher", "ab"),
        ("voucher", "xyz/1"),
        ("voucher", "ab" * 24),
        ("voucher", VOUCHER.replace("/2", "/0")),
        ("to", TO[:-1]),
        ("to", TO[:-1] + "7"),
        ("to", TO.replace("F", "f")),
        ("to", 5),
        ("to", ""),
    ],
)
def test_wrong_ids_and_accounts_are_named(problems, column, value):
    ((row, named, _),) = problems([ROWS[0], {**ROWS[0], column: value}])
    assert (row, named) == (2, column)


def test_every_wrong_cell_of_every_row_is_named(tmp_path, problems):
    """Also cells that have no column, and rows that are too short."""
    file = tmp_path / "table.csv"
    file.write_text(f"voucher,to,amount\nab,{TO},1\n{VOUCHER},{TO},1,2,3\n{VOUCHER}\nx/1,y,z\n")
    assert [(row, column) for row, column, _ in problems(file)] == [
        (2, "voucher"),
        (3, ""),
        (4, "to"),
        (5, "voucher"),
        (5, "to"),
        (5, "amount"),
    ]


def test_accounts_can_be_named_where_names_are_given(form):
    """An address stays one, whatever is called so; other names are refused, with those there are."""
    names = {"bank": TO, "0x" + "1" * 40: TO}

    def read(who):
        rows = [{**ROWS[0], "to": who}]
        spool = checked(rows, form(Transfer), skip_refused=False, accounts=names)
        return spool.waiting(after=0, most=1)[0][1][1]

    assert read("bank") == read(" bank ") == read(TO) == TO
    assert read("0x" + "1" * 40) == "0x" + "1" * 40
    with pytest.raises(BadTable, match=r"'banc' is no account's name.*names known here: .*bank"):
        read("banc")


def test_the_message_names_the_first_rows_and_how_many_more(form):
    with pytest.raises(BadTable) as caught:
        checked([{**ROWS[0], "to": "x"}] * 30, form(Transfer), skip_refused=False)
    assert "row 1, to:" in str(caught.value)
    assert "row 20, to:" in str(caught.value)
    assert "row 21" not in str(caught.value)
    assert "10 more" in str(caught.value)


@pytest.mark.parametrize("kind", [Accept, Pay, Redeem, Transfer])
def test_what_can_be_done_once_is_named_once(problems, kind):
    row = {
        Accept: {"receivable": "ab" * 24},
        Pay: {"receivable": "ab" * 24, "amount": "1.00"},
        Redeem: {"voucher": VOUCHER},
        Transfer: {"voucher": VOUCHER, "to": TO},
    }[kind]
    ((number, _, reason),) = problems([row, row], kind)
    assert number == 2
    assert "row 1" in reason


def test_wrong_rows_can_be_skipped(hall):
    """Their results say why; nothing of them is sent."""
    rows = [*hall.to("financier"), {"voucher": "ab", "to": TO}]
    rows.insert(3, {"voucher": hall.vouchers[3], "to": "me"})
    results = {
        result.row: result for result in hall.supplier.transfer_many(rows, skip_refused=True)
    }
    assert [row for row, it in results.items() if it.status is RowStatus.SKIPPED] == [4, 14]
    assert "an address is" in results[4].message
    assert hall.held_by("financier") == set(hall.vouchers)


# -- terms ------------------------------------------------------------------------------------

TERMS = {
    "obligor": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "amount": "100.00",
    "currency": "EUR",
    "due_date": "2030-01-31",
    "programme": "1",
}


@pytest.mark.parametrize("due", [DAY, datetime(2030, 1, 31), "2030-01-31"])  # noqa: DTZ001 - a cell
def test_terms_are_read(read, signers, due):
    ((_, item),) = read([{**TERMS, "due_date": due, "programme": 1}], Issue)
    terms = Issue._terms([*item, "7"])
    assert terms.creditor == signers.supplier.address
    assert terms.obligor == TERMS["obligor"]
    assert terms.face == Money.parse("100.00", "EUR")
    assert (terms.due_date, terms.programme, terms.salt) == (DAY, 1, 7)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("currency", "GBP"),
        ("currency", "euro"),
        ("currency", 978),
        ("due_date", "31.01.2030"),
        ("due_date", "2030-02-31"),
        ("due_date", "1969-12-31"),
        ("due_date", datetime(2030, 1, 31, 12)),  # noqa: DTZ001 - a cell
        ("programme", "99"),
        ("programme", "-1"),
        ("programme", 1.0),
        ("programme", "9" * 30),
        ("documents_root", "0x12"),
        ("reference_hash", 5),
    ],
)
def test_wrong_terms_are_named(problems, column, value):
    ((row, named, reason),) = problems([{**TERMS, column: value}], Issue)
    assert row == 1
    assert reason
    assert named in {column, "", "currency"}


def test_nobody_owes_to_itself(problems, signers):
    ((_, column, _),) = problems([{**TERMS, "obligor": signers.supplier.address}], Issue)
    assert column == "obligor"


# -- size -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_a_fixed_amount_of_memory(form):
    """Ten times as many rows take no more of it: they wait on the disk."""
    kind = form(Transfer)

    def peak(count):
        rows = ({**ROWS[0], "amount": str(number)} for number in range(1, count + 1))
        tracemalloc.start()
        try:
            spool = checked(rows, kind, skip_refused=False)
            assert spool.count() == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    few, many = peak(10_000), peak(100_000)
    assert many < 2_000_000
    assert many < few + 500_000
