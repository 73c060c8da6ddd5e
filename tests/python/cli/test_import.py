"""`duebill invoice import`: lists and folders, what is told of refusals, and a very long list."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time

import pytest

from duebill import samples

HEADS = "序号,企业代号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态"
GOOD = "1,E7,3390939,2026/7/18,B03711,943.4,56.6,1000.0,有效发票"
RED = "2,E7,3390940,2026/7/18,B03711,-94.34,-5.66,-100,有效发票"
VOID = "3,E7,3390941,2026/7/18,B03711,943.4,56.6,1000.0, 作废发票"
FORMULA = '4,E7,=1+1,2026/7/18,"=HYPERLINK(""http://x"")",1,0,1,有效发票'


@pytest.fixture
def listed(tmp_path):
    """Writes a list of rows and gives its path."""

    def write(*rows, name="list.csv"):
        path = tmp_path / name
        path.write_text("\n".join((HEADS, *rows)) + "\n", encoding="utf-8-sig")
        return str(path)

    return write


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_summary_for_people(cli, listed):
    """Counts, sums by currency, and each refusal with its row and reason."""
    words = cli.ok("invoice", "import", listed(GOOD, RED, VOID)).splitlines()
    assert [line.split() for line in words[:5]] == [
        ["Files", "1"],
        ["Invoices", "1", "1,000.0", "CNY"],
        ["Credit", "notes", "0"],
        ["Red-letter", "invoices", "1", "100", "CNY"],
        ["Refused", "1"],
    ]
    assert words[-1].split()[1:3] == ["4", "VoidInvoice"]
    assert "作废发票" in words[-1]


def test_one_object_a_line_for_programs(cli, listed, tmp_path):
    """Invoices and refusals in their order, the summary last."""
    (tmp_path / "1.xml").write_bytes(samples.read("brake-systems-eur-ubl"))
    listed(GOOD, RED, VOID)
    one, good, red, void, summary = lines(cli.ok("invoice", "import", str(tmp_path), "--json"))
    assert (one["row"], one["invoice"]["number"]) == (None, "HBS-2026-004127")
    assert (good["row"], good["invoice"]["kind"]) == (2, "invoice")
    assert (red["row"], red["invoice"]["kind"]) == (3, "red_letter")
    assert (void["refused"]["row"], void["refused"]["type"]) == (4, "VoidInvoice")
    assert summary["summary"] == {
        "files": 2,
        "invoice": {"count": 2, "amounts": {"EUR": "1248310.00", "CNY": "1000.0"}},
        "credit_note": {"count": 0, "amounts": {}},
        "red_letter": {"count": 1, "amounts": {"CNY": "100"}},
        "refused": {"count": 1, "reasons": {"VoidInvoice": 1}},
    }


def test_the_exit_code_tells_faults_from_what_is_owed_by_nobody(cli, listed, tmp_path):
    """A void row is no fault; a row that cannot be read is one, as is a missing file."""
    assert cli.run("invoice", "import", listed(GOOD, VOID)).exit_code == 0
    assert cli.run("invoice", "import", listed(GOOD, FORMULA)).exit_code == 3
    assert cli.run("invoice", "import", listed(GOOD, GOOD)).exit_code == 3
    assert cli.run("invoice", "import", str(tmp_path / "none.csv")).exit_code == 3
    assert cli.run("invoice", "import").exit_code == 2


def test_the_currency_is_the_callers(cli, listed):
    assert "1,000.0 HKD" in cli.ok("invoice", "import", listed(GOOD), "--currency", "HKD")
    assert cli.run("invoice", "import", listed(GOOD), "--currency", "yuan").exit_code == 3


def test_threat_66_refused_rows_are_safe_to_open_in_a_spreadsheet(cli, listed, tmp_path):
    """Each with its cells, none of which is calculated there."""
    out = tmp_path / "refused.csv"
    path = listed(GOOD, FORMULA, VOID, RED.replace("-100", "-200"), name="=list.csv")
    assert cli.run("invoice", "import", path, "--refused", str(out)).exit_code == 3
    with out.open(encoding="utf-8-sig", newline="") as file:
        heads, formula, void, red = csv.reader(file)
    assert heads == ["file", "row", "type", "reason"]
    assert formula[1:3] == ["3", "BadField"]
    assert formula[6] == "'=1+1"
    assert formula[8] == '\'=HYPERLINK("http://x")'
    assert (void[1:3], void[-1]) == (["4", "VoidInvoice"], " 作废发票")
    assert (red[2], red[9]) == ("BadAmount", "'-94.34")


def test_nothing_is_overwritten(cli, listed, tmp_path):
    out = tmp_path / "refused.csv"
    out.write_text("mine")
    error = cli.error("invoice", "import", listed(GOOD), "--refused", str(out), code=3)
    assert error["type"] == "FileNotWritten"
    assert out.read_text() == "mine"


def test_only_the_first_refusals_are_shown(cli, listed):
    """A list of nothing but faults does not flood the terminal."""
    result = cli.run("invoice", "import", listed(*[VOID] * 50))
    assert len(result.stdout.splitlines()) < 35
    assert "30 more" in result.stdout


def _imported(path):
    """Seconds and kilobytes that an import takes in a process of its own, and its summary."""
    code = (
        "import resource, sys\nfrom duebill.cli import main\n"
        "try: main(['invoice', 'import', sys.argv[1]])\nexcept SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    began = time.perf_counter()
    words = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    *summary, peak = done.stdout.splitlines()
    size = int(peak) // (1024 if sys.platform == "darwin" else 1)
    return time.perf_counter() - began, size, summary


@pytest.mark.slow
def test_a_hundred_thousand_rows_in_flat_memory(tmp_path):
    """A hundred times the rows take at most some caches more, and a few seconds."""
    sizes = {}
    for count in (1_000, 100_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="gb18030") as file:
            file.write(f"{HEADS}\n")
            for number in range(count):
                status = " 作废发票" if number % 20 == 0 else "有效发票"
                file.write(f"{number},E7,{number + 1},2026/7/18,B1,943.4,56.6,1000.0,{status}\n")
        seconds, sizes[count], summary = _imported(path)
        assert summary[1].split()[1] == f"{count * 95 // 100:,}"
        assert summary[4].split() == ["Refused", f"{count // 20:,}"]
    assert sizes[100_000] - sizes[1_000] < 8_192
    assert seconds < 60
