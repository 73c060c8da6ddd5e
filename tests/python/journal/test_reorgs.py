"""What leaves the chain comes back, until it is final."""

from __future__ import annotations

import pytest

from duebill import errors
from duebill.journal import Stage

DEPTHS = [1, 2, 7, 64]


@pytest.mark.parametrize("depth", DEPTHS)
def test_threat_47_a_transaction_that_a_reorg_removes_comes_back(bench, depth):
    """The reference is asked for again; the same bytes are sent, and it is paid once."""
    bench.rpc("anvil_mine", "0x1")
    first = bench.send("pay", reference="a").wait()
    if depth > 1:
        bench.rpc("anvil_mine", hex(depth - 1))
    bench.rpc("anvil_reorg", depth, [])
    assert bench.words() == []
    chain = bench.chain()
    second = bench.send("pay", chain=chain, reference="a").wait(timeout=20)
    assert second.transaction == first.transaction
    assert second.block_hash != first.block_hash
    assert bench.words() == ["pay"]
    assert chain.dispatch.journal.find("a").settled.block_hash == second.block_hash


def test_threat_47_nobody_asks_and_the_next_write_brings_it_back(bench):
    """The node counts the nonce as free; the journal knows better."""
    bench.rpc("anvil_mine", "0x1")
    bench.send("first", reference="a").wait()
    bench.rpc("anvil_reorg", 1, [])
    bench.send("second", reference="b").wait(timeout=20)
    assert bench.words() == ["first", "second"]


def test_threat_48_a_reorg_that_puts_a_strangers_transaction_in_its_place_is_noticed(bench):
    """Another wallet used the nonce in the block that took the old one's place."""
    bench.rpc("anvil_mine", "0x1")
    nonce = bench.count()
    bench.send("pay", reference="a").wait()
    bench.rpc("evm_setAutomine", False)
    bench.rpc("anvil_reorg", 1, [])
    bench.rpc("anvil_dropAllTransactions")
    bench.foreign(nonce=nonce)
    bench.rpc("anvil_mine", "0x1")
    bench.rpc("evm_setAutomine", True)
    assert bench.words() == []
    chain = bench.chain()
    with pytest.raises(errors.TransactionDropped):
        bench.send("pay", chain=chain, reference="a").wait(timeout=20)
    for _ in range(2):
        bench.send("pay", chain=chain, reference="a").wait(timeout=20)
    assert bench.words() == ["pay"]
    assert len(chain.dispatch.journal.find("a").attempts) == 2


def test_what_is_not_final_is_not_written_down_as_done(bench):
    chain = bench.chain(confirmations=3)
    bench.send("pay", chain=chain, reference="a").wait(confirmations=1)
    assert chain.dispatch.journal.find("a").stage is Stage.SENT
    bench.rpc("anvil_mine", "0x2")
    chain.dispatch.recover()
    assert chain.dispatch.journal.find("a").stage is Stage.DONE


def test_threat_50_a_node_that_is_behind_signs_nothing(bench, proxy):
    """It has not seen the blocks that the journal knows: its nonces are old."""
    stale = hex(bench.count())
    head = bench.rpc("eth_blockNumber")
    bench.send("first", reference="a").wait()
    chain = bench.chain(proxy.url)
    proxy.after = lambda m, _, found: {
        "eth_getTransactionCount": stale,
        "eth_blockNumber": head,
    }.get(m, found)
    with pytest.raises(errors.NodeBehind):
        bench.send("second", chain=chain, reference="b")
    assert chain.dispatch.journal.find("b") is None
    assert bench.words() == ["first"]
