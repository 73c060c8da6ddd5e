"""A sponsor's ether: spent within each party's budget, by whoever brings whatever at any moment."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import timedelta

import pytest
import rival

from duebill import connect
from duebill._secp256k1 import ORDER, Signature
from duebill.errors import (
    BadSignedTerms,
    BroughtByAnother,
    BudgetExceeded,
    DelegationNotTaken,
    IntentExpired,
    IntentNonceUsed,
    NotSponsored,
    SignedForElsewhere,
)
from duebill.node_accounts import NodeAccount
from duebill.signing import create_keystore
from duebill.sponsorship import Budget, Delegation, Intent, SignedIntent, Sponsor

PLENTY = Budget(wei=10**18)
PLATFORM = 7


@pytest.fixture
def voucher(scene):
    return scene.accepted().voucher(1)


@pytest.fixture
def platform(ledger):
    return Sponsor(ledger, NodeAccount(PLATFORM), budget=PLENTY)


def delegation(sponsor, account, **changes):
    ledger = sponsor.ledger
    fields = {"code": sponsor.code, "chain_id": ledger.chain_id}
    fields["nonce"] = ledger.nonce_of(account.address)
    return Delegation.signed(account, **{**fields, **changes})


@pytest.fixture
def party(signers, platform, voucher):
    """The supplier, who holds the voucher and has the code."""
    del voucher
    platform.delegate(delegation(platform, signers.supplier))
    return signers.supplier


def intended(ledger, party):
    """Something that can be done again and again: to consent to what somebody sends."""
    trial = ledger.supplier(party).simulate
    trial.set_consent(ledger.address)
    deadline = ledger.time() + timedelta(hours=1)
    return Intent.drafted(
        trial.calls, account=party.address, deadline=deadline, chain_id=ledger.chain_id
    )


@pytest.fixture
def draft(ledger, party):
    return intended(ledger, party)


@pytest.fixture
def elsewhere(anvil, deployed, tmp_path):
    """The same ledger, of somebody with a journal of their own."""
    return connect(anvil.url, deployment=deployed, journal=tmp_path / "other.sqlite")


# -- budgets ----------------------------------------------------------------------------------


def test_two_processes_at_the_same_moment_keep_to_one_budget(
    ledger, anvil, deployed, platform, party
):
    """Both have looked and both have signed before either writes: one is sent, one refused."""
    before = platform.spent_on(party.address)
    anvil.rpc("evm_setAutomine", False)
    platform.relay(intended(ledger, party).sign(party))
    most = platform.spent_on(party.address) - before
    budget = platform.spent_on(party.address) + most * 3 // 2

    lines = [intended(ledger, party).sign(party).to_line() for _ in range(2)]
    context = multiprocessing.get_context("spawn")
    ways = context.Barrier(2), context.Queue()
    given = [((anvil.url, deployed), line, (PLATFORM, budget), ways) for line in lines]
    rivals = [context.Process(target=rival.bring, args=arguments) for arguments in given]
    for process in rivals:
        process.start()
    found = [ways[1].get(timeout=120) for _ in rivals]
    for process in rivals:
        process.join(60)
    assert [answer is None for answer in found].count(True) == 1
    assert platform.spent_on(party.address) <= budget


def test_what_may_still_be_paid_counts(ledger, anvil, platform, party):
    """While one is on its way, it counts with the most that it may cost; then with what it cost."""
    anvil.rpc("evm_setAutomine", False)
    before = platform.spent_on(party.address)
    sent = platform.relay(intended(ledger, party).sign(party))
    most = platform.spent_on(party.address) - before
    tight = Sponsor(ledger, platform.signer, budget=Budget(wei=before + most * 3 // 2))
    with pytest.raises(BudgetExceeded) as caught:
        tight.relay(intended(ledger, party).sign(party))
    assert caught.value.needed > caught.value.left == most * 3 // 2 - most
    anvil.rpc("evm_setAutomine", True)
    anvil.mine()
    sent.wait()
    assert 0 < platform.spent_on(party.address) - before < most


def test_an_intent_that_is_refused_in_its_block_is_paid_from_the_partys_budget(
    anvil, platform, party, draft
):
    """It was sound when it was sent, and over when its block came. Bringing it again is no more."""
    before = platform.spent_on(party.address)
    anvil.rpc("evm_setAutomine", False)
    signed = draft.sign(party)
    sent = platform.relay(signed)
    anvil.rpc("evm_increaseTime", 7200)
    anvil.rpc("evm_setAutomine", True)
    anvil.mine()
    with pytest.raises(IntentExpired):
        sent.wait()
    spent = platform.spent_on(party.address)
    assert spent > before
    assert platform.relay(signed).hash == sent.hash
    assert platform.spent_on(party.address) == spent


def test_whoever_can_make_accounts_cannot_spend_a_sponsors_ether(tmp_path, ledger, platform):
    """Each account would have a budget of its own: only verified parties have one."""
    password = {"password": "long enough", "scrypt_n": 1 << 14}
    stranger = create_keystore(tmp_path / "key.json", **password)
    before = ledger.nonce_of(platform.signer.address)
    with pytest.raises(NotSponsored):
        platform.delegate(delegation(platform, stranger))
    assert ledger.nonce_of(platform.signer.address) == before
    assert platform.spent_on(stranger.address) == 0


def test_a_party_that_is_verified_no_longer_is_not_paid_for(ledger, signers, platform, party):
    signed = intended(ledger, party).sign(party)
    ledger.registrar(signers.deployer).revoke(party.address).wait()
    with pytest.raises(NotSponsored):
        platform.relay(signed)


def test_a_delegation_that_is_void_costs_nothing(ledger, signers, platform, voucher):
    del voucher
    before = ledger.nonce_of(platform.signer.address)
    late = delegation(platform, signers.supplier, nonce=10**6)
    with pytest.raises(DelegationNotTaken):
        platform.delegate(late)
    assert ledger.nonce_of(platform.signer.address) == before
    assert platform.spent_on(signers.supplier.address) == 0


def test_two_sponsors_with_one_journal_pay_for_a_paper_once(ledger, platform, party, draft):
    signed = draft.sign(party)
    platform.relay(signed).wait()
    other = Sponsor(ledger, NodeAccount(8), budget=PLENTY)
    with pytest.raises(BroughtByAnother) as caught:
        other.relay(signed)
    assert caught.value.sponsor == platform.signer.address
    assert other.spent_on(party.address) == 0


# -- papers -----------------------------------------------------------------------------------


def test_threat_20_the_twin_of_a_delegations_signature_is_refused(signers, platform):
    """Chains pass over it (EIP-2), and the sponsor would have paid for nothing."""
    made = delegation(platform, signers.supplier)
    signature = Signature.of_bytes(bytes.fromhex(made.signature[2:]))
    twin = Signature(1 - signature.parity, signature.r, ORDER - signature.s)
    forged = replace(made, signature="0x" + twin.as_bytes().hex())
    assert made.is_sound()
    assert not forged.is_sound()
    with pytest.raises(BadSignedTerms):
        platform.delegate(forged)
    with pytest.raises(BadSignedTerms):
        Delegation.from_text(forged.to_text())


def test_threat_18_an_intent_for_another_chain_is_refused(platform, party, draft):
    with pytest.raises(SignedForElsewhere):
        platform.relay(replace(draft, chain_id=1).sign(party))


@pytest.mark.parametrize("field", ["account", "number", "deadline", "chain_id"])
def test_threat_20_an_intent_is_of_one_account_number_time_and_chain(
    signers, platform, party, draft, field
):
    """What was signed for one is brought as another's: nothing is sent."""
    signed = draft.sign(party)
    other = {
        "account": signers.financier.address,
        "number": signed.number + 1,
        "deadline": signed.deadline + timedelta(hours=9),
        "chain_id": signed.chain_id + 1,
    }
    forged = replace(signed, **{field: other[field]})
    assert not forged.is_sound()
    with pytest.raises((BadSignedTerms, SignedForElsewhere)):
        platform.relay(forged)


def test_threat_67_an_intent_that_has_expired_costs_nothing(platform, party, anvil, draft):
    signed = draft.sign(party)
    spent = platform.spent_on(party.address)
    anvil.rpc("evm_increaseTime", 7200)
    anvil.mine()
    with pytest.raises(IntentExpired):
        platform.relay(signed)
    assert platform.spent_on(party.address) == spent


def test_threat_20_an_intent_counts_once_whoever_brings_it(platform, party, draft, elsewhere):
    """A second sponsor with a journal of its own is refused by the account, before it pays."""
    signed = draft.sign(party)
    platform.relay(signed).wait()
    other = Sponsor(elsewhere, NodeAccount(8), budget=PLENTY)
    with pytest.raises(IntentNonceUsed):
        other.relay(SignedIntent.from_text(signed.to_line()))
    assert other.spent_on(party.address) == 0
