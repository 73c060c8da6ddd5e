// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Aval} from "contracts/types/FinanceTypes.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice Laying up more cash.
contract AddMarginTest is GuaranteeTest {
    Aval private _its;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _its = _aval();
        _id = _given(_its);
    }

    function test_a_guarantor_adds_up_to_the_cap() external {
        vm.expectEmit(address(book));
        emit IGuaranteeBook.MarginAdded(_id, CAP - MARGIN);
        _add(CAP - MARGIN);
        _assertState(_id, 0, CAP, 0);
        _assertHolds(cash, CAP);
        assertEq(cash.balanceOf(guarantor), PURSE - CAP);
    }

    function test_what_was_called_is_not_secured_again() external {
        _pay(receivable, FACE - MARGIN / 2);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        _expectInvalid("margin above cap");
        _add(CAP - MARGIN + 1);
        _add(CAP - MARGIN);
        _assertState(_id, MARGIN / 2, CAP - MARGIN / 2, 0);
    }

    function test_reverts_when_it_is_more_than_the_cap_leaves() external {
        _expectInvalid("margin above cap");
        _add(CAP - MARGIN + 1);
    }

    function test_threat_33_reverts_when_it_is_all_that_80_bits_hold() external {
        _expectInvalid("margin above cap");
        _add(type(uint80).max);
    }

    function test_reverts_when_it_is_zero() external {
        _expectInvalid("amount is zero");
        _add(0);
    }

    function test_reverts_when_another_adds() external {
        _expectNotEntitled(stranger, guarantor);
        vm.prank(stranger);
        book.addMargin(_its, 1);
    }

    function test_reverts_when_the_guarantor_is_frozen() external {
        _freezeParty(guarantor);
        _expectFrozen(guarantor);
        _add(1);
    }

    function test_reverts_when_it_was_never_given() external {
        _its.salt += 1;
        _expectUnknown(book.avalIdOf(_its));
        _add(1);
    }

    function test_reverts_when_the_currency_cannot_express_it() external {
        TestCurrency cents = new TestCurrency("Cents", "CENT", 2);
        _its = _line();
        _its.currency = _addToken(cents);
        _fundFor(guarantor, cents);
        bytes32 id = _given(_its);
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1, 1e4));
        _add(1);
        _add(1e4);
        _assertState(id, 0, MARGIN + 1e4, 0);
        assertEq(cents.balanceOf(address(book)), (MARGIN + 1e4) / 1e4);
    }

    function _add(uint80 amount) private {
        vm.prank(guarantor);
        book.addMargin(_its, amount);
    }
}
