"""`duebill supervision`: every act says why and until when, and the log says what is left of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import duebill
from duebill._actions import NOTHING, Action
from duebill.deployment import Role
from duebill.documents import text_hash
from duebill.node_accounts import ADDRESSES

WHY = ("--reason", "court order 17/2027 of 3 May")


def states(on_chain, *words):
    """The log: what was done, to whom, what is left of it."""
    return [(row["kind"], row["subject"], row["state"]) for row in on_chain.data(*LOG, *words)]


LOG = ("supervision", "log")


def test_a_party_is_frozen_and_released(on_chain):
    told = on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0")
    assert told["subject"] == ADDRESSES[3]
    assert told["frozen_until"] is None
    assert told["reason"] == text_hash(WHY[1])
    assert on_chain.data("party", "show", "dev3")["frozen"] is True
    assert states(on_chain) == [("freeze", ADDRESSES[3], "in force")]
    on_chain.data("supervision", "release", "dev3", "--reason", "lifted", "-a", "dev0")
    assert on_chain.data("party", "show", "dev3")["frozen"] is False
    assert states(on_chain) == [
        ("freeze", ADDRESSES[3], "replaced"),
        ("release", ADDRESSES[3], "done"),
    ]
    assert states(on_chain, "--in-force") == []


def test_a_freeze_that_ended_by_itself_is_shown_as_expired(on_chain, ledger, anvil):
    until = (ledger.time() + timedelta(days=2)).isoformat()
    on_chain.data("supervision", "freeze", "dev3", "--until", until, *WHY, "-a", "dev0")
    assert states(on_chain) == [("freeze", ADDRESSES[3], "in force")]
    anvil.travel(days=3)
    assert states(on_chain) == [("freeze", ADDRESSES[3], "expired")]
    on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0")
    assert [state for _, _, state in states(on_chain)] == ["expired", "in force"]


def test_a_voucher_is_frozen_for_its_holder_and_seized(on_chain, scene):
    voucher = scene.accepted().voucher(1)
    on_chain.data("supervision", "freeze", voucher, *WHY, "-a", "dev0")
    assert on_chain.data("voucher", "show", voucher)["frozen"] is True
    told = on_chain.data("supervision", "seize", voucher, "dev4", *WHY, "-a", "dev0")
    assert (told["from"], told["to"], told["announced"]) == (ADDRESSES[2], ADDRESSES[4], False)
    assert on_chain.data("voucher", "show", voucher)["holder"] == ADDRESSES[4]
    assert states(on_chain) == [("freeze", voucher, "replaced"), ("seize", voucher, "done")]
    assert on_chain.data(*LOG)[1]["account"] == ADDRESSES[2]


def test_a_pause_and_its_end(on_chain, ledger):
    until = (ledger.time() + timedelta(days=1)).isoformat()
    on_chain.data("supervision", "pause", "--until", until, *WHY, "-a", "dev0")
    assert ledger.paused_until() is not None
    assert states(on_chain) == [("pause", None, "in force")]
    on_chain.data("supervision", "unpause", "-a", "dev0")
    assert ledger.paused_until() is None
    assert states(on_chain) == [("pause", None, "replaced"), ("unpause", None, "done")]


def test_a_payee_is_named_and_restored(on_chain):
    on_chain.data("supervision", "payee", "dev2", "--to", "dev4", *WHY, "-a", "dev0")
    assert on_chain.data("party", "show", "dev2")["payee"] == ADDRESSES[4]
    assert states(on_chain) == [("payee", ADDRESSES[2], "in force")]
    on_chain.data("supervision", "payee", "dev2", *WHY, "-a", "dev0")
    assert on_chain.data("party", "show", "dev2")["payee"] is None
    assert [state for _, _, state in states(on_chain)] == ["replaced", "done"]


def test_the_words_of_a_reason_stay_with_whoever_had_it(on_chain, tmp_path):
    """The chain has the hash; the log has the words only where they were given."""
    order = tmp_path / "order.pdf"
    order.write_bytes(b"%PDF-1.7 order")
    on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0")
    words = ("--reason-file", str(order), "-a", "dev0")
    told = on_chain.data("supervision", "freeze", "dev4", *words)
    on_chain.data("party", "freeze", "dev5", "--reason", "of old", "-a", "dev0")
    assert told["reason"] == "0x" + duebill._abi.keccak(order.read_bytes()).hex()
    found = [row["words"] for row in on_chain.data(*LOG)]
    assert found == [WHY[1], "file order.pdf", "of old"]
    assert WHY[1] in on_chain.ok(*LOG)
    file = on_chain.home / "reasons.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    assert [row["words"] for row in on_chain.data(*LOG)] == [None] * 3
    assert on_chain.data(*LOG)[0]["reason"] == text_hash(WHY[1])


def test_words_that_do_not_fit_their_hash_are_not_shown(on_chain):
    on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0")
    file = on_chain.home / "reasons.jsonl"
    file.write_text("torn\n" + file.read_text().replace("order 17", "order 18"))
    assert on_chain.data(*LOG)[0]["words"] is None


@pytest.mark.parametrize("words", [(), ("--reason", "a", "--reason-file", "b")])
def test_every_act_says_why_once(on_chain, words):
    error = on_chain.error("supervision", "freeze", "dev3", *words, "-a", "dev0", code=2)
    assert "why" in error["message"]


def test_a_reason_file_that_is_none(on_chain):
    words = ("supervision", "freeze", "dev3", "--reason-file", "/dev/null", "-a", "dev0")
    assert on_chain.error(*words, code=3)["type"] == "FileRefused"


def test_a_dry_run_changes_and_keeps_nothing(on_chain):
    told = on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0", "--dry-run")
    assert told["simulated"] is True
    assert states(on_chain) == []
    assert not (on_chain.home / "reasons.jsonl").exists()


def test_threat_36_only_the_roles_act(on_chain, scene):
    voucher = scene.accepted().voucher(1)
    for words in (("freeze", "dev3"), ("release", "dev3"), ("seize", voucher, "dev4")):
        error = on_chain.error("supervision", *words, *WHY, "-a", "dev6", code=1)
        assert error["type"].startswith("AccessManaged")


@pytest.fixture
def delayed(ledger, signers, anvil, deployed):
    """The guarantor is enforcer and supervisor; it has to announce its acts an hour before."""
    manager = duebill._abi.manager_abi()
    for role in (Role.ENFORCER, Role.SUPERVISOR):
        grant = Action(
            to=deployed.role_manager,
            data=manager.encode("grantRole", int(role), signers.guarantor.address, 3600),
            decode=lambda _: None,
            answer=NOTHING,
        )
        ledger._desk.chain.submit(grant, signer=signers.deployer).wait()
    anvil.travel(days=2)


@pytest.mark.usefixtures("delayed")
def test_threat_36_an_announced_act_is_seen_before_it_is_carried_out(on_chain, scene, anvil):
    voucher = scene.accepted().voucher(1)
    order = ("supervision", "seize", voucher, "dev3", *WHY, "-a", "dev5")
    assert on_chain.data(*order, "--announce")["announced"] is True
    (row,) = on_chain.data(*LOG)
    assert (row["kind"], row["announced"], row["state"]) == ("announce", "seize", "waiting")
    assert (row["by"], row["subject"]) == (ADDRESSES[5], voucher)
    assert (row["account"], row["to"], row["words"]) == (ADDRESSES[2], ADDRESSES[3], WHY[1])
    assert on_chain.error(*order, code=1)["type"] == "AccessManagerNotReady"
    anvil.travel(hours=2)
    assert states(on_chain, "--in-force") == [("announce", voucher, "ready")]
    on_chain.data(*order)
    assert states(on_chain) == [("announce", voucher, "done"), ("seize", voucher, "done")]


@pytest.mark.usefixtures("delayed")
def test_threat_36_the_supervisor_cancels_what_was_announced(on_chain, scene, anvil):
    voucher = scene.accepted().voucher(1)
    order = ("supervision", "seize", voucher, "dev3", *WHY, "-a", "dev5")
    told = on_chain.data(*order, "--announce")
    on_chain.data("supervision", "cancel", told["transaction"], "-a", "dev0")
    assert states(on_chain) == [("announce", voucher, "cancelled")]
    anvil.travel(hours=2)
    assert on_chain.error(*order, code=1)["type"] == "AccessManagerNotScheduled"


@pytest.mark.usefixtures("delayed")
def test_an_announcement_is_good_for_a_week(on_chain, scene, anvil):
    voucher = scene.accepted().voucher(1)
    order = ("supervision", "seize", voucher, "dev3", *WHY, "-a", "dev5")
    on_chain.data(*order, "--announce")
    anvil.travel(days=8)
    assert states(on_chain) == [("announce", voucher, "expired")]
    assert on_chain.error(*order, code=1)["type"] == "AccessManagerExpired"


def test_what_announced_nothing_cannot_be_cancelled(on_chain):
    told = on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0")
    words = ("supervision", "cancel", told["transaction"], "-a", "dev0")
    assert on_chain.error(*words, code=1)["type"] == "NotFound"


def test_the_log_reads_well(on_chain):
    assert on_chain.ok(*LOG) == "There are none.\n"
    on_chain.ok("supervision", "freeze", "dev3", *WHY, "-a", "dev0", "-y")
    head, row = on_chain.ok(*LOG).splitlines()
    assert head.split() == ["Time", "Act", "Subject", "By", "Until", "State", "Reason"]
    assert "without end" in row
    assert "dev3" in row


def supervised(voucher, ledger):
    """The acts of a supervisor, as commands, each with what it is in the log."""
    until = (ledger.time() + timedelta(days=2)).isoformat()
    return {
        "freeze": (("freeze", "dev3", *WHY), ADDRESSES[3]),
        "release": (("release", voucher, *WHY), voucher),
        "pause": (("pause", "--until", until, *WHY), None),
        "unpause": (("unpause",), None),
    }


@pytest.mark.usefixtures("delayed")
@pytest.mark.parametrize("kind", ["freeze", "release", "pause", "unpause"])
def test_threat_36_a_supervisor_with_a_delay_announces_waits_and_acts(
    on_chain, scene, ledger, anvil, kind
):
    """It is told from when on; too early it is refused; then the same command does it."""
    voucher = scene.accepted().voucher(1)
    if kind in {"release", "unpause"}:
        earlier = supervised(voucher, ledger)["pause" if kind == "unpause" else "freeze"][0]
        words = ("freeze", voucher, *WHY) if kind == "release" else earlier
        on_chain.data("supervision", *words, "-a", "dev0")
    words, subject = supervised(voucher, ledger)[kind]
    act = ("supervision", *words, "-a", "dev5")
    assert on_chain.error(*act, code=1)["type"] == "AccessManagerNotScheduled"
    told = on_chain.data(*act, "--announce")
    ready = datetime.fromisoformat(told["ready_at"])
    assert timedelta(minutes=59) < ready - ledger.time() <= timedelta(hours=1)
    (row,) = [row for row in on_chain.data(*LOG) if row["kind"] == "announce"]
    assert (row["announced"], row["subject"], row["state"]) == (kind, subject, "waiting")
    assert datetime.fromisoformat(row["until"]) == ready
    assert on_chain.error(*act, code=1)["type"] == "AccessManagerNotReady"
    anvil.travel(hours=2)
    done = on_chain.data(*act)
    assert done["announced"] is False
    assert "ready_at" not in done
    assert states(on_chain)[-2:] == [
        ("announce", subject, "done"),
        (kind, subject, "in force" if kind in {"freeze", "pause"} else "done"),
    ]


@pytest.mark.usefixtures("delayed")
def test_an_announcement_says_what_to_do_next_and_when(on_chain):
    """So does the log; a dry run knows no time, for the manager tells none."""
    words = ("supervision", "freeze", "dev3", *WHY, "-a", "dev5", "--announce")
    assert on_chain.data(*words, "--dry-run")["ready_at"] is None
    told = on_chain.ok(*words, "-y")
    assert told.startswith("Announced, and not done yet: ")
    assert "Give the same command without --announce to carry it out, from " in told
    (row,) = on_chain.data(*LOG)
    table = on_chain.ok(*LOG)
    assert "not before " in table
    assert f"duebill supervision cancel {row['transaction']}" in table


@pytest.mark.usefixtures("delayed")
def test_a_supervisor_takes_its_own_announcement_back(on_chain):
    words = ("supervision", "freeze", "dev3", *WHY, "-a", "dev5", "--announce")
    told = on_chain.data(*words)
    on_chain.data("supervision", "cancel", told["transaction"], "-a", "dev5")
    assert states(on_chain) == [("announce", ADDRESSES[3], "cancelled")]


def test_a_freeze_that_would_be_over_is_refused(on_chain):
    """The contract would take it for a release, and say nothing."""
    on_chain.data("supervision", "freeze", "dev3", *WHY, "-a", "dev0")
    for words in (("supervision", "freeze"), ("party", "freeze")):
        ended = (*words, "dev3", "--until", "2020-01-01", *WHY, "-a", "dev0")
        assert on_chain.error(*ended, code=2)["type"] == "EndInPast"
    assert on_chain.data("party", "show", "dev3")["frozen"] is True


def test_who_has_no_delay_is_told_to_act(on_chain):
    words = ("supervision", "freeze", "dev3", *WHY, "--announce", "-a")
    assert on_chain.error(*words, "dev0", code=2)["type"] == "NothingToAnnounce"
    assert on_chain.error(*words, "dev6", code=1)["type"] == "AccessManagerUnauthorizedCall"
    assert states(on_chain) == []
