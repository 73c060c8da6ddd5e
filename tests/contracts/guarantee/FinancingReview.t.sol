// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Terms} from "contracts/types/DataTypes.sol";
import {Aval} from "contracts/types/FinanceTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice What an aval does not secure; by design, with its bounds in the review of financing.
contract GuaranteeReviewTest is GuaranteeTest {
    function test_guarantor_and_obligor_empty_a_line_with_paper_of_their_own() external {
        Aval memory terms = _line();
        bytes32 aval = _given(terms);
        uint256 before = cash.balanceOf(guarantor);
        vm.warp(uint256(ledger.receivableOf(receivable).dueDay) * 1 days - 10 days);
        Terms memory own = _terms();
        (own.creditor, own.face) = (guarantor, CAP);
        own.dueDay = uint16(block.timestamp / 1 days);
        (ReceivableId paper, VoucherId its) = _accepted(own);
        _warpToOverdue(paper);
        _call(terms, paper);
        vm.prank(guarantor);
        ledger.redeem(its);
        assertEq(cash.balanceOf(guarantor), before + MARGIN, "it cost nothing");
        _assertState(aval, CAP, 0, 0);
        (uint80 amount,) = book.callable(terms, receivable);
        assertEq(amount, 0, "others find it used up");
    }

    function test_threat_32_an_obligor_that_holds_its_own_paper_shares_in_what_is_called()
        external
    {
        VoucherId own = _splitOff(voucher, creditor, obligor, FACE / 4);
        Aval memory terms = _aval();
        _given(terms);
        _warpToOverdue(receivable);
        _call(terms, receivable);
        assertEq(ledger.claimableOf(own), CAP / 4);
        assertEq(ledger.claimableOf(voucher), CAP - CAP / 4);
    }
}
