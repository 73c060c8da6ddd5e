"""What is told follows from the chain alone: once each, and withdrawn when its blocks leave."""

from __future__ import annotations

import csv
import json
import os
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import DOCUMENTS

from duebill.chain import _follow
from duebill.errors import (
    BadRecord,
    BadRules,
    BadThreshold,
    FileNotWritten,
    HistoryInconsistent,
    RuleFailed,
    RuleUnknown,
)
from duebill.model import Money, Status
from duebill.watch import (
    Alert,
    EventRef,
    Record,
    Severity,
    View,
    Watch,
    Withdrawn,
    export,
    load_rules,
    thresholds,
)
from duebill.watch._obligors import SameDocuments
from duebill.watch._vouchers import Circle, ManyParts


def blocks_of(ledger):
    """The blocks with events, and the events of each."""
    groups = [list(group) for _, group in groupby(ledger.events(), key=lambda it: it.block)]
    return list(zip(ledger.blocks([group[0].block for group in groups]), groups, strict=True))


def found_in(blocks, rules):
    """What rules find, as the watch puts it together."""
    view, found = View(), {}
    for block, events in blocks:
        view.read(block, events)
        for rule in rules:
            for alert in rule.look(view):
                found.setdefault(alert.id, alert)
    return list(found.values())


def test_the_story_is_found_by_several_rules(busy):
    found = {it.rule for it in busy.found()}
    assert found == {"same-documents", "many-parts", "circle", "accepts-while-overdue"}


def test_threat_59_the_order_and_repetition_of_a_blocks_events_change_nothing(busy):
    """However a node tells the events of a block, and how often."""
    blocks = blocks_of(busy.ledger)
    expected = found_in(blocks, busy.rules)
    assert expected == busy.found()
    assert max(len({it.transaction for it in events}) for _, events in blocks) > 2

    @given(seed=st.integers(0, 1 << 32))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(seed):
        dice = random.Random(seed)  # noqa: S311 - no secret
        mixed = []
        for block, events in blocks:
            told = [*events, *dice.choices(events, k=dice.randint(0, 3))]
            dice.shuffle(told)
            mixed.append((block, told))
        assert found_in(mixed, busy.rules) == expected

    holds()


def test_it_does_not_matter_when_and_in_how_many_goes_it_is_read(told_by):
    """Block by block or all at once: the same alerts, each once."""
    story = told_by(SameDocuments(), ManyParts(most_parts=1))
    watch = Watch(story.ledger, story.rules)
    bit_by_bit = list(watch.once())
    for _ in range(2):
        id_ = story.accepted(documents_root=DOCUMENTS)
        bit_by_bit += watch.once()
        story.scene.split(id_, financier="1.00", supplier2="1.00")
        bit_by_bit += watch.once()
        assert list(watch.once()) == []
    assert bit_by_bit == story.found()
    assert [it.rule for it in bit_by_bit] == ["many-parts", "same-documents", "many-parts"]
    assert list(watch.standing) == bit_by_bit


def test_what_was_told_before_is_not_told_again(busy):
    first, *rest = busy.found()
    assert list(Watch(busy.ledger, busy.rules, told=[first]).once()) == rest


def test_since_leaves_out_what_was_found_before(busy):
    *_, last = busy.found()
    watch = Watch(busy.ledger, busy.rules, since=last.time)
    assert list(watch.once()) == [last] == list(watch.standing)


def test_threat_47_an_alert_whose_blocks_leave_the_chain_is_withdrawn(told_by):
    story = told_by(SameDocuments())
    watch = Watch(story.ledger, story.rules)
    story.accepted(documents_root=DOCUMENTS)
    story.accepted(documents_root=DOCUMENTS)
    (alert,) = watch.once()
    story.anvil.rpc("anvil_reorg", 1, [])
    story.anvil.mine(1)
    assert list(watch.once()) == [Withdrawn(alert=alert)]
    assert watch.standing == ()
    # The client brings back what left the chain.
    story.accepted(documents_root=DOCUMENTS)
    assert alert.id in {it.id for it in watch.once()}


