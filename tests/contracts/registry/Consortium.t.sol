// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {KeyEpoch} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice Who may register, and under which secret keys are made.
contract ConsortiumTest is RegistryTest {
    bytes32 private constant _CHECK = keccak256("check");

    function test_admits() external {
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.RegistrantSet(3, bob);
        assertEq(registry.admitRegistrant(bob), 3);
        assertEq(registry.registrantOf(bob), 3);
        assertEq(registry.accountOf(3), bob);
        assertEq(registry.registrantCount(), 3);
    }

    function test_admit_reverts_when_account_is_zero() external {
        _expectInvalid(0, address(0));
        registry.admitRegistrant(address(0));
    }

    function test_admit_reverts_given_registrant() external {
        _expectInvalid(3, harbour);
        registry.admitRegistrant(harbour);
    }

    function test_a_registrant_gets_another_account_and_keeps_its_number() external {
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.RegistrantSet(harbourNumber, bob);
        registry.setRegistrantAccount(harbourNumber, bob);
        assertEq(registry.registrantOf(bob), harbourNumber);
        assertEq(registry.registrantOf(harbour), 0);
        assertEq(registry.accountOf(harbourNumber), bob);
        _expectNotRegistrant(harbour);
        _register();
    }

    function test_a_registrant_is_suspended_and_comes_back() external {
        registry.setRegistrantAccount(harbourNumber, address(0));
        _expectNotRegistrant(harbour);
        _register();
        assertEq(registry.registrantOf(address(0)), 0);
        registry.setRegistrantAccount(meadowNumber, address(0));
        registry.setRegistrantAccount(harbourNumber, harbour);
        _register();
    }

    function test_the_same_account_again_changes_nothing() external {
        registry.setRegistrantAccount(harbourNumber, harbour);
        assertEq(registry.registrantOf(harbour), harbourNumber);
    }

    function test_set_account_reverts_given_another_registrants_account() external {
        _expectInvalid(harbourNumber, meadow);
        registry.setRegistrantAccount(harbourNumber, meadow);
    }

    function test_set_account_reverts_given_no_such_registrant() external {
        _expectInvalid(0, bob);
        registry.setRegistrantAccount(0, bob);
        _expectInvalid(3, bob);
        registry.setRegistrantAccount(3, bob);
    }

    function test_announces_keys() external {
        assertEq(registry.keyEpochs().length, 0);
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.KeyAnnounced(0, _CHECK);
        registry.announceKey(0, _CHECK);
        uint16 day = _today() + 7;
        registry.announceKey(day, keccak256("another"));
        KeyEpoch[] memory epochs = registry.keyEpochs();
        assertEq(epochs.length, 2);
        assertEq(epochs[0].fromDay, 0);
        assertEq(epochs[0].check, _CHECK);
        assertEq(epochs[1].fromDay, day);
    }

    function test_announce_reverts_when_the_first_key_is_not_for_all_invoices() external {
        _expectTooEarly(1, 0);
        registry.announceKey(1, _CHECK);
    }

    function test_threat_14_announce_reverts_when_invoices_could_have_two_keys() external {
        registry.announceKey(0, _CHECK);
        uint16 day = _today() + 7;
        _expectTooEarly(day - 1, day);
        registry.announceKey(day - 1, _CHECK);
        registry.announceKey(day, _CHECK);
        _expectTooEarly(day, uint256(day) + 1);
        registry.announceKey(day, _CHECK);
        registry.announceKey(day + 1, _CHECK);
    }

    function test_threat_36_strangers_and_registrants_cannot_act_for_the_consortium() external {
        address[2] memory callers = [stranger, harbour];
        for (uint256 i = 0; i < 2; ++i) {
            vm.startPrank(callers[i]);
            _expectUnauthorized(callers[i]);
            registry.admitRegistrant(bob);
            _expectUnauthorized(callers[i]);
            registry.setRegistrantAccount(1, bob);
            _expectUnauthorized(callers[i]);
            registry.announceKey(0, _CHECK);
            vm.stopPrank();
        }
    }

    function _today() private view returns (uint16) {
        return uint16(block.timestamp / 1 days);
    }

    function _expectInvalid(uint32 registrant, address account) private {
        vm.expectRevert(
            abi.encodeWithSelector(IInvoiceRegistry.RegistrantInvalid.selector, registrant, account)
        );
    }

    function _expectTooEarly(uint256 day, uint256 earliest) private {
        vm.expectRevert(
            abi.encodeWithSelector(IInvoiceRegistry.EpochTooEarly.selector, day, earliest)
        );
    }
}
