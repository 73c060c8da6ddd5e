// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {GateRules} from "contracts/types/GateTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice A sandbox: one receivable is for 1,000,000 at most, all for 2,500,000, nothing after ten days.
contract LimitsTest is RulesTest {
    uint80 private constant _TOTAL = 2_500_000e6;

    uint16 private _last;

    function setUp() public override {
        super.setUp();
        GateRules memory rules;
        (rules.totalLimit, rules.faceLimit) = (_TOTAL, FACE);
        _last = uint16(block.timestamp / 1 days + 10);
        rules.lastIssueDay = _last;
        _guard(rules);
    }

    /* ONE */

    function test_a_receivable_is_for_the_limit_at_most() external {
        _issued(_gatedTerms(FACE));
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.FaceAboveLimit.selector, FACE + 1, FACE)
        );
        _issued(_gatedTerms(FACE + 1));
    }

    /* ALL */

    function test_the_total_is_reached_and_not_exceeded() external {
        _accepted(_gatedTerms());
        _accepted(_gatedTerms());
        _expectTotalExceeded(_TOTAL + 1, _TOTAL);
        _accepted(_gatedTerms(_TOTAL - 2 * FACE + 1));
        _accepted(_gatedTerms(_TOTAL - 2 * FACE));
        assertEq(gate.totalOf(gated), _TOTAL);
        _expectTotalExceeded(_TOTAL + 1, _TOTAL);
        _accepted(_gatedTerms(1));
    }

    function test_what_is_only_issued_does_not_count() external {
        for (uint256 i = 0; i < 4; ++i) {
            _issued(_gatedTerms());
        }
        assertEq(gate.totalOf(gated), 0);
    }

    function test_the_creditors_issue_counts_when_it_is_accepted() external {
        ReceivableId id = _issuedBefore(_gatedTerms());
        vm.expectEmit(address(gate));
        emit IProgrammeRules.FaceCounted(id, gated, FACE);
        _accept(id);
        assertEq(gate.totalOf(gated), FACE);
        assertEq(gate.countedFor(id), FACE);
    }

    function test_reverts_when_an_acceptance_would_exceed_the_total() external {
        ReceivableId waiting = _issuedBefore(_gatedTerms());
        _accepted(_gatedTerms());
        _accepted(_gatedTerms());
        _expectTotalExceeded(3 * FACE, _TOTAL);
        _accept(waiting);
    }

    function test_each_programme_has_a_total_of_its_own() external {
        _accepted(_gatedTerms());
        _accepted(_gatedTerms());
        uint16 first = gated;
        gated = _newGated();
        _accepted(_gatedTerms());
        assertEq(gate.totalOf(first), 2 * FACE);
        assertEq(gate.totalOf(gated), FACE);
    }

    /* UNTIL */

    function test_threat_67_nothing_is_issued_after_the_last_day() external {
        ReceivableId waiting = _issued(_gatedTerms());
        vm.warp((uint256(_last) + 1) * 1 days - 1);
        _issued(_gatedTerms());
        vm.warp((uint256(_last) + 1) * 1 days);
        Terms memory terms = _gatedTerms();
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.IssuesEnded.selector, _last, _last + 1)
        );
        _issued(terms);
        vm.expectPartialRevert(IProgrammeRules.IssuesEnded.selector);
        _accepted(terms);
        _assertStatus(waiting, Status.Lapsed);
    }

    function test_what_was_issued_in_time_is_accepted_later() external {
        vm.warp(uint256(_last) * 1 days);
        ReceivableId waiting = _issued(_gatedTerms());
        vm.warp((uint256(_last) + 2) * 1 days);
        _accept(waiting);
        _assertStatus(waiting, Status.Accepted);
    }

    /* IN WHAT */

    function test_reverts_when_the_programme_admits_every_currency() external {
        Programme memory rules = _programme();
        rules.gate = address(gate);
        Terms memory terms = _termsUnder(rules);
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.LimitNeedsCurrency.selector, terms.programme)
        );
        _issued(terms);
    }

    function test_the_limit_of_one_holds_without_a_total_and_counts_and_watches_nothing() external {
        GateRules memory asked;
        asked.faceLimit = FACE;
        _guard(asked);
        (ReceivableId id,) = _accepted(_gatedTerms(FACE));
        assertEq(gate.totalOf(gated), 0);
        assertEq(gate.countedFor(id), 0);
        vm.expectPartialRevert(IProgrammeRules.FaceAboveLimit.selector);
        _issued(_gatedTerms(FACE + 1));
    }

    function test_a_total_alone_needs_one_currency_and_watches_nobody() external {
        GateRules memory asked;
        asked.totalLimit = FACE;
        _guard(asked);
        _accepted(_gatedTerms(FACE));
        (uint256 count,,) = gate.watchOf(obligor);
        assertEq(count, 0);
        Programme memory rules = _programme();
        rules.gate = address(gate);
        Terms memory terms = _termsUnder(rules);
        vm.expectPartialRevert(IProgrammeRules.LimitNeedsCurrency.selector);
        _issued(terms);
    }

    function test_a_last_day_alone_needs_no_currency() external {
        GateRules memory asked;
        asked.lastIssueDay = _last;
        Programme memory rules = _programme();
        rules.gate = address(_newGate(asked));
        _issued(_termsUnder(rules));
    }
}

