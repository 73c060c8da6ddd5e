"""Tokens that are no test currency."""

from __future__ import annotations

from pathlib import Path

import pytest

from duebill import _build

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def usdt_code():
    """A token in the manner of USDT, compiled as the contract tests have it."""
    source = "contracts/mocks/NoReturnToken.sol"
    content = {
        "language": "Solidity",
        "sources": {source: {"content": (ROOT / source).read_text("utf-8")}},
        "settings": {"outputSelection": {"*": {"*": ["evm.deployedBytecode.object"]}}},
    }
    made = _build._compile(ROOT, content)["contracts"][source]["NoReturnToken"]
    return "0x" + made["evm"]["deployedBytecode"]["object"]
