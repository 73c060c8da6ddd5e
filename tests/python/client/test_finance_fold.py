"""Events alone rebuild what the financing contracts hold (invariant 12)."""

from __future__ import annotations

from dataclasses import dataclass

import papers
import pytest
from papers import ALICE, BOB, CONTRACT, VOUCHER

from duebill._fold import Books, fold
from duebill._fold_finance import FinanceBooks, RecourseRecord
from duebill.errors import HistoryInconsistent
from duebill.model import ZERO_ADDRESS, Aval, Event, Loan, LoanStatus, Offer, OfferStatus

FIRST, SECOND = bytes([1]) * 32, bytes([2]) * 32
FIRST_TEXT, SECOND_TEXT = "0x" + FIRST.hex(), "0x" + SECOND.hex()
RECEIVABLE = VOUCHER.receivable
PART = RECEIVABLE.voucher(9)


def event(name, **args):
    return Event(
        name=name,
        args=args,
        contract=CONTRACT,
        transaction="0x" + "00" * 32,
        block=5,
        block_hash="0x" + "00" * 32,
        log_index=0,
    )


def told(*events, books=None):
    return fold(events, books).finance


def fields_of(value):
    """A struct as the ABI gives it."""
    names = (field.abi_name for field in value.FIELDS)
    return dict(zip(names, value.as_abi(), strict=True))


# -- orders -----------------------------------------------------------------------------------


def filled(order, nonce, amount, left):
    return event(
        "OrderFilled",
        order=order,
        maker=ALICE.address,
        filler=BOB.address,
        side=0,
        currency=1,
        nonce=nonce,
        voucher=VOUCHER.number,
        amount=amount,
        left=left,
        price=amount - 1,
        fee=2,
    )


def test_invariant_12_fills_add_up_and_numbers_close():
    books = told(
        filled(FIRST, 7, 40, 60),
        filled(FIRST, 7, 10, 50),
        filled(SECOND, 8, 5, 0),
        event("NonceCancelled", maker=ALICE.address, nonce=9),
        event("NoncesCancelledBelow", maker=BOB.address, floor=100),
    )
    first = books.orders[FIRST_TEXT]
    assert (first.maker, first.nonce, first.currency) == (ALICE.address, 7, 1)
    assert (first.filled, first.left, first.paid, first.fees) == (50, 50, 48, 4)
    assert books.nonces == {
        (ALICE.address, 7): FIRST_TEXT,
        (ALICE.address, 8): SECOND_TEXT,
        (ALICE.address, 9): None,
    }
    assert books.floors == {BOB.address: 100}


def test_invariant_12_what_is_left_of_an_order_can_be_withdrawn():
    books = told(filled(FIRST, 7, 40, 60), event("NonceCancelled", maker=ALICE.address, nonce=7))
    assert books.orders[FIRST_TEXT].left == 0
    assert books.nonces[ALICE.address, 7] == FIRST_TEXT


def test_invariant_12_the_fee_is_the_last_that_was_set():
    assert (told().fee, told().fee_recipient) == (0, ZERO_ADDRESS)
    books = told(
        event("FeeSet", fee=500, recipient=ALICE.address),
        event("FeeSet", fee=300, recipient=BOB.address),
    )
    assert (books.fee, books.fee_recipient) == (300, BOB.address)


# -- offers -----------------------------------------------------------------------------------


def test_invariant_12_offers_are_rebuilt_with_all_that_they_say():
    offer = papers.offer()
    made = event("VoucherOffered", offer=bytes.fromhex(offer.id[2:]), **fields_of(offer))
    id_ = bytes.fromhex(offer.id[2:])
    for last, status in (
        (None, OfferStatus.OPEN),
        (event("OfferAccepted", offer=id_, voucher=PART.number), OfferStatus.ACCEPTED),
        (event("OfferRejected", offer=id_, reason=FIRST), OfferStatus.REJECTED),
        (event("OfferWithdrawn", offer=id_), OfferStatus.WITHDRAWN),
    ):
        record = told(made, *([last] if last else [])).offers[offer.id]
        assert record.status is status
        assert Offer.from_abi(record.terms, code="EUR") == offer
        assert record.voucher == (PART if status is OfferStatus.ACCEPTED else None)


# -- recourse ---------------------------------------------------------------------------------


def given(voucher, seller, place, amount, *, dishonoured=False):
    return event(
        "RecourseGiven",
        voucher=voucher.number,
        seller=seller.address,
        place=place,
        amount=amount,
        dishonoured=dishonoured,
    )


def ended(name, voucher, place, **more):
    return event(name, voucher=voucher.number, seller=BOB.address, place=place, **more)


