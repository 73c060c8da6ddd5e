"""What a table asks for happens once, whatever stands in one of its rows and whenever one stops."""

from __future__ import annotations

import itertools
import threading

import pytest
from killing import Killed, dies
from proxy import Reply, error, proxied

from duebill._abi import keccak
from duebill.bulk import RowStatus, _run
from duebill.bulk._packing import Tried, packed
from duebill.bulk._rows import rows_in, spans_of
from duebill.chain import FeeLimits, Pipeline
from duebill.errors import (
    BadReference,
    BatchDiffers,
    FeeAboveLimit,
    NodeAnswerInvalid,
    NodeUnavailable,
)
from duebill.journal import Journal
from duebill.model import Money, Status

DONE, REFUSED, WAITING = RowStatus.DONE, RowStatus.REFUSED, RowStatus.WAITING
MOST_GAS = 16_777_216


@pytest.fixture
def proxy(anvil):
    with proxied(anvil.url) as found:
        yield found


def sent(anvil, results):
    """The transactions of results, as the node has them."""
    hashes = dict.fromkeys(it.transaction for it in results if it.transaction)
    return [anvil.rpc("eth_getTransactionByHash", hash_) for hash_ in hashes]


# -- each operation ---------------------------------------------------------------------------


def test_receivables_are_issued_by_the_table(ledger, signers, anvil):
    """Under the terms of their rows, and with ids that are known from them."""
    due = ledger.time().date().replace(month=1, day=31, year=ledger.time().year + 1)
    row = {"currency": "EUR", "due_date": due, "programme": 1}
    rows = [
        {**row, "creditor": signers.supplier.address, "amount": f"{number}.00"}
        for number in range(1, 21)
    ]
    results = list(ledger.issuer(signers.obligor).issue_many(rows))
    assert [it.status for it in results] == [DONE] * 20
    found = [ledger.receivable(it.id) for it in results]
    assert [it.face for it in found] == [Money.parse(f"{n}.00", "EUR") for n in range(1, 21)]
    assert {it.due_date for it in found} == {due}
    assert {it.status for it in found} == {Status.ACCEPTED}
    assert len(sent(anvil, results)) < 20


def test_receivables_are_accepted_by_the_table(ledger, signers, scene, statuses):
    ids = [scene.issued() for _ in range(3)]
    results = ledger.obligor(signers.obligor).accept_many([{"receivable": id_} for id_ in ids])
    assert statuses(results) == [DONE] * 3
    assert {ledger.receivable(id_).status for id_ in ids} == {Status.ACCEPTED}


def test_vouchers_are_given_away_whole_and_in_part(hall):
    """A part becomes a new voucher, which its result names."""
    rows = hall.to("financier")
    for row, amount in zip(rows, [None, "4.00", None, "3.00", "2.00"], strict=False):
        row["amount"] = amount
    results = list(hall.supplier.transfer_many(rows))
    assert [it.status for it in results] == [DONE] * 12
    values = {it.row: hall.ledger.voucher(it.id).value.text for it in results}
    assert [values[row] for row in range(1, 7)] == [
        "10.00",
        "4.00",
        "10.00",
        "3.00",
        "2.00",
        "10.00",
    ]
    assert hall.held_by("financier") == {it.id for it in results}


def test_neighbours_of_one_voucher_become_one_split(hall, anvil, signers):
    source = hall.vouchers[0]
    rows = [
        {"voucher": source, "to": getattr(signers, who).address, "amount": f"{amount}.00"}
        for who, amount in zip(itertools.cycle(["financier", "supplier2"]), [1, 2, 3], strict=False)
    ]
    results = list(hall.supplier.split_many(rows))
    found = [hall.ledger.voucher(it.id) for it in results]
    assert [it.value.text for it in found] == ["1.00", "2.00", "3.00"]
    assert [it.holder for it in found] == [row["to"] for row in rows]
    (transaction,) = sent(anvil, results)
    split = hall.ledger._desk._abi.selector("split").hex()
    assert transaction["input"].startswith(f"0x{split}")


