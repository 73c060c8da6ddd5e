// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {PledgeTest} from "./PledgeTest.sol";

/// @notice `takeKept`.
contract KeptTest is PledgeTest {
    BlocklistToken private _token;

    /// @dev The lender is blocked, and 600,000 are kept for it.
    function setUp() public override {
        super.setUp();
        _token = new BlocklistToken();
        _use(_token);
        _open();
        _token.setBlocked(lender, true);
        _repay(borrower, PRINCIPAL);
    }

    function test_threat_09_what_is_kept_goes_where_its_party_says() external {
        vm.expectEmit(address(book));
        emit IPledgeBook.MoneyTaken(lender, loan.currency, bob, PRINCIPAL);
        assertEq(_take(lender, bob), PRINCIPAL);
        assertEq(_balance(bob), PRINCIPAL);
        assertEq(_balance(address(book)), 0);
        assertEq(book.keptFor(lender, loan.currency), 0);
    }

    function test_threat_28_reverts_when_it_is_taken_twice() external {
        _take(lender, bob);
        _expectNothing(lender, loan.currency);
        _take(lender, bob);
    }

    function test_reverts_when_nothing_is_kept_or_in_another_currency() external {
        _expectNothing(stranger, loan.currency);
        _take(stranger, stranger);
        _expectNothing(lender, eur);
        vm.prank(lender);
        book.takeKept(eur, bob);
    }

    function test_reverts_when_the_token_still_refuses_and_keeps_it() external {
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.AccountIsBlocked.selector, lender));
        _take(lender, lender);
        assertEq(book.keptFor(lender, loan.currency), PRINCIPAL);
        _token.setBlocked(lender, false);
        _take(lender, lender);
    }

    function test_threat_37_an_unverified_party_may_take_its_own() external {
        _unverify(lender);
        _token.setBlocked(lender, false);
        assertEq(_take(lender, lender), PRINCIPAL);
    }

    function test_reverts_when_the_payee_is_not_verified_or_frozen() external {
        _expectNotVerified(stranger);
        _take(lender, stranger);
        _freezeParty(bob);
        _expectFrozen(bob);
        _take(lender, bob);
    }

    function test_reverts_given_a_frozen_party() external {
        _freezeParty(lender);
        _expectFrozen(lender);
        _take(lender, bob);
    }

    function test_threat_40_reverts_when_the_book_is_to_pay_itself() external {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ValueRefused.selector, address(book)));
        _take(lender, address(book));
    }

    function test_a_second_loan_adds_to_it() external {
        (debt, pledge) = _newDebt(FACE, loan.currency);
        _prepare();
        _token.setBlocked(lender, false);
        _open();
        _token.setBlocked(lender, true);
        _repay(borrower, 1);
        assertEq(book.keptFor(lender, loan.currency), PRINCIPAL + 1);
    }

    function _take(address party, address to) private returns (uint80) {
        vm.prank(party);
        return book.takeKept(loan.currency, to);
    }

    function _expectNothing(address party, uint8 currency) private {
        vm.expectRevert(abi.encodeWithSelector(IPledgeBook.NothingKept.selector, party, currency));
    }
}
