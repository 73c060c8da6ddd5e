"""Loans against vouchers: opened, paid in part, released, redeemed, foreclosed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from duebill.deals import SignedLoan
from duebill.errors import (
    AmountIsZero,
    BadId,
    BadTerms,
    CallerNotEntitled,
    CurrencyMismatch,
    DeadlineOver,
    ERC721InvalidApprover,
    LoanNotIn,
    NotFound,
    NothingKept,
    NotInDefault,
    PartyIsFrozen,
    PledgeMissing,
    PledgeTooSmall,
    SignedForElsewhere,
    SignerNotNamed,
    SigningDeclined,
)
from duebill.model import ZERO_ADDRESS, DayCount, LoanStatus, Money
from duebill.pricing import InterestTerms, Rate, Share, loan_interest, payable_interest

TERMS = {"advance_rate": "80", "rate": "6"}


def eur(text):
    return Money.parse(text, "EUR")


def cny(text):
    return Money.parse(text, "CNY")


@dataclass(frozen=True)
class Stage:
    """Who plays."""

    ledger: Any
    signers: Any
    scene: Any
    anvil: Any

    @property
    def bank(self):
        return self.ledger.financier(self.signers.financier)

    @property
    def supplier(self):
        return self.ledger.supplier(self.signers.supplier)

    @property
    def loans(self):
        return self.ledger.loans

    def voucher(self, face="10000.00"):
        """A whole voucher of the supplier's, due in 90 days."""
        return self.scene.accepted(face=eur(face)).voucher(1)

    def lent(self, voucher, **more):
        """A loan of the bank's on it; gives its id."""
        signed = self.bank.lend(voucher, **{**TERMS, **more})
        return self.supplier.borrow(signed).wait().value

    def cash(self, who):
        return self.ledger.cash(who.address, "EUR")

    def allowed(self, who):
        token = self.ledger.currency("EUR").token
        return self.ledger._desk.ask_token(token, "allowance", who.address, self.loans.address)


@pytest.fixture
def stage(ledger, signers, scene, anvil):
    return Stage(ledger, signers, scene, anvil)


# -- a user's story ---------------------------------------------------------------------------


def test_the_bank_lends(stage):
    """80 % at 6 % ACT/360; a part paid and released; at maturity the lender is paid first."""
    voucher = stage.voucher()
    due = stage.ledger.voucher(voucher)
    mail = stage.bank.lend(voucher[:12] + "/1", **TERMS, grace_days=5).to_line()
    offer = SignedLoan.from_text(mail)
    assert (offer.terms.principal, offer.terms.borrower) == (eur("8000"), due.holder)

    before = stage.cash(stage.supplier)
    id_ = stage.supplier.borrow(offer).wait().value
    assert stage.cash(stage.supplier) == before + eur("8000")
    loan = stage.loans.loan(id_[:10])
    assert (loan.worth, loan.owed, loan.releasable) == (eur("10000"), eur("8000"), eur("0"))
    assert (loan.held, loan.late_since, loan.collectable) == (True, None, eur("0"))
    assert stage.ledger.voucher(voucher).holder == stage.loans.address

    # 30 days: 8,000 x 6 % x 30 / 360 = 40. Of 4,040 the interest goes first.
    stage.anvil.travel(days=30)
    assert stage.loans.loan(id_).interest == eur("40")
    assert stage.supplier.repay(id_, "4040").wait().value == eur("4040")
    loan = stage.loans.loan(id_)
    assert (loan.interest, loan.principal) == (eur("0"), eur("4000"))
    assert loan.releasable == eur("5000")
    told = stage.supplier.simulate.release_pledge(id_).wait().value
    back = stage.supplier.release_pledge(id_).wait().value
    assert told == back
    assert stage.ledger.voucher(back).value == eur("5000")
    assert stage.ledger.voucher(back).holder == stage.supplier.address
    assert stage.loans.loan(id_).releasable == eur("0")

    # At maturity the obligor pays; anyone collects: 4,000 x 6 % x 60 / 360 = 40.
    stage.anvil.travel(days=60)
    stage.scene.pay(voucher.receivable)
    (due,) = stage.loans.collectable(receivable=voucher.receivable)
    assert (due.id, due.collectable, due.owed) == (id_, eur("5000"), eur("4040"))
    bank, borrower = stage.cash(stage.bank), stage.cash(stage.supplier)
    anyone = stage.ledger.guarantor(stage.signers.guarantor)
    told = anyone.simulate.collect(id_).wait().value
    (got,) = anyone.collect(id_).wait().value
    assert told == (got,)
    assert (got.to_lender, got.to_borrower) == (eur("4040"), eur("960"))
    assert stage.cash(stage.bank) == bank + eur("4040")
    assert stage.cash(stage.supplier) == borrower + eur("960")
    assert stage.loans.loan(id_).status is LoanStatus.CLOSED
    assert stage.loans.collectable() == ()


