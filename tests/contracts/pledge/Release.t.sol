// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";

import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {RefusingReceiver} from "contracts/mocks/RefusingReceiver.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme} from "contracts/types/DataTypes.sol";
import {Loan, LoanStatus} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {PledgeTest} from "./PledgeTest.sol";

contract ReleaseTest is PledgeTest {
    /* OPEN: A PART */

    function test_what_the_advance_rate_does_not_need_goes_back() external {
        bytes32 id = _open();
        assertEq(book.releasable(loan), FACE / 4);
        VoucherId part = VoucherId.wrap(_raw(pledge) + 1);
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeReleased(id, part, FACE / 4);
        assertEq(_raw(_release(FACE / 4)), _raw(part));
        _assertVoucher(part, borrower, FACE / 4);
        _assertVoucher(pledge, address(book), FACE / 4 * 3);
        _assertLoan(LoanStatus.Open, PRINCIPAL);
        assertEq(book.releasable(loan), 0);
    }

    function test_it_follows_repayment_and_interest() external {
        _open();
        _repay(borrower, PRINCIPAL / 2);
        assertEq(book.releasable(loan), FACE - PRINCIPAL / 2 / 8 * 10);
        _after(10);
        uint256 needed = (uint256(_owed()) * 10 + 7) / 8;
        assertEq(book.releasable(loan), FACE - needed);
    }

    function test_threat_12_reverts_when_a_unit_too_much_is_released() external {
        _open();
        _after(10);
        uint80 most = book.releasable(loan);
        uint256 stays = (FACE - (most + 1)) * uint256(8) / 10;
        _expectTooSmall(stays, _owed());
        _release(most + 1);
        _release(most);
    }

    function test_reverts_when_all_is_released_and_something_is_owed() external {
        _open();
        _expectTooSmall(0, PRINCIPAL);
        _release(FACE);
    }

    function test_reverts_when_more_than_all_is_released() external {
        _open();
        vm.expectRevert(
            abi.encodeWithSelector(IVouchers.InsufficientValue.selector, pledge, FACE, FACE + 1)
        );
        _release(FACE + 1);
    }

    function test_reverts_when_nothing_is_released() external {
        _open();
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, 0, 1));
        _release(0);
    }

    function test_reverts_when_another_releases_a_part() external {
        _open();
        _expectNotEntitled(lender, borrower);
        vm.prank(lender);
        book.release(loan, 1);
        _pause();
        _repay(borrower, PRINCIPAL);
        _expectNotEntitled(stranger, borrower);
        vm.prank(stranger);
        book.release(loan, 1);
    }

    function test_reverts_given_the_borrower_may_not_receive() external {
        _open();
        _unverify(borrower);
        _expectNotVerified(borrower);
        _release(1);
        _verify(borrower);
        _freezeParty(borrower);
        _expectFrozen(borrower);
        _release(1);
    }

    function test_threat_35_reverts_given_a_pause() external {
        _open();
        _pause();
        _expectPaused();
        _release(1);
    }

    function test_in_cents_what_stays_is_rounded_up() external {
        _use(new TestCurrency("Cents", "C", 2));
        loan.advanceRate = 700_001;
        _open();
        uint80 most = book.releasable(loan);
        assertEq(most % 10_000, 0);
        vm.expectPartialRevert(IPledgeBook.PledgeTooSmall.selector);
        _release(most + 10_000);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, most - 1, 10_000)
        );
        _release(most - 1);
        _release(most);
    }

    function test_threat_13_no_pledge_smaller_than_the_programme_lets() external {
        Programme memory rules = _programme();
        rules.smallestVoucher = 300_000e6;
        (debt, pledge) = _accepted(_termsUnder(rules));
        _prepare();
        _open();
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, FACE / 4, 300_000e6)
        );
        _release(FACE / 4);
    }

    /// @dev What `releasable` says goes, and a granule more does not, whatever was claimed on the pledge.
    function testFuzz_releasable_is_the_most(
        uint256 paid,
        uint256 repaid,
        uint256 wait,
        uint256 rate
    ) external {
        _pledgeOf(999_999_999_999);
        loan.advanceRate = uint32(bound(rate, 600_001, 1_000_000));
        _open();
        _pay(debt, bound(paid, 1, 500_000e6));
        book.collect(loan);
        _after(bound(wait, 0, 120));
        if (_state().status == LoanStatus.Open) {
            _repay(borrower, uint80(bound(repaid, 1, PRINCIPAL)));
        }
        if (_state().status != LoanStatus.Open) return;
        uint80 most = book.releasable(loan);
        vm.expectPartialRevert(IPledgeBook.PledgeTooSmall.selector);
        _release(most + 1);
        if (most == 0) return;
        _release(most);
        (, uint80 value, uint80 claimed) = ledger.positionOf(pledge);
        assertGe(uint256(value - claimed) * loan.advanceRate / 1e6, _owed());
    }

    /* REPAID: ALL */

    function test_anyone_gives_a_repaid_pledge_back() external {
        bytes32 id = _repaid();
        assertEq(book.releasable(loan), FACE);
        vm.expectEmit(address(book));
        emit IPledgeBook.PledgeReleased(id, pledge, FACE);
        vm.prank(stranger);
        book.release(loan, FACE);
        _assertVoucher(pledge, borrower, FACE);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_the_borrower_may_take_a_repaid_pledge_in_parts() external {
        _repaid();
        _assertVoucher(_release(1), borrower, 1);
        _assertLoan(LoanStatus.Repaid, 0);
        _release(FACE - 1);
        _assertLoan(LoanStatus.Closed, 0);
    }

    function test_threat_28_reverts_when_it_is_released_twice() external {
        _repaid();
        _release(FACE);
        _expectMissing();
        _release(FACE);
    }

    function test_reverts_given_it_was_never_opened() external {
        _expectMissing();
        _release(1);
    }

    /* AN ENFORCER TOOK IT */

    function test_threat_36_a_seized_pledge_is_missing_and_repayment_works() external {
        _open();
        ledger.seizeVoucher(pledge, address(book), bob, REASON);
        assertEq(book.releasable(loan), 0);
        _expectMissing();
        _release(1);
        _repay(borrower, PRINCIPAL);
        _assertLoan(LoanStatus.Repaid, 0);
        _assertVoucher(pledge, bob, FACE);
        _expectMissing();
        _release(FACE);
    }

    function test_threat_36_a_pledge_that_the_enforcer_brings_back_is_there_again() external {
        _open();
        ledger.seizeVoucher(pledge, address(book), bob, REASON);
        ledger.seizeVoucher(pledge, bob, address(book), REASON);
        _repay(borrower, PRINCIPAL);
        _assertVoucher(pledge, borrower, FACE);
    }

    /// @dev The book holds the voucher again, but for another loan.
    function test_threat_36_a_seized_pledge_that_is_pledged_again_is_the_other_loans() external {
        _open();
        Loan memory first = loan;
        ledger.seizeVoucher(pledge, address(book), alice, REASON);
        _prepare();
        uint256 key;
        (loan.borrower, key) = makeAddrAndKey("alice");
        vm.prank(alice);
        ledger.approve(address(book), _raw(pledge));
        bytes memory signature = _signed(key);
        vm.prank(lender);
        book.open(loan, signature);
        Loan memory second = loan;

        loan = first;
        _pay(debt, FACE / 4);
        _expectMissing();
        book.collect(loan);
        _expectMissing();
        _release(FACE / 4);
        assertEq(book.releasable(loan), 0);
        _warpToDefault();
        _expectMissing();
        _foreclose();
        _repay(stranger, type(uint80).max);
        _assertLoan(LoanStatus.Repaid, 0);
        _assertVoucher(pledge, address(book), FACE);
        _expectMissing();
        _release(FACE);

        loan = second;
        book.collect(loan);
        _repay(stranger, type(uint80).max);
        _assertVoucher(pledge, alice, FACE);
    }

    /* WHAT IS SENT TO THE BOOK */

    function test_threat_40_the_book_takes_no_value() external {
        VoucherId mine = _splitOff(pledge, borrower, borrower, 10);
        _open();
        bytes memory refusal =
            abi.encodeWithSelector(IVouchers.ValueRefused.selector, address(book));
        vm.startPrank(borrower);
        vm.expectRevert(refusal);
        ledger.transferFrom(_raw(mine), address(book), 5);
        vm.expectRevert(refusal);
        ledger.transferFrom(_raw(mine), _raw(pledge), 5);
        vm.expectRevert(refusal);
        ledger.split(mine, _parts(address(book), 5));
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidReceiver(address)", book));
        ledger.safeTransferFrom(borrower, address(book), _raw(mine));
        vm.stopPrank();
        assertEq(_valueOf(pledge), FACE - 10);
    }

    /* RECEIVERS */

    function test_threat_01_a_receiver_of_a_part_meets_a_closed_guard() external {
        ReentrantReceiver receiver = new ReentrantReceiver();
        _openFor(address(receiver));
        receiver.arm(address(book), abi.encodeCall(IPledgeBook.release, (loan, 1)));
        receiver.act(address(book), abi.encodeCall(IPledgeBook.release, (loan, 2)));
        assertTrue(receiver.attempted());
        assertEq(bytes4(receiver.outcome()), bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        assertEq(_valueOf(pledge), FACE - 2);
    }

    function test_threat_04_a_borrower_that_refuses_value_blocks_no_repayment() external {
        RefusingReceiver receiver = new RefusingReceiver(RefusingReceiver.Manner.BurnGas);
        _openFor(address(receiver));
        _repay(stranger, PRINCIPAL);
        _assertVoucher(pledge, address(receiver), FACE);
    }

    /* INTERNAL */

    function _repaid() private returns (bytes32 id) {
        id = _open();
        _pause();
        _repay(borrower, PRINCIPAL);
        ledger.unpause();
        _assertLoan(LoanStatus.Repaid, 0);
    }

    /// @dev The borrower is this contract.
    function _openFor(address contract_) private {
        _verify(contract_);
        _give(pledge, borrower, contract_);
        loan.borrower = contract_;
        vm.prank(contract_);
        ledger.setApprovalForAll(address(book), true);
        bytes memory signature = _signed(lenderKey);
        vm.prank(contract_);
        book.open(loan, signature);
    }
}
