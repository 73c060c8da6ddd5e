"""`duebill party`: lists of parties, reminders, look-ups, and a key that is lost."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta

import pytest

from duebill._abi import events_abi, manager_abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain
from duebill.deployment import Role
from duebill.node_accounts import ADDRESSES, NodeAccount

LEI, USCC = "lei:984500AURM0T0RAG2644", "uscc:91110000600037341L"
TOOK = ("party", "move", "dev2", "dev7", "--reason", "board resolution 7")


@pytest.fixture
def listed(tmp_path):
    """Writes a list of parties."""

    def made(*rows, heads="account,identifier,until"):
        path = tmp_path / "parties.csv"
        path.write_text("\n".join([heads, *rows]) + "\n", "utf-8")
        return str(path)

    return made


def results(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# -- lists ----------------------------------------------------------------------------------------


def test_a_list_is_verified(on_chain, listed):
    """Names of accounts and addresses; a row that names no end has that of the option."""
    file = listed(f"dev6,{LEI},2099-12-31", f"{ADDRESSES[7]},{USCC},", "dev8,,")

    told = on_chain.data("party", "import", file, "--until", "2098-06-30", "-a", "dev0")

    assert told["sent"] is True
    assert told["counts"] == {"new": 3, "renewed": 0, "unchanged": 0, "refused": 0}
    assert {row["step"]["stage"] for row in told["rows"]} == {"done"}
    first, second = (on_chain.data("party", "show", who) for who in ("dev6", "dev7"))
    assert first["verified_until"] == "2099-12-31T23:59:59+00:00"
    assert second["verified_until"] == "2098-06-30T23:59:59+00:00"
    (found,) = on_chain.data("party", "find", "9845 00AU RM0T 0RAG 2644")
    assert found["address"] == ADDRESSES[6]
    again = on_chain.data("party", "import", file, "--until", "2098-06-30", "-a", "dev0")
    assert again["sent"] is False
    assert again["counts"]["unchanged"] == 3


def test_nothing_of_a_list_is_sent_while_a_row_is_refused(on_chain, listed, tmp_path):
    """Each row with its reason, in words and in a file that a spreadsheet only shows."""
    file = listed(
        f"dev6,{LEI},",
        "=cmd|' /C calc'!A0,,",
        "dev7,lei:984500AURM0T0RAG2645,",
        "dev8,,yesterday",
        "dev9,,2001-01-01",
    )
    out = tmp_path / "results.csv"

    result = on_chain.run("party", "import", file, "--results", str(out), "-a", "dev0", "--yes")

    assert result.exit_code == 3
    assert "Nothing was sent." in result.stdout
    assert "check digits" in result.stdout
    assert on_chain.data("party", "show", "dev6")["verified"] is False
    rows = results(out)
    assert [row["finding"] for row in rows] == ["new"] + ["refused"] * 4
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert "over already" in rows[4]["reason"]


def test_the_others_of_a_list_are_verified_when_wanted(on_chain, listed, tmp_path):
    file, out = listed(f"dev6,{LEI},", "nobody,,"), tmp_path / "results.csv"
    words = ("--skip-refused", "--results", str(out), "-a", "dev0", "--yes")

    assert on_chain.run("party", "import", file, *words).exit_code == 3

    assert on_chain.data("party", "show", "dev6")["verified"] is True
    first, second = results(out)
    assert first["transaction"].startswith("0x")
    assert (second["stage"], second["transaction"]) == ("", "")
    assert on_chain.error("party", "import", file, *words, code=3)["type"] == "FileNotWritten"


def test_a_list_is_tried_out(on_chain, listed):
    told = on_chain.data("party", "import", listed("dev6,,"), "--dry-run", "-a", "dev0")

    assert told["sent"] is False
    assert told["counts"]["new"] == 1
    assert told["rows"][0]["step"] is None
    assert on_chain.data("party", "show", "dev6")["verified"] is False


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "account"),
        (b"name,until\nx,\n", "account"),
        (b"account\n", "no rows"),
        (b"account\n\xff\xfe\n", "UTF-8"),
        (b'account\n"dev6\n', "CSV"),
    ],
)
def test_a_file_that_is_no_list(on_chain, tmp_path, content, reason):
    file = tmp_path / "parties.csv"
    file.write_bytes(content)

    error = on_chain.error("party", "import", str(file), "-a", "dev0", code=3)

    assert error["type"] == "FileRefused"
    assert reason in error["message"]


def test_identifiers_that_are_none(on_chain):
    for text in ("x", "duns:1", "lei:984500AURM0T0RAG2645"):
        words = ("party", "verify", "dev6", "--identifier", text, "-a", "dev0")
        assert on_chain.error(*words, code=2)["type"] in {"UnknownScheme", "CheckDigitWrong"}
        assert on_chain.run("party", "find", text).exit_code == 2


def test_an_identifier_stays_when_a_verification_is_renewed_or_ended(on_chain):
    words = ("party", "verify", "dev6", "-a", "dev0")
    first = on_chain.data(*words, "--identifier", LEI)["identifier"]

    assert on_chain.data(*words, "--until", "2099-01-01")["identifier"] == first
    assert on_chain.data(*words, "--revoke")["identifier"] == first
    assert on_chain.ok("party", "find", LEI).split()[4] == "dev6"


# -- reminders ------------------------------------------------------------------------------------


def test_reminders_of_what_ends_soon(on_chain, anvil, tmp_path):
    soon = anvil.time() + timedelta(days=9, hours=12)
    on_chain.data("party", "verify", "dev6", "--until", soon.isoformat(), "-a", "dev0")
    calendar = tmp_path / "ends.ics"

    told = on_chain.data("party", "expiring", "--within", "10d", "--ics", str(calendar))

    assert [row["address"] for row in told] == [ADDRESSES[6]]
    assert datetime.fromisoformat(told[0]["verified_until"]) == soon.replace(microsecond=0)
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert ADDRESSES[6][:20] in calendar.read_text()
    assert on_chain.data("party", "expiring", "--within", "24h") == []
    assert "in 9 days" in on_chain.ok("party", "expiring")
    assert on_chain.run("party", "expiring", "--within", "soon").exit_code == 2


# -- a lost key -----------------------------------------------------------------------------------


@pytest.fixture
def supplied(on_chain, scene):
    """A supplier with an identifier and a voucher."""
    on_chain.data("party", "verify", "dev2", "--identifier", LEI, "-a", "dev0")
    receivable = scene.accepted()
    scene.issued()
    return receivable


def test_a_lost_key_from_freeze_to_the_moved_vouchers(on_chain, supplied):
    """Supervisor, registrar, enforcer: the three commands of the page."""
    on_chain.data("party", "freeze", "dev2", "--reason", "key stolen", "-a", "dev0")
    told = on_chain.ok("party", "rotate", "dev2", "dev7", "-a", "dev0", "--yes")
    assert "is verified in place of" in told
    assert "have it frozen" not in told
    assert "Vouchers moved to dev7: 1." in on_chain.ok(*TOOK, "-a", "dev0", "--yes")
    (held,) = on_chain.data("voucher", "list", "--holder", "dev7")
    assert held["id"] == supplied.voucher(1)
    again = on_chain.data(*TOOK, "-a", "dev0")
    assert again["steps"] == []
    assert "already" in on_chain.ok("party", "rotate", "dev2", "dev7", "-a", "dev0", "--yes")


def test_a_key_that_is_not_frozen_is_pointed_out(on_chain, supplied):
    assert supplied
    told = on_chain.ok("party", "rotate", "dev2", "dev7", "-a", "dev0", "--yes")
    assert "have it frozen" in told


def test_what_stays_with_the_old_address_is_listed(on_chain, supplied):
    """With what to do about each, for people and for programs."""
    rows = on_chain.data("party", "ties", "dev2")
    kinds = [row["kind"] for row in rows]
    assert kinds[:2] == ["voucher", "voucher not accepted"]
    assert rows[0]["subject"] == supplied.voucher(1)
    assert all(row["remedy"] for row in rows)
    told = on_chain.ok("party", "ties", "dev2")
    assert "An enforcer moves it: duebill party move." in told
    assert "Nothing binds" in on_chain.ok("party", "ties", "dev9")

    on_chain.data("party", "rotate", "dev2", "dev7", "-a", "dev0")
    left = on_chain.data(*TOOK, "-a", "dev0")["left"]
    assert {row["kind"] for row in left} == set(kinds) - {"voucher"}


def test_a_delayed_enforcer_is_told_when_to_come_again(
    on_chain, supplied, anvil, deployed, signers
):
    data = manager_abi().encode("grantRole", int(Role.ENFORCER), ADDRESSES[9], 86_400)
    grant = Action(to=deployed.role_manager, data=data, decode=lambda _: None, answer=NOTHING)
    Chain(anvil.url, abi=events_abi()).submit(grant, signer=signers.deployer).wait()
    on_chain.data("party", "rotate", "dev2", "dev7", "-a", "dev0")

    assert "1 to announce" in on_chain.ok(*TOOK, "-a", "dev9", "--dry-run")
    assert "Give the same command again from" in on_chain.ok(*TOOK, "-a", "dev9", "--yes")
    (step,) = on_chain.data(*TOOK, "-a", "dev9")["steps"]
    assert (step["voucher"], step["stage"]) == (supplied.voucher(1), "announced")
    anvil.travel(days=1, seconds=1)
    assert "Vouchers moved to dev7: 1." in on_chain.ok(*TOOK, "-a", "dev9", "--yes")


def test_a_rotation_is_tried_out(on_chain, supplied):
    told = on_chain.data("party", "rotate", "dev2", "dev7", "--dry-run", "-a", "dev0")

    assert told["simulated"] is True
    assert {step["stage"] for step in told["steps"]} == {"ready"}
    assert on_chain.data("party", "show", "dev7")["verified"] is False
    assert on_chain.data("voucher", "show", supplied.voucher(1))["holder"] == ADDRESSES[2]


def test_another_partys_address_is_refused(on_chain, supplied):
    assert supplied
    on_chain.data("party", "verify", "dev7", "--identifier", USCC, "-a", "dev0")

    for words in (("party", "rotate", "dev2", "dev7"), TOOK):
        error = on_chain.error(*words, "-a", "dev0", "--yes", code=1)
        assert error["type"] == "RotationRefused"
    assert NodeAccount(7).address == error["new"]


def test_what_goes_on_by_itself_takes_no_reference(on_chain, listed):
    """The ledger knows how far it has come; a reference would promise something else."""
    list_ = ("party", "import", listed("dev6,,"))
    for words in (list_, ("party", "rotate", "dev2", "dev7"), TOOK):
        result = on_chain.run(*words, "--reference", "job-7", "-a", "dev0", "--yes")
        assert result.exit_code == 2
        assert "goes on where it stands" in result.stderr


def test_a_verification_that_would_be_over_is_refused(on_chain):
    words = ("party", "verify", "dev6", "--until", "2020-01-01", "-a", "dev0")
    error = on_chain.error(*words, code=2)
    assert error["type"] == "EndInPast"
    assert "2020-01-01 23:59:59 UTC is over" in error["message"]


def test_contracts_are_listed_by_their_names(on_chain):
    told = on_chain.ok("party", "list")
    assert {"exchange", "guarantee book", "pledge book"} <= {
        it[:14].strip() for it in told.splitlines()
    }
