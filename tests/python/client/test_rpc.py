"""Many requests in one: each keeps its own answer, and no node is asked for more than it takes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from proxy import Reply, error, proxied

from duebill.chain import _json
from duebill.chain._rpc import Rpc, RpcError
from duebill.errors import NodeAnswerInvalid, NodeUnavailable

BLOCKS = [[hex(number), False] for number in range(3)]


@pytest.fixture
def proxy(anvil):
    with proxied(anvil.url) as found:
        yield found


@pytest.fixture
def rpc(proxy):
    return Rpc(proxy.url)


def numbers(found):
    return [int(block["number"], 16) for block in found]


def test_many_requests_travel_together_and_are_answered_in_their_order(proxy, rpc):
    """However a node orders its answers."""
    proxy.together = lambda batch: Reply(
        body=json.dumps(
            [{"jsonrpc": "2.0", "id": each["id"], "result": each["params"]} for each in batch[::-1]]
        ).encode()
    )
    assert rpc.request_all("eth_getBlockByNumber", BLOCKS) == BLOCKS
    assert proxy.batches == [3]


def test_more_than_a_hundred_requests_are_several_batches(proxy, rpc):
    assert len(rpc.request_all("eth_chainId", [[]] * 250)) == 250
    assert proxy.batches == [100, 100, 50]


def test_an_error_stands_in_its_own_place(rpc):
    first, second, third = rpc.request_all("eth_getBlockByNumber", [BLOCKS[0], ["x"], BLOCKS[2]])
    assert numbers([first, third]) == [0, 2]
    assert isinstance(second, RpcError)


@pytest.mark.parametrize(
    "refusal",
    [error(-32600, "batch too large"), Reply(status=413), error(-32601, "batches are not known")],
)
@pytest.mark.parametrize("largest", [1, 2, 5])
def test_a_node_that_takes_no_large_batches_is_asked_in_smaller_ones(proxy, rpc, refusal, largest):
    """And from then on in no larger ones."""
    proxy.together = lambda batch: refusal if len(batch) > largest else None
    asked = [[hex(number % 3), False] for number in range(9)]
    assert numbers(rpc.request_all("eth_getBlockByNumber", asked)) == [0, 1, 2] * 3
    proxy.batches.clear()
    rpc.request_all("eth_getBlockByNumber", asked)
    assert all(size <= largest for size in proxy.batches)


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"[]",
        b'"0x1"',
        b'[{"id": 1, "result": 1}, {"id": 2, "result": 1}]',
        b'[{"id": 1, "result": 1}, {"id": 2, "result": 1}, {"id": 2, "result": 1}]',
        b'[{"id": 1, "result": 1}, {"id": 2, "result": 1}, {"id": [], "result": 1}]',
        b'[{"id": 1, "result": 1}, {"id": 2, "result": 1}, {"id": 3}]',
        b'[{"id": 1, "result": 1}, {"id": 2, "result": 1}, null]',
        b'[{"id": 1, "result": 1}, {"id": 2, "result": 1}, {"id": 3, "resul',
        b"[" * 100_000,
    ],
)
def test_threat_50_a_batch_that_is_not_fully_answered_is_not_used(proxy, rpc, body):
    proxy.together = lambda _: Reply(body=body)
    with pytest.raises(NodeAnswerInvalid):
        rpc.request_all("eth_getBlockByNumber", BLOCKS)


def test_threat_50_a_busy_node_is_asked_for_a_batch_again(proxy, rpc):
    busy = iter([Reply(status=503), Reply(body=None)])
    proxy.together = lambda _: next(busy, None)
    assert numbers(rpc.request_all("eth_getBlockByNumber", BLOCKS)) == [0, 1, 2]


@pytest.mark.parametrize("reply", [Reply(body=None), Reply(status=503)])
def test_what_is_sent_is_not_repeated_here(proxy, rpc, reply):
    """Only whoever knows the transactions may send them again."""
    proxy.together = lambda _: reply
    with pytest.raises(NodeUnavailable):
        rpc.request_all("eth_sendRawTransaction", [["0x00"], ["0x01"]])
    assert proxy.batches == [2]


def test_connections_are_kept_open(anvil, monkeypatch):
    """A thousand questions do not open a thousand connections."""
    from urllib3.connection import HTTPConnection  # noqa: PLC0415 - watched here only

    opened = []
    connect = HTTPConnection.connect
    monkeypatch.setattr(HTTPConnection, "connect", lambda it: (opened.append(it), connect(it)))
    rpc = Rpc(anvil.url)
    for _ in range(20):
        rpc.request("eth_chainId")
    assert len(opened) == 1


def test_both_json_libraries_write_and_read_the_same():
    """Without orjson everything works as well; only more slowly."""
    value = {"id": 1, "params": ["0x1f", True, None, "票据"], "nested": [{}, [], {"a": 2**53}]}
    script = (
        "import sys; sys.modules['orjson'] = None\n"
        "from duebill.chain import _json\n"
        "assert _json._orjson is None\n"
        "sys.stdout.buffer.write(_json.write(_json.read(sys.stdin.buffer.read())))"
    )
    command = [sys.executable, "-c", script]
    plain = subprocess.run(command, input=_json.write(value), capture_output=True, check=True)
    assert _json._orjson is not None
    assert _json.read(plain.stdout) == value
