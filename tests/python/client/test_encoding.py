"""What is signed here is byte for byte what eth_account signs, and what eth_abi encodes."""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys

import pytest
from eth_abi.abi import encode
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st

from duebill import artifacts
from duebill._abi import Abi, encode_values, keccak, types
from duebill._key import Key
from duebill._transactions import SignedTransaction, rlp
from duebill.errors import TransactionUnsupported
from duebill.model import address

secrets = st.integers(1, 2**256 - 2**129).map(lambda number: number.to_bytes(32))
addresses = st.binary(min_size=20, max_size=20).map(lambda raw: address("0x" + raw.hex()))
amounts = st.integers(0, 2**128) | st.integers(0, 300)
shared = {
    "nonce": st.integers(0, 2**64 - 2),
    "gas": st.integers(21_000, 2**40),
    "to": addresses,
    "value": amounts,
    "data": st.binary(max_size=300).map(lambda raw: "0x" + raw.hex()),
    "chainId": st.integers(1, 2**52),
}
fees = {"maxFeePerGas": amounts, "maxPriorityFeePerGas": amounts}
eip_1559 = st.fixed_dictionaries({**shared, **fees}, optional={"type": st.just(2)})
legacy = st.fixed_dictionaries({**shared, "gasPrice": amounts})
access_list = st.fixed_dictionaries(
    {
        "accessList": st.just([{"address": "0x" + "11" * 20, "storageKeys": ["0x" + "22" * 32]}]),
    }
)
type_1 = st.fixed_dictionaries({**shared, "gasPrice": amounts, "type": st.just(1)})


@given(
    secret=secrets,
    transaction=eip_1559 | legacy | type_1,
    more=st.just({}) | access_list,
)
def test_transactions_are_signed_as_eth_account_signs_them(secret, transaction, more):
    if "gasPrice" not in transaction or "type" in transaction:
        transaction = {**transaction, **more}
    account = Account.from_key(secret)
    raw = Key(account).sign_transaction(transaction)
    assert raw == account.sign_transaction(transaction).raw_transaction
    assert SignedTransaction.of(raw).sender == account.address


@given(secret=secrets, other=secrets, transaction=eip_1559, nonce=st.integers(0, 2**64 - 2))
def test_delegations_are_signed_and_carried_as_eth_account_does_it(
    secret, other, transaction, nonce
):
    account, holder = Account.from_key(secret), Account.from_key(other)
    wanted = {"chainId": 7, "address": "0x" + "33" * 20, "nonce": nonce}
    made = Key(holder).sign_authorization(wanted)
    expected = holder.sign_authorization(wanted)
    numbers = (expected.y_parity, expected.r, expected.s)
    assert (made[64] - 27, int.from_bytes(made[:32]), int.from_bytes(made[32:64])) == numbers

    signed = {**wanted, **dict(zip(("yParity", "r", "s"), numbers, strict=True))}
    carried = {**transaction, "type": 4, "authorizationList": [signed]}
    raw = Key(account).sign_transaction(carried)
    assert (
        raw
        == account.sign_transaction({**carried, "authorizationList": [expected]}).raw_transaction
    )
    read = SignedTransaction.of(raw)
    assert (read.sender, read.raw) == (account.address, raw)
    ((authorization, signature),) = read.unsigned.authorizations
    assert (authorization.nonce, signature) == (nonce, numbers)


@given(secret=secrets, transaction=eip_1559, place=st.integers(2, 60), bit=st.integers(0, 7))
def test_whoever_changes_a_signed_transaction_is_not_its_signer(secret, transaction, place, bit):
    account = Account.from_key(secret)
    raw = bytearray(Key(account).sign_transaction(transaction))
    raw[place] ^= 1 << bit
    with contextlib.suppress(ValueError):
        assert SignedTransaction.of(bytes(raw)).sender != account.address


@given(where=st.sampled_from(["to", "data"]), value=st.integers(0, 100) | st.none())
def test_a_number_does_not_become_so_many_bytes(where, value):
    fields = {**SENT, where: value}
    with contextlib.suppress(TransactionUnsupported):
        read = SignedTransaction.of(Key(Account.from_key(b"\x07" * 32)).sign_transaction(fields))
        assert getattr(read.unsigned, where) == b""


