"""What the README shows runs, in its order, on a chain that is started for it."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import gas_table
import pytest

from duebill import node, samples
from duebill.einvoice import read_invoice

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.prefix) / "bin"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run(*words, folder, **more):
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder, **more)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def chain(tmp_path, monkeypatch):
    """A local chain on a free port, on the day of the sample invoice: its due date is to come."""
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DUEBILL_RPC_URL", raising=False)
    begin = read_invoice(samples.read("brake-systems-eur-ubl")).issue_date
    clock = datetime(begin.year, begin.month, begin.day, 9, tzinfo=UTC)
    started = node.start(options=("--timestamp", str(int(clock.timestamp()))))
    yield started
    node.stop()


def commands(block, **words):
    """The lines of a block as words; what the fixture has done already is left out."""
    for line in block.strip().splitlines():
        for word, stands_for in words.items():
            line = re.sub(rf"\b{word}\b", stands_for, line)  # noqa: PLW2901 - the same line
        if not line.startswith((". ", "duebill node")):
            program, *rest = line.split()
            assert program == "duebill"
            yield str(BIN / program), *rest


def test_the_client_block_has_five_lines():
    lines = [line for line in blocks("python")[0].splitlines() if line.strip()]
    assert len(lines) == 5


def test_the_blocks_run_from_issue_to_redemption(chain, tmp_path):
    prepare, finish = blocks("console")
    printed = [run(*words, folder=ROOT) for words in commands(prepare)]
    (receivable,) = re.findall(r"Issued receivable (\w{48})", printed[-1])

    environment = {**os.environ, "DUEBILL_RPC_URL": chain.url}
    output = run(sys.executable, "-c", blocks("python")[0], folder=ROOT, env=environment)
    assert output.split() == [f"{receivable}/2"]

    shown = [run(*words, folder=tmp_path) for words in commands(finish, ID=receivable[:8])]
    assert "BROKEN" not in shown[-1]
    assert (tmp_path / "lineage.svg").read_text("utf-8").startswith("<svg")
    found = run(str(BIN / "duebill"), "receivable", "show", receivable, "--json", folder=tmp_path)
    assert json.loads(found)["status"] == "settled"
    assert json.loads(found)["holdings"] == []


def test_the_table_of_gas_is_what_was_measured():
    assert gas_table.shown() == gas_table.rendered()


@pytest.mark.slow
def test_the_pictures_are_what_is_drawn(tmp_path):
    """The lineage is the same but for the receivable's id, in which there is a random salt."""
    run(sys.executable, "scripts/pictures.py", str(tmp_path), folder=ROOT)

    for name in ("lineage.svg", "voucher.svg"):
        committed = (ROOT / "docs" / "pictures" / name).read_text("utf-8")
        drawn = (tmp_path / name).read_text("utf-8")
        assert without_id(drawn) == without_id(committed)


def without_id(picture):
    return re.sub(r"\b[0-9a-f]{12}(?:…|[0-9a-f]{36}\b)", "…", picture)
