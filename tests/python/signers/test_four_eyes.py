"""Four eyes: nothing is signed but what others approved, and nobody approves their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from eth_account import Account
from vectors import (
    ADDRESS,
    AUTHORIZATION,
    CARRYING,
    KEY,
    MESSAGES,
    OTHER_KEY,
    TO,
    TRANSACTIONS,
    signed_authorization,
    signed_transaction,
)

from duebill._abi import ledger_abi
from duebill._eip712 import digest_of
from duebill._key import Key
from duebill._transactions import Authorization, UnsignedTransaction
from duebill.errors import ApprovalsMissing, BadApproval, BadPolicy, SignerCannotDelegate
from duebill.model import ReceivableId
from duebill.signing import AbsentSigner, Approval, ApprovalPolicy, FourEyes, SignedApproval

LEDGER = "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc"
TRANSACTION = TRANSACTIONS["dynamic fee"]
RECEIVABLE = ReceivableId("ab" * 24)


class Local:
    """A signer with its key at hand."""

    def __init__(self, key):
        self._account = Account.from_key(key)
        self._key = Key(self._account)
        self.address = self._account.address

    def sign_transaction(self, transaction):
        return self._key.sign_transaction(transaction)

    def sign_typed_data(self, message):
        return self._key.sign_typed_data(message)

    def sign_authorization(self, authorization):
        return self._key.sign_authorization(authorization)


OWNER = Local(KEY)
FIRST, SECOND, STRANGER = Local(OTHER_KEY), Local("33" * 32), Local("44" * 32)


def policy(**changes):
    given = {
        "approvers": frozenset((FIRST.address, SECOND.address)),
        "needed": 1,
        "contracts": {LEDGER: "ledger"},
        "calls": frozenset(("pay", "split", "transferFrom", "redeem")),
        "up_to": 10_000 * 10**6,
    }
    return ApprovalPolicy(**{**given, **changes})


def approval(by=FIRST, transaction=TRANSACTION, **changes):
    given = {
        "account": ADDRESS,
        "subject": "0x" + UnsignedTransaction.of(transaction).digest().hex(),
        "expiry": datetime.now(UTC).replace(microsecond=0) + timedelta(days=1),
        "chain_id": 31337,
    }
    return Approval(**{**given, **changes}).sign(by)


def refusal(*approvals, transaction=TRANSACTION, **changes):
    signer = FourEyes(OWNER, policy=policy(**changes), approvals=approvals)
    with pytest.raises(ApprovalsMissing) as caught:
        signer.sign_transaction(transaction)
    return caught.value


# -- approvals --------------------------------------------------------------------------------


def test_what_is_approved_is_signed():
    signer = FourEyes(OWNER, policy=policy(), approvals=[approval()])
    assert signer.address == ADDRESS
    assert signer.sign_transaction(TRANSACTION) == signed_transaction(TRANSACTION)


def test_without_approval_nothing_is_signed():
    error = refusal()
    assert (error.needed, error.found) == (1, 0)
    assert set(error.approvers) == {FIRST.address, SECOND.address}
    assert "transaction approve" in error.hint


def test_a_message_needs_approval_too():
    message = MESSAGES["acceptance"]
    with pytest.raises(ApprovalsMissing):
        FourEyes(OWNER, policy=policy()).sign_typed_data(message)
    given = approval(subject="0x" + digest_of(message).hex())
    signer = FourEyes(OWNER, policy=policy(), approvals=[given])
    assert signer.sign_typed_data(message) == OWNER.sign_typed_data(message)


def test_a_delegation_needs_approval_too():
    """Its code acts in the account's name from then on: nothing is less free."""
    with pytest.raises(ApprovalsMissing) as caught:
        FourEyes(OWNER, policy=policy()).sign_authorization(AUTHORIZATION)
    assert "transaction approve" not in caught.value.hint
    given = approval(subject="0x" + Authorization.of(AUTHORIZATION).digest().hex())
    signer = FourEyes(OWNER, policy=policy(), approvals=[given])
    assert signer.sign_authorization(AUTHORIZATION) == signed_authorization(AUTHORIZATION)
    with pytest.raises(ApprovalsMissing):
        signer.sign_authorization({**AUTHORIZATION, "nonce": 4})
    with pytest.raises(SignerCannotDelegate):
        FourEyes(AbsentSigner(ADDRESS), policy=policy()).sign_authorization(AUTHORIZATION)


