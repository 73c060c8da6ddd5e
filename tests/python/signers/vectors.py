"""What every signer is given to sign, and what eth-account's own signer makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from eth_account import Account
from eth_account.messages import encode_typed_data

from duebill.model import Money, Terms
from duebill.signing import Acceptance

KEY = "c0ffee" + "11" * 29
PASSWORD = "canary-password-7c1d"  # noqa: S105 - a canary
OTHER_KEY = "c0ffee" + "22" * 29
ACCOUNT = Account.from_key(KEY)
ADDRESS = ACCOUNT.address
OTHER_ADDRESS = Account.from_key(OTHER_KEY).address
TO = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"

_CALL = {"nonce": 7, "to": TO, "value": 0, "gas": 210_000, "data": "0xa9059cbb" + "ab" * 64}
_FEES = {"maxFeePerGas": 3_000_000_007, "maxPriorityFeePerGas": 1_000_000_000}

# An EIP-7702 authorization, and how a transaction of type 4 carries it.
AUTHORIZATION = {"chainId": 31337, "address": TO, "nonce": 3}
AUTHORIZATIONS = {
    "plain": AUTHORIZATION,
    "first of its account": {**AUTHORIZATION, "nonce": 0},
    "a long chain id and the last nonce": {"chainId": 1 << 40, "address": TO, "nonce": 2**64 - 2},
}
_AUTHORIZED = Account.from_key(OTHER_KEY).sign_authorization(AUTHORIZATION)
CARRYING = {
    **_CALL,
    **_FEES,
    "type": 4,
    "chainId": 31337,
    "authorizationList": [
        {
            **AUTHORIZATION,
            "yParity": _AUTHORIZED.y_parity,
            "r": _AUTHORIZED.r,
            "s": _AUTHORIZED.s,
        }
    ],
}

TRANSACTIONS = {
    "legacy": {**_CALL, "chainId": 1, "gasPrice": 20_000_000_000},
    "legacy on a chain with a large id": {**_CALL, "chainId": 1 << 40, "gasPrice": 1},
    "legacy without fee": {**_CALL, "chainId": 31337, "gasPrice": 0},
    "access list": {
        **_CALL,
        "type": 1,
        "chainId": 1,
        "gasPrice": 5,
        "accessList": [
            {"address": TO, "storageKeys": ["0x" + "00" * 31 + "05", "0x" + "ff" * 32]},
            {"address": ADDRESS, "storageKeys": []},
        ],
    },
    "dynamic fee": {**_CALL, **_FEES, "type": 2, "chainId": 31337},
    "dynamic fee, type not named": {**_CALL, **_FEES, "chainId": 31337},
    "dynamic fee, as hex": {
        "type": "0x2",
        "chainId": "0x7a69",
        "nonce": "0x0",
        "to": TO,
        "value": "0x1",
        "gas": "0x5208",
        "data": "0x",
        "maxFeePerGas": "0x1",
        "maxPriorityFeePerGas": "0x0",
    },
    "first of its account": {**_CALL, **_FEES, "type": 2, "chainId": 1, "nonce": 0},
    "one byte of data": {**_CALL, **_FEES, "type": 2, "chainId": 1, "data": "0x05"},
    "a long call": {**_CALL, **_FEES, "type": 2, "chainId": 1, "data": "0x" + "c7" * 5000},
    "a long legacy call": {**_CALL, "chainId": 1, "gasPrice": 9, "data": "0x" + "c7" * 700},
    "largest value": {**_CALL, **_FEES, "type": 2, "chainId": 1, "value": (1 << 256) - 1},
    "with another's delegation": CARRYING,
}

_ACCEPTANCE = Acceptance(
    terms=Terms(
        obligor=ADDRESS,
        creditor=TO,
        currency=1,
        face=Money.parse("1248300.00", "EUR"),
        due_date=date(2027, 3, 31),
        programme=1,
    ),
    deadline=datetime(2027, 1, 1, tzinfo=UTC),
    chain_id=31337,
    ledger="0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
)

# The example of EIP-712 itself, and a message whose numbers no double can hold.
_MAIL = {
    "types": {
        "EIP712Domain": [
            {"name": "name", "type": "string"},
            {"name": "version", "type": "string"},
            {"name": "chainId", "type": "uint256"},
            {"name": "verifyingContract", "type": "address"},
        ],
        "Person": [{"name": "name", "type": "string"}, {"name": "wallet", "type": "address"}],
        "Mail": [
            {"name": "from", "type": "Person"},
            {"name": "to", "type": "Person"},
            {"name": "contents", "type": "string"},
        ],
    },
    "primaryType": "Mail",
    "domain": {
        "name": "Ether Mail",
        "version": "1",
        "chainId": 1,
        "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
    },
    "message": {
        "from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
        "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
        "contents": "Hello, Bob!",
    },
}
_LARGE = {
    **_MAIL,
    "types": {
        "EIP712Domain": _MAIL["types"]["EIP712Domain"],
        "Large": [
            {"name": "number", "type": "uint256"},
            {"name": "bytes", "type": "bytes32"},
            {"name": "list", "type": "uint256[]"},
            {"name": "yes", "type": "bool"},
        ],
    },
    "primaryType": "Large",
    "message": {
        "number": (1 << 256) - 1,
        "bytes": b"\x07" * 32,
        "list": [(1 << 64) + 1, 0],
        "yes": True,
    },
}

MESSAGES = {"acceptance": _ACCEPTANCE.typed_data(), "mail of EIP-712": _MAIL, "large": _LARGE}


def signed_transaction(transaction):
    """The bytes that eth-account makes."""
    if "authorizationList" in transaction:
        transaction = {**transaction, "authorizationList": [_AUTHORIZED]}
    return bytes(ACCOUNT.sign_transaction(dict(transaction)).raw_transaction)


def signed_message(message):
    """The signature that eth-account makes."""
    return bytes(ACCOUNT.sign_typed_data(full_message=dict(message)).signature)


def signer_of_message(message, signature):
    """Whose signature it is, by eth-account."""
    return Account.recover_message(encode_typed_data(full_message=message), signature=signature)


def signed_authorization(authorization):
    """The signature that eth-account makes: r, s, and 27 or 28."""
    made = ACCOUNT.sign_authorization(dict(authorization))
    return made.r.to_bytes(32) + made.s.to_bytes(32) + bytes([27 + made.y_parity])


def signer_of_authorization(authorization, signature):
    """Whose signature it is, by eth-account."""
    digest = ACCOUNT.sign_authorization(dict(authorization)).authorization_hash
    return Account._recover_hash(digest, signature=signature)
