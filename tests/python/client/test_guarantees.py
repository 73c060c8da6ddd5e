"""Avals: given, shown to buyers, called, honoured or not, paid back and released."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from duebill._abi import token_abi
from duebill._actions import NOTHING
from duebill._book_calls import hash_by_prefix
from duebill._desk import _action
from duebill.deals import SignedAval
from duebill.errors import (
    Ambiguous,
    AmountNotExpressible,
    AvalUsed,
    BadId,
    BadTerms,
    CallerNotEntitled,
    CurrencyIsOffChain,
    CurrencyMismatch,
    DeadlineOver,
    DishonourStands,
    ERC20InsufficientBalance,
    MarginStillNeeded,
    NotFound,
    SignedForElsewhere,
    SignerNotNamed,
    SigningDeclined,
    WrongStatus,
)
from duebill.model import FOREVER, Money, Rules, Status

if TYPE_CHECKING:
    from datetime import datetime


def eur(text):
    return Money.parse(text, "EUR")


@dataclass(frozen=True)
class Stage:
    """Who plays, and a year from now."""

    ledger: Any
    signers: Any
    scene: Any
    anvil: Any
    year: datetime

    @property
    def guarantor(self):
        return self.ledger.guarantor(self.signers.guarantor)

    @property
    def second(self):
        """Another party that gives avals."""
        return self.ledger.guarantor(self.signers.supplier2)

    @property
    def supplier(self):
        return self.ledger.supplier(self.signers.supplier)

    @property
    def bank(self):
        return self.ledger.financier(self.signers.financier)


@pytest.fixture
def stage(ledger, signers, scene, anvil):
    return Stage(ledger, signers, scene, anvil, ledger.time() + timedelta(days=365))


def allowed(ledger, who):
    """What the guarantee book may take of an account, in units of a currency with six decimals."""
    token = ledger.currency("EUR").token
    return ledger._desk.ask_token(token, "allowance", who, ledger.guarantees.address)


# -- a user's story ---------------------------------------------------------------------------


def test_the_guarantors_back_office(stage):
    """A covered receivable defaults: one guarantor pays and is paid back in order, one does not."""
    id_ = stage.scene.accepted(face=eur("1000.00"))
    first = stage.guarantor.cover(id_[:10], cap="600", margin="200", until=stage.year).wait().value
    line = {"obligor": stage.signers.obligor.address, "programme": 1, "cap": eur("300")}
    mail = stage.second.sign_aval(
        applicant=stage.supplier.address, fee="5", until=stage.year, **line
    ).to_line()

    before = stage.ledger.cash(stage.second.address, "EUR")
    other = stage.supplier.take_cover(SignedAval.from_text(mail)).wait().value
    assert stage.ledger.cash(stage.second.address, "EUR") == before + eur("5")

    # The bank looks before it takes a part.
    cover = stage.ledger.guarantees.cover_of(id_)
    assert (cover.total, cover.secured, cover.uncovered) == (eur("900"), eur("200"), eur("100"))
    assert [(part.aval, part.line, part.missed) for part in cover.avals] == [
        (first, False, 0),
        (other, True, 0),
    ]
    assert cover.avals[0].until == stage.year
    (voucher,) = stage.scene.split(id_, financier="400.00")
    with pytest.raises(WrongStatus):
        stage.bank.call_guarantee(id_)

    # It defaults, and is called: the margin pays, the rest goes on record.
    stage.anvil.travel(days=96)
    told = stage.bank.simulate.call_guarantee(id_).wait().value
    calls = stage.bank.call_guarantee(id_).wait().value
    assert told == calls
    assert [(c.aval, c.paid, c.dishonoured) for c in calls] == [
        (first, eur("200"), eur("400")),
        (other, eur("0"), eur("300")),
    ]
    assert stage.ledger.guarantees.cover_of(id_).avals[0].unpaid == eur("400")

    # The guarantor pays the rest, which is all that its aval can be called for.
    (paid,) = stage.guarantor.honour(id_).wait().value
    assert (paid.paid, paid.dishonoured) == (eur("400"), eur("0"))
    assert allowed(stage.ledger, stage.guarantor.address) == 0
    with pytest.raises(NotFound):
        stage.guarantor.honour(id_)
    assert stage.bank.redeem(voucher).wait().value == eur("240")

    # The other one stays on record, for whoever meets it next.
    cover = stage.ledger.guarantees.cover_of(id_)
    assert [(part.aval, part.unpaid, part.missed) for part in cover.avals] == [
        (other, eur("300"), 1),
        (first, eur("0"), 1),
    ]
    assert stage.ledger.guarantees.aval(other[:9]).unpaid == {id_: eur("300")}

    # The obligor pays late: holders first, then the guarantor, advance after advance.
    stage.scene.pay(id_, "700.00")
    advances = stage.ledger.advances(id_)
    assert [(a.amount, a.reimbursable) for a in advances] == [
        (eur("200"), eur("200")),
        (eur("400"), eur("100")),
    ]
    stage.scene.pay(id_)
    got = [stage.guarantor.reimburse(id_, start=a.start).wait().value for a in advances]
    assert got == [eur("200"), eur("400")]
    assert stage.bank.redeem(voucher).wait().value == eur("160")
    assert stage.bank.clear_dishonour(other, receivable=id_).wait().value == eur("0")
    assert stage.ledger.guarantees.aval(other).missed == 1


# -- giving -----------------------------------------------------------------------------------


def test_what_is_signed_is_shown_and_can_be_declined(stage):
    """Nothing is signed, allowed or sent unless the words are agreed to; never on a dry run."""
    id_ = stage.scene.accepted()
    shown = []

    def decline(words):
        shown.append(words)
        return False

    promise = {
        "cap": "10",
        "margin": "10",
        "until": stage.year,
        "applicant": stage.supplier.address,
    }
    for facade, review in ((stage.guarantor, decline), (stage.guarantor.simulate, shown.append)):
        with pytest.raises(SigningDeclined):
            facade.sign_aval(id_, review=review, **promise)
    assert len(shown) == 2
    assert "up to 10.00 EUR in all" in shown[0]
    with pytest.raises(SigningDeclined):
        stage.guarantor.simulate.sign_aval(id_, **promise)
    assert allowed(stage.ledger, stage.guarantor.address) == 0


def test_signed_avals_share_the_allowance(stage):
    """Each signature adds its margin; one that is withdrawn is worth nothing any more."""
    id_ = stage.scene.accepted()
    promise = {"cap": "10", "margin": "4", "until": stage.year, "applicant": stage.supplier.address}
    one, two = stage.guarantor.sign_aval(id_, **promise), stage.guarantor.sign_aval(id_, **promise)
    assert allowed(stage.ledger, stage.guarantor.address) == 8_000_000
    stage.guarantor.withdraw_aval(one).wait()
    with pytest.raises(AvalUsed):
        stage.supplier.take_cover(one)
    stage.supplier.take_cover(two).wait()
    assert allowed(stage.ledger, stage.guarantor.address) == 4_000_000
    stage.guarantor.cover(id_, cap="5", margin="5", until=stage.year).wait()
    assert allowed(stage.ledger, stage.guarantor.address) == 4_000_000
    stage.guarantor.allow_calls(eur("0")).wait()
    assert allowed(stage.ledger, stage.guarantor.address) == 0


def test_a_signed_aval_is_for_its_applicant_book_and_currency(stage):
    id_ = stage.scene.accepted()
    signed = stage.guarantor.sign_aval(
        id_, cap="10", until=stage.year, applicant=stage.supplier.address
    )
    with pytest.raises(SignerNotNamed):
        stage.ledger.obligor(stage.signers.obligor).take_cover(signed)
    text = signed.to_text()
    with pytest.raises(SignedForElsewhere):
        stage.supplier.take_cover(
            SignedAval.from_text(text.replace(signed.contract, stage.bank.address))
        )
    with pytest.raises(CurrencyMismatch):
        stage.supplier.take_cover(SignedAval.from_text(text.replace('"EUR"', '"USD"')))
    with pytest.raises(DeadlineOver):
        stage.guarantor.sign_aval(
            id_,
            cap="10",
            until=stage.year,
            applicant=stage.supplier.address,
            signed_until=stage.ledger.time() - timedelta(seconds=1),
        )


@pytest.mark.parametrize(
    "promise",
    [
        {"cap": "10"},
        {"until": "year"},
        {"cap": "10", "until": "year", "obligor": "named"},
        {"cap": "10", "until": "year", "receivable": None},
        {"cap": "10", "until": "year", "receivable": None, "obligor": "named", "programme": 1},
        {"cap": "10", "margin": "11", "until": "year"},
    ],
)
def test_promises_that_are_none(stage, promise):
    """A cap and an end are needed; a receivable, or obligor, programme and currency."""
    said = {"receivable": stage.scene.accepted(), **promise}
    said |= {"until": stage.year} if "until" in promise else {}
    said |= {"obligor": stage.signers.obligor.address} if "obligor" in promise else {}
    with pytest.raises(BadTerms):
        stage.guarantor.cover(said.pop("receivable"), **said)


# -- reading ----------------------------------------------------------------------------------


def test_avals_are_found_by_receivable_guarantor_and_obligor(stage):
    id_, other = stage.scene.accepted(), stage.scene.accepted()
    one = stage.guarantor.cover(id_, cap="10", until=stage.year).wait().value
    line = {
        "obligor": stage.signers.obligor.address,
        "programme": 1,
        "cap": eur("30"),
        "until": stage.year,
    }
    two = stage.second.cover(**line).wait().value
    book = stage.ledger.guarantees

    def found(**by):
        return [aval.id for aval in book.avals(**by)]

    assert found() == [one, two]
    assert found(receivable=id_) == [one, two]
    assert found(receivable=other) == [two]
    assert found(guarantor=stage.guarantor.address) == [one]
    assert found(obligor=stage.signers.obligor.address) == [one, two]
    assert found(obligor=stage.signers.supplier.address) == []
    assert book.aval(one[2:12]) == book.aval(one) == book.avals()[0]
    assert book.aval(one).to_json()["left"] == "10.00"
    for text, error in (("ff" * 32, NotFound), ("0x", BadId), ("nonsense", BadId)):
        with pytest.raises(error):
            book.aval(text)
    with pytest.raises(NotFound):
        book.cover_of("ff" * 24)


def test_an_aval_beyond_the_calendar_is_read_and_called_all_the_same(stage):
    """Anyone can give one: it is shown without end, and what is sent are the book's own terms."""
    id_ = stage.scene.accepted(face=eur("100"))
    one = stage.guarantor.cover(id_, cap="10", until=stage.year).wait().value
    terms = list(stage.ledger.guarantees.aval(one).raw)
    terms[6], terms[9] = 20_000_000, (1 << 40) - 2
    action = stage.ledger._desk.action_of("guarantee_book", NOTHING, "give", tuple(terms), b"")
    stage.guarantor._send(action).wait()
    endless = stage.ledger.guarantees.avals()[1]
    assert endless.terms.expiry == FOREVER
    assert stage.ledger.guarantees.cover_of(id_).avals[0].aval == endless.id
    stage.anvil.travel(days=96)
    (call,) = stage.bank.call_guarantee(id_, aval=endless.id).wait().value
    assert call.dishonoured == eur("20")


