// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Void invoices.
contract CancelTest is RegistryTest {
    function setUp() public override {
        super.setUp();
        _register();
    }

    function test_cancels() external {
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceVoided(KEY, 0);
        _cancel(harbour);
        _assertInvoice(KEY, InvoiceState.Void, 0, 0);
    }

    function test_cancels_after_use_and_tells_how_much_is_used() external {
        _useElsewhere(meadow, KEY, 7);
        vm.prank(harbour);
        registry.reduce(KEY, NOTE, 2);
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceVoided(KEY, 7);
        _cancel(harbour);
        _assertInvoice(KEY, InvoiceState.Void, 7, 2);
        assertEq(registry.usedFor(address(0), ELSEWHERE, EUR), 7);
    }

    function test_reverts_given_void_invoice() external {
        _cancel(harbour);
        _expectVoid(KEY);
        _cancel(harbour);
    }

    function test_reverts_when_another_registered_it() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.NotItsRegistrant.selector, KEY, meadowNumber, harbourNumber
            )
        );
        _cancel(meadow);
    }

    function test_reverts_when_caller_is_no_registrant() external {
        _expectNotRegistrant(stranger);
        _cancel(stranger);
    }

    function test_reverts_given_no_such_invoice() external {
        _expectNotRegistered(NOTE);
        vm.prank(harbour);
        registry.cancel(NOTE);
    }

    function _cancel(address by) private {
        vm.prank(by);
        registry.cancel(KEY);
    }
}