def test_threat_55_an_approval_is_of_one_transaction_alone():
    """Replay: another nonce, fee, amount or recipient needs another approval."""
    given = approval()
    for change in ({"nonce": 8}, {"gas": 210_001}, {"to": ADDRESS}, {"data": "0x"}, {"chainId": 1}):
        error = refusal(given, transaction={**TRANSACTION, **change})
        assert "for something else" in error.refused[0]


def test_nobody_approves_what_they_sign_themselves():
    """Not even an account that the policy lists."""
    listed = frozenset((ADDRESS, FIRST.address))
    error = refusal(approval(by=OWNER), approvers=listed)
    assert "sign themselves" in error.refused[0]
    assert error.approvers == (FIRST.address,)


def test_a_strangers_approval_does_not_count():
    assert "not an approver" in refusal(approval(by=STRANGER)).refused[0]


def test_threat_67_an_expired_approval_does_not_count():
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=2)
    assert "expired" in refusal(approval(expiry=past)).refused[0]


def test_an_approval_for_another_account_does_not_count():
    assert "something else" in refusal(approval(account=TO)).refused[0]


@pytest.mark.parametrize(
    "change",
    [
        {"expiry": datetime(2090, 1, 1, tzinfo=UTC)},
        {"chain_id": 1},
        {"signature": "0x" + "11" * 65},
        {"signature": "0x" + "00" * 65},
        {"signature": "0x"},
    ],
    ids=str,
)
def test_an_altered_approval_does_not_count(change):
    assert len(refusal(replace(approval(), **change)).refused) == 1


def test_threat_20_the_twin_of_an_approval_is_no_second_one():
    """Two approvals are two people, however often one of them signs, and in whatever form."""
    again = approval(expiry=datetime.now(UTC).replace(microsecond=0) + timedelta(days=2))
    error = refusal(approval(), again, needed=2)
    assert (error.needed, error.found) == (2, 1)
    both = [approval(), approval(by=SECOND)]
    signer = FourEyes(OWNER, policy=policy(needed=2), approvals=both)
    assert signer.sign_transaction(TRANSACTION) == signed_transaction(TRANSACTION)


def test_one_person_twice_is_one_approval():
    """The same paper again, or a second one that counts longer."""
    longer = approval(expiry=datetime.now(UTC).replace(microsecond=0) + timedelta(days=9))
    assert refusal(approval(), approval(), longer, needed=2).found == 1
    signer = FourEyes(OWNER, policy=policy(needed=2), approvals=[longer, approval(by=SECOND)])
    assert signer.sign_transaction(TRANSACTION) == signed_transaction(TRANSACTION)


def test_an_approval_travels_as_text_and_as_one_line():
    given = approval()
    for text in (
        given.to_text(),
        given.to_line(),
        given.to_line()[:30] + "\n" + given.to_line()[30:],
    ):
        assert SignedApproval.from_text(text) == given
        assert SignedApproval.from_text(text).approver() == FIRST.address


@pytest.mark.parametrize(
    "text",
    ["", "{}", "duebill-approval-1:", '{"format":"duebill-approval-1"}', "duebill-order-1:e30"],
)
def test_what_is_no_approval_is_refused(text):
    with pytest.raises(BadApproval):
        SignedApproval.from_text(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"chain_id":31337', '"chain_id":"31337"'),
        ('"chain_id":31337', '"chain_id":31337,"more":1'),
        ('"expiry":', '"expiry":-'),
        ('"subject":"0x', '"subject":"0X'),
    ],
)
def test_an_approval_has_one_form(old, new):
    text = approval().to_text()
    assert old in text
    with pytest.raises(BadApproval):
        SignedApproval.from_text(text.replace(old, new))


# -- what needs none --------------------------------------------------------------------------


def call(function, *args, to=LEDGER, **changes):
    data = "0x" + ledger_abi().encode(function, *args).hex()
    return {**TRANSACTION, "to": to, "data": data, **changes}