def test_cover_is_never_more_than_what_is_lacking(stage):
    id_ = stage.scene.accepted(face=eur("100"))
    stage.guarantor.cover(id_, cap="80", margin="80", until=stage.year).wait()
    stage.second.cover(id_, cap="90", margin="30", until=stage.year).wait()
    cover = stage.ledger.guarantees.cover_of(id_)
    assert (cover.total, cover.secured, cover.uncovered) == (eur("100"), eur("100"), eur("0"))
    stage.scene.pay(id_, "70")
    cover = stage.ledger.guarantees.cover_of(id_)
    assert (cover.lacking, cover.total, cover.status) == (eur("30"), eur("30"), Status.ACCEPTED)
    assert cover.to_json()["avals"][0]["secured"] == "30.00"


# -- calling and releasing --------------------------------------------------------------------


def test_what_the_first_aval_pays_is_not_called_twice(stage):
    """Avals are called as long as something is lacking, most cash first."""
    id_ = stage.scene.accepted(face=eur("100"))
    small = stage.second.cover(id_, cap="100", margin="10", until=stage.year).wait().value
    large = stage.guarantor.cover(id_, cap="100", margin="60", until=stage.year).wait().value
    stage.guarantor.allow_calls(eur("40")).wait()
    stage.anvil.travel(days=96)
    (call,) = stage.bank.call_guarantee(id_).wait().value
    assert (call.aval, call.paid, call.dishonoured) == (large, eur("100"), eur("0"))
    with pytest.raises(NotFound):
        stage.bank.call_guarantee(id_)
    assert stage.bank.release_margin(small).wait().value == eur("10")
    assert stage.ledger.guarantees.aval(small).state.margin == eur("0")


