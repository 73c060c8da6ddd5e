"""What is stuck is replaced as real nodes ask for it, under a cap; whichever gets in is the outcome."""

from __future__ import annotations

import pytest
from proxy import error
from sending import call

from duebill import errors
from duebill.chain import FeeLimits
from duebill.chain._fees import Offer, raised
from duebill.chain._signed import read_signed
from duebill.model import TransactionStatus

SEND = "eth_sendRawTransaction"
GWEI = 10**9


class Pool:
    """The rule of real nodes, which anvil does not have: a tenth more of both, or nothing."""

    def __init__(self):
        self.waiting = {}
        self.refused = 0

    def __call__(self, method, params):
        if method != SEND:
            return None
        new = read_signed(bytes.fromhex(params[0][2:])).unsigned
        old = self.waiting.get(new.nonce)
        if old and old != new and not (enough(old.price, new.price) and enough(old.tip, new.tip)):
            self.refused += 1
            return error(-32000, "replacement transaction underpriced")
        self.waiting[new.nonce] = new
        return None


def enough(old, new):
    """geth: above the old one, and at least 110 hundredths of it."""
    return new > old and new * 100 >= old * 110


@pytest.fixture
def pool(proxy, anvil):
    anvil.rpc("evm_setAutomine", False)
    proxy.before = Pool()
    return proxy.before


def impatient(bench, proxy, **limits):
    return bench.chain(proxy.url, fees=FeeLimits(replace_after=0.0, **limits))


@pytest.mark.parametrize("fee", [1, 9, 10, 11, 99, 10**9, 10**9 + 1, 3 * 10**18 + 7])
def test_threat_44_a_raise_is_what_nodes_ask_for(fee):
    assert enough(fee, raised(fee))
    assert not enough(fee, raised(fee) - 1)


def test_threat_44_a_stuck_transaction_is_replaced_by_a_tenth(bench, proxy, pool):
    chain = impatient(bench, proxy)
    sent = bench.send("pay", chain=chain, reference="a")
    first = sent.hash
    for _ in range(3):
        with pytest.raises(errors.TransactionTimeout):
            sent.wait(timeout=0)
    assert sent.hash != first
    entry = chain.dispatch.journal.find("a")
    assert len(entry.attempts) == 4
    assert len({made.nonce for made in entry.attempts}) == 1
    assert pool.refused == 0
    bench.rpc("anvil_mine", "0x1")
    assert sent.wait().transaction == entry.newest.hash
    assert bench.words() == ["pay"]


def test_threat_44_an_earlier_one_may_get_in_after_all(bench, proxy, pool):
    """The outcome is that of whichever transaction is in the block."""
    chain = impatient(bench, proxy)
    sent = bench.send("pay", chain=chain, reference="a")
    first = chain.dispatch.journal.find("a").attempts[0]
    with pytest.raises(errors.TransactionTimeout):
        sent.wait(timeout=0)
    assert sent.hash != first.hash
    bench.rpc("anvil_dropAllTransactions")
    bench.rpc(SEND, "0x" + first.raw.hex())
    bench.rpc("anvil_mine", "0x1")
    assert sent.wait().transaction == first.hash
    assert sent.hash == first.hash
    assert sent.status() is TransactionStatus.CONFIRMED
    assert bench.words() == ["pay"]
    assert pool.refused == 0


def test_threat_44_the_cap_holds(bench, proxy, pool):
    """No offer is above it; what waits, waits."""
    probe = bench.chain().offer(bench.chain().block())
    cap = probe.max_fee * 12 // 10
    chain = impatient(bench, proxy, max_fee_per_gas=cap)
    sent = bench.send("pay", chain=chain, reference="a")
    for _ in range(5):
        with pytest.raises(errors.TransactionTimeout):
            sent.wait(timeout=0)
    offers = [made.max_fee for made in chain.dispatch.journal.find("a").attempts]
    assert 2 <= len(offers) < 6
    assert max(offers) <= cap
    assert pool.refused == 0


