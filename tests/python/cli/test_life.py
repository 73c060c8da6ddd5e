"""A receivable's whole life, and a day at the terminal, with the installed program."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from duebill import samples
from duebill.chain._rpc import Rpc
from duebill.cli import main
from duebill.errors import NodeUnavailable
from duebill.node_accounts import ADDRESSES

PROGRAM = str(Path(sys.executable).with_name("duebill"))
SECONDS = 60


class Shell:
    """Someone at a shell, with an own home and an own node."""

    def __init__(self, home):
        self.home = home
        given = {"DUEBILL_HOME": str(home), "PATH": os.environ["PATH"], "HOME": str(home)}
        self.env = given | {"LC_ALL": "C.UTF-8", "TERM": "xterm"}

    def data(self, *words):
        """Run a command with --json in this process, which spares starting a program."""
        runner = CliRunner(mix_stderr=False)
        with contextlib.chdir(self.home):
            done = runner.invoke(main, [*words, "--json"], env={"DUEBILL_HOME": str(self.home)})
        assert done.exit_code == 0, done.stderr
        assert done.stderr == ""
        return json.loads(done.stdout)

    def run(self, *words):
        """Run the installed program."""
        return subprocess.run(
            [PROGRAM, *words],
            capture_output=True,
            text=True,
            check=False,
            env=self.env,
            cwd=self.home,
            timeout=SECONDS,
        )

    @contextlib.contextmanager
    def terminal(self, *words):
        """Run a command on a terminal of its own."""
        screen, line = pty.openpty()
        with subprocess.Popen(
            [PROGRAM, *words],
            stdin=line,
            stdout=line,
            stderr=line,
            env=self.env,
            cwd=self.home,
            start_new_session=True,
            preexec_fn=_own_terminal,  # noqa: PLW1509 - it makes two system calls
        ) as process:
            os.close(line)
            try:
                yield Terminal(process, screen)
            finally:
                process.kill()
                os.close(screen)


def _own_terminal():
    # Its Ctrl-C is then this process's interrupt, also when the tests run in the background, where
    # a shell lets programs ignore interrupts.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """What is on the screen of a command, and the keys."""

    def __init__(self, process, screen):
        self.process = process
        self.seen = ""
        self._screen = screen

    def read_until(self, words):
        deadline = time.monotonic() + SECONDS
        while words not in self.seen and self._more(deadline):
            pass
        assert words in self.seen, self.seen

    def type(self, keys):
        os.write(self._screen, keys.encode())

    def end(self):
        """Read to the end; gives the exit code."""
        deadline = time.monotonic() + SECONDS
        while self._more(deadline):
            pass
        return self.process.wait(SECONDS)

    def _more(self, deadline):
        ready, _, _ = select.select([self._screen], [], [], max(0, deadline - time.monotonic()))
        try:
            data = os.read(self._screen, 65536) if ready else b""
        except OSError:
            data = b""
        self.seen += data.decode(errors="replace")
        return bool(data)


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """A shell with a node and a ledger; the parties are verified."""
    shell = Shell(tmp_path_factory.mktemp("home"))
    assert shell.data("node", "start")["running"] is True
    try:
        shell.data("deploy", "--account", "dev0")
        for party in ("dev1", "dev2", "dev3", "dev4"):
            shell.data("party", "verify", party, "--account", "dev0")
        yield shell
    finally:
        assert shell.data("node", "stop")["stopped"] is True


@pytest.fixture
def invoice(shell):
    """The path of a sample."""
    path = shell.home / "invoice.xml"
    path.write_bytes(samples.read("brake-systems-eur-ubl"))
    return str(path)


@pytest.fixture
def issued(shell, invoice):
    """A receivable that waits for dev1's acceptance."""
    words = ("--invoice", invoice, "--buyer", "dev1", "--account", "dev2")
    return shell.data("receivable", "issue", *words)["receivable"]


@pytest.mark.slow
def test_a_whole_life(shell, issued):
    """From the invoice to books that close at zero, by nothing but the program."""
    signed = shell.run("receivable", "sign", issued, "-a", "dev1", "--out", "signed.json")
    assert signed.returncode == 0, signed.stderr
    shell.data("receivable", "accept", "--signature", "signed.json", "-a", "dev2")
    parts = ("dev3=409590.00", "dev2=300000.00")
    second, own = (
        part["id"]
        for part in shell.data("voucher", "split", f"{issued}/1", *parts, "-a", "dev2")["vouchers"]
    )
    shell.data("voucher", "transfer", second, "dev4", "--value", "100000.01", "-a", "dev3")
    shell.data("voucher", "merge", own, "--into", f"{issued}/1", "-a", "dev2")
    shell.data("currency", "mint", "EUR", "dev1", "1248310.00", "-a", "dev1")
    shell.data("receivable", "pay", issued[:10], "-a", "dev1")
    for voucher in shell.data("voucher", "list", "--receivable", issued):
        account = f"dev{ADDRESSES.index(voucher['holder'])}"
        shell.data("voucher", "redeem", voucher["id"], "-a", account)
    assert shell.data("voucher", "list", "--receivable", issued) == []
    assert shell.data("receivable", "show", issued)["status"] == "settled"
    paid = {
        account: shell.data("currency", "balance", account)[0]["amount"]
        for account in ("dev1", "dev2", "dev3", "dev4")
    }
    assert paid == {
        "dev1": "0.00",
        "dev2": "838720.00",
        "dev3": "309589.99",
        "dev4": "100000.01",
    }
    assert shell.data("check")["holds"] is True
    tree = shell.data("trace", issued, "--svg", "lineage.svg")
    assert tree["redeemed"] == "838720.00"
    assert (shell.home / "lineage.svg").read_text().startswith("<svg")