def test_vouchers_are_redeemed_by_the_table_and_told_what_was_paid(hall, scene, signers):
    scene.pay(hall.vouchers[0].receivable, "500.00")
    results = list(hall.supplier.redeem_many([{"voucher": it} for it in hall.vouchers]))
    assert [it.payout for it in results] == [Money.parse("5.00", "EUR")] * 12
    before = hall.ledger.cash(signers.supplier.address, "EUR")
    scene.pay(hall.vouchers[0].receivable)
    list(hall.supplier.redeem_many([{"voucher": it} for it in hall.vouchers], reference="rest"))
    assert hall.ledger.cash(signers.supplier.address, "EUR") - before == Money.parse("60.00", "EUR")


# -- packing ----------------------------------------------------------------------------------


def test_rows_are_packed_and_no_transaction_may_take_more_gas_than_there_is(ledger, signers, anvil):
    """EIP-7825; 150 receivables take more than one transaction."""
    row = {"creditor": signers.supplier.address, "amount": "5.00", "currency": "EUR"}
    due = ledger.time().date().replace(year=ledger.time().year + 1, day=1, month=2)
    rows = [{**row, "due_date": due, "programme": 1}] * 150
    results = list(ledger.issuer(signers.obligor).issue_many(rows))
    assert {it.status for it in results} == {DONE}
    gas = [int(each["gas"], 16) for each in sent(anvil, results)]
    assert 2 <= len(gas) <= 4
    assert max(gas) <= MOST_GAS


def test_rows_can_be_transactions_of_their_own(hall, anvil):
    results = list(hall.supplier.transfer_many(hall.to("financier"), alone=True))
    assert len(sent(anvil, results)) == 12
    assert {it.status for it in results} == {DONE}


def test_a_pack_is_full_when_its_gas_its_bytes_or_its_rows_are():
    def sizes(**given):
        rows = [
            Tried(row=number, item=[], call=bytes(given.get("size", 100)), gas=50_000)
            for number in range(1, given.get("count", 1_000) + 1)
        ]
        return [
            len(pack)
            for pack in packed(rows, room=given.get("room", 10**12), most=given.get("most"))
        ]

    assert sizes(room=32_000 * 300) == [300, 300, 300, 100]
    assert sizes(most=1, count=3) == [1, 1, 1]
    assert all(size * 20_096 <= 110_000 for size in sizes(size=20_000, count=20))
    assert sum(sizes(size=20_000, count=20)) == 20
    assert sizes(count=1, size=200_000) == [1]


def test_scattered_rows_do_not_outgrow_a_reference():
    rows = [Tried(row=n * 1_000, item=[], call=b"", gas=50_000) for n in range(1, 200)]
    packs = list(packed(rows, room=10**12, most=None))
    assert all(len(spans_of([it.row for it in pack])) <= 80 for pack in packs)
    assert [it for pack in packs for it in pack] == rows


@pytest.mark.parametrize(
    ("rows", "spans"),
    [([2], "2"), ([2, 3, 4], "2-4"), ([2, 4, 5, 9], "2+4-5+9"), ([10, 11], "10-11")],
)
def test_rows_are_written_as_spans(rows, spans):
    assert spans_of(rows) == spans
    assert rows_in(spans) == rows


@pytest.mark.parametrize("text", ["", "2-", "-2", "2+", "a", "2 3", "2-3-4", "2#2"])
def test_what_are_no_spans_is_noticed(text):
    assert rows_in(text) is None


# -- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize("alone", [False, True])
def test_a_refused_row_does_not_take_down_its_neighbours(hall, signers, statuses, alone):
    rows = hall.to("financier")
    rows[4]["to"] = signers.stranger.address
    rows[7]["voucher"] = hall.vouchers[0].receivable.voucher(99)
    results = list(hall.supplier.transfer_many(rows, alone=alone))
    refused = {it.row: it for it in results if it.status is REFUSED}
    assert {row: it.error for row, it in refused.items()} == {
        5: "PartyNotVerified",
        8: "ERC721NonexistentToken",
    }
    assert "verified" in refused[5].message
    assert statuses(results).count(DONE) == 10
    assert hall.held_by("financier") == set(hall.vouchers) - {hall.vouchers[4], hall.vouchers[7]}


