// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {IRecoveries} from "contracts/interfaces/IRecoveries.sol";

import {Advance, Status, Terms} from "contracts/types/DataTypes.sol";
import {Aval} from "contracts/types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice Calling an aval: how much is drawn, from where, and what stays on record.
contract CallTest is GuaranteeTest {
    Aval private _its;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _its = _aval();
        _id = _given(_its);
    }

    /* WHAT IT DRAWS */

    function test_the_margin_pays_first_and_the_allowance_the_rest() external {
        _warpToOverdue(receivable);
        vm.expectEmit(address(ledger));
        emit IRecoveries.Advanced(receivable, guarantor, 0, CAP, 0);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);

        assertEq(paid, CAP);
        assertEq(dishonoured, 0);
        _assertState(_id, CAP, 0, 0);
        _assertHolds(cash, 0);
        assertEq(cash.balanceOf(guarantor), PURSE - CAP);
        assertEq(ledger.claimableOf(voucher), CAP);
    }

    function test_the_call_is_on_record() external {
        _warpToOverdue(receivable);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.AvalCalled(_id, receivable, stranger, MARGIN, CAP - MARGIN, 0);
        _call(_its, receivable);
    }

    function test_a_margin_that_suffices_pays_alone() external {
        _pay(receivable, FACE - MARGIN / 2);
        _allow(guarantor, cash, 0);
        _warpToOverdue(receivable);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, MARGIN / 2);
        assertEq(dishonoured, 0);
        _assertState(_id, MARGIN / 2, MARGIN / 2, 0);
        _assertHolds(cash, MARGIN / 2);
    }

    function test_threat_30_what_the_obligor_paid_is_not_called() external {
        _warpToOverdue(receivable);
        _pay(receivable, FACE - 1);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, 1);
        assertEq(ledger.receivableOf(receivable).advanced, 1);
    }

    function test_threat_30_the_guarantor_is_reimbursed_and_holders_are_paid_once() external {
        _warpToOverdue(receivable);
        _call(_its, receivable);
        _pay(receivable, FACE);
        assertEq(_redeem(voucher), FACE);
        assertEq(ledger.reimburse(receivable, 0), CAP);
        assertEq(cash.balanceOf(guarantor), PURSE);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_guarantors_are_reimbursed_in_the_order_in_which_they_were_called() external {
        Aval memory second = _aval();
        second.guarantor = bob;
        _fundFor(bob, cash);
        _given(second);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        (uint80 paid,) = _call(second, receivable);
        assertEq(paid, FACE - CAP);
        Advance memory claim = ledger.advanceOf(receivable, CAP);
        assertEq(claim.guarantor, bob);
        assertEq(claim.amount, FACE - CAP);
        _pay(receivable, CAP + 1);
        assertEq(ledger.reimbursableOf(receivable, 0), CAP);
        assertEq(ledger.reimbursableOf(receivable, CAP), 1);
    }

    function test_what_the_guarantor_advances_by_itself_does_not_use_up_the_cap() external {
        _fund(guarantor);
        _advance(receivable, guarantor, CAP);
        _warpToOverdue(receivable);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, FACE - CAP);
        _assertState(_id, FACE - CAP, 0, 0);
    }

    function test_a_line_is_called_for_several_receivables_up_to_its_cap() external {
        Aval memory terms = _line();
        bytes32 id = _given(terms);
        (ReceivableId small,) = _accepted(_termsOf(CAP / 3));
        _warpToOverdue(small);
        (uint80 first,) = _call(terms, small);
        (uint80 second,) = _call(terms, receivable);
        assertEq(first, CAP / 3);
        assertEq(second, CAP - CAP / 3);
        _assertState(id, CAP, 0, 0);
    }

    function test_threat_35_a_paused_ledger_still_takes_what_is_called() external {
        _warpToOverdue(receivable);
        _pause();
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_37_a_guarantor_whose_verification_ended_still_pays() external {
        _warpToOverdue(receivable);
        _unverify(guarantor);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    /* TIME */

    function test_threat_22_it_is_called_in_its_last_second() external {
        vm.warp(_its.expiry);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_22_reverts_given_it_expired_a_second_ago() external {
        _warpPast(_its);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGuaranteeBook.AvalExpired.selector, _its.expiry, block.timestamp
            )
        );
        _call(_its, receivable);
    }

    function test_threat_24_reverts_a_second_before_it_is_overdue() external {
        _warpToOverdue(receivable);
        vm.warp(block.timestamp - 1);
        _expectWrongStatus(receivable, Status.Accepted, Status.Overdue);
        _call(_its, receivable);
        vm.warp(block.timestamp + 1);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_41_seconds_of_drift_move_no_amount(uint8 drift) external {
        _warpToOverdue(receivable);
        vm.warp(block.timestamp + drift);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    /* DISHONOUR */

    function test_a_guarantor_that_does_not_pay_is_on_record_and_the_margin_pays() external {
        _allow(guarantor, cash, CAP - MARGIN - 1);
        _warpToOverdue(receivable);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.AvalCalled(_id, receivable, stranger, MARGIN, 0, CAP - MARGIN);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, MARGIN);
        assertEq(dishonoured, CAP - MARGIN);
        _assertState(_id, MARGIN, 0, CAP - MARGIN);
        assertEq(book.dishonouredOn(_id, receivable), CAP - MARGIN);
    }

    function test_a_balance_that_is_a_unit_short_pays_nothing() external {
        uint256 surplus = cash.balanceOf(guarantor) - (CAP - MARGIN - 1);
        vm.prank(guarantor);
        cash.transfer(alice, surplus);
        _warpToOverdue(receivable);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, MARGIN);
        assertEq(dishonoured, CAP - MARGIN);
        assertEq(cash.balanceOf(guarantor), CAP - MARGIN - 1);
    }

    function test_threat_31_calling_again_records_nothing_twice() external {
        _dishonour();
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, 0);
        assertEq(dishonoured, CAP - MARGIN);
        _assertState(_id, MARGIN, 0, CAP - MARGIN);
        assertEq(ledger.receivableOf(receivable).advanced, MARGIN);
    }

    function test_a_guarantor_pays_late_and_the_record_is_empty() external {
        _dishonour();
        _allow(guarantor, cash, type(uint256).max);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP - MARGIN);
        _assertState(_id, CAP, 0, 0);
        assertEq(book.dishonouredOn(_id, receivable), 0);
    }

    function test_what_was_called_in_time_is_called_after_the_expiry() external {
        _dishonour();
        _warpPast(_its);
        _allow(guarantor, cash, type(uint256).max);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP - MARGIN);
    }

    function test_after_the_expiry_no_more_is_called_than_in_time() external {
        Aval memory terms = _line();
        terms.margin = 0;
        _given(terms);
        (ReceivableId small,) = _accepted(_termsOf(CAP / 3));
        _allow(guarantor, cash, 0);
        _warpToOverdue(small);
        _call(terms, small);
        _warpPast(terms);
        _allow(guarantor, cash, type(uint256).max);
        (uint80 paid,) = _call(terms, small);
        assertEq(paid, CAP / 3);
        vm.expectPartialRevert(IGuaranteeBook.AvalExpired.selector);
        _call(terms, receivable);
    }

    function test_after_the_expiry_only_what_still_lacks_is_called() external {
        _dishonour();
        _warpPast(_its);
        _pay(receivable, FACE - MARGIN - 5);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, 0);
        assertEq(dishonoured, 5);
        _assertState(_id, MARGIN, 0, 5);
    }

    function test_what_was_called_first_keeps_its_part_of_the_cap() external {
        Aval memory terms = _line();
        terms.margin = 0;
        bytes32 id = _given(terms);
        (ReceivableId small,) = _accepted(_termsOf(CAP / 3));
        _allow(guarantor, cash, 0);
        _warpToOverdue(small);
        _call(terms, small);
        _allow(guarantor, cash, type(uint256).max);
        (uint80 other,) = _call(terms, receivable);
        assertEq(other, CAP - CAP / 3);
        (uint80 first,) = _call(terms, small);
        assertEq(first, CAP / 3);
        _assertState(id, CAP, 0, 0);
    }

    function test_a_margin_added_later_pays_a_part() external {
        _dishonour();
        vm.startPrank(guarantor);
        cash.approve(address(book), 7e6);
        book.addMargin(_its, 7e6);
        vm.stopPrank();
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, 7e6);
        assertEq(dishonoured, CAP - MARGIN - 7e6);
        _assertState(_id, MARGIN + 7e6, 0, CAP - MARGIN - 7e6);
        _assertHolds(cash, 0);
    }

    function test_of_a_frozen_guarantor_nothing_is_taken_and_nobody_is_blocked() external {
        _warpToOverdue(receivable);
        _freezeParty(guarantor);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.AvalCalled(_id, receivable, stranger, 0, 0, CAP);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, 0);
        assertEq(dishonoured, CAP);
        _assertState(_id, 0, MARGIN, CAP);
        _assertHolds(cash, MARGIN);
        assertEq(ledger.receivableOf(receivable).advanced, 0);
    }

    function test_once_it_is_free_again_it_pays_after_the_expiry_too() external {
        _warpToOverdue(receivable);
        _freezeParty(guarantor);
        _call(_its, receivable);
        _warpPast(_its);
        ledger.freezeParty(guarantor, 0, REASON);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
        _assertState(_id, CAP, 0, 0);
        _assertHolds(cash, 0);
    }

    /* REVERTS */

    function test_threat_31_reverts_given_the_cap_is_used_up() external {
        _warpToOverdue(receivable);
        _call(_its, receivable);
        _expectNothingToCall(_id, receivable);
        _call(_its, receivable);
    }

    function test_threat_30_reverts_given_another_guarantor_paid_all() external {
        _fund(bob);
        _advance(receivable, bob, FACE);
        _warpToOverdue(receivable);
        _expectNothingToCall(_id, receivable);
        _call(_its, receivable);
    }

    function test_threat_27_reverts_given_the_obligor_paid_first() external {
        _warpToOverdue(receivable);
        _pay(receivable, FACE);
        _expectWrongStatus(receivable, Status.Settled, Status.Overdue);
        _call(_its, receivable);
    }

    function test_reverts_given_the_rest_of_the_cap_is_called_for_others() external {
        Aval memory terms = _line();
        bytes32 id = _given(terms);
        (ReceivableId other,) = _accepted();
        _allow(guarantor, cash, 0);
        _warpToOverdue(other);
        _call(terms, receivable);
        _expectNothingToCall(id, other);
        _call(terms, other);
    }

    function test_reverts_when_it_was_never_given() external {
        Aval memory terms = _aval();
        _warpToOverdue(receivable);
        _expectUnknown(book.avalIdOf(terms));
        _call(terms, receivable);
    }

    function test_reverts_when_it_was_withdrawn() external {
        Aval memory terms = _applied();
        vm.prank(guarantor);
        book.withdraw(terms);
        _warpToOverdue(receivable);
        _expectUnknown(book.avalIdOf(terms));
        _call(terms, receivable);
    }

    function test_reverts_when_the_receivable_is_another() external {
        (ReceivableId other,) = _accepted();
        _warpToOverdue(other);
        _expectNotCovered(_id, other);
        _call(_its, other);
    }

    function test_reverts_when_a_line_does_not_cover_the_receivable() external {
        Aval memory terms = _line();
        bytes32 id = _given(terms);
        Terms[3] memory others = [_terms(), _termsUnder(_programme()), _terms()];
        others[0].obligor = bob;
        others[2].currency = ledger.addCurrency("USD", address(cash), address(0), 6);
        for (uint256 i = 0; i < others.length; ++i) {
            (ReceivableId other,) = _accepted(others[i]);
            _warpToOverdue(other);
            _expectNotCovered(id, other);
            _call(terms, other);
            vm.warp(1_800_000_000);
        }
    }

    function test_reverts_when_there_is_no_such_receivable() external {
        Aval memory terms = _line();
        bytes32 id = _given(terms);
        _expectNotCovered(id, ReceivableId.wrap(7));
        _call(terms, ReceivableId.wrap(7));
    }

    function test_reverts_given_a_receivable_that_was_never_accepted() external {
        ReceivableId id = _issued();
        Aval memory terms = _avalFor(id);
        _given(terms);
        vm.warp(block.timestamp + 200 days);
        _expectWrongStatus(id, Status.Lapsed, Status.Overdue);
        _call(terms, id);
    }

    /* WITH WHAT IS AROUND IT */

    function test_a_called_receivable_is_not_extinguished_from_under_the_guarantor() external {
        VoucherId part = _splitOff(voucher, creditor, obligor, FACE / 2);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        vm.expectRevert(
            abi.encodeWithSelector(IRecoveries.AdvancesOutstanding.selector, receivable, CAP)
        );
        vm.prank(obligor);
        ledger.extinguish(part);
    }

    function test_a_receivable_that_was_extinguished_in_part_lacks_less() external {
        VoucherId part = _splitOff(voucher, creditor, obligor, FACE / 4 * 3);
        _warpToOverdue(receivable);
        vm.prank(obligor);
        ledger.extinguish(part);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, FACE / 4);
        assertEq(_redeem(voucher), FACE / 4);
    }

    function test_fuzz_called_is_the_least_of_cap_and_lack(uint80 cap, uint80 margin, uint80 came)
        external
    {
        Aval memory terms = _aval();
        terms.cap = uint80(bound(cap, 1, type(uint80).max));
        terms.margin = uint80(bound(margin, 0, terms.cap < PURSE / 2 ? terms.cap : PURSE / 2));
        came = uint80(bound(came, 1, FACE - 1));
        bytes32 id = _given(terms);
        _pay(receivable, came);
        _warpToOverdue(receivable);
        (uint80 paid,) = _call(terms, receivable);
        uint80 expected = terms.cap < FACE - came ? terms.cap : FACE - came;
        assertEq(paid, expected);
        uint80 left = terms.margin > expected ? terms.margin - expected : 0;
        _assertState(id, expected, left, 0);
        _assertHolds(cash, uint256(left) + MARGIN);
    }

    /* INTERNAL */

    /// @dev The margin pays, the guarantor does not.
    function _dishonour() private {
        _allow(guarantor, cash, 0);
        _warpToOverdue(receivable);
        _call(_its, receivable);
    }
}