@pytest.mark.slow
def test_55_on_a_terminal_it_shows_and_asks(shell, issued):
    """THREATS 55: what will be signed, in words; with no, nothing is signed."""
    with shell.terminal("receivable", "accept", issued, "-a", "dev1") as terminal:
        terminal.read_until("Sign and send?")
        for part in ("1,248,310.00 EUR", "2027-05-15", issued, "chain 31337", "gas"):
            assert part in terminal.seen
        terminal.type("n\n")
        assert terminal.end() == 1
        assert "Nothing was signed" in terminal.seen
    assert shell.data("receivable", "show", issued)["status"] == "issued"
    with shell.terminal("receivable", "accept", issued, "-a", "dev1") as terminal:
        terminal.read_until("Sign and send?")
        terminal.type("y\n")
        assert terminal.end() == 0
    assert shell.data("receivable", "show", issued)["status"] == "accepted"


@pytest.mark.slow
def test_a_refusal_comes_before_the_question(shell, issued):
    """Nobody is asked to agree to what cannot be."""
    with shell.terminal("receivable", "accept", issued, "-a", "dev2") as terminal:
        assert terminal.end() == 1
        assert "Sign and send?" not in terminal.seen


@pytest.mark.slow
def test_yes_asks_nothing(shell, issued):
    """For scripts on a terminal."""
    with shell.terminal("receivable", "accept", issued, "-a", "dev1", "--yes") as terminal:
        assert terminal.end() == 0
        assert "Sign" not in terminal.seen


@pytest.mark.slow
def test_control_c_is_clean(shell, issued):
    """At the question: one word, exit code 130, nothing signed."""
    with shell.terminal("receivable", "accept", issued, "-a", "dev1") as terminal:
        terminal.read_until("Sign and send?")
        terminal.type("\x03")
        assert terminal.end() == 130
        assert "Interrupted." in terminal.seen
        assert "Traceback" not in terminal.seen
    assert shell.data("receivable", "show", issued)["status"] == "issued"


@pytest.mark.slow
def test_54_passwords_and_keys_are_not_shown_when_typed(shell):
    """THREATS 54: nothing that is typed at these prompts appears on the screen."""
    with shell.terminal("account", "import", "typed") as terminal:
        terminal.read_until("Private key (not shown): ")
        terminal.type("ab" * 32 + "\n")
        # The space comes when the terminal no longer shows what is typed.
        for prompt in ("New password: ", "Repeat for confirmation: "):
            terminal.read_until(prompt)
            terminal.type("canary canary\n")
        assert terminal.end() == 0
        assert "abab" not in terminal.seen
        assert "canary" not in terminal.seen


@pytest.mark.slow
def test_54_no_secret_in_the_arguments_of_processes(shell, issued):
    """THREATS 54: what other users of the machine could see while it asks."""
    with shell.terminal("receivable", "accept", issued, "-a", "dev1") as terminal:
        terminal.read_until("Sign and send?")
        arguments = Path(f"/proc/{terminal.process.pid}/cmdline").read_bytes()
        assert arguments.split(b"\0")[-5:-1] == [b"accept", issued.encode(), b"-a", b"dev1"]


@pytest.mark.slow
@pytest.mark.usefixtures("issued")
def test_a_terminal_gets_colours_and_rules(shell):
    """And none with NO_COLOR."""
    with shell.terminal("receivable", "list") as terminal:
        assert terminal.end() == 0
        assert "\x1b[1m" in terminal.seen
        assert "───" in terminal.seen
    shell.env["NO_COLOR"] = "1"
    try:
        with shell.terminal("demo", "--svg", "demo.svg") as terminal:
            assert terminal.end() == 0
            assert "\x1b[32m" not in terminal.seen
            assert "\x1b[31m" not in terminal.seen
    finally:
        del shell.env["NO_COLOR"]


@pytest.mark.slow
def test_a_node_in_the_foreground(shell):
    """What `make node` runs: it serves, and ends with Ctrl-C, leaving nothing behind."""
    with shell.terminal("node", "start", "--foreground", "--port", "0") as terminal:
        terminal.read_until("Listening on ")
        address = terminal.seen.split("Listening on ")[1].split()[0]
        served = Rpc(f"http://{address}")
        assert served.request("eth_chainId") == "0x7a69"
        terminal.type("\x03")
        terminal.end()
    with pytest.raises(NodeUnavailable):
        served.request("eth_chainId")


@pytest.mark.slow
def test_a_node_already_runs(shell):
    """One for each home."""
    done = shell.run("node", "start", "--json")
    assert done.returncode == 4
    assert json.loads(done.stderr)["error"]["type"] == "NodeAlreadyRunning"
    assert shell.data("node", "status")["running"] is True


def test_a_reader_that_goes_away(shell):
    """`duebill … | head` ends without a traceback."""
    with subprocess.Popen(
        [PROGRAM, "programme", "create", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=shell.env,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
