// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Credit notes and red-letter invoices.
contract ReduceTest is RegistryTest {
    function setUp() public override {
        super.setUp();
        _register();
    }

    function test_reduces() external {
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceReduced(KEY, NOTE, 3);
        _reduce(harbour, NOTE, 3);
        _assertInvoice(KEY, InvoiceState.Registered, 0, 3);
        _assertInvoice(NOTE, InvoiceState.Note, 0, 0);
        _useElsewhere(meadow, KEY, TOTAL - 3);
        _assertInvoice(KEY, InvoiceState.Registered, TOTAL - 3, 3);
    }

    function test_several_notes_add_up() external {
        _reduce(harbour, NOTE, 3);
        _reduce(harbour, keccak256("another note"), TOTAL - 3);
        _assertInvoice(KEY, InvoiceState.Registered, 0, TOTAL);
        _expectExceeded(KEY, 0, 1);
        _useElsewhere(harbour, KEY, 1);
    }

    function test_reverts_when_more_is_credited_than_is_left_and_says_by_how_much() external {
        _useElsewhere(meadow, KEY, TOTAL - 10);
        _expectExceeded(KEY, 10, 5);
        _reduce(harbour, NOTE, 15);
        _reduce(harbour, NOTE, 10);
        _assertInvoice(KEY, InvoiceState.Registered, TOTAL - 10, 10);
    }

    function test_reverts_when_a_note_counts_again() external {
        _reduce(harbour, NOTE, 3);
        _expectKeyTaken(NOTE);
        _reduce(harbour, NOTE, 3);
        bytes32 other = keccak256("another invoice");
        _registerAs(harbour, other, TOTAL);
        _expectKeyTaken(NOTE);
        vm.prank(harbour);
        registry.reduce(other, NOTE, 3);
    }

    function test_reverts_when_the_note_is_an_invoice() external {
        _expectKeyTaken(KEY);
        _reduce(harbour, KEY, 1);
    }

    function test_reverts_when_the_note_has_no_key() external {
        vm.expectRevert(
            abi.encodeWithSelector(IInvoiceRegistry.InvoiceInvalid.selector, bytes32("key"))
        );
        _reduce(harbour, 0, 1);
    }

    function test_reverts_when_amount_is_zero() external {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.UseIsZero.selector, KEY));
        _reduce(harbour, NOTE, 0);
    }

    function test_reverts_when_another_registered_it() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.NotItsRegistrant.selector, KEY, meadowNumber, harbourNumber
            )
        );
        _reduce(meadow, NOTE, 1);
    }

    function test_reverts_when_caller_is_no_registrant() external {
        _expectNotRegistrant(stranger);
        _reduce(stranger, NOTE, 1);
    }

    function test_reverts_given_no_such_invoice() external {
        _expectNotRegistered(NOTE);
        vm.prank(harbour);
        registry.reduce(NOTE, KEY, 1);
    }

    function test_reverts_given_void_invoice() external {
        vm.prank(harbour);
        registry.cancel(KEY);
        _expectVoid(KEY);
        _reduce(harbour, NOTE, 1);
    }

    function _reduce(address by, bytes32 note, uint80 amount) private {
        vm.prank(by);
        registry.reduce(KEY, note, amount);
    }
}
