"""What `check_invariants` says of the exchange, the guarantee book and the pledge book."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duebill._actions import NOTHING
from duebill.documents import text_hash
from duebill.ledger import connect
from duebill.model import LoanStatus, Money, OfferStatus


@pytest.fixture
def deals(scene, ledger, signers):
    """A voucher sold with recourse, one offered, one pledged, and an aval: their ids by name."""
    id_ = scene.accepted()
    supplier, bank = ledger.supplier(signers.supplier), ledger.financier(signers.financier)
    pledged, kept = scene.split(id_, supplier2="300", supplier="200")
    bank.buy(supplier.offer(id_.voucher(1), value="100", price="99", recourse="full")).wait()
    loan = bank.lend(pledged, principal="200", advance_rate="80", rate="6")
    guarantor = ledger.guarantor(signers.guarantor)
    until = ledger.time() + timedelta(days=365)
    return {
        "receivable": id_,
        "kept": kept,
        "pledged": pledged,
        "offer": supplier.pay_with(kept, signers.supplier2.address).wait().value.id,
        "loan": ledger.supplier(signers.supplier2).borrow(loan).wait().value,
        "aval": guarantor.cover(id_, cap="500", margin="50", until=until).wait().value,
    }


def broken(ledger):
    """The numbers of the promises that do not hold."""
    return [check.number for check in ledger.check_invariants().checks if not check.holds]


def sent_by_mistake(ledger, signer, voucher, place):
    """A plain transfer, which asks no contract whether it takes vouchers."""
    call = ("transferFrom(address,address,uint256)", signer.address, place, voucher.number)
    ledger._desk.chain.submit(ledger._desk.action(NOTHING, *call), signer=signer).wait()


def test_all_of_it_is_checked(deals, ledger):
    report = ledger.check_invariants()
    assert report.holds
    checked = {check.number: check.checked for check in report.checks}
    # Four vouchers; an aval and its currency's margins; a pledge.
    assert (checked[8], checked[9], checked[10]) == (4, 2, 1)
    # A receivable, its vouchers, an offer, recourse counted and read, an aval and a loan.
    assert checked[12] == 1 + 4 + 1 + 2 + 1 + 1
    assert deals["pledged"] in {voucher.id for voucher in ledger.vouchers()}


@pytest.mark.usefixtures("deals")
def test_a_ledger_alone_promises_less(ledger, anvil):
    """Without the contracts beside it nothing is said of them."""
    place = {"chain_id": ledger.chain_id, "ledger": ledger.address}
    report = connect(anvil.url, deployment=place).check_invariants()
    assert report.holds
    assert [check.number for check in report.checks] == [1, 2, 3, 6, 12]


@pytest.mark.parametrize(("book", "number"), [("exchange", 8), ("guarantees", 9), ("loans", 10)])
def test_a_voucher_that_lies_there_for_nobody_is_found(deals, ledger, signers, book, number):
    place = getattr(ledger, book).address
    sent_by_mistake(ledger, signers.supplier, deals["kept"], place)
    assert broken(ledger) == [number]


def test_margins_that_are_missing_are_found(deals, ledger, anvil):
    token, book = ledger.currency("EUR").token, ledger.guarantees.address
    anvil.rpc("anvil_dealERC20", book, token, hex(49_999_999))
    assert broken(ledger) == [9]
    # More than is owed is nobody's loss.
    anvil.rpc("anvil_dealERC20", book, token, hex(50_000_001))
    assert broken(ledger) == []
    assert ledger.guarantees.aval(deals["aval"]).state.margin == Money.parse("50", "EUR")


def test_a_pledge_that_an_order_took_breaks_no_promise(deals, ledger, signers):
    reason, to = text_hash("An order."), signers.financier.address
    ledger.enforcer(signers.deployer).seize(deals["pledged"], to=to, reason=reason).wait()
    assert ledger.loans.loan(deals["loan"]).held is False
    assert broken(ledger) == []


@pytest.mark.parametrize(
    ("spoil", "numbers"),
    [
        (lambda f, d: setattr(f.avals[d["aval"]], "called", 450_000_001), [9, 12]),
        (lambda f, d: f.avals[d["aval"]].dishonoured.update({d["receivable"]: 1}), [12]),
        (lambda f, d: setattr(f.loans[d["loan"]], "status", LoanStatus.CLOSED), [10, 12]),
        (lambda f, d: f.loans[d["loan"]].terms.update(voucher=d["kept"].number), [10]),
        (lambda f, d: setattr(f.loans[d["loan"]], "principal", 1), [12]),
        (lambda f, d: setattr(f.offers[d["offer"]], "status", OfferStatus.ACCEPTED), [12]),
        (lambda f, d: f.recourses[sold(d)].clear(), [12]),
        (lambda f, d: setattr(f.recourses[sold(d)][1], "amount", 1), [12]),
        (lambda f, _: f.kept.update({("0x" + "11" * 20, 1): 1}), [10, 12]),
    ],
)
def test_a_broken_promise_is_reported_under_its_number(deals, ledger, spoil, numbers):
    with ledger._desk.history.books() as (books, _):
        spoil(books.finance, deals)
    assert broken(ledger) == numbers


def sold(deals):
    """The voucher that was sold with recourse."""
    return deals["receivable"].voucher(4)
