"""Avals: what they may say, and what is signed."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta

import papers
import pytest
from hypothesis import given, settings
from papers import ALICE, BOB, CONTRACT, UNTIL, VOUCHER, eur

from duebill.deals import SignedAval, SignedOrder
from duebill.errors import (
    BadSignedTerms,
    BadTerms,
    CurrencyMismatch,
    SignerNotNamed,
)
from duebill.model import ZERO_ADDRESS, Aval, AvalState, Money

FEW = settings(max_examples=40, deadline=None)
SIGNED = papers.draft(papers.aval()).sign(ALICE)


@given(papers.avals())
@FEW
def test_an_aval_is_the_same_in_every_form(aval):
    assert papers.from_abi(aval) == aval
    assert Aval.from_json(json.loads(json.dumps(aval.to_json()))) == aval
    signed = papers.draft(aval).sign(ALICE)
    assert SignedAval.from_text(signed.to_text()) == signed
    assert SignedAval.from_text(signed.to_line()) == signed
    assert papers.verified(signed)


@given(papers.avals())
@FEW
def test_the_digest_is_the_contracts(aval):
    assert papers.draft(aval).digest() == papers.contract_digest(aval)
    assert papers.draft(aval).digest() == papers.independent_digest(aval)


def test_the_fields_are_those_of_the_contract():
    expected = [(member["type"], member["name"]) for member in Aval.struct_type()]
    assert expected == papers.members(Aval)


def test_a_line_names_no_receivable():
    line = papers.aval(receivable=None)
    assert line.as_abi()[2] == 0
    assert papers.from_abi(line).receivable is None


def test_an_aval_that_is_free_names_no_applicant_or_the_guarantor():
    free = papers.aval(applicant=None, fee=None)
    assert (free.as_abi()[1], free.as_abi()[8]) == (ZERO_ADDRESS, 0)
    own = papers.aval(applicant=ALICE.address, fee=None)
    assert "I give it myself, free." in papers.draft(own).summary()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"cap": eur("0"), "margin": None}, BadTerms),
        ({"cap": 5}, BadTerms),
        ({"margin": eur("5000.01")}, BadTerms),
        ({"margin": Money.parse("1", "USD")}, CurrencyMismatch),
        ({"applicant": None}, BadTerms),
        ({"applicant": ALICE.address}, BadTerms),
        ({"obligor": ALICE.address}, BadTerms),
        ({"obligor": ZERO_ADDRESS}, BadTerms),
        ({"programme": 65_536}, BadTerms),
        ({"currency": -1}, BadTerms),
        ({"salt": "8"}, BadTerms),
    ],
)
def test_an_aval_that_contradicts_itself_is_refused(changes, error):
    with pytest.raises(error):
        papers.aval(**changes)


def test_a_state_is_read_from_the_chain():
    row = {"given": True, "called": 5, "margin": 7, "dishonoured": 0}
    found = AvalState.from_abi(row, code="EUR")
    assert found.given
    assert (found.called, found.margin) == (Money(5, "EUR"), Money(7, "EUR"))
    assert not found.dishonoured
    assert papers.from_abi(found) == found


def test_only_the_guarantor_signs():
    with pytest.raises(SignerNotNamed):
        papers.draft(papers.aval()).sign(BOB)
    assert SIGNED.signed_by() == ALICE.address


def test_every_field_of_the_terms_is_signed():
    changes = {
        "guarantor": papers.CAROL.address,
        "applicant": papers.CAROL.address,
        "receivable": None,
        "obligor": BOB.address,
        "programme": 4,
        "currency": 2,
        "cap": eur("5001"),
        "margin": eur("999"),
        "fee": eur("12.51"),
        "expiry": UNTIL + timedelta(seconds=1),
        "signed_until": UNTIL,
        "salt": 9,
    }
    assert changes.keys() == {field.name for field in fields(Aval)}
    for name, value in changes.items():
        changed = replace(SIGNED, terms=replace(papers.aval(), **{name: value}))
        assert not papers.verified(changed), name
        assert changed.summary() != SIGNED.summary(), name


@pytest.mark.parametrize("path", [p for p, _ in papers.leaves(SIGNED.to_json())], ids=".".join)
def test_no_field_of_the_text_can_be_changed(path):
    data = SIGNED.to_json()
    text = json.dumps(papers.changed(data, path, papers.other(dict(papers.leaves(data))[path])))
    assert not papers.believed(SignedAval, text)


def test_an_aval_is_no_order():
    with pytest.raises(BadSignedTerms):
        SignedOrder.from_text(SIGNED.to_line())
    assert SIGNED.to_line().startswith("duebill-aval-1:")


def test_the_words_of_an_aval():
    assert SIGNED.summary() == (
        f"I, {ALICE.address}, pay what {CONTRACT} does not pay\n"
        f"under receivable {VOUCHER.receivable} of programme 3,\n"
        "up to 5,000.00 EUR in all, if it is called by 2027-01-31 12:00:00 UTC.\n"
        "1,000.00 EUR of it are laid up in cash when the aval is given.\n"
        f"{BOB.address} may have it given, and pays me 12.50 EUR then.\n"
        "The signature counts until 2027-01-01 12:00:00 UTC.\n"
        "Paid in currency 1 of the ledger. Salt 8.\n"
        f"Guarantee book {CONTRACT} on chain 31337."
    )


def test_the_words_of_a_line():
    line = papers.draft(papers.aval(receivable=None, fee=None)).summary()
    assert "under all its receivables of programme 3," in line
    assert f"{BOB.address} may have it given, free." in line
