// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme} from "contracts/types/DataTypes.sol";
import {LoanStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {PledgeTest} from "./PledgeTest.sol";

contract ForecloseTest is PledgeTest {
    /* WHAT IT DOES */

    function test_the_lender_takes_what_is_owed_and_the_rest_goes_back() external {
        bytes32 id = _open();
        _warpToDefault();
        uint80 owed = _owed();
        VoucherId part = VoucherId.wrap(_raw(pledge) + 1);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanReckoned(id, 0, 0, uint16(block.timestamp / 1 days));
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeForeclosed(id, part, owed, 0);
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeReleased(id, pledge, FACE - owed);
        assertEq(_raw(_foreclose()), _raw(part));
        _assertVoucher(part, lender, owed);
        _assertVoucher(pledge, borrower, FACE - owed);
        _assertLoan(LoanStatus.Closed, 0);
        assertEq(_hopsOf(part), 0);
    }

    function test_if_less_is_there_the_lender_takes_all_and_the_rest_stays_owed() external {
        (loan.advanceRate, loan.principal) = (1_000_000, FACE);
        bytes32 id = _open();
        _warpToDefault();
        uint80 unpaid = _owed() - FACE;
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeForeclosed(id, pledge, FACE, unpaid);
        assertEq(_raw(_foreclose()), _raw(pledge));
        _assertVoucher(pledge, lender, FACE);
        _assertLoan(LoanStatus.Closed, unpaid);
        _expectMissing();
        _foreclose();
        _expectMissing();
        book.collect(loan);
        _repay(borrower, type(uint80).max);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_if_just_enough_is_there_nothing_stays_owed() external {
        (loan.advanceRate, loan.principal) = (1_000_000, FACE);
        (loan.rate, loan.lateRate) = (0, 0);
        _open();
        _warpToDefault();
        _foreclose();
        _assertVoucher(pledge, lender, FACE);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_of_a_claimed_pledge_the_lender_gets_what_is_owed_to_the_unit() external {
        _open();
        _pay(debt, FACE / 3);
        book.collect(loan);
        _warpToDefault();
        uint80 owed = _owed();
        VoucherId part = _foreclose();
        (, uint80 value, uint80 claimed) = ledger.positionOf(part);
        assertEq(value - claimed, owed);
        _assertLoan(LoanStatus.Closed, 0);
        _pay(debt, FACE);
        assertEq(_redeem(part), owed);
        assertEq(_redeem(pledge), FACE - FACE / 3 - owed);
    }

    /// @dev Whatever was claimed before, and in whatever granule.
    function testFuzz_threat_23_a_part_is_worth_what_is_owed_exactly(
        uint256 face,
        uint256 paid,
        uint256 lent,
        uint256 wait,
        bool cents
    ) external {
        uint256 granule = cents ? 10_000 : 1;
        if (cents) _use(new TestCurrency("Cents", "C", 2));
        (uint80 whole, uint8 currency) =
            (uint80(bound(face, 100, FACE / granule) * granule), loan.currency);
        (debt, pledge) = _newDebt(whole, currency);
        _prepare();
        loan.advanceRate = 1_000_000;
        loan.principal = uint80(bound(lent, 1, whole / granule) * granule);
        _open();
        _pay(debt, bound(paid, 1, whole / granule - 1) * granule);
        if (ledger.claimableOf(pledge) != 0) book.collect(loan);
        if (_state().status != LoanStatus.Open) return;
        vm.warp((uint256(loan.maturityDay) + 6 + bound(wait, 0, 500)) * 1 days);
        uint80 owed = _owed();
        (, uint80 value, uint80 claimed) = ledger.positionOf(pledge);
        uint80 worth = value - claimed;
        VoucherId got = _foreclose();
        (address holder, uint80 gotValue, uint80 gotClaimed) = ledger.positionOf(got);
        assertEq(holder, lender);
        assertEq(gotValue - gotClaimed, owed < worth ? owed : worth);
        assertEq(_owed(), owed < worth ? 0 : owed - worth);
    }

    function test_threat_29_what_came_in_is_collected_first_and_after() external {
        _open();
        _warpToDefault();
        _pay(debt, FACE);
        uint80 owed = _owed();
        VoucherId part = _foreclose();
        assertEq(_redeem(part), owed);
        _expectMissing();
        book.collect(loan);
        assertEq(_redeem(pledge), FACE - owed);
    }

    function test_threat_27_a_payment_before_it_leaves_nothing_to_foreclose() external {
        _open();
        _warpToDefault();
        _pay(debt, FACE);
        book.collect(loan);
        _expectMissing();
        _foreclose();
    }

    function test_given_the_borrower_may_not_receive_the_rest_stays_for_it() external {
        _open();
        _warpToDefault();
        _freezeParty(borrower);
        uint80 owed = _owed();
        _foreclose();
        _assertLoan(LoanStatus.Repaid, 0);
        _assertVoucher(pledge, address(book), FACE - owed);
        _expectNotIn(LoanStatus.Repaid, LoanStatus.Open);
        _foreclose();
        ledger.freezeParty(borrower, 0, REASON);
        book.release(loan, FACE - owed);
        _assertVoucher(pledge, borrower, FACE - owed);
    }

    /* WHEN */

    function test_threat_24_not_on_the_last_day_of_grace_but_on_the_next() external {
        _open();
        uint256 lastDay = uint256(loan.maturityDay) + loan.graceDays;
        uint256[4] memory times = [
            (lastDay - 1) * 1 days,
            uint256(loan.maturityDay) * 1 days,
            (uint256(loan.maturityDay) + 1) * 1 days,
            (lastDay + 1) * 1 days - 1
        ];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IPledgeBook.NotInDefault.selector, _id(), lastDay, times[i] / 1 days
                )
            );
            _foreclose();
        }
        vm.warp(times[3] + 1);
        _foreclose();
    }

    function test_threat_24_without_grace_on_the_day_after_maturity() external {
        loan.graceDays = 0;
        _open();
        vm.warp((uint256(loan.maturityDay) + 1) * 1 days - 1);
        vm.expectPartialRevert(IPledgeBook.NotInDefault.selector);
        _foreclose();
        vm.warp(block.timestamp + 1);
        _foreclose();
    }

    function test_threat_33_the_last_days_of_16_bits_do_not_come_early() external {
        (loan.maturityDay, loan.graceDays) = (type(uint16).max, type(uint16).max);
        _open();
        vm.expectPartialRevert(IPledgeBook.NotInDefault.selector);
        _foreclose();
    }

    /* WHO */

    function test_reverts_when_another_forecloses() external {
        _open();
        _warpToDefault();
        _expectNotEntitled(borrower, lender);
        vm.prank(borrower);
        book.foreclose(loan);
    }

    function test_threat_37_reverts_given_the_lender_may_not_receive() external {
        _open();
        _warpToDefault();
        _unverify(lender);
        _expectNotVerified(lender);
        _foreclose();
        _verify(lender);
        _freezeParty(lender);
        _expectFrozen(lender);
        _foreclose();
    }

    function test_threat_35_reverts_given_a_pause() external {
        _open();
        _warpToDefault();
        _pause();
        _expectPaused();
        _foreclose();
    }

    function test_reverts_given_it_was_never_opened_or_is_repaid() external {
        _warpToDefault();
        _expectMissing();
        _foreclose();
        _prepare();
        loan.maturityDay = uint16(block.timestamp / 1 days);
        _open();
        _repay(borrower, PRINCIPAL);
        _after(10);
        _expectMissing();
        _foreclose();
    }

    function test_threat_36_reverts_given_an_enforcer_took_the_pledge() external {
        _open();
        _warpToDefault();
        ledger.seizeVoucher(pledge, address(book), bob, REASON);
        _expectMissing();
        _foreclose();
    }

    /* THE PROGRAMME'S LIMITS */

    /// @dev No such part may exist; whoever pays a little makes one possible, and money comes by `collect`.
    function test_threat_13_a_rest_too_small_to_be_a_voucher() external {
        Programme memory rules = _programme();
        rules.smallestVoucher = 100_000e6;
        (debt, pledge) = _accepted(_termsUnder(rules));
        _prepare();
        (loan.advanceRate, loan.principal) = (1_000_000, FACE - 50_000e6);
        (loan.rate, loan.lateRate) = (0, 0);
        _open();
        _warpToDefault();
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, 50_000e6, 100_000e6)
        );
        _foreclose();
        _repay(stranger, 50_000e6);
        _assertVoucher(_foreclose(), lender, FACE - 100_000e6);
    }
}
