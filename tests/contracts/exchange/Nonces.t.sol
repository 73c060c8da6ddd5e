// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOrders} from "contracts/interfaces/IOrders.sol";

import {Order} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Withdrawing orders, and what their numbers do.
contract NoncesTest is ExchangeTest {
    /* CANCEL ONE */

    function test_threat_19_reverts_when_the_order_was_withdrawn() external {
        Order memory order = _ask();
        vm.expectEmit(address(exchange));
        emit IOrders.NonceCancelled(alice, order.nonce);
        vm.prank(alice);
        exchange.cancelNonce(order.nonce);
        assertTrue(exchange.isNonceUsed(alice, order.nonce));
        assertEq(exchange.leftOf(order), 0);
        _refuse(order, _orderClosed(order));
    }

    function test_threat_19_reverts_when_what_was_left_is_withdrawn() external {
        Order memory order = _askInParts();
        _fill(order, 400e6);
        vm.prank(alice);
        exchange.cancelNonce(order.nonce);
        assertEq(exchange.leftOf(order), 0);
        _refuse(order, 1e6, _orderClosed(order));
    }

    function test_withdrawing_twice_changes_nothing() external {
        Order memory order = _askInParts();
        vm.startPrank(alice);
        exchange.cancelNonce(order.nonce);
        exchange.cancelNonce(order.nonce);
        vm.stopPrank();
        _refuse(order, _orderClosed(order));
    }

    function test_nobody_withdraws_anothers_order() external {
        Order memory order = _ask();
        vm.startPrank(bob);
        exchange.cancelNonce(order.nonce);
        exchange.cancelNoncesBelow(type(uint256).max);
        vm.stopPrank();
        assertFalse(exchange.isNonceUsed(alice, order.nonce));
        _fill(order, FACE);
    }

    /* CANCEL BELOW */

    function test_threat_19_all_orders_below_the_floor_are_withdrawn() external {
        Order memory order = _ask();
        order.nonce = 7;
        vm.expectEmit(address(exchange));
        emit IOrders.NoncesCancelledBelow(alice, 8);
        vm.prank(alice);
        exchange.cancelNoncesBelow(8);
        assertEq(exchange.floorOf(alice), 8);
        assertEq(exchange.leftOf(order), 0);
        _refuse(order, _orderClosed(order));
        order.nonce = 8;
        _fill(order, FACE);
    }

    function test_threat_19_so_is_what_was_left_of_them() external {
        Order memory order = _askInParts();
        _fill(order, 400e6);
        vm.prank(alice);
        exchange.cancelNoncesBelow(order.nonce + 1);
        assertEq(exchange.leftOf(order), 0);
        _refuse(order, 1e6, _orderClosed(order));
    }

    /// @dev Floor and used numbers share words: neither is lost when the floor moves on.
    function testFuzz_threat_19_used_numbers_stay_used_when_the_floor_is_raised(
        uint16[4] calldata used,
        uint16[3] calldata floors
    ) external {
        uint256 floor;
        vm.startPrank(alice);
        for (uint256 i = 0; i < used.length; ++i) {
            exchange.cancelNonce(used[i] % 1024);
            if (i == floors.length) break;
            floor += floors[i] % 300;
            exchange.cancelNoncesBelow(floor);
        }
        vm.stopPrank();
        assertEq(exchange.floorOf(alice), floor);
        Order memory order = _ask();
        for (order.nonce = 0; order.nonce < 1024; order.nonce += 3) {
            bool open = order.nonce >= floor;
            for (uint256 i = 0; i < used.length; ++i) {
                if (order.nonce == used[i] % 1024) open = false;
            }
            assertEq(exchange.leftOf(order), open ? FACE : 0);
        }
    }

    /// @dev A floor has 128 bits: the largest withdraws everything, whatever its number.
    function test_threat_33_a_floor_beyond_all_numbers_withdraws_every_order() external {
        vm.prank(alice);
        exchange.cancelNoncesBelow(type(uint256).max);
        assertEq(exchange.floorOf(alice), type(uint128).max);
        uint256[4] memory nonces = [0, 7, type(uint128).max, type(uint256).max];
        for (uint256 i = 0; i < nonces.length; ++i) {
            Order memory order = _ask();
            order.nonce = nonces[i];
            assertEq(exchange.leftOf(order), 0);
            _refuse(order, _orderClosed(order));
        }
    }

    function test_threat_33_a_number_may_have_256_bits() external {
        Order memory order = _ask();
        order.nonce = type(uint256).max;
        vm.prank(alice);
        exchange.cancelNoncesBelow(type(uint128).max - 1);
        _fill(order, FACE);
        assertTrue(exchange.isNonceUsed(alice, order.nonce));
        assertFalse(exchange.isNonceUsed(alice, order.nonce - 1));
    }

    function test_threat_19_reverts_when_the_floor_is_lowered() external {
        vm.startPrank(alice);
        exchange.cancelNoncesBelow(8);
        vm.expectRevert(abi.encodeWithSelector(IOrders.FloorLowered.selector, 7, 8));
        exchange.cancelNoncesBelow(7);
    }

    /* ONE NUMBER */

    function test_orders_with_one_number_exclude_each_other() external {
        Order memory order = _askInParts();
        Order memory other = _askInParts();
        other.nonce = order.nonce;
        other.price = 2 * PRICE;
        _fill(order, 400e6);
        assertEq(exchange.leftOf(order), FACE - 400e6);
        assertEq(exchange.leftOf(other), 0);
        _refuse(other, 1e6, _orderClosed(other));
        other.least = other.amount;
        _refuse(other, FACE - 400e6, _orderClosed(other));
        _fill(order, FACE - 400e6);
        _refuse(other, 1e6, _orderClosed(other));
    }

    function test_makers_have_numbers_of_their_own() external {
        Order memory ask = _askInParts();
        Order memory bid = _bid();
        bid.nonce = ask.nonce;
        _fill(ask, FACE / 2);
        _fill(bid, FACE / 2);
        _assertVoucher(voucher, bob, FACE / 2);
    }

    function testFuzz_a_number_touches_no_other(uint256 used, uint256 other) external {
        vm.assume(used != other);
        Order memory order = _ask();
        order.nonce = used;
        _fill(order, FACE);
        assertTrue(exchange.isNonceUsed(alice, used));
        assertFalse(exchange.isNonceUsed(alice, other));
        assertFalse(exchange.isNonceUsed(bob, used));
    }

    function test_numbers_of_one_word_are_apart() external {
        for (uint256 nonce = 0; nonce < 512; nonce += 73) {
            vm.prank(alice);
            exchange.cancelNonce(nonce);
        }
        for (uint256 nonce = 0; nonce < 512; ++nonce) {
            assertEq(exchange.isNonceUsed(alice, nonce), nonce % 73 == 0);
        }
    }
}
