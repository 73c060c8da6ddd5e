"""Orders, avals and loans for tests, and how contracts would hash them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from hypothesis import strategies as st

from duebill import artifacts
from duebill.deals import AvalDraft, LoanDraft, OrderDraft
from duebill.errors import BadSignedTerms, CurrencyMismatch, SignedForElsewhere
from duebill.model import (
    Aval,
    DayCount,
    Loan,
    Money,
    Offer,
    Order,
    Quotation,
    ReceivableId,
    Side,
    VoucherId,
    address,
)
from duebill.pricing import Rate, RateQuote, Share

CHAIN = 31337
CONTRACT = address("0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc")
VOUCHER = VoucherId("0123456789abcdef" * 3 + "/3")
UNTIL = datetime(2027, 1, 31, 12, 0, tzinfo=UTC)


class Key:
    """A signer in memory."""

    def __init__(self, digit):
        self._account = Account.from_key("0x" + digit * 64)
        self.address = address(self._account.address)

    def sign_typed_data(self, message):
        return bytes(self._account.sign_typed_data(full_message=dict(message)).signature)


ALICE, BOB, CAROL = Key("1"), Key("2"), Key("3")


def eur(amount):
    return Money.parse(amount, "EUR")


def order(**changes):
    given = {
        "maker": ALICE.address,
        "side": Side.ASK,
        "subject": VOUCHER,
        "currency": 1,
        "amount": eur("1000000"),
        "price": eur("987500.50"),
        "expiry": UNTIL,
        "nonce": 7,
    }
    return Order(**{**given, **changes})


def offer(**changes):
    given = {
        "giver": ALICE.address,
        "recipient": BOB.address,
        "voucher": VOUCHER,
        "value": eur("25"),
        "expiry": UNTIL,
        "reference_hash": "0x" + "11" * 32,
        "documents_root": "0x" + "22" * 32,
        "salt": 9,
    }
    return Offer(**{**given, **changes})


def aval(**changes):
    given = {
        "guarantor": ALICE.address,
        "applicant": BOB.address,
        "receivable": VOUCHER.receivable,
        "obligor": CONTRACT,
        "programme": 3,
        "currency": 1,
        "cap": eur("5000"),
        "margin": eur("1000"),
        "fee": eur("12.50"),
        "expiry": UNTIL,
        "signed_until": UNTIL - timedelta(days=30),
        "salt": 8,
    }
    return Aval(**{**given, **changes})


def loan(**changes):
    given = {
        "lender": ALICE.address,
        "borrower": BOB.address,
        "voucher": VOUCHER,
        "currency": 1,
        "principal": eur("9000"),
        "advance_rate": Share.percent("90"),
        "rate": Rate.percent("5"),
        "late_rate": Rate.percent("9.25"),
        "day_count": DayCount.ACT_365F,
        "maturity": date(2027, 6, 1),
        "grace_days": 5,
        "signed_until": UNTIL,
        "salt": 6,
    }
    return Loan(**{**given, **changes})


def draft(terms, **changes):
    kind = {Order: OrderDraft, Aval: AvalDraft, Loan: LoanDraft}[type(terms)]
    return kind(**{"terms": terms, "chain_id": CHAIN, "contract": CONTRACT, **changes})


def verified(signed):
    """Whether it is good, where it was meant for."""
    return signed.verify(chain_id=CHAIN, contract=CONTRACT, code="EUR")


def believed(kind, text):
    """Whether a text is read, is for this place, and has a good signature."""
    try:
        return verified(kind.from_text(text))
    except (BadSignedTerms, SignedForElsewhere, CurrencyMismatch) as error:
        if len(str(error)) > 400:
            raise
        return False


def from_abi(value):
    """The value once more, by way of the contract's form."""
    names = [field.abi_name for field in value.FIELDS]
    fields = dict(zip(names, value.as_abi(), strict=True))
    return type(value).from_abi(fields, code=value.code)


# -- as the contracts hash --------------------------------------------------------------------

_VIEWS = {
    Order: ("IExchange", "orderDigest", "Duebill Exchange"),
    Aval: ("IGuaranteeBook", "avalIdOf", "Duebill GuaranteeBook"),
    Loan: ("IPledgeBook", "loanIdOf", "Duebill PledgeBook"),
}


def members(kind):
    """The struct's fields as the compiled interface has them."""
    interface, view, _ = _VIEWS[kind]
    entries = artifacts.load(interface).abi
    (entry,) = (e for e in entries if e["type"] == "function" and e["name"] == view)
    return [(part["type"], part["name"]) for part in entry["inputs"][0]["components"]]


