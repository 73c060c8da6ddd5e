// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Test} from "forge-std/Test.sol";

import {Pledging} from "./Pledging.sol";

/// @notice What happens at each desk and in the kernel, several times before anything else does.
contract FinancingHandler is Pledging {
    function atTheExchange(uint256 seed, uint256 toSeed, uint256 amount) external {
        _often(_tradeAtDesk, seed, toSeed, amount);
    }

    function atThePledgeBook(uint256 seed, uint256 toSeed, uint256 amount) external {
        _often(_lend, seed, toSeed, amount);
    }

    function atTheGuaranteeBook(uint256 seed, uint256 toSeed, uint256 amount) external {
        _often(_guarantee, seed, toSeed, amount);
    }

    function inTheKernel(uint256 seed, uint256 toSeed, uint256 amount) external {
        _often(_settle, seed, toSeed, amount);
    }

    /// @dev What stands in the way of business, or tries to.
    function disturb(uint256 seed, uint256 toSeed) external {
        uint256 kind = _mix(seed, 0) % 16;
        // Any time will do.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint32 time = uint32(toSeed);
        if (kind == 0) this.verify(seed, time);
        else if (kind == 1) this.freezeParty(seed, time);
        else if (kind == 2) this.freezeVoucher(seed, time);
        else if (kind < 6) this.seize(seed, toSeed);
        else if (kind == 6) this.pause(seed);
        else if (kind < 9) this.blockAccount(seed);
        else if (kind == 9) this.trust(seed);
        else if (kind < 12) this.allowCash(seed);
        else if (kind == 12) this.plotAtDesk(seed);
        else if (kind == 13) this.forbidden_04_stranger_moves(seed, toSeed);
        else this.forbidden_10_nobody_moves_a_pledge(seed, toSeed);
    }

    function passTime(uint256 seed, bool toCutOff) external {
        if (toCutOff) this.waitForCutOff(seed);
        else this.wait(seed);
    }

    function _often(
        function(uint256, uint256, uint256, uint256) internal act,
        uint256 seed,
        uint256 toSeed,
        uint256 amount
    ) private {
        for (uint256 i = 0; i < 4; ++i) {
            act(_mix(seed, i) >> 128, _mix(seed, 8 + i), _mix(toSeed, i), _mix(amount, i));
            several = true;
        }
        several = false;
    }

    function _tradeAtDesk(uint256 kind, uint256 a, uint256 b, uint256 c) private {
        kind %= 16;
        if (kind < 3) sign(a, b, c);
        else if (kind < 6) signAndFill(a, b, c);
        else if (kind < 9) fill(a, b, c);
        else if (kind == 9) offer(a, b, c);
        else if (kind == 10) answerOffer(a, b);
        else if (kind < 13) exercise(a);
        else if (kind == 13) waive(a);
        else if (kind == 14) cancelOrders(a, b % 2 == 0);
        else setFee(a);
    }

    function _lend(uint256 kind, uint256 a, uint256 b, uint256 c) private {
        kind %= 16;
        if (kind < 5) openLoan(a, b, c);
        else if (kind < 8) repay(a, b);
        else if (kind < 10) collect(a);
        else if (kind < 12) releasePledge(a, b);
        else if (kind < 14) foreclose(a);
        else if (kind == 14) takeKept(a, b);
        else withdrawLoan(a);
    }

    function _guarantee(uint256 kind, uint256 a, uint256 b, uint256 c) private {
        kind %= 16;
        if (kind < 4) giveAval(a, b, c);
        else if (kind < 9) callAval(a, b);
        else if (kind == 9) addMargin(a, b);
        else if (kind < 12) clearDishonour(a, b);
        else if (kind < 15) releaseMargin(a);
        else withdrawAval(a);
    }

    function _settle(uint256 kind, uint256 a, uint256 b, uint256 c) private {
        kind %= 16;
        if (kind < 6) this.issue(a, c, true);
        else if (kind == 6) this.issue(a, c, false);
        else if (kind == 7) this.accept(a);
        else if (kind < 10) this.pay(a, b);
        else if (kind == 10) this.advance(a, b, c);
        else if (kind == 11) this.reimburse(a, b);
        else if (kind == 12) this.redeemCovered(a);
        else if (kind == 13) this.transferWhole(a, b, false);
        else if (kind == 14) this.moveToVoucher(a, b, c);
        else this.unpauseIfPaused();
    }

    function unpauseIfPaused() external {
        if (_isPaused()) this.unpause();
    }
}

/// @notice README.md says what each invariant means: those of the kernel with the financing contracts as
/// new operators, and their own.
contract FinancingInvariants is Test {
    FinancingHandler private handler;

    function setUp() external {
        handler = new FinancingHandler();
        targetContract(address(handler));
        for (uint256 i = 0; i < 16; ++i) {
            handler.issue(i, i << 128 | i, true);
        }
        targetSelector(FuzzSelector(address(handler), _acts()));
    }

    /// @dev Mostly business; of the kernel's acts those that it needs: Kernel.t.sol has all of them.
    function _acts() private view returns (bytes4[] memory acts) {
        acts = new bytes4[](7);
        acts[0] = handler.atTheExchange.selector;
        acts[1] = handler.atThePledgeBook.selector;
        acts[2] = handler.atTheGuaranteeBook.selector;
        acts[3] = handler.inTheKernel.selector;
        acts[4] = handler.disturb.selector;
        acts[5] = handler.passTime.selector;
        acts[6] = handler.fill.selector;
    }

    /* WHO */

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_04_desks_move_only_what_they_were_told_to() external view {
        assertEq(handler.violationsOf(4), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_05_no_desk_binds_an_obligor() external view {
        assertEq(handler.violationsOf(5), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_06_what_desks_move_stays_within_lineage_and_hops() external view {
        assertEq(handler.violationsOf(6), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_11_desks_admit_nobody_whom_the_ledger_keeps_out() external view {
        assertEq(handler.violationsOf(11), 0);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_K1_nobody_acts_during_a_call_of_a_desk() external view {
        assertEq(handler.violationsOf(handler.INTRUSION()), 0);
    }

    /* WHAT */

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_08_orders_are_filled_within_what_their_makers_signed() external view {
        assertEq(handler.violationsOf(8), 0);
        handler.checkTrading(false);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_09_avals_stay_within_caps_and_become_claims() external view {
        assertEq(handler.violationsOf(9), 0);
        handler.checkGuarantees(false);
    }

    /// forge-config: default.invariant.runs = 8
    /// forge-config: ci.invariant.runs = 16
    function invariant_10_pledges_leave_only_by_their_terms() external view {
        assertEq(handler.violationsOf(10), 0);
        handler.checkPledges(false);
    }

    /* EVENTS */

    /// forge-config: ci.invariant.runs = 128
    function invariant_12_events_alone_rebuild_orders_avals_and_pledges() external view {
        handler.checkTrading(false);
        handler.checkGuarantees(false);
        handler.checkPledges(false);
        handler.check01();
        handler.check12();
    }

    /// @dev All of it, everywhere.
    function afterInvariant() external view {
        for (uint256 number = 1; number <= handler.INTRUSION(); ++number) {
            assertEq(handler.violationsOf(number), 0, vm.toString(number));
        }
        handler.checkTrading(true);
        handler.checkGuarantees(true);
        handler.checkPledges(true);
        handler.check02(true);
        handler.check03();
        handler.check12Everywhere();
    }
}
