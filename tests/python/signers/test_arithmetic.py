"""Signatures and transactions, digit by digit, against libraries that know them."""

from __future__ import annotations

import contextlib

import pytest
from coincurve import PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from eth_account import Account
from hypothesis import example, given, settings
from hypothesis import strategies as st
from local_service import ORDER
from vectors import ADDRESS, KEY, OTHER_ADDRESS, TRANSACTIONS, signed_transaction

from duebill._secp256k1 import (
    Pair,
    account_of_key_info,
    account_of_point,
    completed,
    pair_of_der,
    pair_of_words,
    recovered,
)
from duebill._transactions import SignedTransaction, UnsignedTransaction
from duebill.errors import TransactionUnsupported

DIGESTS = st.binary(min_size=32, max_size=32)
KEYS = st.integers(1, ORDER - 1).map(lambda number: number.to_bytes(32))
NUMBERS = st.integers(1, ORDER - 1)
WORDS = st.integers(0, (1 << 256) - 1)
ADDRESSES = st.binary(min_size=20, max_size=20)


def made(key, digest):
    signature = PrivateKey(key).sign_recoverable(digest, hasher=None)
    return int.from_bytes(signature[:32]), int.from_bytes(signature[32:64]), signature[64]


def residue(digest):
    return int.from_bytes(digest) % ORDER


def account(key):
    return Account.from_key(key).address


# -- signatures -------------------------------------------------------------------------------


@given(NUMBERS, NUMBERS)
def test_der_is_read_as_the_library_writes_it(r, s):
    der = encode_dss_signature(r, s)
    assert pair_of_der(der) == (r, s) == decode_dss_signature(der)


@given(st.binary(max_size=80) | st.binary(max_size=76).map(lambda b: bytes([0x30, len(b)]) + b))
def test_what_is_read_as_der_is_written_as_the_same_bytes(data):
    """There is one encoding of each signature: nothing else is read (BER, padding, garbage)."""
    try:
        pair = pair_of_der(data)
    except ValueError:
        return
    assert encode_dss_signature(*pair) == data


