"""Orders and offers: what they may say, what is signed, and what is believed of a text."""

from __future__ import annotations

import base64
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import papers
import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import ALICE, BOB, CHAIN, CONTRACT, UNTIL, VOUCHER, eur

from duebill import artifacts
from duebill.deals import OrderDraft, SignedAval, SignedLoan, SignedOrder
from duebill.errors import (
    AmountTooLarge,
    BadAddress,
    BadId,
    BadRate,
    BadSignedTerms,
    BadTerms,
    BadTime,
    CurrencyMismatch,
    DuebillError,
    SignedForElsewhere,
    SignerNotNamed,
)
from duebill.model import (
    FOREVER,
    ZERO_ADDRESS,
    DayCount,
    Money,
    Offer,
    Order,
    Quotation,
    Recourse,
    Scope,
    Side,
    nonce_at,
)
from duebill.pricing import Rate, RateQuote

FEW = settings(max_examples=40, deadline=None)
DISCOUNT = RateQuote(Rate.percent("5.25"), Quotation.DISCOUNT, DayCount.ACT_360)
YIELD = RateQuote(Rate.percent("4.8"), Quotation.YIELD, DayCount.ACT_365F)
SIGNED = papers.draft(papers.order()).sign(ALICE)


# -- values -----------------------------------------------------------------------------------


@given(papers.orders())
@FEW
def test_an_order_is_the_same_in_every_form(order):
    assert papers.from_abi(order) == order
    assert Order.from_json(json.loads(json.dumps(order.to_json()))) == order


@given(papers.offers)
@FEW
def test_an_offer_is_the_same_in_every_form(offer):
    assert papers.from_abi(offer) == offer
    assert Offer.from_json(offer.to_json()) == offer


@given(papers.offers)
@FEW
def test_the_id_of_an_offer_is_the_contracts(offer):
    """The hash of the fields as the compiled interface has them."""
    entries = artifacts.load("IOffers").abi
    (entry,) = (e for e in entries if e.get("name") == "offerIdOf")
    kinds = [part["type"] for part in entry["inputs"][0]["components"]]
    assert offer.id == "0x" + keccak(encode(kinds, offer.as_abi())).hex()


def test_recourse_is_read_from_the_chain():
    fields_ = {"seller": ALICE.address, "amount": 5, "dishonoured": True}
    found = Recourse.from_abi(fields_, code="EUR")
    assert found == Recourse(seller=ALICE.address, amount=Money(5, "EUR"), dishonoured=True)


def test_the_scope_follows_from_the_subject_and_the_quotation_from_the_price():
    subjects = {
        VOUCHER: Scope.VOUCHER,
        VOUCHER.receivable: Scope.RECEIVABLE,
        CONTRACT: Scope.OBLIGOR,
        7: Scope.PROGRAMME,
    }
    for subject, scope in subjects.items():
        order = papers.order(subject=subject)
        assert (order.scope, order.as_abi()[3]) == (scope, scope)
    for price, quotation, day_count in (
        (eur("1"), Quotation.AMOUNT, DayCount.ACT_360),
        (DISCOUNT, Quotation.DISCOUNT, DayCount.ACT_360),
        (YIELD, Quotation.YIELD, DayCount.ACT_365F),
    ):
        order = papers.order(price=price)
        assert (order.quotation, order.day_count) == (quotation, day_count)
        assert order.as_abi()[8:10] == (quotation, day_count)


