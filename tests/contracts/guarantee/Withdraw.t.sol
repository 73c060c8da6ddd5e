// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";

import {Aval} from "contracts/types/FinanceTypes.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice Taking back a signature that was not used.
contract WithdrawTest is GuaranteeTest {
    function test_a_guarantor_withdraws_its_signature() external {
        Aval memory terms = _applied();
        bytes32 id = book.avalIdOf(terms);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.AvalWithdrawn(id, guarantor);
        vm.prank(guarantor);
        book.withdraw(terms);
        assertFalse(book.stateOf(id).given);
    }

    function test_a_frozen_guarantor_can_still_withdraw() external {
        Aval memory terms = _applied();
        bytes memory signature = _signed(terms);
        _freezeParty(guarantor);
        vm.prank(guarantor);
        book.withdraw(terms);
        ledger.freezeParty(guarantor, 0, REASON);
        _expectUsed(book.avalIdOf(terms));
        _bring(terms, signature);
    }

    function test_reverts_when_another_withdraws() external {
        Aval memory terms = _applied();
        _expectNotEntitled(applicant, guarantor);
        vm.prank(applicant);
        book.withdraw(terms);
    }

    function test_reverts_given_it_was_given() external {
        Aval memory terms = _applied();
        bytes32 id = _bring(terms, _signed(terms));
        _expectUsed(id);
        vm.prank(guarantor);
        book.withdraw(terms);
    }

    function test_threat_19_reverts_given_it_was_withdrawn() external {
        Aval memory terms = _applied();
        bytes32 id = book.avalIdOf(terms);
        vm.startPrank(guarantor);
        book.withdraw(terms);
        _expectUsed(id);
        book.withdraw(terms);
    }
}
