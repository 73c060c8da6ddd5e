"""`duebill watch`: live or once, told once, recorded through any end of the program."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from duebill.model import Status

DOCUMENTS = {"documents_root": "0x" + "ab" * 32}
ONCE = ("watch", "--once")
PROGRAM = str(Path(sys.executable).with_name("duebill"))


@pytest.fixture
def twice(scene):
    """The same documents in two receivables."""
    return [scene.accepted(**DOCUMENTS) for _ in range(2)]


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_alerts_are_told_in_words_and_in_the_exit_code(on_chain, twice):
    result = on_chain.run(*ONCE)
    assert result.exit_code == 6
    head, words, evidence = result.stdout.splitlines()
    assert head.split()[2:4] == ["alarm", "same-documents"]
    assert twice[0][:10] in words
    assert evidence.count("ReceivableIssued") == 2


def test_accounts_are_called_by_their_names(on_chain, scene, anvil):
    scene.accepted(due_date=scene.ledger.time().date())
    anvil.travel(days=7)
    scene.accepted()
    assert "dev1 accepted receivable" in on_chain.run(*ONCE).stdout


def test_nothing_to_tell_is_zero(on_chain, scene, anvil):
    """People are told so, programs are told nothing."""
    scene.accepted()
    latest = int(anvil.rpc("eth_blockNumber"), 16)
    assert on_chain.ok(*ONCE) == f"Nothing new was found up to block {latest}.\n"
    assert on_chain.ok(*ONCE, "--json") == ""


def test_json_is_one_object_a_line(on_chain, twice):
    result = on_chain.run(*ONCE, "--json")
    (alert,) = lines(result.stdout)
    assert result.exit_code == 6
    assert alert["subject"] == twice[1]
    assert {it["name"] for it in alert["evidence"]} == {"ReceivableIssued"}


@pytest.mark.usefixtures("twice")
def test_severity_time_and_thresholds_choose(on_chain, tmp_path, scene):
    assert on_chain.run(*ONCE, "--least", "alarm").exit_code == 6
    config = tmp_path / "thresholds.toml"
    config.write_text('[same-documents]\nseverity = "notice"\n')
    words = (*ONCE, "--config", str(config))
    assert on_chain.run(*words, "--least", "warning").exit_code == 0
    assert on_chain.run(*words).exit_code == 6
    later = scene.ledger.time().replace(year=2099).isoformat()
    assert on_chain.run(*ONCE, "--since", later).exit_code == 0
    config.write_text("[same-documents]\nlimit = 3\n")
    assert on_chain.error(*words, code=3)["type"] == "BadThreshold"
    config.write_text("[no-such-rule]\n")
    assert on_chain.error(*words, code=2)["type"] == "RuleUnknown"


@pytest.mark.usefixtures("twice")
def test_a_record_tells_once(on_chain, tmp_path, anvil):
    words = (*ONCE, "--record", str(tmp_path / "alerts.jsonl"), "--json")
    (alert,) = lines(on_chain.run(*words).stdout)
    assert on_chain.ok(*words) == ""
    anvil.rpc("anvil_reorg", 2, [])
    anvil.mine(2)
    (gone,) = lines(on_chain.ok(*words))
    assert gone["withdrawn"] == alert["id"]
    assert on_chain.ok(*words) == ""


@pytest.mark.usefixtures("twice")
def test_what_was_read_can_be_kept(on_chain, tmp_path):
    """The second start finds the same; what is no such file is refused."""
    words = (*ONCE, "--events", str(tmp_path / "events.jsonl"), "--json")
    first = on_chain.run(*words).stdout
    assert len(lines(first)) == 1
    assert on_chain.run(*words).stdout == first
    (tmp_path / "events.jsonl").write_text("a letter")
    error = on_chain.error(*words, code=3)
    assert error["type"] == "BadKeptEvents"


@pytest.mark.usefixtures("twice")
def test_threat_66_the_export_is_safe_for_spreadsheets(on_chain, tmp_path):
    rules = tmp_path / "own.py"
    rules.write_text(
        "from duebill.watch import Rule\n"
        "class Formula(Rule):\n"
        "    def look(self, view):\n"
        "        for event in view.named('ReceivableIssued'):\n"
        "            yield self.alert(view, '=1+1', '@SUM(1)', evidence=[event])\n"
    )
    file = tmp_path / "alerts.csv"
    on_chain.run(*ONCE, "--rules", str(rules), "--export", str(file))
    with file.open(encoding="utf-8-sig", newline="") as opened:
        head, *rows = csv.reader(opened)
    assert "event_transaction" in head
    assert len(rows) == 3
    assert not [it for row in rows for it in row if it.startswith(("=", "+", "-", "@"))]
    error = on_chain.error(*ONCE, "--export", str(file), code=3)
    assert error["type"] == "FileNotWritten"
    assert on_chain.run("watch", "--export", "x.csv").exit_code == 2


def test_defaults_are_declared_once(on_chain, scene, anvil):
    """Overdue ones only; a dry run declares nothing; a second run finds nothing to do."""
    today = scene.ledger.time().date()
    late, paid, later = (
        scene.accepted(due_date=today),
        scene.accepted(due_date=today),
        scene.accepted(),
    )
    scene.pay(paid)
    declare = (*ONCE, "--least", "alarm", "--declare-defaults", "--json", "-a", "dev6")
    assert on_chain.ok(*declare) == ""
    anvil.travel(days=7)
    (tried,) = lines(on_chain.ok(*declare, "--dry-run"))
    assert (tried["declared"], tried["simulated"]) == (late, True)
    assert not scene.ledger.receivable(late).default_declared
    (done,) = lines(on_chain.ok(*declare))
    assert (done["declared"], done["simulated"]) == (late, False)
    assert on_chain.ok(*declare) == ""
    found = {it.id: it.default_declared for it in scene.ledger.receivables()}
    assert found == {late: True, paid: False, later: False}
    assert scene.ledger.receivable(late).status is Status.OVERDUE


def test_a_watcher_that_is_killed_loses_and_repeats_nothing(on_chain, scene, tmp_path):
    """Killed again and again while it watches live; the record has each alert exactly once."""
    record, printed = tmp_path / "alerts.jsonl", tmp_path / "printed"
    words = [PROGRAM, "watch", "--json", "--every", "1", "--record", str(record)]
    env = {**os.environ, **{k: v for k, v in on_chain.env.items() if v}}
    dice = random.Random(7)  # noqa: S311 - no secret
    for _ in range(6):
        with printed.open("ab") as out:
            watcher = subprocess.Popen(words, stdout=out, env=env)
            for _ in range(3):
                scene.accepted(**DOCUMENTS)
                time.sleep(dice.uniform(0.1, 0.6))
            watcher.kill()
            watcher.wait()
    last = on_chain.run(*ONCE, "--json", "--record", str(record))
    expected = {it["id"] for it in lines(on_chain.run(*ONCE, "--json").stdout)}
    recorded = [it["id"] for it in lines(record.read_text())[1:]]
    assert len(expected) == 18 * 17 // 2
    assert Counter(recorded) == Counter(expected)
    told = Counter(it["id"] for it in [*lines(printed.read_text()), *lines(last.stdout)])
    # What was printed and not yet recorded when it was killed is printed again: at most one a time.
    assert set(told) == expected
    assert sum(told.values()) <= len(expected) + 6
