"""A reference is carried out once: whatever breaks, whoever asks again."""

from __future__ import annotations

import multiprocessing
import threading

import pytest
from proxy import Reply, error
from sending import call

import duebill
from duebill import errors
from duebill._abi import events_abi
from duebill._actions import NOTHING
from duebill.chain import Chain, Write
from duebill.chain._signed import read_signed
from duebill.journal import Stage
from duebill.model import FOREVER, TransactionStatus

SEND = "eth_sendRawTransaction"


# -- references -------------------------------------------------------------------------------


def test_the_same_reference_again_gives_the_first_result(bench):
    first = bench.send("pay", reference="PO-4711").wait()
    again = bench.send("pay", reference="PO-4711").wait()
    assert again == first
    assert bench.words() == ["pay"]


def test_without_a_reference_every_write_is_one(bench):
    sent = [bench.send("pay") for _ in range(2)]
    assert len({transaction.wait().transaction for transaction in sent}) == 2
    assert len({transaction.reference for transaction in sent}) == 2


def test_another_intent_under_the_same_reference_is_refused_and_both_are_named(bench):
    sent = bench.send("pay", reference="PO-4711")
    sent.wait()
    with pytest.raises(errors.ReferenceTaken) as caught:
        bench.send("pay twice", reference="PO-4711")
    assert caught.value.recorded == f"{call(bench.to, 'pay').digest} by {bench.signer.address}"
    assert call(bench.to, "pay twice").digest in caught.value.wanted
    assert bench.words() == ["pay"]


def test_another_sender_under_the_same_reference_is_refused(bench, signers):
    bench.send("pay", reference="PO-4711").wait()
    bench.signer = signers.supplier
    with pytest.raises(errors.ReferenceTaken):
        bench.send("pay", reference="PO-4711")


@pytest.mark.parametrize("reference", ["", " x", "x ", "x" * 201, "a\nb", "é", "a'b", "-x"])
def test_what_cannot_be_a_reference_is_refused(bench, reference):
    with pytest.raises(errors.BadReference):
        bench.send("pay", reference=reference)


@pytest.mark.parametrize("reference", ["x", "PO-4711", "job 7/row 12", "a" * 200, "2026-11-25#3"])
def test_what_can_be_a_reference(bench, reference):
    assert bench.send("pay", reference=reference).reference == reference


def test_threat_52_a_refusal_before_signing_leaves_the_reference_free(ledger, signers):
    """Nothing was signed, so nothing is recorded: the reference can be used when it is allowed."""
    stranger = ledger.registrar(signers.stranger).once("verify-1")
    with pytest.raises(errors.AccessManagedUnauthorized):
        stranger.verify(signers.stranger.address, until=FOREVER)
    registrar = ledger.registrar(signers.deployer).once("verify-1")
    registrar.verify(signers.stranger.address, until=FOREVER).wait()


def test_a_payment_with_approvals_is_made_once(scene, ledger, signers):
    """The approval has a reference of its own, and is not asked for again."""
    id_ = scene.accepted()
    obligor = ledger.obligor(signers.obligor).once("PO-4711")
    first = obligor.pay(id_, "400").wait()
    assert obligor.pay(id_, "400").wait() == first
    assert ledger.receivable(id_).paid.units == 400 * 10**6


def test_all_that_is_owed_is_paid_once(scene, ledger, signers):
    """The second time nothing is owed; it still is the same payment."""
    id_ = scene.accepted()
    obligor = ledger.obligor(signers.obligor).once("PO-4711")
    first = obligor.pay(id_).wait()
    assert first.value == ledger.receivable(id_).face
    assert obligor.pay(id_).wait() == first


# Code that refuses everything with AlreadyIssued(0).
REFUSING = "0x7f8ea023a5" + "00" * 28 + "600052" + "60246000fd"


def test_a_reverted_write_is_final_and_gives_the_same_error_again(bench, anvil):
    """What it was refused with is written down: it is not asked for again, and not sent again."""
    anvil.rpc("evm_setAutomine", False)
    sent = bench.send("pay", reference="a")
    anvil.rpc("anvil_setCode", bench.to, REFUSING)
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    with pytest.raises(errors.AlreadyIssued) as caught:
        sent.wait()
    anvil.rpc("anvil_setCode", bench.to, "0x")
    with pytest.raises(errors.AlreadyIssued) as again:
        bench.send("pay", reference="a").wait()
    assert str(again.value) == str(caught.value)
    assert again.value.transaction == sent.hash
    entry = bench.chain().dispatch.journal.find("a")
    assert (entry.stage, entry.settled.error) == (Stage.REVERTED, "AlreadyIssued")
    assert sent.status() is TransactionStatus.REVERTED
    assert bench.words() == ["pay"]


# -- breaking off -----------------------------------------------------------------------------


