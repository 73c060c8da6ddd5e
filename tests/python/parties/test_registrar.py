"""A registrar verifies parties by the thousand, is reminded of them, and finds them again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from people import DAY, OTHER, SUPPLIER

from duebill.deployment import Role
from duebill.errors import AccessManagedUnauthorized, BadAddress, BatchRefused
from duebill.model import FOREVER, ZERO_ADDRESS, address
from duebill.node_accounts import NodeAccount
from duebill.parties import Finding, Stage, Verification, calendar

ACCOUNTS = [address(f"0x{0xA0000000 + number:040x}") for number in range(1, 400)]


@pytest.fixture
def registrar(ledger, signers):
    return ledger.registrar(signers.deployer)


@pytest.fixture
def until(ledger):
    return ledger.time() + timedelta(days=300)


def blocks(ledger):
    return ledger._desk.chain.block_number()


def test_a_batch_goes_into_few_transactions(ledger, registrar, until):
    """399 parties: as many to a transaction as its gas allows, and no more than half a block."""
    before, told = blocks(ledger), []

    rows = registrar.verify_many(
        [Verification(account=who, until=until, identifier=OTHER) for who in ACCOUNTS],
        on_progress=told.append,
    )

    assert {row.finding for row in rows} == {Finding.NEW}
    assert {row.step.stage for row in rows} == {Stage.DONE}
    assert len({row.step.transaction for row in rows}) == blocks(ledger) - before <= 6
    assert told == sorted(told)
    assert told[-1] == len(ACCOUNTS)
    assert {it.address for it in ledger.parties(identifier=OTHER)} == set(ACCOUNTS)
    assert all(it.verified_until == until for it in ledger.parties(identifier=OTHER))


def test_no_transaction_takes_more_than_half_a_block(ledger, registrar, until):
    registrar.verify_many([Verification(account=who, until=until) for who in ACCOUNTS])
    chain = ledger._desk.chain

    used = [
        chain.receipt(event.transaction).gas_used
        for event in ledger.events()
        if event.name == "PartyVerified" and event.args["party"] in ACCOUNTS
    ]
    assert max(used) <= min(chain.block().gas_limit // 2, 2**24)


def test_doing_it_again_sends_nothing(ledger, registrar, until):
    batch = [Verification(account=who, until=until, identifier=OTHER) for who in ACCOUNTS[:5]]
    registrar.verify_many(batch)
    before = blocks(ledger)

    rows = registrar.verify_many(batch)

    assert {row.finding for row in rows} == {Finding.UNCHANGED}
    assert {row.step for row in rows} == {None}
    assert blocks(ledger) == before


def test_after_a_break_only_the_rest_is_sent(ledger, registrar, until):
    """The connection broke after some of the transactions."""
    batch = [Verification(account=who, until=until) for who in ACCOUNTS[:60]]

    class BreaksError(Exception):
        pass

    def breaks(_):
        raise BreaksError

    with pytest.raises(BreaksError):
        registrar.verify_many(batch, on_progress=breaks)
    done = len([it for it in ledger.parties() if it.address in ACCOUNTS])
    rows = registrar.verify_many(batch)

    assert 0 < done < len(batch)
    findings = [row.finding for row in rows]
    assert findings == [Finding.UNCHANGED] * done + [Finding.NEW] * (len(batch) - done)
    assert all(ledger.party(row.account).verified_until == until for row in rows)


def test_every_row_is_checked_before_the_first_is_sent(ledger, registrar, until, signers):
    """One bad row among good ones: nothing is sent, and its reason is told."""
    registrar.verify(signers.supplier.address, identifier=SUPPLIER).wait()
    batch = [
        Verification(account=ACCOUNTS[0], until=until),
        Verification(account="0x1", until=until),
        Verification(account=ZERO_ADDRESS, until=until),
        Verification(account=ACCOUNTS[1], until=ledger.time() - timedelta(days=1)),
        Verification(account=ACCOUNTS[0], until=until),
        Verification(account=signers.supplier.address, until=until, identifier=OTHER),
        BadAddress("x", reason="a row that nobody could read"),
    ]
    before = blocks(ledger)

    with pytest.raises(BatchRefused, match="6 of 7 rows were refused and nothing was sent"):
        registrar.verify_many(batch)
    rows = registrar.simulate.verify_many(batch)

    assert blocks(ledger) == before
    assert [row.finding for row in rows] == [Finding.NEW] + [Finding.REFUSED] * 6
    reasons = [row.reason for row in rows]
    assert "nobody has it" in reasons[2]
    assert "over already" in reasons[3]
    assert "the account of row 1" in reasons[4]
    assert "another identifier" in reasons[5]
    assert "nobody could read" in reasons[6]
    assert all(reasons[1:])


def test_what_is_refused_can_be_skipped(ledger, registrar, until):
    batch = [Verification(account="0x1"), Verification(account=ACCOUNTS[0], until=until)]

    rows = registrar.verify_many(batch, skip_refused=True)

    assert [row.finding for row in rows] == [Finding.REFUSED, Finding.NEW]
    assert rows[0].step is None
    assert ledger.party(ACCOUNTS[0]).verified_until == until


def test_an_identifier_that_is_not_given_stays(identified, signers, until):
    registrar = identified.registrar(signers.deployer)

    (row,) = registrar.verify_many([Verification(account=signers.supplier.address, until=until)])

    assert row.finding is Finding.RENEWED
    found = identified.party(signers.supplier.address)
    assert (found.identifier, found.verified_until) == (SUPPLIER, until)


def test_a_dry_run_sends_nothing(ledger, registrar, until):
    before = blocks(ledger)

    (row,) = registrar.simulate.verify_many([Verification(account=ACCOUNTS[0], until=until)])

    assert (row.finding, row.step) == (Finding.NEW, None)
    assert blocks(ledger) == before


def test_who_is_no_registrar_is_refused_before_anything_is_sent(ledger, signers, until):
    before = blocks(ledger)

    with pytest.raises(AccessManagedUnauthorized):
        ledger.registrar(signers.stranger).verify_many(
            [Verification(account=ACCOUNTS[0], until=until)]
        )
    assert blocks(ledger) == before


def test_a_registrar_with_a_delay_announces_and_then_carries_out(ledger, offices, until, anvil):
    """The same call, made three times: announced, waiting, done."""
    slow = NodeAccount(7)
    offices.grant(Role.REGISTRAR, slow, delay=DAY)
    registrar = ledger.registrar(slow)
    batch = [Verification(account=who, until=until) for who in ACCOUNTS[:3]]

    announced = registrar.verify_many(batch)
    assert {row.step.stage for row in announced} == {Stage.ANNOUNCED}
    assert announced[0].step.ready_at > ledger.time() + timedelta(hours=23)
    waiting = registrar.verify_many(batch)
    assert [row.step.ready_at for row in waiting] == [row.step.ready_at for row in announced]
    assert {row.step.transaction for row in waiting} == {None}
    assert not ledger.party(ACCOUNTS[0]).is_verified(ledger.time())

    anvil.travel(days=1, seconds=1)
    assert {row.step.stage for row in registrar.verify_many(batch)} == {Stage.DONE}
    assert ledger.party(ACCOUNTS[2]).verified_until == until


# -- reminders and look-ups -----------------------------------------------------------------------


def test_verifications_that_end_soon_are_listed_first_to_end_first(ledger, registrar):
    now = ledger.time()
    ends = {ACCOUNTS[0]: 20, ACCOUNTS[1]: 10, ACCOUNTS[2]: 40}
    batch = [Verification(account=w, until=now + timedelta(days=d)) for w, d in ends.items()]
    registrar.verify_many(batch)

    soon = ledger.expiring(within=timedelta(days=30))

    assert [it.address for it in soon] == [ACCOUNTS[1], ACCOUNTS[0]]
    assert ledger.expiring(within=timedelta(days=5)) == ()
    assert FOREVER not in {it.verified_until for it in soon}


def test_what_has_ended_is_no_reminder_any_more(ledger, registrar, anvil):
    end = ledger.time() + timedelta(days=2)
    registrar.verify(ACCOUNTS[0], until=end).wait()
    anvil.travel(days=3)

    assert ledger.expiring(within=timedelta(days=30)) == ()


def test_a_calendar_has_an_entry_for_each_end(ledger, registrar):
    """RFC 5545: lines of at most 75 octets, broken by CRLF; the entry keeps its identity."""
    end = ledger.time() + timedelta(days=20)
    registrar.verify(ACCOUNTS[0], until=end).wait()
    soon = ledger.expiring(within=timedelta(days=30))

    text = calendar(soon, chain_id=31337, now=ledger.time())

    lines = text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert max(map(len, lines)) <= 75
    assert "\n" not in text.replace("\r\n", "")
    plain = text.replace("\r\n ", "")
    assert f"DTSTART:{end:%Y%m%dT%H%M%SZ}\r\n" in plain
    assert f"UID:verification-31337-{ACCOUNTS[0].lower()}@duebill\r\n" in plain
    assert plain.count("BEGIN:VEVENT") == plain.count("BEGIN:VALARM") == 1
    assert f"Verification of {ACCOUNTS[0]} ends in 14 days" in plain


def test_a_party_is_found_by_its_identifier_at_all_its_addresses(identified, signers):
    registrar = identified.registrar(signers.deployer)
    registrar.verify(ACCOUNTS[0], identifier=SUPPLIER).wait()

    found = identified.parties(identifier=SUPPLIER)

    assert {it.address for it in found} == {signers.supplier.address, ACCOUNTS[0]}
    assert identified.parties(identifier=OTHER) == ()
    assert signers.obligor.address in {it.address for it in identified.parties()}