SENT = {
    "chainId": 1,
    "nonce": 0,
    "gas": 21_000,
    "gasPrice": 1,
    "value": 0,
    "to": "0x" + "11" * 20,
    "data": "0x",
}
# A signature by nobody, and one from before transactions named their chain (EIP-155).
NOBODY = b"\x02" + rlp([1, *[0] * 7, [], 0, 5, 1])
NO_CHAIN = rlp([*[0] * 6, 27, 1, 1])


@pytest.mark.parametrize(
    "raw",
    [b"\x02", b"\x02\xc0", b"\xc0", b"\xf8", b"\x02\xc3\x01\x02\x03", NOBODY, NO_CHAIN],
)
def test_what_is_no_signed_transaction_has_no_sender(raw):
    with pytest.raises(ValueError, match=r"."):
        SignedTransaction.of(raw)


def test_the_slow_libraries_sign_the_same():
    """Without coincurve signatures are the same: their nonce is RFC 6979's."""
    script = """
import ast, sys
sys.modules["coincurve"] = None
from eth_account import Account
from duebill._key import Key
from duebill._transactions import SignedTransaction
account = Account.from_key(bytes([7]) * 32)
raw = Key(account).sign_transaction(ast.literal_eval(sys.argv[1]))
assert SignedTransaction.of(raw).sender == account.address
try:
    SignedTransaction.of(bytes.fromhex(sys.argv[2]))
except ValueError:
    print(raw.hex())
"""
    arguments = [sys.executable, "-c", script, repr(SENT), NOBODY.hex()]
    slow = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip()
    assert slow == Key(Account.from_key(b"\x07" * 32)).sign_transaction(SENT).hex()


def test_a_mistyped_recipient_is_not_signed():
    with pytest.raises(TransactionUnsupported, match="BadAddress"):
        Key(Account.from_key(b"\x07" * 32)).sign_transaction({**SENT, "to": "0x" + "1" * 39})


def test_threat_54_a_key_does_not_show_itself():
    account = Account.from_key(b"\x07" * 32)
    key = Key(account)
    assert "07" * 4 not in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


@given(
    st.recursive(
        st.binary(max_size=80) | st.integers(0, 2**80), lambda inner: st.lists(inner, max_size=20)
    )
)
def test_rlp_is_that_of_the_reference(value):
    from rlp import encode as reference  # noqa: PLC0415 - the reference, needed here only

    assert rlp(value) == reference(value)


# -- encoding of calls ------------------------------------------------------------------------

kinds = {
    "address": addresses,
    "bytes32": st.binary(min_size=32, max_size=32),
    "bool": st.booleans(),
    "bytes": st.binary(max_size=70),
    "bytes4": st.binary(min_size=4, max_size=4),
    "string": st.text(max_size=20),
    "int256": st.integers(-(2**255), 2**255 - 1),
    "uint256[]": st.lists(st.integers(0, 2**256 - 1), max_size=4),
} | {f"uint{bits}": st.integers(0, 2**bits - 1) for bits in (8, 16, 40, 80, 192, 256)}


@given(st.data())
def test_calls_are_encoded_as_eth_abi_encodes_them(data):
    """Alone, in structs and in structs of structs."""
    plain = data.draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=6))
    values = [data.draw(kinds[kind]) for kind in plain]
    parameters = [{"type": kind} for kind in plain]
    for _ in range(data.draw(st.integers(0, 2))):
        parameters, values = [{"type": "tuple", "components": parameters}], [tuple(values)]
    assert encode_values(parameters, values) == encode(types(parameters), values)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256),
        ("uint8", -1),
        ("uint256", 2**256),
        ("uint256", True),
        ("uint256", "1"),
        ("uint256", 1.0),
        ("bytes32", b"\0" * 33),
        ("address", "0x" + "11" * 19),
        ("address", "0x" + "zz" * 20),
    ],
)
def test_threat_33_what_does_not_fit_is_not_encoded(kind, value):
    with pytest.raises(Exception, match=r"."):
        encode_values([{"type": kind}], [value])


def test_selectors_are_those_of_the_signatures():
    abi = Abi(artifacts.load("IReceivableLedger").abi)
    assert abi.selector("redeem") == keccak(b"redeem(uint256)")[:4]
    assert abi.encode("redeem", 5) == abi.selector("redeem") + (5).to_bytes(32)
