"""A company whose account is a contract does all that others do, by its owner's key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from people import DAY, ORDER, OTHER, OWNER

from duebill import ContractWallet
from duebill.deployment import Role
from duebill.errors import (
    PartyIsFrozen,
    SignatureInvalid,
    UnknownRevert,
    WalletHasNoKey,
    WalletUnsupported,
)
from duebill.model import Money, Status, proposal
from duebill.node_accounts import NodeAccount
from duebill.parties import Stage, Verification

THIEF = NodeAccount(8)
TERMS = {"advance_rate": "80", "rate": "6"}


@pytest.fixture
def holding(scene, ledger, signers, wallet):
    """A receivable whose whole first voucher the wallet got from the supplier."""
    id_ = scene.accepted()
    ledger.supplier(signers.supplier).transfer(id_.voucher(1), wallet.address).wait()
    return id_


def eur(text):
    return Money.parse(text, "EUR")


# -- as a holder ----------------------------------------------------------------------------------


def test_a_wallet_receives_splits_passes_on_and_redeems(scene, ledger, signers, wallet, holding):
    holder = ledger.supplier(wallet)

    (part,) = holder.split(holding.voucher(1), {wallet.address: "400.00"}).wait().value
    given = holder.transfer(part, signers.financier.address, value="150.00").wait().value
    scene.pay(holding)
    paid = [holder.redeem(voucher).wait().value for voucher in (part, holding.voucher(1))]

    assert ledger.voucher(given).holder == signers.financier.address
    assert paid == [eur("250.00"), eur("600.00")]
    assert ledger.party(wallet.address).vouchers == 0
    assert ledger.check_invariants().holds


# -- with cash ------------------------------------------------------------------------------------


def test_a_wallet_sells_to_a_banks_bid_in_one_transaction(ledger, signers, wallet, holding):
    """Approval and sale together: the wallet's owner signs one transaction."""
    bid = ledger.financier(signers.financier).bid(holding, "1000", rate="5.25")
    chain = ledger._desk.chain
    nonce, cash = chain.nonce(OWNER.address), ledger.cash(wallet.address, "EUR")

    sale = ledger.supplier(wallet).sell(bid, holding.voucher(1), value="400").wait().value

    assert chain.nonce(OWNER.address) == nonce + 1
    assert ledger.cash(wallet.address, "EUR") == cash + sale.proceeds
    assert ledger.voucher(sale.voucher).holder == signers.financier.address


def test_a_wallets_ask_is_signed_by_its_owner_and_asked_of_the_wallet(
    ledger, signers, wallet, holding
):
    """ERC-1271: the exchange asks the wallet whether its owner's signature counts."""
    ask = ledger.supplier(wallet).offer(holding.voucher(1), price="980.00")

    bought = ledger.financier(signers.financier).buy(ask).wait().value

    assert ask.terms.maker == wallet.address
    assert ledger.voucher(bought.voucher).holder == signers.financier.address


def test_a_wallet_buys_with_the_approval_in_the_same_transaction(scene, ledger, signers, wallet):
    voucher = scene.accepted().voucher(1)
    ask = ledger.supplier(signers.supplier).offer(voucher, price="980.00")
    nonce = ledger._desk.chain.nonce(OWNER.address)

    ledger.financier(wallet).buy(ask).wait()

    assert ledger._desk.chain.nonce(OWNER.address) == nonce + 1
    assert ledger.voucher(voucher).holder == wallet.address


def test_a_wallet_pledges_borrows_and_pays_back(ledger, signers, wallet, holding):
    loan = ledger.financier(signers.financier).lend(holding.voucher(1), **TERMS)
    borrower = ledger.supplier(wallet)

    id_ = borrower.borrow(loan).wait().value
    assert ledger.voucher(holding.voucher(1)).holder == ledger.loans.address
    borrower.repay(id_).wait()

    assert ledger.voucher(holding.voucher(1)).holder == wallet.address


def test_a_wallet_lends_by_its_owners_signature(scene, ledger, signers, wallet):
    voucher = scene.accepted().voucher(1)
    loan = ledger.financier(wallet).lend(voucher, **TERMS)

    id_ = ledger.supplier(signers.supplier).borrow(loan).wait().value

    assert ledger.loans.loan(id_).terms.lender == wallet.address


def test_a_wallet_guarantees(scene, ledger, wallet):
    """With a margin: allowed and laid up in one transaction."""
    receivable = scene.accepted()
    until = ledger.time() + timedelta(days=200)

    id_ = ledger.guarantor(wallet).cover(receivable, cap="500", margin="50", until=until)

    assert ledger.guarantees.aval(id_.wait().value).terms.guarantor == wallet.address


# -- as an obligor --------------------------------------------------------------------------------


def test_a_wallet_accepts_by_its_owners_signature_and_pays(scene, ledger, signers, wallet):
    """Anyone brings the signature; the ledger asks the wallet."""
    receivable = scene.issued(obligor=wallet.address)
    obligor = ledger.obligor(wallet)

    signed = obligor.sign_acceptance(receivable)
    ledger.supplier(signers.supplier).submit_acceptance(signed).wait()
    assert not signed.is_by_obligor()
    assert ledger.receivable(receivable).status is Status.ACCEPTED
    assert obligor.pay(receivable).wait().value == eur("1000.00")
    assert ledger.receivable(receivable).status is Status.SETTLED


