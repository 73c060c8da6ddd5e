"""Each rule finds its story, and leaves the story beside it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from duebill._abi import ledger_abi, manager_abi
from duebill._actions import NOTHING, Action
from duebill.deployment import Role
from duebill.documents import DocumentSet, Field
from duebill.model import ZERO_ADDRESS, Money, Rules, hash_bytes
from duebill.watch import BUILT_IN, Severity
from duebill.watch._obligors import (
    AcceptsWhileOverdue,
    Concentration,
    LongerTenors,
    Reissue,
    SameDocuments,
    TenorsAtLimit,
)
from duebill.watch._office import (
    CustodianChange,
    ForcedTransfers,
    FrequentFreezes,
    FrequentPauses,
)
from duebill.watch._reliance import Dishonour, RevokedAttestation, SharedInvoice, VoidInvoice
from duebill.watch._vouchers import Circle, ManyParts, SaleAndReturn, SmallParts

REASON = "0x" + "07" * 32


def names(alert):
    return [it.name for it in alert.evidence]


def test_ordinary_trade_is_not_told(story):
    """A receivable is split, passed on, pledged, sold, paid and redeemed: nothing to tell."""
    id_ = story.accepted()
    part = story.give(id_.voucher(1), "supplier", "supplier2", value="300.00")
    story.give(part, "supplier2", "financier")
    seller, bank = (story.ledger.supplier(story.who("supplier")), story.who("financier"))
    order = seller.offer(id_.voucher(1), price="690.00")
    story.ledger.financier(bank).buy(order).wait()
    story.scene.pay(id_)
    story.ledger.financier(bank).redeem(part).wait()
    assert story.found() == []


# -- splitting ----------------------------------------------------------------------------------


def test_many_parts_in_a_short_time(told_by):
    story = told_by(ManyParts(most_parts=3, within_days=2))
    id_ = story.accepted()
    for _ in range(4):
        story.give(id_.voucher(1), "supplier", "supplier2", value="100.00")
    alert = story.only("many-parts")
    assert alert.subject == id_
    assert names(alert) == ["TransferValue"] * 4
    assert "4 parts" in alert.words
    assert "1000.00 EUR" in alert.words


def test_as_many_parts_over_a_longer_time_are_not_told(told_by):
    story = told_by(ManyParts(most_parts=3, within_days=2))
    id_ = story.accepted()
    for _ in range(4):
        story.give(id_.voucher(1), "supplier", "supplier2", value="100.00")
        story.anvil.travel(days=1)
    assert story.found() == []


def test_as_many_parts_of_two_receivables_are_not_told(told_by):
    story = told_by(ManyParts(most_parts=3))
    for _ in range(2):
        id_ = story.accepted()
        story.scene.split(id_, supplier2="1.00", financier="1.00")
    assert story.found() == []


def test_parts_are_measured_by_what_the_programme_allows(told_by):
    """Three parts are many where four are allowed, and few where ten thousand are."""
    story = told_by(ManyParts(most_parts=20, most_percent=50))
    admin = story.ledger.administrator(story.who("deployer"))
    strict = admin.create_programme(Rules(max_splits=4)).wait().value
    parts = {"supplier2": "1.00", "financier": "1.00", "guarantor": "1.00"}
    story.scene.split(story.accepted(), **parts)
    id_ = story.accepted(programme=strict)
    story.scene.split(id_, **parts)
    assert story.only("many-parts").subject == id_


def test_small_parts(told_by):
    story = told_by(SmallParts(least_parts=3, small_percent=1))
    id_ = story.accepted()
    for value in ("10.00", "9.00", "5.00"):
        story.give(id_.voucher(1), "supplier", "supplier2", value=value)
    alert = story.only("small-parts")
    assert (alert.subject, len(alert.evidence)) == (id_, 3)


def test_parts_of_some_size_are_not_told(told_by):
    story = told_by(SmallParts(least_parts=3, small_percent=1))
    id_ = story.accepted()
    for value in ("10.00", "9.00", "10.01"):
        story.give(id_.voucher(1), "supplier", "supplier2", value=value)
    assert story.found() == []


# -- circles ------------------------------------------------------------------------------------


def test_value_that_comes_back(told_by):
    """Supplier → second supplier → bank → supplier, in parts and whole."""
    story = told_by(Circle())
    id_ = story.accepted()
    part = story.give(id_.voucher(1), "supplier", "supplier2", value="400.00")
    part = story.give(part, "supplier2", "financier", value="100.00")
    story.give(part, "financier", "supplier")
    alert = story.only("circle")
    assert alert.subject == part
    assert names(alert) == ["Transfer", "TransferValue", "TransferValue", "Transfer"]
    assert "after 3 hops" in alert.words
    assert alert.words.count(story.who("supplier").address) == 3


def test_value_that_went_elsewhere_from_a_common_holder_is_no_circle(told_by):
    """The bank got one part from the supplier, and gives another one, of another lineage, to it."""
    story = told_by(Circle())
    first, second = story.accepted(), story.accepted(creditor=story.who("financier").address)
    story.give(first.voucher(1), "supplier", "financier", value="400.00")
    story.give(second.voucher(1), "financier", "supplier", value="100.00")
    assert story.found() == []


@pytest.mark.parametrize(
    ("rule", "days"), [(Circle(most_hops=2), 0), (Circle(within_days=10), 6)], ids=["long", "slow"]
)
def test_a_long_or_slow_circle_is_not_told(told_by, rule, days):
    story = told_by(rule)
    voucher, giver = story.accepted().voucher(1), "supplier"
    for taker in ("supplier2", "financier", "supplier"):
        voucher, giver = story.give(voucher, giver, taker), taker
        story.anvil.travel(days=days)
    assert story.found() == []
    assert len(told_by(Circle()).found()) == 1


def test_what_a_custodian_gives_back_is_no_circle(told_by):
    """Pledged, repaid, and back."""
    story = told_by(Circle())
    voucher = story.accepted().voucher(1)
    maturity = story.ledger.time().date() + timedelta(days=30)
    bank = story.ledger.financier(story.who("financier"))
    supplier = story.ledger.supplier(story.who("supplier"))
    terms = {"principal": "500", "advance_rate": "80", "rate": "5", "maturity": maturity}
    loan = supplier.borrow(bank.lend(voucher, **terms)).wait().value
    supplier.repay(loan).wait()
    assert story.ledger.voucher(voucher).holder == story.who("supplier").address
    assert story.found() == []


def test_what_an_order_gives_back_is_no_circle(told_by):
    story = told_by(Circle())
    voucher = story.accepted().voucher(1)
    story.give(voucher, "supplier", "supplier2")
    enforcer = story.ledger.enforcer(story.who("deployer"))
    enforcer.seize(voucher, to=story.who("supplier").address, reason=REASON).wait()
    assert story.found() == []


def test_what_comes_back_by_recourse_is_no_circle(told_by):
    """The seller answers for it, and takes it back when the obligor does not pay."""
    story = told_by(Circle())
    voucher = story.accepted(days=10).voucher(1)
    seller, bank = (story.ledger.supplier(story.who("supplier")), story.who("financier"))
    order = seller.offer(voucher, price="990.00", recourse="full")
    story.ledger.financier(bank).buy(order).wait()
    seller.allow_cash(Money.parse("1000.00", "EUR")).wait()
    story.anvil.travel(days=16)
    story.ledger.financier(bank).exercise_recourse(voucher).wait()
    assert story.ledger.voucher(voucher).holder == seller.address
    assert story.found() == []


def sold(story, voucher, seller, buyer, *, value, price):
    order = story.ledger.supplier(story.who(seller)).offer(voucher, value=value, price=price)
    bought = story.ledger.financier(story.who(buyer)).buy(order).wait().value
    return bought.voucher


@pytest.mark.parametrize(("back", "told"), [("95.00", 1), ("90.00", 0)])
def test_a_sale_and_its_return(told_by, back, told):
    """At another price it is told, at the same one it is not."""
    story = told_by(SaleAndReturn())
    id_ = story.accepted()
    part = sold(story, id_.voucher(1), "supplier", "financier", value="100", price="90.00")
    sold(story, part, "financier", "supplier", value="100", price=back)
    found = story.found()
    assert len(found) == told
    for alert in found:
        assert alert.subject == id_
        assert names(alert) == ["OrderFilled"] * 2
        assert "90.00 EUR for 100.00 EUR" in alert.words


def test_two_sales_the_same_way_are_not_told(told_by):
    story = told_by(SaleAndReturn())
    id_ = story.accepted()
    for price in ("90.00", "95.00"):
        sold(story, id_.voucher(1), "supplier", "financier", value="100", price=price)
    assert story.found() == []


# -- concentration ------------------------------------------------------------------------------


def test_an_obligor_that_owes_most(told_by):
    story = told_by(Concentration(least_accounts=2, obligor_percent=60, step_percent=10))
    for obligor, creditor in (("obligor", "supplier"), ("financier", "supplier2")):
        story.accepted(obligor=obligor, creditor=story.who(creditor).address)
    assert story.found() == []
    id_ = story.accepted(creditor=story.who("guarantor").address)
    (alert,) = (it for it in story.found() if " owes " in it.words)
    assert alert.subject == story.who("obligor").address
    assert "2000.00 EUR, 66 % of the 3000.00 EUR outstanding" in alert.words
    story.scene.pay(id_)
    assert [it.id for it in story.found() if " owes " in it.words] == [alert.id]


def test_a_holder_and_a_guarantor(told_by):
    rule = Concentration(
        least_accounts=2, obligor_percent=100, holder_percent=60, guarantor_percent=30
    )
    story = told_by(rule)
    ids = [
        story.accepted(obligor=obligor, creditor=story.who(creditor).address)
        for obligor, creditor in (("obligor", "supplier"), ("financier", "supplier2"))
    ]
    until = story.ledger.time() + timedelta(days=200)
    guarantor = story.ledger.guarantor(story.who("guarantor"))
    guarantor.cover(ids[0], cap="600.00", until=until).wait()
    assert story.found() == []
    guarantor.cover(ids[0], cap="100.00", until=until).wait()
    story.give(ids[1].voucher(1), "supplier2", "supplier", value="300.00")
    first, second = story.found()
    assert "guarantees 700.00 EUR, 35 %" in first.words
    assert "holds 1300.00 EUR, 65 %" in second.words
    assert (first.subject, second.subject) == (guarantor.address, story.who("supplier").address)


def test_shares_among_few_are_not_told(told_by):
    story = told_by(Concentration(least_accounts=2, obligor_percent=10))
    story.accepted()
    assert story.found() == []


# -- term creep ---------------------------------------------------------------------------------


def test_tenors_that_grow(told_by):
    story = told_by(LongerTenors(of_last=2, growth_percent=50))
    for days in (30, 30, 40, 50):
        story.accepted(days=days)
    alert = story.only("longer-tenors")
    assert alert.subject == story.who("obligor").address
    assert "from 30 to 45 days" in alert.words
    assert names(alert) == ["ReceivableAccepted"] * 4


@pytest.mark.parametrize("tenors", [(30, 30, 40, 49), (30, 60, 30, 60), (30, 30, 90)])
def test_tenors_that_vary_are_not_told(told_by, tenors):
    story = told_by(LongerTenors(of_last=2, growth_percent=50))
    for days in tenors:
        story.accepted(days=days)
    assert story.found() == []


@pytest.mark.parametrize(("tenors", "told"), [((365, 364, 365), 1), ((365, 363, 365), 0)])
def test_tenors_at_the_limit(told_by, tenors, told):
    story = told_by(TenorsAtLimit(in_row=3, slack_days=1))
    for days in tenors:
        story.accepted(days=days)
    assert len(story.found()) == told


@pytest.mark.parametrize(("paid", "told"), [(False, 1), (True, 0)])
def test_a_debt_that_is_replaced_when_it_is_due(told_by, paid, told):
    """A new one of the same face a day before the old one is due; not when that is paid."""
    story = told_by(Reissue(within_days=2))
    old = story.accepted(days=30)
    story.anvil.travel(days=29)
    if paid:
        story.scene.pay(old)
    new = story.accepted(days=30)
    found = story.found()
    assert [it.subject for it in found] == [new] * told
    for alert in found:
        assert names(alert) == ["ReceivableIssued", "ReceivableIssued", "ReceivableAccepted"]


def test_equal_deliveries_well_before_they_are_due_are_not_told(told_by):
    story = told_by(Reissue(within_days=2))
    story.accepted(days=30)
    story.anvil.travel(days=20)
    story.accepted(days=30)
    other = story.who("supplier2").address
    story.anvil.travel(days=9)
    story.accepted(days=30, creditor=other)
    assert story.found() == []


# -- documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["documents_root", "reference_hash"])
def test_the_same_documents_twice(story, name):
    first = story.accepted(**{name: "0x" + "ab" * 32})
    second = story.accepted(**{name: "0x" + "ab" * 32})
    alert = story.only("same-documents")
    assert alert.subject == second
    assert alert.severity is Severity.ALARM
    assert first[:10] in alert.words
    assert names(alert) == ["ReceivableIssued"] * 2


def test_other_documents_or_none_and_what_was_withdrawn_are_not_told(told_by):
    story = told_by(SameDocuments())
    for root in ("0x" + "aa" * 32, "0x" + "bb" * 32, "0x" + "00" * 32, "0x" + "00" * 32):
        story.accepted(documents_root=root)
    story.accepted(reference_hash="0x" + "aa" * 32)
    withdrawn = story.scene.issued(documents_root="0x" + "cc" * 32)
    story.ledger.supplier(story.who("supplier")).cancel(withdrawn).wait()
    story.accepted(documents_root="0x" + "cc" * 32)
    assert story.found() == []


# -- default ------------------------------------------------------------------------------------


def test_new_debt_while_the_old_is_overdue(told_by):
    """The last day of grace is over by a day."""
    story = told_by(AcceptsWhileOverdue())
    old = story.accepted(days=10)
    story.anvil.travel(days=16)
    new = story.accepted()
    alert = story.only("accepts-while-overdue")
    assert alert.subject == new
    assert "1000.00 EUR" in alert.words
    assert [it.block for it in alert.evidence] == [
        next(e.block for e in story.ledger.events() if e.args.get("receivable") == it.number)
        for it in (old, new)
    ]


@pytest.mark.parametrize("case", ["in grace", "paid", "another obligor"])
def test_new_debt_in_good_order_is_not_told(told_by, case):
    story = told_by(AcceptsWhileOverdue())
    old = story.accepted(days=10)
    if case == "paid":
        story.scene.pay(old)
    story.anvil.travel(days=15 if case == "in grace" else 16)
    story.accepted(obligor="financier" if case == "another obligor" else "obligor")
    assert story.found() == []


# -- those who watch ----------------------------------------------------------------------------


def test_threat_36_frequent_freezes_are_told(told_by):
    story = told_by(FrequentFreezes(most_acts=3))
    supervisor, who = story.ledger.supervisor(story.who("deployer")), story.who("financier").address
    for _ in range(2):
        supervisor.freeze_party(who, reason=REASON).wait()
        supervisor.unfreeze_party(who, reason=REASON).wait()
    alert = story.only("frequent-freezes")
    assert alert.subject == who
    assert names(alert) == ["PartyFrozen"] * 4


def test_freezes_of_several_or_over_a_longer_time_are_not_told(told_by):
    story = told_by(FrequentFreezes(most_acts=3, within_days=7))
    supervisor = story.ledger.supervisor(story.who("deployer"))
    voucher = story.accepted().voucher(1)
    for _ in range(2):
        supervisor.freeze_party(story.who("financier").address).wait()
        supervisor.unfreeze_party(story.who("financier").address).wait()
        supervisor.freeze_voucher(voucher).wait()
        story.anvil.travel(days=8)
    assert story.found() == []


def test_threat_36_frequent_pauses_are_told(told_by):
    story = told_by(FrequentPauses(most_pauses=2, within_days=30))
    supervisor = story.ledger.supervisor(story.who("deployer"))
    for count in range(3):
        assert len(story.found()) == 0, count
        supervisor.pause(until=story.ledger.time() + timedelta(hours=1)).wait()
        story.anvil.travel(days=3)
    alert = story.only("frequent-pauses")
    assert (alert.subject, names(alert)) == ("ledger", ["Paused"] * 3)


def test_pauses_over_a_longer_time_are_not_told(told_by):
    story = told_by(FrequentPauses(most_pauses=2, within_days=30))
    supervisor = story.ledger.supervisor(story.who("deployer"))
    for _ in range(3):
        supervisor.pause(until=story.ledger.time() + timedelta(hours=1)).wait()
        story.anvil.travel(days=16)
    assert story.found() == []


def test_threat_36_a_custodian_that_is_named_later_is_told(told_by):
    """Those of the deployment are not."""
    story = told_by(CustodianChange())
    administrator = story.ledger.administrator(story.who("deployer"))
    assert story.found() == []
    story.accepted()
    assert story.found() == []
    administrator.set_custodian(story.who("guarantor").address).wait()
    administrator.set_custodian(story.who("guarantor").address, custodian=False).wait()
    first, second = story.found()
    assert (first.subject, "now a custodian" in first.words) == (
        story.who("guarantor").address,
        True,
    )
    assert "no longer a custodian" in second.words


@pytest.mark.parametrize("reason", [REASON, None])
def test_threat_36_what_is_taken_by_force_is_told(told_by, deployed, reason):
    """What goes from one party to another in one block is one alert; ERC-7943's form says no why."""
    story = told_by(ForcedTransfers())
    id_ = story.accepted()
    vouchers = [id_.voucher(1), *story.scene.split(id_, supplier="1.00")]
    giver, taker = story.who("supplier").address, story.who("financier").address
    if reason:
        why = hash_bytes(reason)
        orders = [("seizeVoucher", it.number, giver, taker, why) for it in vouchers]
    else:
        grant = "grantRole", int(Role.STANDARD_ENFORCER), story.who("deployer").address, 0
        data = manager_abi().encode(*grant)
        story.send(
            Action(to=deployed.role_manager, data=data, decode=lambda _: None, answer=NOTHING)
        )
        story.anvil.travel(days=2)
        orders = [("forcedTransfer", giver, taker, it.number) for it in vouchers]
    story.send(story.ledger._desk.together([ledger_abi().encode(*it) for it in orders]))
    alert = story.only("forced-transfers")
    assert alert.subject == giver
    assert alert.words.startswith("2 of the vouchers of ")
    assert f"reason: {reason or 'none given'}." in alert.words
    assert names(alert) == ["ForcedTransfer", "VoucherSeized"] * 2


