"""Cash by permit: one transaction where an allowance takes two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from duebill._abi import keccak, permit_abi
from duebill._actions import NOTHING, Action
from duebill._desk import _approval
from duebill._permits import Permit, Permits
from duebill.deals import SignedAval, SignedLoan
from duebill.errors import ERC20InsufficientAllowance, SigningDeclined
from duebill.model import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.deals import SignedOrder

TERMS = {"advance_rate": "80", "rate": "6"}
TYPE = b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"


def eur(text):
    return Money.parse(text, "EUR")


class Watched:
    """An account that keeps what it signs; something can happen before it signs a transaction."""

    def __init__(self, account: Any, meanwhile: Callable[[], None] | None = None) -> None:
        self._account = account
        self._meanwhile = meanwhile
        self.address = account.address
        self.messages: list[dict[str, Any]] = []
        self.signatures: list[bytes] = []
        self.sent = 0

    def sign_transaction(self, transaction):
        self.sent += 1
        if self._meanwhile:
            self._meanwhile()
        return self._account.sign_transaction(transaction)

    def sign_typed_data(self, message):
        self.messages.append(dict(message))
        self.signatures.append(self._account.sign_typed_data(message))
        return self.signatures[-1]

    @property
    def permits(self):
        return [message for message in self.messages if message["primaryType"] == "Permit"]


@pytest.fixture
def order(scene, ledger, signers) -> SignedOrder:
    """An ask at 990."""
    voucher = scene.accepted().voucher(1)
    return ledger.supplier(signers.supplier).offer(voucher, price="990")


@pytest.fixture
def bank(signers):
    return Watched(signers.financier)


def allowance(ledger, who, spender, *, code="EUR"):
    return ledger._desk.ask_token(ledger.currency(code).token, "allowance", who.address, spender)


def used(ledger, message, signature, *, by):
    """Somebody brings a permit to the token."""
    fields = message["message"]
    parts = (signature[64], signature[:32], signature[32:64])
    values = [fields[name] for name in ("owner", "spender", "value", "deadline")]
    action = Action(
        to=ledger.currency("EUR").token,
        data=permit_abi().encode("permit", *values, *parts),
        decode=lambda _: None,
        answer=NOTHING,
    )
    ledger._desk.chain.submit(action, signer=by).wait()


def patched(anvil, token, old, new):
    """Let a token be otherwise in some bytes of its code."""
    code = bytes.fromhex(anvil.rpc("eth_getCode", token, "latest")[2:])
    assert old in code
    anvil.rpc("anvil_setCode", token, "0x" + code.replace(old, new).hex())


def test_buying_takes_one_transaction(ledger, order, bank):
    """The exact amount, for half an hour by the chain's time, in words before it is signed."""
    shown = []
    start = ledger.time()
    tried = ledger.financier(bank).simulate.buy(order).wait().value
    assert (bank.sent, bank.messages) == (0, [])
    bought = ledger.financier(bank).buy(order, review=lambda words: not shown.append(words))
    assert bought.wait().value == tried
    assert ledger.voucher(tried.voucher).holder == bank.address
    assert tried.cost == eur("990")
    assert bank.sent == 1
    (permit,) = bank.permits
    assert permit["message"] == {
        "owner": bank.address,
        "spender": ledger.exchange.address,
        "value": 990 * 10 ** ledger.currency("EUR").decimals,
        "nonce": 0,
        "deadline": int((start + timedelta(minutes=30)).timestamp()),
    }
    (words,) = shown
    assert f"let {ledger.exchange.address}\ntake 990 EUR of mine" in words
    assert f"on chain {ledger.chain_id}. Number 0." in words
    assert allowance(ledger, bank, ledger.exchange.address) == 0


def test_nothing_is_signed_or_sent_that_was_declined(ledger, order, bank):
    with pytest.raises(SigningDeclined):
        ledger.financier(bank).buy(order, review=lambda _: False)
    assert (bank.sent, bank.messages) == (0, [])


def test_an_allowance_that_is_there_needs_no_permit(ledger, order, bank):
    financier = ledger.financier(bank)
    financier.allow_cash(eur("1000")).wait()
    financier.buy(order).wait()
    assert (bank.sent, bank.messages) == (2, [])