def test_a_wallet_accepts_by_itself(scene, ledger, wallet):
    receivable = scene.issued(obligor=wallet.address)

    ledger.obligor(wallet).accept(receivable).wait()

    assert ledger.receivable(receivable).status is Status.ACCEPTED


def test_21_another_keys_signature_does_not_count(scene, ledger, signers, wallet):
    receivable = scene.issued(obligor=wallet.address)
    impostor = ledger.obligor(ContractWallet(wallet.address, owner=THIEF))

    signed = impostor.sign_acceptance(receivable)

    with pytest.raises(SignatureInvalid):
        ledger.supplier(signers.supplier).submit_acceptance(signed)


# -- in an office, on the registry ----------------------------------------------------------------


def test_a_wallet_holds_a_role_with_a_delay(ledger, offices, anvil, wallet):
    """A registrar that is a contract announces, waits and verifies like any other."""
    offices.grant(Role.REGISTRAR, wallet, delay=DAY)
    registrar = ledger.registrar(wallet)
    batch = [Verification(account=THIEF.address, identifier=OTHER)]

    (announced,) = registrar.verify_many(batch)
    assert announced.step.stage is Stage.ANNOUNCED
    anvil.travel(days=1, seconds=1)
    (done,) = registrar.verify_many(batch)

    assert done.step.stage is Stage.DONE
    assert ledger.party(THIEF.address).identifier == OTHER


def test_a_wallets_vouchers_are_moved_when_its_key_is_lost(ledger, signers, wallet, holding):
    ledger.registrar(signers.deployer).rotate(wallet.address, THIEF.address)

    enforcer = ledger.enforcer(signers.deployer)
    enforcer.move_vouchers(wallet.address, THIEF.address, reason=ORDER)

    assert ledger.voucher(holding.voucher(1)).holder == THIEF.address


# -- who may not, and what says why ---------------------------------------------------------------


def test_a_key_that_the_wallet_does_not_obey_makes_it_do_nothing(ledger, wallet, holding):
    thief = ledger.supplier(ContractWallet(wallet.address, owner=THIEF))

    with pytest.raises(UnknownRevert):
        thief.transfer(holding.voucher(1), THIEF.address)
    assert ledger.voucher(holding.voucher(1)).holder == wallet.address


def test_a_refusal_inside_the_wallet_is_the_ledgers_own(ledger, signers, wallet, holding):
    """The wallet passes on why: no other error than anybody else gets."""
    ledger.supervisor(signers.deployer).freeze_party(wallet.address).wait()

    with pytest.raises(PartyIsFrozen):
        ledger.supplier(wallet).transfer(holding.voucher(1), signers.financier.address)


def test_what_is_no_wallet_is_refused_before_anything_is_signed(ledger):
    """An account without code, and a contract that takes no batches."""
    for address in (THIEF.address, ledger.address):
        with pytest.raises(WalletUnsupported):
            ledger.supplier(ContractWallet(address, owner=OWNER)).approve_all(THIEF.address)


def test_a_wallet_without_its_owners_key_signs_nothing(ledger, scene, wallet):
    keyless = ContractWallet(wallet.address)
    receivable = scene.issued(obligor=wallet.address)

    for act in (ledger.obligor(keyless).accept, ledger.obligor(keyless).sign_acceptance):
        with pytest.raises(WalletHasNoKey):
            act(receivable)
    with pytest.raises(WalletHasNoKey):
        wallet.sign_transaction({})
    assert "NodeAccount" not in repr(wallet)


# -- wallets with tools of their own --------------------------------------------------------------


def test_what_a_dry_run_would_call_is_proposed_in_the_wallets_own_tool(
    ledger, anvil, signers, wallet, holding
):
    """No key is here: the tool (a Safe's, for example) gets the calls, in order, and makes them."""
    bid = ledger.financier(signers.financier).bid(holding, "1000", rate="5.25")
    trial = ledger.supplier(ContractWallet(wallet.address)).simulate

    sold = trial.sell(bid, holding.voucher(1), value="400").wait().value
    asked = proposal(trial.calls, sender=wallet.address, chain_id=ledger.chain_id)

    assert [call["to"] for call in asked["calls"]] == [ledger.address, ledger.exchange.address]
    assert asked["from"] == wallet.address
    assert ledger.voucher(holding.voucher(1)).value == eur("1000.00")
    before = ledger.cash(wallet.address, "EUR")
    for call in asked["calls"]:
        anvil.rpc("anvil_impersonateAccount", wallet.address)
        anvil.rpc("anvil_setBalance", wallet.address, hex(10**18))
        anvil.rpc("eth_sendTransaction", {"from": wallet.address, **call})
    assert ledger.cash(wallet.address, "EUR") == before + sold.proceeds


def test_every_step_of_a_dry_run_is_among_its_calls(ledger, signers, scene):
    """Also of an act of many transactions; a fresh dry run begins with none."""
    scene.accepted()
    old = signers.supplier.address
    registrar = ledger.registrar(signers.deployer)
    registrar.verify(old, identifier=OTHER).wait()
    registrar.rotate(old, THIEF.address)
    enforcer = ledger.enforcer(signers.deployer)
    trial = enforcer.simulate

    trial.move_vouchers(old, THIEF.address, reason=ORDER)

    assert [call.to for call in trial.calls] == [ledger.address]
    assert enforcer.simulate.calls == enforcer.calls == ()