def test_one_aval_can_be_called_alone(stage):
    id_ = stage.scene.accepted(face=eur("100"))
    stage.guarantor.cover(id_, cap="50", margin="50", until=stage.year).wait()
    other = stage.second.cover(id_, cap="30", margin="10", until=stage.year).wait().value
    stage.anvil.travel(days=96)
    (call,) = stage.bank.call_guarantee(id_, aval=other[:8]).wait().value
    assert (call.paid, call.dishonoured) == (eur("10"), eur("20"))
    with pytest.raises(DishonourStands):
        stage.bank.clear_dishonour(other, receivable=id_)


def test_a_lines_margin_is_released_with_what_others_paid_off_the_record(stage):
    """Over, and nothing lacking any more: the record is cleared on the way."""
    id_ = stage.scene.accepted(face=eur("100"))
    line = {"obligor": stage.signers.obligor.address, "programme": 1, "cap": eur("50")}
    aval = stage.second.cover(until=stage.year, margin="20", **line).wait().value
    stage.anvil.travel(days=96)
    stage.bank.call_guarantee(id_).wait()
    stage.second.add_margin(aval, "5").wait()
    with pytest.raises(CallerNotEntitled):
        stage.ledger.guarantor(stage.signers.guarantor).add_margin(aval, "1")
    stage.anvil.travel(days=300)
    with pytest.raises(MarginStillNeeded):
        stage.bank.release_margin(aval)
    stage.scene.pay(id_)
    assert stage.ledger.guarantees.aval(aval).unpaid == {id_: eur("30")}
    assert stage.bank.release_margin(aval).wait().value == eur("5")
    found = stage.ledger.guarantees.aval(aval)
    assert (found.unpaid, found.missed, found.expired) == ({}, 1, True)
    assert stage.ledger.guarantees.cover_of(id_).avals == ()