def test_threat_45_what_may_have_arrived_is_never_signed_anew(bench, proxy):
    """The answer is lost, and then the node is; the reference leads to the one transaction."""
    chain = bench.chain(proxy.url)
    proxy.after = lambda m, _, found: Reply(body=None) if m == SEND else found
    proxy.before = lambda m, _: (
        Reply(body=None) if m == SEND and proxy.seen.count(SEND) > 1 else None
    )
    with pytest.raises(errors.SubmissionUncertain) as caught:
        bench.send("pay", chain=chain, reference="PO-4711")
    assert caught.value.reference == "PO-4711"
    outcome = bench.send("pay", reference="PO-4711").wait()
    assert outcome.transaction == caught.value.transaction
    assert bench.words() == ["pay"]


def test_threat_46_what_was_recorded_and_not_sent_is_sent_by_whoever_comes_next(bench, proxy):
    """The process ended between the commit and the sending."""
    chain = bench.chain(proxy.url)
    proxy.before = lambda m, _: Reply(body=None) if m == SEND else None
    with pytest.raises(errors.SubmissionUncertain):
        bench.send("first", chain=chain, reference="a")
    assert bench.words() == []
    bench.send("second", reference="b").wait()
    assert bench.words() == ["first", "second"]


def test_threat_50_a_node_that_lies_about_the_nonce_is_not_believed(bench, proxy):
    """It says that the nonce is used, and has taken the transaction."""
    chain = bench.chain(proxy.url)
    proxy.after = lambda m, _, found: error_reply(found) if m == SEND else hide(m, found)
    with pytest.raises(errors.SubmissionUncertain):
        bench.send("pay", chain=chain, reference="a")
    bench.send("pay", reference="a").wait()
    assert bench.words() == ["pay"]


def error_reply(_):
    return error(-32000, "nonce too low")


def hide(method, found):
    return None if method == "eth_getTransactionByHash" else found


def test_a_refused_write_gives_its_nonce_back_and_can_be_taken_up_again(bench, proxy):
    chain = bench.chain(proxy.url)
    proxy.before = lambda m, _: error(-32000, "pool is full") if m == SEND else None
    with pytest.raises(errors.NodeRefused):
        bench.send("first", chain=chain, reference="a")
    proxy.before = lambda *_: None
    bench.send("second", chain=chain, reference="b").wait()
    bench.send("first", chain=chain, reference="a").wait()
    assert bench.words() == ["second", "first"]


def test_a_nonce_filled_elsewhere_is_noticed_and_the_intent_is_signed_anew(bench, anvil):
    """Another wallet used the nonce; that is proven by its transaction, in a final block."""
    anvil.rpc("evm_setAutomine", False)
    sent = bench.send("pay", reference="a")
    bench.foreign(nonce=sent._ticket.nonce)
    anvil.mine()
    anvil.rpc("evm_setAutomine", True)
    with pytest.raises(errors.TransactionDropped):
        sent.wait()
    assert bench.words() == []
    bench.send("pay", reference="a").wait()
    bench.send("pay", reference="a").wait()
    assert bench.words() == ["pay"]


# -- several at once --------------------------------------------------------------------------


def test_threat_43_threads_with_one_reference_send_one_transaction(bench):
    hashes, failed = [], []

    def work():
        try:
            hashes.append(bench.send("pay", reference="PO-4711").wait().transaction)
        except duebill.DuebillError as found:
            failed.append(found)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(hashes) == 6
    assert bench.words() == ["pay"]


def _process(url, journal, to, index, references):
    from duebill.node_accounts import NodeAccount  # noqa: PLC0415 - in the other process

    chain = Chain(url, abi=events_abi(), journal=journal)
    sent = [
        chain.submit(call(to, reference), signer=NodeAccount(index), reference=reference)
        for reference in references
    ]
    for transaction in sent:
        transaction.wait(timeout=60)


def test_threat_43_two_processes_share_one_account_without_gap_or_reuse(bench):
    """Half of the references are the same: those are sent once."""
    context = multiprocessing.get_context("spawn")
    shared = [f"both-{n}" for n in range(8)]
    processes = [
        context.Process(
            target=_process,
            args=(
                bench.anvil.url,
                str(bench.journal),
                bench.to,
                6,
                [f"{who}-{n}" for n in range(8)] + shared,
            ),
        )
        for who in ("left", "right")
    ]
    before, before_block = bench.count(), bench.head()
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0, 0]
    words = bench.words(since=before_block)
    assert sorted(words) == sorted({*words})
    assert len(words) == 24
    assert bench.count() - before == 24


# -- signed elsewhere -------------------------------------------------------------------------


def test_what_is_prepared_here_and_signed_elsewhere_is_sent_once(bench):
    chain = bench.chain()
    action = call(bench.to, "pay")
    prepared = chain.prepare(action, sender=bench.signer.address, reference="PO-4711")
    assert chain.prepare(action, sender=bench.signer.address, reference="PO-4711") == prepared
    raw = bench.signer.sign_transaction(prepared.fields)
    for _ in range(2):
        chain.submit_signed(raw, NOTHING, reference="PO-4711").wait()
    assert bench.words() == ["pay"]
    with pytest.raises(errors.NotPrepared):
        chain.prepare(action, sender=bench.signer.address, reference="PO-4711")


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("nonce", 99, "nonce"),
        ("to", "0x" + "11" * 20, "contract"),
        ("data", "0x99", "call"),
        ("value", 1, "value"),
        ("chainId", 1, "chain"),
    ],
)
def test_what_was_signed_must_be_exactly_what_was_prepared(bench, field, value, named):
    chain = bench.chain()
    prepared = chain.prepare(call(bench.to, "pay"), sender=bench.signer.address, reference="a")
    raw = bench.signer.sign_transaction({**prepared.fields, field: value})
    with pytest.raises(errors.SignedDiffers) as caught:
        chain.submit_signed(raw, NOTHING, reference="a")
    assert caught.value.field == named
    assert bench.words() == []


