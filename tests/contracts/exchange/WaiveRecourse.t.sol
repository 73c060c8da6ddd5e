// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IRecourses} from "contracts/interfaces/IRecourses.sol";

import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Giving recourse up.
contract WaiveRecourseTest is ExchangeTest {
    function test_the_last_one_is_let_go() external {
        _sell(alice, bob, FACE);
        _sell(bob, carol, FACE);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseWaived(voucher, bob, 2);
        _waive(carol);
        assertEq(exchange.recourseCount(voucher), 1);
        _assertRecourse(voucher, 1, alice, FACE);
        _assertRecourse(voucher, 2, address(0), 0);
    }

    function test_a_place_is_taken_anew() external {
        _sell(alice, bob, FACE);
        _waive(bob);
        _sell(bob, carol, FACE / 2);
        assertEq(exchange.recourseCount(voucher), 1);
        _assertRecourse(voucher, 1, bob, FACE / 2);
    }

    function test_reverts_when_the_caller_is_not_the_holder() external {
        _sell(alice, bob, FACE);
        _expectNotEntitled(alice, bob);
        _waive(alice);
    }

    function test_reverts_given_nobody_answers() external {
        vm.expectRevert(abi.encodeWithSelector(IRecourses.NoRecourse.selector, voucher));
        _waive(alice);
    }

    function _waive(address holder) private {
        vm.prank(holder);
        exchange.waiveRecourse(voucher);
    }
}