def test_what_is_not_given_is_the_careful_choice():
    """All or nothing, without recourse, for anyone, any due day, and a number of its own."""
    order = Order(
        maker=ALICE.address,
        side=Side.BID,
        subject=7,
        currency=1,
        amount=eur("100"),
        price=DISCOUNT,
        expiry=UNTIL,
    )
    assert (order.least, order.recourse) == (eur("100"), eur("0"))
    assert (order.taker, order.due_by) == (None, None)
    now = datetime.now(UTC)
    assert nonce_at(now - timedelta(minutes=5)) < order.nonce < nonce_at(now + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": eur("0")}, BadTerms),
        ({"amount": "5"}, DuebillError),
        ({"least": eur("0")}, BadTerms),
        ({"least": eur("1000000.01")}, BadTerms),
        ({"recourse": eur("1000000.01")}, BadTerms),
        ({"taker": ALICE.address}, BadTerms),
        ({"price": eur("0")}, BadTerms),
        ({"price": 5}, BadTerms),
        ({"price": 0.05}, BadTerms),
        ({"price": Money.parse("5", "USD")}, CurrencyMismatch),
        ({"recourse": Money.parse("5", "USD")}, CurrencyMismatch),
        ({"maker": "0x12"}, BadAddress),
        ({"subject": "0x12"}, BadAddress),
        ({"subject": 65_536}, BadTerms),
        ({"subject": True}, BadTerms),
        ({"subject": None}, BadTerms),
        ({"currency": 256}, BadTerms),
        ({"currency": 1.0}, BadTerms),
        ({"expiry": datetime(2027, 1, 1)}, BadTime),  # noqa: DTZ001 - the point
        ({"expiry": datetime(1969, 1, 1, tzinfo=UTC)}, BadTime),
        ({"expiry": date(2027, 1, 1)}, BadTime),
        ({"due_by": UNTIL}, BadTime),
        ({"due_by": date(1969, 1, 1)}, BadTime),
        ({"nonce": -1}, BadTerms),
        ({"nonce": 1 << 256}, BadTerms),
        ({"side": 2}, BadTerms),
    ],
)
def test_an_order_that_contradicts_itself_is_refused(changes, error):
    with pytest.raises(error):
        papers.order(**changes)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"value": "5"}, BadTerms),
        ({"recipient": ALICE.address}, BadTerms),
        ({"voucher": "nothing"}, BadId),
        ({"voucher": 5}, BadTerms),
        ({"documents_root": "0x12"}, DuebillError),
        ({"salt": 1 << 256}, BadTerms),
    ],
)
def test_an_offer_that_contradicts_itself_is_refused(changes, error):
    with pytest.raises(error):
        papers.offer(**changes)


def test_what_cannot_be_written_here_is_not_read_from_a_contract():
    """Such as a day count beside an amount: the digest would be another."""
    names = [field.abi_name for field in Order.FIELDS]
    plain = dict(zip(names, papers.order().as_abi(), strict=True))
    assert Order.from_abi(plain, code="EUR") == papers.order()
    for change in ({"dayCount": 1}, {"subject": 0}, {"side": 7}):
        with pytest.raises((DuebillError, ValueError)):
            Order.from_abi({**plain, **change}, code="EUR")


def test_a_time_beyond_the_calendar_does_not_stop_a_reader():
    """Anyone can make an offer with it: whoever lists offers has to go on."""
    fields_ = dict(zip((f.abi_name for f in Offer.FIELDS), papers.offer().as_abi(), strict=True))
    for expiry in ((1 << 40) - 1, (1 << 40) - 2, 253_402_300_800):
        assert Offer.from_abi({**fields_, "expiry": expiry}, code="EUR").expiry == FOREVER
    last = Offer.from_abi({**fields_, "expiry": 253_402_300_799}, code="EUR")
    assert last.as_abi()[4] == 253_402_300_799


def test_times_are_kept_in_whole_seconds_of_utc():
    there = UNTIL.astimezone(timezone(timedelta(hours=5))) + timedelta(microseconds=7)
    assert papers.order(expiry=there) == papers.order()
    assert papers.order(expiry=FOREVER).as_abi()[13] == (1 << 40) - 1


# -- signing ----------------------------------------------------------------------------------


def test_the_fields_are_those_of_the_contract():
    expected = [(member["type"], member["name"]) for member in Order.struct_type()]
    assert expected == papers.members(Order)


@given(papers.orders())
@FEW
def test_the_digest_is_the_contracts(order):
    assert papers.draft(order).digest() == papers.contract_digest(order)
    assert papers.draft(order).digest() == papers.independent_digest(order)


def test_the_digest_is_for_one_contract_of_one_chain():
    order, other = papers.order(), BOB.address
    found = {
        papers.draft(order, **change).digest()
        for change in ({}, {"chain_id": 1}, {"contract": other})
    }
    assert len(found) == 3
    assert papers.draft(order, chain_id=1, contract=other).digest() == papers.contract_digest(
        order, 1, other
    )