@given(NUMBERS, NUMBERS, st.data())
def test_threat_20_changed_der_is_never_the_same_signature(r, s, data):
    der = bytearray(encode_dss_signature(r, s))
    place = data.draw(st.integers(0, len(der) - 1))
    der[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(ValueError):
        assert pair_of_der(bytes(der)) != (r, s)


@pytest.mark.parametrize(
    "der",
    [
        "",
        "30",
        "3000",
        "3006020101020101ff",  # something follows
        "300702010102020001",  # padded
        "3006020101020181",  # negative
        "3006020101020100",  # zero s
        "3006020100020101",  # zero r
        "308106020101020101",  # the length in the long form
        "3003020101",  # only r
        "3005020101 0200",  # empty s
        "3106020101020101",  # no sequence
        "30060201010301 01",  # no integer
    ],
)
def test_threat_20_bad_der_is_refused(der):
    with pytest.raises(ValueError, match="signature"):
        pair_of_der(bytes.fromhex(der))


@pytest.mark.parametrize("number", [0, ORDER, ORDER + 1, (1 << 256) - 1])
def test_threat_20_numbers_out_of_range_are_refused(number):
    for r, s in ((number, 1), (1, number)):
        with pytest.raises(ValueError, match="out of range"):
            pair_of_words(r.to_bytes(32) + s.to_bytes(32))
        with pytest.raises(ValueError, match="out of range"):
            pair_of_der(encode_dss_signature(r, s))


@pytest.mark.parametrize("length", [0, 63, 65])
def test_threat_20_a_signature_has_64_bytes(length):
    with pytest.raises(ValueError, match="64 bytes"):
        pair_of_words(b"\1" * length)


@settings(max_examples=50)
@given(KEYS, DIGESTS)
def test_threat_20_either_s_becomes_the_form_that_chains_take(key, digest):
    """The lower s and the parity that recovers the key, as coincurve has them."""
    r, s, parity = made(key, digest)
    for given_s in (s, ORDER - s):
        found = completed(Pair(r, given_s), digest, account(key))
        assert found == (parity, r, s)
        assert recovered(found, digest) == account(key)
        assert found.as_bytes() == r.to_bytes(32) + s.to_bytes(32) + bytes([27 + parity])


@settings(max_examples=50)
@given(KEYS, KEYS, DIGESTS, DIGESTS)
@example((1).to_bytes(32), (ORDER - 1).to_bytes(32), bytes(32), bytes(32))
@example((1).to_bytes(32), (2).to_bytes(32), (1).to_bytes(32), (ORDER + 1).to_bytes(32))
def test_threat_20_what_another_key_or_digest_made_is_refused(key, other, digest, wrong):
    """Digests count modulo the order, and of zero a key and its negative make the same signature."""
    r, s, _ = made(other, digest)
    number, of_other, zero = int.from_bytes(key), int.from_bytes(other), residue(digest) == 0
    if key != other and not (zero and number + of_other == ORDER):
        assert completed(Pair(r, s), digest, account(key)) is None
    if residue(digest) != residue(wrong):
        assert completed(Pair(r, s), wrong, account(other)) is None


@given(KEYS)
@settings(max_examples=50)
def test_an_account_is_that_of_its_point(key):
    point = PrivateKey(key).public_key.format(compressed=False)
    assert account_of_point(point) == account(key)


@pytest.mark.parametrize(
    "point",
    [
        b"",
        b"\x04" + b"\0" * 64,
        b"\x04" + b"\xff" * 64,
        PrivateKey.from_hex(KEY).public_key.format(compressed=True),
        PrivateKey.from_hex(KEY).public_key.format(compressed=False)[:-1] + b"\0",
        b"\x06" + PrivateKey.from_hex(KEY).public_key.format(compressed=False)[1:],
    ],
    ids=range(6),
)
def test_what_is_no_point_of_the_curve_is_refused(point):
    with pytest.raises(ValueError, match="the public key is no"):
        account_of_point(point)


def test_a_key_of_another_curve_is_refused():
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - here alone
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    with pytest.raises(ValueError, match="none of secp256k1"):
        account_of_key_info(key.public_bytes(*form))


# -- transactions -----------------------------------------------------------------------------


@st.composite
def transactions(draw):
    kind = draw(st.sampled_from((0, 1, 2)))
    fields = {
        "chainId": draw(st.integers(1, 1 << 40)),
        "nonce": draw(st.integers(0, 1 << 64)),
        "gas": draw(st.integers(0, 1 << 40)),
        "to": Account.from_key(draw(KEYS)).address,
        "value": draw(WORDS),
        "data": "0x" + draw(st.binary(max_size=300)).hex(),
    }
    if kind < 2:
        fields["gasPrice"] = draw(WORDS)
    else:
        fields |= {"maxFeePerGas": draw(WORDS), "maxPriorityFeePerGas": draw(WORDS)}
    if kind:
        keys = st.lists(st.binary(min_size=32, max_size=32), max_size=3)
        fields["type"] = kind
        fields["accessList"] = [
            {"address": "0x" + who.hex(), "storageKeys": ["0x" + key.hex() for key in slots]}
            for who, slots in draw(st.lists(st.tuples(ADDRESSES, keys), max_size=3))
        ]
    return fields


@settings(max_examples=80, deadline=None)
@given(transactions(), KEYS)
def test_transactions_are_written_as_eth_account_writes_them(fields, key):
    """Digest, bytes and fields: the same as those of eth-account, and read back unchanged."""
    expected = Account.from_key(key).sign_transaction(dict(fields))
    raw = bytes(expected.raw_transaction)
    signed = SignedTransaction.of(raw)
    unsigned = signed.unsigned

    assert UnsignedTransaction.of(fields) == unsigned
    assert UnsignedTransaction.of(unsigned.fields()) == unsigned
    assert UnsignedTransaction.of_payload(unsigned.payload()) == unsigned
    assert unsigned.digest() == bytes(recoverable_hash(fields))
    assert (signed.raw, signed.sender) == (raw, account(key))
    assert signed.hash == "0x" + bytes(expected.hash).hex()


def recoverable_hash(fields):
    from eth_account._utils.legacy_transactions import (  # noqa: PLC0415 - to compare with
        serializable_unsigned_transaction_from_dict,
    )

    return serializable_unsigned_transaction_from_dict(dict(fields)).hash()


@given(st.sampled_from(sorted(TRANSACTIONS)), st.data())
def test_threat_55_a_changed_byte_is_another_transaction_or_none(name, data):
    """No two texts say the same: whatever is changed on the way is seen."""
    raw = bytearray(signed_transaction(TRANSACTIONS[name]))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        changed = SignedTransaction.of(bytes(raw))
    except ValueError:
        return
    assert changed != SignedTransaction.of(signed_transaction(TRANSACTIONS[name]))
    assert changed.raw == bytes(raw)


@given(st.binary(max_size=200))
def test_garbage_is_no_transaction(data):
    for read in (SignedTransaction.of, UnsignedTransaction.of_payload):
        try:
            read(data)
        except ValueError:
            continue
        pytest.fail("it was read")


def test_threat_20_the_twin_of_a_signature_is_not_read():
    signed = SignedTransaction.of(signed_transaction(TRANSACTIONS["legacy"]))
    unsigned, signature = signed.unsigned, signed.signature
    twin = signature._replace(s=ORDER - signature.s, parity=1 - signature.parity)
    assert recovered(twin, unsigned.digest()) == ADDRESS != OTHER_ADDRESS
    with pytest.raises(ValueError, match="not of the form"):
        SignedTransaction.of(unsigned.signed(twin))


@pytest.mark.parametrize(
    "changes",
    [
        {"chainId": 0},
        {"chainId": None},
        {"from": ADDRESS},
        {"type": 3},
        {"type": 4},
        {"nonce": -1},
        {"nonce": 1 << 256},
        {"nonce": "7"},
        {"nonce": True},
        {"nonce": 1.5},
        {"gasPrice": 1},
        {"to": "0x1234"},
        {"data": "zz"},
        {"accessList": [{"address": "0x12", "storageKeys": []}]},
        {"accessList": [{"address": ADDRESS, "storageKeys": ["0x12"]}]},
        {"accessList": [{"address": ADDRESS}]},
        {"gas": None},
    ],
    ids=str,
)
def test_a_transaction_that_is_not_understood_is_not_signed(changes):
    with pytest.raises(TransactionUnsupported):
        UnsignedTransaction.of({**TRANSACTIONS["dynamic fee"], **changes})


@pytest.mark.parametrize("name", ["nonce", "gas", "maxFeePerGas", "chainId"])
def test_a_transaction_without_a_field_is_not_signed(name):
    fields = dict(TRANSACTIONS["dynamic fee"])
    del fields[name]
    with pytest.raises(TransactionUnsupported, match=name):
        UnsignedTransaction.of(fields)
