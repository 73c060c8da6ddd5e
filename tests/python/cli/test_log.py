"""`DUEBILL_LOG`: what happens, on standard error, and nothing of it on standard output."""

from __future__ import annotations

import json
import logging

import pytest


@pytest.fixture(autouse=True)
def _no_handlers_left():
    logger = logging.getLogger("duebill")
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


def test_every_line_is_json(on_chain):
    result = on_chain.run("party", "list", "--json", DUEBILL_LOG="debug")
    json.loads(result.stdout)
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert {line["event"] for line in lines} == {"request"}


def test_an_unknown_level_is_refused(cli):
    result = cli.run("completion", "bash", DUEBILL_LOG="loud")
    assert result.exit_code != 0
