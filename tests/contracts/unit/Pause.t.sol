// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISupervision} from "contracts/interfaces/ISupervision.sol";

import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract PauseTest is LedgerTest {
    function test_a_pause_is_in_force_until_its_last_second() external {
        (, VoucherId voucher) = _accepted();
        uint40 until = uint40(block.timestamp + 2 days);
        vm.expectEmit(address(ledger));
        emit ISupervision.Paused(until, REASON, address(this));
        ledger.pause(until, REASON);
        assertEq(ledger.pausedUntil(), until);

        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ISupervision.LedgerIsPaused.selector, until));
        _give(voucher, creditor, alice);
        vm.warp(until + 1);
        _give(voucher, creditor, alice);
    }

    function test_threat_35_a_pause_lasts_at_most_seven_days() external {
        uint40 longest = uint40(block.timestamp + 7 days);
        _expectOutOfRange(longest + 1, longest);
        ledger.pause(longest + 1, REASON);
        ledger.pause(longest, REASON);
    }

    function test_reverts_when_it_would_end_in_the_past() external {
        uint256 longest = block.timestamp + 7 days;
        _expectOutOfRange(block.timestamp - 1, longest);
        ledger.pause(uint40(block.timestamp - 1), REASON);
        ledger.pause(uint40(block.timestamp), REASON);
    }

    function test_threat_35_the_next_pause_waits_a_day() external {
        uint40 until = uint40(block.timestamp + 7 days);
        ledger.pause(until, REASON);
        _expectTooSoon(until);
        ledger.pause(until, REASON);
        vm.warp(uint256(until) + 1 days);
        _expectTooSoon(until);
        ledger.pause(uint40(block.timestamp), REASON);
        vm.warp(uint256(until) + 1 days + 1);
        ledger.pause(uint40(block.timestamp), REASON);
    }

    function test_a_pause_is_ended_early_and_the_next_waits_all_the_same() external {
        (, VoucherId voucher) = _accepted();
        _pause();
        vm.expectEmit(address(ledger));
        emit ISupervision.Unpaused(address(this));
        ledger.unpause();
        assertEq(ledger.pausedUntil(), block.timestamp - 1);
        _give(voucher, creditor, alice);
        _expectTooSoon(block.timestamp - 1);
        ledger.pause(uint40(block.timestamp + 1), REASON);
    }

    function test_reverts_when_there_is_no_pause_to_end() external {
        vm.expectRevert(ISupervision.LedgerNotPaused.selector);
        ledger.unpause();
        ledger.pause(uint40(block.timestamp), REASON);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(ISupervision.LedgerNotPaused.selector);
        ledger.unpause();
    }

    function test_threat_35_refusals_defaults_and_the_supervisor_go_on() external {
        ReceivableId waiting = _issued();
        ReceivableId other = _issued();
        (ReceivableId id, VoucherId voucher) = _accepted();
        _warpToOverdue(id);
        _pause();
        ledger.declareDefault(id);
        vm.prank(obligor);
        ledger.reject(waiting, REASON);
        ledger.cancel(other);
        ledger.seizeVoucher(voucher, creditor, alice, REASON);
        _pay(id, FACE);
        _redeem(voucher);
        assertEq(cash.balanceOf(alice), FACE);
    }

    /* INTERNAL */

    function _expectOutOfRange(uint256 until, uint256 longest) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISupervision.PauseOutOfRange.selector, until, longest)
        );
    }

    function _expectTooSoon(uint256 lastEnd) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISupervision.PauseTooSoon.selector, lastEnd + 1 days)
        );
    }
}