def test_guaranteeing_takes_one_transaction(scene, ledger, signers, anvil):
    """The margin, more of it, the fee and what is called; each amount beside what is kept ready."""
    id_, year = scene.accepted(), ledger.time() + timedelta(days=365)
    account, applicant = Watched(signers.guarantor), Watched(signers.supplier)
    guarantor, book = ledger.guarantor(account), ledger.guarantees.address
    guarantor.allow_calls(eur("50")).wait()
    aval = guarantor.cover(id_, cap="300", margin="100", until=year).wait().value
    assert guarantor.add_margin(aval, "20").wait().value == eur("20")
    assert ledger.guarantees.aval(aval).state.margin == eur("120")
    assert (account.sent, len(account.permits)) == (3, 2)
    assert allowance(ledger, account, book) == 50 * 10**6
    signed = guarantor.sign_aval(id_, applicant=applicant.address, fee="5", cap="10", until=year)
    given = ledger.supplier(applicant).take_cover(SignedAval.from_text(signed.to_line()))
    assert ledger.guarantees.aval(given.wait().value).terms.price == eur("5")
    assert (applicant.sent, len(applicant.permits)) == (1, 1)
    anvil.travel(days=96)
    paid = guarantor.honour(id_).wait().value
    assert sorted(call.paid.units for call in paid) == [10 * 10**6, 300 * 10**6]
    assert (account.sent, len(account.permits)) == (4, 3)


def test_lending_and_repaying_take_one_transaction(scene, ledger, signers, bank):
    borrower = Watched(signers.supplier)
    supplier, voucher = ledger.supplier(borrower), scene.accepted().voucher(1)
    request = supplier.request_loan(voucher, lender=bank.address, **TERMS).to_text()
    loan = ledger.financier(bank).open_loan(SignedLoan.from_text(request)).wait().value
    assert (bank.sent, len(bank.permits)) == (1, 1)
    sent = borrower.sent
    assert supplier.repay(loan, "300").wait().value == eur("300")
    assert supplier.repay(loan).wait().value == eur("500")
    assert (borrower.sent, len(borrower.permits)) == (sent + 2, 2)
    assert ledger.voucher(voucher).holder == borrower.address


# -- what can go wrong ------------------------------------------------------------------------


def test_threat_17_a_permit_that_somebody_brings_first_does_no_harm(ledger, signers, order):
    """Its transaction was seen on the way, and the permit in it used: the allowance is there."""

    def snatch():
        used(ledger, bank.permits[0], bank.signatures[0], by=signers.stranger)
        assert allowance(ledger, bank, ledger.exchange.address) == 990 * 10**6

    bank = Watched(signers.financier, snatch)
    bought = ledger.financier(bank).buy(order).wait().value
    assert ledger.voucher(bought.voucher).holder == bank.address
    assert (bank.sent, len(bank.permits)) == (1, 1)
    assert allowance(ledger, bank, ledger.exchange.address) == 0


def test_threat_17_a_number_that_is_used_up_meanwhile_costs_nothing(ledger, signers, order):
    """Another permit of the owner's comes first: an error says why, and buying again works."""
    other = Watched(signers.financier)

    def overtake():
        message = {**bank.permits[0], "message": {**bank.permits[0]["message"], "value": 1}}
        used(ledger, message, other.sign_typed_data(message), by=signers.stranger)

    bank = Watched(signers.financier, overtake)
    before = ledger.cash(bank.address, "EUR")
    with pytest.raises(ERC20InsufficientAllowance) as caught:
        ledger.financier(bank).buy(order).wait()
    assert (caught.value.allowance, caught.value.needed) == (1, 990 * 10**6)
    assert ledger.cash(bank.address, "EUR") == before
    assert ledger.exchange.left_of(order) == order.terms.amount
    bought = ledger.financier(other).buy(order).wait().value
    assert ledger.voucher(bought.voucher).holder == bank.address
    assert (other.sent, other.permits[-1]["message"]["nonce"]) == (1, 1)


