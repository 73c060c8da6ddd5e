"""A party loses its key: its rights go over to a new address, under two roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from people import DAY, ORDER, OTHER, SUPPLIER

from duebill import Part
from duebill.deployment import Role
from duebill.errors import (
    AccessManagedUnauthorized,
    AccessManagerNotReady,
    PartyIsFrozen,
    RotationRefused,
)
from duebill.model import FOREVER, ZERO_ADDRESS, Money
from duebill.node_accounts import NodeAccount
from duebill.parties import Stage, TieKind

if TYPE_CHECKING:
    from duebill.ledger import Ledger
    from duebill.roles import Enforcer, Registrar

NEW, STRANGER, SLOW = NodeAccount(7), NodeAccount(8), NodeAccount(9)


@dataclass(frozen=True)
class Loss:
    """A supplier whose key is lost, and those who can do something about it."""

    ledger: Ledger
    scene: Any
    old: NodeAccount
    registrar: Registrar
    enforcer: Enforcer


@pytest.fixture
def lost(identified, scene, signers):
    """The supplier has an identifier, and lost its key."""
    return Loss(
        identified,
        scene,
        signers.supplier,
        identified.registrar(signers.deployer),
        identified.enforcer(signers.deployer),
    )


def stages(moved):
    return {it.step.stage for it in moved}


def holders(ledger, receivable):
    return {it.id: it.holder for it in ledger.vouchers(receivable=receivable)}


# -- the story ------------------------------------------------------------------------------------


def test_a_stolen_key_is_frozen_rotated_and_its_vouchers_are_moved(lost, signers):
    """From the theft to the redemption at the new address; the thief gets nothing."""
    receivable = lost.scene.accepted()
    lost.scene.split(receivable, financier="400.00")

    lost.ledger.supervisor(signers.deployer).freeze_party(lost.old.address, reason=ORDER).wait()
    with pytest.raises(PartyIsFrozen):
        lost.ledger.supplier(lost.old).transfer(receivable.voucher(1), signers.guarantor.address)
    steps = lost.registrar.rotate(lost.old.address, NEW.address)
    moved = lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)

    assert {step.stage for step in steps} == {Stage.DONE}
    assert [it.voucher for it in moved] == [receivable.voucher(1)]
    assert stages(moved) == {Stage.DONE}
    lost.scene.pay(receivable)
    paid = lost.ledger.supplier(NEW).redeem(receivable.voucher(1)).wait().value
    assert paid == Money.parse("600.00", "EUR")
    assert lost.ledger.party(lost.old.address).vouchers == 0


def test_the_new_address_is_the_same_party_until_the_same_end(lost):
    end = lost.ledger.time() + timedelta(days=100)
    lost.registrar.verify(lost.old.address, until=end, identifier=SUPPLIER).wait()

    lost.registrar.rotate(lost.old.address, NEW.address)

    new, now = lost.ledger.party(NEW.address), lost.ledger.time()
    assert (new.identifier, new.verified_until) == (SUPPLIER, end)
    assert not lost.ledger.party(lost.old.address).is_verified(now)
    found = lost.ledger.parties(identifier=SUPPLIER)
    assert {it.address for it in found} == {lost.old.address, NEW.address}


def test_both_or_neither_both_verifications_are_one_transaction(lost):
    (first, second) = lost.registrar.rotate(lost.old.address, NEW.address)

    assert first.transaction == second.transaction


def test_a_move_keeps_hops_and_writes_the_reason_on_record(lost):
    """A new key is no new holder: the voucher can travel on as far as before."""
    receivable = lost.scene.accepted()
    before = lost.ledger.voucher(receivable.voucher(1))
    lost.registrar.rotate(lost.old.address, NEW.address)

    lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)

    after = lost.ledger.voucher(receivable.voucher(1))
    assert (after.holder, after.hops, after.value) == (NEW.address, before.hops, before.value)
    (seizure,) = [event for event in lost.ledger.events() if event.name == "VoucherSeized"]
    assert "0x" + seizure.args["reason"].hex() == ORDER
    assert lost.ledger.check_invariants().holds


# -- interrupted, and again -----------------------------------------------------------------------


def test_a_move_that_broke_off_is_finished_by_doing_it_again(lost):
    """The connection is lost when half of the vouchers are moved."""
    receivable = lost.scene.accepted(face=Money.parse("1000.00", "EUR"))
    piece = Part(to=lost.old.address, value=Money.parse("1.00", "EUR"))
    lost.ledger.supplier(lost.old).split(receivable.voucher(1), [piece] * 60).wait()
    lost.registrar.rotate(lost.old.address, NEW.address)

    class BreaksError(Exception):
        pass

    def breaks(_):
        raise BreaksError

    with pytest.raises(BreaksError):
        lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER, on_progress=breaks)
    half = list(holders(lost.ledger, receivable).values()).count(NEW.address)
    assert 0 < half < 61
    rest = lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)

    assert len(rest) == 61 - half
    assert set(holders(lost.ledger, receivable).values()) == {NEW.address}
    assert lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER) == ()


def test_a_rotation_that_is_done_is_not_done_again(lost):
    lost.registrar.rotate(lost.old.address, NEW.address)
    before = lost.ledger._desk.chain.block_number()

    assert lost.registrar.rotate(lost.old.address, NEW.address) == ()
    assert lost.ledger._desk.chain.block_number() == before


def test_vouchers_that_come_later_are_moved_by_doing_it_again(lost, signers):
    """A pledge that is paid back returns to the old address, even when it is verified no more."""
    receivable = lost.scene.accepted()
    (voucher,) = lost.scene.split(receivable, financier="400.00")
    lost.registrar.rotate(lost.old.address, NEW.address)
    lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    lost.registrar.verify(lost.old.address, identifier=SUPPLIER).wait()
    lost.ledger.financier(signers.financier).transfer(voucher, lost.old.address).wait()

    moved = lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)

    assert [it.voucher for it in moved] == [voucher]
    assert lost.ledger.voucher(voucher).holder == NEW.address


# -- delays ---------------------------------------------------------------------------------------


def test_an_enforcer_with_a_delay_announces_waits_and_moves(lost, offices, anvil):
    """The same call three times; a supervisor could stop it meanwhile."""
    offices.grant(Role.ENFORCER, SLOW, delay=DAY)
    enforcer = lost.ledger.enforcer(SLOW)
    receivable = lost.scene.accepted()
    lost.scene.split(receivable, supplier="100.00")
    lost.registrar.rotate(lost.old.address, NEW.address)

    announced = enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    assert stages(announced) == {Stage.ANNOUNCED}
    assert len(announced) == 2
    assert all(it.step.ready_at >= lost.ledger.time() + timedelta(days=1) for it in announced)
    waiting = enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    assert {it.step.transaction for it in waiting} == {None}
    assert set(holders(lost.ledger, receivable).values()) == {lost.old.address}
    with pytest.raises(AccessManagerNotReady):
        enforcer.seize(receivable.voucher(1), to=NEW.address, reason=ORDER)

    anvil.travel(days=1, seconds=1)
    assert stages(enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)) == {
        Stage.DONE
    }
    assert set(holders(lost.ledger, receivable).values()) == {NEW.address}


def test_what_came_after_the_announcement_is_announced_while_the_rest_moves(
    lost, offices, anvil, signers
):
    offices.grant(Role.ENFORCER, SLOW, delay=DAY)
    enforcer = lost.ledger.enforcer(SLOW)
    first = lost.scene.accepted()
    (later,) = lost.scene.split(first, financier="400.00")
    lost.registrar.rotate(lost.old.address, NEW.address)
    enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    lost.registrar.verify(lost.old.address, identifier=SUPPLIER).wait()
    lost.ledger.financier(signers.financier).transfer(later, lost.old.address).wait()
    anvil.travel(days=1, seconds=1)

    moved = {
        it.voucher: it.step.stage
        for it in enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    }

    assert moved == {first.voucher(1): Stage.DONE, later: Stage.ANNOUNCED}


def test_an_announcement_that_ran_out_is_made_anew(lost, offices, anvil):
    """The manager forgets announcements after a week."""
    offices.grant(Role.ENFORCER, SLOW, delay=DAY)
    enforcer = lost.ledger.enforcer(SLOW)
    lost.scene.accepted()
    lost.registrar.rotate(lost.old.address, NEW.address)
    enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    anvil.travel(days=9)

    (again,) = enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)

    assert again.step.stage is Stage.ANNOUNCED
    assert again.step.ready_at > lost.ledger.time()


def test_a_registrar_with_a_delay_rotates_in_two_steps(lost, offices, anvil):
    offices.grant(Role.REGISTRAR, SLOW, delay=DAY)
    registrar = lost.ledger.registrar(SLOW)

    assert {s.stage for s in registrar.rotate(lost.old.address, NEW.address)} == {Stage.ANNOUNCED}
    assert not lost.ledger.party(NEW.address).is_verified(lost.ledger.time())
    anvil.travel(days=1, seconds=1)
    assert {s.stage for s in registrar.rotate(lost.old.address, NEW.address)} == {Stage.DONE}
    assert lost.ledger.party(NEW.address).is_verified(lost.ledger.time())


# -- who may not ----------------------------------------------------------------------------------


def test_threat_81_a_registrar_moves_nothing_and_an_enforcer_verifies_nothing(lost, offices):
    """Two roles: the one says who the new address is, the other takes."""
    lost.scene.accepted()
    offices.grant(Role.REGISTRAR, STRANGER)
    offices.grant(Role.ENFORCER, SLOW)

    with pytest.raises(AccessManagedUnauthorized):
        lost.ledger.registrar(SLOW).rotate(lost.old.address, NEW.address)
    lost.ledger.registrar(STRANGER).rotate(lost.old.address, NEW.address)
    with pytest.raises(AccessManagedUnauthorized):
        lost.ledger.enforcer(STRANGER).move_vouchers(lost.old.address, NEW.address, reason=ORDER)


def test_threat_81_a_key_is_not_rotated_to_another_partys_address(lost):
    """Neither verified in its place, nor given its vouchers."""
    lost.registrar.verify(NEW.address, identifier=OTHER).wait()

    with pytest.raises(RotationRefused, match="another identifier"):
        lost.registrar.rotate(lost.old.address, NEW.address)
    with pytest.raises(RotationRefused, match="another identifier"):
        lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    assert lost.ledger.party(NEW.address).identifier == OTHER


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("unverified", "without an identifier"),
        ("over", "not verified"),
        ("frozen", "frozen"),
        ("itself", "the same address"),
        ("nobody", "nobody has it"),
        ("custodian", "custodian"),
    ],
)
def test_vouchers_go_to_the_partys_own_verified_address_alone(lost, signers, case, reason):
    new = NEW.address
    if case == "over":
        lost.registrar.verify(new, identifier=SUPPLIER).wait()
        lost.registrar.revoke(new, identifier=SUPPLIER).wait()
    elif case == "frozen":
        lost.registrar.verify(new, identifier=SUPPLIER).wait()
        lost.ledger.supervisor(signers.deployer).freeze_party(new).wait()
    elif case == "itself":
        new = lost.old.address
    elif case == "nobody":
        new = ZERO_ADDRESS
    elif case == "custodian":
        lost.registrar.verify(new, identifier=SUPPLIER).wait()
        lost.ledger.administrator(signers.deployer).set_custodian(new).wait()

    with pytest.raises(RotationRefused, match=reason):
        lost.enforcer.move_vouchers(lost.old.address, new, reason=ORDER)


def test_a_party_without_identifier_is_not_rotated(lost, signers):
    """Nothing on the ledger would show that both addresses are one party."""
    with pytest.raises(RotationRefused, match="no identifier"):
        lost.registrar.rotate(signers.obligor.address, NEW.address)


def test_after_the_end_of_the_old_verification_it_is_said_until_when(lost):
    lost.registrar.revoke(lost.old.address, identifier=SUPPLIER).wait()

    with pytest.raises(RotationRefused, match="until when"):
        lost.registrar.rotate(lost.old.address, NEW.address)
    lost.registrar.rotate(lost.old.address, NEW.address, until=FOREVER)
    assert lost.ledger.party(NEW.address).verified_until == FOREVER


def test_a_dry_run_moves_nothing(lost):
    receivable = lost.scene.accepted()
    lost.registrar.rotate(lost.old.address, NEW.address)

    assert stages(
        lost.enforcer.simulate.move_vouchers(lost.old.address, NEW.address, reason=ORDER)
    ) == {Stage.READY}
    assert holders(lost.ledger, receivable) == {receivable.voucher(1): lost.old.address}


# -- what stays with the old address --------------------------------------------------------------


def kinds(ledger, who):
    return [tie.kind for tie in ledger.ties(who.address)]


def test_a_voucher_that_is_not_accepted_stays_and_is_told(lost):
    """The ledger takes nothing before the obligor is bound."""
    receivable = lost.scene.issued()
    lost.registrar.rotate(lost.old.address, NEW.address)

    assert lost.enforcer.move_vouchers(lost.old.address, NEW.address, reason=ORDER) == ()
    (tie,) = [
        it for it in lost.ledger.ties(lost.old.address) if it.kind is TieKind.UNACCEPTED_VOUCHER
    ]
    assert tie.subject == receivable.voucher(1)
    assert not tie.movable
    assert "issue it anew" in tie.kind.remedy


def test_ties_of_an_obligor(lost, signers):
    """What it owes stays its own; anyone may pay it, and then it is no tie any more."""
    owed, open_ = lost.scene.accepted(), lost.scene.issued(face=Money.parse("5.00", "EUR"))
    signer = signers.obligor

    found = {tie.kind: tie.subject for tie in lost.ledger.ties(signer.address)}
    assert found[TieKind.DEBT] == owed
    assert found[TieKind.UNACCEPTED_DEBT] == open_
    lost.ledger.obligor(signers.financier).pay(owed).wait()
    assert TieKind.DEBT not in kinds(lost.ledger, signer)


def test_ties_by_approvals_consents_keys_and_payees(lost, signers):
    holder = lost.ledger.supplier(lost.old)
    holder.approve_all(signers.financier.address).wait()
    holder.set_consent(signers.obligor.address).wait()
    holder.publish_encryption_key("0x" + "11" * 32).wait()
    lost.ledger.supplier(signers.supplier2).set_consent(lost.old.address).wait()
    lost.ledger.supplier(signers.supplier2).approve_all(lost.old.address).wait()
    lost.ledger.enforcer(signers.deployer).set_payee(
        signers.guarantor.address, payee=lost.old.address, reason=ORDER
    ).wait()

    found = {(tie.kind, tie.subject) for tie in lost.ledger.ties(lost.old.address)}

    assert {
        (TieKind.OPERATED_BY, signers.financier.address),
        (TieKind.CONSENT_GIVEN, signers.obligor.address),
        (TieKind.ENCRYPTION_KEY, "0x" + "11" * 32),
        (TieKind.CONSENT_RECEIVED, signers.supplier2.address),
        (TieKind.OPERATOR_OF, signers.supplier2.address),
        (TieKind.PAYEE_OF, signers.guarantor.address),
        (TieKind.CASH, "EUR"),
    } <= found
    assert len(found) == len(lost.ledger.ties(lost.old.address))


def test_ties_of_a_guarantor_end_when_it_is_reimbursed(lost, signers):
    receivable = lost.scene.accepted()
    guarantor = lost.ledger.guarantor(signers.guarantor)
    advance = guarantor.advance(receivable, "300.00").wait().value

    assert TieKind.ADVANCE in kinds(lost.ledger, signers.guarantor)
    lost.scene.pay(receivable)
    guarantor.reimburse(receivable, start=advance.start).wait()
    assert TieKind.ADVANCE not in kinds(lost.ledger, signers.guarantor)


def test_ties_are_told_in_the_order_of_what_can_be_moved_first(lost):
    lost.scene.accepted()

    found = lost.ledger.ties(lost.old.address)

    assert found[0].kind is TieKind.VOUCHER
    assert found[0].movable
    assert [tie.movable for tie in found[1:]] == [False] * len(found[1:])


@pytest.mark.parametrize("kind", list(TieKind))
def test_every_kind_of_tie_says_what_to_do(kind):
    assert kind.remedy.endswith(".")
