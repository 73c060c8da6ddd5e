// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";

import {Status, Terms} from "contracts/types/DataTypes.sol";
import {GateRules} from "contracts/types/GateTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice An obligor who is overdue beyond grace accepts nothing new, and nobody has to say so.
abstract contract OverdueRuleTest is RulesTest {
    uint80 internal constant SMALL = 100e6;

    function setUp() public virtual override {
        super.setUp();
        GateRules memory rules;
        rules.stopOnOverdue = true;
        _guard(rules);
    }

    /// @dev A small one that the obligor accepts, due in so many days.
    function _owes(uint16 tenorDays) internal returns (ReceivableId id) {
        (id,) = _accepted(_dueIn(tenorDays));
    }

    function _dueIn(uint16 tenorDays) internal returns (Terms memory terms) {
        terms = _gatedTerms(SMALL);
        terms.dueDay = _today() + tenorDays;
    }

    function _today() internal view returns (uint16) {
        return uint16(block.timestamp / 1 days);
    }

    function _after(uint256 numberOfDays) internal {
        vm.warp(block.timestamp + numberOfDays * 1 days);
    }

    function _assertWatch(uint256 count, ReceivableId earliest) internal view {
        (uint256 watched, ReceivableId first,) = gate.watchOf(obligor);
        assertEq(watched, count, "how many are watched");
        assertTrue(first == earliest, "which ends first");
    }
}

contract OverdueTest is OverdueRuleTest {
    /* THE STOP */

    function test_threat_27_the_stop_begins_when_grace_is_over_and_not_before() external {
        ReceivableId id = _owes(5);
        Terms memory terms = _gatedTerms(SMALL);
        uint256 lastDay = _today() + 5 + _programme().graceDays;
        vm.warp((lastDay + 1) * 1 days - 1);
        _owes(5);
        vm.warp((lastDay + 1) * 1 days);
        _assertStatus(id, Status.Overdue);
        _expectOverdue(id, lastDay);
        _accepted(terms);
    }

    function test_it_is_the_same_for_what_a_creditor_issued() external {
        ReceivableId id = _owes(5);
        _after(4);
        ReceivableId waiting = _issuedBefore(_gatedTerms(SMALL));
        _warpToOverdue(id);
        _expectOverdue(id, ledger.receivableOf(id).dueDay + _programme().graceDays);
        _accept(waiting);
    }

    function test_once_it_has_paid_the_obligor_accepts_at_once() external {
        ReceivableId id = _owes(5);
        ReceivableId later = _owes(200);
        _warpToOverdue(id);
        _pay(id, SMALL - 1);
        vm.expectPartialRevert(IProgrammeRules.ObligorOverdue.selector);
        _accepted(_terms5());
        _pay(id, 1);
        vm.expectEmit(address(gate));
        emit IProgrammeRules.ReceivableUnwatched(id, obligor);
        _accepted(_terms5());
        (uint256 count,,) = gate.watchOf(obligor);
        assertEq(count, 2, "the later one and the new one");
        assertTrue(ledger.statusOf(later) == Status.Accepted);
    }

    function test_what_a_guarantor_paid_is_overdue_all_the_same() external {
        ReceivableId id = _owes(5);
        _warpToOverdue(id);
        _fund(alice);
        _advance(id, alice, SMALL);
        vm.expectPartialRevert(IProgrammeRules.ObligorOverdue.selector);
        _accepted(_terms5());
    }

    function test_what_was_extinguished_is_settled() external {
        (ReceivableId id, VoucherId voucher) = _accepted(_dueIn(5));
        _give(voucher, creditor, obligor);
        _warpToOverdue(id);
        vm.prank(obligor);
        ledger.extinguish(voucher);
        _owes(5);
    }

    function test_the_one_whose_grace_ends_first_is_what_is_looked_at() external {
        _owes(50);
        ReceivableId first = _owes(5);
        _owes(20);
        _assertWatch(3, first);
        _warpToOverdue(first);
        _expectOverdue(first, ledger.receivableOf(first).dueDay + _programme().graceDays);
        _accepted(_terms5());
    }

    function test_one_that_is_paid_does_not_hide_one_that_is_not() external {
        ReceivableId paid = _owes(5);
        ReceivableId unpaid = _owes(6);
        _pay(paid, SMALL);
        _after(12);
        _expectOverdue(unpaid, ledger.receivableOf(unpaid).dueDay + _programme().graceDays);
        _accepted(_terms5());
        _assertWatch(2, paid);
    }

    function test_of_those_that_are_due_on_one_day_each_is_kept() external {
        ReceivableId a = _owes(5);
        ReceivableId b = _owes(5);
        _after(12);
        _pay(a, SMALL);
        vm.expectPartialRevert(IProgrammeRules.ObligorOverdue.selector);
        _accepted(_terms5());
        _pay(b, SMALL);
        ReceivableId fresh = _owes(5);
        _assertWatch(1, fresh);
    }

    function test_other_obligors_are_not_stopped() external {
        ReceivableId id = _owes(5);
        _warpToOverdue(id);
        Terms memory terms = _gatedTerms(SMALL);
        terms.obligor = bob;
        (ReceivableId bobs,) = _accepted(terms);
        (uint256 count, ReceivableId earliest,) = gate.watchOf(bob);
        assertEq(count, 1);
        assertTrue(earliest == bobs);
    }

    function test_programmes_with_one_gate_are_watched_together() external {
        ReceivableId id = _owes(5);
        gated = _newGated();
        _warpToOverdue(id);
        vm.expectPartialRevert(IProgrammeRules.ObligorOverdue.selector);
        _accepted(_terms5());
    }

    function test_a_creditor_may_issue_and_holders_may_trade_meanwhile() external {
        ReceivableId id = _owes(5);
        _warpToOverdue(id);
        _issued(_gatedTerms());
        _give(id.firstVoucher(), creditor, alice);
    }

    function test_what_is_watched_is_told() external {
        Terms memory terms = _dueIn(9);
        ReceivableId id = ledger.idOf(terms);
        vm.expectEmit(address(gate));
        emit IProgrammeRules.ReceivableWatched(id, obligor, uint256(terms.dueDay) + 3);
        _accepted(terms);
        (,, uint256 lastDay) = gate.watchOf(obligor);
        assertEq(lastDay, uint256(terms.dueDay) + 3);
    }

    function _terms5() private returns (Terms memory) {
        return _dueIn(5);
    }
}

