"""The shape of the command line: what there is, how it explains itself, how fast it answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from duebill.cli import main
from duebill.cli._failures import MEANINGS

DOCS = Path(__file__).parents[3] / "docs" / "cli.md"
VARIABLES = {
    "DUEBILL_RPC_URL",
    "DUEBILL_HOME",
    "DUEBILL_JOURNAL",
    "DUEBILL_ACCOUNT",
    "DUEBILL_PASSWORD_FILE",
    "DUEBILL_PKCS11_LIBRARY",
    "DUEBILL_POLICY",
    "DUEBILL_STORE",
    "DUEBILL_REGISTRY_SECRETS",
    "DUEBILL_WALLET",
    "DUEBILL_LOG",
    "DUEBILL_TRACEBACK",
    "NO_COLOR",
}


def leaves(command=main, path=()):
    """Every command that does something, with its path."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from leaves(command.get_command(context, name), (*path, name))


def leaf_names():
    return [" ".join(path) for path, _ in leaves()]


def test_the_commands_are_these():
    """Programs rely on the names: a change here is a change of the interface."""
    assert leaf_names() == [
        "demo",
        "invoice check",
        "invoice import",
        "invoice show",
        "registry admit",
        "registry announce",
        "registry cancel",
        "registry check",
        "registry reduce",
        "registry register",
        "registry release",
        "registry secret",
        "registry show",
        "registry suspend",
        "registry use",
        "receivable accept",
        "receivable accept-many",
        "receivable advance",
        "receivable attest",
        "receivable cancel",
        "receivable issue",
        "receivable issue-many",
        "receivable list",
        "receivable pay",
        "receivable pay-many",
        "receivable reject",
        "receivable show",
        "receivable sign",
        "voucher extinguish",
        "voucher list",
        "voucher merge",
        "voucher redeem",
        "voucher redeem-many",
        "voucher show",
        "voucher split",
        "voucher split-many",
        "voucher transfer",
        "voucher transfer-many",
        "document append",
        "document attest",
        "document audit",
        "document grant",
        "document key",
        "document open",
        "document pack",
        "document prove",
        "document renew",
        "document revoke",
        "document show",
        "document sign",
        "document verify",
        "order allow",
        "order ask",
        "order bid",
        "order cancel",
        "order check",
        "order fill",
        "order show",
        "offer accept",
        "offer list",
        "offer make",
        "offer reject",
        "offer withdraw",
        "recourse exercise",
        "recourse show",
        "recourse waive",
        "guarantee allow",
        "guarantee call",
        "guarantee clear",
        "guarantee cover",
        "guarantee give",
        "guarantee honour",
        "guarantee list",
        "guarantee release",
        "guarantee secure",
        "guarantee show",
        "guarantee sign",
        "guarantee take",
        "guarantee withdraw",
        "loan collect",
        "loan foreclose",
        "loan list",
        "loan offer",
        "loan open",
        "loan release",
        "loan repay",
        "loan request",
        "loan show",
        "loan take",
        "loan withdraw",
        "sponsor bring",
        "sponsor delegate",
        "sponsor left",
        "sponsor show",
        "sponsor sign",
        "replay",
        "trace",
        "check",
        "doctor",
        "journal export",
        "journal finish",
        "journal list",
        "journal recover",
        "journal show",
        "transaction approve",
        "transaction send",
        "transaction show",
        "transaction sign",
        "account import",
        "account list",
        "account new",
        "party expiring",
        "party find",
        "party freeze",
        "party grant",
        "party import",
        "party list",
        "party move",
        "party open",
        "party pack",
        "party prove",
        "party rotate",
        "party show",
        "party ties",
        "party verify",
        "supervision cancel",
        "supervision freeze",
        "supervision log",
        "supervision pause",
        "supervision payee",
        "supervision release",
        "supervision seize",
        "supervision unpause",
        "watch",
        "programme create",
        "programme list",
        "programme presets",
        "programme show",
        "currency balance",
        "currency list",
        "currency mint",
        "deploy",
        "node fund",
        "node start",
        "node status",
        "node stop",
        "completion",
    ]


def test_the_root_explains_itself(cli):
    """The help text, word for word."""
    assert cli.ok("--help") == (Path(__file__).with_name("help.txt")).read_text()


def test_the_noun_is_described_as_its_own_module_describes_it():
    """The root's table, which spares importing the nouns, says what the nouns say."""
    context = click.Context(main)
    shown = main.get_help(context)
    for name in main.list_commands(context):
        summary = main.get_command(context, name).help.splitlines()[0]
        line = next(x for x in shown.splitlines() if x.startswith(f"  {name} "))
        assert line.split(maxsplit=1)[1] == summary