def test_threat_44_the_cap_on_a_whole_transaction_holds(bench, proxy, pool):
    probe = bench.chain().offer(bench.chain().block())
    chain = bench.chain(proxy.url)
    gas = chain.estimate(bench.to, b"pay", sender=bench.signer.address) * 5 // 4
    chain = impatient(bench, proxy, max_fee=probe.max_fee * gas * 12 // 10)
    sent = bench.send("pay", chain=chain, reference="a")
    for _ in range(4):
        with pytest.raises(errors.TransactionTimeout):
            sent.wait(timeout=0)
    entry = chain.dispatch.journal.find("a")
    assert all(
        made.max_fee * entry.draft.gas <= chain.dispatch.limits.max_fee for made in entry.attempts
    )
    assert len(entry.attempts) > 1
    assert pool.refused == 0


def test_a_chain_that_asks_for_more_than_the_cap_is_refused_before_signing(bench):
    chain = bench.chain(fees=FeeLimits(max_fee_per_gas=1))
    with pytest.raises(errors.FeeAboveLimit) as caught:
        bench.send("pay", chain=chain, reference="a")
    assert caught.value.limit == 1
    assert chain.dispatch.journal.find("a") is None


@pytest.mark.usefixtures("pool")
def test_without_the_signer_nothing_is_replaced(bench, proxy):
    """Whoever only waits, sends the same bytes again."""
    bench.send("pay", chain=impatient(bench, proxy), reference="a")
    chain = impatient(bench, proxy)
    chain.dispatch.recover()
    (entry,) = chain.dispatch.journal.entries()
    assert len(entry.attempts) == 1


@pytest.mark.parametrize(
    ("market", "last", "limit", "expected"),
    [
        (20, 10, None, 20),
        (10, 10, None, 11),
        (10, 100, None, None),
        (80, 10, 50, 11),
        (10, 10, 10, None),
        (10, 0, None, None),
    ],
)
def test_what_is_offered_instead(market, last, limit, expected):
    """The market's fee or a tenth more, eight times the first offer at most, within the cap."""
    found = Offer(max_fee=market, tip=1, is_legacy=False).replacing(
        10,
        Offer(max_fee=last, tip=1, is_legacy=False),
        FeeLimits(max_fee_per_gas=limit),
        21_000,
    )
    assert (found and found.max_fee) == expected


def test_a_call_is_told_apart_from_the_same_call_under_another_reference(bench, proxy):
    """The same bytes would be one transaction for two intents."""
    chain = bench.chain(proxy.url)
    proxy.before = lambda m, _: error(-32000, "no") if m == SEND else None
    for reference in ("a", "b", "c"):
        with pytest.raises(errors.NodeRefused):
            bench.send("pay", chain=chain, reference=reference)
    entries = chain.dispatch.journal.entries()
    assert len({entry.newest.hash for entry in entries}) == 3
    assert len({entry.newest.nonce for entry in entries}) == 1
    proxy.before = lambda *_: None
    for reference in ("c", "a", "b"):
        bench.send("pay", chain=chain, reference=reference).wait()
    assert bench.words() == ["pay"] * 3
    assert call(bench.to, "pay").digest == entries[0].draft.digest


def test_what_was_refused_is_sent_again_as_it_is_while_its_fee_is_enough(bench, proxy):
    """Asking again and again does not make it dearer."""
    chain = bench.chain(proxy.url)
    proxy.before = lambda m, _: error(-32000, "insufficient funds") if m == SEND else None
    for _ in range(3):
        with pytest.raises(errors.NodeRefused):
            bench.send("pay", chain=chain, reference="a")
    assert len(chain.dispatch.journal.find("a").attempts) == 1
    proxy.before = lambda *_: None
    before = bench.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"]
    bench.rpc("anvil_setNextBlockBaseFeePerGas", hex(int(before, 16) + 2 * GWEI))
    bench.rpc("anvil_mine", "0x1")
    bench.send("pay", chain=chain, reference="a").wait()
    # A snapshot does not bring it back.
    bench.rpc("anvil_setNextBlockBaseFeePerGas", before)
    assert len(chain.dispatch.journal.find("a").attempts) == 2
    assert bench.words() == ["pay"]


def test_threat_49_nothing_is_replaced_on_another_chain(bench, proxy, pool):
    chain = impatient(bench, proxy)
    sent = bench.send("pay", chain=chain, reference="a")
    proxy.after = lambda m, _, found: "0x1" if m == "eth_chainId" else found
    with pytest.raises(errors.ChainMismatch):
        sent.wait(timeout=0)
    assert len(chain.dispatch.journal.find("a").attempts) == 1
    assert pool.refused == 0


def test_threat_43_a_gap_below_is_filled_by_nothing(bench, proxy, anvil):
    """A refused write gave its nonce back while a later one waits; nobody else comes."""
    anvil.rpc("evm_setAutomine", False)
    chain = bench.chain(proxy.url)
    first = bench.send("first", chain=chain, reference="a")
    second = bench.send("second", chain=chain, reference="b")
    chain.dispatch.journal.release(chain.dispatch.journal.find("a"))
    bench.rpc("anvil_dropTransaction", first.hash)
    anvil.rpc("evm_setAutomine", True)
    impatient_chain = impatient(bench, proxy)
    bench.send("second", chain=impatient_chain, reference="b").wait(timeout=20)
    assert second.wait().value is None
    with pytest.raises(errors.TransactionDropped):
        first.wait(timeout=5)
    assert bench.words() == ["second"]
    fillers = [e for e in chain.dispatch.journal.entries() if e.reference.startswith("filler-")]
    assert [(e.draft.to, e.draft.data) for e in fillers] == [(bench.signer.address, b"")]