def test_the_bank_forecloses(stage):
    """Not paid after maturity and grace: the lender takes what is owed, the rest goes back."""
    voucher, start = stage.voucher(), stage.ledger.time().date()
    maturity = start + timedelta(days=10)
    id_ = stage.lent(voucher, principal="6000", maturity=maturity, grace_days=2, late_rate="12")
    stage.anvil.travel(days=12)
    loan = stage.loans.loan(id_)
    assert (loan.late_since, loan.in_default) == (maturity + timedelta(days=1), False)
    with pytest.raises(NotInDefault):
        stage.bank.foreclose(id_)
    stage.anvil.travel(days=3)
    # 6,000 x 6 % x 12 / 360 = 12, and x 12 % x 3 / 360 = 6.
    loan = stage.loans.loan(id_)
    assert (loan.in_default, loan.owed, loan.interest) == (True, eur("6018"), eur("18"))
    taken = stage.bank.foreclose(id_).wait().value
    assert stage.ledger.voucher(taken).value == eur("6018")
    assert stage.ledger.voucher(taken).holder == stage.bank.address
    left = stage.ledger.voucher(voucher)
    assert (left.value, left.holder) == (eur("3982"), stage.supplier.address)
    loan = stage.loans.loan(id_)
    assert (loan.status, loan.owed, loan.held) == (LoanStatus.CLOSED, eur("0"), False)
    assert loan.to_json()["worth"] == "0.00"


# -- opening ----------------------------------------------------------------------------------


def test_the_borrower_can_ask_and_the_lender_open(stage):
    """What is approved is this one voucher; what is allowed, exactly the principal."""
    voucher = stage.voucher()
    asked = stage.supplier.request_loan(
        voucher,
        lender=stage.bank.address,
        principal="5000",
        day_count=DayCount.ACT_365F,
        **TERMS,
    )
    assert stage.ledger._desk.read("getApproved", voucher.number) == stage.loans.address
    assert stage.allowed(stage.bank) == 0
    told = stage.bank.simulate.open_loan(asked).wait().value
    id_ = stage.bank.open_loan(asked).wait().value
    assert told == id_ == asked.digest()
    assert stage.allowed(stage.bank) == 0
    found = stage.loans.loan(id_)
    assert (found.terms, found.principal) == (asked.terms, eur("5000"))
    assert stage.ledger._desk.read("getApproved", voucher.number) == ZERO_ADDRESS


def test_what_is_signed_is_shown_and_can_be_declined(stage):
    """Nothing is signed, allowed or approved unless the words are agreed to; never on a dry run."""
    voucher, shown = stage.voucher(), []

    def decline(words):
        shown.append(words)
        return False

    for facade in (stage.bank, stage.bank.simulate):
        with pytest.raises(SigningDeclined):
            facade.lend(voucher, review=decline, **TERMS)
    lender = stage.bank.address
    for review in (decline, lambda words: not shown.append(words)):
        with pytest.raises(SigningDeclined):
            stage.supplier.simulate.request_loan(voucher, lender=lender, review=review, **TERMS)
    assert len(shown) == 4
    assert all("8,000.00 EUR" in words for words in shown)
    assert stage.allowed(stage.bank) == 0
    assert stage.ledger._desk.read("getApproved", voucher.number) == ZERO_ADDRESS


def test_offers_share_the_allowance_and_can_be_withdrawn(stage):
    voucher = stage.voucher()
    one = stage.bank.lend(voucher, principal="100", **TERMS)
    two = stage.bank.lend(voucher, principal="200", **TERMS)
    assert stage.allowed(stage.bank) == eur("300").units
    stage.bank.withdraw_loan(one).wait()
    with pytest.raises(LoanNotIn):
        stage.supplier.borrow(one)
    stage.supplier.withdraw_loan(two).wait()
    with pytest.raises(LoanNotIn):
        stage.supplier.borrow(two)


def test_a_signed_loan_is_for_its_parties_book_and_currency(stage):
    voucher = stage.voucher()
    signed = stage.bank.lend(voucher, **TERMS)
    with pytest.raises(SignerNotNamed):
        stage.ledger.supplier(stage.signers.supplier2).borrow(signed)
    with pytest.raises(SignerNotNamed):
        stage.ledger.financier(stage.signers.supplier2).open_loan(signed)
    text = signed.to_text()
    with pytest.raises(SignedForElsewhere):
        stage.supplier.borrow(
            SignedLoan.from_text(text.replace(signed.contract, stage.bank.address))
        )
    with pytest.raises(CurrencyMismatch):
        stage.supplier.borrow(SignedLoan.from_text(text.replace('"EUR"', '"USD"')))
    with pytest.raises(DeadlineOver):
        stage.bank.lend(voucher, until=stage.ledger.time() - timedelta(seconds=1), **TERMS)
    for missing in TERMS:
        with pytest.raises(BadTerms):
            stage.bank.lend(voucher, **{k: v for k, v in TERMS.items() if k != missing})


