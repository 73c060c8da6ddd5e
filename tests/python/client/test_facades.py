"""Each party can do what is its own, and what it does has a typed result."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import duebill
from duebill import roles
from duebill._actions import NOTHING, Action
from duebill._desk import _approval
from duebill.deployment import Role
from duebill.errors import (
    AccessManagedRequiredDelay,
    AccessManagedUnauthorized,
    AccessManagerNotReady,
    AllowanceRefused,
    AmountError,
    AmountNotExpressible,
    CallerNotEntitled,
    ConsentMissing,
    CurrencyIsOffChain,
    CurrencyMismatch,
    ERC20InsufficientBalance,
    ERC721IncorrectOwner,
    ERC721InsufficientApproval,
    ERC7943InsufficientUnfrozenBalance,
    LedgerIsPaused,
    NotFound,
    NothingOwed,
    NothingToClaim,
    NotPayingAgent,
    PartyIsFrozen,
    PartyNotVerified,
    WrongStatus,
)
from duebill.model import FOREVER, ZERO_ADDRESS, Money, Part, Rules, Status

ROOT = Path(__file__).resolve().parents[3]
REASON = "0x" + "11" * 32


def eur(text):
    return Money.parse(text, "EUR")


# -- who may what -----------------------------------------------------------------------------


def test_a_facade_offers_only_what_its_party_may_do():
    """No facade has a method of another party's powers."""
    offered = {
        cls: {name for name in dir(cls) if not name.startswith("_")}
        for cls in vars(roles).values()
        if isinstance(cls, type) and issubclass(cls, roles.Role)
    }
    base = {"address", "calls", "once", "prepare", "simulate"}
    assert offered[roles.Registrar] == base | {"verify", "verify_many", "revoke", "rotate"}
    assert offered[roles.Supervisor] == base | {
        "cancel",
        "freeze_party",
        "unfreeze_party",
        "freeze_voucher",
        "unfreeze_voucher",
        "pause",
        "unpause",
    }
    assert offered[roles.Enforcer] == base | {"seize", "move_vouchers", "set_payee"}
    assert offered[roles.PayingAgent] == base | {"attest_payment", "attest_advance"}
    private = {"accept", "reject", "pay", "extinguish", "sign_acceptance"}
    for cls in (roles.Supplier, roles.Financier, roles.Guarantor):
        assert not offered[cls] & private
    assert not offered[roles.Obligor] & {"split", "merge", "transfer", "redeem", "cancel"}
    assert not offered[roles.Financier] & {"issue", "cancel"}
    selling = {"quote", "offer", "sell", "pay_with", "withdraw_offer", "exercise_recourse"}
    buying = {"bid", "buy", "accept_offer", "reject_offer"}
    for cls in (roles.Supplier, roles.Financier):
        assert offered[cls] >= selling | buying | {"cancel_order", "allow_cash"}
    assert offered[roles.Obligor] >= buying
    assert not offered[roles.Obligor] & selling
    assert not offered[roles.Guarantor] & (selling | buying)
    assert not offered[roles.Issuer] & (selling | buying)
    guaranteeing = {"cover", "sign_aval", "add_margin", "allow_calls", "honour", "withdraw_aval"}
    lending, borrowing = {"lend", "open_loan", "foreclose"}, {"request_loan", "borrow"}
    for_anyone = {"call_guarantee", "release_margin", "repay", "collect", "take_kept"}
    assert offered[roles.Guarantor] >= guaranteeing | for_anyone
    assert offered[roles.Financier] >= lending | borrowing | for_anyone
    assert offered[roles.Supplier] >= borrowing | for_anyone | {"take_cover"}
    assert offered[roles.Obligor] >= for_anyone | {"take_cover"}
    assert not offered[roles.Guarantor] & (lending | borrowing | {"take_cover"})
    assert not offered[roles.Supplier] & (lending | guaranteeing)
    assert not offered[roles.Obligor] & (lending | borrowing | guaranteeing)
    assert not offered[roles.Financier] & (guaranteeing | {"take_cover"})


