"""A private anvil: started, watched and stopped by us, and by nobody else.

Two ways:

* `running()` is a chain for the length of a `with` block. It ends with the block, with the
  program, and even with a program that is killed: a watcher in between waits for the end of a pipe.
* `start()`, `status()` and `stop()` keep one node per home folder that outlives the program.

Nothing here speaks to the chain; that is the business of `duebill.chain`.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from duebill.errors import (
    ForeignProcess,
    NodeAlreadyRunning,
    NodeNotInstalled,
    NodeNotStarted,
    NodeNotStopped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["LOCAL_CHAIN_ID", "Node", "find_anvil", "home", "running", "start", "status", "stop"]

LOCAL_CHAIN_ID = 31337

_START_SECONDS = 20.0
_STOP_SECONDS = 5.0
_POLL_SECONDS = 0.01
_LISTENING = re.compile(rb"Listening on (?:http://)?127\.0\.0\.1:(\d+)")

# Runs the node and ends it when standard input ends, which it does when the parent is gone.
_WATCHER = (
    'exec 3<&0; "$@" 3<&- & node=$!; (read -r _ <&3; kill "$node" 2>/dev/null) & exec 3<&-; '
    'wait "$node"'
)

# Nodes that this very process started: they are its children and have to be reaped.
_children: set[int] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node that was started in the background.

    Attributes:
        pid: Its process.
        url: Where it listens, on this machine only.
        chain_id: The chain's id.
        log: The file that it writes to.
        born: What tells this process from a later one with the same number.
    """

    pid: int
    url: str
    chain_id: int
    log: str
    born: str


def home() -> Path:
    """The folder for what belongs to the user: DUEBILL_HOME, or the system's place for it."""
    if given := os.environ.get("DUEBILL_HOME"):
        return Path(given).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path("duebill")


def find_anvil() -> Path:
    """Where anvil is: beside this Python, in node_modules of this folder or above, or on PATH.

    Raises:
        NodeNotInstalled: It is nowhere.
    """
    for candidate in _candidates():
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    if found := shutil.which("anvil"):
        return Path(found)
    raise NodeNotInstalled(("the environment of this Python", "node_modules", "PATH"))


@contextlib.contextmanager
def running(*, chain_id: int = LOCAL_CHAIN_ID, options: Sequence[str] = ()) -> Iterator[str]:
    """Run a private chain for the length of the block; gives its URL.

    Args:
        chain_id: The chain's id.
        options: Further options of anvil.

    Raises:
        NodeNotInstalled: There is no anvil.
        NodeNotStarted: It ended before it listened.
    """
    with tempfile.TemporaryDirectory(prefix="duebill-node-") as folder:
        log = Path(folder) / "node.log"
        with log.open("wb") as out:
            watcher = _watched(_command(0, chain_id, options), out.fileno())
        try:
            yield _await_url(watcher, log)
        finally:
            _end_watched(watcher)


def start(*, port: int = 0, chain_id: int = LOCAL_CHAIN_ID, options: Sequence[str] = ()) -> Node:
    """Start a node that outlives this program; one per home folder.

    Args:
        port: Where to listen; 0 takes a free one.
        chain_id: The chain's id.
        options: Further options of anvil.

    Raises:
        NodeAlreadyRunning: There is one.
        NodeNotInstalled: There is no anvil.
        NodeNotStarted: It ended before it listened.
    """
    if node := status():
        raise NodeAlreadyRunning(pid=node.pid, url=node.url)
    home().mkdir(parents=True, exist_ok=True)
    log = home() / "node.log"
    with log.open("wb") as out:
        process = _detached(_command(port, chain_id, options), out.fileno())
    try:
        url = _await_url(process, log)
    except BaseException:
        _reap(process)
        raise
    _children.add(process.pid)
    # It may outlive this program, which is what it is for; Popen would warn of that.
    process.returncode = 0
    born = _born(process.pid) or ""
    node = Node(pid=process.pid, url=url, chain_id=chain_id, log=str(log), born=born)
    _pid_file().write_text(json.dumps(asdict(node), indent=1) + "\n", "utf-8")
    return node


def status() -> Node | None:
    """The node of this home folder, if it is running."""
    _reap_children()
    node = _recorded()
    return node if node and node.born and _born(node.pid) == node.born else None


def stop() -> Node | None:
    """Stop the node of this home folder.

    Returns:
        The node that was stopped; None when there was none.

    Raises:
        ForeignProcess: Its number now belongs to another process, which is left alone.
        NodeNotStopped: It did not end.
    """
    node = _recorded()
    if node is None:
        return None
    found = _born(node.pid)
    if found is None or found != node.born:
        _pid_file().unlink(missing_ok=True)
        if found is None:
            return None
        raise ForeignProcess(node.pid)
    _end(node)
    _pid_file().unlink(missing_ok=True)
    return node


def _candidates() -> Iterator[Path]:
    yield Path(sys.prefix) / "bin" / "anvil"
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    # npm's own start script is passed by: it puts another process between us and the node.
    package = f"anvil-{sys.platform}-{machine}"
    for folder in (Path.cwd(), *Path.cwd().parents):
        yield folder / "node_modules" / "@foundry-rs" / package / "bin" / "anvil"


def _command(port: int, chain_id: int, options: Sequence[str]) -> list[str]:
    place = ["--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)]
    return [str(find_anvil()), *place, *options]


def _watched(command: list[str], log: int) -> subprocess.Popen[bytes]:
    # A session of its own: the interrupt of a terminal reaches us, and we end the node.
    return subprocess.Popen(  # noqa: S603 - our own words, no shell reads the command
        ["/bin/sh", "-c", _WATCHER, "duebill-node", *command],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _detached(command: list[str], log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - as above
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )


def _await_url(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if found := _LISTENING.search(log.read_bytes()):
            return f"http://127.0.0.1:{int(found[1])}"
        time.sleep(_POLL_SECONDS)
    raise NodeNotStarted(log.read_text("utf-8", "replace").strip()[-500:])


def _end_watched(watcher: subprocess.Popen[bytes]) -> None:
    if watcher.stdin:
        watcher.stdin.close()
    try:
        watcher.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # The session is ours alone: the watcher, the node, nothing else.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(watcher.pid, signal.SIGKILL)
        watcher.wait()


def _end(node: Node) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(node.pid, sign)
        if _gone(node):
            return
    raise NodeNotStopped(node.pid)


def _gone(node: Node) -> bool:
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        _reap_children()
        if _born(node.pid) != node.born:
            # It may have ended since the children were looked at.
            _reap_children()
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _reap_children() -> None:
    for pid in tuple(_children):
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            # Whoever waits for all children has reaped it.
            ended = pid
        if ended:
            _children.discard(pid)


def _reap(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _born(pid: int) -> str | None:
    """What tells a process from a later one of the same number; None when it has ended."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # After the name in brackets: state is the 3rd field, the start time the 22nd.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    return _born_by_ps(pid)


def _born_by_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603 - a number is all that is put in
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    state, _, born = answer.stdout.strip().partition(" ")
    return born.strip() if born and not state.startswith("Z") else None


def _pid_file() -> Path:
    return home() / "node.json"


def _recorded() -> Node | None:
    try:
        return Node(**json.loads(_pid_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