@pytest.mark.parametrize("answer", [error(-32601, "no such method"), error(-38015, "too much gas")])
def test_nodes_that_cannot_try_several_calls_out_single_them_out_all_the_same(
    hall, proxy, signers, answer
):
    proxy.before = lambda method, _: answer if method == "eth_simulateV1" else None
    rows = hall.to("financier")
    rows[4]["to"] = signers.stranger.address
    results = list(hall.again(proxy.url).transfer_many(rows))
    assert [it.row for it in results if it.status is REFUSED] == [5]
    assert len(hall.held_by("financier")) == 11


def test_what_an_earlier_row_makes_possible_is_not_refused(hall, signers):
    """Here the second row moves a voucher that the first one makes."""
    source = hall.vouchers[0].receivable
    coming = source.voucher(14)
    rows = [
        {"voucher": hall.vouchers[0], "to": signers.supplier.address, "amount": "4.00"},
        {"voucher": coming, "to": signers.financier.address},
    ]
    assert {it.status for it in hall.supplier.transfer_many(rows)} == {DONE}
    assert hall.held_by("financier") == {coming}


@pytest.fixture
def meddling(monkeypatch, anvil):
    """Something that changes the ledger after a batch is sent and before it is in a block."""

    def meddle(act):
        once = iter([True])
        send = Pipeline.send

        def sending(self, writes):
            anvil.rpc("evm_setAutomine", False)
            entries = send(self, writes)
            if next(once, False):
                act()
            anvil.rpc("evm_setAutomine", True)
            anvil.rpc("anvil_mine")
            return entries

        monkeypatch.setattr(Pipeline, "send", sending)

    return meddle


def test_a_transaction_that_is_refused_as_a_whole_is_taken_apart(hall, meddling, anvil, signers):
    """What nobody could foresee when the rows were tried out: a recipient loses its verification."""
    rows = hall.to("financier")
    rows[2]["to"] = signers.supplier2.address
    call = hall.ledger._desk._abi.encode("verifyParty", signers.supplier2.address, 0, bytes(32))
    first = {
        "from": signers.deployer.address,
        "to": hall.ledger.address,
        "data": "0x" + call.hex(),
        "maxPriorityFeePerGas": hex(10**12),
        "maxFeePerGas": hex(10**13),
    }
    meddling(lambda: anvil.rpc("eth_sendTransaction", first))
    results = list(hall.supplier.transfer_many(rows))
    assert {it.row: it.error for it in results if it.status is REFUSED} == {3: "PartyNotVerified"}
    assert len(hall.held_by("financier")) == 11


# -- once -------------------------------------------------------------------------------------


def test_the_same_table_again_is_the_same_batch(hall, anvil):
    """Also without a reference, and in another process: nothing is sent, the results are the same."""
    first = list(hall.supplier.transfer_many(hall.to("financier")))
    blocks = anvil.rpc("eth_blockNumber")
    again = list(hall.again(anvil.url).transfer_many(hall.to("financier")))
    assert sorted(again, key=lambda it: it.row) == first
    assert anvil.rpc("eth_blockNumber") == blocks


def test_iterating_again_gives_the_same(hall):
    batch = hall.supplier.transfer_many(hall.to("financier"), alone=True)
    assert sorted(batch, key=lambda it: it.row) == sorted(batch, key=lambda it: it.row)
    assert hall.held_by("financier") == set(hall.vouchers)


def test_another_reference_is_another_batch(hall, statuses):
    rows = hall.parts()
    for reference in ("january", "february"):
        assert statuses(hall.supplier.transfer_many(rows, reference=reference)) == [DONE] * 12
    assert len(hall.held_by("financier")) == 24


def test_refused_rows_can_be_corrected_under_the_same_reference(hall, signers, statuses):
    """What is done is found; only the corrected row is sent."""
    rows = hall.to("financier")
    rows[4]["to"] = signers.stranger.address
    list(hall.supplier.transfer_many(rows, reference="payments"))
    rows[4]["to"] = signers.financier.address
    assert statuses(hall.supplier.transfer_many(rows, reference="payments")) == [DONE] * 12
    assert hall.held_by("financier") == set(hall.vouchers)


