"""What is sent is known, what is final stays, and a node that lies is not believed."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
import traceback
from datetime import timedelta

import pytest
from proxy import Reply, error, proxied

import duebill
from duebill import artifacts
from duebill.chain import Chain
from duebill.errors import (
    AcceptancePeriodOver,
    AccessManagedUnauthorized,
    ChainMismatch,
    CodeDiffers,
    ERC20InsufficientAllowance,
    HistoryInconsistent,
    NodeAnswerInvalid,
    NodeRefused,
    NodeUnavailable,
    NotFound,
    NotSent,
    PartyNotVerified,
    RevertError,
    SignerMismatch,
    SubmissionUncertain,
    TransactionDropped,
    TransactionFailed,
    TransactionTimeout,
)
from duebill.model import FOREVER, TransactionStatus
from duebill.node_accounts import NodeAccount

SECRET = "s3cr3t-api-key"  # noqa: S105 - a canary


@pytest.fixture
def proxy(anvil):
    with proxied(anvil.url) as found:
        yield found


@pytest.fixture
def through(proxy, deployed):
    """The ledger as seen through the proxy."""
    return duebill.connect(proxy.url, deployment=deployed)


def verify(ledger, signers, who=None):
    """A write that always succeeds."""
    account = (who or signers.stranger).address
    return ledger.registrar(signers.deployer).verify(account, until=FOREVER)


# -- the node ---------------------------------------------------------------------------------


def test_a_node_that_is_down_is_one_clear_error(deployed):
    with pytest.raises(NodeUnavailable) as caught:
        duebill.connect("http://127.0.0.1:9", deployment=deployed)
    assert "127.0.0.1:9" in str(caught.value)


@pytest.mark.parametrize("url", ["127.0.0.1:8545", "ftp://127.0.0.1", "http://", "nonsense"])
def test_what_is_no_web_address_is_one_clear_error(url, deployed):
    with pytest.raises(NodeUnavailable):
        duebill.connect(url, deployment=deployed)


@pytest.mark.parametrize(
    "url",
    [f"http://127.0.0.1:9/v3/{SECRET}?key={SECRET}", f"http://user:{SECRET}@127.0.0.1:9/"],
)
def test_threat_54_the_secret_in_a_nodes_address_is_not_shown(url, deployed):
    with pytest.raises(NodeUnavailable) as caught:
        duebill.connect(url, deployment=deployed)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in repr(caught.value.__context__)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_threat_50_a_busy_node_is_asked_again(proxy, through, status):
    busy = iter([Reply(status=status), Reply(status=status)])
    proxy.before = lambda *_: next(busy, None)
    assert through.time()


def test_a_connection_that_the_node_has_closed_meanwhile_is_opened_again(proxy, through):
    """Nodes close idle connections; the next question does not suffer from it."""
    broken = iter([Reply(body=None)])
    proxy.before = lambda *_: next(broken, None)
    assert through.time()


def test_a_node_that_breaks_off_every_time_is_one_clear_error(proxy, through):
    proxy.before = lambda *_: Reply(body=None)
    with pytest.raises(NodeUnavailable):
        through.time()


@pytest.mark.parametrize("status", [429, 503, 500, 401])
def test_threat_50_a_node_that_stays_busy_is_one_clear_error(proxy, through, status):
    proxy.before = lambda *_: Reply(status=status)
    with pytest.raises(NodeUnavailable) as caught:
        through.time()
    assert str(status) in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"jsonrpc": "2.0", "id": 1, "result": ', b"[]", b"null", b'"0x1"', b"{}"],
)
def test_threat_50_what_is_no_answer_is_not_used(proxy, through, body):
    proxy.before = lambda *_: Reply(body=body)
    with pytest.raises(NodeAnswerInvalid):
        through.time()


@pytest.mark.parametrize(
    ("method", "result"),
    [
        ("eth_getBlockByNumber", None),
        ("eth_getBlockByNumber", {}),
        ("eth_getBlockByNumber", {"number": "0x1"}),
        ("eth_blockNumber", None),
        ("eth_blockNumber", "twelve"),
        ("eth_chainId", None),
        ("eth_call", None),
        ("eth_call", "0x1"),
        ("eth_call", "0x"),
        ("eth_call", "0x" + "ff" * 32),
        ("eth_call", 5),
        ("eth_getLogs", None),
        ("eth_getLogs", [{}]),
        ("eth_getLogs", [None]),
    ],
)
def test_threat_50_null_and_truncated_answers_are_not_used(proxy, through, scene, method, result):
    id_ = scene.issued()
    act = {
        "eth_getBlockByNumber": through.time,
        "eth_blockNumber": through.currencies,
        "eth_chainId": through.require_chain,
        "eth_call": lambda: through.receivable(id_),
        "eth_getLogs": through.receivables,
    }[method]
    proxy.after = lambda m, _, found: result if m == method else found
    with pytest.raises(NodeAnswerInvalid):
        act()


def test_threat_50_events_that_were_not_asked_for_are_not_used(proxy, through, scene):
    scene.issued()

    def shifted(method, _, found):
        if method != "eth_getLogs":
            return found
        return [{**log, "blockNumber": hex(int(log["blockNumber"], 16) + 1000)} for log in found]

    proxy.after = shifted
    with pytest.raises(NodeAnswerInvalid):
        through.receivables()


def test_threat_50_missing_events_are_noticed(proxy, through, scene):
    """A history with a hole contradicts itself or the chain."""
    id_ = scene.accepted()
    scene.split(id_, financier="400.00")

    def forgetful(method, _, found):
        return found[:-3] + found[-2:] if method == "eth_getLogs" and len(found) > 3 else found

    proxy.after = forgetful
    with contextlib.suppress(HistoryInconsistent):
        assert not through.check_invariants().holds


# -- which chain, which code ------------------------------------------------------------------


def test_threat_49_another_chain_than_the_deployments_is_refused(anvil, deployed):
    with pytest.raises(ChainMismatch) as caught:
        duebill.connect(anvil.url, deployment={"ledger": deployed.ledger, "chain_id": 1})
    assert (caught.value.expected, caught.value.found) == (1, 31337)


def test_threat_49_nothing_is_signed_when_the_node_changes_chain(proxy, through, signers):
    signed = []

    class Watched(NodeAccount):
        def sign_transaction(self, transaction):
            signed.append(transaction)
            return super().sign_transaction(transaction)

        def sign_typed_data(self, message):
            signed.append(message)
            return super().sign_typed_data(message)

    terms = through.draft(
        obligor=signers.obligor.address,
        creditor=signers.supplier.address,
        face=duebill.Money.parse("1", "EUR"),
        due_date=through.time().date(),
        programme=1,
    )
    proxy.after = lambda method, _, found: "0x1" if method == "eth_chainId" else found
    with pytest.raises(ChainMismatch):
        through.registrar(Watched(0)).verify(signers.stranger.address)
    with pytest.raises(ChainMismatch):
        through.obligor(Watched(1)).sign_acceptance(terms)
    assert not signed
    assert "eth_sendRawTransaction" not in proxy.seen


def test_threat_49_what_is_signed_names_the_chain(ledger, signers):
    kept = []

    class Watched(NodeAccount):
        def sign_transaction(self, transaction):
            kept.append(dict(transaction))
            return super().sign_transaction(transaction)

    ledger.registrar(Watched(0)).verify(signers.stranger.address).wait()
    assert kept[0]["chainId"] == 31337
    assert kept[0]["type"] == 2


def test_threat_51_other_code_at_the_ledgers_address_is_refused(anvil, deployed):
    code = artifacts.load("ReceivableLedger").deployed_bytecode
    anvil.rpc("anvil_setCode", deployed.ledger, "0x" + (code[:-60] + b"\x01" + code[-59:]).hex())
    with pytest.raises(CodeDiffers):
        duebill.connect(anvil.url, deployment=deployed)


def test_threat_51_an_address_without_code_is_refused(anvil, signers):
    with pytest.raises(CodeDiffers):
        duebill.connect(anvil.url, deployment={"ledger": signers.stranger.address})


def test_threat_51_another_office_is_refused(anvil, ledger, deployed):
    office = ledger._desk.read("office")
    anvil.rpc("anvil_setCode", office, "0x00")
    with pytest.raises(CodeDiffers):
        duebill.connect(anvil.url, deployment=deployed)


# -- sending ----------------------------------------------------------------------------------


def test_the_hash_is_known_and_the_outcome_typed(ledger, signers):
    transaction = verify(ledger, signers)
    assert len(transaction.hash) == 66
    outcome = transaction.wait()
    assert outcome.transaction == transaction.hash
    assert outcome.value is None
    assert outcome.gas_used > 21_000
    assert outcome.fee > 0
    assert [event.name for event in outcome.events] == ["PartyVerified"]
    assert transaction.status() is TransactionStatus.CONFIRMED


def test_threat_52_a_refusal_is_raised_at_the_estimate_once_and_nothing_is_sent(
    proxy, through, signers
):
    proxy.seen.clear()
    with pytest.raises(AccessManagedUnauthorized) as caught:
        through.registrar(signers.stranger).verify(signers.stranger.address)
    assert caught.value.caller == signers.stranger.address
    assert caught.value.transaction is None
    assert proxy.seen.count("eth_estimateGas") == 1
    assert "eth_sendRawTransaction" not in proxy.seen


def test_a_refusal_after_sending_names_the_transaction(scene, ledger, signers, anvil):
    """What fails only in its block is found out there, with the same typed error."""
    id_ = scene.issued()
    anvil.rpc("evm_setAutomine", False)
    transaction = ledger.obligor(signers.obligor).accept(id_)
    anvil.travel(days=60)
    assert transaction.status() is TransactionStatus.REVERTED
    with pytest.raises(RevertError) as caught:
        transaction.wait()
    assert caught.value.transaction == transaction.hash
    assert isinstance(caught.value, AcceptancePeriodOver)


def test_a_node_without_method_to_tell_the_tip_or_with_legacy_fees_works(proxy, through, signers):
    def old(method, _):
        return error(-32601, "method not found") if method == "eth_maxPriorityFeePerGas" else None

    proxy.before = old
    verify(through, signers).wait()

    def legacy(method, _, found):
        return (
            {k: v for k, v in found.items() if k != "baseFeePerGas"}
            if method == "eth_getBlockByNumber" and found
            else found
        )

    proxy.before = lambda *_: None
    proxy.after = legacy
    outcome = verify(through, signers).wait()
    assert outcome.gas_used


def test_an_account_without_ether_is_told_by_the_node(ledger, signers, anvil):
    anvil.rpc("anvil_setBalance", signers.supplier.address, "0x0")
    with pytest.raises(NodeRefused) as caught:
        ledger.supplier(signers.supplier).set_consent(signers.obligor.address)
    assert "fund" in str(caught.value).lower()


def test_a_signer_that_signs_for_another_account_sends_nothing(proxy, through, signers):
    class Mistaken(NodeAccount):
        def sign_transaction(self, transaction):
            return NodeAccount(1).sign_transaction(transaction)

    with pytest.raises(SignerMismatch):
        through.registrar(Mistaken(0)).verify(signers.stranger.address)
    assert "eth_sendRawTransaction" not in proxy.seen


def test_threat_43_threads_share_one_account_without_gap_or_reuse(ledger, deployed, anvil, signers):
    """Two connections, eight threads, one account: every transaction gets in, each once."""
    other = duebill.connect(anvil.url, deployment=deployed)
    start = anvil.rpc("eth_getTransactionCount", signers.deployer.address, "latest")
    done, failed = [], []

    def work(connection):
        try:
            done.extend(verify(connection, signers).wait().transaction for _ in range(5))
        except duebill.DuebillError as found:
            failed.append(found)

    threads = [threading.Thread(target=work, args=(c,)) for c in (ledger, other) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(set(done)) == 40
    end = anvil.rpc("eth_getTransactionCount", signers.deployer.address, "latest")
    assert int(end, 16) - int(start, 16) == 40


def test_threat_43_a_node_that_lags_behind_does_not_make_a_nonce_used_twice(
    proxy, through, signers, anvil
):
    anvil.rpc("evm_setAutomine", False)
    count = anvil.rpc("eth_getTransactionCount", signers.deployer.address, "latest")
    # A replica that never counts what is waiting.
    proxy.after = lambda m, _, found: count if m == "eth_getTransactionCount" else found
    sent = [verify(through, signers) for _ in range(3)]
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    assert len({transaction.wait().transaction for transaction in sent}) == 3


def test_a_refused_transaction_leaves_no_gap(proxy, through, signers):
    refusing = iter([error(-32000, "transaction pool is full")])
    proxy.before = lambda m, _: next(refusing, None) if m == "eth_sendRawTransaction" else None
    with pytest.raises(NodeRefused):
        verify(through, signers)
    verify(through, signers).wait(timeout=10)


def test_threat_45_after_a_broken_connection_the_same_bytes_are_sent_again(
    proxy, through, signers, anvil
):
    """It arrived, the answer did not: it is sent again as it is, never signed anew."""
    broken = iter([Reply(body=None)])
    before = int(anvil.rpc("eth_getTransactionCount", signers.deployer.address, "latest"), 16)
    proxy.after = lambda m, _, found: (
        next(broken, found) if m == "eth_sendRawTransaction" else found
    )
    verify(through, signers).wait()
    after = int(anvil.rpc("eth_getTransactionCount", signers.deployer.address, "latest"), 16)
    assert after - before == 1


def test_threat_45_when_nothing_answers_the_hash_is_handed_back(proxy, through, signers, ledger):
    proxy.after = lambda m, _, found: Reply(body=None) if m == "eth_sendRawTransaction" else found
    proxy.before = lambda m, _: (
        Reply(body=None) if m == "eth_sendRawTransaction" and (proxy.seen.count(m) > 1) else None
    )
    with pytest.raises(SubmissionUncertain) as caught:
        verify(through, signers)
    outcome = ledger.transaction(caught.value.transaction).wait()
    assert outcome.transaction == caught.value.transaction


def test_a_lost_transaction_is_sent_again_while_it_is_waited_for(ledger, signers, anvil):
    """The node forgot it; the handle has not."""
    anvil.rpc("evm_setAutomine", False)
    transaction = verify(ledger, signers)
    anvil.rpc("anvil_dropTransaction", transaction.hash)
    assert transaction.status() is TransactionStatus.PENDING
    anvil.rpc("evm_setAutomine", True)
    assert transaction.wait(timeout=10).transaction == transaction.hash


def test_a_replaced_transaction_is_noticed(ledger, signers, anvil):
    anvil.rpc("evm_setAutomine", False)
    transaction = verify(ledger, signers)
    nonce = transaction._ticket.nonce
    fields = {
        "chainId": 31337,
        "nonce": nonce,
        "to": signers.deployer.address,
        "value": 0,
        "data": "0x",
        "gas": 21_000,
        "gasPrice": 10**12,
    }
    raw = signers.deployer.sign_transaction(fields)
    anvil.rpc("eth_sendRawTransaction", "0x" + raw.hex())
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    with pytest.raises(TransactionDropped) as caught:
        transaction.wait(timeout=10)
    assert caught.value.nonce == nonce
    assert transaction.status() is TransactionStatus.DROPPED


# -- waiting ----------------------------------------------------------------------------------


def test_what_is_not_mined_runs_into_the_time_limit_and_can_be_waited_for_again(
    ledger, signers, anvil
):
    anvil.rpc("evm_setAutomine", False)
    transaction = verify(ledger, signers)
    with pytest.raises(TransactionTimeout) as caught:
        transaction.wait(timeout=0.2)
    assert caught.value.transaction == transaction.hash
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    assert transaction.wait().transaction == transaction.hash


def test_confirmations_are_counted_with_the_transactions_own_block(ledger, signers, anvil):
    transaction = verify(ledger, signers)
    transaction.wait(confirmations=1)
    assert transaction.status(confirmations=3) is TransactionStatus.INCLUDED
    with pytest.raises(TransactionTimeout):
        transaction.wait(confirmations=3, timeout=0.2)
    anvil.mine(2)
    assert transaction.status(confirmations=3) is TransactionStatus.CONFIRMED
    transaction.wait(confirmations=3)


def test_threat_47_a_transaction_that_a_reorganisation_removes_is_waited_for_again(
    ledger, signers, anvil
):
    """Only what has its confirmations is final; what left the chain is sent again."""
    transaction = verify(ledger, signers)
    first = transaction.wait()
    anvil.rpc("anvil_reorg", 1, [])
    assert not ledger._desk.chain.has_block(first.block, first.block_hash)
    second = transaction.wait(timeout=10)
    assert second.transaction == first.transaction
    assert second.block_hash != first.block_hash


@pytest.mark.parametrize("depth", [1, 2, 7, 64])
def test_threat_47_the_history_follows_a_reorganisation(scene, ledger, anvil, depth):
    """What was read from blocks that left the chain is forgotten."""
    anvil.mine(depth)
    kept = scene.issued()
    anvil.mine(1)
    gone = scene.issued()
    anvil.mine(depth - 1)
    assert {r.id for r in ledger.receivables()} == {kept, gone}
    anvil.rpc("anvil_reorg", depth, [])
    assert {r.id for r in ledger.receivables()} == {kept}
    with pytest.raises(NotFound):
        ledger.receivable(gone)


def test_threat_50_a_chain_that_never_comes_to_rest_is_not_believed(proxy, through):
    """A node that names another block each time it is asked gives no history."""
    count = itertools.count()
    proxy.after = lambda m, _, found: (
        {**found, "hash": f"0x{next(count):064x}"} if m == "eth_getBlockByNumber" else found
    )
    with pytest.raises(HistoryInconsistent):
        through.receivables()


def test_threat_50_a_receipt_whose_block_lacks_the_transaction_is_not_believed(
    proxy, through, signers
):
    transaction = verify(through, signers)
    proxy.after = lambda m, _, found: (
        {**found, "transactions": []} if m == "eth_getBlockByNumber" and found else found
    )
    with pytest.raises(NodeAnswerInvalid):
        transaction.wait()


def test_threat_50_another_transactions_receipt_is_not_believed(proxy, through, signers):
    first, second = verify(through, signers), verify(through, signers)
    other = "0x" + "12" * 32
    proxy.after = lambda m, _, found: (
        {**found, "transactionHash": other} if m == "eth_getTransactionReceipt" and found else found
    )
    for transaction in (first, second):
        with pytest.raises(NodeAnswerInvalid):
            transaction.wait()


def test_threat_50_a_receipt_from_a_block_that_there_is_not_counts_for_nothing(
    proxy, through, signers
):
    transaction = verify(through, signers)
    proxy.after = lambda m, _, found: (
        {**found, "blockNumber": "0xffffff"}
        if m == "eth_getTransactionReceipt" and found
        else found
    )
    with pytest.raises((TransactionTimeout, NodeAnswerInvalid)):
        transaction.wait(timeout=0.2)


def test_a_transaction_sent_elsewhere_is_found_by_its_hash(ledger, signers):
    transaction = verify(ledger, signers)
    found = ledger.transaction(transaction.hash)
    assert found.wait().events == transaction.wait().events
    with pytest.raises(NotFound):
        ledger.transaction("0x" + "12" * 32)


def test_a_failure_without_reason_is_said_to_be_one(signers, proxy, through):
    """The block says it failed, the same call succeeds now: no reason is made up."""
    transaction = verify(through, signers)
    proxy.after = lambda m, _, found: (
        {**found, "status": "0x0"} if m == "eth_getTransactionReceipt" and found else found
    )
    with pytest.raises(TransactionFailed) as caught:
        transaction.wait()
    assert caught.value.transaction == transaction.hash


# -- dry runs ---------------------------------------------------------------------------------


def test_a_dry_run_signs_and_sends_nothing_and_gives_the_value(proxy, through, scene):
    class Sealed(NodeAccount):
        def sign_transaction(self, _):
            raise AssertionError("a dry run signs nothing")

    terms = scene.terms()
    tried = through.supplier(Sealed(2)).simulate.issue(terms)
    outcome = tried.wait()
    assert outcome.value == terms.id
    assert outcome.simulated
    assert outcome.gas_used > 100_000
    assert tried.status() is TransactionStatus.SIMULATED
    assert "eth_sendRawTransaction" not in proxy.seen
    with pytest.raises(NotSent):
        tried.hash  # noqa: B018 - the look-up is the test
    with pytest.raises(NotFound):
        through.receivable(terms.id)


def test_a_dry_run_refuses_as_the_real_one_would(ledger, signers, scene):
    with pytest.raises(PartyNotVerified) as caught:
        ledger.supplier(signers.supplier).simulate.issue(
            scene.terms(obligor=signers.stranger.address)
        )
    assert caught.value.party == signers.stranger.address


def test_a_node_that_cannot_try_out_several_calls_tells_what_is_missing(
    proxy, through, scene, signers
):
    """Without eth_simulateV1 a payment is tried on the state as it is: without the allowance."""
    id_ = scene.accepted()
    obligor = through.obligor(signers.obligor)
    proxy.before = lambda m, _: error(-32601, "no such method") if m == "eth_simulateV1" else None
    with pytest.raises(ERC20InsufficientAllowance):
        obligor.simulate.pay(id_, "400")
    proxy.before = lambda m, _: error(-32000, "no") if m == "eth_simulateV1" else None
    with pytest.raises(NodeRefused):
        obligor.simulate.pay(id_, "400")


# -- events -----------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_event_ranges_adapt_to_the_nodes_limit(proxy, deployed, scene, limit):
    """Nodes answer for a thousand blocks, or ten; nobody has to know beforehand."""
    made = [scene.issued() for _ in range(3)]

    def limited(method, params):
        if method != "eth_getLogs":
            return None
        span = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
        return error(-32005, "query exceeds max block range") if span > limit else None

    proxy.before = limited
    through = duebill.connect(proxy.url, deployment=deployed)
    assert [r.id for r in through.receivables()] == made
    whole = scene.ledger.events()
    assert through.events() == whole
    assert len({(e.block_hash, e.log_index) for e in whole}) == len(whole)


def test_a_node_that_refuses_even_one_block_is_one_clear_error(proxy, through):
    proxy.before = lambda m, _: error(-32000, "no logs here") if m == "eth_getLogs" else None
    with pytest.raises(NodeRefused):
        through.receivables()


def test_events_are_read_once(proxy, deployed, scene):
    """The second question costs only the blocks since the first."""
    scene.issued()
    through = duebill.connect(proxy.url, deployment=deployed)
    through.receivables()
    asked = []
    proxy.before = lambda m, p: asked.append(p) if m == "eth_getLogs" else None
    scene.issued()
    assert len(through.receivables()) == 2
    (query,) = asked
    assert query[0]["fromBlock"] == query[0]["toBlock"]


def test_many_receivables_are_read_in_few_requests(proxy, through, scene):
    """Reads are packed: the number of requests does not follow the number of receivables."""
    ids = [scene.issued() for _ in range(12)]
    through.receivables()
    proxy.seen.clear()
    assert [r.id for r in through.read_many(ids)] == ids
    assert len(proxy.seen) < 5


def test_the_chain_talks_to_any_abi(anvil):
    """A chain is made without a ledger: deployments begin so."""
    chain = Chain(anvil.url, abi=duebill._abi.ledger_abi())
    assert chain.genesis() == chain.block(0).hash
    assert repr(chain).startswith("<chain 31337 at http://127.0.0.1")


def test_refusals_of_a_call_are_decoded_wherever_they_come_from(ledger):
    with pytest.raises(RevertError):
        ledger.programme(99)
    with pytest.raises(duebill.errors.ProgrammeUnknown):
        ledger.programme(99)


def test_time_is_the_chains(ledger, anvil):
    before = ledger.time()
    anvil.travel(days=400)
    assert timedelta(days=400) <= ledger.time() - before < timedelta(days=400, seconds=30)
    assert time.time() < ledger.time().timestamp()
