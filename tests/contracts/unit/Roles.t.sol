// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Who may call what is restricted, after which delay, and what nobody can do.
contract RolesTest is LedgerTest {
    uint64 private constant _SUPERVISOR = 7;
    uint32 private constant _DELAY = 2 days;

    function test_threat_36_every_restricted_function_is_closed_to_strangers() external {
        bytes[] memory calls = _restricted();
        for (uint256 i = 0; i < calls.length; ++i) {
            _assertUnauthorized(address(ledger), calls[i]);
        }
    }

    function test_threat_36_roles_are_apart() external {
        _grant(ledger.freezeParty.selector, 0);
        bytes[] memory calls = _restricted();
        for (uint256 i = 0; i < calls.length; ++i) {
            if (bytes4(calls[i]) != ledger.freezeParty.selector) {
                _assertUnauthorized(address(ledger), calls[i]);
            }
        }
        vm.prank(stranger);
        ledger.freezeParty(alice, FOREVER, REASON);
        assertEq(ledger.partyOf(alice).frozenUntil, FOREVER);
    }

    function test_threat_36_a_delayed_role_has_to_announce_what_it_does() external {
        (, VoucherId voucher) = _accepted();
        _grant(ledger.seizeVoucher.selector, _DELAY);
        bytes memory call = abi.encodeCall(ledger.seizeVoucher, (voucher, creditor, alice, REASON));
        vm.startPrank(stranger);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        ledger.seizeVoucher(voucher, creditor, alice, REASON);
        roles.schedule(address(ledger), call, 0);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotReady.selector);
        ledger.seizeVoucher(voucher, creditor, alice, REASON);
        vm.warp(block.timestamp + _DELAY);
        ledger.seizeVoucher(voucher, creditor, alice, REASON);
        _assertVoucher(voucher, alice, FACE);
        vm.expectPartialRevert(IAccessManager.AccessManagerNotScheduled.selector);
        ledger.seizeVoucher(voucher, alice, bob, REASON);
    }

    function test_threat_39_authority_moves_only_by_the_managers_hand() external {
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger)
        );
        vm.prank(stranger);
        IAccessManaged(address(ledger)).setAuthority(stranger);
        address next = deployCode("RoleManager.sol:RoleManager", abi.encode(alice));
        roles.updateAuthority(address(ledger), next);
        assertEq(IAccessManaged(address(ledger)).authority(), next);
        vm.prank(alice);
        ledger.freezeParty(bob, FOREVER, REASON);
        _expectUnauthorized(address(this));
        ledger.freezeParty(bob, 0, REASON);
    }

    function test_threat_39_without_any_admin_receivables_live_on() external {
        roles.renounceRole(0, address(this));
        _expectUnauthorized(address(this));
        ledger.freezeParty(bob, FOREVER, REASON);
        (, VoucherId voucher) = _accepted();
        _give(voucher, creditor, alice);
        _pay(voucher.receivableOf(), FACE);
        assertEq(_redeem(voucher), FACE);
    }

    /* THE OFFICE AT ITS OWN ADDRESS */

    function test_threat_38_nobody_can_do_anything_restricted_at_the_offices_address() external {
        address office = ledger.office();
        assertEq(IAccessManaged(office).authority(), address(0));
        bytes[] memory calls = _restricted();
        for (uint256 i = 0; i < calls.length; ++i) {
            _assertUnauthorized(office, calls[i]);
        }
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger)
        );
        vm.prank(stranger);
        IAccessManaged(office).setAuthority(stranger);
    }

    function test_threat_38_a_ledger_without_an_office_is_not_deployed() external {
        bytes memory arguments = abi.encode(roles, address(1), stranger);
        vm.expectRevert(
            abi.encodeWithSelector(IReceivableLedger.OfficeWithoutCode.selector, stranger)
        );
        deployCode("ReceivableLedger.sol:ReceivableLedger", arguments);
    }

    function test_threat_38_an_unknown_function_is_refused() external {
        bytes[3] memory calls =
            [bytes(""), hex"c0ffee", abi.encodeWithSignature("initialize(address)", stranger)];
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success,) = address(ledger).call(calls[i]);
            assertFalse(success);
        }
    }

    function test_no_ether_can_be_lost_here() external {
        vm.deal(address(this), 1 ether);
        (bool success,) = address(ledger).call{value: 1}("");
        assertFalse(success);
        (success,) = address(ledger).call{value: 1}(abi.encodeCall(ledger.currencyCount, ()));
        assertFalse(success);
    }

    /* INTERNAL */

    /// @dev To the stranger, a role of its own for one function.
    function _grant(bytes4 selector, uint32 delay) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        roles.setTargetFunctionRole(address(ledger), selectors, _SUPERVISOR);
        roles.grantRole(_SUPERVISOR, stranger, delay);
    }

    function _assertUnauthorized(address target, bytes memory call) private {
        vm.prank(stranger);
        (bool success, bytes memory answer) = target.call(call);
        assertFalse(success);
        assertEq(
            answer,
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger)
        );
    }

    function _restricted() private view returns (bytes[] memory calls) {
        VoucherId id;
        calls = new bytes[](16);
        calls[0] = abi.encodeCall(ledger.verifyParty, (alice, FOREVER, REASON));
        calls[1] = abi.encodeCall(ledger.freezeParty, (alice, FOREVER, REASON));
        calls[2] = abi.encodeCall(ledger.setCustodian, (alice, true));
        calls[3] = abi.encodeCall(ledger.setPayee, (alice, bob, REASON));
        calls[4] = abi.encodeCall(ledger.createProgramme, (_programme()));
        calls[5] = abi.encodeCall(ledger.setProgrammeOpen, (programme, false));
        calls[6] = abi.encodeCall(ledger.addCurrency, ("USD", address(0), agent, 2));
        calls[7] = abi.encodeCall(ledger.setCurrencyOpen, (eur, false));
        calls[8] = abi.encodeCall(ledger.setPayingAgent, (offChain, alice));
        calls[9] = abi.encodeCall(ledger.sweep, (address(cash), alice));
        calls[10] = abi.encodeCall(ledger.pause, (uint40(block.timestamp), REASON));
        calls[11] = abi.encodeCall(ledger.unpause, ());
        calls[12] = abi.encodeCall(ledger.freezeVoucher, (id, alice, FOREVER, REASON));
        calls[13] = abi.encodeCall(ledger.seizeVoucher, (id, alice, bob, REASON));
        calls[14] = abi.encodeCall(ledger.setFrozenTokens, (alice, 1, true));
        calls[15] = abi.encodeCall(ledger.forcedTransfer, (alice, bob, 1));
    }
}