@pytest.mark.parametrize("path", [path for path, _ in leaves()], ids=" ".join)
def test_every_command_explains_itself(cli, path):
    """--help works everywhere, and every option says what it does."""
    text = cli.ok(*path, "--help")
    assert text.startswith(f"Usage: duebill {' '.join(path)}")
    command = dict(leaves())[path]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("path", [path for path, _ in leaves()], ids=" ".join)
def test_no_two_options_of_a_command_share_a_name(path):
    """What every write takes must not hide an option of the command's own."""
    names = [name for parameter in dict(leaves())[path].params for name in parameter.opts]
    assert len(names) == len(set(names))


def test_whatever_prints_data_takes_json():
    """Only the completion script has no data to print."""
    without = [
        " ".join(path)
        for path, command in leaves()
        if not any("--json" in parameter.opts for parameter in command.params)
    ]
    assert without == ["completion"]


def test_no_command_takes_a_secret_as_an_argument():
    """THREATS 54: keys and passwords are typed or read from files, never arguments."""
    for path, command in leaves():
        for parameter in command.params:
            names = " ".join((parameter.name, *parameter.opts))
            if "password_file" not in names:
                assert not re.search("password|secret|private|mnemonic|phrase", names), path


def test_writes_can_be_tried_out_and_agreed_to():
    """Whatever signs with an account has --dry-run and --yes; a deployment has --check."""
    for path, command in leaves():
        options = {name for parameter in command.params for name in parameter.opts}
        if "--account" in options:
            assert {"--yes"} <= options, path
            assert options & {"--dry-run", "--check"}, path


def test_help_answers_at_once():
    """At most 0.3 seconds of work, on the best of five tries; what other programs do is not counted."""
    best = min(_seconds("--help") for _ in range(5))
    assert best <= 0.3


def test_help_loads_nothing_heavy():
    """What takes its time to import is imported by the command that needs it."""
    code = (
        "import sys; from duebill.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = 'requests', 'eth_account', 'lxml', 'rich', 'eth_abi', 'sqlalchemy', 'pandas'\n"
        "print([m for m in heavy if m in sys.modules], len(sys.modules) < 200)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] True"


def test_version(cli):
    """-V says which Duebill it is."""
    assert re.fullmatch(r"duebill \d+\.\d+\.\d+\S*\n", cli.ok("-V"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(cli, shell):
    """The script of each shell calls the program back under its own variable."""
    script = cli.ok("completion", shell)
    assert "_DUEBILL_COMPLETE" in script
    assert "duebill" in script


def test_completion_knows_the_commands():
    """What the script asks for: the words that can follow."""
    env = {"_DUEBILL_COMPLETE": "bash_complete", "COMP_WORDS": "duebill rece", "COMP_CWORD": "1"}
    done = _duebill(env=env)
    assert done.stdout.strip() == "plain,receivable"


def test_the_documentation_lists_every_command():
    """docs/cli.md has a row for each command, and for nothing else."""
    rows = re.findall(
        r"^\| `duebill ([a-z]+(?: [a-z-]+)?)[^|]*` \|", DOCS.read_text(), re.MULTILINE
    )
    assert sorted(rows) == sorted(leaf_names())


def test_the_documentation_lists_every_option():
    """Each command's row or section names its own options."""
    text = DOCS.read_text()
    shared = {"--json", "--help", "--account", "--password-file", "--rpc-url", "--dry-run", "--yes"}
    shared |= {"--wallet", "--as-call", "--reference", "--prepare"}
    for path, command in leaves():
        row = next(x for x in text.splitlines() if x.startswith(f"| `duebill {' '.join(path)}"))
        own = {p.opts[0] for p in command.params if isinstance(p, click.Option)} - shared
        for option in own:
            assert option in row, (path, option)
    for option in shared:
        assert option in text


def test_the_documentation_lists_exit_codes_and_variables():
    """docs/cli.md says what the code says."""
    text = DOCS.read_text()
    for code, meaning in MEANINGS.items():
        assert f"| {code} | {meaning} |" in text
    found = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.MULTILINE))
    assert found == VARIABLES


def _seconds(*words):
    began = os.times()
    done = _duebill(*words)
    ended = os.times()
    assert done.returncode == 0
    return sum(ended[2:4]) - sum(began[2:4])


def _duebill(*words, env=None):
    program = [str(Path(sys.executable).with_name("duebill")), *words]
    return subprocess.run(program, capture_output=True, text=True, check=False, env=env)