@pytest.mark.parametrize(
    "act",
    [
        lambda ledger, who, _: ledger.registrar(who).verify(who.address),
        lambda ledger, who, _: ledger.registrar(who).revoke(who.address),
        lambda ledger, who, _: ledger.supervisor(who).freeze_party(who.address),
        lambda ledger, who, id_: ledger.supervisor(who).freeze_voucher(id_.voucher(1)),
        lambda ledger, who, _: ledger.supervisor(who).pause(until=ledger.time()),
        lambda ledger, who, _: ledger.supervisor(who).unpause(),
        lambda ledger, who, id_: ledger.enforcer(who).seize(
            id_.voucher(1), to=who.address, reason=REASON
        ),
        lambda ledger, who, _: ledger.enforcer(who).set_payee(
            who.address, payee=None, reason=REASON
        ),
        lambda ledger, who, _: ledger.administrator(who).create_programme(Rules()),
        lambda ledger, who, _: ledger.administrator(who).set_programme_open(1, open_=False),
        lambda ledger, who, _: ledger.administrator(who).set_currency_open(1, open_=False),
        lambda ledger, who, _: ledger.administrator(who).set_custodian(who.address),
        lambda ledger, who, _: ledger.administrator(who).sweep(ZERO_ADDRESS, to=who.address),
    ],
)
def test_offices_are_refused_to_whoever_does_not_hold_them(scene, ledger, signers, act):
    id_ = scene.accepted()
    with pytest.raises(AccessManagedUnauthorized) as caught:
        act(ledger, signers.supplier, id_)
    assert caught.value.caller == signers.supplier.address


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda ledger, who, i: ledger.obligor(who).accept(i), CallerNotEntitled),
        (lambda ledger, who, i: ledger.obligor(who).reject(i), CallerNotEntitled),
        (lambda ledger, who, i: ledger.supplier(who).cancel(i), CallerNotEntitled),
        (lambda ledger, who, i: ledger.supplier(who).redeem(i.voucher(1)), ERC721InsufficientApproval),
        (lambda ledger, who, i: ledger.supplier(who).split(i.voucher(1), {who.address: "1"}), ERC721InsufficientApproval),
        (lambda ledger, who, i: ledger.supplier(who).transfer(i.voucher(1), who.address), ERC721InsufficientApproval),
    ],
)  # fmt: skip
def test_a_strangers_hand_moves_nothing(scene, ledger, signers, act, error):
    with pytest.raises(error):
        act(ledger, signers.stranger, scene.issued())


# -- issuing and accepting --------------------------------------------------------------------


def test_a_receivable_issued_by_its_obligor_is_accepted_at_once(scene, ledger, signers):
    for facade in (ledger.issuer(signers.obligor), ledger.obligor(signers.obligor)):
        id_ = facade.issue(scene.terms()).wait().value
        assert ledger.receivable(id_).status is Status.ACCEPTED


def test_a_receivable_is_issued_from_an_invoice(ledger, signers):
    invoice = duebill.read_invoice(ROOT / "duebill" / "samples" / "brake-systems-eur-ubl.xml")
    supplier = ledger.supplier(signers.supplier)
    due = ledger.time().date() + timedelta(days=30)
    id_ = (
        supplier.issue_invoice(
            invoice, obligor=signers.obligor.address, programme=1, key=bytes(32), due_date=due
        )
        .wait()
        .value
    )
    found = ledger.receivable(id_)
    assert (found.face.units, found.due_date) == (invoice.payable_units, due)
    assert ledger.terms(id_).creditor == signers.supplier.address


def test_what_waits_can_be_rejected_or_withdrawn_and_then_no_more(scene, ledger, signers, anvil):
    obligor, supplier = ledger.obligor(signers.obligor), ledger.supplier(signers.supplier)
    rejected, withdrawn, lapsed = scene.issued(), scene.issued(), scene.issued()
    obligor.reject(rejected, reason=REASON).wait()
    supplier.cancel(withdrawn).wait()
    for id_ in (rejected, withdrawn):
        assert ledger.receivable(id_).status is Status.CANCELLED
        assert ledger.receivable(id_).owed == eur("0")
        with pytest.raises(WrongStatus):
            obligor.accept(id_)
    anvil.travel(days=40)
    ledger.supplier(signers.stranger).cancel(lapsed).wait()
    assert ledger.receivable(lapsed).status is Status.CANCELLED


