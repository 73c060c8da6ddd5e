"""Events that are kept: a start that costs little, with the answers of a start from the first block."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import DOCUMENTS

from duebill.chain import _follow
from duebill.errors import BadKeptEvents, BadRecord, FileNotWritten
from duebill.watch import KeptEvents, Record, Watch, Withdrawn, _kept
from duebill.watch._obligors import SameDocuments
from duebill.watch._vouchers import ManyParts


@pytest.fixture
def asked(ledger, monkeypatch):
    """The first blocks of the ranges whose events a node was asked for."""
    chain, found = ledger._desk.chain, []

    def events(contracts, *, first, last):
        found.append(first)
        return original(contracts, first=first, last=last)

    original = chain.events
    monkeypatch.setattr(chain, "events", events)
    return found


def watching(story, path, **known):
    """A watch that begins anew, as a program that was started again does."""
    return Watch(story.ledger, story.rules, kept=KeptEvents(path, story.ledger), **known)


def test_what_is_kept_is_what_was_read(busy, tmp_path):
    """To the last field of each event, whatever its type."""
    path = tmp_path / "events.jsonl"
    list(watching(busy, path).once())
    read = list(busy.ledger.follow(live=False, registry=True))
    kept = [event for block in KeptEvents(path, busy.ledger).blocks for event in block.events]
    assert kept == read
    assert {type(value) for event in kept for value in event.args.values()} >= {int, bytes, dict}


def test_a_second_start_asks_for_new_blocks_only(busy, asked, tmp_path):
    path = tmp_path / "events.jsonl"
    told = list(watching(busy, path).once())
    assert asked[0] == busy.ledger.first_block
    asked.clear()
    assert list(watching(busy, path).once()) == told
    assert asked == []
    latest = int(busy.anvil.rpc("eth_blockNumber"), 16)
    busy.accepted(documents_root=DOCUMENTS)
    asked.clear()
    again = watching(busy, path)
    assert list(again.once())[: len(told)] == told
    assert asked == [latest + 1]
    assert list(again.standing) == busy.found()


def test_any_cut_of_the_file_gives_the_same_alerts(busy, tmp_path):
    """Wherever a program was ended: the file as it was then, and the rest from the node."""
    path, cut = tmp_path / "events.jsonl", tmp_path / "cut.jsonl"
    told = list(watching(busy, path).once())
    content = path.read_bytes()
    assert told == busy.found()

    @given(size=st.integers(0, len(content)))
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def holds(size):
        cut.write_bytes(content[:size])
        assert list(watching(busy, cut).once()) == told
        assert cut.read_bytes() == content

    holds()


def test_an_event_that_comes_between_any_two_readings_is_found(told_by, tmp_path):
    """Read after each block by a program that is started anew, or by one that goes on."""
    story = told_by(SameDocuments(), ManyParts(most_parts=1))
    path, going = tmp_path / "events.jsonl", watching(story, tmp_path / "going.jsonl")
    told, live = {}, []
    for _ in range(3):
        story.scene.split(
            story.accepted(documents_root=DOCUMENTS), financier="1.00", supplier2="1.00"
        )
        told |= {it.id: it for it in watching(story, path).once()}
        live += going.once()
    assert list(told.values()) == live == story.found()


def test_looking_where_nothing_happens_makes_the_file_no_longer(story, tmp_path):
    path = tmp_path / "events.jsonl"
    story.accepted()
    story.anvil.mine(5)
    watch = watching(story, path)
    list(watch.once())
    size = path.stat().st_size
    for _ in range(5):
        story.anvil.mine(20)
        assert list(watch.once()) == []
    assert path.stat().st_size < size + 3


@pytest.mark.parametrize("marks", [2, 256])
@pytest.mark.parametrize("depth", [1, 3])
def test_threat_47_what_left_the_chain_is_forgotten(told_by, tmp_path, monkeypatch, marks, depth):
    """While nobody watched, and deeper than a reader of events knows, too."""
    monkeypatch.setattr(_follow, "_MOST_MARKS", marks)
    monkeypatch.setattr(_kept, "_MOST_MARKS", marks)
    story, path = told_by(SameDocuments()), tmp_path / "events.jsonl"
    for _ in range(4):
        story.accepted(documents_root=DOCUMENTS)
    told = list(watching(story, path).once())
    old = shutil.copy(path, tmp_path / "old.jsonl")
    story.anvil.rpc("anvil_reorg", depth, [])
    story.anvil.mine(depth)
    assert list(watching(story, path).once()) == story.found()
    shutil.copy(old, path)
    later = list(watching(story, path, told=told).once())
    left = {it.id for it in story.found()}
    assert {it.alert.id for it in later if isinstance(it, Withdrawn)} == {
        it.id for it in told
    } - left
    assert len(left) < len(told) == 6
    kept = KeptEvents(path, story.ledger)
    read = list(story.ledger.follow(live=False, registry=True))
    assert [event for block in kept.blocks for event in block.events] == read


def test_threat_47_a_chain_that_was_begun_anew_is_read_anew(told_by, tmp_path):
    """As a chain on one's own machine is: the same ledger at the same place, with other blocks."""
    story, path = told_by(SameDocuments()), tmp_path / "events.jsonl"
    fork = story.anvil.rpc("evm_snapshot")
    for _ in range(2):
        story.accepted(documents_root=DOCUMENTS)
    assert len(list(watching(story, path).once())) == 1
    story.anvil.rpc("evm_revert", fork)
    story.anvil.mine(3)
    for _ in range(3):
        story.accepted(documents_root=DOCUMENTS)
    assert list(watching(story, path).once()) == story.found()


@pytest.mark.parametrize(
    "content",
    [
        b"a letter without a line's end",
        b"something else\n",
        b'{"form":"duebill-events-1","chain_id":1,"contracts":[],"first_block":0}\n',
        b"\xff\n",
    ],
)
@pytest.mark.parametrize(("kind", "refusal"), [(KeptEvents, BadKeptEvents), (Record, BadRecord)])
def test_what_is_no_such_file_is_refused_and_left_as_it_is(
    ledger, tmp_path, kind, refusal, content
):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(refusal, match="first line"):
        kind(path, ledger)
    assert path.read_bytes() == content


@pytest.mark.parametrize("line", ["{}", "[]", "nonsense", '{"block":1,"hash":"0x","events":[[1]]}'])
def test_a_line_that_is_no_block_is_refused(ledger, tmp_path, line):
    path = tmp_path / "events.jsonl"
    KeptEvents(path, ledger)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(BadKeptEvents, match="line 2"):
        KeptEvents(path, ledger)


def test_two_programs_do_not_mix_their_lines(story, tmp_path):
    path = tmp_path / "events.jsonl"
    one, two = watching(story, path), watching(story, path)
    story.accepted()
    list(one.once())
    content = path.read_bytes()
    story.accepted()
    with pytest.raises(FileNotWritten, match="another program"):
        list(two.once())
    assert path.read_bytes() == content


def test_a_first_line_that_was_cut_off_is_written_anew(ledger, tmp_path):
    path = tmp_path / "events.jsonl"
    KeptEvents(path, ledger)
    whole = path.read_bytes()
    for size in (0, 1, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert KeptEvents(path, ledger).cursor is None
        assert path.read_bytes() == whole
    assert json.loads(whole)["form"] == "duebill-events-1"
