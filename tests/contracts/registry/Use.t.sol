// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice An invoice is used, in parts, by whoever has it, and never twice.
contract UseTest is RegistryTest {
    function setUp() public override {
        super.setUp();
        _register();
    }

    function test_uses_for_a_receivable_that_is_not_issued_yet() external {
        ReceivableId id = ledger.idOf(_terms());
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceUsed(KEY, harbourNumber, address(ledger), _subject(id), TOTAL);
        _useFor(harbour, KEY, id, TOTAL);
        _assertInvoice(KEY, InvoiceState.Registered, TOTAL, 0);
        assertEq(registry.usedFor(address(ledger), _subject(id), EUR), TOTAL);
        assertEq(registry.useOf(KEY, harbourNumber, address(ledger), _subject(id)), TOTAL);
        assertEq(registry.useOf(KEY, meadowNumber, address(ledger), _subject(id)), 0);
        assertEq(registry.usedFor(address(ledger), _subject(id), "USD"), 0);
        assertEq(registry.usedFor(address(0), _subject(id), EUR), 0);
    }

    function test_uses_in_parts_add_up_for_one_subject() external {
        _useElsewhere(harbour, KEY, 3);
        _useElsewhere(harbour, KEY, 4);
        _useElsewhere(meadow, KEY, 5);
        assertEq(registry.useOf(KEY, harbourNumber, address(0), ELSEWHERE), 7);
        assertEq(registry.useOf(KEY, meadowNumber, address(0), ELSEWHERE), 5);
        assertEq(registry.usedFor(address(0), ELSEWHERE, EUR), 12);
        _assertInvoice(KEY, InvoiceState.Registered, 12, 0);
    }

    function test_threat_14_what_one_ledger_used_is_gone_for_all_others() external {
        IReceivableLedger other = _newLedger(address(roles));
        ReceivableId id = ledger.idOf(_terms());
        _useFor(harbour, KEY, id, TOTAL - 10);
        vm.startPrank(meadow);
        _expectExceeded(KEY, 10, 1);
        registry.use(KEY, address(other), _subject(id), 11);
        registry.use(KEY, address(other), _subject(id), 10);
        _expectExceeded(KEY, 0, 1);
        registry.use(KEY, address(0), ELSEWHERE, 1);
    }

    function test_uses_for_receivables_that_live() external {
        ReceivableId id = _issued();
        _useFor(harbour, KEY, id, 1);
        vm.prank(obligor);
        ledger.accept(id);
        _useFor(harbour, KEY, id, 1);
        _warpToOverdue(id);
        _assertStatus(id, Status.Overdue);
        _useFor(harbour, KEY, id, 1);
    }

    function test_reverts_when_caller_is_no_registrant() external {
        _expectNotRegistrant(stranger);
        _useElsewhere(stranger, KEY, 1);
    }

    function test_reverts_when_amount_is_zero() external {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.UseIsZero.selector, KEY));
        _useElsewhere(harbour, KEY, 0);
    }

    function test_reverts_when_more_is_used_than_is_left() external {
        _expectExceeded(KEY, TOTAL, 1);
        _useElsewhere(harbour, KEY, TOTAL + 1);
        _expectExceeded(KEY, TOTAL, type(uint80).max - TOTAL);
        _useElsewhere(harbour, KEY, type(uint80).max);
    }

    function test_reverts_given_no_such_invoice() external {
        _expectNotRegistered(NOTE);
        _useElsewhere(harbour, NOTE, 1);
    }

    function test_reverts_given_void_invoice() external {
        vm.prank(harbour);
        registry.cancel(KEY);
        _expectVoid(KEY);
        _useElsewhere(harbour, KEY, 1);
    }

    function test_reverts_given_a_note() external {
        vm.prank(harbour);
        registry.reduce(KEY, NOTE, 1);
        _expectNotRegistered(NOTE);
        _useElsewhere(harbour, NOTE, 1);
    }

    function test_reverts_given_cancelled_receivable() external {
        ReceivableId id = _issued();
        vm.prank(creditor);
        ledger.cancel(id);
        _expectOver(id, Status.Cancelled);
        _useFor(harbour, KEY, id, 1);
    }

    function test_reverts_given_lapsed_receivable() external {
        ReceivableId id = _issued();
        vm.warp(block.timestamp + 11 days);
        _expectOver(id, Status.Lapsed);
        _useFor(harbour, KEY, id, 1);
    }

    function test_reverts_given_settled_receivable() external {
        (ReceivableId id,) = _accepted();
        _pay(id, FACE);
        _expectOver(id, Status.Settled);
        _useFor(harbour, KEY, id, 1);
    }

    function test_reverts_when_the_ledger_is_none() external {
        bytes32 subject = _subject(ledger.idOf(_terms()));
        vm.expectRevert();
        vm.prank(harbour);
        registry.use(KEY, stranger, subject, 1);
        _assertInvoice(KEY, InvoiceState.Registered, 0, 0);
    }

    function test_threat_33_reverts_when_the_subject_is_no_receivable() external {
        uint256 subject = uint256(type(uint192).max) + 1;
        vm.expectRevert(
            abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 192, subject)
        );
        vm.prank(harbour);
        registry.use(KEY, address(ledger), bytes32(subject), 1);
    }

    function _expectOver(ReceivableId id, Status status) private {
        vm.expectRevert(
            abi.encodeWithSelector(IInvoiceRegistry.ReceivableIsOver.selector, ledger, id, status)
        );
    }
}
