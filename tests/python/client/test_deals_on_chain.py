"""What is signed here is what the contracts on the chain hash."""

from __future__ import annotations

import papers
import pytest

from duebill.model import DayCount, Quotation
from duebill.pricing import Rate, RateQuote

RATE = RateQuote(Rate.percent("5.25"), Quotation.YIELD, DayCount.ACT_365F)


@pytest.mark.parametrize(
    ("terms", "contract", "view"),
    [
        (papers.order(), "exchange", "orderDigest"),
        (papers.order(subject=7, price=RATE), "exchange", "orderDigest"),
        (papers.aval(), "guarantee_book", "avalIdOf"),
        (papers.aval(receivable=None, applicant=None, fee=None), "guarantee_book", "avalIdOf"),
        (papers.loan(), "pledge_book", "loanIdOf"),
        (papers.loan(late_rate=None), "pledge_book", "loanIdOf"),
    ],
)
def test_a_digest_is_the_contracts_own(ledger, terms, contract, view):
    draft = papers.draft(terms, chain_id=ledger.chain_id, contract=ledger.contracts.need(contract))
    found = ledger._desk.read_from(contract, view, terms.as_abi())
    assert draft.digest() == "0x" + found.hex()


def test_the_id_of_an_offer_is_the_exchanges(ledger):
    offer = papers.offer()
    found = ledger._desk.read_from("exchange", "offerIdOf", offer.as_abi())
    assert offer.id == "0x" + found.hex()