def test_each_time_that_a_voucher_is_taken_is_told(told_by):
    story = told_by(ForcedTransfers())
    voucher = story.accepted().voucher(1)
    enforcer = story.ledger.enforcer(story.who("deployer"))
    for taker in ("financier", "supplier", "financier"):
        enforcer.seize(voucher, to=story.who(taker).address, reason=REASON).wait()
    assert len(story.found()) == 3
    story.give(voucher, "financier", "supplier2")
    assert len(story.found()) == 3


# -- what financiers rely on --------------------------------------------------------------------


@dataclass
class Platform:
    """The platform that a local deployment admits, with one invoice of 10,000 EUR."""

    story: Any
    key: bytes = bytes.fromhex("17" * 32)

    def __post_init__(self):
        self.call("register", self.key, b"EUR", 10**10)

    def call(self, function, *args):
        action = self.story.ledger._desk.action_of("invoice_registry", NOTHING, function, *args)
        self.story.send(action)

    def use(self, receivable, *, here=True):
        self.call("use", self.key, *self.purpose(receivable, here=here), 10**9)

    def release(self, receivable):
        self.call("release", self.key, *self.purpose(receivable))

    def void(self):
        self.call("cancel", self.key)

    def purpose(self, receivable, *, here=True):
        ledger = self.story.ledger.address if here else ZERO_ADDRESS
        return ledger, receivable.number.to_bytes(32, "big")