def test_a_token_without_permits_is_approved(scene, anvil, usdt_code, mint, bank):
    """As USDT, which also wants zero first."""
    ledger, signers = scene.ledger, scene.signers
    token = "0x0000000000000000000000000000000000005d73"  # noqa: S105 - an address
    anvil.rpc("anvil_setCode", token, usdt_code)
    ledger.administrator(signers.deployer).add_currency("XAU", decimals=6, token=token).wait()
    mint(bank.address, token, 6)
    voucher = scene.accepted(face=Money.parse("1000", "XAU")).voucher(1)
    order = ledger.supplier(signers.supplier).offer(voucher, price="990")
    financier = ledger.financier(bank)
    financier.allow_cash(Money.parse("5", "XAU")).wait()
    financier.buy(order).wait()
    assert ledger.voucher(voucher).holder == bank.address
    assert (bank.sent, bank.messages) == (4, [])


def test_a_token_whose_domain_is_another_is_approved(ledger, anvil, order, bank):
    """Nothing is signed for it: the signature could be meant for another chain or token."""
    token = ledger.currency("EUR").token
    chain = ledger._desk.chain
    separator = chain.call(token, permit_abi().encode("DOMAIN_SEPARATOR"))
    patched(anvil, token, separator, bytes(reversed(separator)))
    ledger.financier(bank).buy(order).wait()
    assert ledger.voucher(order.terms.subject).holder == bank.address
    assert (bank.sent, bank.messages) == (2, [])


def test_a_token_that_takes_another_permit_is_approved(scene, anvil, order, bank):
    """As DAI, whose permit has other fields under the same domain. It is tried once."""
    ledger, signers = scene.ledger, scene.signers
    patched(anvil, ledger.currency("EUR").token, keccak(TYPE), keccak(b"Permit(address holder)"))
    ledger.financier(bank).buy(order).wait()
    assert ledger.voucher(order.terms.subject).holder == bank.address
    assert (bank.sent, len(bank.permits)) == (2, 1)
    again = ledger.supplier(signers.supplier).offer(scene.accepted().voucher(1), price="990")
    ledger.financier(bank).buy(again).wait()
    assert (bank.sent, len(bank.permits)) == (4, 1)


def test_a_token_that_does_not_tell_its_domain_is_asked_for_its_name(ledger, anvil, order, bank):
    """Most tokens are older than ERC-5267; the version is 1 if none is said."""
    selector = permit_abi().encode("eip712Domain")
    patched(anvil, ledger.currency("EUR").token, b"\x63" + selector, b"\x63" + bytes(4))
    ledger.financier(bank).buy(order).wait()
    (permit,) = bank.permits
    assert permit["domain"]["version"] == "1"
    assert bank.sent == 1


def test_a_token_is_asked_once(ledger, signers, bank, monkeypatch):
    """What it calls itself is kept; only the number is asked for again."""
    row, asked = ledger.currency("EUR"), []
    permits, call = ledger._desk.permits, Permits._told
    monkeypatch.setattr(Permits, "_told", lambda *args: asked.append(args[2]) or call(*args))
    approval = _approval(row.token, signers.stranger.address, 5)
    one, two = (permits.draft(approval, owner=bank.address, currency=row) for _ in range(2))
    assert isinstance(one, Permit)
    assert one == two
    assert asked == ["DOMAIN_SEPARATOR", "eip712Domain", "nonces", "nonces"]


def test_a_token_that_says_nothing_sensible_gets_no_permit(ledger, signers, anvil):
    """To everything it answers 32 and 0, which also reads as an empty name."""
    token = "0x0000000000000000000000000000000000005d74"  # noqa: S105 - an address
    anvil.rpc("anvil_setCode", token, "0x60205f5260405ff3")
    permits, row = ledger._desk.permits, ledger.currency("EUR")
    approval = _approval(token, signers.stranger.address, 5)
    assert permits.draft(approval, owner=signers.financier.address, currency=row) is None


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [(1_234_500, 2, "12,345 EUR"), (7, 0, "7 EUR"), (10**18 + 1, 18, "1.000000000000000001 EUR")],
)
def test_the_words_say_the_amount_that_is_signed(ledger, signers, value, decimals, words):
    row = ledger.currency("EUR")
    currency = replace(row, decimals=decimals)
    approval = _approval(row.token, signers.stranger.address, value)
    made = ledger._desk.permits.draft(approval, owner=signers.financier.address, currency=currency)
    assert f"take {words} of mine" in made.summary()
    assert made.made_by("0x" + made.sign(signers.financier).signature.hex()) == made.owner
