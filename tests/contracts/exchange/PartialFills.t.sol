// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Order, Quotation, Side} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Many fills of one order, whatever their amounts: never more than the order, never worse for its
/// maker.
contract PartialFillsTest is ExchangeTest {
    function testFuzz_threat_23_an_ask_brings_its_maker_at_least_its_price(
        uint80 price,
        uint80 amount,
        uint80[6] calldata parts
    ) external {
        Order memory order = _askInParts();
        order.amount = uint80(bound(amount, 1, FACE));
        order.price = uint80(bound(price, 1, 10 * FACE));
        uint256 before = cash.balanceOf(alice);
        uint256 filled = _fillAll(order, parts);
        uint256 got = cash.balanceOf(alice) - before;
        assertEq(filled, order.amount);
        assertGe(got, order.price);
        // Each fill cost its filler less than one unit more than its share.
        assertLt(got, uint256(order.price) + parts.length + 1);
        assertEq(ledger.balanceOf(alice) == 0, order.amount == FACE);
    }

    function testFuzz_threat_23_a_bid_costs_its_maker_at_most_its_price(
        uint80 price,
        uint80 amount,
        uint80[6] calldata parts
    ) external {
        Order memory order = _bid();
        order.quotation = Quotation.Amount;
        order.amount = uint80(bound(amount, 1, FACE));
        // At least its amount, so that the least part is not for nothing.
        order.price = uint80(bound(price, order.amount, 10 * FACE));
        uint256 before = cash.balanceOf(bob);
        uint256 filled = _fillAll(order, parts);
        uint256 paid = before - cash.balanceOf(bob);
        assertEq(filled, order.amount);
        assertLe(paid, order.price);
        assertGt(paid + parts.length + 1, order.price);
    }

    function testFuzz_threat_23_fills_at_a_rate_never_favour_the_filler(
        uint24 rate,
        bool isBid,
        uint80[6] calldata parts
    ) external {
        Order memory order = _bid();
        if (!isBid) (order.maker, order.side) = (alice, Side.Ask);
        order.price = uint80(bound(rate, 0, 1_900_000));
        order.amount = FACE;
        // Not so little that it is for nothing.
        order.least = 1000;
        (uint80 whole,) = exchange.quote(order, voucher, FACE);
        uint256 before = cash.balanceOf(alice);
        _fillAll(order, parts);
        uint256 got = cash.balanceOf(alice) - before;
        if (isBid) assertLe(got, whole);
        else assertGe(got, whole);
        assertApproxEqAbs(got, whole, parts.length + 1);
    }

    function test_threat_23_the_smallest_fill_costs_something() external {
        Order memory order = _askInParts();
        order.price = 1;
        (, uint80 price,) = _fill(order, 1);
        assertEq(price, 1);
    }

    /// @dev Fills it in parts, the last of which is what is left; returns how much was filled.
    function _fillAll(Order memory order, uint80[6] calldata parts)
        private
        returns (uint256 filled)
    {
        for (uint256 i = 0; i <= parts.length; ++i) {
            uint80 left = exchange.leftOf(order);
            assertEq(filled + left, order.amount);
            if (left == 0) return filled;
            bool isLast = i == parts.length || left <= order.least;
            uint80 part = isLast ? left : uint80(bound(parts[i], order.least, left));
            _fill(order, part);
            filled += part;
        }
    }
}