def test_a_makers_signature_verifies():
    assert SIGNED.signed_by() == ALICE.address
    assert papers.verified(SIGNED)
    assert SIGNED.digest() == papers.draft(papers.order()).digest()


def test_only_the_maker_signs_or_who_signs_for_its_wallet():
    with pytest.raises(SignerNotNamed) as caught:
        papers.draft(papers.order()).sign(BOB)
    assert ALICE.address in str(caught.value)
    by_wallet = papers.draft(papers.order(maker=CONTRACT)).sign(BOB, party=CONTRACT)
    # The chain has to ask the wallet.
    assert by_wallet.signed_by() is None
    assert not papers.verified(by_wallet)


@pytest.mark.parametrize("signature", ["0x", "0x00", "0x" + "00" * 65, "0x" + "ff" * 65])
def test_a_signature_that_is_none_is_nobodys(signature):
    assert replace(SIGNED, signature=signature).signed_by() is None


def test_the_malleable_twin_of_a_signature_is_nobodys():
    """As in the contracts, which refuse a high s."""
    raw = bytes.fromhex(SIGNED.signature[2:])
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s = (order - int.from_bytes(raw[32:64])).to_bytes(32)
    twin = raw[:32] + s + bytes([55 - raw[64]])
    assert replace(SIGNED, signature="0x" + twin.hex()).signed_by() is None
    assert replace(SIGNED, signature="0x" + raw[:64].hex() + "00").signed_by() is None


def test_what_was_signed_for_another_place_is_refused():
    for change in ({"chain_id": 1}, {"contract": BOB.address}):
        place = {"chain_id": CHAIN, "contract": CONTRACT, "code": "EUR", **change}
        with pytest.raises(SignedForElsewhere):
            SIGNED.verify(**place)
    with pytest.raises(CurrencyMismatch):
        SIGNED.verify(chain_id=CHAIN, contract=CONTRACT, code="USD")


@pytest.mark.parametrize("change", [{"chain_id": 0}, {"chain_id": "1"}, {"chain_id": 1 << 53}])
def test_a_chain_is_a_number(change):
    with pytest.raises(BadSignedTerms):
        papers.draft(papers.order(), **change)


def test_an_order_is_no_aval():
    with pytest.raises(BadSignedTerms):
        OrderDraft(terms=papers.aval(), chain_id=CHAIN, contract=CONTRACT)


# -- texts ------------------------------------------------------------------------------------


@given(papers.orders())
@FEW
def test_a_signed_order_travels(order):
    signed = papers.draft(order).sign(ALICE)
    assert SignedOrder.from_text(signed.to_text()) == signed
    assert SignedOrder.from_text(signed.to_line()) == signed
    assert papers.verified(SignedOrder.from_json(signed.to_json()))


def test_the_text_is_canonical():
    """RFC 8785: keys sorted, no spaces, ASCII, no number that a reader could round."""
    text = SIGNED.to_text()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert text.isascii()
    numbers = [v for _, v in papers.leaves(json.loads(text)) if isinstance(v, int)]
    assert max(numbers) < 1 << 53
    line = SIGNED.to_line()
    assert line.startswith("duebill-order-1:")
    assert set(line) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:")


@given(st.data())
@FEW
def test_mail_programs_may_break_the_line(data):
    line = SIGNED.to_line()
    for _ in range(data.draw(st.integers(0, 20))):
        place = data.draw(st.integers(0, len(line)))
        space = data.draw(st.sampled_from(["\n", "\r\n", " ", "\t", "\n  "]))
        line = line[:place] + space + line[place:]
    assert SignedOrder.from_text(line) == SIGNED


def test_json_may_be_laid_out_for_people():
    assert SignedOrder.from_text("\n" + json.dumps(SIGNED.to_json(), indent=4) + "\n") == SIGNED


FOREIGN = [
    *(None, True, 0, -1, 1 << 52, 10**15),
    *("", "x", "1", "NaN", "0x", "1e5", "١", "\ud800"),  # noqa: RUF001 - a foreign digit
    *([], {}),
]
PLACES = [path for path, _ in papers.leaves(SIGNED.to_json())]