def test_one_voucher_is_never_in_two_pledges(stage):
    voucher = stage.voucher()
    second = stage.bank.lend(voucher, principal="1", **TERMS)
    first = stage.lent(voucher, principal="1000")
    with pytest.raises(ERC721InvalidApprover):
        stage.supplier.borrow(second)
    assert [loan.id for loan in stage.loans.loans()] == [first]


# -- reading ----------------------------------------------------------------------------------


def test_loans_are_found_by_lender_borrower_voucher_and_status(stage):
    first, second = stage.voucher(), stage.voucher()
    one, two = stage.lent(first), stage.lent(second, principal="100")
    stage.supplier.repay(two).wait()

    def found(**by):
        return [loan.id for loan in stage.loans.loans(**by)]

    assert found() == [one, two]
    assert found(lender=stage.bank.address) == [one, two]
    assert found(lender=stage.supplier.address) == []
    assert found(borrower=stage.supplier.address, voucher=second) == [two]
    assert found(status=LoanStatus.OPEN) == [one]
    assert found(status=LoanStatus.CLOSED) == [two]
    for text, error in (("ff" * 32, NotFound), ("", BadId), ("xyz", BadId)):
        with pytest.raises(error):
            stage.loans.loan(text)
    assert stage.loans.kept(stage.bank.address) == ()
    with pytest.raises(NothingKept):
        stage.bank.take_kept("EUR")


def test_interest_is_the_books_own_to_the_unit(stage):
    """What `duebill.pricing` reckons is what the book says, in cents, day after day."""
    face = cny("12345.67")
    voucher = stage.scene.accepted(face=face).voucher(1)
    today = stage.ledger.time().date()
    maturity = today + timedelta(days=7)
    signed = stage.bank.lend(
        voucher,
        advance_rate=Share.percent("90"),
        rate=Rate.percent("5.4321"),
        late_rate=Rate.percent("9.8765"),
        maturity=maturity,
        grace_days=3,
    )
    assert signed.terms.principal == cny("11111.10")
    id_ = stage.supplier.borrow(signed).wait().value
    terms = InterestTerms(
        rate=signed.terms.rate,
        late_rate=signed.terms.late_rate,
        day_count=signed.terms.day_count,
        maturity=maturity,
        grace_days=3,
    )
    for days in (1, 6, 3, 4, 30):
        stage.anvil.travel(days=days)
        loan = stage.loans.loan(id_)
        exact = loan_interest(loan.principal, terms, since=today, until=loan.today)
        assert loan.interest == payable_interest(exact, decimals=2)
    # Each payment settles up to its day; the part of a cent is carried on.
    assert exact != loan.interest
    stage.supplier.repay(id_, loan.interest).wait()
    rest = stage.loans.loan(id_).state
    assert (rest.interest, rest.since) == (exact - loan.interest, loan.today)


# -- paying and giving back -------------------------------------------------------------------


def test_the_last_payment_gives_the_pledge_back(stage):
    """Anyone pays; more than is owed is not taken."""
    voucher = stage.voucher()
    id_ = stage.lent(voucher, principal="1000")
    helper = stage.ledger.financier(stage.signers.supplier2)
    assert helper.simulate.repay(id_).wait().value == eur("1000")
    assert helper.repay(id_, "5000").wait().value == eur("1000")
    assert stage.ledger.voucher(voucher).holder == stage.supplier.address
    with pytest.raises(LoanNotIn):
        helper.repay(id_, "1")
    with pytest.raises(AmountIsZero):
        helper.repay(id_)


def test_no_more_is_released_than_the_advance_rate_leaves(stage):
    id_ = stage.lent(stage.voucher(), principal="4000")
    with pytest.raises(PledgeTooSmall):
        stage.supplier.release_pledge(id_, "5000.01")
    with pytest.raises(CallerNotEntitled):
        stage.bank.release_pledge(id_, "100")
    part = stage.supplier.release_pledge(id_, "100").wait().value
    assert stage.ledger.voucher(part).value == eur("100")
    assert stage.loans.loan(id_).releasable == eur("4900")


