"""Between a look and the step that follows from it, somebody else acts: another process, or the node."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from proxy import error
from sending import call

from duebill import errors
from duebill._actions import NOTHING
from duebill.chain import FeeLimits
from duebill.journal import Stage
from duebill.model import TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

SEND = "eth_sendRawTransaction"
TRANSACTION = "eth_getTransactionByHash"
# Code that refuses everything with AlreadyIssued(0).
REFUSING = "0x7f8ea023a5" + "00" * 28 + "600052" + "60246000fd"


@dataclass
class Interrupted:
    """A signer before whose first signature something happens."""

    signer: Any
    happens: Callable[[], Any]

    @property
    def address(self) -> Any:
        return self.signer.address

    def sign_transaction(self, fields: Any) -> bytes:
        happens, self.happens = self.happens, lambda: None
        happens()
        return self.signer.sign_transaction(fields)


def interrupted(bench, happens):
    bench.signer = Interrupted(bench.signer, happens)


def refusing(proxy, words, *, takes=False, hides=False):
    """The node says no to what is sent; it may take it all the same, and not show it."""
    if takes:
        proxy.after = lambda m, _, found: (
            error(-32000, words) if m == SEND else None if hides and m == TRANSACTION else found
        )
    else:
        proxy.before = lambda m, _: error(-32000, words) if m == SEND else None


# -- another process ----------------------------------------------------------------------------


def test_threat_43_what_another_process_does_during_the_estimate_is_the_result(bench, proxy, anvil):
    """The call would be refused by now, because it was done under this very reference."""
    done = []

    def meanwhile(method, _):
        if method == "eth_estimateGas" and not done:
            done.append(bench.send("pay", reference="a").wait())
            anvil.rpc("anvil_setCode", bench.to, REFUSING)

    proxy.before = meanwhile
    again = bench.send("pay", chain=bench.chain(proxy.url), reference="a").wait()
    anvil.rpc("anvil_setCode", bench.to, "0x")
    assert again == done[0]
    assert bench.words() == ["pay"]


def test_threat_43_two_processes_that_sign_a_lost_intent_anew_pay_once(bench, proxy, anvil):
    """The faster one is told that the node refused it, which is not true."""
    anvil.rpc("evm_setAutomine", False)
    lost = bench.send("pay", reference="a")
    bench.foreign(nonce=lost._ticket.nonce)
    anvil.mine()
    with pytest.raises(errors.TransactionDropped):
        lost.wait()
    slower, signer = bench.chain(), bench.signer
    refusing(proxy, "pool is full", takes=True, hides=True)
    faster = bench.chain(proxy.url)

    def meanwhile():
        with pytest.raises(errors.NodeRefused):
            faster.submit(call(bench.to, "pay"), signer=signer, reference="a")

    interrupted(bench, meanwhile)
    sent = bench.send("pay", chain=slower, reference="a")
    for _ in range(3):
        anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    sent.wait()
    assert bench.words() == ["pay"]
    nonces = {made.nonce for made in slower.dispatch.journal.find("a").attempts}
    assert len(nonces) == 2


def test_threat_44_two_processes_that_offer_more_at_once_do_not_disturb_each_other(bench, anvil):
    anvil.rpc("evm_setAutomine", False)
    impatient = {"fees": FeeLimits(replace_after=0.0)}
    one, other = bench.chain(**impatient), bench.chain(**impatient)
    signer = bench.signer
    bench.send("pay", chain=one, reference="a")
    elsewhere = other.submit(call(bench.to, "pay"), signer=signer, reference="a")

    def meanwhile():
        with pytest.raises(errors.TransactionTimeout):
            elsewhere.wait(timeout=0)

    interrupted(bench, meanwhile)
    sent = one.submit(call(bench.to, "pay"), signer=bench.signer, reference="a")
    with pytest.raises(errors.TransactionTimeout):
        sent.wait(timeout=0)
    assert len(one.dispatch.journal.find("a").attempts) == 2
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    assert sent.wait() == elsewhere.wait()
    assert bench.words() == ["pay"]


def test_threat_44_what_another_process_offered_and_got_in_is_no_loss(bench, anvil):
    """Whoever holds the older transaction is not told that its nonce went to a stranger."""
    anvil.rpc("evm_setAutomine", False)
    sent = bench.send("pay", reference="a")
    impatient = bench.send(
        "pay", chain=bench.chain(fees=FeeLimits(replace_after=0.0)), reference="a"
    )
    with pytest.raises(errors.TransactionTimeout):
        impatient.wait(timeout=0)
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    assert impatient.hash != sent.hash
    assert sent.status() is TransactionStatus.CONFIRMED
    assert sent.wait() == impatient.wait()
    assert bench.words() == ["pay"]


def test_threat_48_a_loss_is_believed_only_of_what_is_all_of_the_intent(bench, anvil):
    """Its nonce went to a replacement that was recorded after the journal was read."""
    anvil.rpc("evm_setAutomine", False)
    chain = bench.chain()
    bench.send("pay", chain=chain, reference="a")
    old = chain.dispatch.journal.find("a")
    impatient = bench.send(
        "pay", chain=bench.chain(fees=FeeLimits(replace_after=0.0)), reference="a"
    )
    with pytest.raises(errors.TransactionTimeout):
        impatient.wait(timeout=0)
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    assert not chain.dispatch.is_displaced(old)


def test_two_journals_of_one_account_notice_each_other(bench, anvil, tmp_path):
    """Both sign for the same nonce; the loser is signed anew, and neither is lost or doubled."""
    anvil.rpc("evm_setAutomine", False)
    here = bench.chain()
    first = bench.send("here", chain=here, reference="a")
    bench.journal = tmp_path / "other.sqlite"
    there = bench.chain()
    anvil.rpc("anvil_dropTransaction", first.hash)
    second = bench.send("there", chain=there, reference="a")
    assert second._ticket.nonce == first._ticket.nonce
    anvil.rpc("evm_setAutomine", True)
    anvil.mine()
    second.wait()
    with pytest.raises(errors.TransactionDropped):
        first.wait()
    here.submit(call(bench.to, "here"), signer=bench.signer, reference="a").wait()
    assert bench.words() == ["there", "here"]


# -- signed elsewhere ---------------------------------------------------------------------------


def test_threat_45_what_the_node_refused_is_brought_signed_for_its_own_nonce_only(bench, proxy):
    """The refused one may still get in: a second nonce could carry it out twice."""
    chain = bench.chain(proxy.url)
    refusing(proxy, "pool is full", takes=True, hides=True)
    with pytest.raises(errors.NodeRefused):
        bench.send("pay", chain=chain, reference="a")
    entry = chain.dispatch.journal.find("a")
    fields = chain.dispatch.priced(entry.draft).fields(31337, entry.newest.nonce + 1)
    with pytest.raises(errors.SignedDiffers) as caught:
        chain.submit_signed(bench.signer.sign_transaction(fields), NOTHING, reference="a")
    assert caught.value.field == "nonce"
    assert bench.words() == ["pay"]


def test_threat_44_what_was_prepared_is_not_signed_above_the_limit(bench):
    """The chain has become dearer since."""
    limit = bench.chain().offer(bench.chain().block()).max_fee * 2
    chain = bench.chain(fees=FeeLimits(max_fee_per_gas=limit))
    action = call(bench.to, "pay")
    chain.prepare(action, sender=bench.signer.address, reference="a")
    before = bench.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"]
    bench.rpc("anvil_setNextBlockBaseFeePerGas", hex(limit * 4))
    bench.rpc("anvil_mine", "0x1")
    with pytest.raises(errors.FeeAboveLimit):
        chain.prepare(action, sender=bench.signer.address, reference="a")
    with pytest.raises(errors.FeeAboveLimit):
        chain.submit(action, signer=bench.signer, reference="a")
    # A snapshot does not bring it back.
    bench.rpc("anvil_setNextBlockBaseFeePerGas", before)
    bench.rpc("anvil_mine", "0x1")
    assert chain.dispatch.journal.find("a").attempts == ()


# -- nodes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["already known", "AlreadyKnown", "Known transaction", "transaction already imported"]
)
def test_threat_50_who_has_it_and_does_not_show_it_yet_has_not_refused_it(bench, proxy, words):
    """One of two nodes behind one address took it, the other one is asked for it."""
    chain = bench.chain(proxy.url)
    refusing(proxy, words, takes=True, hides=True)
    bench.send("pay", chain=chain, reference="a")
    assert chain.dispatch.journal.find("a").stage is Stage.SENT
    bench.send("second", reference="b").wait()
    bench.send("pay", reference="a").wait()
    assert bench.words() == ["pay", "second"]


@pytest.mark.parametrize(
    "words", ["nonce too low", "Transaction nonce is too low. Try again.", "OldNonce"]
)
def test_threat_50_a_used_nonce_may_be_used_by_this_very_transaction(bench, proxy, words):
    chain = bench.chain(proxy.url)
    refusing(proxy, words, takes=True, hides=True)
    with pytest.raises(errors.SubmissionUncertain):
        bench.send("pay", chain=chain, reference="a")
    bench.send("pay", reference="a").wait()
    assert bench.words() == ["pay"]


@pytest.mark.parametrize("words", ["replacement transaction underpriced", "insufficient funds"])
def test_what_is_refused_is_done_when_it_is_asked_for_again(bench, proxy, words):
    chain = bench.chain(proxy.url)
    refusing(proxy, words)
    with pytest.raises(errors.NodeRefused):
        bench.send("pay", chain=chain, reference="a")
    proxy.before = lambda *_: None
    for _ in range(2):
        bench.send("pay", chain=chain, reference="a").wait()
    assert bench.words() == ["pay"]


def test_threat_50_a_node_that_is_behind_takes_no_outcome_back(bench, proxy):
    """It has not come to the block; what is final stays what it is."""
    head = bench.rpc("eth_blockNumber")
    bench.send("pay", reference="a").wait()
    chain = bench.chain(proxy.url)
    recorded = chain.dispatch.journal.find("a")
    proxy.after = lambda m, _, found: {
        "eth_blockNumber": head,
        TRANSACTION: None,
        "eth_getTransactionReceipt": None,
    }.get(m, found)
    with pytest.raises(errors.NodeBehind):
        bench.send("pay", chain=chain, reference="a").wait()
    assert chain.dispatch.journal.find("a") == recorded


def test_threat_46_what_could_not_be_resumed_is_resumed_by_the_next_write(bench, proxy):
    """The node failed the first write of this connection; the second finds what was left open."""
    chain = bench.chain(proxy.url)
    refusing(proxy, "nonce too low")
    with pytest.raises(errors.SubmissionUncertain):
        bench.send("first", chain=bench.chain(proxy.url), reference="a")
    down = error(-32000, "try later")
    proxy.before = lambda m, _: down if m == "eth_getTransactionReceipt" else None
    with pytest.raises(errors.NodeRefused):
        bench.send("second", chain=chain, reference="b")
    proxy.before = lambda *_: None
    bench.rpc("evm_setAutomine", False)
    # The third takes a nonce above the first's, which is sent again before it.
    bench.send("third", chain=chain, reference="c")
    bench.rpc("anvil_mine", "0x1")
    bench.rpc("evm_setAutomine", True)
    assert bench.words() == ["first", "third"]


# -- this machine -------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["eth_estimateGas", SEND, "eth_getTransactionReceipt"])
@pytest.mark.parametrize("asked", [True, False], ids=["before", "after"])
def test_threat_46_who_interrupts_it_pays_once(bench, monkeypatch, method, asked):
    """Ctrl-C, before the question and after the answer."""
    chain = bench.chain()
    request, left = chain._rpc.request, [method]

    def interrupted_once(said, *params):
        if said not in left:
            return request(said, *params)
        left.remove(said)
        if not asked:
            request(said, *params)
        raise KeyboardInterrupt

    monkeypatch.setattr(chain._rpc, "request", interrupted_once)
    with pytest.raises(KeyboardInterrupt):
        bench.send("pay", chain=chain, reference="a").wait()
    for _ in range(2):
        bench.send("pay", chain=chain, reference="a").wait()
    assert bench.words() == ["pay"]


@pytest.mark.parametrize("jump", [-(10**8), 10**8], ids=["back", "on"])
def test_a_clock_that_jumps_changes_what_is_offered_and_nothing_else(
    bench, anvil, monkeypatch, jump
):
    anvil.rpc("evm_setAutomine", False)
    chain = bench.chain(fees=FeeLimits(replace_after=60.0))
    sent = bench.send("pay", chain=chain, reference="a")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    with pytest.raises(errors.TransactionTimeout):
        sent.wait(timeout=0)
    assert len(chain.dispatch.journal.find("a").attempts) == (2 if jump > 0 else 1)
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    sent.wait()
    assert bench.words() == ["pay"]