@pytest.mark.parametrize("path", PLACES, ids=".".join)
def test_no_field_can_be_changed(path):
    """Each change is seen: the text is refused, or is for elsewhere, or the signature is wrong."""
    data = SIGNED.to_json()
    value = dict(papers.leaves(data))[path]
    text = json.dumps(papers.changed(data, path, papers.other(value)))
    assert json.loads(text) != data
    assert not papers.believed(SignedOrder, text)


def test_every_field_of_the_terms_is_signed():
    """Also where the change makes sense: none of these orders has the signature of the first."""
    changes = {
        "maker": BOB.address,
        "taker": BOB.address,
        "side": Side.BID,
        "subject": VOUCHER.receivable.voucher(4),
        "currency": 2,
        "amount": eur("1000001"),
        "least": eur("1"),
        "price": eur("1"),
        "recourse": eur("1"),
        "due_by": date(2027, 6, 1),
        "expiry": UNTIL + timedelta(seconds=1),
        "nonce": 8,
    }
    assert changes.keys() == {field.name for field in fields(Order)}
    for name, value in changes.items():
        changed = replace(SIGNED, terms=replace(papers.order(), **{name: value}))
        assert not papers.verified(changed), name
        assert changed.summary() != SIGNED.summary(), name


@pytest.mark.parametrize("path", PLACES, ids=".".join)
def test_a_value_of_another_kind_is_refused(path):
    data = SIGNED.to_json()
    right = json.dumps(dict(papers.leaves(data))[path])
    for value in FOREIGN:
        if json.dumps(value) == right:
            continue
        text = json.dumps(papers.changed(data, path, value))
        assert not papers.believed(SignedOrder, text), value


def with_text(old, new):
    text = SIGNED.to_text()
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "begins neither"),
        ("hello", "begins neither"),
        ("{", "no JSON"),
        ("{}", "format"),
        ("[]", "begins neither"),
        ('{"format":"duebill-order-2"}', "its format is 'duebill-order-2'"),
        ('{"format":"duebill-order-1"}', "'chain_id' is missing"),
        (with_text('"currency":1', '"currency":1.0'), "'1.0' is not whole"),
        (with_text('"currency":1', '"currency":1e0'), "'1e0' is not whole"),
        (with_text('"currency":1', '"currency":NaN'), "NaN is no number"),
        (with_text('"currency":1', '"currency":Infinity'), "Infinity is no number"),
        (with_text('"currency":1', '"currency":-Infinity'), "-Infinity is no number"),
        (with_text('"currency":1', '"currency":9007199254740993'), "beyond 2^53"),
        (with_text('"currency":1', '"currency":' + "9" * 5000), "beyond 2^53"),
        (with_text('"currency":1', '"currency":1,"currency":1'), "'currency' is there twice"),
        (with_text('"chain_id"', '"chain_id":1,"chain_id"'), "'chain_id' is there twice"),
        (with_text('"chain_id"', '"more":1,"chain_id"'), "'more' is unknown"),
        (with_text('"currency":1', '"currency":1,"more":2'), "more of the terms is refused"),
        (with_text('"currency":1,', ""), "currency of the terms is refused: it is missing"),
        (with_text('"terms":{', '"terms":[{').replace("}}", "}]}"), "of the wrong type"),
        (with_text('"nonce":"7"', '"nonce":7'), "nonce"),
        (with_text('"nonce":"7"', '"nonce":"07"'), "nonce"),
        (with_text('"amount":"1000000.00"', '"amount":"1000000"'), "written as '1000000.00'"),
        (with_text('"scope":"voucher"', '"scope":"receivable"'), "is not an id"),
        (with_text('"day_count":"ACT/360"', '"day_count":"ACT/365F"'), "written as 'ACT/360'"),
        (with_text(CONTRACT, CONTRACT.lower()), "has to be written as"),
        (with_text(ALICE.address, ALICE.address.lower()), "has to be written as"),
        ('{"format":' + "[" * 60_000, "nested too deeply"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested too deeply"),
        ("{" + " " * 65_536 + "}", "more than 65,536 characters"),
        ("duebill-order-1:" + "A" * 65_536, "more than 65,536 characters"),
        ("duebill-order-1:", "empty or not base64url"),
        ("duebill-order-1:e+/=", "empty or not base64url"),
        ("duebill-order-1:e30=", "empty or not base64url"),
        ("duebill-order-1:A", "missing or changed"),
        ("duebill-order-1:_w", "missing or changed"),
        ("duebill-order-1:e31", "missing or changed"),
        ("duebill-aval-1:e30", "begins neither"),
        ("duebill-order-1:ew", "no JSON"),
    ],
    ids=range(39),
)
def test_hostile_texts_are_refused_with_what_is_wrong(text, reason):
    with pytest.raises(BadSignedTerms) as caught:
        SignedOrder.from_text(text)
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
@FEW
def test_no_text_breaks_the_reader(text):
    coded = base64.urlsafe_b64encode(text.encode("utf-8")).decode().rstrip("=")
    for form in (text, "{" + text, '{"format":' + text + "}", "duebill-order-1:" + coded):
        with pytest.raises(BadSignedTerms):
            SignedOrder.from_text(form)


