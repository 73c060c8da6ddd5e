"""Logs and traces: plain fields, no secrets, no cost when nobody listens."""

from __future__ import annotations

import io
import json
import logging

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from duebill import telemetry


@pytest.fixture
def lines():
    stream = io.StringIO()
    logger = logging.getLogger("duebill")
    level = logger.level
    handler = telemetry.log_to(stream, level=logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture
def spans(monkeypatch):
    monkeypatch.setattr(telemetry, "_tracer", None)
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    telemetry.trace(provider)
    yield exporter.get_finished_spans
    provider.shutdown()


def test_a_note_is_one_json_object_a_line(lines):
    telemetry.note("transaction sent", hash="0xab", nonce=3, block=None)
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "event": "transaction sent", "hash": "0xab", "nonce": 3}


def test_line_breaks_do_not_make_lines(lines):
    telemetry.note("it", words='a\n{"event":"forged"}')
    assert len(lines()) == 1


def test_only_plain_values_are_told(lines):
    class Signer:
        password = "secret"  # noqa: S105 - no password

    with pytest.raises(TypeError, match="signer is no plain value"):
        telemetry.note("it", signer=Signer())
    with pytest.raises(TypeError):
        telemetry.note("it", key=b"\x01" * 32)
    assert lines() == []


def test_long_texts_are_cut(lines):
    telemetry.note("it", words="x" * 1000)
    assert len(lines()[0]["words"]) == 100


def test_nothing_is_written_unless_somebody_asks(capsys):
    telemetry.note("transaction sent", level=logging.ERROR, nonce=1)
    assert capsys.readouterr() == ("", "")


def test_a_span_has_name_and_fields(spans):
    with telemetry.span("rpc", method="eth_call", node=None):
        pass
    (it,) = spans()
    assert it.name == "duebill.rpc"
    assert dict(it.attributes) == {"duebill.method": "eth_call"}


def test_threat_54_a_failing_span_tells_the_errors_name_and_not_its_words(spans):
    with pytest.raises(ValueError, match="hunter2"), telemetry.span("rpc"):
        raise ValueError("the password is hunter2")
    (it,) = spans()
    assert it.attributes["error.type"] == "ValueError"
    assert "hunter2" not in it.to_json()


def test_a_span_costs_nothing_until_traces_are_on(monkeypatch):
    monkeypatch.setattr(telemetry, "_tracer", None)
    with telemetry.span("rpc", anything=object()):
        pass
