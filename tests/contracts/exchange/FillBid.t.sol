// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IOrders} from "contracts/interfaces/IOrders.sol";

import {Pricing} from "contracts/libraries/Pricing.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {DayCount, Order, Quotation, Scope, Side} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Filling bids, orders at a rate, and orders about a whole class of vouchers. The voucher is due in
/// 180 days.
contract FillBidTest is ExchangeTest {
    uint16 private _dueDay;

    function setUp() public override {
        super.setUp();
        (,,, _dueDay) = ledger.outlineOf(id);
    }

    /* PRICES */

    function test_the_maker_of_a_bid_pays_and_the_filler_delivers() external {
        uint256 his = cash.balanceOf(bob);
        uint256 hers = cash.balanceOf(alice);
        (VoucherId delivered, uint80 price,) = _fill(_bid(), FACE);
        // 1,000,000 x (1 - 5.25 % x 180 / 360)
        assertEq(price, 973_750e6);
        assertEq(_raw(delivered), _raw(voucher));
        _assertVoucher(voucher, bob, FACE);
        assertEq(cash.balanceOf(bob), his - price);
        assertEq(cash.balanceOf(alice), hers + price);
        _assertEmpty();
    }

    function test_it_is_told() external {
        Order memory order = _bid();
        bytes32 digest = exchange.orderDigest(order);
        vm.expectEmit(address(exchange));
        emit IOrders.OrderFilled(
            digest,
            bob,
            alice,
            Side.Bid,
            eur,
            order.nonce,
            id.voucherAt(2),
            FACE / 2,
            FACE / 2,
            486_875e6,
            0
        );
        _fill(order, FACE / 2);
    }

    function test_a_yield_is_reckoned_on_the_price() external {
        Order memory order = _bid();
        order.quotation = Quotation.Yield;
        (, uint80 price,) = _fill(order, FACE);
        // 1,000,000 / (1 + 5.25 % x 180 / 360), rounded down against who fills
        assertEq(price, 974_421_437_271);
    }

    function test_who_buys_at_a_rate_pays_up() external {
        Order memory order = _askAtRate(Quotation.Yield);
        (, uint80 price,) = _fill(order, FACE);
        assertEq(price, 974_421_437_272);
    }

    function test_the_year_may_have_365_days() external {
        Order memory order = _bid();
        order.dayCount = DayCount.Act365F;
        (, uint80 price,) = _fill(order, FACE);
        assertEq(price, 974_109_589_041);
    }

    function test_a_price_counts_the_days_at_the_moment_of_filling() external {
        Order memory order = _bid();
        order.expiry = FOREVER;
        uint80 before = FACE;
        (before,) = exchange.quote(order, voucher, FACE);
        vm.warp(block.timestamp + 100 days);
        (, uint80 price,) = _fill(order, FACE);
        assertEq(before, 973_750e6);
        assertEq(price, 1_000_000e6 - 11_666_666_667);
    }

    function test_a_bid_may_state_an_amount() external {
        Order memory order = _bid();
        order.quotation = Quotation.Amount;
        order.price = PRICE;
        (, uint80 price,) = _fill(order, FACE / 2);
        assertEq(price, PRICE / 2);
    }

    function test_only_what_is_still_to_be_redeemed_is_paid_for() external {
        _pay(id, FACE / 2);
        _redeem(voucher);
        (, uint80 price,) = _fill(_bid(), FACE / 2);
        assertEq(price, 973_750e6 / 2);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_reverts_when_a_claim_comes_before_the_fill() external {
        _pay(id, FACE / 2);
        _redeem(voucher);
        _refuse(_bid(), _exceeds(FACE, FACE / 2));
    }

    function test_reverts_when_a_rate_is_above_1000_percent() external {
        Order memory order = _bid();
        order.price = uint80(Pricing.HIGHEST_RATE + 1);
        _refuse(
            order,
            abi.encodeWithSelector(Pricing.RateTooHigh.selector, order.price, Pricing.HIGHEST_RATE)
        );
    }

    function test_threat_25_reverts_when_the_discount_takes_all() external {
        Order memory order = _bid();
        order.price = 2_000_000;
        _refuse(order, abi.encodeWithSelector(IOrders.PriceIsZero.selector));
    }

    function test_threat_23_reverts_when_a_seller_would_get_nothing() external {
        _refuse(_bid(), 1, abi.encodeWithSelector(IOrders.PriceIsZero.selector));
    }

    function test_reverts_when_the_filler_would_get_less_than_the_limit() external {
        Order memory order = _bid();
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.PriceWorseThanLimit.selector, 973_750e6, 973_750e6 + 1)
        );
        vm.prank(alice);
        exchange.fill(order, signature, voucher, FACE, 973_750e6 + 1);
    }

    function test_reverts_when_the_amount_is_not_in_whole_cents() external {
        uint8 cents = _tradeIn(new TestCurrency("Cents", "CENT", 2));
        Order memory order = _bid();
        order.currency = cents;
        _refuse(order, 15_000, _notExpressible(15_000, 10_000));
    }

    function testFuzz_threat_25_prices_are_bounded_and_rounded_by_less_than_a_cent(
        uint80 amount,
        uint24 rate,
        bool isYield,
        uint8 decimals,
        uint16 daysPassed
    ) external {
        decimals = uint8(bound(decimals, 0, 8));
        uint256 granule = decimals < 6 ? 10 ** (6 - decimals) : 1;
        Order memory order = _bid();
        order.currency = _tradeIn(new TestCurrency("Any", "ANY", decimals));
        order.quotation = isYield ? Quotation.Yield : Quotation.Discount;
        order.price = uint80(bound(rate, 0, Pricing.HIGHEST_RATE));
        order.expiry = FOREVER;
        uint80 value = uint80(bound(amount, 1, FACE / granule) * granule);
        vm.warp(block.timestamp + uint256(bound(daysPassed, 0, 180)) * 1 days);
        uint80 down = _quote(order, value);
        order.side = Side.Ask;
        order.maker = alice;
        uint80 up = _quote(order, value);
        assertLe(down, up);
        assertLe(up, value);
        assertLe(up - down, granule);
        assertEq(up % granule, 0);
    }

    /* WHEN IT IS DUE */

    function test_threat_24_a_bid_counts_until_the_due_day_is_over() external {
        Order memory order = _bid();
        order.expiry = FOREVER;
        vm.warp((uint256(_dueDay) + 1) * 1 days - 1);
        (, uint80 price,) = _fill(order, FACE);
        assertEq(price, FACE);
    }

    function test_threat_24_reverts_given_the_due_day_is_over() external {
        vm.warp((uint256(_dueDay) + 1) * 1 days);
        Order[3] memory orders = [_bid(), _askAtRate(Quotation.Discount), _bid()];
        (orders[2].quotation, orders[2].price) = (Quotation.Amount, PRICE);
        for (uint256 i = 0; i < orders.length; ++i) {
            _refuse(orders[i], _dueDayNotAdmitted(_dueDay, _dueDay + 1, type(uint16).max));
        }
    }

    function test_an_order_may_name_the_latest_due_day() external {
        Order memory order = _bid();
        order.dueBy = _dueDay;
        _fill(order, FACE / 2);
        order = _ask();
        (order.amount, order.least, order.dueBy) = (FACE / 2, FACE / 2, _dueDay);
        _fill(order, FACE / 2);
        _assertVoucher(voucher, bob, FACE / 2);
    }

    function test_reverts_when_it_is_due_later() external {
        uint256 today = block.timestamp / 1 days;
        Order memory order = _bid();
        order.dueBy = _dueDay - 1;
        _refuse(order, _dueDayNotAdmitted(_dueDay, today, _dueDay - 1));
        order = _ask();
        order.dueBy = _dueDay - 1;
        _refuse(order, _dueDayNotAdmitted(_dueDay, 0, _dueDay - 1));
    }

    /* WHICH VOUCHERS */

    function test_a_bid_may_be_for_one_voucher() external {
        _fillInScope(_bid(), Scope.Voucher, _raw(voucher));
    }

    function test_a_bid_may_be_for_one_receivable() external {
        _fillInScope(_bid(), Scope.Receivable, id.toSlot());
    }

    function test_a_bid_may_be_for_one_obligor() external {
        _fillInScope(_bid(), Scope.Obligor, uint160(obligor));
    }

    function test_a_bid_may_be_for_one_programme() external {
        _fillInScope(_bid(), Scope.Programme, programme);
    }

    function test_an_ask_may_be_for_any_of_the_makers_vouchers_of_a_class() external {
        _fillInScope(_askAtRate(Quotation.Yield), Scope.Programme, programme);
        Order memory order = _askInParts();
        _fillInScope(order, Scope.Obligor, uint160(obligor));
    }

    function test_a_bid_is_filled_by_many() external {
        Order memory order = _bid();
        _fill(order, FACE / 4);
        (, VoucherId hers) = _accepted();
        _give(hers, creditor, carol);
        VoucherId first = voucher;
        voucher = hers;
        _fillAs(carol, order, FACE / 2);
        voucher = first;
        _fill(order, FACE / 4);
        assertEq(exchange.leftOf(order), 0);
        assertEq(ledger.balanceOf(bob), 3);
    }

    function test_reverts_when_a_voucher_is_of_no_such_class() external {
        Order memory order = _bid();
        uint256[4] memory subjects =
            [_raw(id.voucherAt(2)), id.toSlot() + 1, uint160(alice), programme + 1];
        for (uint256 i = 0; i < subjects.length; ++i) {
            (order.scope, order.subject) = (Scope(i), subjects[i]);
            _refuse(order, _notInScope(order));
        }
    }

    function test_reverts_when_the_filler_does_not_hold_it() external {
        Order memory order = _bid();
        bytes memory signature = _sign(order);
        vm.expectRevert(_notHolder(carol, alice));
        _fillSigned(carol, order, signature, FACE);
    }

    /* WHAT IS PAID IN */

    function test_reverts_when_bid_rate_or_class_is_in_another_currency() external {
        TestCurrency dollars = new TestCurrency("Test Dollar", "tUSD", 6);
        uint8 usd = ledger.addCurrency("USD", address(dollars), address(0), 6);
        Order[4] memory orders = [_bid(), _bid(), _askAtRate(Quotation.Discount), _askInParts()];
        (orders[1].scope, orders[1].subject) = (Scope.Voucher, _raw(voucher));
        (orders[1].quotation, orders[1].price) = (Quotation.Amount, PRICE);
        (orders[3].scope, orders[3].subject) = (Scope.Receivable, id.toSlot());
        for (uint256 i = 0; i < orders.length; ++i) {
            orders[i].currency = usd;
            _refuse(orders[i], _orderInvalid("currency"));
        }
    }

    function test_reverts_when_a_bid_is_for_what_is_paid_outside_the_chain() external {
        _receiveIn(offChain);
        Order memory order = _bid();
        order.currency = offChain;
        _refuse(order, _isOffChain(offChain));
    }

    /* INTERNAL */

    /// @dev Alice sells at a rate.
    function _askAtRate(Quotation quotation) private returns (Order memory order) {
        order = _askInParts();
        order.quotation = quotation;
        order.price = 52_500;
    }

    function _fillInScope(Order memory order, Scope scope, uint256 subject) private {
        (order.scope, order.subject) = (scope, subject);
        (VoucherId delivered,,) = _fill(order, FACE / 4);
        _assertVoucher(delivered, bob, FACE / 4);
    }

    /// @dev What it would cost; a price of nothing is refused.
    function _quote(Order memory order, uint80 amount) private view returns (uint80 price) {
        try exchange.quote(order, voucher, amount) returns (uint80 quoted, uint80) {
            assertGt(quoted, 0);
            return quoted;
        } catch (bytes memory reason) {
            assertEq(bytes4(reason), IOrders.PriceIsZero.selector);
        }
    }
}
