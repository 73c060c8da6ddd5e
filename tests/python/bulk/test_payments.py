"""Payments by the table, and tables that a contract wallet carries out."""

from __future__ import annotations

import pytest
from killing import Killed, dies
from wallets import put_wallet

from duebill.bulk import RowStatus
from duebill.bulk._run import Run
from duebill.chain import Pipeline
from duebill.errors import WalletHasNoKey, WalletUnsupported
from duebill.journal import Journal
from duebill.model import FOREVER, Money
from duebill.signing import ContractWallet

DONE, REFUSED = RowStatus.DONE, RowStatus.REFUSED


@pytest.fixture
def owing(scene):
    """Three receivables of 1,000 euros that the obligor owes."""
    return [scene.accepted() for _ in range(3)]


def test_receivables_are_paid_by_the_table_and_told_how_much_was_taken(
    ledger, owing, signers, statuses
):
    """All that is owed, a part, or no more than is owed; allowed is exactly that, and nothing is left."""
    before = ledger.cash(signers.obligor.address, "EUR")
    rows = [
        {"receivable": id_, "amount": amount}
        for id_, amount in zip(owing, [None, "250.00", "2000.00"], strict=True)
    ]
    results = sorted(ledger.obligor(signers.obligor).pay_many(rows), key=lambda it: it.row)
    assert statuses(results) == [DONE] * 3
    assert [it.id for it in results] == owing
    assert [it.paid.text for it in results] == ["1000.00", "250.00", "1000.00"]
    assert results[0].to_json()["paid"] == "1000.00"
    assert results[0].to_json()["currency"] == "EUR"
    assert [ledger.receivable(id_).owed.text for id_ in owing] == ["0.00", "750.00", "0.00"]
    assert (before - ledger.cash(signers.obligor.address, "EUR")).text == "2250.00"
    assert ledger.allowance(signers.obligor.address, "EUR", spender=ledger.address).units == 0


def test_each_currency_of_a_table_of_payments_is_allowed(ledger, scene, signers, statuses):
    ids = [scene.accepted(face=Money.parse("10.00", code)) for code in ("EUR", "USD")]
    results = list(ledger.obligor(signers.obligor).pay_many([{"receivable": id_} for id_ in ids]))
    assert statuses(results) == [DONE] * 2
    assert {(it.paid.text, it.paid.currency) for it in results} == {
        ("10.00", "EUR"),
        ("10.00", "USD"),
    }


def test_a_table_of_payments_is_tried_out_as_if_it_were_allowed(ledger, owing, signers):
    batch = ledger.obligor(signers.obligor).simulate.pay_many([{"receivable": it} for it in owing])
    assert {it.status for it in batch} == {RowStatus.POSSIBLE}
    assert ledger.receivable(owing[0]).owed.text == "1000.00"


def test_what_is_paid_already_is_refused_and_the_others_are_paid(ledger, owing, scene, signers):
    scene.pay(owing[1])
    results = list(ledger.obligor(signers.obligor).pay_many([{"receivable": it} for it in owing]))
    assert {it.row: it.error for it in results if it.status is REFUSED} == {2: "NothingOwed"}
    assert [ledger.receivable(id_).owed.units for id_ in owing] == [0, 0, 0]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [(Journal, "record"), (Pipeline, "_broadcast"), (Run, "_done")])
def test_threat_46_payments_that_were_killed_are_made_once(hall, owing, statuses, step, *, after):
    """A part of what is owed: paid twice, it would show."""
    rows = [{"receivable": it, "amount": "100.00"} for it in owing]
    with pytest.MonkeyPatch.context() as patch:
        dies(patch, *step, after=after)
        with pytest.raises(Killed):
            list(hall.ledger.obligor(hall.signers.obligor).pay_many(rows))
    again = hall.again(hall.url).ledger.obligor(hall.signers.obligor)
    assert statuses(again.pay_many(rows)) == [DONE] * 3
    assert {hall.ledger.receivable(id_).owed.text for id_ in owing} == {"900.00"}


# -- contract wallets -------------------------------------------------------------------------


@pytest.fixture
def wallet(anvil, ledger, signers, wallet_code):
    """A verified wallet that obeys the stranger's key."""
    at = put_wallet(
        anvil.url, wallet_code, owner=signers.stranger.address, payer=signers.deployer.address
    )
    ledger.registrar(signers.deployer).verify(at, until=FOREVER).wait()
    return ContractWallet(at, owner=signers.stranger)


def test_a_contract_wallet_carries_a_table_out_by_its_owners_key(
    hall, wallet, signers, anvil, statuses
):
    """What it holds is given on in a few transactions; given again, nothing happens twice."""
    list(
        hall.supplier.transfer_many([{**row, "to": wallet.address} for row in hall.to("financier")])
    )
    rows = hall.to("financier")
    rows[4]["to"] = signers.stranger.address
    results = list(hall.ledger.supplier(wallet).transfer_many(rows))
    assert {it.row: it.error for it in results if it.status is REFUSED} == {5: "PartyNotVerified"}
    assert len(hall.held_by("financier")) == 11
    (hash_,) = {it.transaction for it in results} - {None}
    transaction = anvil.rpc("eth_getTransactionByHash", hash_)
    assert transaction["from"] == signers.stranger.address.lower()
    assert transaction["to"] == wallet.address.lower()
    again = list(hall.again(anvil.url).ledger.supplier(wallet).transfer_many(rows))
    assert statuses(again).count(DONE) == 11
    assert {it.transaction for it in again} - {None} == {hash_}


def test_the_rows_of_a_wallet_can_be_transactions_of_their_own(hall, wallet, statuses):
    list(
        hall.supplier.transfer_many([{**row, "to": wallet.address} for row in hall.to("financier")])
    )
    results = list(hall.ledger.supplier(wallet).transfer_many(hall.to("financier"), alone=True))
    assert statuses(results) == [DONE] * 12
    assert len({it.transaction for it in results}) == 12


def test_a_contract_wallet_pays_by_the_table(ledger, owing, wallet, signers, statuses):
    """Its own cash: the allowance is the wallet's, too."""
    ledger.obligor(signers.obligor).send_money(wallet.address, Money.parse("300.00", "EUR")).wait()
    rows = [{"receivable": it, "amount": "100.00"} for it in owing]
    assert statuses(ledger.obligor(wallet).pay_many(rows)) == [DONE] * 3
    assert ledger.cash(wallet.address, "EUR").units == 0


def test_what_is_no_wallet_or_has_no_key_is_refused_before_anything_is_sent(hall, wallet, signers):
    with pytest.raises(WalletUnsupported):
        hall.ledger.supplier(
            ContractWallet(signers.stranger.address, owner=signers.supplier)
        ).transfer_many(hall.to("financier"))
    with pytest.raises(WalletHasNoKey):
        hall.ledger.supplier(ContractWallet(wallet.address)).transfer_many(hall.to("financier"))
