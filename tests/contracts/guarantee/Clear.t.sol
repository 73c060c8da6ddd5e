// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Aval} from "contracts/types/FinanceTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice What was called and not paid comes off the record when others pay it.
contract ClearTest is GuaranteeTest {
    Aval private _its;
    bytes32 private _id;
    ReceivableId private _other;

    /// @dev A line whose guarantor did not pay; its margin was added too late for the call.
    function setUp() public override {
        super.setUp();
        _its = _line();
        _its.margin = 0;
        _id = _given(_its);
        (_other,) = _accepted();
        _allow(guarantor, cash, 0);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        _allow(guarantor, cash, type(uint256).max);
        vm.prank(guarantor);
        book.addMargin(_its, MARGIN);
    }

    function test_nothing_is_on_record_once_the_obligor_paid() external {
        _pay(receivable, FACE);
        vm.expectEmit(address(book));
        emit IGuaranteeBook.DishonourCleared(_id, receivable, 0);
        assertEq(book.clear(_id, receivable), 0);
        _assertState(_id, 0, MARGIN, 0);
        assertEq(book.dishonouredOn(_id, receivable), 0);
    }

    function test_what_still_lacks_stays_on_record() external {
        _pay(receivable, FACE - 5);
        assertEq(book.clear(_id, receivable), 5);
        _assertState(_id, 0, MARGIN, 5);
        assertEq(book.dishonouredOn(_id, receivable), 5);
    }

    function test_another_guarantors_payment_counts() external {
        _fund(bob);
        _advance(receivable, bob, FACE);
        assertEq(book.clear(_id, receivable), 0);
    }

    function test_the_margin_is_not_held_for_ever() external {
        _warpPast(_its);
        _pay(receivable, FACE);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.MarginStillNeeded.selector, _id));
        book.release(_its);
        book.clear(_id, receivable);
        assertEq(book.release(_its), MARGIN);
        _assertHolds(cash, 0);
    }

    function test_the_cap_is_free_again_for_others() external {
        _expectNothingToCall(_id, _other);
        _call(_its, _other);
        _pay(receivable, FACE);
        book.clear(_id, receivable);
        (uint80 paid,) = _call(_its, _other);
        assertEq(paid, CAP);
    }

    function test_clear_and_call_in_one() external {
        _pay(receivable, FACE);
        bytes[] memory steps = new bytes[](2);
        steps[0] = abi.encodeCall(book.clear, (_id, receivable));
        steps[1] = abi.encodeCall(book.call, (_its, _other));
        Multicall(address(book)).multicall(steps);
        _assertState(_id, CAP, 0, 0);
    }

    function test_reverts_given_all_of_it_still_lacks() external {
        _pay(receivable, FACE - CAP);
        _expectStands(receivable);
        book.clear(_id, receivable);
    }

    function test_reverts_when_nothing_is_on_record() external {
        _expectStands(_other);
        book.clear(_id, _other);
        _expectStands(ReceivableId.wrap(7));
        book.clear(_id, ReceivableId.wrap(7));
    }

    function test_reverts_given_it_was_cleared() external {
        _pay(receivable, FACE);
        book.clear(_id, receivable);
        _expectStands(receivable);
        book.clear(_id, receivable);
    }

    function _expectStands(ReceivableId id) private {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.DishonourStands.selector, _id, id));
    }
}