/// @notice Giving back to the total what is settled.
contract ReleaseTest is RulesTest {
    uint80 private constant _TOTAL = 2_000_000e6;

    function setUp() public override {
        super.setUp();
        GateRules memory rules;
        rules.totalLimit = _TOTAL;
        _guard(rules);
    }

    function test_anyone_gives_back_what_is_settled() external {
        (ReceivableId id,) = _accepted(_gatedTerms());
        _pay(id, FACE);
        assertEq(gate.totalOf(gated), FACE);
        vm.expectEmit(address(gate));
        emit IProgrammeRules.FaceReleased(id, gated, FACE);
        vm.prank(stranger);
        assertEq(gate.release(id), FACE);
        assertEq(gate.totalOf(gated), 0);
        assertEq(gate.countedFor(id), 0);
    }

    function test_there_is_room_again() external {
        (ReceivableId id,) = _accepted(_gatedTerms());
        _accepted(_gatedTerms());
        _expectTotalExceeded(_TOTAL + 1, _TOTAL);
        _accepted(_gatedTerms(1));
        _pay(id, FACE);
        gate.release(id);
        _accepted(_gatedTerms());
        assertEq(gate.totalOf(gated), _TOTAL);
    }

    function test_a_second_time_gives_back_nothing() external {
        (ReceivableId id,) = _accepted(_gatedTerms());
        _accepted(_gatedTerms());
        _pay(id, FACE);
        gate.release(id);
        assertEq(gate.release(id), 0);
        assertEq(gate.totalOf(gated), FACE);
    }

    function test_what_never_counted_gives_back_nothing() external {
        ReceivableId id = _issued(_gatedTerms());
        assertEq(gate.release(id), 0);
        vm.prank(creditor);
        ledger.cancel(id);
        assertEq(gate.release(id), 0);
        assertEq(gate.release(ReceivableId.wrap(1)), 0);
    }

    function test_the_whole_face_is_given_back_when_a_part_was_extinguished() external {
        (ReceivableId id, VoucherId voucher) = _accepted(_gatedTerms());
        VoucherId part = _splitOff(voucher, creditor, obligor, FACE / 2);
        vm.prank(obligor);
        ledger.extinguish(part);
        assertEq(gate.totalOf(gated), FACE);
        _pay(id, FACE / 2);
        assertEq(gate.release(id), FACE);
        assertEq(gate.totalOf(gated), 0);
    }

    function test_what_was_extinguished_whole_is_given_back() external {
        (ReceivableId id, VoucherId voucher) = _accepted(_gatedTerms());
        _give(voucher, creditor, obligor);
        vm.prank(obligor);
        ledger.extinguish(voucher);
        assertEq(gate.release(id), FACE);
    }

    function test_several_in_one_transaction() external {
        bytes[] memory calls = new bytes[](2);
        for (uint256 i = 0; i < calls.length; ++i) {
            (ReceivableId id,) = _accepted(_gatedTerms());
            _pay(id, FACE);
            calls[i] = abi.encodeCall(gate.release, (id));
        }
        Multicall(address(gate)).multicall(calls);
        assertEq(gate.totalOf(gated), 0);
    }

    function test_reverts_given_something_is_owed() external {
        (ReceivableId id,) = _accepted(_gatedTerms());
        _pay(id, FACE - 1);
        _expectStillCounts(id, Status.Accepted);
        gate.release(id);
        _warpToOverdue(id);
        _expectStillCounts(id, Status.Overdue);
        gate.release(id);
    }

    function test_reverts_given_only_a_guarantor_paid() external {
        (ReceivableId id,) = _accepted(_gatedTerms());
        _warpToOverdue(id);
        _fund(alice);
        _advance(id, alice, FACE);
        _expectStillCounts(id, Status.Overdue);
        gate.release(id);
    }

    function _expectStillCounts(ReceivableId id, Status status) private {
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.FaceStillCounts.selector, id, status)
        );
    }
}