def test_threat_47_an_alert_that_the_new_blocks_show_as_well_stays(told_by):
    """The same transactions in another block: the same alert, told once."""
    story = told_by(Circle())
    voucher = story.accepted().voucher(1)
    fork, rpc = story.anvil.rpc("evm_snapshot"), story.anvil.rpc
    watch = Watch(story.ledger, story.rules)
    story.give(voucher, "supplier", "supplier2")
    story.give(voucher, "supplier2", "supplier")
    (alert,) = watch.once()
    sent = [rpc("eth_getRawTransactionByHash", it.transaction) for it in alert.evidence[1:]]
    rpc("evm_revert", fork)
    story.anvil.mine(1)
    for raw in sent:
        rpc("eth_sendRawTransaction", raw)
    assert list(watch.once()) == []
    (standing,) = watch.standing
    assert standing.id == alert.id
    assert standing.block == alert.block + 1


def test_threat_47_a_reorganisation_while_nobody_watched(told_by):
    story = told_by(SameDocuments())
    for _ in range(2):
        story.accepted(documents_root=DOCUMENTS)
    told = story.found()
    story.anvil.rpc("anvil_reorg", 1, [])
    story.anvil.mine(2)
    assert list(Watch(story.ledger, story.rules, told=told).once()) == [Withdrawn(alert=told[0])]


def test_a_node_that_is_behind_withdraws_nothing(told_by):
    """What stands in blocks that were not read yet is not judged."""
    story = told_by(SameDocuments())
    for _ in range(2):
        story.accepted(documents_root=DOCUMENTS)
    told = story.found()
    behind = Watch(story.ledger, story.rules, told=told, confirmations=2)
    assert list(behind.once()) == []
    story.anvil.mine(1)
    assert list(behind.once()) == []
    assert [it.id for it in behind.standing] == [told[0].id]


def test_a_rule_that_is_off_withdraws_nothing(told_by):
    """With other thresholds than before, what they do not show any more is withdrawn."""
    story = told_by(SameDocuments(), ManyParts(most_parts=1))
    story.scene.split(story.accepted(), financier="1.00", supplier2="1.00")
    told = story.found()
    assert list(Watch(story.ledger, [SameDocuments()], told=told).once()) == []
    other = Watch(story.ledger, [ManyParts(most_parts=2)], told=told)
    assert list(other.once()) == [Withdrawn(alert=told[0])]


def test_more_that_left_than_a_cursor_knows_is_read_anew(told_by, monkeypatch):
    monkeypatch.setattr(_follow, "_MOST_MARKS", 2)
    story = told_by(SameDocuments())
    watch = Watch(story.ledger, story.rules)
    for _ in range(4):
        story.accepted(documents_root=DOCUMENTS)
    assert len(told := list(watch.once())) == 6
    story.anvil.rpc("anvil_reorg", 4, [])
    story.anvil.mine(4)
    assert {it.alert.id for it in watch.once()} == {it.id for it in told}


def test_threat_50_a_chain_that_does_not_come_to_rest_is_not_believed(story, monkeypatch):
    """A node whose headers never fit its events."""
    story.accepted()
    blocks = story.ledger.blocks
    other = lambda numbers: [replace(it, hash="0x" + "ab" * 32) for it in blocks(numbers)]  # noqa: E731
    monkeypatch.setattr(story.ledger, "blocks", other)
    with pytest.raises(HistoryInconsistent):
        list(Watch(story.ledger, story.rules).once())


def test_a_reading_that_is_broken_off_is_begun_again(busy):
    watch = Watch(busy.ledger, busy.rules)
    first = next(watch.once())
    assert [first, *watch.once()] == busy.found()


