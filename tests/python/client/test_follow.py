"""Events are followed: each once, in order, through lost connections and reorganisations."""

from __future__ import annotations

import random
import threading
import tracemalloc

import pytest
from proxy import Reply, error, proxied

import duebill
from duebill import Cursor, Event, Removed, node
from duebill.chain import _follow
from duebill.errors import BadCursor, CursorForeign, NodeUnavailable, ReorgTooDeep


@pytest.fixture(scope="module")
def anvil_url():
    """A young node: one that has run for thousands of blocks has forgotten states of long ago."""
    with node.running() as url:
        yield url


@pytest.fixture(scope="module")
def deployed(anvil_url, deploying):
    return deploying(anvil_url)


@pytest.fixture
def proxy(anvil):
    with proxied(anvil.url) as found:
        yield found


@pytest.fixture
def through(proxy, deployed):
    """The ledger as seen through the proxy."""
    return duebill.connect(proxy.url, deployment=deployed)


def reading(ledger, **options):
    """A following that ends when all is read, and does not wait."""
    return ledger.follow(live=False, every=0.01, **options)


def places(items):
    return [(it.block, it.block_hash, it.log_index) for it in items]


def held(items):
    """What is left of what was given out, when what was removed is taken away."""
    found = []
    for it in items:
        if isinstance(it, Removed):
            assert any(event.block_hash == it.block_hash for event in found), "never given out"
            found = [event for event in found if event.block_hash != it.block_hash]
        else:
            assert isinstance(it, Event)
            found.append(it)
    return found


def test_everything_is_given_once_and_in_order(scene, ledger):
    scene.split(scene.accepted(), financier="100.00", supplier2="20.00")
    assert list(reading(ledger)) == list(ledger.events())


def test_a_cursor_goes_on_after_each_event_even_within_a_block(scene, ledger):
    """A restart after any event, however many of its block were given out."""
    scene.split(scene.accepted(), financier="100.00", supplier2="20.00")
    whole, found, cursor = list(ledger.events()), [], None
    while True:
        following = reading(ledger, cursor=cursor)
        event = next(following, None)
        if event is None:
            break
        found.append(event)
        cursor = Cursor.from_text(following.cursor.to_text())
    assert found == whole
    assert len({event.block for event in whole}) < len(whole)


def test_since_leaves_out_what_came_before(scene, ledger):
    scene.issued()
    first = ledger.events()[-1].block + 1
    id_ = scene.issued()
    found = list(reading(ledger, since=first))
    assert found == list(ledger.events(since=first))
    assert id_.number in {event.args.get("receivable") for event in found}


def test_events_wait_for_their_confirmations(scene, ledger, anvil):
    scene.issued()
    anvil.mine(1)
    following = reading(ledger, since=ledger.events()[-1].block, confirmations=3)
    assert list(following) == []
    anvil.mine(1)
    later = reading(ledger, cursor=following.cursor, confirmations=3)
    assert {event.name for event in later} == {"Transfer", "TransferValue", "ReceivableIssued"} | {
        event.name for event in ledger.events(since=ledger.events()[-1].block)
    }


@pytest.mark.parametrize("depth", [1, 2, 7, 64])
def test_threat_47_what_a_reorganisation_removes_is_told_before_what_replaces_it(
    scene, ledger, anvil, depth
):
    anvil.mine(depth)
    scene.issued()
    anvil.mine(1)
    gone = scene.issued()
    anvil.mine(depth - 1)
    first = reading(ledger)
    found = list(first)
    removed = {e.block_hash for e in found if e.args.get("receivable") == gone.number}
    anvil.rpc("anvil_reorg", depth, [])
    kept = scene.issued()
    told = list(reading(ledger, cursor=first.cursor))
    assert {it.block_hash for it in told if isinstance(it, Removed)} == removed
    assert isinstance(told[0], Removed)
    assert kept.number in {e.args.get("receivable") for e in told if isinstance(e, Event)}
    assert held([*found, *told]) == list(ledger.events())


def test_threat_47_a_reorganisation_within_a_block_that_was_read_in_part(scene, ledger, anvil):
    """The first event of a block is out, the block leaves, another takes its place."""
    before = ledger.events()[-1].block + 1
    scene.issued()
    following = reading(ledger, since=before)
    first = next(following)
    anvil.rpc("anvil_reorg", 1, [])
    scene.issued()
    told = list(reading(ledger, cursor=following.cursor))
    assert told[0] == Removed(block=first.block, block_hash=first.block_hash)
    assert held([first, *told]) == list(ledger.events(since=before))


@pytest.mark.parametrize("seed", range(5))
def test_threat_59_any_mix_of_blocks_reorganisations_and_restarts(scene, ledger, anvil, seed):
    """At the end, what was given and not taken back is what the chain has."""
    anvil.mine(50)
    dice = random.Random(seed)  # noqa: S311 - no secret
    found, cursor = [], None
    for _ in range(12):
        for _ in range(dice.randint(0, 3)):
            scene.issued()
        if dice.random() < 0.4:
            anvil.rpc("anvil_reorg", dice.randint(1, 4), [])
            anvil.mine(dice.randint(1, 3))
        following = reading(ledger, cursor=cursor)
        for it in following:
            found.append(it)
            if dice.random() < 0.2:
                break
        cursor = Cursor.from_text(following.cursor.to_text())
    anvil.mine(5)
    found += reading(ledger, cursor=cursor)
    assert held(found) == list(ledger.events())
    assert len(set(places(held(found)))) == len(held(found))