def test_invariant_12_a_stack_of_sellers_is_rebuilt():
    """Two sales, a part that takes its share along, a refusal, and one taken back."""
    books = fold([given(VOUCHER, ALICE, 1, 100), given(VOUCHER, BOB, 2, 80)])
    stacks = books.finance.recourses
    assert stacks == {
        VOUCHER: {
            1: RecourseRecord(ALICE.address, 100, False),
            2: RecourseRecord(BOB.address, 80, False),
        }
    }

    fold([ended("RecourseDishonoured", VOUCHER, 2, holder=CONTRACT, amount=80)], books)
    assert stacks[VOUCHER][2].dishonoured

    fold(
        [
            given(VOUCHER, ALICE, 1, 75),
            given(PART, ALICE, 1, 25),
            given(VOUCHER, BOB, 2, 60, dishonoured=True),
            given(PART, BOB, 2, 20, dishonoured=True),
        ],
        books,
    )
    assert stacks[VOUCHER][2] == RecourseRecord(BOB.address, 60, True)
    assert stacks[PART] == {
        1: RecourseRecord(ALICE.address, 25, False),
        2: RecourseRecord(BOB.address, 20, True),
    }

    honoured = {"holder": CONTRACT, "returned": PART.number, "amount": 20}
    fold([ended("RecourseHonoured", PART, 2, **honoured)], books)
    fold([ended("RecourseWaived", PART, 1)], books)
    assert stacks[PART] == {}
    assert stacks[VOUCHER].keys() == {1, 2}


# -- avals ------------------------------------------------------------------------------------


def called(aval, from_margin, from_allowance, dishonoured):
    return event(
        "AvalCalled",
        aval=aval,
        receivable=RECEIVABLE.number,
        caller=BOB.address,
        fromMargin=from_margin,
        fromAllowance=from_allowance,
        dishonoured=dishonoured,
    )


def test_invariant_12_avals_are_rebuilt_with_what_was_called():
    aval = papers.aval()
    books = fold(
        [
            event(
                "AvalGiven",
                aval=FIRST,
                guarantor=aval.guarantor,
                obligor=aval.obligor,
                terms=fields_of(aval),
            ),
            event("MarginAdded", aval=FIRST, amount=100),
            called(FIRST, 40, 0, 700),
            called(FIRST, 60, 5, 600),
            event("AvalWithdrawn", aval=SECOND, guarantor=aval.guarantor),
        ]
    )
    record = books.finance.avals[FIRST_TEXT]
    assert Aval.from_abi(record.terms, code="EUR") == aval
    assert (record.called, record.margin) == (105, aval.margin.units)
    # It replaces what was on record before.
    assert record.dishonoured == {RECEIVABLE: 600}
    assert books.finance.withdrawn_avals == {SECOND_TEXT}

    cleared = event("DishonourCleared", aval=FIRST, receivable=RECEIVABLE.number, left=10)
    back = {"aval": FIRST, "guarantor": aval.guarantor, "amount": aval.margin.units}
    fold([cleared, event("MarginReleased", **back)], books)
    assert record.dishonoured == {RECEIVABLE: 10}
    assert record.margin == 0


# -- loans ------------------------------------------------------------------------------------


@dataclass
class Pledged:
    """A book with one loan, whose voucher the ledger's books know."""

    books: Books
    loan: Loan

    @property
    def record(self):
        return self.books.finance.loans[FIRST_TEXT]

    def tell(self, name, **args):
        fold([event(name, loan=FIRST, **args)], self.books)


@pytest.fixture
def pledged():
    loan, books = papers.loan(), Books()
    rows = [
        event("CurrencyAdded", currency=1, code="EUR", token=CONTRACT, decimals=6),
        event("ProgrammeCreated", programme=1, rules={"maxHops": 5}),
        event(
            "ReceivableIssued", receivable=RECEIVABLE.number, currency=1, programme=1, face=10**10
        ),
        event("Transfer", **{"from": ZERO_ADDRESS, "to": CONTRACT}, tokenId=VOUCHER.number),
        event("TransferValue", fromTokenId=0, toTokenId=VOUCHER.number, value=10**10),
    ]
    opened = event(
        "LoanOpened",
        loan=FIRST,
        lender=loan.lender,
        borrower=loan.borrower,
        terms=fields_of(loan),
    )
    fold([*rows, opened], books)
    found = Pledged(books, loan)
    reckoned(found, 9 * 10**9)
    return found


def reckoned(pledged, principal, interest=0, day=20_000):
    pledged.tell("LoanReckoned", principal=principal, interest=interest, day=day)


