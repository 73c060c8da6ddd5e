"""Events alone rebuild everything (invariant 12)."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from duebill import artifacts
from duebill._abi import ledger_abi
from duebill._fold import Books, fold, handled
from duebill.errors import DuebillError, HistoryInconsistent
from duebill.model import Money, Status

# What changes nothing that the ledger keeps of receivables, vouchers, parties or tables.
SILENT = {
    "AuthorityUpdated",  # who grants roles
    "EIP712DomainChanged",  # never emitted: name and version are constants
    "SlotChanged",  # a voucher's id tells its slot
    "VoucherSeized",  # says who and why, beside ForcedTransfer
}


def state(books: Books):
    """The books as plain values, without the vouchers' own lists of events."""
    return {
        "receivables": {
            id_: (r.status, r.face, r.paid, r.advanced, r.claimed, r.defaulted, tuple(r.vouchers))
            for id_, r in books.receivables.items()
        },
        "vouchers": {
            id_: (v.holder, v.value, v.hops, v.claimed, v.alive, v.parent)
            for id_, v in books.vouchers.items()
        },
        "parties": dict(books.parties),
    }


def assert_equal_to_chain(ledger):
    """Every field that both know, of every receivable, voucher, party and row of a table."""
    desk = ledger._desk
    with desk.history.books() as (books, block):

        def ask(function, *args):
            return desk.read(function, *args, block=block.number)

        for id_, record in books.receivables.items():
            _compare_receivable(ask, books, id_, record)
        for id_, record in books.vouchers.items():
            _compare_voucher(ask, id_, record, block.time)
        for who, record in books.parties.items():
            _compare_party(ask("partyOf", who), who, record)
        _compare_tables(ask, books)
        for pair in books.consents:
            assert ask("hasConsented", *pair)
        for pair in books.operators:
            assert ask("isApprovedForAll", *pair)


def _compare_receivable(ask, books, id_, record):
    found = ask("receivableOf", id_.number)
    # What is kept; the others follow from time and money.
    kept = {
        Status.LAPSED: Status.ISSUED,
        Status.OVERDUE: Status.ACCEPTED,
        Status.SETTLED: Status.ACCEPTED,
    }
    assert record.status == kept.get(found["status"], found["status"])
    told = {
        "obligor": record.issued["obligor"],
        "dueDay": record.issued["due_day"],
        "acceptBy": record.issued["accept_by"],
        "programme": record.issued["programme"],
        "currency": record.issued["currency"],
        "maxHops": record.max_hops,
        "vouchers": len(record.vouchers),
        "defaultDeclared": record.defaulted,
        "face": record.face,
        "paid": record.paid,
        "advanced": record.advanced,
        "claimed": record.claimed,
    }
    assert {name: found[name] for name in told} == told
    claims = books.advance_claims(record)
    for start, advance in record.advances.items():
        assert ask("reimbursableOf", id_.number, start) == claims[start]
        assert ask("advanceOf", id_.number, start) == {
            "guarantor": advance.guarantor,
            "amount": advance.amount,
            "reimbursed": advance.reimbursed,
        }


def _compare_voucher(ask, id_, record, now):
    if not record.alive:
        assert record.value == 0
        with pytest.raises(DuebillError):
            ask("voucherOf", id_.number)
        return
    told = {
        "holder": record.holder,
        "value": record.value,
        "hops": record.hops,
        "claimed": record.claimed,
        "frozen": record.frozen.get(record.holder, 0) >= now,
    }
    found = ask("voucherOf", id_.number)
    assert {name: found[name] for name in told} == told
    assert ask("getApproved", id_.number) == record.operator
    for operator, allowed in record.allowances.items():
        assert ask("allowance", id_.number, operator) == allowed


def _compare_party(found, who, record):
    told = {
        "verifiedUntil": record.verified_until,
        "frozenUntil": record.frozen_until,
        "vouchers": record.vouchers,
        "defaults": record.defaults,
        "custodian": record.custodian,
        "payee": record.payee,
        "identifier": bytes.fromhex(record.identifier[2:]),
        "encryptionKey": bytes.fromhex(record.encryption_key[2:]),
    }
    assert found == told, who


def _compare_tables(ask, books):
    for number, row in books.programmes.items():
        assert ask("programmeOf", number) == (row.fields, row.open)
    for number, row in books.currencies.items():
        found = ask("currencyOf", number)
        assert (found["open"], found["payingAgent"]) == (row.open, row.fields["paying_agent"])
        assert (found["token"], found["decimals"]) == (row.fields["token"], row.fields["decimals"])
    assert len(books.programmes) == ask("programmeCount")
    assert len(books.currencies) == ask("currencyCount")


def test_invariant_12_every_event_is_heeded_or_known_to_be_silent():
    """A new event in a contract cannot be overlooked."""
    entries = list(ledger_abi()._events.values())
    for interface in ("IDocumentBook", "IExchange", "IGuaranteeBook", "IPledgeBook"):
        entries += (e for e in artifacts.load(interface).abi if e["type"] == "event")
    names = {entry["name"] for entry in entries}
    assert handled() | SILENT == names
    assert not handled() & SILENT


