// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {Vm} from "forge-std/Vm.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Status} from "contracts/types/DataTypes.sol";
import {LoanState, LoanStatus} from "contracts/types/FinanceTypes.sol";
import {PledgeTest} from "./PledgeTest.sol";

/// @notice Whatever happens to a loan, in whatever order: repayments, redemptions, releases, foreclosure,
/// payments of the obligor, blocked and frozen parties, pauses, and days going by. Only what is due to
/// work is called, and then it has to.
contract SequencesTest is PledgeTest {
    uint256 private constant _STEPS = 25;

    /// @dev What the logs say, and nothing else.
    LoanState private _shadow;
    // What the last event of the book told of it.
    LoanState private _told;
    mapping(address party => uint256 units) private _kept;
    /// @dev All interest that came together so far.
    uint256 private _accrued;
    /// @dev What the lender took of the pledge, at its worth, and of what was kept for it.
    uint256 private _foreclosed;
    uint256 private _taken;

    BlocklistToken private _token;
    uint256 private _granule;
    uint256 private _lendersStart;
    bool private _lenderFrozen;
    bool private _borrowerFrozen;

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_10_a_lender_gets_its_due_and_no_more(uint256 seed) external {
        _token = new BlocklistToken();
        _use(_token);
        _granule = 1;
        _run(seed);
    }

    /// forge-config: default.fuzz.runs = 64
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_10_a_lender_gets_its_due_and_no_more_in_cents(uint256 seed) external {
        _use(new TestCurrency("Cents", "C", 2));
        _granule = 10_000;
        _run(seed);
    }

    /* THE RUN */

    function _run(uint256 seed) private {
        loan.advanceRate = uint32(bound(seed, 600_001, 1_000_000));
        loan.maturityDay = uint16(block.timestamp / 1 days + seed % 40);
        (loan.rate, loan.lateRate) = (uint32(seed % 3_000_000), uint32(3_000_000 + seed % 3));
        _open();
        _shadow = LoanState(LoanStatus.Open, PRINCIPAL, 0, uint16(block.timestamp / 1 days));
        _told = _shadow;
        _lendersStart = _units(lender);
        for (uint256 i = 0; i < _STEPS; ++i) {
            vm.recordLogs();
            _step(uint256(keccak256(abi.encode(seed, i))));
            _fold(vm.getRecordedLogs());
            _check();
        }
        _end();
    }

    function _step(uint256 dice) private {
        uint256 kind = dice % 10;
        uint256 more = dice >> 8;
        if (kind == 0) _stepRepay(more);
        else if (kind == 1) _stepCollect();
        else if (kind == 2) _stepRelease(more);
        else if (kind == 3) _stepForeclose();
        else if (kind == 4) _stepPay(more);
        else if (kind == 5) _after(more % 30);
        else if (kind == 6) _stepFreeze(more);
        else if (kind == 7) _stepPause();
        else if (kind == 8) _stepBlock(more);
        else _stepTake(more % 2 == 0 ? lender : borrower);
    }

    function _stepRepay(uint256 more) private {
        if (_state().principal == 0) return;
        uint256 amount = bound(more, 1, 2 * uint256(_owed()) / _granule) * _granule;
        if (more % 3 != 0) amount = bound(more, 1, 1000) * _granule;
        _repay(stranger, uint80(amount));
    }

    function _stepCollect() private {
        if (!_isHeld()) return;
        if (ledger.claimableOf(pledge) == 0 && ledger.statusOf(debt) != Status.Settled) return;
        book.collect(loan);
    }

    function _stepRelease(uint256 more) private {
        uint256 most = book.releasable(loan) / _granule;
        if (most == 0 || _borrowerFrozen || _isPaused()) return;
        _release(uint80(bound(more, 1, most) * _granule));
    }

    function _stepForeclose() private {
        if (_state().status != LoanStatus.Open || _lenderFrozen || _isPaused()) return;
        if (block.timestamp / 1 days <= uint256(loan.maturityDay) + loan.graceDays) return;
        uint80 owed = _owed();
        (, uint80 value, uint80 claimed) = ledger.positionOf(pledge);
        uint80 worth = value - claimed;
        (, value, claimed) = ledger.positionOf(_foreclose());
        assertEq(value - claimed, owed < worth ? owed : worth, "taken");
        _foreclosed += value - claimed;
    }

    function _stepPay(uint256 more) private {
        if (ledger.statusOf(debt) == Status.Settled) return;
        uint256 most = FACE / _granule;
        _pay(debt, bound(more, 1, more % 4 == 0 ? most : most / 10) * _granule);
    }

    function _stepFreeze(uint256 more) private {
        if (more % 2 == 0) {
            _lenderFrozen = !_lenderFrozen;
            ledger.freezeParty(lender, _lenderFrozen ? FOREVER : 0, REASON);
        } else {
            _borrowerFrozen = !_borrowerFrozen;
            ledger.freezeParty(borrower, _borrowerFrozen ? FOREVER : 0, REASON);
        }
    }

    function _stepPause() private {
        if (_isPaused()) ledger.unpause();
        else if (block.timestamp > uint256(ledger.pausedUntil()) + 1 days) _pause();
    }

    function _stepBlock(uint256 more) private {
        if (address(_token) == address(0)) return;
        address party = more % 2 == 0 ? lender : borrower;
        _token.setBlocked(party, !_token.isBlocked(party));
    }

    function _stepTake(address party) private {
        bool frozen = party == lender ? _lenderFrozen : _borrowerFrozen;
        if (book.keptFor(party, loan.currency) == 0 || frozen) return;
        uint80 amount = book.keptFor(party, loan.currency);
        vm.prank(party);
        assertEq(book.takeKept(loan.currency, bob), amount);
        if (party == lender) _taken += amount;
    }

    /// @dev The obligor pays, everything is lifted: all of it is paid out, and nothing stays behind.
    function _end() private {
        if (_isPaused()) ledger.unpause();
        if (ledger.statusOf(debt) != Status.Settled) _pay(debt, FACE);
        vm.recordLogs();
        if (_isHeld()) book.collect(loan);
        _fold(vm.getRecordedLogs());
        _check();
        assertEq(ledger.balanceOf(address(book)), 0, "the book holds nothing");
        assertEq(uint8(_state().status), uint8(LoanStatus.Closed));
    }

    /* WHAT MUST HOLD */

    function _check() private view {
        LoanState memory state = _state();
        assertEq(uint8(state.status), uint8(_shadow.status), "12: status");
        assertEq(state.principal, _shadow.principal, "12: principal");
        assertEq(state.interest, _shadow.interest, "12: interest");
        assertEq(state.since, _shadow.since, "12: since");
        assertEq(state.principal, _told.principal, "12: principal told");
        assertEq(state.interest, _told.interest, "12: interest told");
        assertEq(state.since, _told.since, "12: day told");
        assertEq(book.keptFor(lender, loan.currency), _kept[lender], "12: kept");
        assertEq(_units(address(book)), _kept[lender] + _kept[borrower], "the book's cash");
        // 10: it is there until it goes by one of the three.
        bool open = state.status == LoanStatus.Open || state.status == LoanStatus.Repaid;
        assertEq(_isHeld(), open, "10: the pledge");
        assertEq(state.principal != 0, state.status == LoanStatus.Open || (!open && _owed() != 0));
        // The lender's due, to the unit; what is less than a granule at the end is dropped.
        uint256 got = _units(lender) - _lendersStart + _kept[lender] + _taken + _foreclosed;
        uint256 due = uint256(PRINCIPAL) + _accrued;
        uint256 left = uint256(state.principal) + state.interest;
        assertLe(got + left, due, "more than due");
        assertLt(due - got - left, _granule, "less than due");
    }

    function _isHeld() private view returns (bool) {
        try ledger.ownerOf(_raw(pledge)) returns (address holder) {
            return holder == address(book);
        } catch {
            return false;
        }
    }

    function _isPaused() private view returns (bool) {
        return ledger.pausedUntil() >= block.timestamp;
    }

    function _units(address party) private view returns (uint256) {
        return _balance(party) * _granule;
    }

    /* THE SHADOW */

    function _fold(Vm.Log[] memory logs) private {
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 kind = logs[i].topics[0];
            if (logs[i].emitter == address(ledger)) {
                if (kind == ISettlement.Redeemed.selector) _foldRedeemed(logs[i]);
            } else if (logs[i].emitter == address(book)) {
                _foldLoan(kind, logs[i]);
            }
        }
    }

    function _foldRedeemed(Vm.Log memory log) private {
        (, uint256 value,) = abi.decode(log.data, (address, uint256, uint256));
        if (uint256(log.topics[1]) == _raw(pledge) && value != 0) {
            _shadow.status = LoanStatus.Closed;
        }
    }

    function _foldLoan(bytes32 kind, Vm.Log memory log) private {
        if (kind == IPledgeBook.LoanPaid.selector) {
            _accrue();
            (uint80 interest, uint80 principal) = abi.decode(log.data, (uint80, uint80));
            _shadow.interest -= interest;
            _shadow.principal -= principal;
        } else if (kind == IPledgeBook.LoanReckoned.selector) {
            _foldReckoned(log);
        } else if (kind == IPledgeBook.PledgeForeclosed.selector) {
            _foldForeclosed(log);
        } else if (kind == IPledgeBook.PledgeReleased.selector) {
            if (uint256(log.topics[2]) == _raw(pledge)) _shadow.status = LoanStatus.Closed;
        } else if (kind == IPledgeBook.MoneyKept.selector) {
            _kept[_party(log)] += abi.decode(log.data, (uint80));
        } else if (kind == IPledgeBook.MoneyTaken.selector) {
            (, uint80 amount) = abi.decode(log.data, (address, uint80));
            _kept[_party(log)] -= amount;
        }
    }

    function _foldReckoned(Vm.Log memory log) private {
        (_told.principal, _told.interest, _told.since) =
            abi.decode(log.data, (uint80, uint80, uint16));
        if (_told.principal != 0) return;
        _accrue();
        (_shadow.principal, _shadow.interest) = (0, 0);
        if (_shadow.status == LoanStatus.Open) _shadow.status = LoanStatus.Repaid;
    }

    function _foldForeclosed(Vm.Log memory log) private {
        (uint80 settled,) = abi.decode(log.data, (uint80, uint80));
        if (_shadow.principal != 0) {
            _accrue();
            uint80 interest = _shadow.interest - uint80(_shadow.interest % _granule);
            if (interest > settled) interest = settled;
            _shadow.interest -= interest;
            _shadow.principal -= settled - interest;
        }
        if (uint256(log.topics[2]) == _raw(pledge)) _shadow.status = LoanStatus.Closed;
    }

    /// @dev Day by day, as the words of the loan have it.
    function _accrue() private {
        if (_shadow.principal == 0) return;
        uint256 today = block.timestamp / 1 days;
        uint256 rates;
        for (uint256 day = _shadow.since; day < today; ++day) {
            rates += day < uint256(loan.maturityDay) + loan.graceDays ? loan.rate : loan.lateRate;
        }
        uint256 more = uint256(_shadow.principal) * rates / 360e6;
        _accrued += more;
        _shadow.interest += uint80(more);
        _shadow.since = uint16(today);
    }

    function _party(Vm.Log memory log) private pure returns (address) {
        return address(uint160(uint256(log.topics[1])));
    }
}