def test_several_pledges_are_collected_together(stage):
    """What the obligor paid early, in part: each lender gets it; a pledge that is left stays."""
    one, two = stage.voucher("1000"), stage.voucher("2000")
    first, second = stage.lent(one), stage.lent(two)
    stage.scene.pay(one.receivable, "500")
    stage.scene.pay(two.receivable)
    assert [loan.id for loan in stage.loans.collectable()] == [first, second]
    got = stage.bank.collect(first, second[:12]).wait().value
    assert [(c.loan, c.to_lender, c.to_borrower) for c in got] == [
        (first, eur("500"), eur("0")),
        (second, eur("1600"), eur("400")),
    ]
    left = stage.loans.loan(first)
    assert (left.status, left.worth, left.owed) == (LoanStatus.OPEN, eur("500"), eur("300"))
    assert got[0].to_json() == {
        "loan": first,
        "to_lender": "500.00",
        "to_borrower": "0.00",
        "currency": "EUR",
    }
    with pytest.raises(BadTerms):
        stage.bank.collect()


def test_what_cannot_be_collected_now_is_not_proposed(stage):
    """A token that pays nobody for now stops its own loans only."""
    one, two = stage.voucher("1000"), stage.scene.accepted(face=cny("1000")).voucher(1)
    first, second = stage.lent(one), stage.lent(two)
    stage.scene.pay(one.receivable)
    stage.scene.pay(two.receivable)
    assert [loan.id for loan in stage.loans.collectable()] == [first, second]
    stage.anvil.rpc("anvil_setCode", stage.ledger.currency("EUR").token, "0x60006000fd")
    assert [loan.id for loan in stage.loans.collectable()] == [second]
    assert stage.loans.loan(first).collectable == eur("1000")


def test_what_a_frozen_lender_may_not_get_is_kept_for_it(stage):
    """The borrower pays and has its voucher back all the same."""
    voucher = stage.voucher()
    id_ = stage.lent(voucher, principal="1000")
    supervisor = stage.ledger.supervisor(stage.signers.deployer)
    supervisor.freeze_party(stage.bank.address, reason="0x" + "11" * 32).wait()
    stage.supplier.repay(id_).wait()
    assert stage.ledger.voucher(voucher).holder == stage.supplier.address
    assert stage.loans.kept(stage.bank.address) == (eur("1000"),)
    with pytest.raises(PartyIsFrozen):
        stage.bank.take_kept("EUR")
    supervisor.unfreeze_party(stage.bank.address).wait()
    before = stage.cash(stage.supplier)
    taken = stage.bank.take_kept("EUR", to=stage.supplier.address).wait().value
    assert (taken, stage.cash(stage.supplier)) == (eur("1000"), before + eur("1000"))
    assert stage.loans.kept(stage.bank.address) == ()


def test_a_pledge_that_is_worth_less_leaves_the_rest_owed(stage):
    """The lender gets all of it, and the borrower can still pay what is missing."""
    voucher, start = stage.voucher("1000"), stage.ledger.time().date()
    id_ = stage.lent(voucher, principal="800", maturity=start + timedelta(days=30))
    # 800 x 6 % x 3,600 / 360 = 480.
    stage.anvil.travel(days=3_600)
    assert stage.loans.loan(id_).owed == eur("1280")
    assert stage.bank.foreclose(id_).wait().value == voucher
    loan = stage.loans.loan(id_)
    assert (loan.status, loan.owed, loan.held) == (LoanStatus.CLOSED, eur("280"), False)
    assert (loan.in_default, loan.late_since) == (False, start + timedelta(days=31))
    assert stage.supplier.repay(id_).wait().value == eur("280")
    assert stage.loans.loan(id_).late_since is None


def test_a_seized_pledge_is_not_held_and_comes_back_for_another_loan(stage):
    """What the new loan holds, the old one does not show."""
    voucher = stage.voucher("1000")
    old = stage.lent(voucher, principal="100")
    enforcer = stage.ledger.enforcer(stage.signers.deployer)
    enforcer.seize(voucher, to=stage.supplier.address, reason="0x" + "11" * 32).wait()
    loan = stage.loans.loan(old)
    assert (loan.status, loan.held, loan.worth) == (LoanStatus.OPEN, False, eur("0"))
    new = stage.lent(voucher, principal="200")
    stage.scene.pay(voucher.receivable)
    held = {loan.id: (loan.held, loan.collectable) for loan in stage.loans.loans()}
    assert held == {old: (False, eur("0")), new: (True, eur("1000"))}
    assert [loan.id for loan in stage.loans.collectable()] == [new]
    with pytest.raises(PledgeMissing):
        stage.bank.collect(old)


def test_a_draft_has_to_be_in_its_currency(stage):
    draft = stage.bank.draft_loan(stage.voucher(), **TERMS)
    assert draft.terms.lender == stage.bank.address
    with pytest.raises(CurrencyMismatch):
        stage.loans.draft(replace(draft.terms, principal=Money(1, "USD")))
    assert repr(stage.loans).startswith("<pledge book 0x")
    assert repr(stage.ledger.guarantees).startswith("<guarantee book 0x")