def test_honouring_pays_no_more_than_is_lacking(stage):
    """Own avals one after the other: what the first pays, the second is not asked for."""
    id_ = stage.scene.accepted(face=eur("100"))
    avals = [
        stage.guarantor.cover(id_, cap=cap, margin=margin, until=stage.year).wait().value
        for cap, margin in (("70", "30"), ("50", "10"), ("40", "0"))
    ]
    stage.anvil.travel(days=96)
    before = stage.ledger.cash(stage.guarantor.address, "EUR")
    told = stage.guarantor.simulate.honour(id_).wait().value
    calls = stage.guarantor.honour(id_).wait().value
    assert told == calls
    assert [(c.aval, c.paid, c.dishonoured) for c in calls] == [
        (avals[0], eur("70"), eur("0")),
        (avals[1], eur("30"), eur("0")),
    ]
    assert stage.ledger.cash(stage.guarantor.address, "EUR") == before - eur("60")
    assert [advance.amount for advance in stage.ledger.advances(id_)] == [eur("70"), eur("30")]


def test_who_cannot_pay_honours_nothing(stage):
    """All or nothing: an attempt leaves no record behind."""
    id_ = stage.scene.accepted(face=eur("100"))
    aval = stage.second.cover(id_, cap="100", until=stage.year).wait().value
    stage.anvil.travel(days=96)
    cash = stage.ledger.cash(stage.second.address, "EUR") - eur("99")
    stage.second.send_money(stage.signers.deployer.address, cash).wait()
    with pytest.raises(ERC20InsufficientBalance):
        stage.second.honour(id_)
    assert stage.ledger.guarantees.aval(aval).missed == 0