def test_an_invoice_is_voided_while_a_receivable_rests_on_it(told_by):
    """Told with the use, the receivable and the voiding; of a receivable on another one nothing is."""
    story = told_by(VoidInvoice())
    platform, id_ = Platform(story), story.accepted()
    story.accepted()
    platform.use(id_)
    assert story.found() == []
    platform.void()
    alert = story.only("void-invoice")
    assert (alert.subject, alert.severity) == (id_, Severity.ALARM)
    assert names(alert) == ["ReceivableIssued", "InvoiceUsed", "InvoiceVoided"]
    assert "1000.00 EUR of it is used, and 1000.00 EUR is not paid" in alert.words


def test_an_invoice_that_was_voided_before_its_receivable_was_issued_is_told_at_issue(told_by):
    """The registry still counts the use, so a gate that asks for one lets the receivable pass."""
    story = told_by(VoidInvoice())
    platform, terms = Platform(story), story.scene.terms()
    platform.use(terms.id)
    platform.void()
    assert story.found() == []
    story.ledger.issuer(story.who("obligor")).issue(terms).wait()
    assert story.only("void-invoice").subject == terms.id


@pytest.mark.parametrize("case", ["paid", "elsewhere", "released", "cancelled"])
def test_a_void_invoice_on_which_nothing_rests_here_is_not_told(told_by, case):
    story = told_by(VoidInvoice())
    platform = Platform(story)
    id_ = story.scene.issued() if case in {"released", "cancelled"} else story.accepted()
    platform.use(id_, here=case != "elsewhere")
    if case == "paid":
        story.scene.pay(id_)
    if case in {"released", "cancelled"}:
        story.ledger.supplier(story.who("supplier")).cancel(id_).wait()
    if case == "released":
        platform.release(id_)
    platform.void()
    assert story.found() == []