def test_threat_59_a_node_that_tells_logs_twice_and_out_of_order(proxy, through, scene):
    scene.accepted()
    whole = list(scene.ledger.events())
    proxy.after = lambda m, _, found: [*found[::-1], *found] if m == "eth_getLogs" else found
    assert list(reading(through)) == whole


def test_more_than_is_kept_in_mind_leaves_with_a_clear_word(scene, ledger, anvil, monkeypatch):
    monkeypatch.setattr(_follow, "_MOST_MARKS", 3)
    for _ in range(6):
        scene.issued()
    following = reading(ledger)
    list(following)
    anvil.rpc("anvil_reorg", 5, [])
    anvil.mine(5)
    with pytest.raises(ReorgTooDeep):
        list(reading(ledger, cursor=following.cursor))


def test_a_lost_connection_is_waited_out(proxy, through, scene):
    """A node that breaks off half of the time, and then for a while altogether."""
    for _ in range(3):
        scene.issued()
    dice, calls = random.Random(1), []  # noqa: S311 - no secret

    def breaking(*_):
        calls.append(1)
        return Reply(body=None) if len(calls) < 30 or dice.random() < 0.5 else None

    proxy.before = breaking
    assert list(reading(through)) == list(scene.ledger.events())


def test_patience_ends(proxy, through):
    proxy.before = lambda *_: Reply(body=None)
    following = reading(through, patience=0.05)
    with pytest.raises(NodeUnavailable):
        next(following)


def test_threat_50_a_node_that_falls_behind_takes_nothing_back(proxy, through, scene):
    """A stale replica does not know the newest blocks; that is no reorganisation."""
    for _ in range(3):
        scene.issued()
    following = reading(through)
    whole = list(following)
    stale = whole[-1].block - 2

    def behind(method, params, found):
        if method == "eth_blockNumber":
            return hex(stale)
        if method == "eth_getBlockByNumber" and params[0] != "latest":
            return found if int(params[0], 16) <= stale else None
        return found

    proxy.after = behind
    again = reading(through, cursor=following.cursor)
    assert list(again) == []
    proxy.after = lambda *args: args[2]
    newest = scene.issued()
    later = list(reading(through, cursor=again.cursor))
    assert {e.args.get("receivable") for e in later if e.name == "ReceivableIssued"} == {
        newest.number
    }


def test_threat_50_a_chain_that_changes_under_the_reader_is_read_again(proxy, through, scene):
    scene.issued()
    asked = []

    def changing(method, params, found):
        if method == "eth_getLogs":
            asked.append(params)
        if method == "eth_getBlockByNumber" and len(asked) == 1 and found:
            return {**found, "hash": "0x" + "ab" * 32}
        return found

    proxy.after = changing
    assert list(reading(through)) == list(scene.ledger.events())
    assert len(asked) > 1


@pytest.mark.parametrize("limit", [1, 7])
def test_it_reads_through_a_node_that_limits_ranges(proxy, through, scene, limit):
    scene.accepted()

    def limited(method, params):
        if method != "eth_getLogs":
            return None
        span = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
        return error(-32005, "range too large") if span > limit else None

    proxy.before = limited
    assert list(reading(through)) == list(scene.ledger.events())


def test_a_limit_is_learned_and_not_run_into_again_and_again(proxy, through, anvil, scene):
    """After the first refusals at most one request in four is refused."""
    anvil.mine(600)
    scene.issued()
    refused, asked = [], []

    def limited(method, params):
        if method != "eth_getLogs":
            return None
        asked.append(1)
        if int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) >= 20:
            refused.append(1)
            return error(-32005, "query exceeds max block range")
        return None

    proxy.before = limited
    assert through.events() == scene.ledger.events()
    first = len(refused)
    through.events()
    assert first <= 10 + len(asked) // 4
    assert len(refused) - first <= (len(asked) - len(refused)) // 4


def test_memory_does_not_grow_with_the_chain(scene, ledger, anvil, monkeypatch):
    """What is in memory is one reading and the marks."""
    monkeypatch.setattr(_follow, "_MOST_MARKS", 16)
    monkeypatch.setattr(_follow, "_FIRST_SPAN", 4)
    monkeypatch.setattr(_follow, "_LARGEST_SPAN", 4)
    for _ in range(4):
        scene.issued()
    following = reading(ledger)
    list(following)
    tracemalloc.start()
    anvil.mine(400)
    list(following := reading(ledger, cursor=following.cursor))
    small = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    anvil.mine(2000)
    list(reading(ledger, cursor=following.cursor))
    large = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert large < 2 * small


def test_it_waits_for_new_blocks(scene, ledger):
    """A live following that has nothing to give goes on when something happens."""
    following = ledger.follow(since=ledger.events()[-1].block + 1, every=0.01)
    later = threading.Timer(0.3, scene.issued)
    later.start()
    found = next(following)
    later.join()
    assert found == ledger.events(since=found.block)[0]


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", '{"form":"duebill-cursor-2"}'])
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(BadCursor):
        Cursor.from_text(text)


@pytest.mark.parametrize("change", [('"block":', '"block":"x",'), ('"ledger":"0x', '"ledger":"')])
def test_a_damaged_cursor_is_refused(ledger, change):
    text = reading(ledger).cursor.to_text()
    with pytest.raises(BadCursor):
        Cursor.from_text(text.replace(*change))


def test_a_cursor_of_another_ledger_is_refused(ledger):
    text = reading(ledger).cursor.to_text()
    other = Cursor.from_text(text.replace(ledger.address, "0x" + "11" * 20))
    with pytest.raises(CursorForeign):
        ledger.follow(cursor=other)
