// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {HookedToken, ITokenHooks} from "contracts/mocks/HookedToken.sol";
import {PausableToken} from "contracts/mocks/PausableToken.sol";
import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {LoanStatus} from "contracts/types/FinanceTypes.sol";
import {PledgeTest} from "./PledgeTest.sol";

contract CollectTest is PledgeTest {
    function test_threat_29_the_lender_first_and_the_rest_to_the_borrower() external {
        bytes32 id = _open();
        _after(90);
        _pay(debt, FACE);
        uint80 owed = _owed();
        assertGt(owed, PRINCIPAL);
        (uint256 his, uint256 hers) = (_balance(lender), _balance(borrower));
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeRedeemed(id, pledge, FACE, owed);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanPaid(id, address(book), owed - PRINCIPAL, PRINCIPAL);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanReckoned(id, 0, 0, uint16(block.timestamp / 1 days));
        vm.prank(stranger);
        (uint80 toLender, uint80 toBorrower) = book.collect(loan);
        assertEq(toLender, owed);
        assertEq(toBorrower, FACE - owed);
        assertEq(_balance(lender), his + owed);
        assertEq(_balance(borrower), hers + FACE - owed);
        _assertLoan(LoanStatus.Closed, 0);
        _assertGone(pledge);
    }

    function test_a_partial_payment_of_the_obligor_pays_the_lender_early() external {
        _open();
        _pay(debt, FACE / 4);
        (uint80 toLender, uint80 toBorrower) = book.collect(loan);
        assertEq(toLender, FACE / 4);
        assertEq(toBorrower, 0);
        _assertLoan(LoanStatus.Open, PRINCIPAL - FACE / 4);
        _assertVoucher(pledge, address(book), FACE);
    }

    function test_repaid_by_partial_payments_what_is_left_goes_back() external {
        bytes32 id = _open();
        _pay(debt, FACE / 4 * 3);
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeReleased(id, pledge, FACE);
        (uint80 toLender, uint80 toBorrower) = book.collect(loan);
        assertEq(toLender, PRINCIPAL);
        assertEq(toBorrower, FACE / 4 * 3 - PRINCIPAL);
        _assertLoan(LoanStatus.Closed, 0);
        _assertVoucher(pledge, borrower, FACE);
        _pay(debt, FACE);
        assertEq(_redeem(pledge), FACE / 4);
    }

    function test_of_a_repaid_loan_all_goes_to_the_borrower() external {
        _open();
        _pause();
        _repay(borrower, PRINCIPAL);
        _pay(debt, FACE / 2);
        uint256 before = _balance(borrower);
        (uint80 toLender,) = book.collect(loan);
        assertEq(toLender, 0);
        _assertLoan(LoanStatus.Repaid, 0);
        _pay(debt, FACE);
        book.collect(loan);
        assertEq(_balance(borrower), before + FACE);
        _assertLoan(LoanStatus.Closed, 0);
        _assertGone(pledge);
    }

    function test_what_a_redeemed_pledge_leaves_owed_stays_and_can_be_repaid() external {
        loan.advanceRate = 1_000_000;
        loan.principal = FACE;
        _open();
        _after(36);
        _pay(debt, FACE);
        (uint80 toLender, uint80 toBorrower) = book.collect(loan);
        assertEq(toLender, FACE);
        assertEq(toBorrower, 0);
        uint80 unpaid = uint80(uint256(FACE) * 5 / 1000);
        _assertLoan(LoanStatus.Closed, unpaid);
        _expectMissing();
        book.collect(loan);
        _expectMissing();
        _release(1);
        _warpToDefault();
        _expectMissing();
        _foreclose();
        assertGt(_owed(), unpaid);
        assertEq(book.releasable(loan), 0);
        vm.expectEmit(address(book));
        emit IPledgeBook.LoanReckoned(_id(), 0, 0, uint16(block.timestamp / 1 days));
        _repay(borrower, type(uint80).max);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_threat_30_an_advance_of_a_guarantor_is_collected_too() external {
        _open();
        _fund(bob);
        _advance(debt, bob, FACE);
        (uint80 toLender, uint80 toBorrower) = book.collect(loan);
        assertEq(toLender, PRINCIPAL);
        assertEq(toBorrower, FACE - PRINCIPAL);
        _pay(debt, FACE);
        assertEq(ledger.reimburse(debt, 0), FACE);
    }

    function test_threat_35_a_pause_does_not_stop_it() external {
        _open();
        _pay(debt, FACE);
        _pause();
        book.collect(loan);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_in_cents_the_lender_gets_whole_cents() external {
        _use(new TestCurrency("Cents", "C", 2));
        _open();
        _after(1);
        _pay(debt, FACE);
        (uint80 toLender,) = book.collect(loan);
        // 83.333333 of interest.
        assertEq(toLender, PRINCIPAL + 83_330_000);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_threat_33_tokens_of_18_decimals() external {
        _use(new TestCurrency("Wei", "W", 18));
        _open();
        _pay(debt, FACE);
        uint256 before = _balance(lender);
        book.collect(loan);
        assertEq(_balance(lender), before + uint256(PRINCIPAL) * 1e12);
    }

    /* REFUSALS */

    function test_reverts_given_nothing_came_in() external {
        _open();
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToClaim.selector, pledge));
        book.collect(loan);
    }

    function test_reverts_given_it_was_never_opened() external {
        _pay(debt, FACE);
        _expectMissing();
        book.collect(loan);
    }

    function test_threat_36_reverts_given_an_enforcer_took_the_pledge() external {
        _open();
        ledger.seizeVoucher(pledge, address(book), bob, REASON);
        _pay(debt, FACE);
        _expectMissing();
        book.collect(loan);
        _redeem(pledge);
        _expectMissing();
        book.collect(loan);
    }

    function test_threat_05_reverts_when_the_ledger_pays_somewhere_else() external {
        _open();
        ledger.setPayee(address(book), bob, REASON);
        _pay(debt, FACE);
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, 0, FACE));
        book.collect(loan);
    }

    function test_threat_10_paused_cash_changes_nothing_and_later_works() external {
        PausableToken token = new PausableToken();
        _use(token);
        _open();
        _pay(debt, FACE);
        token.setPaused(true);
        vm.expectRevert(PausableToken.TokenIsPaused.selector);
        book.collect(loan);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
        token.setPaused(false);
        book.collect(loan);
        _assertLoan(LoanStatus.Closed, 0);
    }

    /* MONEY THAT IS KEPT */

    function test_threat_09_what_the_token_will_not_pay_is_kept() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        _open();
        token.setBlocked(lender, true);
        token.setBlocked(borrower, true);
        _pay(debt, FACE);
        book.collect(loan);
        assertEq(book.keptFor(lender, loan.currency), PRINCIPAL);
        assertEq(book.keptFor(borrower, loan.currency), FACE - PRINCIPAL);
        assertEq(_balance(address(book)), FACE);
    }

    function test_what_a_frozen_party_would_get_is_kept() external {
        _open();
        _freezeParty(lender);
        _freezeParty(borrower);
        _pay(debt, FACE);
        book.collect(loan);
        assertEq(book.keptFor(lender, eur), PRINCIPAL);
        assertEq(book.keptFor(borrower, eur), FACE - PRINCIPAL);
    }

    function test_threat_01_hooks_meet_a_closed_guard() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver hook = new ReentrantReceiver();
        vm.prank(borrower);
        token.setHook(ITokenHooks(address(hook)));
        _open();
        _pay(debt, FACE);
        hook.arm(address(book), abi.encodeCall(IPledgeBook.collect, (loan)));
        book.collect(loan);
        assertTrue(hook.attempted());
        assertEq(bytes4(hook.outcome()), bytes4(keccak256("ReentrancyGuardReentrantCall()")));
    }
}
