"""`duebill account`, and how accounts and passwords are found."""

from __future__ import annotations

import json

import pytest

from duebill import signing
from duebill.cli import _accounts
from duebill.errors import LocalAccountElsewhere
from duebill.node_accounts import ADDRESSES

KEY = "11" * 31 + "22"


@pytest.fixture(autouse=True)
def _cheap_keystores(monkeypatch):
    """The work to open a file is for attackers, not for tests."""
    for function in (signing.create_keystore, signing.import_key):
        monkeypatch.setitem(function.__kwdefaults__, "scrypt_n", 1 << 14)


@pytest.fixture
def made(cli, password_file):
    """An account called alice."""
    return cli.data("account", "new", "alice", "--password-file", str(password_file))


def test_new(cli, made):
    """The file is its owner's alone, and so is the folder."""
    assert made == {
        "name": "alice",
        "address": made["address"],
        "path": str(cli.home / "accounts" / "alice.json"),
    }
    assert (cli.home / "accounts" / "alice.json").stat().st_mode & 0o777 == 0o600
    assert (cli.home / "accounts").stat().st_mode & 0o777 == 0o700


def test_list(cli, made):
    """By name; programs get an array."""
    assert cli.data("account", "list") == [made]
    assert made["address"] in cli.ok("account", "list")


def test_list_of_nothing(cli):
    """No folder yet is no error."""
    assert cli.data("account", "list") == []
    assert "account new" in cli.ok("account", "list")


def test_nothing_is_overwritten(cli, made, password_file):
    """A second account of the name is refused."""
    error = cli.error("account", "new", "alice", "--password-file", str(password_file), code=5)
    assert error["type"] == "AccountExists"
    assert cli.data("account", "list") == [made]


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "", ".x", "dev0", "x" * 41, "a\0b", "-x"])
def test_64_names_that_could_mean_another_place(cli, password_file, name):
    """THREATS 64: a name is a plain word, and none of the local node's."""
    words = ("account", "new", "--password-file", str(password_file), "--", name)
    result = cli.run(*words)
    assert result.exit_code == 5
    assert "no name for an account" in result.stderr
    assert not (cli.home / "accounts").exists()


def test_import_reads_the_key_from_standard_input(cli, password_file):
    """THREATS 54: it shows up nowhere again, not even in the file."""
    words = ("account", "import", "bob", "--password-file", str(password_file), "--json")
    result = cli.run(*words, typed=KEY + "\n")
    data = json.loads(result.stdout)
    assert KEY not in result.stdout + result.stderr
    content = (cli.home / "accounts" / "bob.json").read_text()
    assert KEY not in content
    assert json.loads(content)["address"].lower() == data["address"][2:].lower()


@pytest.mark.parametrize("key", ["", "zz", KEY[:-1], "00" * 32, f"{KEY}00"])
def test_54_what_is_no_key_is_not_repeated(cli, password_file, key):
    """THREATS 54: a mistyped key is as secret as the right one."""
    words = ("account", "import", "bob", "--password-file", str(password_file))
    result = cli.run(*words, typed=key + "\n")
    assert result.exit_code == 5
    assert "not a private key" in result.stderr
    assert not key or key not in result.stderr
    assert not (cli.home / "accounts" / "bob.json").exists()


def test_a_password_is_needed_and_there_is_no_terminal(cli):
    """No password is made up."""
    assert cli.error("account", "new", "alice", code=5)["type"] == "PasswordMissing"


def test_a_short_password(cli, password_file):
    """It would be guessed."""
    password_file.write_text("short\n")
    words = ("account", "new", "alice", "--password-file", str(password_file))
    assert cli.error(*words, code=5)["type"] == "PasswordTooShort"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_53_a_password_file_that_others_can_read(cli, password_file, mode):
    """THREATS 53: refused, and the password is not used."""
    password_file.chmod(mode)
    words = ("account", "new", "alice", "--password-file", str(password_file))
    error = cli.error(*words, code=5)
    assert (error["type"], error["reason"]) == ("PasswordFileRefused", "others can read it")


@pytest.mark.parametrize("content", [b"", b"one\ntwo\n", b"\xff\xfe", b"x" * 2000])
def test_password_files_that_hold_something_else(cli, password_file, content):
    """One line, the password."""
    password_file.write_bytes(content)
    words = ("account", "new", "alice", "--password-file", str(password_file))
    assert cli.error(*words, code=5)["type"] == "PasswordFileRefused"


def test_password_files_that_are_none(cli, tmp_path):
    """Missing, or a folder."""
    for path in (tmp_path / "none", tmp_path):
        words = ("account", "new", "alice", "--password-file", str(path))
        assert cli.error(*words, code=5)["type"] == "PasswordFileRefused"


def test_the_environment_names_the_password_file(cli, password_file):
    """As the option does."""
    cli.data("account", "new", "alice", DUEBILL_PASSWORD_FILE=str(password_file))


def test_damaged_files_are_left_out_of_lists(cli, made):
    """One bad file does not hide the others."""
    (cli.home / "accounts" / "broken.json").write_text("{")
    assert cli.data("account", "list") == [made]


def test_a_command_that_signs_needs_an_account(on_chain):
    """It is never guessed; the known ones are named."""
    error = on_chain.error("party", "verify", ADDRESSES[1], code=5)
    assert error["type"] == "NoAccount"


def test_an_account_that_nobody_has(on_chain):
    """Neither as signer nor as recipient."""
    error = on_chain.error("party", "verify", ADDRESSES[1], "--account", "nobody", code=5)
    assert (error["type"], error["name"]) == ("AccountUnknown", "nobody")
    assert on_chain.error("party", "show", "nobody", code=5)["type"] == "AccountUnknown"


@pytest.mark.usefixtures("made")
def test_53_the_wrong_password(on_chain, password_file):
    """THREATS 53, 54: nothing is signed, and the password is not repeated."""
    password_file.write_text("wrong horse battery\n")
    words = ("party", "verify", ADDRESSES[1], "-a", "alice", "--password-file", str(password_file))
    error = on_chain.error(*words, code=5)
    assert error["type"] == "WrongPassword"
    assert "horse" not in str(error)


@pytest.mark.usefixtures("made")
def test_53_a_keystore_that_others_can_read(on_chain, password_file):
    """THREATS 53: refused."""
    (on_chain.home / "accounts" / "alice.json").chmod(0o644)
    words = ("party", "verify", ADDRESSES[1], "-a", "alice", "--password-file", str(password_file))
    assert on_chain.error(*words, code=5)["type"] == "KeystoreExposed"


def test_an_account_acts(on_chain, made, password_file):
    """A file, a password, some ether: it can pay for others and be paid."""
    on_chain.ok("node", "fund", "alice")
    words = ("--account", "alice", "--password-file", str(password_file))
    data = on_chain.data("currency", "mint", "EUR", "alice", "12.34", *words)
    assert (data["account"], data["amount"]) == (made["address"], "12.34")
    rows = on_chain.data("currency", "balance", "alice")
    assert {row["currency"]: row["amount"] for row in rows}["EUR"] == "12.34"


def test_local_accounts_are_for_local_chains():
    """Their keys are public: elsewhere they sign nothing."""
    with pytest.raises(LocalAccountElsewhere):
        _accounts.signer("dev0", password_file=None, chain_id=1)
