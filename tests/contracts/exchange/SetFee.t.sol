// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOrders} from "contracts/interfaces/IOrders.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Order} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice The fee: who sets it, who pays it, who gets it.
contract SetFeeTest is ExchangeTest {
    uint32 private constant _FEE = 1000;

    /* SET */

    function test_it_is_told() external {
        vm.expectEmit(address(exchange));
        emit IOrders.FeeSet(_FEE, collector);
        exchange.setFee(_FEE, collector);
        (uint32 fee, address recipient) = exchange.feeOf();
        assertEq(fee, _FEE);
        assertEq(recipient, collector);
        assertEq(exchange.feeCap(), FEE_CAP);
    }

    function test_it_can_be_the_cap_and_nothing_again() external {
        exchange.setFee(FEE_CAP, collector);
        exchange.setFee(0, address(0));
        (, uint80 price, uint80 fee) = _fill(_ask(), FACE);
        assertEq(price, PRICE);
        assertEq(fee, 0);
    }

    function test_reverts_when_it_is_above_the_cap() external {
        vm.expectRevert(abi.encodeWithSelector(IOrders.FeeInvalid.selector, FEE_CAP + 1, FEE_CAP));
        exchange.setFee(FEE_CAP + 1, collector);
    }

    function test_reverts_when_nobody_would_get_it() external {
        address[2] memory nobody = [address(0), address(exchange)];
        for (uint256 i = 0; i < nobody.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOrders.FeeInvalid.selector, _FEE, FEE_CAP));
            exchange.setFee(_FEE, nobody[i]);
        }
    }

    function test_reverts_when_the_cap_is_above_the_price() external {
        bytes memory arguments = abi.encode(address(roles), ledger, 1_000_001);
        vm.expectRevert(abi.encodeWithSelector(IOrders.FeeInvalid.selector, 1_000_001, 1_000_000));
        deployCode("Exchange.sol:Exchange", arguments);
    }

    function test_reverts_when_the_caller_is_not_the_administrator() external {
        _expectUnauthorized(alice);
        vm.prank(alice);
        exchange.setFee(_FEE, collector);
    }

    function test_it_is_the_same_in_all_currencies_known_or_new() external {
        uint8 known = eur;
        _fill(_askOfHalf(), FACE / 2);
        exchange.setFee(_FEE, collector);
        TestCurrency token = new TestCurrency("New", "NEW", 18);
        uint8 fresh = _tradeIn(token);
        for (uint256 i = 0; i < 2; ++i) {
            Order memory order = _askOfHalf();
            order.currency = i == 0 ? known : fresh;
            (, uint80 quoted) = exchange.quote(order, voucher, FACE / 2);
            (,, uint80 fee) = _fill(order, FACE / 2);
            assertEq(fee, PRICE / 2 / 1000);
            assertEq(quoted, fee);
        }
        exchange.setFee(2 * _FEE, collector);
        for (uint256 i = 0; i < 2; ++i) {
            _receiveIn(eur);
            Order memory order = _askOfHalf();
            order.currency = i == 0 ? known : fresh;
            (,, uint80 fee) = _fill(order, FACE / 2);
            assertEq(fee, PRICE / 1000);
        }
    }

    /// @dev The table holds 255: all of them are told in one transaction.
    function test_threat_34_it_is_set_for_a_full_table() external {
        for (uint8 i = ledger.currencyCount(); i < 255; ++i) {
            TestCurrency token = new TestCurrency("Any", "ANY", 6);
            uint8 currency = ledger.addCurrency("ANY", address(token), address(0), 6);
            _fundFor(bob, token);
            Order memory order = _ask();
            (order.currency, order.amount, order.least, order.price) = (currency, 1e6, 1e6, 1e6);
            _fill(order, 1e6);
        }
        exchange.setFee{gas: 16_000_000}(_FEE, collector);
        Order memory last = _ask();
        (last.currency, last.amount, last.least, last.price) = (255, 1e6, 1e6, 1e6);
        (,, uint80 fee) = _fill(last, 1e6);
        assertEq(fee, 1000);
    }

    /* PAY */

    function test_a_buyer_who_fills_pays_it_on_top() external {
        exchange.setFee(_FEE, collector);
        uint256 hers = cash.balanceOf(alice);
        uint256 his = cash.balanceOf(bob);
        (, uint80 price, uint80 fee) = _fill(_ask(), FACE);
        assertEq(fee, 950e6);
        assertEq(cash.balanceOf(alice), hers + price);
        assertEq(cash.balanceOf(bob), his - price - fee);
        assertEq(cash.balanceOf(collector), fee);
        _assertEmpty();
    }

    function test_a_seller_who_fills_gets_less() external {
        exchange.setFee(_FEE, collector);
        uint256 hers = cash.balanceOf(alice);
        uint256 his = cash.balanceOf(bob);
        (, uint80 price, uint80 fee) = _fill(_bid(), FACE);
        assertEq(fee, 973_750_000);
        assertEq(cash.balanceOf(alice), hers + price - fee);
        assertEq(cash.balanceOf(bob), his - price);
        assertEq(cash.balanceOf(collector), fee);
    }

    function test_the_limit_counts_it() external {
        exchange.setFee(_FEE, collector);
        Order memory ask = _ask();
        bytes memory signature = _sign(ask);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOrders.PriceWorseThanLimit.selector, PRICE + 950e6, PRICE + 950e6 - 1
            )
        );
        vm.prank(bob);
        exchange.fill(ask, signature, voucher, FACE, PRICE + 950e6 - 1);
        Order memory bid = _bid();
        signature = _sign(bid);
        uint256 proceeds = 973_750e6 - 973_750_000;
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.PriceWorseThanLimit.selector, proceeds, proceeds + 1)
        );
        vm.prank(alice);
        exchange.fill(bid, signature, voucher, FACE, proceeds + 1);
        vm.prank(alice);
        exchange.fill(bid, signature, voucher, FACE, proceeds);
    }

    function test_who_gets_it_does_not_pay_it_to_itself() external {
        exchange.setFee(_FEE, bob);
        uint256 his = cash.balanceOf(bob);
        _fill(_askOfHalf(), FACE / 2);
        assertEq(cash.balanceOf(bob), his - PRICE / 2);
        his = cash.balanceOf(bob);
        (, uint80 price, uint80 fee) = _fill(_bid(), FACE / 2);
        assertEq(cash.balanceOf(bob), his - (price - fee));
    }

    function test_it_is_in_whole_cents() external {
        exchange.setFee(_FEE, collector);
        TestCurrency cents = new TestCurrency("Cents", "CENT", 2);
        Order memory order = _ask();
        order.currency = _tradeIn(cents);
        order.subject = _raw(voucher);
        order.price = 123_450_000;
        (,, uint80 fee) = _fill(order, FACE);
        // 0.1 % of 123.45 is 12.345 cents.
        assertEq(fee, 120_000);
        assertEq(cents.balanceOf(collector), 12);
    }

    function testFuzz_it_is_within_its_share(uint32 fee, uint80 price) external {
        fee = uint32(bound(fee, 1, FEE_CAP));
        exchange.setFee(fee, collector);
        Order memory order = _ask();
        order.price = uint80(bound(price, 1, 10 * FACE));
        (,, uint80 paid) = _fill(order, FACE);
        assertEq(paid, uint256(order.price) * fee / 1_000_000);
        assertEq(cash.balanceOf(collector), paid);
    }

    function _askOfHalf() private returns (Order memory order) {
        order = _ask();
        (order.amount, order.least, order.price) = (FACE / 2, FACE / 2, PRICE / 2);
    }
}
