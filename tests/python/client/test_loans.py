"""Loans: what they may say, and what is signed."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import papers
import pytest
from hypothesis import given, settings
from papers import ALICE, BOB, CHAIN, CONTRACT, UNTIL, VOUCHER, eur

from duebill.deals import SignedAval, SignedLoan
from duebill.errors import (
    BadId,
    BadRate,
    BadSignedTerms,
    BadTerms,
    BadTime,
    SignedForElsewhere,
    SignerNotNamed,
)
from duebill.model import DayCount, Loan, LoanState, LoanStatus, Money
from duebill.pricing import Rate, Share

FEW = settings(max_examples=40, deadline=None)
SIGNED = papers.draft(papers.loan()).sign(BOB)


@given(papers.loans())
@FEW
def test_a_loan_is_the_same_in_every_form(loan):
    assert papers.from_abi(loan) == loan
    assert Loan.from_json(json.loads(json.dumps(loan.to_json()))) == loan
    signed = papers.draft(loan).sign(BOB)
    assert SignedLoan.from_text(signed.to_text()) == signed
    assert SignedLoan.from_text(signed.to_line()) == signed
    assert papers.verified(signed)


@given(papers.loans())
@FEW
def test_the_digest_is_the_contracts(loan):
    assert papers.draft(loan).digest() == papers.contract_digest(loan)
    assert papers.draft(loan).digest() == papers.independent_digest(loan)


def test_the_fields_are_those_of_the_contract():
    expected = [(member["type"], member["name"]) for member in Loan.struct_type()]
    assert expected == papers.members(Loan)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"principal": eur("0")}, BadTerms),
        ({"principal": Money((1 << 69) + 1, "EUR")}, BadTerms),
        ({"principal": 5}, BadTerms),
        ({"borrower": ALICE.address}, BadTerms),
        ({"advance_rate": Share(0)}, BadTerms),
        ({"advance_rate": 1_000_001}, BadRate),
        ({"rate": 10_000_001}, BadRate),
        ({"rate": 0.05}, BadRate),
        ({"late_rate": Rate.percent("4.9999")}, BadTerms),
        ({"maturity": UNTIL}, BadTime),
        ({"grace_days": 65_536}, BadTerms),
        ({"day_count": 2}, BadTerms),
        ({"voucher": VOUCHER.receivable}, BadId),
    ],
)
def test_a_loan_that_contradicts_itself_is_refused(changes, error):
    with pytest.raises(error):
        papers.loan(**changes)


def test_a_state_is_read_from_the_chain():
    row = {"status": 1, "principal": 5, "interest": 2, "since": 20_000}
    found = LoanState.from_abi(row, code="EUR")
    assert (found.status, found.since) == (LoanStatus.OPEN, date(2024, 10, 4))
    assert (found.principal, found.interest) == (Money(5, "EUR"), Money(2, "EUR"))
    assert papers.from_abi(found) == found
    never = LoanState.from_abi(dict.fromkeys(row, 0), code="EUR")
    assert (never.status, never.since) == (LoanStatus.NONE, None)


def test_lender_or_borrower_signs_and_it_is_seen_who():
    assert SIGNED.signed_by() == BOB.address
    assert papers.draft(papers.loan()).sign(ALICE).signed_by() == ALICE.address
    with pytest.raises(SignerNotNamed):
        papers.draft(papers.loan(lender=CONTRACT)).sign(ALICE)
    with pytest.raises(SignerNotNamed) as caught:
        papers.draft(papers.loan()).sign(ALICE, party=CONTRACT)
    assert f"{ALICE.address} or {BOB.address}" in str(caught.value)


def test_every_field_of_the_terms_is_signed():
    changes = {
        "lender": CONTRACT,
        "borrower": CONTRACT,
        "voucher": VOUCHER.receivable.voucher(4),
        "currency": 2,
        "principal": eur("9001"),
        "advance_rate": Share.percent("91"),
        "rate": Rate.percent("5.0001"),
        "late_rate": None,
        "day_count": DayCount.ACT_360,
        "maturity": date(2027, 6, 2),
        "grace_days": 6,
        "signed_until": UNTIL + timedelta(seconds=1),
        "salt": 7,
    }
    assert changes.keys() == {field.name for field in fields(Loan)}
    for name, value in changes.items():
        changed = replace(SIGNED, terms=replace(papers.loan(), **{name: value}))
        assert not papers.verified(changed), name
        assert changed.summary() != SIGNED.summary(), name


@pytest.mark.parametrize("path", [p for p, _ in papers.leaves(SIGNED.to_json())], ids=".".join)
def test_no_field_of_the_text_can_be_changed(path):
    data = SIGNED.to_json()
    text = json.dumps(papers.changed(data, path, papers.other(dict(papers.leaves(data))[path])))
    assert not papers.believed(SignedLoan, text)


def test_a_loan_is_for_one_book():
    with pytest.raises(SignedForElsewhere):
        SIGNED.require_for(chain_id=CHAIN, contract=BOB.address, code="EUR")
    with pytest.raises(BadSignedTerms):
        SignedAval.from_text(SIGNED.to_line())
    assert SIGNED.to_line().startswith("duebill-loan-1:")


def test_the_words_of_a_loan():
    assert SIGNED.summary() == (
        f"{ALICE.address} lends {BOB.address} 9,000.00 EUR\n"
        f"against voucher {VOUCHER}, which is pledged whole.\n"
        "At most 90.00 % of what the pledge is worth may be owed on it.\n"
        "Interest is 5.00 % a year (ACT/365F, simple),\n"
        "and 9.25 % once the grace days are over.\n"
        "It is due on 2027-06-01 (24:00 UTC); 5 days later the\n"
        "lender may take the pledge at its value for what is owed.\n"
        "The signature counts until 2027-01-31 12:00:00 UTC.\n"
        "Paid in currency 1 of the ledger. Salt 6.\n"
        f"Pledge book {CONTRACT} on chain 31337."
    )


def test_the_words_of_a_loan_with_one_rate():
    words = papers.draft(papers.loan(late_rate=None, grace_days=1)).summary()
    assert "also once the grace days are over." in words
    assert "; 1 day later the" in words


def test_the_last_day_that_contracts_count_is_the_last():
    assert papers.loan(maturity=date(2149, 6, 6)).as_abi()[9] == 65_535
    with pytest.raises(BadTime):
        papers.loan(maturity=date(2149, 6, 7))
    assert papers.loan(signed_until=datetime(9999, 12, 31, tzinfo=UTC)).signed_until.year == 9999