# -- holding ----------------------------------------------------------------------------------


def test_splits_name_recipients_in_either_way(scene, ledger, signers):
    id_ = scene.accepted()
    supplier = ledger.supplier(signers.supplier)
    bank, tier2 = signers.financier.address, signers.supplier2.address
    two, three = supplier.split(id_.voucher(1), {bank: "10.50", tier2: eur("20")}).wait().value
    parts = [Part(to=bank, value=eur("1")), Part(to=bank, value=eur("2"))]
    four, five = supplier.split(id_.voucher(1), parts).wait().value
    values = [ledger.voucher(v).value for v in (two, three, four, five)]
    assert values == [eur("10.50"), eur("20"), eur("1"), eur("2")]
    assert ledger.voucher(id_.voucher(1)).value == eur("966.50")


def test_the_dry_run_of_a_split_names_the_vouchers_it_would_make(scene, ledger, signers):
    id_ = scene.accepted()
    supplier = ledger.supplier(signers.supplier)
    parts = {signers.financier.address: "10", signers.supplier2.address: "20"}
    tried = supplier.simulate.split(id_.voucher(1), parts).wait().value
    assert supplier.split(id_.voucher(1), parts).wait().value == tried
    alone = supplier.simulate.transfer(id_.voucher(1), signers.financier.address, value="5")
    assert alone.wait().value == id_.voucher(4)


def test_transfers_are_of_a_part_or_of_the_whole(scene, ledger, signers):
    id_ = scene.accepted()
    supplier, bank = ledger.supplier(signers.supplier), signers.financier.address
    part = supplier.transfer(id_.voucher(1), bank, value=Decimal("12.5")).wait().value
    assert (part, ledger.voucher(part).value) == (id_.voucher(2), eur("12.50"))
    whole = supplier.transfer(id_[:10] + "/1", bank.lower()).wait().value
    assert whole == id_.voucher(1)
    assert ledger.voucher(whole).holder == bank
    merged = ledger.financier(signers.financier).merge([part], into=whole).wait().value
    assert (merged, ledger.voucher(whole).value) == (whole, eur("1000"))
    with pytest.raises(NotFound):
        ledger.voucher(part)


def test_threat_56_amounts_of_other_kinds_move_nothing(scene, ledger, signers):
    id_ = scene.accepted()
    supplier, bank = ledger.supplier(signers.supplier), signers.financier.address
    for amount in (12.5, 12, "1e3", "NaN", "1,000", "-1", "0.0000001"):
        with pytest.raises(AmountError):
            supplier.transfer(id_.voucher(1), bank, value=amount)
        with pytest.raises(AmountError):
            ledger.obligor(signers.obligor).pay(id_, amount)
    with pytest.raises(CurrencyMismatch):
        supplier.transfer(id_.voucher(1), bank, value=Money.parse("1", "USD"))


def test_an_operator_acts_for_a_holder(scene, ledger, signers):
    id_ = scene.accepted()
    supplier = ledger.supplier(signers.supplier)
    operator = ledger.supplier(signers.supplier2)
    supplier.approve_value(id_.voucher(1), signers.supplier2.address, value="5").wait()
    operator.transfer(id_.voucher(1), signers.financier.address, value="5").wait()
    supplier.approve(id_.voucher(1), signers.supplier2.address).wait()
    operator.split(id_.voucher(1), {signers.financier.address: "5"}).wait()
    supplier.approve(id_.voucher(1), ZERO_ADDRESS).wait()
    supplier.approve_all(signers.supplier2.address).wait()
    operator.split(id_.voucher(1), {signers.financier.address: "5"}).wait()
    supplier.approve_all(signers.supplier2.address, approved=False).wait()
    with pytest.raises(ERC721InsufficientApproval):
        operator.split(id_.voucher(1), {signers.financier.address: "5"})


def test_an_operator_transfers_a_whole_voucher_for_its_holder(scene, ledger, signers):
    id_ = scene.accepted()
    ledger.supplier(signers.supplier).approve_all(signers.supplier2.address).wait()
    operator = ledger.supplier(signers.supplier2)
    operator.transfer(id_.voucher(1), signers.financier.address).wait()
    assert ledger.voucher(id_.voucher(1)).holder == signers.financier.address


