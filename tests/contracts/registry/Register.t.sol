// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {Invoice, InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice An invoice becomes known, once.
contract RegisterTest is RegistryTest {
    function test_an_unknown_invoice_is_all_zero() external view {
        Invoice memory nothing;
        assertEq(abi.encode(registry.invoiceOf(KEY)), abi.encode(nothing));
    }

    function test_registers() external {
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceRegistered(KEY, harbourNumber, EUR, TOTAL);
        vm.prank(harbour);
        assertEq(registry.register(KEY, EUR, TOTAL), TOTAL);
        Invoice memory expected = Invoice(InvoiceState.Registered, EUR, harbourNumber, TOTAL, 0, 0);
        assertEq(abi.encode(registry.invoiceOf(KEY)), abi.encode(expected));
    }

    function test_threat_14_another_platform_with_the_same_invoice_sees_what_is_left() external {
        _register();
        _useElsewhere(harbour, KEY, TOTAL - 1);
        vm.recordLogs();
        vm.prank(meadow);
        assertEq(registry.register(KEY, EUR, TOTAL), 1);
        assertEq(vm.getRecordedLogs().length, 0);
        assertEq(registry.invoiceOf(KEY).registrant, harbourNumber);
        _expectExceeded(KEY, 1, 1);
        _useElsewhere(meadow, KEY, 2);
    }

    function test_registering_again_after_a_credit_note_is_still_the_same() external {
        _register();
        vm.prank(harbour);
        registry.reduce(KEY, NOTE, TOTAL - 3);
        vm.prank(meadow);
        assertEq(registry.register(KEY, EUR, TOTAL), 3);
    }

    function test_threat_33_the_largest_total_is_kept() external {
        _registerAs(harbour, KEY, type(uint80).max);
        _useElsewhere(harbour, KEY, type(uint80).max);
        _assertInvoice(KEY, InvoiceState.Registered, type(uint80).max, 0);
        _expectExceeded(KEY, 0, 1);
        _useElsewhere(harbour, KEY, 1);
    }

    function test_reverts_when_caller_is_no_registrant() external {
        _expectNotRegistrant(stranger);
        _registerAs(stranger, KEY, TOTAL);
    }

    function test_reverts_when_key_is_zero() external {
        _expectInvalid("key");
        _registerAs(harbour, 0, TOTAL);
    }

    function test_reverts_when_currency_is_zero() external {
        _expectInvalid("currency");
        vm.prank(harbour);
        registry.register(KEY, 0, TOTAL);
    }

    function test_reverts_when_total_is_zero() external {
        _expectInvalid("total");
        _registerAs(harbour, KEY, 0);
    }

    function test_reverts_given_another_total() external {
        _register();
        _expectDiffers();
        _registerAs(meadow, KEY, TOTAL + 1);
    }

    function test_reverts_given_another_currency() external {
        _register();
        _expectDiffers();
        vm.prank(meadow);
        registry.register(KEY, "USD", TOTAL);
    }

    function test_reverts_given_void_invoice() external {
        _register();
        vm.prank(harbour);
        registry.cancel(KEY);
        _expectVoid(KEY);
        _registerAs(meadow, KEY, TOTAL);
    }

    function test_reverts_given_the_key_of_a_note() external {
        _register();
        vm.prank(harbour);
        registry.reduce(KEY, NOTE, 1);
        _expectKeyTaken(NOTE);
        _registerAs(harbour, NOTE, 1);
    }

    function _expectInvalid(bytes32 rule) private {
        vm.expectRevert(abi.encodeWithSelector(IInvoiceRegistry.InvoiceInvalid.selector, rule));
    }

    function _expectDiffers() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.InvoiceDiffers.selector, KEY, harbourNumber, TOTAL
            )
        );
    }
}
