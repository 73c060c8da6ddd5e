// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOrders} from "contracts/interfaces/IOrders.sol";

import {Order} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice What a fill would cost, and what is left of an order.
contract QuoteTest is ExchangeTest {
    function test_a_quote_is_what_the_fill_costs() external {
        exchange.setFee(1000, collector);
        Order[2] memory orders = [_askInParts(), _bid()];
        for (uint256 i = 0; i < orders.length; ++i) {
            (uint80 price, uint80 fee) = exchange.quote(orders[i], voucher, FACE / 3);
            (, uint80 paid, uint80 paidFee) = _fill(orders[i], FACE / 3);
            assertEq(price, paid);
            assertEq(fee, paidFee);
        }
    }

    function test_taker_and_signature_do_not_matter() external {
        Order memory order = _ask();
        order.taker = carol;
        (uint80 price,) = exchange.quote(order, voucher, FACE);
        assertEq(price, PRICE);
    }

    function test_reverts_as_the_fill_would() external {
        Order memory order = _ask();
        order.least = 0;
        _refuseToQuote(order, FACE, _orderInvalid("least"));
        order.least = FACE;
        _refuseToQuote(order, FACE - 1, _outOfRange(FACE - 1, FACE, FACE));
        order.maker = carol;
        _refuseToQuote(order, FACE, _notHolder(carol, alice));
        order.maker = alice;
        ++order.subject;
        _refuseToQuote(order, FACE, _notInScope(order));
        --order.subject;
        order.price = 0;
        _refuseToQuote(order, FACE, abi.encodeWithSelector(IOrders.PriceIsZero.selector));
        order.price = PRICE;
        vm.prank(alice);
        exchange.cancelNonce(order.nonce);
        _refuseToQuote(order, FACE, _orderClosed(order));
    }

    function test_reverts_given_a_quote_after_the_expiry() external {
        Order memory order = _bid();
        vm.warp(order.expiry + 1);
        _refuseToQuote(
            order,
            FACE,
            abi.encodeWithSelector(IOrders.OrderExpired.selector, order.expiry, block.timestamp)
        );
    }

    function test_threat_32_reverts_when_the_obligor_asks_for_recourse() external {
        Order memory order = _ask();
        order.recourse = FACE;
        vm.prank(obligor);
        vm.expectRevert(_obligorHasNone());
        exchange.quote(order, voucher, FACE);
    }

    /* WHAT IS LEFT */

    function test_what_is_left_goes_down_with_each_fill() external {
        Order memory order = _askInParts();
        assertEq(exchange.leftOf(order), FACE);
        _fill(order, FACE / 4);
        assertEq(exchange.leftOf(order), FACE - FACE / 4);
        _fill(order, FACE - FACE / 4);
        assertEq(exchange.leftOf(order), 0);
    }

    function test_nothing_is_left_of_an_order_that_is_filled_or_expired() external {
        Order memory filled = _ask();
        Order memory order = _ask();
        _fill(filled, FACE);
        assertEq(exchange.leftOf(filled), 0);
        vm.warp(order.expiry);
        assertEq(exchange.leftOf(order), FACE);
        vm.warp(order.expiry + 1);
        assertEq(exchange.leftOf(order), 0);
    }

    function _refuseToQuote(Order memory order, uint80 amount, bytes memory reason) private {
        vm.expectRevert(reason);
        exchange.quote(order, voucher, amount);
    }
}