def pay(units, **changes):
    return call("pay", RECEIVABLE.number, units, **changes)


def is_free(transaction, **changes):
    return policy(**changes).frees(UnsignedTransaction.of(transaction))


def test_what_stays_within_the_limit_is_free():
    limit = 10_000 * 10**6
    assert is_free(pay(limit))
    assert not is_free(pay(limit + 1))
    signer = FourEyes(OWNER, policy=policy())
    assert Account.recover_transaction(signer.sign_transaction(pay(limit))) == ADDRESS
    with pytest.raises(ApprovalsMissing):
        signer.sign_transaction(pay(limit + 1))


def test_amounts_add_up():
    """Parts of a split, and calls in a bundle: no limit is gone round in small steps."""
    half = 5_000 * 10**6
    voucher = RECEIVABLE.voucher(1).number
    assert is_free(call("split", voucher, [(TO, half), (TO, half)]))
    assert not is_free(call("split", voucher, [(TO, half), (TO, half + 1)]))
    one = ledger_abi().encode("pay", RECEIVABLE.number, half)
    assert is_free(call("multicall", [one, one]))
    more = ledger_abi().encode("pay", RECEIVABLE.number, half + 1)
    assert not is_free(call("multicall", [one, more]))
    inner = ledger_abi().encode("multicall", [one, one, one])
    assert not is_free(call("multicall", [inner]))


@pytest.mark.parametrize(
    "transaction",
    [
        pay(1, to=TO),
        pay(1, value=1),
        call("setApprovalForAll", TO, True),
        call("multicall", [ledger_abi().encode("setApprovalForAll", TO, True)]),
        call("multicall", []),
        {**pay(1), "data": pay(1)["data"] + "00"},
        {**pay(1), "data": "0x"},
        {**pay(1), "data": "0xdeadbeef"},
        {name: value for name, value in pay(1).items() if name != "to"},
        {**pay(1), "type": 4, "authorizationList": CARRYING["authorizationList"]},
    ],
    ids=range(10),
)
def test_what_cannot_be_told_is_not_free(transaction):
    """Another contract, ether, functions not listed, bytes that are not all read, delegations."""
    assert not is_free(transaction)


# -- the policy's file ------------------------------------------------------------------------

GOOD = f"""
approvers = ["{FIRST.address}", "{SECOND.address}"]
needed = 2

[free]
contracts = {{ ledger = "{LEDGER}" }}
calls = ["pay", "redeem"]
up_to = "10000.00"
"""


@pytest.fixture
def file(tmp_path):
    def made(text, mode=0o600):
        path = tmp_path / "policy.toml"
        path.write_text(text)
        path.chmod(mode)
        return path

    return made


def test_a_policy_is_read(file):
    assert ApprovalPolicy.load(file(GOOD)) == policy(needed=2, calls=frozenset(("pay", "redeem")))
    least = ApprovalPolicy.load(file(f'approvers = ["{FIRST.address}"]'))
    assert (least.needed, least.contracts, least.up_to) == (1, {}, 0)
    assert not least.frees(UnsignedTransaction.of(pay(0)))


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_policy_that_others_can_write_is_refused(file, mode):
    with pytest.raises(BadPolicy, match="others can write"):
        ApprovalPolicy.load(file(GOOD, mode))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("needed = 2", "needed = 3"),
        ("needed = 2", "needed = 0"),
        ("needed = 2", "needed = true"),
        ("needed = 2", 'needed = "2"'),
        ("needed = 2", "nedeed = 2"),
        ("calls =", "call ="),
        ("ledger =", "bank ="),
        (FIRST.address, FIRST.address[:-1]),
        ("10000.00", "1e4"),
        ('"10000.00"', "10000.00"),
        ("approvers =", "people ="),
        ("needed = 2", "needed ="),
    ],
    ids=str,
)
def test_a_policy_that_is_not_sound_is_refused(file, old, new):
    assert old in GOOD
    with pytest.raises(BadPolicy):
        ApprovalPolicy.load(file(GOOD.replace(old, new)))


def test_a_policy_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadPolicy):
        ApprovalPolicy.load(tmp_path / "none.toml")
