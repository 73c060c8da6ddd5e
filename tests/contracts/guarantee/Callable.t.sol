// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Aval} from "contracts/types/FinanceTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice What a buyer sees before it buys.
contract CallableTest is GuaranteeTest {
    Aval private _its;
    bytes32 private _id;

    function setUp() public override {
        super.setUp();
        _its = _aval();
        _id = _given(_its);
    }

    function test_the_cap_and_the_margin_before_anything_was_paid() external view {
        _assertCallable(receivable, CAP, MARGIN);
    }

    function test_at_most_what_lacks() external {
        _pay(receivable, FACE - MARGIN / 2);
        _assertCallable(receivable, MARGIN / 2, MARGIN / 2);
        _pay(receivable, FACE);
        _assertCallable(receivable, 0, 0);
    }

    function test_it_is_what_a_call_then_draws() external {
        _pay(receivable, FACE / 2);
        _warpToOverdue(receivable);
        (uint80 amount,) = book.callable(_its, receivable);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(amount, paid);
        _assertCallable(receivable, 0, 0);
    }

    function test_nothing_after_the_expiry_but_what_was_called_in_time() external {
        vm.warp(_its.expiry);
        _assertCallable(receivable, CAP, MARGIN);
        _warpPast(_its);
        _assertCallable(receivable, 0, 0);
        vm.warp(_its.expiry);
        _allow(guarantor, cash, 0);
        _call(_its, receivable);
        _warpPast(_its);
        _assertCallable(receivable, CAP - MARGIN, 0);
    }

    function test_what_was_called_for_others_is_not_promised_twice() external {
        _its = _line();
        _given(_its);
        (ReceivableId other,) = _accepted();
        _allow(guarantor, cash, 0);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        _assertCallable(other, 0, 0);
        _assertCallable(receivable, CAP - MARGIN, 0);
    }

    function test_nothing_for_what_came_to_nothing() external {
        _its = _avalFor(_issued());
        _given(_its);
        _assertCallable(_its.receivable, CAP, MARGIN);
        vm.warp(block.timestamp + 20 days);
        _assertCallable(_its.receivable, 0, 0);
        ledger.cancel(_its.receivable);
        _assertCallable(_its.receivable, 0, 0);
    }

    function test_reverts_when_it_was_never_given() external {
        _its.salt += 1;
        _expectUnknown(book.avalIdOf(_its));
        book.callable(_its, receivable);
    }

    function test_reverts_when_the_receivable_is_not_covered() external {
        (ReceivableId other,) = _accepted();
        _expectNotCovered(_id, other);
        book.callable(_its, other);
    }

    function _assertCallable(ReceivableId id, uint80 amount, uint80 secured) private view {
        (uint80 a, uint80 s) = book.callable(_its, id);
        assertEq(a, amount, "amount");
        assertEq(s, secured, "secured");
    }
}
