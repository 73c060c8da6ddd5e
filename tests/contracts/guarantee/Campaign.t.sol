// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {Vm} from "forge-std/Vm.sol";

import {Receivable, Status} from "contracts/types/DataTypes.sol";
import {Aval, AvalState} from "contracts/types/FinanceTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice Any sequence of payments, advances, calls, freezes and releases over two receivables, one aval
/// for the first and a line over both: what must hold holds after each step, what each call draws is
/// foretold, and the events alone rebuild every aval.
contract CampaignTest is GuaranteeTest {
    uint256 private constant _STEPS = 24;

    /// @dev What the events say of an aval.
    struct Rebuilt {
        bool given;
        uint80 called;
        uint80 margin;
        uint80 dishonoured;
    }

    ReceivableId[2] private _ids;
    Aval[2] private _offered;
    bytes32[2] private _given_;
    bool private _frozen;

    mapping(bytes32 aval => Rebuilt) private _rebuilt;
    mapping(bytes32 aval => mapping(ReceivableId id => uint80)) private _recorded;

    function setUp() public override {
        super.setUp();
        _ids[0] = receivable;
        (_ids[1],) = _accepted(_termsOf(FACE / 2));
        _offered[0] = _aval();
        _offered[1] = _line();
        _fund(bob);
        vm.recordLogs();
        for (uint256 i = 0; i < 2; ++i) {
            _given_[i] = _given(_offered[i]);
        }
        _warpToOverdue(receivable);
    }

    function test_threat_31_fuzz_no_sequence_draws_beyond_cap_or_lack(uint256 seed) external {
        for (uint256 step = 0; step < _STEPS; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            _act(seed);
            _assertSound();
        }
        _assertRebuilt();
        _finish();
    }

    /* STEPS */

    function _act(uint256 seed) private {
        uint256 act = seed % 16;
        uint256 i = (seed >> 8) % 2;
        uint256 k = (seed >> 16) % 2;
        uint80 amount = uint80(bound(seed >> 32, 1, FACE / 4));
        if (act == 0) _payIn(_ids[k], amount);
        else if (act == 1) _advanceIn(_ids[k], amount);
        else if (act == 2) _allow(guarantor, cash, amount * ((seed >> 24) % 2));
        else if (act == 3) _allow(guarantor, cash, type(uint256).max);
        else if (act == 4) _freezeOrNot();
        else if (act == 5) _addMargin(i, amount);
        else if (act == 6) _release(i);
        else if (act == 7) _clear(i, _ids[k]);
        else if (act == 8 && (seed >> 24) % 4 == 0) vm.warp(block.timestamp + 60 days);
        else _callAndCompare(i, _ids[k]);
    }

    function _payIn(ReceivableId id, uint80 amount) private {
        if (ledger.statusOf(id) == Status.Overdue) _pay(id, amount);
    }

    function _advanceIn(ReceivableId id, uint80 amount) private {
        if (_lacking(id) != 0) _advance(id, bob, amount);
    }

    function _freezeOrNot() private {
        _frozen = !_frozen;
        ledger.freezeParty(guarantor, _frozen ? FOREVER : 0, REASON);
    }

    function _addMargin(uint256 i, uint80 amount) private {
        AvalState memory state = book.stateOf(_given_[i]);
        uint80 room = CAP - state.called - state.margin;
        if (amount > room) amount = room;
        if (_frozen || amount == 0 || cash.allowance(guarantor, address(book)) < amount) return;
        vm.prank(guarantor);
        book.addMargin(_offered[i], amount);
    }

    function _release(uint256 i) private {
        AvalState memory state = book.stateOf(_given_[i]);
        bool over = block.timestamp > _offered[i].expiry && state.dishonoured == 0;
        bool done = i == 0 && _lacking(_ids[0]) == 0;
        if (state.margin == 0) {
            vm.expectPartialRevert(IGuaranteeBook.NothingToRelease.selector);
        } else if (!over && !done) {
            vm.expectPartialRevert(IGuaranteeBook.MarginStillNeeded.selector);
        } else if (_frozen) {
            _expectFrozen(guarantor);
        }
        book.release(_offered[i]);
    }

    function _clear(uint256 i, ReceivableId id) private {
        uint80 lacking = _lacking(id);
        if (lacking >= book.dishonouredOn(_given_[i], id)) {
            vm.expectPartialRevert(IGuaranteeBook.DishonourStands.selector);
            book.clear(_given_[i], id);
            return;
        }
        assertEq(book.clear(_given_[i], id), lacking);
    }

    /// @dev Calls, and says beforehand how it ends.
    function _callAndCompare(uint256 i, ReceivableId id) private {
        uint80 recorded = book.dishonouredOn(_given_[i], id);
        uint80 amount = _foretold(i, id, recorded);
        if (i == 0 && !(id == _ids[0])) {
            vm.expectPartialRevert(IGuaranteeBook.NotCovered.selector);
        } else if (ledger.statusOf(id) != Status.Overdue) {
            _expectWrongStatus(id, Status.Settled, Status.Overdue);
        } else if (block.timestamp > _offered[i].expiry && recorded == 0) {
            vm.expectPartialRevert(IGuaranteeBook.AvalExpired.selector);
        } else if (amount == 0) {
            _expectNothingToCall(_given_[i], id);
        } else {
            _callFor(i, id, amount);
            return;
        }
        _call(_offered[i], id);
    }

    function _foretold(uint256 i, ReceivableId id, uint80 recorded) private view returns (uint80) {
        AvalState memory state = book.stateOf(_given_[i]);
        uint80 free = CAP - state.called - (state.dishonoured - recorded);
        if (block.timestamp > _offered[i].expiry) free = recorded;
        uint80 lacking = _lacking(id);
        return free < lacking ? free : lacking;
    }

    function _callFor(uint256 i, ReceivableId id, uint80 amount) private {
        (uint80 promised, uint80 secured) = book.callable(_offered[i], id);
        assertEq(promised, amount, "callable");
        uint80 lacking = _lacking(id);
        uint80 expected = _frozen ? 0 : secured;
        bool pays = cash.allowance(guarantor, address(book)) >= amount - secured;
        if (!_frozen && pays) expected = amount;
        (uint80 paid, uint80 dishonoured) = _call(_offered[i], id);
        assertEq(paid, expected, "paid");
        assertEq(dishonoured, amount - expected, "dishonoured");
        assertEq(_lacking(id), lacking - paid, "lacking");
    }

    /* WHAT MUST HOLD */

    function _assertSound() private view {
        uint256 margins;
        uint256 called;
        for (uint256 i = 0; i < 2; ++i) {
            AvalState memory state = book.stateOf(_given_[i]);
            margins += state.margin;
            called += state.called;
            assertLe(uint256(state.called) + state.dishonoured, CAP, "called and dishonoured");
            assertLe(uint256(state.called) + state.margin, CAP, "called and margin");
            uint256 recorded = uint256(book.dishonouredOn(_given_[i], _ids[0]))
                + book.dishonouredOn(_given_[i], _ids[1]);
            assertEq(state.dishonoured, recorded, "dishonoured is the sum of the records");
        }
        _assertHolds(cash, margins);
        assertEq(cash.balanceOf(guarantor) + margins + called, PURSE, "the guarantor's cash");
        for (uint256 k = 0; k < 2; ++k) {
            Receivable memory row = ledger.receivableOf(_ids[k]);
            assertLe(row.advanced, row.face, "advanced");
        }
    }

    /// @dev The obligor pays all: the guarantor gets back all that it was called for, in order, and every
    /// margin; nothing is left in the book or the ledger.
    function _finish() private {
        ledger.freezeParty(guarantor, 0, REASON);
        _frozen = false;
        for (uint256 k = 0; k < 2; ++k) {
            if (ledger.statusOf(_ids[k]) == Status.Overdue) _pay(_ids[k], FACE);
            _reimburseAll(_ids[k]);
            _redeem(_ids[k].firstVoucher());
        }
        vm.warp(block.timestamp + 400 days);
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 k = 0; k < 2; ++k) {
                if (book.dishonouredOn(_given_[i], _ids[k]) != 0) book.clear(_given_[i], _ids[k]);
            }
            assertEq(book.stateOf(_given_[i]).dishonoured, 0);
            if (book.stateOf(_given_[i]).margin != 0) book.release(_offered[i]);
        }
        assertEq(cash.balanceOf(guarantor), PURSE);
        assertEq(cash.balanceOf(address(ledger)), 0);
        _assertHolds(cash, 0);
    }

    function _reimburseAll(ReceivableId id) private {
        uint256 start;
        while (start < ledger.receivableOf(id).advanced) {
            uint80 amount = ledger.advanceOf(id, start).amount;
            assertEq(ledger.reimburse(id, start), amount);
            start += amount;
        }
    }

    /* EVENTS */

    function _assertRebuilt() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 n = 0; n < logs.length; ++n) {
            if (logs[n].emitter == address(book)) _apply(logs[n]);
        }
        for (uint256 i = 0; i < 2; ++i) {
            Rebuilt memory rebuilt = _rebuilt[_given_[i]];
            assertTrue(rebuilt.given);
            _assertState(_given_[i], rebuilt.called, rebuilt.margin, rebuilt.dishonoured);
            for (uint256 k = 0; k < 2; ++k) {
                assertEq(_recorded[_given_[i]][_ids[k]], book.dishonouredOn(_given_[i], _ids[k]));
            }
        }
    }

    function _apply(Vm.Log memory log) private {
        bytes32 kind = log.topics[0];
        Rebuilt storage aval = _rebuilt[log.topics[1]];
        if (kind == IGuaranteeBook.AvalGiven.selector) {
            (aval.given, aval.margin) = (true, abi.decode(log.data, (Aval)).margin);
        } else if (kind == IGuaranteeBook.MarginAdded.selector) {
            aval.margin += abi.decode(log.data, (uint80));
        } else if (kind == IGuaranteeBook.MarginReleased.selector) {
            aval.margin -= abi.decode(log.data, (uint80));
        } else if (kind == IGuaranteeBook.DishonourCleared.selector) {
            _record(log, abi.decode(log.data, (uint80)));
        } else {
            assertEq(kind, IGuaranteeBook.AvalCalled.selector);
            (uint80 fromMargin, uint80 fromAllowance, uint80 dishonoured) =
                abi.decode(log.data, (uint80, uint80, uint80));
            aval.called += fromMargin + fromAllowance;
            aval.margin -= fromMargin;
            _record(log, dishonoured);
        }
    }

    function _record(Vm.Log memory log, uint80 dishonoured) private {
        ReceivableId id = ReceivableId.wrap(uint192(uint256(log.topics[2])));
        uint80 before = _recorded[log.topics[1]][id];
        _recorded[log.topics[1]][id] = dishonoured;
        Rebuilt storage aval = _rebuilt[log.topics[1]];
        aval.dishonoured = aval.dishonoured - before + dishonoured;
    }

    function _lacking(ReceivableId id) private view returns (uint80) {
        Receivable memory row = ledger.receivableOf(id);
        uint256 coverage = uint256(row.paid) + row.advanced;
        return coverage < row.face ? uint80(row.face - coverage) : 0;
    }
}