def test_what_somebody_else_signed_is_refused(bench, signers):
    chain = bench.chain()
    prepared = chain.prepare(call(bench.to, "pay"), sender=bench.signer.address, reference="a")
    raw = signers.supplier.sign_transaction(prepared.fields)
    with pytest.raises(errors.SignedDiffers) as caught:
        chain.submit_signed(raw, NOTHING, reference="a")
    assert caught.value.field == "sender"


@pytest.mark.parametrize("raw", [b"\x02", b"\x02\xc0", b"\xc0", b"\xff" * 40, b"\x7f" * 3])
def test_other_bytes_are_no_signed_transaction(raw):
    with pytest.raises(errors.SignedDiffers):
        read_signed(raw)


def test_a_legacy_transaction_is_read_as_it_is(bench):
    fields = {
        "chainId": 31337,
        "nonce": 7,
        "to": bench.to,
        "value": 0,
        "data": "0x1234",
        "gas": 30_000,
        "gasPrice": 11,
    }
    read = read_signed(bench.signer.sign_transaction(fields))
    said = read.unsigned
    assert (read.sender, said.chain_id, said.nonce) == (bench.signer.address, 31337, 7)
    assert (said.recipient, said.data, said.price, said.tip) == (bench.to, b"\x12\x34", 11, 11)


def test_a_reference_that_was_never_prepared_is_unknown(bench):
    with pytest.raises(errors.ReferenceUnknown):
        bench.chain().submit_signed(b"", NOTHING, reference="nothing")


def test_others_go_past_what_waits_for_its_signature(bench):
    """Its nonce is held; when it is brought, all get in."""
    chain = bench.chain()
    prepared = chain.prepare(call(bench.to, "first"), sender=bench.signer.address, reference="a")
    second = bench.send("second", reference="b")
    assert second._ticket.nonce == prepared.nonce + 1
    raw = bench.signer.sign_transaction(prepared.fields)
    chain.submit_signed(raw, NOTHING, reference="a").wait()
    second.wait()
    assert bench.words() == ["first", "second"]


def test_what_was_prepared_and_withdrawn_gives_its_nonce_back(bench):
    chain = bench.chain()
    prepared = chain.prepare(call(bench.to, "first"), sender=bench.signer.address, reference="a")
    chain.dispatch.withdraw("a")
    assert bench.send("second", reference="b")._ticket.nonce == prepared.nonce


# -- many at once -----------------------------------------------------------------------------


def writes(bench, words):
    return [
        Write(action=call(bench.to, word), reference=f"job/{word}", gas=30_000) for word in words
    ]


def test_a_batch_is_sent_once_and_written_down_together(bench):
    chain = bench.chain()
    words = [f"row-{n}" for n in range(20)]
    sent = chain.submit_many(writes(bench, words), signer=bench.signer)
    assert [entry.reference for entry in sent] == [f"job/{word}" for word in words]
    assert bench.words() == words
    again = chain.submit_many(writes(bench, [*words, "row-20"]), signer=bench.signer)
    assert [entry.id for entry in again[:20]] == [entry.id for entry in sent]
    assert bench.words() == [*words, "row-20"]
    receipts = [(entry, chain.sound_receipt(entry.newest.hash)) for entry in again]
    assert len(chain.settle_many(receipts)) == 21
    assert {entry.stage for entry in chain.dispatch.journal.entries()} == {Stage.DONE}


def test_a_batch_that_broke_while_it_was_sent_is_finished_by_the_next_connection(bench):
    words = [f"row-{n}" for n in range(5)]

    def breaking(raws):
        bench.anvil.rpc(SEND, "0x" + raws[0].hex())
        raise errors.NodeUnavailable("here", reason="it broke")

    with pytest.raises(errors.NodeUnavailable):
        bench.chain().submit_many(writes(bench, words), signer=bench.signer, broadcast=breaking)
    assert bench.words() == words[:1]
    recovered = bench.chain()
    assert [entry.reference for entry in recovered.dispatch.recover()] == [
        f"job/{word}" for word in words[1:]
    ]
    assert bench.words() == words
    assert recovered.dispatch.recover() == []


def test_a_reference_twice_in_a_batch_is_refused(bench):
    with pytest.raises(errors.ReferenceTaken):
        bench.chain().submit_many(writes(bench, ["a", "b", "a"]), signer=bench.signer)
    assert bench.words() == []


def test_a_batch_of_nothing_is_nothing(bench):
    assert bench.chain().submit_many([], signer=bench.signer) == []
