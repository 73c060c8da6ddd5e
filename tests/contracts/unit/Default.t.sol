// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {IRefusals} from "contracts/interfaces/IRefusals.sol";

import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Overdue by time, default on record, cure.
contract DefaultTest is LedgerTest {
    ReceivableId private _id;

    function setUp() public override {
        super.setUp();
        (_id,) = _accepted();
    }

    function test_threat_24_overdue_begins_when_due_date_and_grace_are_over() external {
        uint256 overdue = (uint256(ledger.receivableOf(_id).dueDay) + 1 + 3) * 1 days;
        vm.warp(overdue - 1);
        _assertStatus(_id, Status.Accepted);
        _expectWrongStatus(_id, Status.Accepted, Status.Overdue);
        ledger.declareDefault(_id);
        vm.warp(overdue);
        _assertStatus(_id, Status.Overdue);
        ledger.declareDefault(_id);
    }

    function test_without_grace_it_is_overdue_when_the_due_date_ends() external {
        Programme memory rules = _programme();
        rules.graceDays = 0;
        Terms memory terms = _termsUnder(rules);
        (ReceivableId id,) = _accepted(terms);
        vm.warp((uint256(terms.dueDay) + 1) * 1 days - 1);
        _assertStatus(id, Status.Accepted);
        vm.warp(block.timestamp + 1);
        _assertStatus(id, Status.Overdue);
    }

    function test_anyone_puts_a_default_on_record() external {
        _warpToOverdue(_id);
        vm.expectEmit(address(ledger));
        emit IRefusals.DefaultDeclared(_id, obligor, stranger);
        vm.prank(stranger);
        ledger.declareDefault(_id);
        assertTrue(ledger.receivableOf(_id).defaultDeclared);
        assertEq(ledger.partyOf(obligor).defaults, 1);
        _assertStatus(_id, Status.Overdue);
    }

    function test_payment_in_full_cures_and_payment_in_part_does_not() external {
        (ReceivableId other,) = _accepted();
        _warpToOverdue(_id);
        ledger.declareDefault(_id);
        ledger.declareDefault(other);
        assertEq(ledger.partyOf(obligor).defaults, 2);
        _pay(_id, FACE - 1);
        assertTrue(ledger.receivableOf(_id).defaultDeclared);
        vm.expectEmit(address(ledger));
        emit IRefusals.DefaultCured(_id, obligor);
        _pay(_id, 1);

        assertFalse(ledger.receivableOf(_id).defaultDeclared);
        assertEq(ledger.partyOf(obligor).defaults, 1);
        _assertStatus(_id, Status.Settled);
        assertTrue(ledger.receivableOf(other).defaultDeclared);
    }

    function test_a_guarantors_advance_cures_nothing() external {
        _fund(bob);
        _warpToOverdue(_id);
        ledger.declareDefault(_id);
        _advance(_id, bob, FACE);
        assertTrue(ledger.receivableOf(_id).defaultDeclared);
        _assertStatus(_id, Status.Overdue);
    }

    function test_threat_27_whoever_comes_first_after_grace_decides() external {
        _warpToOverdue(_id);
        _pay(_id, FACE);
        _expectWrongStatus(_id, Status.Settled, Status.Overdue);
        ledger.declareDefault(_id);
        assertEq(ledger.partyOf(obligor).defaults, 0);
    }

    function test_record_keeps_what_else_is_known_of_the_party() external {
        _freezeParty(obligor);
        _warpToOverdue(_id);
        ledger.declareDefault(_id);
        assertEq(ledger.partyOf(obligor).frozenUntil, FOREVER);
        assertEq(ledger.partyOf(obligor).verifiedUntil, FOREVER);
        assertEq(ledger.receivableOf(_id).obligor, obligor);
        assertEq(ledger.receivableOf(_id).maxHops, 5);
        assertEq(ledger.receivableOf(_id).vouchers, 1);
    }

    function test_reverts_given_it_is_on_record() external {
        _warpToOverdue(_id);
        ledger.declareDefault(_id);
        vm.expectRevert(abi.encodeWithSelector(IRefusals.DefaultAlreadyDeclared.selector, _id));
        ledger.declareDefault(_id);
    }

    function test_reverts_given_it_is_not_accepted() external {
        ReceivableId id = _issued();
        _expectWrongStatus(id, Status.Issued, Status.Overdue);
        ledger.declareDefault(id);
        vm.warp(block.timestamp + 400 days);
        _expectWrongStatus(id, Status.Lapsed, Status.Overdue);
        ledger.declareDefault(id);
        ledger.cancel(id);
        vm.expectRevert(
            abi.encodeWithSelector(
                IReceivables.WrongStatus.selector, id, Status.Cancelled, Status.Overdue
            )
        );
        ledger.declareDefault(id);
    }
}