@pytest.mark.parametrize(("first", "days", "told"), [(True, 6, 1), (False, 6, 1), (True, 8, 0)])
def test_an_invoice_is_used_here_and_elsewhere_within_a_week(told_by, first, days, told):
    """Whichever comes first."""
    story = told_by(SharedInvoice())
    platform, id_ = Platform(story), story.accepted()
    platform.use(id_, here=first)
    assert story.found() == []
    story.anvil.travel(days=days)
    platform.use(id_, here=not first)
    alerts = story.found()
    assert [it.subject for it in alerts] == [id_] * told
    for alert in alerts:
        assert "1000.00 EUR is used here and 1000.00 EUR outside this ledger" in alert.words
        assert sorted(names(alert)) == ["InvoiceUsed", "InvoiceUsed", "ReceivableIssued"]


def test_an_invoice_that_is_used_twice_here_or_given_back_elsewhere_is_not_told(told_by):
    story = told_by(SharedInvoice())
    platform = Platform(story)
    one, two = story.accepted(), story.accepted()
    elsewhere = platform.purpose(one, here=False)
    platform.call("use", platform.key, *elsewhere, 10**9)
    platform.call("release", platform.key, *elsewhere)
    platform.use(one)
    platform.use(two)
    assert story.found() == []


@pytest.mark.parametrize(("case", "told"), [("relied upon", 1), ("expired", 0), ("paid", 0)])
def test_an_attestation_is_revoked_while_somebody_relies_on_it(told_by, case, told):
    story = told_by(RevokedAttestation())
    papers = DocumentSet([Field("invoice.number", "17")], key=bytes(32))
    id_ = story.accepted(documents_root=papers.root)
    verifier = story.ledger.verifier(story.who("guarantor"))
    until = story.ledger.time() + timedelta(days=10)
    verifier.attest(id_, papers.prove("invoice.number"), kind="invoice", until=until).wait()
    if case == "expired":
        story.anvil.travel(days=11)
    if case == "paid":
        story.scene.pay(id_)
    assert story.found() == []
    verifier.revoke(id_, kind="invoice").wait()
    alerts = story.found()
    assert len(alerts) == told
    for alert in alerts:
        assert alert.subject == id_
        assert "revoked its attestation of the invoice" in alert.words
        assert names(alert) == ["ReceivableAccepted", "Attested", "AttestationsRevoked"]


