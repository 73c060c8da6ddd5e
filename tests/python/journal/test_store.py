"""The journal by itself: what is committed stays, and its two rules hold for whoever writes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
import time
from collections import Counter
from dataclasses import replace

import postgres
import pytest
from eth_account import Account
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import event

from duebill import errors
from duebill.journal import (
    Attempt,
    Ceiling,
    Collision,
    Draft,
    Exceeded,
    Journal,
    Settled,
    Stage,
    _place,
    journal_place,
)
from duebill.model import Address

SENDER = Address("0x" + "a1" * 20)
OTHER = Address("0x" + "b2" * 20)
TO = Address("0x" + "c3" * 20)
GENESIS = "0x" + "00" * 32


def draft(reference, sender=SENDER):
    return Draft(
        reference=reference, sender=sender, to=TO, data=b"\x01", digest="0x" + "11" * 32, gas=21_000
    )


def attempt(nonce, mark):
    return Attempt(
        hash=f"0x{mark:064x}",
        nonce=nonce,
        raw=b"\x02" + mark.to_bytes(8),
        max_fee=10**30,
        tip=7,
        block=5,
        created=int(time.time()),
    )


def settled(made, *, succeeded=True):
    return Settled(
        transaction=made.hash,
        block=9,
        block_hash="0x" + "22" * 32,
        gas_used=21_000,
        fee=10**25,
        succeeded=succeeded,
        error="" if succeeded else "AlreadyIssued",
        revert=None if succeeded else b"\x12",
    )


@pytest.fixture(scope="session")
def postgres_place():
    at = postgres.programs()
    if at is None:
        pytest.skip("PostgreSQL is not installed: the journal was NOT tested on it")
    with postgres.running(at) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def journal(request, tmp_path):
    """An empty journal, of a chain of its own."""
    if request.param == "sqlite":
        place = str(tmp_path / "journal.sqlite")
    else:
        place = request.getfixturevalue("postgres_place")
    genesis = "0x" + os.urandom(32).hex()
    return Journal(place, chain_id=1, genesis=genesis)


@contextlib.contextmanager
def counted(journal):
    """How many commits and statements the journal's database is asked for."""
    counts = Counter()

    def committed(_connection):
        counts["commit"] += 1

    def executed(*_):
        counts["statement"] += 1

    with contextlib.ExitStack() as stack:
        for name, hook in (("commit", committed), ("before_cursor_execute", executed)):
            event.listen(journal._engine, name, hook)
            stack.callback(event.remove, journal._engine, name, hook)
        yield counts


def again(journal):
    """As another process would open it."""
    return Journal(journal.place, chain_id=journal.chain_id, genesis=journal.genesis)


# -- what is written --------------------------------------------------------------------------


def test_everything_is_read_as_it_was_written(journal):
    journal.record([(draft("a"), attempt(3, 1))])
    journal.settle([(journal.find("a"), settled(attempt(3, 1), succeeded=False))])
    entry = again(journal).find("a")
    assert (entry.draft, entry.nonce, entry.stage) == (draft("a"), 3, Stage.REVERTED)
    assert entry.settled == settled(attempt(3, 1), succeeded=False)
    (made,) = entry.attempts
    assert (made.raw, made.max_fee, made.tip) == (attempt(3, 1).raw, 10**30, 7)
    assert again(journal).by_hash(made.hash).id == entry.id
    assert again(journal).find("b") is None


def test_chains_do_not_see_each_other(journal):
    journal.record([(draft("a"), attempt(0, 1))])
    reset = Journal(journal.place, chain_id=1, genesis=GENESIS)
    assert reset.find("a") is None
    assert reset.free_nonces(SENDER, 1, since=0) == [0]


@pytest.mark.parametrize(
    "second",
    [
        (draft("a", OTHER), attempt(0, 2)),
        (draft("b"), attempt(0, 2)),
        (draft("b"), attempt(1, 1)),
    ],
    ids=["reference", "nonce", "transaction"],
)
def test_a_reference_a_nonce_and_a_transaction_belong_to_one_intent(journal, second):
    journal.record([(draft("a"), attempt(0, 1))])
    with pytest.raises(Collision):
        again(journal).record([(draft("c"), attempt(7, 9)), second])
    assert [entry.reference for entry in journal.entries()] == ["a"]


def test_free_nonces_fill_gaps_first(journal):
    journal.record([(draft(str(n)), attempt(n, n)) for n in (3, 5)])
    journal.prepare(draft("p"), nonce=6)
    assert journal.free_nonces(SENDER, 4, since=3) == [4, 7, 8, 9]
    assert journal.free_nonces(OTHER, 2, since=3) == [3, 4]


