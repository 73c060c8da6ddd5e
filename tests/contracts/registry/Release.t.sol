// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {InvoiceState} from "contracts/types/RegistryTypes.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// @notice A use comes back only if no receivable rests on it.
contract ReleaseTest is RegistryTest {
    uint80 private constant _USED = 7e6;

    function setUp() public override {
        super.setUp();
        _register();
    }

    function test_releases_what_was_never_issued() external {
        ReceivableId id = ledger.idOf(_terms());
        _useFor(harbour, KEY, id, 3e6);
        _useFor(harbour, KEY, id, 4e6);
        vm.expectEmit(address(registry));
        emit IInvoiceRegistry.InvoiceReleased(
            KEY, harbourNumber, address(ledger), _subject(id), _USED
        );
        assertEq(_releaseFor(harbour, KEY, id), _USED);
        _assertInvoice(KEY, InvoiceState.Registered, 0, 0);
        assertEq(registry.usedFor(address(ledger), _subject(id), EUR), 0);
        assertEq(registry.useOf(KEY, harbourNumber, address(ledger), _subject(id)), 0);
        _useElsewhere(meadow, KEY, TOTAL);
    }

    function test_releases_only_the_callers_own() external {
        ReceivableId id = ledger.idOf(_terms());
        _useFor(harbour, KEY, id, 3e6);
        _useFor(meadow, KEY, id, 4e6);
        assertEq(_releaseFor(meadow, KEY, id), 4e6);
        _assertInvoice(KEY, InvoiceState.Registered, 3e6, 0);
        assertEq(registry.usedFor(address(ledger), _subject(id), EUR), 3e6);
    }

    function test_releases_what_was_cancelled() external {
        ReceivableId id = _usedAndIssued();
        vm.prank(creditor);
        ledger.cancel(id);
        assertEq(_releaseFor(harbour, KEY, id), _USED);
    }

    function test_releases_what_was_rejected() external {
        ReceivableId id = _usedAndIssued();
        vm.prank(obligor);
        ledger.reject(id, REASON);
        assertEq(_releaseFor(harbour, KEY, id), _USED);
    }

    function test_releases_what_lapsed() external {
        ReceivableId id = _usedAndIssued();
        vm.warp(block.timestamp + 11 days);
        assertEq(_releaseFor(harbour, KEY, id), _USED);
    }

    function test_releases_what_was_used_elsewhere() external {
        _useElsewhere(harbour, KEY, _USED);
        vm.prank(harbour);
        assertEq(registry.release(KEY, address(0), ELSEWHERE), _USED);
        _assertInvoice(KEY, InvoiceState.Registered, 0, 0);
    }

    function test_releases_from_a_void_invoice_which_stays_void() external {
        _useElsewhere(harbour, KEY, _USED);
        vm.startPrank(harbour);
        registry.cancel(KEY);
        registry.release(KEY, address(0), ELSEWHERE);
        vm.stopPrank();
        _assertInvoice(KEY, InvoiceState.Void, 0, 0);
    }

    function test_releases_by_the_registrants_new_account() external {
        _useElsewhere(harbour, KEY, _USED);
        registry.setRegistrantAccount(harbourNumber, bob);
        _expectNotRegistrant(harbour);
        vm.prank(harbour);
        registry.release(KEY, address(0), ELSEWHERE);
        vm.prank(bob);
        assertEq(registry.release(KEY, address(0), ELSEWHERE), _USED);
    }

    function test_threat_14_reverts_given_a_receivable_that_stands() external {
        ReceivableId id = _usedAndIssued();
        _expectStands(id, Status.Issued);
        _releaseFor(harbour, KEY, id);
        vm.prank(obligor);
        ledger.accept(id);
        _expectStands(id, Status.Accepted);
        _releaseFor(harbour, KEY, id);
        _warpToOverdue(id);
        _expectStands(id, Status.Overdue);
        _releaseFor(harbour, KEY, id);
        _pay(id, FACE);
        _expectStands(id, Status.Settled);
        _releaseFor(harbour, KEY, id);
        _assertInvoice(KEY, InvoiceState.Registered, _USED, 0);
    }

    function test_threat_42_a_use_is_of_one_invoice_by_one_registrant_for_one_subject() external {
        _useElsewhere(harbour, KEY, _USED);
        bytes32 other = keccak256("another invoice");
        _registerAs(harbour, other, TOTAL);
        vm.startPrank(harbour);
        _expectNone(other, address(0), ELSEWHERE);
        registry.release(other, address(0), ELSEWHERE);
        _expectNone(KEY, address(ledger), bytes32(uint256(1)));
        registry.release(KEY, address(ledger), bytes32(uint256(1)));
        _expectNone(KEY, address(0), "another subject");
        registry.release(KEY, address(0), "another subject");
        registry.use(KEY, address(0), bytes32(uint256(1)), 1);
        _expectNone(KEY, address(ledger), bytes32(uint256(1)));
        registry.release(KEY, address(ledger), bytes32(uint256(1)));
        vm.stopPrank();
        _assertInvoice(KEY, InvoiceState.Registered, _USED + 1, 0);
    }

    function test_reverts_when_nothing_was_used() external {
        ReceivableId id = ledger.idOf(_terms());
        _expectNothing(harbourNumber, id);
        _releaseFor(harbour, KEY, id);
        _useFor(harbour, KEY, id, _USED);
        _expectNothing(meadowNumber, id);
        _releaseFor(meadow, KEY, id);
        _releaseFor(harbour, KEY, id);
        _expectNothing(harbourNumber, id);
        _releaseFor(harbour, KEY, id);
    }

    function test_reverts_when_caller_is_no_registrant() external {
        _useElsewhere(harbour, KEY, _USED);
        _expectNotRegistrant(stranger);
        vm.prank(stranger);
        registry.release(KEY, address(0), ELSEWHERE);
    }

    function _expectNone(bytes32 key, address of_, bytes32 subject) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.NothingUsed.selector, key, harbourNumber, of_, subject
            )
        );
    }

    function _usedAndIssued() private returns (ReceivableId id) {
        id = _issued();
        _useFor(harbour, KEY, id, _USED);
    }

    function _expectStands(ReceivableId id, Status status) private {
        vm.expectRevert(
            abi.encodeWithSelector(IInvoiceRegistry.ReceivableStands.selector, ledger, id, status)
        );
    }

    function _expectNothing(uint32 registrant, ReceivableId id) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IInvoiceRegistry.NothingUsed.selector, KEY, registrant, ledger, _subject(id)
            )
        );
    }
}
