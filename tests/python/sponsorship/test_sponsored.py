"""A supplier without ether splits, gives and redeems by signing alone; a platform pays, within a budget."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duebill import node_accounts
from duebill.errors import (
    BadSignedTerms,
    BudgetExceeded,
    DelegationNotTaken,
    IntentNotTaken,
    NotDelegated,
    PartyNotVerified,
    SignedForElsewhere,
    SignerCannotDelegate,
    SignerNotNamed,
)
from duebill.model import Call
from duebill.sponsorship import Budget, Delegation, Intent, SignedIntent, Sponsor, delegated_to

PLENTY = Budget(wei=10**18)


@pytest.fixture
def voucher(scene):
    return scene.accepted().voucher(1)


@pytest.fixture
def poor(anvil, signers, voucher):
    """The supplier, who holds the voucher, with nothing to pay for gas."""
    del voucher
    anvil.rpc("anvil_setBalance", signers.supplier.address, "0x0")
    return signers.supplier


@pytest.fixture
def platform(ledger):
    return Sponsor(ledger, node_accounts.NodeAccount(7), budget=PLENTY)


def delegation(ledger, account, sponsor, **changes):
    nonce = ledger._desk.chain.nonce(account.address)
    fields = {"code": sponsor.code, "chain_id": ledger.chain_id, "nonce": nonce, **changes}
    return Delegation.signed(account, **fields)


def intended(ledger, trial, *, hours=1):
    return Intent.drafted(
        trial.calls,
        account=trial.address,
        deadline=ledger.time() + timedelta(hours=hours),
        chain_id=ledger.chain_id,
    )


def giving(ledger, account, voucher, to):
    trial = ledger.supplier(account).simulate
    trial.transfer(voucher, to)
    return intended(ledger, trial)


def test_a_voucher_is_given_without_any_ether(ledger, signers, poor, platform, voucher):
    platform.delegate(delegation(ledger, poor, platform))
    signed = giving(ledger, poor, voucher, signers.financier.address).sign(poor)
    platform.relay(SignedIntent.from_text(signed.to_line())).wait()
    assert ledger.voucher(voucher).holder == signers.financier.address
    assert ledger._desk.chain.balance(poor.address) == 0


def test_several_calls_are_done_together(ledger, signers, poor, platform, voucher):
    """A split and a consent, in one go."""
    platform.delegate(delegation(ledger, poor, platform))
    trial = ledger.supplier(poor).simulate
    trial.split(voucher, {signers.financier.address: "10.00"})
    trial.set_consent(signers.financier.address)
    platform.relay(intended(ledger, trial).sign(poor)).wait()
    assert [str(v.value) for v in ledger.vouchers(holder=signers.financier.address)] == [
        "10.00 EUR"
    ]


def test_once_delegated_it_still_accepts_by_signature_and_receives(
    ledger, scene, signers, platform
):
    """The account has code now: others ask it for its word (ERC-1271), and it says yes to its key."""
    id_ = scene.issued()
    platform.delegate(delegation(ledger, signers.obligor, platform))
    acceptance = ledger.obligor(signers.obligor).sign_acceptance(id_)
    ledger.supplier(signers.supplier).submit_acceptance(acceptance).wait()
    assert str(ledger.receivable(id_).status) == "accepted"
    ledger.supplier(signers.supplier).transfer(id_.voucher(1), signers.obligor.address).wait()


def test_bringing_it_again_is_the_same_transaction(ledger, signers, poor, platform, voucher):
    platform.delegate(delegation(ledger, poor, platform))
    signed = giving(ledger, poor, voucher, signers.financier.address).sign(poor)
    first = platform.relay(signed)
    first.wait()
    assert platform.relay(signed).hash == first.hash
    platform.delegate(delegation(ledger, poor, platform))


def test_a_refusal_is_the_contracts_own_and_costs_nothing(ledger, signers, poor, platform, voucher):
    platform.delegate(delegation(ledger, poor, platform))
    signed = giving(ledger, poor, voucher, signers.financier.address)
    ledger.registrar(signers.deployer).revoke(signers.financier.address).wait()
    spent = platform.spent_on(poor.address)
    with pytest.raises(PartyNotVerified):
        platform.relay(signed.sign(poor))
    assert platform.spent_on(poor.address) == spent


def test_the_budget_of_a_party_is_kept(ledger, signers, poor, platform, voucher):
    platform.delegate(delegation(ledger, poor, platform))
    spent = platform.spent_on(poor.address)
    assert spent > 0
    signed = giving(ledger, poor, voucher, signers.financier.address).sign(poor)
    budgets = {poor.address: Budget(wei=spent + 1)}
    stingy = Sponsor(ledger, platform.signer, budget=PLENTY, budgets=budgets)
    with pytest.raises(BudgetExceeded) as caught:
        stingy.relay(signed)
    assert caught.value.left == 1
    assert stingy.left_for(signers.financier.address) == PLENTY.wei
    platform.relay(signed).wait()
    assert platform.spent_on(poor.address) > spent
    assert stingy.left_for(poor.address) == 0


def test_without_the_code_nothing_is_brought(ledger, signers, poor, platform, voucher):
    signed = giving(ledger, poor, voucher, signers.financier.address).sign(poor)
    with pytest.raises(NotDelegated):
        platform.relay(signed)


def test_an_intent_that_finds_no_code_any_more_is_not_taken_for_done(
    ledger, anvil, poor, platform, voucher
):
    """A call of an account without code succeeds, and does nothing: the sponsor has to notice."""
    platform.delegate(delegation(ledger, poor, platform))
    trial = ledger.supplier(poor).simulate
    trial.set_consent(node_accounts.ADDRESSES[3])
    signed = intended(ledger, trial).sign(poor)
    anvil.rpc("evm_setAutomine", False)
    try:
        brought = platform.relay(signed)
        anvil.rpc("anvil_setCode", poor.address, "0x")
        anvil.rpc("evm_mine")
    finally:
        anvil.rpc("evm_setAutomine", True)
    with pytest.raises(IntentNotTaken) as caught:
        brought.wait()
    assert caught.value.account == poor.address
    assert ledger.voucher(voucher).holder == poor.address
    assert platform.spent_on(poor.address) > 0


def test_an_account_with_the_code_still_receives_ether(ledger, anvil, poor, platform):
    """The node takes the delegation for what it is: an ordinary transfer goes through the code."""
    platform.delegate(delegation(ledger, poor, platform))
    transfer = {"from": platform.signer.address, "to": poor.address, "value": "0x7"}
    anvil.rpc("eth_sendTransaction", transfer)
    # The node answers before its block is made.
    anvil.mine()
    assert ledger._desk.chain.balance(poor.address) == 7


def test_a_delegation_whose_nonce_is_over_is_noticed(ledger, poor, platform):
    late = delegation(ledger, poor, platform, nonce=99)
    with pytest.raises(DelegationNotTaken):
        platform.delegate(late)


@pytest.mark.parametrize("change", [{"chain_id": 1}, {"code": "0x" + "11" * 20}])
def test_threat_18_a_delegation_for_elsewhere_is_refused(ledger, poor, platform, change):
    with pytest.raises(SignedForElsewhere):
        platform.delegate(delegation(ledger, poor, platform, **change))


def test_threat_20_what_another_signed_is_refused(ledger, signers, poor, platform, voucher):
    platform.delegate(delegation(ledger, poor, platform))
    draft = giving(ledger, poor, voucher, signers.financier.address)
    with pytest.raises(SignerNotNamed):
        draft.sign(signers.stranger)
    signed = draft.sign(poor)
    text = signed.to_text().replace(signers.financier.address[2:].lower(), "11" * 20)
    assert text != signed.to_text()
    with pytest.raises(BadSignedTerms):
        platform.relay(SignedIntent.from_text(text))


def test_threat_55_a_call_that_cannot_be_shown_is_not_signed(ledger, poor):
    blind = Call(to=ledger.address, data=bytes.fromhex("deadbeef"))
    draft = Intent.drafted(
        [blind], account=poor.address, deadline=ledger.time(), chain_id=ledger.chain_id
    )
    with pytest.raises(BadSignedTerms, match="cannot be shown"):
        draft.sign(poor, review=lambda _: True)


def test_threat_55_the_words_name_what_is_done(ledger, signers, poor, voucher):
    draft = giving(ledger, poor, voucher, signers.financier.address)
    words = draft.summary()
    for expected in (poor.address, voucher, signers.financier.address, "once"):
        assert expected in words


def test_a_signer_that_cannot_delegate_says_so(ledger, poor, platform):
    class Hardware:
        address = poor.address

    with pytest.raises(SignerCannotDelegate):
        delegation(ledger, Hardware(), platform)


def test_it_travels_as_text_and_as_a_line(ledger, poor, platform):
    made = delegation(ledger, poor, platform)
    assert Delegation.from_text(made.to_line()) == Delegation.from_text(made.to_text()) == made
    with pytest.raises(BadSignedTerms):
        Delegation.from_text(made.to_text().replace(made.signature[2:6], "0000"))


def test_code_that_is_no_delegation_is_none():
    assert delegated_to(b"") is None
    assert delegated_to(bytes.fromhex("ef0100") + b"\x11" * 19) is None
    assert delegated_to(bytes.fromhex("ef0100") + b"\x11" * 20) == "0x" + "11" * 20