def test_an_intent_that_has_moved_on_is_left_alone(journal):
    journal.record([(draft("a"), attempt(0, 1))])
    old = journal.find("a")
    journal.attempt(old, attempt(0, 2))
    journal.release(old)
    with pytest.raises(Collision):
        journal.attempt(old, attempt(0, 3))
    journal.take_back(journal.find("a"), nonce=0)
    with pytest.raises(Collision):
        journal.take_back(old, nonce=0)
    assert journal.find("a").stage is Stage.SENT


def test_who_was_given_a_nonce_that_is_used_after_all_has_lost_it(journal):
    """The node refused the first, and took it all the same."""
    journal.record([(draft("a"), attempt(0, 1))])
    journal.release(journal.find("a"))
    journal.record([(draft("b"), attempt(0, 2))])
    journal.settle([(journal.find("a"), settled(attempt(0, 1)))])
    assert (journal.find("a").stage, journal.find("a").nonce) == (Stage.DONE, 0)
    assert (journal.find("b").stage, journal.find("b").nonce) == (Stage.RELEASED, None)


def test_threat_43_what_was_signed_and_released_meanwhile_is_noticed(journal):
    """Stage and nonce are as they were: but there is a transaction more, and it may get in."""
    journal.record([(draft("a"), attempt(0, 1))])
    journal.release(journal.find("a"))
    old = journal.find("a")
    journal.attempt(old, attempt(1, 2))
    journal.release(journal.find("a"))
    now = journal.find("a")
    assert (now.stage, now.nonce) == (old.stage, old.nonce)
    with pytest.raises(Collision):
        journal.attempt(old, attempt(2, 3))
    with pytest.raises(Collision):
        journal.take_back(old, nonce=0)
    assert journal.find("a") == now


def test_what_became_of_an_intent_is_written_down_whoever_has_its_nonce_by_then(journal):
    """Another process released it and gave the nonce away, after it was read and before it is final."""
    journal.record([(draft("a"), attempt(0, 1))])
    old = journal.find("a")
    journal.release(old)
    journal.record([(draft("b"), attempt(0, 2))])
    journal.settle([(old, settled(attempt(0, 1)))])
    assert (journal.find("a").stage, journal.find("b").stage) == (Stage.DONE, Stage.RELEASED)


def test_threat_47_what_was_done_and_lost_its_nonce_is_open_again(journal):
    """A reorganisation put the transaction in that the node had refused before."""
    journal.record([(draft("a"), attempt(0, 1))])
    journal.release(journal.find("a"))
    journal.record([(draft("b"), attempt(0, 2))])
    journal.settle([(journal.find("b"), settled(attempt(0, 2)))])
    journal.settle([(journal.find("a"), settled(attempt(0, 1)))])
    lost = journal.find("b")
    assert (lost.stage, lost.nonce, lost.settled, lost.is_open) == (
        Stage.RELEASED,
        None,
        None,
        True,
    )


def test_threat_43_threads_that_want_the_same_nonces_get_each_once(journal):
    got, lock = [], threading.Lock()

    def work(who):
        own, made = again(journal), 0
        while made < 10:
            (nonce,) = own.free_nonces(SENDER, 1, since=0)
            try:
                own.record(
                    [(draft(f"{who}-{made}"), attempt(nonce, 1000 * who + 50 * made + nonce))]
                )
            except Collision:
                continue
            made += 1
            with lock:
                got.append(nonce)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(40))


def test_a_batch_is_one_commit_and_few_statements(journal):
    """However many rows: what makes thousands of intents a second possible."""
    rows = [(draft(f"row-{n}"), attempt(n, n)) for n in range(4000)]
    journal.require_writable()
    with counted(journal) as recorded:
        journal.record(rows)
    outcomes = [(entry, settled(entry.newest)) for entry in journal.entries()]
    with counted(journal) as ended:
        journal.settle(outcomes)
    assert recorded["commit"] == ended["commit"] == 1
    assert recorded["statement"] < 40
    assert ended["statement"] < 4
    assert {entry.stage for entry in journal.entries()} == {Stage.DONE}


