// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";

import {LoanStatus} from "contracts/types/FinanceTypes.sol";
import {PledgeTest} from "./PledgeTest.sol";

contract WithdrawTest is PledgeTest {
    function test_threat_19_either_party_withdraws() external {
        address[2] memory parties = [lender, borrower];
        for (uint256 i = 0; i < parties.length; ++i) {
            _prepare();
            vm.expectEmit(address(book));
            emit IPledgeBook.LoanWithdrawn(_id(), parties[i]);
            vm.prank(parties[i]);
            book.withdraw(loan);
            _assertLoan(LoanStatus.Withdrawn, 0);
        }
    }

    function test_reverts_when_another_withdraws() external {
        _expectNotEntitled(stranger, lender);
        vm.prank(stranger);
        book.withdraw(loan);
    }

    function test_threat_19_reverts_given_it_was_used_or_withdrawn() external {
        _open();
        _expectNotIn(LoanStatus.Open, LoanStatus.None);
        vm.prank(lender);
        book.withdraw(loan);
        _prepare();
        vm.prank(lender);
        book.withdraw(loan);
        _expectNotIn(LoanStatus.Withdrawn, LoanStatus.None);
        vm.prank(borrower);
        book.withdraw(loan);
    }

    function test_nothing_is_owed_on_a_withdrawn_loan() external {
        vm.prank(borrower);
        book.withdraw(loan);
        _after(100);
        assertEq(_owed(), 0);
        _expectNotIn(LoanStatus.Withdrawn, LoanStatus.Open);
        _repay(stranger, 1);
        _expectMissing();
        book.collect(loan);
    }
}