def contract_digest(terms, chain_id=CHAIN, contract=CONTRACT):
    """EIP-712 by hand, from the interface."""
    kind = type(terms)
    fields = members(kind)
    text = f"{kind.__name__}({','.join(f'{type_} {name}' for type_, name in fields)})"
    types = ["bytes32", *(type_ for type_, _ in fields)]
    struct = keccak(encode(types, [keccak(text.encode()), *terms.as_abi()]))
    domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    separator = keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [
                keccak(domain.encode()),
                keccak(_VIEWS[kind][2].encode()),
                keccak(b"1"),
                chain_id,
                contract,
            ],
        )
    )
    return "0x" + keccak(b"\x19\x01" + separator + struct).hex()


def independent_digest(terms):
    """EIP-712 by eth_account, from the interface."""
    fields = members(type(terms))
    values = {name: value for (_, name), value in zip(fields, terms.as_abi(), strict=True)}
    message = encode_typed_data(
        {
            "name": _VIEWS[type(terms)][2],
            "version": "1",
            "chainId": CHAIN,
            "verifyingContract": CONTRACT,
        },
        {type(terms).__name__: [{"type": type_, "name": name} for type_, name in fields]},
        values,
    )
    return "0x" + keccak(b"\x19" + message.version + message.header + message.body).hex()


# -- changes ----------------------------------------------------------------------------------


def leaves(data, path=()):
    """The places of all values in nested objects."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def changed(data, path, value):
    """The same object with another value in one place."""
    name, *rest = path
    return {**data, name: changed(data[name], rest, value) if rest else value}


def other(value):
    """A value of the same form that is another."""
    if value is None:
        return BOB.address
    if isinstance(value, int):
        return value + 1
    if value.startswith("0x") and len(value) == 42:
        return "0x" + "00" * 19 + "01"
    if value[-1:].isdigit():
        return value[:-1] + str((int(value[-1]) + 1) % 10)
    return value[::-1]


# -- strategies -------------------------------------------------------------------------------

addresses = st.binary(min_size=20, max_size=20).map(lambda raw: address("0x" + raw.hex()))
receivables = st.integers(1, (1 << 192) - 1).map(ReceivableId.from_number)
vouchers = st.builds(ReceivableId.voucher, receivables, st.integers(1, (1 << 64) - 1))
words = st.integers(0, (1 << 256) - 1)
moments = st.integers(0, 253_402_300_799).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
days = st.dates(date(1970, 1, 2), date(2149, 6, 6))
rates = st.integers(0, 10_000_000).map(Rate)
hashes = st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex())


def money(most, least=0):
    return st.integers(least, most).map(lambda units: Money(units, "EUR"))


@st.composite
def orders(draw):
    amount = draw(st.integers(1, (1 << 80) - 1))
    quotes = st.builds(
        RateQuote,
        rates,
        st.sampled_from([Quotation.DISCOUNT, Quotation.YIELD]),
        st.sampled_from(DayCount),
    )
    return Order(
        maker=ALICE.address,
        taker=draw(st.none() | st.just(BOB.address)),
        side=draw(st.sampled_from(Side)),
        subject=draw(vouchers | receivables | addresses | st.integers(0, 65_535)),
        currency=draw(st.integers(0, 255)),
        amount=Money(amount, "EUR"),
        least=draw(st.none() | money(amount, 1)),
        price=draw(money((1 << 80) - 1, 1) | quotes),
        recourse=draw(st.none() | money(amount)),
        due_by=draw(st.none() | days),
        expiry=draw(moments),
        nonce=draw(words),
    )


offers = st.builds(
    offer,
    voucher=vouchers,
    value=money((1 << 80) - 1),
    expiry=moments,
    reference_hash=hashes,
    documents_root=hashes,
    salt=words,
)


@st.composite
def avals(draw):
    cap = draw(st.integers(1, (1 << 80) - 1))
    given = aval(
        receivable=draw(st.none() | receivables),
        programme=draw(st.integers(0, 65_535)),
        currency=draw(st.integers(0, 255)),
        cap=Money(cap, "EUR"),
        margin=draw(money(cap)),
        fee=draw(money((1 << 80) - 1)),
        expiry=draw(moments),
        signed_until=draw(moments),
        salt=draw(words),
    )
    free = draw(st.booleans())
    return replace(given, applicant=None, fee=None) if free else given


@st.composite
def loans(draw):
    rate = draw(st.integers(0, 10_000_000))
    return loan(
        voucher=draw(vouchers),
        currency=draw(st.integers(0, 255)),
        principal=draw(money(1 << 69, 1)),
        advance_rate=Share(draw(st.integers(1, 1_000_000))),
        rate=Rate(rate),
        late_rate=draw(st.none() | st.integers(max(rate, 1), 10_000_000).map(Rate)),
        day_count=draw(st.sampled_from(DayCount)),
        maturity=draw(days),
        grace_days=draw(st.integers(0, 65_535)),
        signed_until=draw(moments),
        salt=draw(words),
    )