class Machine(RuleBasedStateMachine):
    """Any order of steps: the journal equals a plain table of what was done."""

    def __init__(self):
        super().__init__()
        file = f"{os.environ['DUEBILL_JOURNAL']}-{os.urandom(6).hex()}"
        self.journal = Journal(file, chain_id=1, genesis=GENESIS)
        self.stages, self.nonces, self.mark = {}, {}, 0

    def made(self, nonce):
        self.mark += 1
        return attempt(nonce, self.mark)

    @rule(reference=st.sampled_from("abcd"), nonce=st.integers(0, 3))
    def record(self, reference, nonce):
        free = reference not in self.stages and nonce not in self.nonces.values()
        try:
            self.journal.record([(draft(reference), self.made(nonce))])
        except Collision:
            assert not free
        else:
            assert free
            self.stages[reference], self.nonces[reference] = Stage.SENT, nonce

    @rule(reference=st.sampled_from("abcd"), nonce=st.integers(0, 3))
    def sign_again(self, reference, nonce):
        entry = self.journal.find(reference)
        if entry is None or entry.settled:
            return
        others = [held for who, held in self.nonces.items() if who != reference]
        try:
            self.journal.attempt(entry, self.made(nonce))
        except Collision:
            assert nonce in others
        else:
            assert nonce not in others
            self.stages[reference], self.nonces[reference] = Stage.SENT, nonce

    @rule(reference=st.sampled_from("abcd"))
    def release(self, reference):
        entry = self.journal.find(reference)
        if entry is None:
            return
        self.journal.release(entry)
        if self.stages[reference] is Stage.SENT:
            self.stages[reference] = Stage.RELEASED
            del self.nonces[reference]

    @rule(reference=st.sampled_from("abcd"), succeeded=st.booleans())
    def settle(self, reference, succeeded):
        entry = self.journal.find(reference)
        if entry is None or self.stages[reference] in {Stage.DONE, Stage.REVERTED}:
            return
        nonce = entry.newest.nonce
        self.journal.settle([(entry, settled(entry.newest, succeeded=succeeded))])
        for other, held in list(self.nonces.items()):
            if held == nonce and other != reference:
                if self.stages[other] is not Stage.SENT:
                    return
                self.stages[other] = Stage.RELEASED
                del self.nonces[other]
        self.stages[reference] = Stage.DONE if succeeded else Stage.REVERTED
        self.nonces[reference] = nonce

    @rule(reference=st.sampled_from("abcd"))
    def reopen(self, reference):
        entry = self.journal.find(reference)
        if entry is None or entry.settled is None:
            return
        self.journal.reopen([entry])
        self.stages[reference] = Stage.SENT

    @invariant()
    def the_same(self):
        entries = again(self.journal).entries()
        assert {entry.reference: entry.stage for entry in entries} == self.stages
        held = {entry.reference: entry.nonce for entry in entries if entry.nonce is not None}
        assert held == self.nonces
        assert all(entry.attempts for entry in entries)


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


# -- where it is ------------------------------------------------------------------------------


def test_each_chain_has_a_file_of_its_own(monkeypatch, tmp_path):
    monkeypatch.delenv("DUEBILL_JOURNAL")
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path))
    assert journal_place(5) == str(tmp_path / "journal-5.sqlite")
    monkeypatch.setenv("DUEBILL_JOURNAL", "elsewhere")
    assert journal_place(5) == "elsewhere"
    assert journal_place(5, "given") == "given"


def test_threat_54_nobody_else_can_read_the_file(tmp_path):
    file = tmp_path / "new" / "journal.sqlite"
    kept = Journal(str(file), chain_id=1, genesis=GENESIS)
    kept.record([(draft("a"), attempt(0, 1))])
    for each in file.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, each


def test_what_is_committed_is_on_the_disk(tmp_path):
    kept = Journal(str(tmp_path / "j"), chain_id=1, genesis=GENESIS)
    with kept._reading() as connection:
        asked = {
            p: connection.exec_driver_sql(f"PRAGMA {p}").scalar()
            for p in ("journal_mode", "synchronous")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2}


def unusable(place):
    with pytest.raises(errors.JournalUnusable) as caught:
        Journal(str(place), chain_id=1, genesis=GENESIS).require_writable()
    return caught.value.reason


def test_threat_60_what_is_no_journal_is_refused(tmp_path):
    (tmp_path / "text").write_text("this is no database, and longer than a header of one" * 40)
    assert "not a database" in unusable(tmp_path / "text")
    assert unusable(tmp_path) == "Is a directory"
    assert unusable("nonsense://x")
    assert "memory" in unusable("sqlite://")


