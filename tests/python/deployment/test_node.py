"""The private node: ours alone, and gone when we are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from duebill import node
from duebill.errors import (
    ForeignProcess,
    NodeAlreadyRunning,
    NodeNotInstalled,
    NodeNotStarted,
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path))
    yield tmp_path
    node.stop()


def chain_id(url):
    body = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    return int(requests.post(url, json=body, timeout=5).json()["result"], 16)


def answers(url):
    try:
        return bool(chain_id(url))
    except requests.ConnectionError:
        return False


def gone(url, seconds=5.0):
    deadline = time.monotonic() + seconds
    while answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def children():
    """The processes that this one has to wait for, zombies among them."""
    found = subprocess.run(
        ["ps", "-o", "pid=,stat=,comm=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in found.stdout.splitlines() if " ps" not in line]


def test_a_chain_runs_for_the_length_of_the_block():
    before = children()
    with node.running(chain_id=777) as url:
        assert chain_id(url) == 777
    assert gone(url, 0)
    assert children() == before


def test_the_chain_ends_with_an_exception_too():
    with pytest.raises(RuntimeError), node.running() as url:
        raise RuntimeError
    assert gone(url, 0)


def test_two_chains_take_two_ports():
    with node.running() as one, node.running() as other:
        assert one != other
        assert answers(one)
        assert answers(other)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_chain_ends_with_a_program_that_is_killed(sign):
    script = (
        "import time\nfrom duebill import node\n"
        "with node.running() as url:\n    print(url, flush=True)\n    time.sleep(60)"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    url = program.stdout.readline().strip()
    assert answers(url)
    program.send_signal(sign)
    program.wait()
    program.stdout.close()
    assert gone(url)


def test_a_node_that_cannot_start_says_why():
    with (
        pytest.raises(NodeNotStarted, match="no-such-option"),
        node.running(options=["--no-such-option"]),
    ):
        pass


def test_a_missing_anvil_is_said_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    with pytest.raises(NodeNotInstalled) as refused:
        node.find_anvil()
    assert "make setup" in refused.value.hint


def test_an_anvil_on_path_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    own = tmp_path / "anvil"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert node.find_anvil() == own


def test_a_background_node_is_started_seen_and_stopped(home):
    assert node.status() is None
    started = node.start(chain_id=4711)

    assert node.status() == started
    assert chain_id(started.url) == 4711
    assert "Listening" in Path(started.log).read_text()
    assert node.stop() == started
    assert gone(started.url, 0)
    assert node.status() is None
    assert not (home / "node.json").exists()


@pytest.mark.usefixtures("home")
def test_a_background_node_outlives_its_program():
    """Which is not warned of, not even where every warning is shown."""
    script = "from duebill import node\nnode.start()"
    words = [sys.executable, "-X", "dev", "-c", script]
    assert subprocess.run(words, check=True, stderr=subprocess.PIPE).stderr == b""

    running = node.status()
    assert running
    assert answers(running.url)
    assert node.stop() == running
    assert gone(running.url, 0)


@pytest.mark.usefixtures("home")
def test_one_background_node_for_each_home():
    running = node.start()

    with pytest.raises(NodeAlreadyRunning) as refused:
        node.start()
    assert refused.value.url == running.url


@pytest.mark.usefixtures("home")
def test_stopping_nothing_is_no_error():
    assert node.stop() is None


@pytest.mark.usefixtures("home")
def test_a_stopped_node_leaves_no_zombie():
    before = children()
    node.start()
    node.stop()

    assert children() == before


@pytest.mark.usefixtures("home")
def test_a_node_that_died_is_not_running_any_more():
    running = node.start()
    os.kill(running.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while node.status() and time.monotonic() < deadline:
        time.sleep(0.01)

    assert node.status() is None
    assert node.stop() is None
    assert node.start().pid != running.pid


def test_a_process_that_is_not_the_node_is_left_alone(home):
    """The number of a node that died may be somebody else's by now."""
    running = node.start()
    node.stop()
    with subprocess.Popen(["sleep", "60"]) as other:
        record = {
            "pid": other.pid,
            "url": running.url,
            "chain_id": 31337,
            "log": running.log,
            "born": running.born,
        }
        (home / "node.json").write_text(json.dumps(record))

        assert node.status() is None
        with pytest.raises(ForeignProcess) as refused:
            node.stop()
        assert refused.value.pid == other.pid
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_record_is_no_node(home, content):
    (home / "node.json").write_text(content)

    assert node.status() is None
    assert node.stop() is None


def test_home_is_where_the_environment_says(home, monkeypatch):
    assert node.home() == home
    monkeypatch.delenv("DUEBILL_HOME")
    assert node.home().name == "duebill"