def test_one_kind_is_not_read_as_another():
    for kind in (SignedAval, SignedLoan):
        for text in (SIGNED.to_text(), SIGNED.to_line()):
            with pytest.raises(BadSignedTerms):
                kind.from_text(text)


def test_too_large_amounts_and_rates_are_refused():
    data = SIGNED.to_json()
    for path, value, cause in (
        (("terms", "amount"), "9" * 30, AmountTooLarge),
        (("terms", "price"), 10_000_001, BadRate),
    ):
        quoted = papers.changed(data, ("terms", "quotation"), "discount")
        given_ = quoted if path[1] == "price" else data
        with pytest.raises(BadSignedTerms) as caught:
            SignedOrder.from_json(papers.changed(given_, path, value))
        assert isinstance(caught.value.__cause__, cause)


# -- words ------------------------------------------------------------------------------------


def test_the_words_of_an_ask_at_an_amount():
    assert papers.draft(papers.order()).summary() == (
        f"I, {ALICE.address}, sell voucher {VOUCHER},\n"
        "1,000,000.00 EUR of what is still to be redeemed, all or nothing,\n"
        "for 987,500.50 EUR,\n"
        "without recourse: if the obligor does not pay, the seller answers for nothing.\n"
        "They may be due on any day.\n"
        "Anyone may fill it until 2027-01-31 12:00:00 UTC.\n"
        "Whoever fills it bears the exchange's fee.\n"
        "Paid in currency 1 of the ledger. Number 7.\n"
        f"Exchange {CONTRACT} on chain 31337."
    )


def test_the_words_of_a_bid_at_a_rate():
    order = papers.order(
        side=Side.BID,
        subject=CONTRACT,
        taker=BOB.address,
        least=eur("50000"),
        price=YIELD,
        recourse=eur("250000"),
        due_by=date(2027, 6, 30),
    )
    assert papers.draft(order).summary() == (
        f"I, {ALICE.address}, buy any vouchers of obligor {CONTRACT},\n"
        "up to 1,000,000.00 EUR of what is still to be redeemed, at least 50,000.00 EUR at a"
        " time,\n"
        "at a simple yield of 4.80 % a year (ACT/365F: value / (1 + rate x days / 365)),\n"
        "with recourse: if the obligor does not pay, the seller answers for 250,000.00 EUR of"
        " it.\n"
        "They have to be due by 2027-06-30.\n"
        f"{BOB.address} may fill it until 2027-01-31 12:00:00 UTC.\n"
        "Whoever fills it bears the exchange's fee.\n"
        "Paid in currency 1 of the ledger. Number 7.\n"
        f"Exchange {CONTRACT} on chain 31337."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": DISCOUNT}, "at a straight discount of 5.25 % a year (ACT/360: value x (1 - "),
        ({"recourse": eur("1000000")}, "with recourse: if the obligor does not pay, I answer for"),
        ({"subject": 7}, "sell any vouchers of programme 7,"),
        ({"subject": VOUCHER.receivable}, f"sell vouchers of receivable {VOUCHER.receivable},"),
        ({"least": eur("1")}, "for 987,500.50 EUR; a part of it costs its share,"),
        ({"expiry": FOREVER}, "Anyone may fill it until the end of time."),
    ],
)
def test_other_words(changes, words):
    assert words in papers.draft(papers.order(**changes)).summary()


def test_nobody_is_the_zero_address():
    assert papers.order(taker=ZERO_ADDRESS) == papers.order()