def test_consent_is_asked_for_where_the_programme_says_so(scene, ledger, signers):
    number = (
        ledger.administrator(signers.deployer).create_programme(Rules(consent=True)).wait().value
    )
    id_ = scene.accepted(programme=number)
    supplier, bank = ledger.supplier(signers.supplier), ledger.financier(signers.financier)
    with pytest.raises(ConsentMissing):
        supplier.transfer(id_.voucher(1), bank.address)
    bank.set_consent(signers.supplier.address).wait()
    supplier.transfer(id_.voucher(1), bank.address).wait()
    bank.set_consent(signers.supplier.address, given=False).wait()


# -- money ------------------------------------------------------------------------------------


def test_a_payment_allows_exactly_its_amount_first(scene, ledger, signers):
    id_ = scene.accepted()
    obligor = ledger.obligor(signers.obligor)
    token = ledger.currency("EUR").token
    nonce = ledger._desk.chain.nonce(obligor.address)
    assert obligor.pay(id_, "400").wait().value == eur("400")
    assert ledger._desk.chain.nonce(obligor.address) == nonce + 2
    assert ledger._desk.ask_token(token, "allowance", obligor.address, ledger.address) == 0


def test_a_payment_that_is_allowed_already_is_one_transaction(scene, ledger, signers):
    id_ = scene.accepted()
    obligor = ledger.obligor(signers.obligor)
    token = ledger.currency("EUR").token
    allow = _approval(token, ledger.address, 10**12)
    ledger._desk.chain.submit(allow, signer=signers.obligor).wait()
    nonce = ledger._desk.chain.nonce(obligor.address)
    obligor.pay(id_, "400").wait()
    assert ledger._desk.chain.nonce(obligor.address) == nonce + 1


def test_more_than_is_owed_is_cut_to_it_and_nothing_more_is_allowed(scene, ledger, signers):
    id_ = scene.accepted()
    obligor = ledger.obligor(signers.obligor)
    assert obligor.pay(id_, "5000").wait().value == eur("1000")
    token = ledger.currency("EUR").token
    assert ledger._desk.ask_token(token, "allowance", obligor.address, ledger.address) == 0
    with pytest.raises(NothingOwed):
        obligor.pay(id_, "1")


def test_the_dry_run_of_a_payment_includes_the_allowance(scene, ledger, signers):
    id_ = scene.accepted()
    tried = ledger.obligor(signers.obligor).simulate.pay(id_, "400").wait()
    assert (tried.value, tried.simulated) == (eur("400"), True)
    assert ledger.receivable(id_).paid == eur("0")


def test_a_payment_without_money_is_refused(scene, ledger, signers, anvil):
    id_ = scene.accepted()
    token = ledger.currency("EUR").token
    anvil.rpc("anvil_dealERC20", signers.obligor.address, token, hex(5))
    obligor = ledger.obligor(signers.obligor)
    for act in (obligor.pay, obligor.simulate.pay):
        with pytest.raises(ERC20InsufficientBalance) as caught:
            act(id_)
        assert (caught.value.balance, caught.value.needed) == (5, 1_000_000_000)


def test_threat_57_a_token_of_two_decimals_is_paid_in_its_own_measure(scene, ledger, signers):
    id_ = scene.accepted(face=Money.parse("1000.00", "CNY"))
    obligor = ledger.obligor(signers.obligor)
    assert obligor.pay(id_, "12.34").wait().value == Money.parse("12.34", "CNY")
    assert ledger.cash(ledger.address, "CNY") == Money.parse("12.34", "CNY")
    with pytest.raises(AmountNotExpressible):
        obligor.pay(id_, "0.001")


