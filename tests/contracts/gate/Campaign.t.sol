// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";
import {IReceivables} from "contracts/interfaces/IReceivables.sol";
import {Vm} from "forge-std/Vm.sol";

import {Terms} from "contracts/types/DataTypes.sol";
import {GateRules} from "contracts/types/GateTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice Any sequence of issues, acceptances, payments, releases and prunings by two obligors over weeks: each is
/// foretold by a model of its own, which keeps a plain list and looks through all of it; invariants G1 and G2
/// hold after each step; events rebuild all.
contract GateCampaignTest is RulesTest {
    uint256 private constant _STEPS = 40;
    uint80 private constant _TOTAL = 700;
    uint256 private constant _GRACE = 3;
    uint256 private constant _PORTION = 8;

    /// @dev What a receivable is thought to be.
    struct Thought {
        ReceivableId id;
        address obligor;
        uint80 face;
        uint80 owed;
        uint256 lastDay;
        bool counted;
        bool watched;
    }

    address[2] private _obligors;
    Thought[] private _all;
    // Issued by the creditor, waiting for acceptance.
    Thought[] private _waiting;
    mapping(address obligor => mapping(ReceivableId id => uint256 lastDay)) private _rebuiltWatch;
    mapping(address obligor => uint256) private _rebuiltCount;
    uint256 private _rebuiltTotal;
    // Whether the step is foretold to be refused: what was emitted before is void then.
    bool private _refused;

    function setUp() public override {
        super.setUp();
        _obligors = [obligor, bob];
        _fund(bob);
        GateRules memory rules;
        (rules.totalLimit, rules.stopOnOverdue) = (_TOTAL, true);
        _guard(rules);
    }

    /// forge-config: ci.fuzz.runs = 500
    function test_invariant_G1_G2_fuzz_no_sequence_dodges_the_limit_or_the_stop(uint256 seed)
        external
    {
        vm.recordLogs();
        for (uint256 step = 0; step < _STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            _refused = false;
            _act(seed);
            _rebuild();
            _assertAsThought();
        }
        _assertRebuilt();
    }

    /* STEPS */

    function _act(uint256 seed) private {
        uint256 act = seed % 16;
        uint256 which = seed >> 16;
        if (act < 4) _issueAndAccept(_draft(seed));
        else if (act < 6) _issueOnly(_draft(seed));
        else if (act < 8) _acceptWaiting(which);
        else if (act < 12) _payOne(which, seed >> 64);
        else if (act == 12) _releaseOne(which);
        else if (act == 13) _pruneOne(_obligors[which % 2], (seed >> 64) % 4);
        else vm.warp(block.timestamp + (seed >> 64) % 5 days);
    }

    function _draft(uint256 seed) private returns (Terms memory terms) {
        terms = _gatedTerms(uint80(bound(seed >> 32, 1, 120)));
        terms.obligor = _obligors[(seed >> 8) % 2];
        // Below the acceptance period, so that it can be accepted until it is due.
        terms.dueDay = uint16(block.timestamp / 1 days + (seed >> 24) % 10);
    }

    function _issueAndAccept(Terms memory terms) private {
        Thought memory thought = _think(terms);
        bool passes = _expect(thought);
        vm.prank(terms.obligor);
        ledger.issue(terms);
        if (passes) _adopt(thought);
    }

    function _issueOnly(Terms memory terms) private {
        _waiting.push(_think(terms));
        _issued(terms);
    }

    function _acceptWaiting(uint256 which) private {
        if (_waiting.length == 0) return;
        which %= _waiting.length;
        Thought memory thought = _waiting[which];
        // A due day that is over is a lapse, whatever the gate would say.
        bool lapsed = block.timestamp / 1 days > thought.lastDay - _GRACE;
        bool passes = !lapsed && _expect(thought);
        if (lapsed) vm.expectPartialRevert(IReceivables.AcceptancePeriodOver.selector);
        vm.prank(thought.obligor);
        ledger.accept(thought.id);
        if (passes) _adopt(thought);
        else if (!lapsed) return;
        _waiting[which] = _waiting[_waiting.length - 1];
        _waiting.pop();
    }

    function _payOne(uint256 which, uint256 amount) private {
        if (_all.length == 0) return;
        Thought storage thought = _all[which % _all.length];
        if (thought.owed == 0) return;
        // Every other payment is in full.
        if (amount % 2 == 0) amount = thought.owed;
        else amount = bound(amount, 1, thought.owed);
        vm.prank(thought.obligor);
        ledger.pay(thought.id, amount);
        thought.owed -= uint80(amount);
    }

    function _releaseOne(uint256 which) private {
        if (_all.length == 0) return;
        Thought storage thought = _all[which % _all.length];
        if (thought.counted && thought.owed != 0) {
            vm.expectPartialRevert(IProgrammeRules.FaceStillCounts.selector);
            gate.release(thought.id);
            return;
        }
        assertEq(gate.release(thought.id), thought.counted ? thought.face : 0, "given back");
        thought.counted = false;
    }

    function _pruneOne(address who, uint256 most) private {
        uint256 dropped;
        for (; dropped < most; ++dropped) {
            (bool found, uint256 first) = _earliest(who);
            if (!found || _all[first].owed != 0) break;
            _all[first].watched = false;
        }
        assertEq(gate.prune(who, most), dropped, "dropped");
    }

    /* THE MODEL */

    function _think(Terms memory terms) private view returns (Thought memory) {
        uint256 lastDay = terms.dueDay + _GRACE;
        ReceivableId id = ledger.idOf(terms);
        return Thought(id, terms.obligor, terms.face, terms.face, lastDay, true, true);
    }

    function _adopt(Thought memory thought) private {
        for (uint256 i = 0; i < _all.length; ++i) {
            Thought storage each = _all[i];
            bool over = block.timestamp / 1 days > each.lastDay;
            if (each.obligor == thought.obligor && over) each.watched = false;
        }
        _all.push(thought);
    }

    /// @dev Expects what an acceptance will meet; whether it passes.
    function _expect(Thought memory thought) private returns (bool) {
        (bool unpaid, uint256 settledBefore) = _overdueOf(thought.obligor);
        if (settledBefore > _PORTION) {
            vm.expectPartialRevert(IProgrammeRules.PruneFirst.selector);
        } else if (unpaid) {
            vm.expectPartialRevert(IProgrammeRules.ObligorOverdue.selector);
        } else if (_total() + thought.face > _TOTAL) {
            vm.expectPartialRevert(IProgrammeRules.TotalLimitExceeded.selector);
        } else {
            return true;
        }
        _refused = true;
        return false;
    }

    /// @dev Whether something is overdue, and how many settled ones whose grace is over come before it.
    function _overdueOf(address who) private view returns (bool unpaid, uint256 settledBefore) {
        uint256 first = type(uint256).max;
        for (uint256 i = 0; i < _all.length; ++i) {
            if (_isOver(i, who) && _all[i].owed != 0) first = _min(first, _keyOf(_all[i]));
        }
        unpaid = first != type(uint256).max;
        for (uint256 i = 0; i < _all.length; ++i) {
            if (_isOver(i, who) && _keyOf(_all[i]) < first) ++settledBefore;
        }
    }

    function _isOver(uint256 i, address who) private view returns (bool) {
        Thought storage each = _all[i];
        return each.watched && each.obligor == who && block.timestamp / 1 days > each.lastDay;
    }

    function _earliest(address who) private view returns (bool found, uint256 which) {
        for (uint256 i = 0; i < _all.length; ++i) {
            if (!_all[i].watched || _all[i].obligor != who) continue;
            if (!found || _keyOf(_all[i]) < _keyOf(_all[which])) (found, which) = (true, i);
        }
    }

    function _total() private view returns (uint256 total) {
        for (uint256 i = 0; i < _all.length; ++i) {
            if (_all[i].counted) total += _all[i].face;
        }
    }

    /// @dev By last day, then by id: the order is the heap's, found by looking through all.
    function _keyOf(Thought memory thought) private pure returns (uint256) {
        return (thought.lastDay << 192) | ReceivableId.unwrap(thought.id);
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    /* WHAT MUST HOLD */

    function _assertAsThought() private view {
        assertEq(gate.totalOf(gated), _total(), "the total is the sum of what counts");
        assertLe(gate.totalOf(gated), _TOTAL, "and within the limit");
        for (uint256 k = 0; k < 2; ++k) {
            (uint256 count, ReceivableId first, uint256 lastDay) = gate.watchOf(_obligors[k]);
            assertEq(count, _watchedOf(_obligors[k]), "how many are watched");
            (bool found, uint256 which) = _earliest(_obligors[k]);
            if (!found) continue;
            assertTrue(first == _all[which].id, "the earliest");
            assertEq(lastDay, _all[which].lastDay, "its last day");
        }
    }

    function _watchedOf(address who) private view returns (uint256 count) {
        for (uint256 i = 0; i < _all.length; ++i) {
            if (_all[i].watched && _all[i].obligor == who) ++count;
        }
    }

    function _rebuild() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length && !_refused; ++i) {
            if (logs[i].emitter == address(gate)) _replay(logs[i]);
        }
    }

    /// @dev All that the gate remembers, from its events alone.
    function _assertRebuilt() private view {
        assertEq(_rebuiltTotal, gate.totalOf(gated), "rebuilt total");
        for (uint256 i = 0; i < _all.length; ++i) {
            uint256 lastDay = _rebuiltWatch[_all[i].obligor][_all[i].id];
            assertEq(lastDay, _all[i].watched ? _all[i].lastDay : 0, "rebuilt watch");
            assertEq(gate.countedFor(_all[i].id), _all[i].counted ? _all[i].face : 0, "counted");
        }
        for (uint256 k = 0; k < 2; ++k) {
            (uint256 count,,) = gate.watchOf(_obligors[k]);
            assertEq(_rebuiltCount[_obligors[k]], count, "rebuilt count");
        }
    }

    function _replay(Vm.Log memory log) private {
        bytes32 topic = log.topics[0];
        ReceivableId id = ReceivableId.wrap(uint192(uint256(log.topics[1])));
        address who = address(uint160(uint256(log.topics[2])));
        if (topic == IProgrammeRules.FaceCounted.selector) {
            _rebuiltTotal += abi.decode(log.data, (uint80));
        } else if (topic == IProgrammeRules.FaceReleased.selector) {
            _rebuiltTotal -= abi.decode(log.data, (uint80));
        } else if (topic == IProgrammeRules.ReceivableWatched.selector) {
            _rebuiltWatch[who][id] = abi.decode(log.data, (uint256));
            ++_rebuiltCount[who];
        } else {
            delete _rebuiltWatch[who][id];
            --_rebuiltCount[who];
        }
    }
}
