// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {Aval} from "contracts/types/FinanceTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice The margin goes back when it cannot be needed any more, and not before.
contract ReleaseTest is GuaranteeTest {
    Aval private _its;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _its = _aval();
        _id = _given(_its);
    }

    /* WHEN IT IS NOT NEEDED */

    function test_anyone_releases_it_once_the_obligor_paid() external {
        _pay(receivable, FACE);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.MarginReleased(_id, guarantor, MARGIN);
        vm.prank(stranger);
        assertEq(book.release(_its), MARGIN);
        _assertState(_id, 0, 0, 0);
        _assertHolds(cash, 0);
        assertEq(cash.balanceOf(guarantor), PURSE);
    }

    function test_once_another_guarantor_covered_it() external {
        _pay(receivable, FACE / 2);
        _fund(bob);
        _advance(receivable, bob, FACE / 2);
        assertEq(book.release(_its), MARGIN);
    }

    function test_what_a_call_left_of_it() external {
        _pay(receivable, FACE - 5);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        assertEq(book.release(_its), MARGIN - 5);
        _assertState(_id, 5, 0, 0);
    }

    function test_once_the_receivable_is_cancelled() external {
        _its = _avalFor(_issued());
        _given(_its);
        vm.prank(creditor);
        ledger.cancel(_its.receivable);
        assertEq(book.release(_its), MARGIN);
    }

    function test_once_the_receivable_has_lapsed() external {
        _its = _avalFor(_issued());
        _id = _given(_its);
        uint256 acceptBy = ledger.receivableOf(_its.receivable).acceptBy;
        vm.warp((acceptBy + 1) * 1 days - 1);
        _expectNeeded();
        book.release(_its);
        vm.warp((acceptBy + 1) * 1 days);
        assertEq(book.release(_its), MARGIN);
    }

    function test_threat_22_once_it_is_over_and_not_a_second_before() external {
        vm.warp(_its.expiry);
        _expectNeeded();
        book.release(_its);
        _warpPast(_its);
        assertEq(book.release(_its), MARGIN);
    }

    function test_a_line_only_once_it_is_over() external {
        _its = _line();
        _id = _given(_its);
        _pay(receivable, FACE);
        _expectNeeded();
        book.release(_its);
        _warpPast(_its);
        assertEq(book.release(_its), MARGIN);
    }

    function test_a_record_that_the_receivable_does_not_lack_any_more_holds_nothing() external {
        _warpToOverdue(receivable);
        _freezeParty(guarantor);
        _call(_its, receivable);
        ledger.freezeParty(guarantor, 0, REASON);
        _pay(receivable, FACE);
        assertEq(book.release(_its), MARGIN);
    }

    /* WHEN IT IS */

    function test_reverts_given_something_lacks() external {
        _pay(receivable, FACE - 1);
        _expectNeeded();
        book.release(_its);
    }

    function test_reverts_given_something_called_in_time_is_unpaid() external {
        _warpToOverdue(receivable);
        _freezeParty(guarantor);
        _call(_its, receivable);
        ledger.freezeParty(guarantor, 0, REASON);
        _warpPast(_its);
        _expectNeeded();
        book.release(_its);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_31_reverts_given_it_was_released() external {
        _pay(receivable, FACE);
        book.release(_its);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NothingToRelease.selector, _id));
        book.release(_its);
    }

    function test_reverts_given_the_cap_is_used_up() external {
        _warpToOverdue(receivable);
        _call(_its, receivable);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NothingToRelease.selector, _id));
        book.release(_its);
    }

    function test_reverts_when_it_was_never_given() external {
        _its.salt += 1;
        _expectUnknown(book.avalIdOf(_its));
        book.release(_its);
    }

    function test_reverts_when_the_guarantor_is_frozen() external {
        _pay(receivable, FACE);
        _freezeParty(guarantor);
        _expectFrozen(guarantor);
        book.release(_its);
        _assertHolds(cash, MARGIN);
        ledger.freezeParty(guarantor, 0, REASON);
        assertEq(book.release(_its), MARGIN);
    }

    /* TO WHOM */

    function test_threat_37_a_guarantor_whose_verification_ended_gets_it_back() external {
        _unverify(guarantor);
        _pay(receivable, FACE);
        assertEq(book.release(_its), MARGIN);
    }

    function test_threat_09_a_blocked_guarantor_blocks_only_itself() external {
        BlocklistToken token = new BlocklistToken();
        (ReceivableId id,) = _accepted(_termsIn(_addToken(token)));
        Aval memory blocked = _avalFor(id);
        blocked.currency = ledger.currencyCount();
        _fundFor(guarantor, token);
        _given(blocked);
        Aval memory other = _avalFor(id);
        (other.guarantor, other.currency) = (bob, blocked.currency);
        _fundFor(bob, token);
        _given(other);
        _pay(id, FACE);
        token.setBlocked(guarantor, true);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.AccountIsBlocked.selector, guarantor));
        book.release(blocked);
        assertEq(book.release(other), MARGIN);
        token.setBlocked(guarantor, false);
        assertEq(book.release(blocked), MARGIN);
    }

    function test_threat_09_a_blocked_guarantor_has_it_paid_to_its_payee() external {
        _pay(receivable, FACE);
        ledger.setPayee(guarantor, bob, REASON);
        vm.prank(guarantor);
        assertEq(book.release(_its), MARGIN);
        assertEq(cash.balanceOf(bob), MARGIN);
        _assertHolds(cash, 0);
    }

    function test_threat_09_reverts_when_another_releases_it_to_the_payee() external {
        _pay(receivable, FACE);
        ledger.setPayee(guarantor, bob, REASON);
        _expectNotEntitled(stranger, guarantor);
        vm.prank(stranger);
        book.release(_its);
    }

    function test_threat_09_reverts_when_the_payee_is_frozen() external {
        _pay(receivable, FACE);
        ledger.setPayee(guarantor, bob, REASON);
        _freezeParty(bob);
        _expectFrozen(bob);
        vm.prank(guarantor);
        book.release(_its);
    }

    function _expectNeeded() private {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.MarginStillNeeded.selector, _id));
    }
}