/// @notice Taking what is settled off the watch.
contract PruneTest is OverdueRuleTest {
    function test_anyone_takes_off_what_is_settled_earliest_first() external {
        ReceivableId first = _owes(5);
        ReceivableId second = _owes(6);
        ReceivableId third = _owes(7);
        _pay(first, SMALL);
        _pay(second, SMALL);
        vm.prank(stranger);
        assertEq(gate.prune(obligor, 1), 1);
        _assertWatch(2, second);
        assertEq(gate.prune(obligor, 10), 1);
        _assertWatch(1, third);
    }

    function test_it_stops_at_one_that_is_not_settled() external {
        ReceivableId first = _owes(5);
        _pay(_owes(6), SMALL);
        assertEq(gate.prune(obligor, 10), 0);
        _assertWatch(2, first);
    }

    function test_it_ends_with_nothing_left() external {
        _pay(_owes(5), SMALL);
        assertEq(gate.prune(obligor, type(uint256).max), 1);
        _assertWatch(0, ReceivableId.wrap(0));
        assertEq(gate.prune(obligor, 10), 0);
    }

    function test_threat_72_a_long_tail_of_settled_ones_is_taken_off_in_portions() external {
        for (uint16 i = 0; i < 9; ++i) {
            _pay(_owes(5 + i), SMALL);
        }
        _after(30);
        Terms memory terms = _gatedTerms(SMALL);
        vm.expectRevert(abi.encodeWithSelector(IProgrammeRules.PruneFirst.selector, obligor, 8));
        _accepted(terms);
        gate.prune(obligor, 1);
        _accepted(terms);
        _assertWatch(1, ledger.idOf(terms));
    }

    function test_threat_72_an_overdue_one_behind_the_portion_is_not_overlooked() external {
        for (uint16 i = 0; i < 9; ++i) {
            _pay(_owes(5 + i), SMALL);
        }
        ReceivableId unpaid = _owes(20);
        _after(30);
        Terms memory terms = _gatedTerms(SMALL);
        vm.expectPartialRevert(IProgrammeRules.PruneFirst.selector);
        _accepted(terms);
        assertEq(gate.prune(obligor, 100), 9);
        vm.expectPartialRevert(IProgrammeRules.ObligorOverdue.selector);
        _accepted(terms);
        _assertWatch(1, unpaid);
    }
}