def test_threat_60_a_damaged_file_is_refused(tmp_path):
    file = tmp_path / "journal.sqlite"
    kept = Journal(str(file), chain_id=1, genesis=GENESIS)
    kept.record([(draft(f"row-{n}"), attempt(n, n)) for n in range(200)])
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(file.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(content)
    with pytest.raises(errors.JournalUnusable):
        Journal(str(damaged), chain_id=1, genesis=GENESIS).entries()


def test_threat_60_a_file_of_another_version_is_refused(tmp_path):
    file = tmp_path / "journal.sqlite"
    Journal(str(file), chain_id=1, genesis=GENESIS).require_writable()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE journal SET version = 99")
    connection.close()
    assert "version 99" in unusable(file)


def test_threat_60_a_full_disk_is_an_error_before_anything_is_sent(bench):
    """The signature never leaves the process."""
    chain = bench.chain()
    bench.send("first", chain=chain, reference="a").wait()
    with chain.dispatch.journal._reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def fill():
        for number in range(100):
            bench.send("x" * 9_000, chain=chain, reference=f"big-{number}")

    with pytest.raises(errors.JournalUnusable) as caught:
        fill()
    assert "full" in caught.value.reason
    number = len(chain.dispatch.journal.entries())
    assert len(bench.words()) == number


def test_threat_60_a_read_only_file_is_an_error_before_anything_is_signed(bench):
    class Sealed:
        address = bench.signer.address

        def sign_transaction(self, _):
            raise AssertionError("nothing is signed")

    chain = bench.chain()
    bench.send("first", chain=chain, reference="a").wait()
    with chain.dispatch.journal._reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    bench.signer = Sealed()
    with pytest.raises(errors.JournalUnusable) as caught:
        bench.send("second", chain=chain, reference="b")
    assert "readonly" in caught.value.reason


def test_threat_60_a_locked_file_is_an_error_before_anything_is_signed(bench, monkeypatch):
    """Another program holds it, for longer than anybody waits."""
    monkeypatch.setattr(_place, "_BUSY_SECONDS", 0.05)
    chain = bench.chain()
    bench.send("first", chain=chain, reference="a").wait()
    with sqlite3.connect(bench.journal) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.JournalUnusable) as caught:
            bench.send("second", chain=chain, reference="b")
        other.rollback()
    other.close()
    assert "locked" in caught.value.reason
    assert bench.words() == ["first"]
    bench.send("second", chain=chain, reference="b").wait()
    assert bench.words() == ["first", "second"]


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(errors.ExtraMissing) as caught:
        Journal("postgresql://u:secret@h/d", chain_id=1, genesis=GENESIS).require_writable()
    assert caught.value.extra == "postgres"


def test_threat_54_a_databases_password_is_in_no_word():
    kept = Journal(
        "postgresql://me:secret@127.0.0.1:1/d?password=secret", chain_id=1, genesis=GENESIS
    )
    with pytest.raises(errors.JournalUnusable) as caught:
        kept.require_writable()
    assert "secret" not in str(caught.value) + repr(kept)
    assert caught.value.place == "postgresql://127.0.0.1:1/d"


def test_threat_54_no_key_is_in_the_file(bench):
    bench.send("pay", reference="a").wait()
    Account.enable_unaudited_hdwallet_features()
    phrase = "test " * 11 + "junk"
    key = bytes(Account.from_mnemonic(phrase, account_path="m/44'/60'/0'/0/6").key)
    assert Account.from_key(key).address == bench.signer.address
    found = b"".join(
        each.read_bytes() for each in bench.journal.parent.glob(f"{bench.journal.name}*")
    )
    assert key not in found
    assert key.hex().encode() not in found
    assert bench.to.encode() in found


def test_nothing_is_opened_before_something_is_sent(tmp_path):
    Journal(str(tmp_path / "j"), chain_id=1, genesis=GENESIS)
    assert list(tmp_path.iterdir()) == []


def test_a_ceiling_is_kept_by_whoever_writes_at_the_same_moment(journal):
    """Eight would each fit; three fit together. Others' references and earlier ones do not count."""
    cost = attempt(0, 1).max_fee * draft("a").gas
    ceiling = Ceiling(beginning="party/", since=int(time.time()) - 60, wei=3 * cost)
    journal.record([(draft("other/1"), attempt(100, 100))])
    outcomes, start = [], threading.Barrier(8)

    def write(number):
        start.wait()
        wanted = replace(draft(f"party/{number}"), ceiling=ceiling)
        try:
            journal.record([(wanted, attempt(number, number + 1))])
        except Exceeded as error:
            outcomes.append((error.needed, error.left))
        else:
            outcomes.append(None)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {None: 3, (cost, 0): 5}
    assert len(journal.entries(beginning="party/")) == 3


def test_what_is_known_already_is_no_question_of_the_ceiling(journal):
    """Another process has written the same: that is found, not refused."""
    ceiling = Ceiling(beginning="party/", since=0, wei=attempt(0, 1).max_fee * draft("a").gas)
    wanted = replace(draft("party/1"), ceiling=ceiling)
    journal.record([(wanted, attempt(0, 1))])
    with pytest.raises(Collision):
        journal.record([(wanted, attempt(1, 2))])
