// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICash} from "contracts/interfaces/ICash.sol";
import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {FalseReturningToken} from "contracts/mocks/FalseReturningToken.sol";
import {HookedToken, ITokenHooks} from "contracts/mocks/HookedToken.sol";
import {PausableToken} from "contracts/mocks/PausableToken.sol";
import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {DayCount, LoanStatus} from "contracts/types/FinanceTypes.sol";
import {PledgeTest} from "./PledgeTest.sol";

contract RepayTest is PledgeTest {
    /// @dev 600,000 at 5 % for 10 days of 360.
    uint80 private constant _TEN_DAYS = 833_333_333;

    /* WHAT IT DOES */

    function test_interest_is_paid_first() external {
        bytes32 id = _open();
        _after(10);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanPaid(id, borrower, 800e6, 0);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanReckoned(
            id, PRINCIPAL, _TEN_DAYS - 800e6, uint16(block.timestamp / 1 days)
        );
        assertEq(_repay(borrower, 800e6), 800e6);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
        assertEq(_state().interest, _TEN_DAYS - 800e6);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanPaid(id, borrower, _TEN_DAYS - 800e6, 1000e6);
        _repay(borrower, 1000e6 + _TEN_DAYS - 800e6);
        _assertLoan(LoanStatus.Open, PRINCIPAL - 1000e6);
    }

    function test_the_lender_gets_it_and_interest_follows_what_is_left() external {
        _open();
        uint256 before = _balance(lender);
        _after(10);
        _repay(borrower, PRINCIPAL / 2 + _TEN_DAYS);
        assertEq(_balance(lender), before + PRINCIPAL / 2 + _TEN_DAYS);
        _after(10);
        assertEq(_owed(), PRINCIPAL / 2 + _TEN_DAYS / 2);
    }

    function test_paid_in_full_the_pledge_goes_back() external {
        bytes32 id = _open();
        _after(10);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanPaid(id, borrower, _TEN_DAYS, PRINCIPAL);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanReckoned(id, 0, 0, uint16(block.timestamp / 1 days));
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeReleased(id, pledge, FACE);
        _repay(borrower, PRINCIPAL + _TEN_DAYS);
        _assertLoan(LoanStatus.Closed, 0);
        _assertVoucher(pledge, borrower, FACE);
    }

    function test_threat_28_more_than_is_owed_is_cut_and_anyone_may_pay() external {
        _open();
        uint256 before = _balance(stranger);
        assertEq(_repay(stranger, type(uint80).max), PRINCIPAL);
        assertEq(_balance(stranger), before - PRINCIPAL);
        _assertVoucher(pledge, borrower, FACE);
    }

    function test_threat_28_reverts_when_it_is_paid_twice() external {
        _open();
        _repay(borrower, PRINCIPAL);
        _expectNotIn(LoanStatus.Closed, LoanStatus.Open);
        _repay(borrower, PRINCIPAL);
    }

    function test_reverts_when_the_amount_is_zero() external {
        _open();
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _repay(borrower, 0);
    }

    function test_reverts_given_it_was_never_opened() external {
        _expectNotIn(LoanStatus.None, LoanStatus.Open);
        _repay(borrower, 1);
    }

    function test_reverts_given_a_frozen_payer() external {
        _open();
        _freezeParty(borrower);
        _expectFrozen(borrower);
        _repay(borrower, 1);
    }

    function test_threat_32_reverts_when_the_lender_pays_itself() external {
        _open();
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, 0, 1));
        _repay(lender, 1);
    }

    function test_reverts_when_the_payer_cannot_pay_and_changes_nothing() external {
        _open();
        vm.prank(stranger);
        cash.approve(address(book), 99);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        _repay(stranger, 100);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
        assertEq(book.keptFor(lender, eur), 0);
    }

    /* INTEREST */

    function test_threat_25_no_day_costs_nothing_and_each_midnight_counts() external {
        vm.warp((block.timestamp / 1 days + 1) * 1 days - 1);
        _prepare();
        _open();
        assertEq(_owed(), PRINCIPAL);
        vm.warp(block.timestamp + 1);
        assertEq(_owed(), PRINCIPAL + _TEN_DAYS / 10);
        vm.warp(block.timestamp + 1 days - 1);
        assertEq(_owed(), PRINCIPAL + _TEN_DAYS / 10);
    }

    function test_threat_25_the_year_of_365_and_a_leap_day() external {
        loan.dayCount = DayCount.Act365F;
        loan.maturityDay = type(uint16).max;
        _open();
        // 2028-02-28 to 2028-03-01.
        vm.warp(1_835_308_800);
        uint256 before = _owed();
        _after(2);
        assertApproxEqAbs(_owed() - before, uint256(PRINCIPAL) * 5 * 2 / 36_500, 1);
    }

    function test_threat_24_the_late_rate_begins_after_the_grace_days() external {
        _open();
        uint256 normal = uint256(PRINCIPAL) * 50_000 * 95 / 360e6;
        _warpToDefault();
        vm.warp(block.timestamp - 1);
        assertEq(_owed(), PRINCIPAL + normal);
        vm.warp(block.timestamp + 1);
        assertEq(_owed(), PRINCIPAL + normal + uint256(PRINCIPAL) * 90_000 / 360e6);
        _after(9);
        assertEq(_owed(), PRINCIPAL + normal + uint256(PRINCIPAL) * 90_000 * 10 / 360e6);
    }

    function test_threat_24_late_days_are_counted_once_when_paid_in_between() external {
        _open();
        _warpToDefault();
        _after(2);
        uint80 interest = _owed() - PRINCIPAL;
        _repay(borrower, interest);
        _after(3);
        assertEq(_owed(), PRINCIPAL + uint256(PRINCIPAL) * 90_000 * 3 / 360e6);
    }

    function test_without_a_late_rate_the_normal_one_goes_on() external {
        loan.lateRate = 0;
        _open();
        _warpToDefault();
        _after(4);
        assertEq(_owed(), PRINCIPAL + uint256(PRINCIPAL) * 50_000 * 100 / 360e6);
    }

    function test_threat_12_paying_a_little_every_day_gains_nothing() external {
        _pledgeOf(1000e6);
        loan.principal = 700e6;
        _open();
        uint256 paid;
        for (uint256 i = 0; i < 90; ++i) {
            _after(1);
            paid += _repay(borrower, 1);
        }
        // A payer loses a unit each time to gain less.
        assertEq(paid, 90);
        assertGe(_owed() + 2 * paid, 700e6 + uint256(700e6) * 50_000 * 90 / 360e6);
    }

    function test_threat_12_in_cents_nothing_below_a_cent_is_lost_or_asked() external {
        _use(new TestCurrency("Cents", "C", 2));
        loan.principal = 70e6;
        _open();
        for (uint256 i = 0; i < 80; ++i) {
            _after(1);
            _repay(borrower, 10_000);
        }
        // Each day's interest is less than a cent, and yet it adds up: 80 cents, less than 80 of principal.
        (, uint80 principal) = book.owedOn(loan);
        assertGt(principal, 70e6 - 80 * 10_000 + 70 * 10_000);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 15_000, 10_000)
        );
        _repay(borrower, 15_000);
        _repay(borrower, type(uint80).max);
        _assertLoan(LoanStatus.Closed, 0);
        assertEq(_state().interest, 0);
    }

    /// @dev However it is paid, it comes to what it would have been in one sum, less a unit a payment.
    function testFuzz_threat_23_parts_pay_what_the_whole_pays(uint256 seed) external {
        _open();
        uint256 fair;
        for (uint256 i = 0; i < 6; ++i) {
            uint256 n = uint256(keccak256(abi.encode(seed, i))) % 16;
            (, uint80 principal) = book.owedOn(loan);
            uint256 before = _owed();
            _after(n);
            fair = uint256(principal) * 50_000 * n / 360e6;
            assertApproxEqAbs(_owed() - before, fair, 1);
            _repay(stranger, uint80(1 + uint256(keccak256(abi.encode(seed, i, n))) % 100_000e6));
            if (_state().status != LoanStatus.Open) return;
        }
    }

    /* A LENDER THAT CANNOT BE PAID */

    function test_threat_09_a_blocked_lenders_money_is_kept() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        _open();
        token.setBlocked(lender, true);
        vm.expectEmit(address(book));
        emit IPledgeBook.MoneyKept(lender, loan.currency, PRINCIPAL);
        _repay(borrower, PRINCIPAL);
        assertEq(book.keptFor(lender, loan.currency), PRINCIPAL);
        assertEq(_balance(address(book)), PRINCIPAL);
        _assertVoucher(pledge, borrower, FACE);
    }

    function test_threat_09_a_blocked_payer_is_the_payers_fault() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        _open();
        token.setBlocked(borrower, true);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.AccountIsBlocked.selector, borrower));
        _repay(borrower, PRINCIPAL);
        _repay(stranger, PRINCIPAL);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_a_frozen_lenders_money_is_kept() external {
        _open();
        uint256 before = _balance(lender);
        _freezeParty(lender);
        _repay(borrower, 1e6);
        assertEq(book.keptFor(lender, eur), 1e6);
        assertEq(_balance(lender), before);
    }

    function test_threat_37_an_unverified_lender_is_paid() external {
        _open();
        uint256 before = _balance(lender);
        _unverify(lender);
        _repay(borrower, 1e6);
        assertEq(_balance(lender), before + 1e6);
    }

    function test_threat_04_a_lender_that_burns_gas_is_kept_its_money() external {
        HookedToken token = new HookedToken();
        _use(token);
        _open();
        BurningHook hook = new BurningHook();
        vm.prank(lender);
        token.setHook(hook);
        vm.prank(borrower);
        book.repay{gas: 100_000_000}(loan, PRINCIPAL);
        assertEq(book.keptFor(lender, loan.currency), PRINCIPAL);
        _assertVoucher(pledge, borrower, FACE);
    }

    function test_reverts_when_the_gas_is_too_low_to_tell() external {
        _open();
        vm.expectPartialRevert(ICash.GasTooLow.selector);
        vm.prank(borrower);
        book.repay{gas: 300_000}(loan, PRINCIPAL);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
    }

    /// @dev Whatever the gas, a payment that goes through is no refusal in disguise.
    function testFuzz_threat_04_no_gas_makes_a_refusal(uint256 gasGiven) external {
        _open();
        gasGiven = bound(gasGiven, 30_000, 900_000);
        vm.prank(borrower);
        (bool done,) =
            address(book).call{gas: gasGiven}(abi.encodeCall(IPledgeBook.repay, (loan, PRINCIPAL)));
        _assertLoan(done ? LoanStatus.Closed : LoanStatus.Open, done ? 0 : PRINCIPAL);
        assertEq(book.keptFor(lender, eur), 0);
        _assertVoucher(pledge, done ? borrower : address(book), FACE);
    }

    function test_threat_04_reverts_when_the_gas_is_too_low_to_give_back() external {
        _open();
        _freezeParty(lender);
        vm.expectPartialRevert(ICash.GasTooLow.selector);
        vm.prank(borrower);
        book.repay{gas: 300_000}(loan, PRINCIPAL);
        _assertVoucher(pledge, address(book), FACE);
    }

    /// @dev Nor does it keep a pledge back: the lender is not even tried here, being frozen.
    function testFuzz_threat_04_no_gas_keeps_a_pledge_back(uint256 gasGiven) external {
        _open();
        _freezeParty(lender);
        gasGiven = bound(gasGiven, 60_000, 500_000);
        vm.prank(borrower);
        (bool done,) =
            address(book).call{gas: gasGiven}(abi.encodeCall(IPledgeBook.repay, (loan, PRINCIPAL)));
        _assertLoan(done ? LoanStatus.Closed : LoanStatus.Open, done ? 0 : PRINCIPAL);
        _assertVoucher(pledge, done ? borrower : address(book), FACE);
    }

    /* A PLEDGE THAT CANNOT GO BACK */

    function test_threat_35_a_pause_does_not_stop_the_payment() external {
        _open();
        _pause();
        _repay(borrower, PRINCIPAL);
        _stays();
        ledger.unpause();
        _release(FACE);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_a_frozen_or_unverified_borrower_does_not_stop_the_payment() external {
        _open();
        _freezeParty(borrower);
        _repay(stranger, PRINCIPAL);
        _stays();
        ledger.freezeParty(borrower, 0, REASON);
        _release(FACE);
        (, pledge) = _accepted();
        _prepare();
        _open();
        _unverify(borrower);
        _repay(borrower, PRINCIPAL);
        _stays();
    }

    function test_a_frozen_voucher_does_not_stop_the_payment() external {
        _open();
        ledger.freezeVoucher(pledge, address(book), FOREVER, REASON);
        _repay(borrower, PRINCIPAL);
        _stays();
    }

    /* CASH */

    function test_threat_10_paused_cash_changes_nothing_and_later_works() external {
        PausableToken token = new PausableToken();
        _use(token);
        _open();
        token.setPaused(true);
        vm.expectRevert(PausableToken.TokenIsPaused.selector);
        _repay(borrower, 1);
        token.setPaused(false);
        _repay(borrower, PRINCIPAL);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_threat_07_a_token_that_answers_false_pays_nothing() external {
        FalseReturningToken token = new FalseReturningToken();
        _use(token);
        _open();
        token.setFailing(true);
        vm.expectPartialRevert(bytes4(keccak256("SafeERC20FailedOperation(address)")));
        _repay(borrower, 1);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
    }

    function test_threat_03_a_lenders_hook_meets_a_closed_guard_and_final_state() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver hook = new ReentrantReceiver();
        _open();
        vm.prank(lender);
        token.setHook(ITokenHooks(address(hook)));
        bytes[4] memory calls = [
            abi.encodeCall(IPledgeBook.repay, (loan, 1)),
            abi.encodeCall(IPledgeBook.collect, (loan)),
            abi.encodeCall(IPledgeBook.release, (loan, FACE)),
            abi.encodeCall(IPledgeBook.takeKept, (loan.currency, lender))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            hook.arm(address(book), calls[i]);
            _repay(borrower, 1e6);
            assertTrue(hook.attempted());
            assertFalse(hook.succeeded());
            assertEq(bytes4(hook.outcome()), bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        }
        hook.arm(address(book), abi.encodeCall(IPledgeBook.owedOn, (loan)));
        _repay(borrower, 1e6);
        (, uint80 seen) = abi.decode(hook.outcome(), (uint80, uint80));
        assertEq(seen, PRINCIPAL - 5e6);
    }

    /* INTERNAL */

    function _stays() private view {
        _assertLoan(LoanStatus.Repaid, 0);
        _assertVoucher(pledge, address(book), FACE);
    }
}

/// @notice A hook that uses up all gas when cash comes in.
contract BurningHook is ITokenHooks {
    function tokensToSend(address, address, uint256) external {}

    function tokensReceived(address, address, uint256) external view {
        uint256 rounds;
        while (gasleft() != 0) ++rounds;
    }
}