def test_exposures_are_those_of_the_chain(story):
    """Who owes and holds how much, after payments, splits, redemptions and refusals."""
    ids = [story.accepted(), story.accepted(obligor="financier"), story.scene.issued()]
    story.scene.split(ids[0], financier="400.00", supplier2="100.00")
    story.scene.pay(ids[0], "250.00")
    story.ledger.financier(story.who("financier")).redeem(ids[0].voucher(2)).wait()
    story.ledger.supplier(story.who("supplier")).cancel(ids[2]).wait()
    settled = story.accepted()
    story.scene.pay(settled)
    story.ledger.supplier(story.who("supplier")).redeem(settled.voucher(1)).wait()
    until = story.ledger.time() + timedelta(days=200)
    story.ledger.guarantor(story.who("guarantor")).cover(ids[0], cap="60", until=until).wait()
    view = View()
    for block, events in blocks_of(story.ledger):
        view.read(block, events)
    (currency,) = {it.currency for it in story.ledger.receivables()}
    owed, held = Counter(), Counter()
    for it in story.ledger.receivables():
        owed[it.obligor] += it.owed.units if it.status is not Status.CANCELLED else 0
    for voucher in story.ledger.vouchers():
        held[voucher.holder] += voucher.value.units
    assert dict(view.exposure.owed(currency)) == +owed
    assert dict(view.exposure.held(currency)) == +held
    guaranteed = {story.who("guarantor").address: 60_000_000}
    assert dict(view.exposure.guaranteed(currency)) == guaranteed


# -- rules and thresholds -----------------------------------------------------------------------


def written(folder, text, name="thresholds.toml"):
    path = folder / name
    path.write_text(text)
    return path


def test_thresholds_come_from_a_file(tmp_path):
    text = '[circle]\nmost_hops = 3\nseverity = "alarm"\n[many-parts]\noff = true\n'
    rules = {it.name(): it for it in load_rules(config=written(tmp_path, text))}
    assert "many-parts" not in rules
    assert rules["circle"] == Circle(most_hops=3, severity=Severity.ALARM)
    assert len(rules) == len(load_rules()) - 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[circles]\n", RuleUnknown),
        ("[circle]\nhops = 3\n", BadThreshold),
        ("[circle]\nmost_hops = 3.0\n", BadThreshold),
        ("[circle]\nmost_hops = true\n", BadThreshold),
        ("[circle]\nmost_hops = -1\n", BadThreshold),
        ("[circle]\nseverity = 'loud'\n", BadThreshold),
        ("[circle]\nseverity = []\n", BadThreshold),
        ("[circle]\noff = 1\n", BadThreshold),
        ("circle = 3\n", BadRules),
        ("[circle\n", BadRules),
    ],
)
def test_a_threshold_that_is_none_is_refused(tmp_path, text, error):
    with pytest.raises(error):
        load_rules(config=written(tmp_path, text))


@pytest.mark.parametrize("rule", load_rules(), ids=lambda it: it.name())
def test_thresholds_say_what_they_count(rule):
    """Whole numbers, with a unit in each name and words in the docstring."""
    for name, value in thresholds(rule):
        assert type(value) is int
        assert name.split("_")[-1] in {"parts", "percent", "days", "hops", "bps", "accounts"} | {
            "last",
            "row",
            "acts",
            "pauses",
        }
        assert f"{name}: " in rule.__doc__


OWN = '''
from dataclasses import dataclass
from duebill.watch import Rule

@dataclass(frozen=True, kw_only=True)
class AnyIssue(Rule):
    """Something was issued."""

    least_units: int = 0

    def look(self, view):
        for event in view.named("ReceivableIssued"):
            if event.args["face"] >= self.least_units:
                id_ = view.receivable(event).id
                yield self.alert(view, id_, "Issued.", evidence=[event])
'''


def test_rules_of_ones_own(told_by, tmp_path):
    own, limits = written(tmp_path, OWN, "own.py"), "[any-issue]\nleast_units = 2000000000\n"
    story = told_by(*load_rules(files=[own], config=written(tmp_path, limits)))
    story.accepted()
    id_ = story.accepted(face=Money.parse("2000.00", "EUR"))
    assert [(it.rule, it.subject) for it in story.found()] == [("any-issue", id_)]


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n",
        "import nothing_of_this_name\n",
        "def f(:\n",
        "from duebill.watch import Rule\nclass Circle(Rule):\n    def look(self, view): ...\n",
        "from duebill.watch import Rule\nclass Empty(Rule): pass\n",
    ],
)
def test_a_file_that_has_no_rules_is_refused(tmp_path, text):
    with pytest.raises(BadRules):
        load_rules(files=[written(tmp_path, text, "own.py")])


def test_files_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(BadRules):
        load_rules(files=[tmp_path / "none.py"])
    with pytest.raises(BadRules):
        load_rules(config=tmp_path / "none.toml")