def test_threat_8_a_token_that_returns_nothing_and_wants_zero_first_is_paid(
    scene, signers, anvil, usdt_code, mint
):
    """As USDT: an allowance that is left over is set to zero before the exact one."""
    ledger = scene.ledger
    token = "0x0000000000000000000000000000000000005d70"  # noqa: S105 - an address
    anvil.rpc("anvil_setCode", token, usdt_code)
    ledger.administrator(signers.deployer).add_currency("XAU", decimals=6, token=token).wait()
    mint(signers.obligor.address, token, 6)
    id_ = scene.accepted(face=Money.parse("1000", "XAU"))
    desk = ledger._desk
    desk.chain.submit(_approval(token, ledger.address, 5), signer=signers.obligor).wait()
    nonce = desk.chain.nonce(signers.obligor.address)
    assert scene.pay(id_, "400") == Money.parse("400", "XAU")
    assert desk.chain.nonce(signers.obligor.address) == nonce + 3
    assert scene.pay(id_) == Money.parse("600", "XAU")
    assert desk.chain.nonce(signers.obligor.address) == nonce + 5


def test_threat_7_a_token_that_says_false_is_not_believed_to_have_allowed(
    scene, ledger, signers, anvil
):
    token = "0x0000000000000000000000000000000000005d71"  # noqa: S105 - an address
    # RETURN(0, 32): it answers zero, which is false, to everything.
    anvil.rpc("anvil_setCode", token, "0x60206000f3")
    ledger.administrator(signers.deployer).add_currency("XAG", decimals=0, token=token).wait()
    id_ = scene.accepted(face=Money.parse("1000", "XAG"))
    nonce = ledger._desk.chain.nonce(signers.obligor.address)
    with pytest.raises(AllowanceRefused) as caught:
        scene.pay(id_, "400")
    assert caught.value.token.lower() == token
    assert ledger._desk.chain.nonce(signers.obligor.address) == nonce


def test_holders_redeem_their_share_and_then_nothing_more(scene, ledger, signers):
    id_ = scene.accepted()
    (part,) = scene.split(id_, financier="250.00")
    bank = ledger.financier(signers.financier)
    with pytest.raises(NothingToClaim):
        bank.redeem(part)
    scene.pay(id_, "400")
    before = ledger.cash(bank.address, "EUR")
    assert bank.simulate.redeem(part).wait().value == eur("100")
    assert bank.redeem(part).wait().value == eur("100")
    assert ledger.cash(bank.address, "EUR") - before == eur("100")
    with pytest.raises(NothingToClaim):
        bank.redeem(part)
    scene.pay(id_)
    assert bank.redeem(part).wait().value == eur("150")


def test_a_guarantor_advances_what_is_lacking_and_is_paid_back(scene, ledger, signers):
    id_ = scene.accepted()
    scene.pay(id_, "300")
    guarantor = ledger.guarantor(signers.guarantor)
    assert guarantor.simulate.advance(id_).wait().value.amount == eur("700")
    advance = guarantor.advance(id_).wait().value
    assert (advance.amount, advance.start, advance.guarantor) == (eur("700"), 0, guarantor.address)
    ledger.supplier(signers.supplier).redeem(id_.voucher(1)).wait()
    scene.pay(id_, "200")
    (known,) = ledger.advances(id_)
    assert (known.reimbursed, known.reimbursable) == (eur("0"), eur("200"))
    assert guarantor.reimburse(id_, start=0).wait().value == eur("200")
    scene.pay(id_)
    assert guarantor.reimburse(id_, start=0).wait().value == eur("500")
    assert not ledger.cash(ledger.address, "EUR")
    assert ledger.check_invariants().holds


def test_an_obligor_extinguishes_what_it_holds_itself(scene, ledger, signers):
    id_ = scene.accepted()
    (own,) = scene.split(id_, obligor="400")
    ledger.obligor(signers.obligor).extinguish(own).wait()
    assert ledger.receivable(id_).owed == eur("600")
    assert scene.pay(id_) == eur("600")


def test_a_price_is_paid_in_the_currencys_token(ledger, signers):
    bank = ledger.financier(signers.financier)
    before = ledger.cash(signers.supplier.address, "EUR")
    assert bank.send_money(signers.supplier.address, eur("12.50")).wait().value == eur("12.50")
    assert ledger.cash(signers.supplier.address, "EUR") - before == eur("12.50")
    with pytest.raises(NotFound):
        bank.send_money(signers.supplier.address, Money.parse("1", "GBP"))


