"""The same invoice has the same key on every platform, and nobody else can make it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import date

import pytest
from invoice_vectors import DATES, PAPER, PATH, SECRET, invoice_of, listed, vectors

from duebill.errors import BadKey, BadTime, SellerNotIdentified
from duebill.model import InvoiceParty
from duebill.registry import KeyRing, key_message

VECTORS = json.loads(PATH.read_text("utf-8"))
TOLD = [*VECTORS["same"], *VECTORS["others"]]
RING = KeyRing(bytes.fromhex(VECTORS["secret"]))


def test_the_file_is_what_its_script_writes():
    assert vectors() == VECTORS


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told["name"])
def test_a_key_is_the_hmac_of_its_message(told):
    """Whoever writes a platform in another language needs nothing but the file."""
    invoice = invoice_of(told["invoice"])

    assert key_message(invoice).decode() == told["message"]
    mac = hmac.new(SECRET, told["message"].encode(), hashlib.sha256).hexdigest()
    assert RING.key_of(invoice) == told["key"] == f"0x{mac}"


def test_the_message_of_the_first_vector_is_as_the_page_says():
    assert VECTORS["same"][0]["message"] == (
        "17:duebill-invoice-118:91310000ma1k35b31x10:31001821306:345678"
        "10:2023-05-043:CNY10:1000000000"
    )


@pytest.mark.parametrize("told", VECTORS["same"], ids=lambda told: told["name"])
def test_threat_14_every_way_to_write_an_invoice_gives_its_key(told):
    assert {RING.key_of(invoice_of(each)) for each in told["written"]} == {told["key"]}


def test_threat_14_every_date_and_amount_of_a_list_gives_the_same_key():
    found = {
        RING.key_of(listed(day, amount))
        for day in VECTORS["dates"]
        for amount in VECTORS["amounts"]
    }

    assert found == {VECTORS["same"][0]["key"]}


def test_a_red_letter_row_has_another_key():
    assert RING.key_of(listed(DATES[0], "-1000")) == VECTORS["others"][0]["key"]


def test_other_invoices_have_other_keys():
    keys = [told["key"] for told in TOLD]

    assert len(keys) == len(set(keys))


def test_fields_do_not_run_into_each_other():
    """Every field is preceded by its length."""
    moved = {**PAPER, "code": PAPER["code"] + "3", "number": PAPER["number"][3:]}

    assert RING.key_of(invoice_of(moved)) != RING.key_of(invoice_of(PAPER))


def test_another_secret_gives_other_keys():
    assert KeyRing(bytes(32)).key_of(invoice_of(PAPER)) != VECTORS["same"][0]["key"]


def test_the_issue_date_chooses_the_secret_for_ever():
    """A new secret changes no key of an invoice from before it."""
    first, second = bytes([1]) * 32, bytes([2]) * 32
    ring = KeyRing(first, {date(2023, 5, 4): second})
    invoice = invoice_of(PAPER)

    before = replace(invoice, issue_date=date(2023, 5, 3))
    assert ring.key_of(before) == KeyRing(first).key_of(before)
    assert ring.key_of(invoice) == KeyRing(second).key_of(invoice)
    ancient = replace(invoice, issue_date=date(1969, 12, 31))
    assert ring.key_of(ancient) == KeyRing(first).key_of(ancient)
    assert [day for day, _ in ring.checks()] == [date(1970, 1, 1), date(2023, 5, 4)]


def test_a_check_tells_nothing_but_whether_the_secret_is_the_same():
    mac = hmac.new(SECRET, b"duebill-invoice-key-check", hashlib.sha256).hexdigest()

    assert RING.checks() == ((date(1970, 1, 1), f"0x{mac}"),)
    assert VECTORS["check"] == f"0x{mac}"


def test_threat_54_a_key_ring_does_not_show_its_secrets():
    assert SECRET.hex() not in repr(RING)
    assert repr(SECRET) not in repr(RING)


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33), "0" * 32])
def test_a_secret_has_32_bytes(secret):
    with pytest.raises(BadKey):
        KeyRing(secret)
    with pytest.raises(BadKey):
        KeyRing(SECRET, {date(2024, 1, 1): secret})


def test_a_later_secret_begins_later():
    with pytest.raises(BadTime):
        KeyRing(SECRET, {date(1970, 1, 1): SECRET})


@pytest.mark.parametrize("identifier", [None, "", "-", "\u200b"])
def test_a_seller_without_identifier_has_no_key(identifier):
    """A name is written in many ways: its hash would find nothing."""
    invoice = replace(invoice_of(PAPER), seller=InvoiceParty("Seller", identifier))

    with pytest.raises(SellerNotIdentified, match="00345678"):
        RING.key_of(invoice)
