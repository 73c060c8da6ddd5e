"""Invoices are used once: two platforms, one registry, and a programme that requires it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from invoice_vectors import SECRET
from platforms import FIRST_DAY, invoices

from duebill import registry
from duebill.errors import (
    AccessManagedUnauthorized,
    BatchRefused,
    CodeDiffers,
    EpochTooEarly,
    InvoiceExceeded,
    InvoiceIsVoid,
    InvoicesMissing,
    IssuedInFuture,
    KeyTaken,
    NoDeployer,
    NothingUsed,
    NotItsRegistrant,
    NotRegistrant,
    ReceivableStands,
    SecretsDiffer,
)
from duebill.model import InvoiceKind, InvoiceParty, Money, Status
from duebill.registry import Finding, KeyRing, connect, deploy_gate, deploy_registry

REFERENCE = "0x" + "5a" * 32


def eur(text):
    return Money.parse(text, "EUR")


# -- the story --------------------------------------------------------------------------------


def test_threat_14_an_invoice_backs_one_receivable_and_no_second(platforms, scene, signers):
    """Drafted, used, issued; the other platform, with the same invoice, comes too late."""
    invoice, *_ = invoices(1, amount="1000.00")
    terms = scene.terms(programme=platforms.programme)
    supplier = scene.ledger.supplier(signers.supplier)
    with pytest.raises(InvoicesMissing) as missing:
        supplier.issue(terms)
    assert (missing.value.used, missing.value.face) == (0, 1000 * 10**6)

    platforms.harbour.use(
        [(invoice, "1000.00")], ledger=scene.ledger.address, receivable=terms.id
    ).wait()
    used = platforms.registry.used_for(terms.id, ledger=scene.ledger.address, currency="EUR")
    assert used == eur("1000.00")
    supplier.issue(terms).wait()

    again = replace(invoice, number=" re-1 ", payable_amount=Decimal("1000.0"))
    (row,) = platforms.registry.check([again])
    assert (row.finding, row.left, row.registrant) == (Finding.USED_UP, eur("0"), 1)
    with pytest.raises(InvoiceExceeded) as exceeded:
        platforms.meadow.use([(again, "0.01")], receivable=REFERENCE)
    assert (exceeded.value.left, exceeded.value.excess) == (0, 10_000)


def test_a_use_comes_back_when_its_receivable_does_not_come_to_be(platforms, scene, signers):
    invoice, *_ = invoices(1, amount="1000.00")
    terms = scene.terms(programme=platforms.programme)
    place = {"ledger": scene.ledger.address, "receivable": terms.id}
    platforms.harbour.use([(invoice, "1000.00")], **place).wait()
    supplier = scene.ledger.supplier(signers.supplier)
    supplier.issue(terms).wait()
    with pytest.raises(ReceivableStands) as stands:
        platforms.harbour.release(invoice, **place)
    assert stands.value.status is Status.ISSUED
    with pytest.raises(NothingUsed):
        platforms.meadow.release(invoice, **place)

    supplier.cancel(terms.id).wait()
    assert platforms.harbour.simulate.release(invoice, **place).wait().value == eur("1000.00")
    assert platforms.harbour.release(invoice, **place).wait().value == eur("1000.00")
    assert platforms.registry.status(invoice).left == eur("1000.00")


def test_several_invoices_back_one_receivable_together_or_not_at_all(platforms, scene, signers):
    many = invoices(4, amount="300.00")
    terms = scene.terms(programme=platforms.programme)
    place = {"ledger": scene.ledger.address, "receivable": terms.id}
    with pytest.raises(InvoiceExceeded):
        platforms.harbour.use([(each, "300.01") for each in many], **place)
    assert all(row.finding is Finding.NEW for row in platforms.registry.check(many))

    uses = [(each, Decimal(250)) for each in many]
    platforms.harbour.use(uses, **place).wait()
    scene.ledger.supplier(signers.supplier).issue(terms).wait()
    found = platforms.registry.check(many)
    assert [row.left for row in found] == [eur("50.00")] * 4


# -- credit notes and void invoices -----------------------------------------------------------


def test_a_credit_note_counts_once_and_says_by_how_much_it_is_too_large(platforms):
    invoice, pattern = invoices(2)
    note = replace(pattern, kind=InvoiceKind.RED_LETTER, payable_amount=Decimal(30))
    platforms.harbour.register([invoice])
    platforms.meadow.use([(invoice, "80.00")], receivable=REFERENCE).wait()
    with pytest.raises(InvoiceExceeded) as exceeded:
        platforms.harbour.reduce(invoice, note)
    assert exceeded.value.excess == 10 * 10**6
    with pytest.raises(NotItsRegistrant):
        platforms.meadow.reduce(invoice, note, amount="20.00")

    taken = platforms.harbour.reduce(invoice, note, amount="20.00").wait().value
    assert taken == eur("20.00")
    standing = platforms.registry.status(invoice)
    assert (standing.used, standing.credited, standing.left) == (80 * 10**6, 20 * 10**6, eur("0"))
    assert platforms.registry.status(note).is_note
    with pytest.raises(KeyTaken):
        platforms.harbour.reduce(invoice, note, amount="1.00")


def test_a_void_invoice_is_found_and_not_used(platforms):
    invoice, *_ = invoices(1)
    platforms.harbour.register([invoice])
    platforms.harbour.cancel(invoice).wait()
    (row,) = platforms.registry.check([invoice])
    assert (row.finding, row.left) == (Finding.VOID, eur("0"))
    assert "registrant 1" in row.reason
    assert platforms.registry.status(invoice).left == eur("0")
    with pytest.raises(InvoiceIsVoid):
        platforms.meadow.use([(invoice, "1.00")], receivable=REFERENCE)


# -- batches ----------------------------------------------------------------------------------


def mixed():
    """One row of each kind, as the registry stands after `prepared`."""
    many = invoices(8)
    many[4] = replace(many[4], payable_amount=Decimal("100.000001"))
    many[5] = replace(many[5], seller=InvoiceParty("Seller without number"))
    many[6] = replace(many[6], kind=InvoiceKind.CREDIT_NOTE)
    many[7] = replace(many[0], number="re-1")
    return many


def prepared(platforms):
    many = invoices(8)
    platforms.meadow.register(many[1:4])
    platforms.meadow.use([(many[1], "40.00"), (many[2], "100")], receivable=REFERENCE).wait()
    platforms.meadow.cancel(many[3]).wait()


def test_a_batch_is_judged_row_by_row_before_anything_is_sent(platforms):
    prepared(platforms)
    rows = platforms.registry.check(mixed())

    assert [row.finding for row in rows] == [
        Finding.NEW,
        Finding.KNOWN,
        Finding.USED_UP,
        Finding.VOID,
        Finding.NEW,
        Finding.REFUSED,
        Finding.REFUSED,
        Finding.REPEATED,
    ]
    assert [row.row for row in rows] == list(range(1, 9))
    assert rows[1].left == eur("60.00")
    assert rows[7].reason == "it is the invoice of row 1"
    assert "no identifier of its seller" in rows[5].reason
    assert all(bool(row.reason) is not row.finding.usable for row in rows)
    shown = rows[1].to_json()
    assert (shown["finding"], shown["left"]) == ("known", {"amount": "60.00", "currency": "EUR"})


def test_a_batch_with_refused_rows_is_refused_whole_unless_they_are_left_out(platforms):
    prepared(platforms)
    before = platforms.registry.chain.block_number()
    with pytest.raises(BatchRefused, match=r"5 of 8 rows were refused.*row 3, used up"):
        platforms.harbour.register(mixed())
    assert platforms.registry.chain.block_number() == before

    rows = platforms.harbour.register(mixed(), skip_refused=True)
    assert [row.transaction is not None for row in rows] == [True, *[False] * 3, True, *[False] * 3]
    assert (rows[0].finding, rows[0].registrant) == (Finding.KNOWN, 1)
    assert (rows[1].finding, rows[1].registrant) == (Finding.KNOWN, 2)
    assert platforms.registry.status(mixed()[4]).units == 100_000_001


def test_another_total_under_one_key_is_told(platforms):
    """The key has the amount in it, so this is somebody's error or lie."""
    invoice, *_ = invoices(1)
    key = bytes.fromhex(platforms.registry.key_of(invoice)[2:])
    platforms.meadow._do(_nothing(), "register", key, b"EUR", 5).wait()

    (row,) = platforms.registry.check([invoice])
    assert row.finding is Finding.DIFFERS
    assert row.reason == "registrant 2 registered it with a total of 0.000005 EUR"


