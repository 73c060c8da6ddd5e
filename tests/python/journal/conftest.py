"""An account that sends, and nodes to send to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from proxy import proxied
from sending import Bench

from duebill import node
from duebill.chain._rpc import Rpc


@pytest.fixture(scope="module")
def anvil_url():
    """A young node for each module: they set it back, and count whatever an account sent on it."""
    with node.running() as url:
        yield url


@pytest.fixture(scope="module")
def deployed(anvil_url, deploying):
    return deploying(anvil_url)


@pytest.fixture
def bench(anvil, signers, journal_file):
    return Bench(anvil, signers.stranger, signers.financier.address, journal_file)


@pytest.fixture
def proxy(anvil):
    with proxied(anvil.url) as found:
        yield found


@pytest.fixture(scope="session")
def own_node():
    """A chain without contracts, that nobody else depends on."""
    with node.running() as url:
        rpc = Rpc(url)
        yield SimpleNamespace(url=url, rpc=rpc.request)