def test_a_paying_agent_attests_what_was_paid_outside_the_chain(scene, ledger, signers):
    admin = ledger.administrator(signers.deployer)
    number = (
        admin.add_currency("CHF", decimals=2, paying_agent=signers.stranger.address).wait().value
    )
    assert ledger.currency(number).paying_agent == signers.stranger.address
    id_ = scene.accepted(face=Money.parse("1000", "CHF"))
    with pytest.raises(CurrencyIsOffChain):
        scene.pay(id_)
    with pytest.raises(NotPayingAgent):
        ledger.paying_agent(signers.deployer).attest_payment(id_, "1", evidence=REASON)
    agent = ledger.paying_agent(signers.stranger)
    assert agent.attest_payment(id_, "400", evidence=REASON).wait().value.text == "400.00"
    advance = (
        agent.attest_advance(id_, "100", guarantor=signers.guarantor.address, evidence=REASON)
        .wait()
        .value
    )
    assert (advance.amount.text, advance.guarantor) == ("100.00", signers.guarantor.address)
    supplier = ledger.supplier(signers.supplier)
    assert supplier.redeem(id_.voucher(1)).wait().value.text == "500.00"
    with pytest.raises(CurrencyIsOffChain):
        supplier.send_money(signers.obligor.address, Money.parse("1", "CHF"))


# -- offices ----------------------------------------------------------------------------------


def test_a_registrar_verifies_until_a_moment_and_takes_it_back(scene, ledger, signers, anvil):
    registrar, who = ledger.registrar(signers.deployer), signers.stranger.address
    id_ = scene.accepted()
    supplier = ledger.supplier(signers.supplier)
    until = ledger.time() + timedelta(days=5)
    registrar.verify(who, until=until, identifier=REASON).wait()
    party = ledger.party(who)
    assert (party.verified_until, party.identifier) == (until, REASON)
    supplier.transfer(id_.voucher(1), who, value="5").wait()
    anvil.travel(days=6)
    with pytest.raises(PartyNotVerified):
        supplier.transfer(id_.voucher(1), who, value="5")
    registrar.verify(who).wait()
    assert ledger.party(who).verified_until == FOREVER
    registrar.revoke(who).wait()
    assert not ledger.party(who).is_verified(ledger.time())


def test_a_supervisor_freezes_parties_vouchers_and_the_ledger(scene, ledger, signers):
    id_ = scene.accepted()
    supervisor, supplier = ledger.supervisor(signers.deployer), ledger.supplier(signers.supplier)

    def move():
        return supplier.transfer(id_.voucher(1), signers.financier.address, value="5")

    supervisor.freeze_party(supplier.address, reason=REASON).wait()
    with pytest.raises(PartyIsFrozen) as caught:
        move()
    assert caught.value.until == FOREVER
    supervisor.unfreeze_party(supplier.address).wait()
    supervisor.freeze_voucher(id_.voucher(1), reason=REASON).wait()
    assert ledger.voucher(id_.voucher(1)).frozen
    with pytest.raises(ERC7943InsufficientUnfrozenBalance):
        move()
    supervisor.unfreeze_voucher(id_.voucher(1)).wait()
    supervisor.pause(until=ledger.time() + timedelta(days=1), reason=REASON).wait()
    with pytest.raises(LedgerIsPaused):
        move()
    supervisor.unpause().wait()
    move().wait()


def test_an_enforcer_takes_and_redirects_with_a_reason(scene, ledger, signers):
    id_ = scene.accepted()
    enforcer, bank = ledger.enforcer(signers.deployer), signers.financier.address
    outcome = enforcer.seize(id_.voucher(1), to=bank, reason=REASON).wait()
    assert {event.name for event in outcome.events} >= {"ForcedTransfer", "VoucherSeized"}
    assert ledger.voucher(id_.voucher(1)).holder == bank
    assert ledger.voucher(id_.voucher(1)).hops == 0
    enforcer.set_payee(bank, payee=signers.supplier2.address, reason=REASON).wait()
    assert ledger.party(bank).payee == signers.supplier2.address
    scene.pay(id_)
    before = ledger.cash(signers.supplier2.address, "EUR")
    ledger.financier(signers.financier).redeem(id_.voucher(1)).wait()
    assert ledger.cash(signers.supplier2.address, "EUR") - before == eur("1000")
    enforcer.set_payee(bank, payee=None, reason=REASON).wait()
    assert ledger.party(bank).payee is None


