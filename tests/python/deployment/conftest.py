"""A chain of its own for every test: deployments are about what a chain has and has not."""

from __future__ import annotations

import pytest
from local_chain import Local

from duebill import node


@pytest.fixture
def local(tmp_path):
    with node.running() as url:
        yield Local(url, tmp_path)