def test_other_rows_under_the_same_reference_are_refused(hall):
    list(hall.supplier.transfer_many(hall.to("financier"), reference="payments"))
    for changed in ([*hall.to("supplier2")], hall.to("financier")[1:]):
        with pytest.raises(BatchDiffers, match="1-12"):
            list(hall.supplier.transfer_many(changed, reference="payments"))
    assert hall.held_by("supplier2") == set()


def test_another_accounts_batch_is_not_taken_for_ones_own(hall, scene):
    """Not even if it says the same, word for word."""
    scene.pay(hall.vouchers[0].receivable)
    rows = [{"voucher": hall.vouchers[0]}]
    list(hall.supplier.redeem_many(rows, reference="redeemed"))
    financier = hall.ledger.financier(hall.signers.financier)
    with pytest.raises(BatchDiffers):
        list(financier.redeem_many(rows, reference="redeemed"))


def test_the_facades_own_reference_is_the_batchs(hall):
    batch = hall.supplier.once("payments-7").transfer_many(hall.to("financier"))
    assert batch.reference == "payments-7"


@pytest.mark.parametrize("reference", ["", "a b\n", "ü", "x" * 101, "/x"])
def test_a_reference_has_a_form(hall, reference):
    with pytest.raises(BadReference):
        hall.supplier.transfer_many(hall.to("financier"), reference=reference)


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "step",
    [
        (Journal, "record"),
        (Pipeline, "_broadcast"),
        (Pipeline, "landed"),
        (Journal, "settle"),
        (_run.Run, "_done"),
    ],
)
def test_threat_46_whoever_is_killed_anywhere_goes_on_and_does_nothing_twice(
    hall, statuses, step, *, after, alone
):
    """Before and after each step; the next process has the table, the reference and the journal."""
    rows = hall.parts()
    with pytest.MonkeyPatch.context() as patch:
        dies(patch, *step, after=after)
        with pytest.raises(Killed):
            list(hall.supplier.transfer_many(rows, alone=alone))
    results = list(hall.again(hall.url).transfer_many(rows, alone=alone))
    assert statuses(results) == [DONE] * 12
    assert len({it.id for it in results}) == 12
    assert len(hall.held_by("financier")) == 12


def test_threat_46_a_user_who_stops_looking_goes_on_later(hall, anvil, statuses):
    rows = hall.parts()
    results = iter(hall.supplier.transfer_many(rows, alone=True))
    assert next(results).status is DONE
    results.close()
    assert statuses(hall.again(anvil.url).transfer_many(rows, alone=True)) == [DONE] * 12
    assert len(hall.held_by("financier")) == 12


@pytest.mark.parametrize("arrived", [False, True])
def test_threat_45_a_batch_whose_answer_is_lost_is_sent_once(hall, proxy, statuses, arrived):
    """Whether the transactions arrived or not, they are watched and sent again."""
    lost = iter([True])

    def lose(batch):
        if batch[0]["method"] != "eth_sendRawTransaction" or not next(lost, False):
            return None
        if arrived:
            for request in batch:
                proxy.answer(request)
        return Reply(body=None)

    proxy.together = lose
    rows = hall.parts()
    assert statuses(hall.again(proxy.url).transfer_many(rows, alone=True)) == [DONE] * 12
    assert len(hall.held_by("financier")) == 12


def test_threat_45_a_node_that_goes_away_stops_the_batch_and_the_next_run_finishes_it(
    hall, proxy, anvil, statuses
):
    rows = hall.to("financier")
    proxy.together = lambda batch: (
        Reply(body=None) if batch[0]["method"] == "eth_getTransactionReceipt" else None
    )
    with pytest.raises(NodeUnavailable):
        list(hall.again(proxy.url).transfer_many(rows, alone=True))
    assert statuses(hall.again(anvil.url).transfer_many(rows, alone=True)) == [DONE] * 12


def test_threat_43_two_processes_with_one_table_send_each_row_once(hall, anvil, statuses):
    rows = hall.parts()
    found = []

    def work():
        found.append(statuses(hall.again(anvil.url).transfer_many(rows, alone=True)))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[DONE] * 12] * 3
    assert len(hall.held_by("financier")) == 12