def paid(pledged, interest, principal):
    pledged.tell("LoanPaid", payer=BOB.address, interest=interest, principal=principal)
    reckoned(pledged, pledged.record.principal - principal, interest=3, day=20_010)


def test_invariant_12_a_loan_is_rebuilt_up_to_its_end(pledged):
    assert Loan.from_abi(pledged.record.terms, code="EUR") == pledged.loan
    assert (pledged.record.status, pledged.record.principal) == (LoanStatus.OPEN, 9 * 10**9)
    assert pledged.record.voucher == VOUCHER
    paid(pledged, 30, 5 * 10**9)
    assert (pledged.record.principal, pledged.record.interest_paid) == (4 * 10**9, 30)
    assert (pledged.record.interest, pledged.record.since) == (3, 20_010)
    pledged.tell("PledgeReleased", voucher=PART.number, value=5)
    assert pledged.record.status is LoanStatus.OPEN
    paid(pledged, 1, 4 * 10**9)
    assert (pledged.record.status, pledged.record.principal) == (LoanStatus.REPAID, 0)
    pledged.tell("PledgeReleased", voucher=VOUCHER.number, value=10**10)
    assert pledged.record.status is LoanStatus.CLOSED


@pytest.mark.parametrize(
    ("payout", "status"), [(10**10, LoanStatus.CLOSED), (10**9, LoanStatus.OPEN)]
)
def test_invariant_12_a_pledge_that_is_redeemed_whole_is_gone(pledged, payout, status):
    pledged.tell("PledgeRedeemed", voucher=VOUCHER.number, payout=payout, toLender=payout)
    assert pledged.record.status is status
    # What is owed beyond it stays on record, and can be repaid without another pledge.
    paid(pledged, 0, 9 * 10**9)
    gone = status is LoanStatus.CLOSED
    assert pledged.record.status is (LoanStatus.CLOSED if gone else LoanStatus.REPAID)


@pytest.mark.parametrize("left", [10**9, 0])
def test_invariant_12_a_foreclosed_loan_keeps_what_is_unpaid(pledged, left):
    reckoned(pledged, left)
    pledged.tell("PledgeForeclosed", voucher=VOUCHER.number, settled=5, unpaid=left)
    assert (pledged.record.status, pledged.record.principal) == (LoanStatus.CLOSED, left)


def test_invariant_12_a_part_of_the_pledge_may_be_enough_for_the_lender(pledged):
    reckoned(pledged, 0)
    pledged.tell("PledgeForeclosed", voucher=PART.number, settled=9 * 10**9, unpaid=0)
    assert (pledged.record.status, pledged.record.principal) == (LoanStatus.REPAID, 0)


def test_invariant_12_kept_money_is_rebuilt():
    kept = {"party": ALICE.address, "currency": 1}
    books = told(
        event("MoneyKept", **kept, amount=5),
        event("MoneyKept", **kept, amount=7),
        event("MoneyKept", party=BOB.address, currency=2, amount=3),
        event("MoneyTaken", **kept, to=CONTRACT, amount=12),
        event("LoanWithdrawn", loan=SECOND, by=ALICE.address),
    )
    assert books.kept == {(ALICE.address, 1): 0, (BOB.address, 2): 3}
    assert books.withdrawn_loans == {SECOND_TEXT}


# -- what does not fit ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        event("OfferAccepted", offer=FIRST, voucher=PART.number),
        event("OfferRejected", offer=FIRST, reason=SECOND),
        event("OfferWithdrawn", offer=FIRST),
        ended("RecourseWaived", VOUCHER, 1),
        ended("RecourseDishonoured", VOUCHER, 1, holder=CONTRACT, amount=5),
        event("MarginAdded", aval=FIRST, amount=5),
        called(FIRST, 1, 1, 1),
        event("LoanReckoned", loan=FIRST, principal=0, interest=0, day=1),
        event("LoanPaid", loan=FIRST, payer=CONTRACT, interest=1, principal=1),
        event("PledgeRedeemed", loan=FIRST, voucher=5 << 64 | 1, payout=1, toLender=1),
        event("MoneyTaken", party=CONTRACT, currency=1, to=CONTRACT, amount=1),
        event("OrderFilled", order=FIRST),
        event("AvalGiven", aval=FIRST, terms={}),
    ],
    ids=lambda broken: broken.name,
)
def test_events_that_contradict_each_other_are_refused(broken):
    with pytest.raises(HistoryInconsistent, match=broken.name):
        fold([broken])


def test_fresh_books_are_empty_and_their_own():
    first, second = Books(), Books()
    fold([given(VOUCHER, ALICE, 1, 5)], first)
    assert second.finance == FinanceBooks()
    assert first.finance.recourses[VOUCHER][1].amount == 5