def test_at_most_twenty_avals_are_called_at_once(stage):
    """One transaction has to fit into a block; the rest can be called afterwards."""
    id_ = stage.scene.accepted(face=eur("100"))
    for _ in range(21):
        stage.guarantor.cover(id_, cap="1", margin="1", until=stage.year).wait()
    stage.anvil.travel(days=96)
    assert len(stage.bank.call_guarantee(id_).wait().value) == 20
    assert len(stage.bank.call_guarantee(id_).wait().value) == 1
    assert stage.ledger.receivable(id_).advanced == eur("21")


def test_a_line_is_in_the_currency_that_its_programme_admits(stage):
    admin = stage.ledger.administrator(stage.signers.deployer)
    yuan = stage.ledger.currency("CNY").number
    number = admin.create_programme(Rules(currency=yuan)).wait().value
    line = {"obligor": stage.signers.obligor.address, "programme": number, "until": stage.year}
    aval = stage.guarantor.cover(cap="10.50", **line).wait().value
    assert str(stage.ledger.guarantees.aval(aval).terms.cap) == "10.50 CNY"
    with pytest.raises(CurrencyMismatch):
        stage.guarantor.cover(cap=eur("10"), **line)
    with pytest.raises(AmountNotExpressible):
        stage.guarantor.cover(cap="10.505", **line)


def test_cash_is_allowed_in_tokens_only(stage):
    """A currency that is paid outside the chain cannot be promised."""
    admin = stage.ledger.administrator(stage.signers.deployer)
    agent = stage.signers.stranger.address
    admin.add_currency("CHF", decimals=2, paying_agent=agent).wait()
    with pytest.raises(CurrencyIsOffChain):
        stage.guarantor.allow_calls(Money.parse("1", "CHF"))
    line = {"obligor": stage.signers.obligor.address, "programme": 1, "until": stage.year}
    cap = Money.parse("1", "CHF")
    with pytest.raises(CurrencyIsOffChain):
        stage.guarantor.cover(cap=cap, margin=cap, **line)


def test_an_allowance_without_limit_stays(stage):
    """It is not replaced by a smaller one."""
    token = stage.ledger.currency("EUR").token
    most = (1 << 256) - 1
    book = stage.ledger.guarantees.address
    action = _action(token_abi(), token, NOTHING, "approve", book, most)
    stage.guarantor._send(action).wait()
    id_ = stage.scene.accepted()
    stage.guarantor.cover(id_, cap="5", margin="5", until=stage.year).wait()
    assert allowed(stage.ledger, stage.guarantor.address) == most


def test_first_characters_have_to_tell_ids_apart():
    ids = ["0x" + digits * 32 for digits in ("ab", "ac", "bd")]
    assert hash_by_prefix("B", ids, what="aval") == ids[2]
    with pytest.raises(Ambiguous) as caught:
        hash_by_prefix("0xa", ids, what="aval")
    assert caught.value.matches == tuple(ids[:2])
    with pytest.raises(BadId):
        hash_by_prefix("a" * 65, ids, what="aval")


def test_a_draft_has_to_be_in_its_currency(stage):
    id_ = stage.scene.accepted()
    draft = stage.guarantor.draft_aval(
        id_, applicant=stage.supplier.address, cap="5", until=stage.year
    )
    usd = replace(draft.terms, cap=Money(1, "USD"), margin=None, fee=None)
    with pytest.raises(CurrencyMismatch):
        stage.ledger.guarantees.draft(usd)
