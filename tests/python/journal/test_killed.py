"""Killed at any step, and again: whoever starts next finds everything, and pays once."""

from __future__ import annotations

import multiprocessing.forkserver
import os
import random
import signal
import sys

import pytest
from victim import pay

INDEX = 6


@pytest.fixture(scope="module")
def context():
    """Processes that begin at once: what they import is imported before."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["victim", "sqlalchemy", "eth_account", "rlp", "coincurve"])
    with pytest.MonkeyPatch.context() as patch:
        # The server that they are forked from looks for modules there.
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        multiprocessing.forkserver.ensure_running()
    return found


@pytest.fixture
def lives(context, bench):
    """Runs one life of the process; gives the step that ended it, or None."""

    def life(word, at):
        process = context.Process(
            target=pay, args=((bench.anvil.url, str(bench.journal)), bench.to, INDEX, word, at)
        )
        process.start()
        process.join(timeout=60)
        assert process.exitcode in {0, -signal.SIGKILL}
        return process.exitcode == 0

    return life


@pytest.mark.slow
def test_threat_46_killed_at_every_step_it_pays_once(lives, bench):
    """Every request, answer, signature and commit.

    Half of the references are asked for again, of the others comes what was written down.
    """
    start, step = bench.head(), 0
    while not lives(f"pay-{step}", step):
        step += 1
    assert step > 20
    recorded = {entry.reference for entry in bench.chain().dispatch.journal.entries()}
    asked = {f"pay-{number}" for number in range(0, step, 2)}
    for word in sorted(asked):
        bench.send(word, reference=word).wait()
    chain = bench.chain()
    chain.dispatch.recover()
    assert chain.dispatch.recover() == []
    assert sorted(bench.words(since=start)) == sorted(recorded | asked)
    assert len(recorded - asked) > 5


@pytest.mark.slow
def test_threat_46_killed_again_and_again_it_pays_once(lives, bench):
    """Each life gets one step further than the last."""
    start, step = bench.head(), 0
    while not lives("pay", step):
        step += 1
    assert step > 8
    assert bench.words(since=start) == ["pay"]
    assert lives("pay", -1)
    assert bench.words(since=start) == ["pay"]


@pytest.mark.slow
def test_threat_46_killed_at_any_time_it_pays_once(context, bench):
    """Not at a step, but whenever it comes: also in the middle of a commit."""
    start, dice = bench.head(), random.Random(46)  # noqa: S311 - a seed that can be given again
    words, killed = [f"pay-{number}" for number in range(6)], 0
    for word in words * 4:
        place = (bench.anvil.url, str(bench.journal))
        process = context.Process(target=pay, args=(place, bench.to, INDEX, word, -1))
        process.start()
        process.join(timeout=dice.uniform(0, 0.5))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
    assert killed > 5
    for word in words:
        bench.send(word, reference=word).wait()
    assert sorted(bench.words(since=start)) == words