def test_registering_again_does_no_harm(platforms):
    many = invoices(3)
    platforms.harbour.register(many[:2])
    rows = platforms.meadow.register(many)

    assert [row.registrant for row in rows] == [1, 1, 2]
    assert [row.transaction is not None for row in rows] == [False, False, True]


def test_a_dry_run_sends_nothing(platforms):
    many = invoices(3)
    rows = platforms.harbour.simulate.register(many)

    assert [row.finding for row in rows] == [Finding.NEW] * 3
    assert [row.finding for row in platforms.registry.check(many)] == [Finding.NEW] * 3


def test_who_is_slower_learns_where_the_rows_stand(platforms):
    """Between check and send another platform voids one of them."""
    many = invoices(3)
    checked = platforms.registry.check(many)
    platforms.meadow.register(many[:1])
    platforms.meadow.cancel(many[0]).wait()

    found = platforms.harbour._register_some(checked)
    assert [row.finding for row in found] == [Finding.VOID, Finding.NEW, Finding.NEW]
    assert [row.row for row in found] == [1, 2, 3]


def test_a_batch_of_ten_thousand_is_checked_in_twenty_requests(platforms, monkeypatch):
    many = invoices(10_000)
    platforms.meadow.register(many[::2500])
    calls = []
    chain = platforms.registry.chain
    original = chain.call
    monkeypatch.setattr(chain, "call", lambda *a, **k: calls.append(k) or original(*a, **k))

    began = time.monotonic()
    rows = platforms.registry.check(many)
    assert time.monotonic() - began < 60
    assert len(calls) == 20
    assert len({call["block"] for call in calls}) == 1
    known = [row.row for row in rows if row.finding is Finding.KNOWN]
    assert known == [1, 2501, 5001, 7501]
    assert sum(row.finding is Finding.NEW for row in rows) == 9_996