def test_invariant_12_the_whole_life_is_rebuilt(scene, ledger, signers, anvil):
    """Splits after claims, merges, seizures, custodians, guarantors, extinction, default, cure."""
    obligor, supplier = ledger.obligor(signers.obligor), ledger.supplier(signers.supplier)
    bank, tier2 = ledger.financier(signers.financier), ledger.supplier(signers.supplier2)
    admin, enforcer = ledger.administrator(signers.deployer), ledger.enforcer(signers.deployer)
    supervisor = ledger.supervisor(signers.deployer)
    who = signers
    id_ = scene.accepted()
    a, b, c = scene.split(id_, supplier2="333.33", financier="100.01", supplier="200")
    scene.pay(id_, "100.00")
    tier2.redeem(a).wait()
    small = tier2.transfer(a, who.financier.address, value="111.11").wait().value
    bank.merge([small], into=b).wait()
    supervisor.freeze_voucher(b, reason="0x" + "11" * 32).wait()
    enforcer.seize(b, to=who.guarantor.address, reason="0x" + "22" * 32).wait()
    admin.set_custodian(who.guarantor.address).wait()
    ledger.financier(who.guarantor).transfer(b, who.financier.address).wait()
    bank.transfer(b, who.obligor.address, value="50").wait()
    (own,) = (v for v in ledger.vouchers(holder=who.obligor.address))
    obligor.extinguish(own.id).wait()
    supplier.approve(c, who.financier.address).wait()
    supplier.approve_value(c, who.supplier2.address, value="7").wait()
    supplier.approve_all(who.financier.address).wait()
    enforcer.set_payee(
        who.supplier.address, payee=who.financier.address, reason="0x" + "33" * 32
    ).wait()
    supplier.publish_encryption_key("0x" + "44" * 32).wait()
    supplier.set_consent(who.obligor.address).wait()
    assert_equal_to_chain(ledger)

    anvil.travel(days=120)
    supplier.declare_default(id_).wait()
    guarantor = ledger.guarantor(who.guarantor)
    advance = guarantor.advance(id_, "300").wait().value
    assert_equal_to_chain(ledger)
    scene.pay(id_)
    guarantor.reimburse(id_, start=advance.start).wait()
    assert_equal_to_chain(ledger)

    rejected, cancelled, lapsed = scene.issued(), scene.issued(), scene.issued()
    obligor.reject(rejected).wait()
    supplier.cancel(cancelled).wait()
    anvil.travel(days=40)
    assert ledger.receivable(lapsed).status is Status.LAPSED
    admin.set_programme_open(1, open_=False).wait()
    admin.set_currency_open(2, open_=False).wait()
    number = admin.add_currency("CHF", decimals=2, paying_agent=who.stranger.address).wait().value
    admin.set_paying_agent(number, paying_agent=who.guarantor.address).wait()
    supervisor.freeze_party(who.supplier2.address).wait()
    supervisor.pause(until=ledger.time() + timedelta(days=1)).wait()
    supervisor.unpause().wait()
    assert_equal_to_chain(ledger)
    assert ledger.check_invariants().holds


@pytest.mark.parametrize("seed", range(5))
def test_invariant_12_random_lives_are_rebuilt(scene, ledger, signers, anvil, seed):
    """Whatever mixture of moves, payments and claims: the books equal the chain, the sums hold."""
    rng = random.Random(seed)  # noqa: S311 - a test's own dice
    people = [signers.supplier, signers.supplier2, signers.financier, signers.obligor]
    code = rng.choice(["EUR", "CNY"])
    ids = [scene.accepted(face=_money(rng, code, most=900)) for _ in range(3)]
    done = 0
    for _ in range(80):
        try:
            _random_act(rng, scene, people, ids)
            done += 1
        except DuebillError:
            # Refused by the ledger: nothing happened.
            continue
    assert done > 15
    anvil.mine()
    assert_equal_to_chain(ledger)
    assert ledger.check_invariants().holds


def _money(rng, code, *, most):
    return Money(rng.randrange(200, most * 100) * 10_000, code)


def _random_act(rng, scene, people, ids):
    ledger = scene.ledger
    id_ = rng.choice(ids)
    code = ledger.receivable(id_).face.currency
    if rng.random() < 0.1:
        scene.ledger.obligor(scene.signers.obligor).pay(id_, _money(rng, code, most=150)).wait()
        return
    vouchers = ledger.vouchers(receivable=id_)
    if not vouchers:
        return
    voucher = rng.choice(vouchers)
    signer = next(p for p in people if p.address == voucher.holder)
    holder = ledger.financier(signer)
    part = Money(rng.randrange(1, voucher.value.units // 10_000 + 1) * 10_000, code)
    to = rng.choice(people).address
    acts = [
        lambda: holder.redeem(voucher.id),
        lambda: holder.transfer(voucher.id, to, value=part),
        lambda: holder.transfer(voucher.id, to),
        lambda: holder.split(voucher.id, {p.address: part for p in people[: rng.randrange(1, 4)]}),
        lambda: holder.merge(
            [v.id for v in ledger.vouchers(holder=voucher.holder, receivable=id_)][:2],
            into=voucher.id,
        ),
    ]
    rng.choice(acts)().wait()


def test_invariant_12_the_same_events_give_the_same_books(scene, ledger):
    """Read at once, one by one, or in two halves: the books are the same."""
    id_ = scene.accepted()
    scene.split(id_, financier="10", supplier2="20")
    events = ledger.events()
    whole = state(fold(events))
    books = Books()
    for event in events:
        fold([event], books)
    assert state(books) == whole
    middle = len(events) // 2
    assert state(fold(events[middle:], fold(events[:middle]))) == whole


def test_an_event_about_something_unheard_of_is_refused(scene, ledger):
    scene.accepted()
    events = ledger.events()
    (accepted,) = (event for event in events if event.name == "ReceivableAccepted")
    with pytest.raises(HistoryInconsistent) as caught:
        fold([accepted])
    assert caught.value.block == accepted.block
