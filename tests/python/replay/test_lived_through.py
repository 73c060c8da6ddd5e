"""A history lived through on a real chain tells the same as the file."""

from __future__ import annotations

import json
from dataclasses import replace as changed
from datetime import timedelta

import pytest

from duebill import samples
from duebill.errors import NothingToReckon
from duebill.replay import figures_of, read_history, replay
from duebill.replay._play import _differences


@pytest.fixture(scope="module")
def history():
    return read_history(samples.table("receivables-history"), currency="EUR")


@pytest.fixture(scope="module")
def replayed(history):
    days = []
    found = replay(history, progress=days.append)
    assert days == sorted(set(days))
    return found


def test_the_sample_has_everything_that_happens_to_invoices(history):
    late = [it for it in history if it.days_late]
    assert late
    assert any(it.disputed for it in history)
    assert any(it.settled is None for it in history)
    assert any(it.days_to_settle == 0 for it in history)
    assert any(it.settled and it.settled < it.due for it in history)


def test_the_chain_tells_what_the_file_tells(history, replayed):
    assert replayed.agrees
    assert replayed.differences == ()
    assert replayed.books == replayed.chain == figures_of(history)


def test_the_ledger_keeps_its_promises(replayed):
    assert replayed.invariants.holds
    assert all(check.checked for check in replayed.invariants.checks if check.number in {1, 2})


def test_it_goes_out_as_json(replayed):
    data = json.loads(json.dumps(replayed.to_json()))
    assert data["agrees"] is True
    assert data["books"] == data["chain"]


def test_a_day_that_differs_is_found(history):
    told = {it.number: it for it in history}
    first = next(it for it in history if it.settled)
    told[first.number] = changed(first, settled=first.settled + timedelta(days=1))
    ((book, chain),) = _differences(history, told)
    assert (book, chain) == (first, told[first.number])


def test_an_invoice_that_one_of_them_lacks_is_found(history):
    told = {it.number: it for it in history}
    gone = told.pop(history[3].number)
    assert _differences(history, told) == ((gone, None),)
    assert _differences(history[1:], {it.number: it for it in history}) == ((None, history[0]),)


def test_nothing_cannot_be_replayed():
    with pytest.raises(NothingToReckon):
        replay(())