def test_more_rows_than_fit_into_a_transaction_go_in_several(platforms):
    done = []
    rows = platforms.harbour.register(invoices(450), on_progress=done.append)

    assert done == [200, 400, 450]
    assert len({row.transaction for row in rows}) == 3
    assert all(row.finding is Finding.KNOWN for row in platforms.registry.check(invoices(450)))


# -- who may what -----------------------------------------------------------------------------


def test_strangers_and_suspended_platforms_are_refused(platforms, signers):
    many = invoices(2)
    with pytest.raises(NotRegistrant):
        platforms.registry.registrant(signers.stranger).register(many)
    with pytest.raises(AccessManagedUnauthorized):
        platforms.registry.consortium(signers.stranger).admit(signers.stranger.address)

    consortium = platforms.registry.consortium(signers.deployer)
    consortium.set_account(1, None).wait()
    with pytest.raises(NotRegistrant):
        platforms.harbour.register(many)
    consortium.set_account(1, signers.stranger.address).wait()
    assert platforms.registry.registrant_of(signers.stranger.address) == 1
    rows = platforms.registry.registrant(signers.stranger).register(many)
    assert [row.registrant for row in rows] == [1, 1]


# -- secrets ----------------------------------------------------------------------------------


def test_threat_14_with_another_secret_nothing_is_looked_up(platforms, anvil):
    """Everything would look new."""
    where = platforms.registry.address
    with pytest.raises(SecretsDiffer, match="1970-01-01"):
        connect(anvil.url, address=where, keys=KeyRing(bytes(32)))
    with pytest.raises(SecretsDiffer, match="2030-01-01"):
        connect(anvil.url, address=where, keys=KeyRing(SECRET, {date(2030, 1, 1): SECRET}))