def test_a_guarantor_that_does_not_pay_is_told_once(told_by):
    story = told_by(Dishonour())
    id_ = story.accepted(days=10)
    guarantor = story.ledger.guarantor(story.who("guarantor"))
    until = story.ledger.time() + timedelta(days=200)
    guarantor.cover(id_, cap="600.00", until=until).wait()
    story.anvil.travel(days=16)
    bank = story.ledger.financier(story.who("financier"))
    for _ in range(2):
        bank.call_guarantee(id_).wait()
    alert = story.only("dishonour")
    assert alert.subject == guarantor.address
    assert "was asked for 600.00 EUR, and did not pay" in alert.words
    assert names(alert) == ["AvalGiven", "AvalCalled"]


@pytest.mark.parametrize(("pays", "told"), [(False, 1), (True, 0)])
def test_a_seller_that_does_not_take_back_is_told(told_by, pays, told):
    story = told_by(Dishonour())
    voucher = story.accepted(days=10).voucher(1)
    seller, bank = story.ledger.supplier(story.who("supplier")), story.who("financier")
    order = seller.offer(voucher, price="990.00", recourse="full")
    story.ledger.financier(bank).buy(order).wait()
    if pays:
        seller.allow_cash(Money.parse("1000.00", "EUR")).wait()
    story.anvil.travel(days=16)
    story.ledger.financier(bank).exercise_recourse(voucher).wait()
    alerts = story.found()
    assert [it.subject for it in alerts] == [seller.address] * told
    assert [names(it) for it in alerts] == [["RecourseDishonoured"]] * told


def test_every_rule_has_a_story():
    """A rule that is added has to be tested here."""
    text = Path(__file__).read_text("utf-8")
    assert [kind.__name__ for kind in BUILT_IN if f"{kind.__name__}(" not in text] == []