def test_threat_47_a_reorganisation_brings_the_rows_back(hall, anvil, statuses):
    """The blocks are made anew without them; the same batch again sends the same transactions."""
    rows = hall.to("financier")
    list(hall.supplier.transfer_many(rows))
    anvil.rpc("anvil_reorg", 1, [])
    assert hall.again(anvil.url).ledger.vouchers(holder=hall.signers.financier.address) == ()
    assert statuses(hall.again(anvil.url).transfer_many(rows)) == [DONE] * 12
    assert hall.held_by("financier") == set(hall.vouchers)


def test_what_gets_into_no_block_waits_and_is_not_lost(hall, anvil, statuses):
    anvil.rpc("evm_setAutomine", False)
    results = list(hall.supplier.transfer_many(hall.to("financier"), timeout=0.5))
    assert {it.status for it in results} == {WAITING}
    assert all(it.transaction for it in results)
    anvil.rpc("evm_setAutomine", True)
    anvil.rpc("anvil_mine")
    assert statuses(hall.supplier.transfer_many(hall.to("financier"))) == [DONE] * 12


def test_rows_count_as_done_when_their_block_is_final(hall, anvil, statuses):
    supplier = hall.again(anvil.url, confirmations=3)
    results = list(supplier.transfer_many(hall.to("financier"), timeout=0.5))
    assert {it.status for it in results} == {WAITING}
    anvil.mine(2)
    assert statuses(supplier.transfer_many(hall.to("financier"))) == [DONE] * 12


def test_more_rows_than_are_under_way_at_once(hall, monkeypatch, statuses):
    """The pipeline is filled again and again."""
    monkeypatch.setattr(_run, "_GAS_AT_ONCE", 100_000)
    monkeypatch.setattr(_run, "_MOST_ALONE", 4)
    assert statuses(hall.supplier.transfer_many(hall.to("financier"), alone=True)) == [DONE] * 12


def test_what_may_be_paid_is_the_most_that_is_offered(hall, proxy):
    """The limits of the connection hold for tables as well; nothing is sent above them."""
    supplier = hall.again(proxy.url, fees=FeeLimits(max_fee_per_gas=1))
    with pytest.raises(FeeAboveLimit):
        list(supplier.transfer_many(hall.to("financier")))
    assert "eth_sendRawTransaction" not in proxy.seen


@pytest.mark.parametrize("more", [-1, 1])
def test_threat_50_a_receipt_with_other_events_is_not_believed(hall, proxy, more):
    """One new voucher for each part: neither fewer nor more are told."""

    def lie(method, _, receipt):
        if method == "eth_getTransactionReceipt" and receipt:
            topic = "0x" + keccak(b"SlotChanged(uint256,uint256,uint256)").hex()
            slots = [log for log in receipt["logs"] if log["topics"][0] == topic]
            receipt["logs"] = receipt["logs"] + slots[:1] if more > 0 else []
        return receipt

    proxy.after = lie
    with pytest.raises(NodeAnswerInvalid, match="events"):
        list(hall.again(proxy.url).transfer_many(hall.parts()))
    assert len(hall.held_by("financier")) == 12


# -- dry runs ---------------------------------------------------------------------------------


def test_a_dry_run_sends_nothing_and_tells_what_would_be_refused(hall, proxy, signers):
    rows = hall.to("financier")
    rows[4]["to"] = signers.stranger.address
    results = list(hall.again(proxy.url).simulate.transfer_many(rows))
    assert [it.row for it in results if it.status is REFUSED] == [5]
    assert [it.status for it in results].count(RowStatus.POSSIBLE) == 11
    assert "eth_sendRawTransaction" not in proxy.seen
    assert hall.held_by("financier") == set()


def test_results_are_objects_for_json(hall, scene):
    scene.pay(hall.vouchers[0].receivable)
    (result,) = hall.supplier.redeem_many([{"voucher": hall.vouchers[0]}])
    told = result.to_json()
    assert told == {
        "row": 1,
        "status": "done",
        "id": hall.vouchers[0],
        "payout": "10.00",
        "paid": None,
        "currency": "EUR",
        "transaction": result.transaction,
        "block": result.block,
        "error": None,
        "message": None,
    }