def test_a_registry_without_a_secret_is_not_used(registry_at, anvil):
    with pytest.raises(SecretsDiffer, match="none was announced"):
        connect(anvil.url, address=registry_at, keys=KeyRing(SECRET))


def test_a_new_secret_is_for_later_invoices_and_old_ones_keep_their_key(platforms, anvil, signers):
    old = invoices(1)
    platforms.harbour.register(old)
    today = anvil.time().date()
    soon = today + timedelta(days=7)
    ring = KeyRing(SECRET, {soon - timedelta(days=1): bytes(32)})
    early = connect(anvil.url, address=platforms.registry.address, keys=ring, announced=False)
    with pytest.raises(EpochTooEarly):
        early.consortium(signers.deployer).announce(soon - timedelta(days=1))
    with pytest.raises(LookupError):
        early.consortium(signers.deployer).announce(soon)

    ring = KeyRing(SECRET, {soon: bytes(32)})
    now = connect(anvil.url, address=platforms.registry.address, keys=ring, announced=False)
    now.consortium(signers.deployer).announce(soon).wait()
    with pytest.raises(SecretsDiffer, match=str(soon)):
        platforms.registry.check_secrets()
    later = connect(anvil.url, address=platforms.registry.address, keys=ring)
    assert later.status(old[0]).registrant == 1


def test_an_invoice_of_the_day_after_tomorrow_has_no_key_yet(platforms, anvil):
    today = anvil.time().date()
    tomorrow, after = (
        replace(invoices(1)[0], issue_date=today + timedelta(days=days)) for days in (1, 2)
    )
    assert platforms.registry.key_of(tomorrow)
    with pytest.raises(IssuedInFuture, match=str(after.issue_date)):
        platforms.registry.key_of(after)
    (row,) = platforms.registry.check([after])
    assert row.finding is Finding.REFUSED


def test_threat_51_other_code_is_no_registry(ledger, anvil):
    with pytest.raises(CodeDiffers):
        connect(anvil.url, address=ledger.address, keys=KeyRing(SECRET))


def test_the_first_day_is_that_of_the_first_secret():
    assert KeyRing(SECRET).checks()[0][0] == FIRST_DAY


def test_what_is_deployed_already_is_found(platforms, anvil, signers, scene, deployed):
    authority = deployed.contracts["RoleManager"].address
    before = platforms.registry.chain.block_number()
    again = deploy_registry(anvil.url, signer=signers.stranger, authority=authority)
    assert again == platforms.registry.address
    assert platforms.registry.chain.block_number() == before

    other = deploy_registry(anvil.url, signer=signers.stranger, authority=authority, name="other")
    assert other != again
    gates = [
        deploy_gate(anvil.url, signer=signers.stranger, ledger=scene.ledger.address, registry=each)
        for each in (again, other)
    ]
    assert scene.ledger.programme(platforms.programme).rules.gate == gates[0] != gates[1]


def test_a_chain_without_the_deterministic_deployer_is_refused(registry_at, anvil, signers):
    anvil.rpc("anvil_setCode", "0x4e59b44847b379578588920cA78FbF26c0B4956C", "0x")
    with pytest.raises(NoDeployer):
        deploy_registry(anvil.url, signer=signers.stranger, authority=registry_at, name="third")


def test_public_names_are_sorted_and_there():
    names = list(registry.__all__)

    assert names == sorted(set(names), key=lambda name: (name[0].islower(), name))
    assert all(hasattr(registry, name) for name in names)


def _nothing():
    from duebill._actions import NOTHING  # noqa: PLC0415 - only this test goes past the client

    return NOTHING
