// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Test} from "forge-std/Test.sol";

import {Handler} from "./Handler.sol";

/// @notice README.md says what each invariant means. What a call touched is checked after the call, and
/// everything at the end of a run.
/// @dev Campaigns draw the same calls from the same seed. So the one that compares most runs longest and
/// asks for all the others at the end of each run; the others are short and stop at the very call.
contract KernelInvariants is Test {
    Handler private handler;

    function setUp() external {
        handler = new Handler();
        targetContract(address(handler));
    }

    /* MONEY */

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_01_value_plus_redeemed_is_face() external view {
        handler.check01();
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_02_ledger_holds_what_it_owes() external view {
        handler.check02(false);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_03_payouts_stay_within_shares_and_leave_nothing() external view {
        handler.check03();
        assertEq(handler.violationsOf(3), 0);
    }

    /* WHO */

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_04_only_the_entitled_move_value() external view {
        assertEq(handler.violationsOf(4), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_05_only_the_obligor_accepts() external view {
        assertEq(handler.violationsOf(5), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_06_lineage_reaches_the_first_voucher_within_hops() external view {
        assertEq(handler.violationsOf(6), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_11_unverified_frozen_and_paused_are_kept_out() external view {
        assertEq(handler.violationsOf(11), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_K1_nobody_acts_during_a_call() external view {
        assertEq(handler.violationsOf(handler.INTRUSION()), 0);
    }

    /* EVENTS */

    function invariant_12_events_alone_rebuild_the_ledger() external view {
        handler.check01();
        handler.check03();
        handler.check12();
    }

    /// @dev All of it, everywhere.
    function afterInvariant() external view {
        for (uint256 number = 1; number <= handler.INTRUSION(); ++number) {
            assertEq(handler.violationsOf(number), 0, vm.toString(number));
        }
        handler.check02(true);
        handler.check12Everywhere();
    }
}
