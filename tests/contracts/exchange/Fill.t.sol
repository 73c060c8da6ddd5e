// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IOrders} from "contracts/interfaces/IOrders.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme, Terms} from "contracts/types/DataTypes.sol";
import {Order, Side} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Filling an ask at an amount: voucher against cash, in one call.
contract FillTest is ExchangeTest {
    /* VOUCHER AGAINST CASH */

    function test_voucher_and_cash_change_hands() external {
        uint256 hers = cash.balanceOf(alice);
        uint256 his = cash.balanceOf(bob);
        (VoucherId delivered, uint80 price, uint80 fee) = _fill(_ask(), FACE);
        assertEq(_raw(delivered), _raw(voucher));
        assertEq(price, PRICE);
        assertEq(fee, 0);
        _assertVoucher(voucher, bob, FACE);
        assertEq(cash.balanceOf(alice), hers + PRICE);
        assertEq(cash.balanceOf(bob), his - PRICE);
        _assertEmpty();
    }

    function test_it_is_told() external {
        Order memory order = _ask();
        bytes32 digest = exchange.orderDigest(order);
        vm.expectEmit(address(exchange));
        emit IOrders.OrderFilled(
            digest, alice, bob, Side.Ask, eur, order.nonce, voucher, FACE, 0, PRICE, 0
        );
        _fill(order, FACE);
    }

    function test_a_part_is_a_new_voucher() external {
        Order memory order = _askInParts();
        bytes32 digest = exchange.orderDigest(order);
        VoucherId part = id.voucherAt(2);
        vm.expectEmit(address(exchange));
        emit IOrders.OrderFilled(
            digest, alice, bob, Side.Ask, eur, order.nonce, part, 400e6, FACE - 400e6, 380e6, 0
        );
        (VoucherId delivered, uint80 price,) = _fill(order, 400e6);
        assertEq(_raw(delivered), _raw(part));
        assertEq(price, 380e6);
        _assertVoucher(part, bob, 400e6);
        _assertVoucher(voucher, alice, FACE - 400e6);
    }

    function test_what_is_left_is_the_voucher_itself() external {
        Order memory order = _askInParts();
        _fill(order, 400e6);
        (VoucherId delivered,,) = _fill(order, FACE - 400e6);
        assertEq(_raw(delivered), _raw(voucher));
        _assertVoucher(voucher, bob, FACE - 400e6);
    }

    function test_a_part_of_a_voucher_may_be_for_sale() external {
        Order memory order = _ask();
        (order.amount, order.least, order.price) = (500e6, 500e6, 475e6);
        (VoucherId delivered, uint80 price,) = _fill(order, 500e6);
        assertEq(price, 475e6);
        _assertVoucher(delivered, bob, 500e6);
    }

    function test_a_voucher_that_was_claimed_on_is_sold_whole() external {
        _claimHalf();
        Order memory order = _ask();
        (order.amount, order.least) = (FACE / 2, FACE / 2);
        _fill(order, FACE / 2);
        (address holder, uint80 value, uint80 claimed) = ledger.positionOf(voucher);
        assertEq(holder, bob);
        assertEq(value - claimed, FACE / 2);
    }

    function test_a_seller_may_want_another_currency() external {
        TestCurrency dollars = new TestCurrency("Test Dollar", "tUSD", 18);
        uint8 usd = ledger.addCurrency("USD", address(dollars), address(0), 18);
        _fundFor(bob, dollars);
        Order memory order = _ask();
        order.currency = usd;
        _fill(order, FACE);
        assertEq(dollars.balanceOf(alice), uint256(PRICE) * 1e12);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_so_may_one_of_a_receivable_that_is_paid_outside_the_chain() external {
        _receiveIn(offChain);
        _fill(_ask(), FACE);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_a_seller_may_want_more_than_the_value() external {
        Order memory order = _ask();
        order.price = 2 * FACE;
        (, uint80 price,) = _fill(order, FACE);
        assertEq(price, 2 * FACE);
    }

    function test_threat_26_an_ask_is_filled_after_the_due_day_too() external {
        _warpToOverdue(id);
        _fill(_ask(), FACE);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_an_approval_of_the_one_voucher_is_enough() external {
        vm.startPrank(alice);
        ledger.setApprovalForAll(address(exchange), false);
        ledger.approve(address(exchange), _raw(voucher));
        vm.stopPrank();
        _fill(_ask(), FACE);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_a_sale_is_one_hop() external {
        uint8 before = _hopsOf(voucher);
        _fill(_ask(), FACE);
        assertEq(_hopsOf(voucher), before + 1);
    }

    function test_buying_is_consent() external {
        Programme memory rules = _programme();
        rules.consent = true;
        Terms memory terms = _termsUnder(rules);
        terms.creditor = alice;
        (id, voucher) = _accepted(terms);
        _fill(_ask(), FACE);
        _assertVoucher(voucher, bob, FACE);
    }

    /// @dev Dynamic discounting: the obligor pays early, and its debt is gone.
    function test_threat_32_the_obligor_buys_its_own_debt_and_ends_it() external {
        _fillAs(obligor, _ask(), FACE);
        _assertVoucher(voucher, obligor, FACE);
        vm.prank(obligor);
        ledger.extinguish(voucher);
        assertEq(ledger.receivableOf(id).face, 0);
    }

    /* WHO AND WHEN */

    function test_a_named_taker_fills() external {
        Order memory order = _ask();
        order.taker = bob;
        _fill(order, FACE);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_reverts_when_the_order_is_for_another_taker() external {
        Order memory order = _ask();
        order.taker = carol;
        _refuse(order, abi.encodeWithSelector(IOrders.TakerNotAdmitted.selector, bob, carol));
    }

    function test_threat_32_reverts_when_the_maker_fills_its_own_order() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.TakerNotAdmitted.selector, alice, address(0))
        );
        _fillSigned(alice, order, signature, FACE);
    }

    function test_threat_22_an_order_counts_in_its_last_second() external {
        Order memory order = _ask();
        vm.warp(order.expiry);
        _fill(order, FACE);
    }

    function test_threat_22_reverts_given_its_last_second_is_over() external {
        Order memory order = _ask();
        vm.warp(order.expiry + 1);
        _refuse(
            order,
            abi.encodeWithSelector(IOrders.OrderExpired.selector, order.expiry, block.timestamp)
        );
    }

    /* WHAT AN ORDER SAYS */

    function test_reverts_when_nothing_is_for_sale() external {
        Order memory order = _ask();
        (order.amount, order.least) = (0, 0);
        _refuse(order, _orderInvalid("least"));
    }

    function test_reverts_when_the_least_is_nothing() external {
        Order memory order = _ask();
        order.least = 0;
        _refuse(order, _orderInvalid("least"));
    }

    function test_reverts_when_the_least_is_more_than_all() external {
        Order memory order = _ask();
        order.least = FACE + 1;
        _refuse(order, _orderInvalid("least"));
    }

    function test_reverts_when_the_price_is_nothing() external {
        Order memory order = _ask();
        order.price = 0;
        _refuse(order, abi.encodeWithSelector(IOrders.PriceIsZero.selector));
    }

    function test_reverts_when_the_price_cannot_be_paid() external {
        uint8 cents = _tradeIn(new TestCurrency("Cents", "CENT", 2));
        Order memory order = _ask();
        order.currency = cents;
        order.price = PRICE + 1;
        _refuse(order, _notExpressible(PRICE + 1, 10_000));
    }

    function test_reverts_when_the_currency_is_paid_outside_the_chain() external {
        Order memory order = _ask();
        order.currency = offChain;
        _refuse(order, _isOffChain(offChain));
    }

    function test_reverts_when_the_currency_is_unknown() external {
        Order memory order = _ask();
        order.currency = 99;
        _refuse(order, abi.encodeWithSelector(ICurrencies.CurrencyUnknown.selector, 99));
    }

    /* HOW MUCH */

    function test_reverts_when_all_or_nothing_is_less() external {
        Order memory order = _ask();
        _refuse(order, FACE - 1, _outOfRange(FACE - 1, FACE, FACE));
    }

    function test_reverts_when_less_than_the_least_is_filled() external {
        Order memory order = _ask();
        order.least = 100e6;
        _refuse(order, 100e6 - 1, _outOfRange(100e6 - 1, 100e6, FACE));
    }

    function test_reverts_when_nothing_is_filled() external {
        Order memory order = _askInParts();
        _refuse(order, 0, _outOfRange(0, 1, FACE));
    }

    function test_the_last_fill_may_be_less_than_the_least() external {
        Order memory order = _ask();
        order.least = FACE - 100e6;
        _fill(order, FACE - 100e6);
        _refuse(order, 99e6, _outOfRange(99e6, order.least, 100e6));
        _fill(order, 100e6);
        assertEq(exchange.leftOf(order), 0);
    }

    function test_threat_23_reverts_when_more_than_is_left_is_filled() external {
        Order memory order = _askInParts();
        _fill(order, 600_000e6);
        _refuse(order, 400_000e6 + 1, _outOfRange(400_000e6 + 1, 1, 400_000e6));
    }

    function test_reverts_when_the_voucher_has_less() external {
        _splitOff(voucher, alice, carol, 100e6);
        _refuse(_ask(), _exceeds(FACE, FACE - 100e6));
    }

    /// @dev A seller cannot take out first what it sells.
    function test_reverts_given_a_claim_in_the_meantime() external {
        Order memory order = _ask();
        _claimHalf();
        _refuse(order, _exceeds(FACE, FACE / 2));
    }

    function test_reverts_when_a_part_of_a_claimed_voucher_is_filled() external {
        _claimHalf();
        _refuse(_askInParts(), FACE / 4, _claimedOn(FACE / 2));
    }

    /* WHICH VOUCHER */

    function test_reverts_when_it_is_another_voucher() external {
        Order memory order = _ask();
        voucher = _splitOff(voucher, alice, alice, FACE / 2);
        _refuse(order, _notInScope(order));
    }

    function test_reverts_when_the_maker_is_not_its_holder() external {
        Order memory order = _ask();
        _give(voucher, alice, carol);
        _refuse(order, _notHolder(alice, carol));
    }

    /// @dev Who once let the exchange move its vouchers sells none by another's order.
    function test_nobody_sells_anothers_voucher() external {
        Order memory order = _ask();
        order.maker = carol;
        _refuse(order, _notHolder(carol, alice));
    }

    function test_reverts_given_the_voucher_is_gone() external {
        _pay(id, FACE);
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        _redeem(voucher);
        _expectNonexistent(voucher);
        _fillSigned(bob, order, signature, FACE);
    }

    function test_reverts_given_the_exchange_may_not_move_it() external {
        vm.prank(alice);
        ledger.setApprovalForAll(address(exchange), false);
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        _expectNotOperator(address(exchange), voucher);
        _fillSigned(bob, order, signature, FACE);
    }

    function test_reverts_given_it_is_not_accepted() external {
        id = _issued();
        voucher = id.firstVoucher();
        Order memory order = _ask();
        order.maker = creditor;
        bytes memory signature = _sign(order);
        vm.expectPartialRevert(bytes4(keccak256("WrongStatus(uint192,uint8,uint8)")));
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_37_reverts_when_the_buyer_is_unverified() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        _unverify(bob);
        _expectNotVerified(bob);
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_37_an_unverified_seller_sells_out() external {
        _unverify(alice);
        _fill(_ask(), FACE);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_reverts_given_a_frozen_seller() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        _freezeParty(alice);
        _expectFrozen(alice);
        _fillSigned(bob, order, signature, FACE);
    }

    function test_threat_35_reverts_given_a_pause() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        _pause();
        _expectPaused();
        _fillSigned(bob, order, signature, FACE);
    }

    /* THE WORST PRICE */

    function test_reverts_when_it_costs_more_than_the_limit() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.PriceWorseThanLimit.selector, PRICE, PRICE - 1)
        );
        vm.prank(bob);
        exchange.fill(order, signature, voucher, FACE, PRICE - 1);
    }

    function test_the_limit_itself_is_good_enough() external {
        Order memory order = _ask();
        bytes memory signature = _sign(order);
        vm.prank(bob);
        exchange.fill(order, signature, voucher, FACE, PRICE);
        _assertVoucher(voucher, bob, FACE);
    }

    /* INTERNAL */

    /// @dev The obligor pays half of it, and Alice takes that out.
    function _claimHalf() private {
        _pay(id, FACE / 2);
        assertEq(_redeem(voucher), FACE / 2);
    }
}