def test_a_rule_that_fails_is_named(told_by, tmp_path):
    text = OWN.replace('event.args["face"]', 'event.args["faec"]')
    story = told_by(*load_rules(files=[written(tmp_path, text, "own.py")]))
    story.accepted()
    with pytest.raises(RuleFailed) as caught:
        story.found()
    assert (caught.value.rule, "faec" in caught.value.reason) == ("any-issue", True)


# -- record and export --------------------------------------------------------------------------


def test_a_record_goes_on_where_it_ended(busy, tmp_path):
    """Half told, ended, begun again; an alert that was being written is taken off and told again."""
    path, told = tmp_path / "alerts.jsonl", []
    record = Record(path, busy.ledger)
    for it in Watch(busy.ledger, busy.rules, told=record.told).once():
        record.put(it)
        told.append(it)
        if len(told) == 2:
            break
    whole = path.read_bytes()
    for cut in (b"", b'{"id":"0123', b'{"id":'):
        path.write_bytes(whole + cut)
        record = Record(path, busy.ledger)
        assert record.told == tuple(told)
    for it in Watch(busy.ledger, busy.rules, told=record.told).once():
        record.put(it)
        told.append(it)
    assert told == busy.found()
    assert Record(path, busy.ledger).told == tuple(told)
    record.put(Withdrawn(alert=told[0]))
    assert Record(path, busy.ledger).told == tuple(told[1:])


@pytest.mark.parametrize(
    "content",
    [
        b"something else\n",
        b'{"form":"duebill-alerts-1","chain_id":1,"ledger":"0x"}\n',
        b"\xff\n",
    ],
)
def test_what_is_no_record_is_refused_and_left_as_it_is(ledger, tmp_path, content):
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadRecord):
        Record(path, ledger)
    assert path.read_bytes() == content


@pytest.mark.parametrize("line", ["{}", "[]", '{"id": "x"}', "nonsense"])
def test_a_record_with_a_line_that_is_no_alert_is_refused(ledger, tmp_path, line):
    path = tmp_path / "alerts.jsonl"
    Record(path, ledger)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(BadRecord):
        Record(path, ledger)


def test_a_record_that_cannot_be_written_is_told(ledger, tmp_path):
    with pytest.raises(BadRecord):
        Record(tmp_path, ledger)
    with pytest.raises(FileNotWritten):
        Record(tmp_path / "none" / "alerts.jsonl", ledger)


def test_alerts_are_exported_with_their_evidence(busy, tmp_path):
    found = busy.found()
    export(found, tmp_path / "alerts.json")
    data = json.loads((tmp_path / "alerts.json").read_text())
    assert [Alert.from_json(it) for it in data] == found
    export(found, tmp_path / "alerts.csv")
    with (tmp_path / "alerts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(it.evidence) for it in found)
    events = {(it.transaction, str(it.log_index)) for it in busy.ledger.events()}
    assert {(row["event_transaction"], row["event_log_index"]) for row in rows} <= events
    with pytest.raises(FileNotWritten):
        export(found, tmp_path / "alerts.csv")


def test_threat_66_what_a_spreadsheet_would_calculate_is_not(busy, tmp_path):
    """Rules of one's own can quote whatever stands on the chain."""
    one = busy.found()[0]
    ref = EventRef(name="=1+1", transaction="@x", block=1, block_hash="+1", log_index=0)
    alert = Alert(
        rule="=cmd()",
        severity=one.severity,
        subject="-2",
        occasion="",
        words="=HYPERLINK(1)",
        evidence=(ref,),
        time=one.time,
        block=1,
    )
    export([alert], tmp_path / "alerts.csv")
    text = (tmp_path / "alerts.csv").read_text("utf-8-sig")
    (row,) = list(csv.reader(text.splitlines()))[1:]
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK(1)" in row


def test_alerts_name_their_evidence_once_in_the_chains_order(busy):
    for alert in busy.found():
        places = [(it.block, it.log_index) for it in alert.evidence]
        assert places == sorted(set(places))
        assert alert.time - timedelta(days=400) < busy.ledger.time()
        assert os.linesep not in alert.words