def test_threat_36_an_act_with_a_delay_is_announced_first(scene, ledger, signers, anvil, deployed):
    """The role's delay is kept: announce, wait, do."""
    manager = duebill._abi.manager_abi()
    grant = Action(
        to=deployed.role_manager,
        data=manager.encode("grantRole", int(Role.ENFORCER), signers.guarantor.address, 3600),
        decode=lambda _: None,
        answer=NOTHING,
    )
    ledger._desk.chain.submit(grant, signer=signers.deployer).wait()
    anvil.travel(days=2)
    id_ = scene.accepted()
    enforcer = ledger.enforcer(signers.guarantor)
    order = {"to": signers.financier.address, "reason": REASON}
    with pytest.raises((AccessManagedRequiredDelay, duebill.errors.AccessManagerNotScheduled)):
        enforcer.seize(id_.voucher(1), **order)
    enforcer.seize(id_.voucher(1), **order, announce=True).wait()
    with pytest.raises(AccessManagerNotReady):
        enforcer.seize(id_.voucher(1), **order)
    anvil.travel(hours=2)
    enforcer.seize(id_.voucher(1), **order).wait()
    assert ledger.voucher(id_.voucher(1)).holder == signers.financier.address


def test_an_administrator_keeps_the_tables(scene, ledger, signers):
    admin = ledger.administrator(signers.deployer)
    tried = admin.simulate.create_programme(Rules(max_hops=1)).wait().value
    number = admin.create_programme(Rules(max_hops=1)).wait().value
    assert number == tried == 3
    admin.set_programme_open(number, open_=False).wait()
    assert not ledger.programme(number).open
    admin.set_currency_open(3, open_=False).wait()
    assert not ledger.currency(3).open
    currency = admin.add_currency("CHF", decimals=2, paying_agent=signers.stranger.address)
    assert currency.wait().value == 4
    admin.set_paying_agent(4, paying_agent=signers.guarantor.address).wait()
    assert ledger.currency(4).paying_agent == signers.guarantor.address
    admin.set_custodian(signers.guarantor.address).wait()
    assert ledger.party(signers.guarantor.address).custodian
    with pytest.raises(AmountError):
        admin.add_currency("chf", decimals=2, paying_agent=signers.stranger.address)
    with pytest.raises(PartyNotVerified):
        scene.terms(programme=1) and ledger.supplier(signers.stranger).issue(
            scene.terms(creditor=signers.stranger.address)
        )


def test_what_came_by_mistake_is_swept(ledger, signers, anvil, usdt_code, mint):
    token = "0x0000000000000000000000000000000000005d72"  # noqa: S105 - an address
    anvil.rpc("anvil_setCode", token, usdt_code)
    mint(ledger.address, token, 6)
    admin = ledger.administrator(signers.deployer)
    swept = admin.sweep(token, to=signers.supplier.address).wait().value
    assert swept == 10_000_000 * 10**6


def test_vouchers_of_others_are_not_merged(scene, ledger, signers):
    id_ = scene.accepted()
    (part,) = scene.split(id_, financier="250.00")
    with pytest.raises((ERC721IncorrectOwner, ERC721InsufficientApproval)):
        ledger.financier(signers.financier).merge([id_.voucher(1)], into=part)


def test_a_party_publishes_the_key_that_documents_are_sealed_to(ledger, signers):
    ledger.supplier(signers.supplier).publish_encryption_key("0x" + "44" * 32).wait()
    assert ledger.party(signers.supplier.address).encryption_key == "0x" + "44" * 32


def test_a_default_is_declared_by_anyone_and_cured_by_payment(scene, ledger, signers, anvil):
    id_ = scene.accepted()
    anvil.travel(days=120)
    ledger.supplier(signers.stranger).declare_default(id_).wait()
    assert ledger.receivable(id_).default_declared
    assert ledger.party(signers.obligor.address).defaults == 1
    scene.pay(id_)
    assert not ledger.receivable(id_).default_declared
    assert ledger.party(signers.obligor.address).defaults == 0
