// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IRecourses} from "contracts/interfaces/IRecourses.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Order, Recourse} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Selling with recourse: what a seller answers for, and how it goes along with what is sold.
contract GiveRecourseTest is ExchangeTest {
    function test_a_sale_may_be_without() external {
        _sell(alice, bob, 0);
        assertEq(exchange.recourseCount(voucher), 0);
    }

    function test_a_seller_answers_for_the_whole() external {
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseGiven(voucher, alice, 1, FACE, false);
        _sell(alice, bob, FACE);
        assertEq(exchange.recourseCount(voucher), 1);
        Recourse memory recourse = exchange.recourseOf(voucher, 1);
        assertEq(recourse.seller, alice);
        assertEq(recourse.amount, FACE);
        assertFalse(recourse.dishonoured);
    }

    function test_a_seller_may_limit_it() external {
        _sell(alice, bob, 600e6);
        _assertRecourse(voucher, 1, alice, 600e6);
    }

    function test_sellers_stand_one_behind_the_other() external {
        _sell(alice, bob, FACE);
        _sell(bob, carol, FACE / 2);
        assertEq(exchange.recourseCount(voucher), 2);
        _assertRecourse(voucher, 1, alice, FACE);
        _assertRecourse(voucher, 2, bob, FACE / 2);
    }

    function test_a_sale_without_keeps_those_before() external {
        _sell(alice, bob, FACE);
        _sell(bob, carol, 0);
        assertEq(exchange.recourseCount(voucher), 1);
        _assertRecourse(voucher, 1, alice, FACE);
    }

    function test_so_does_a_transfer_on_the_ledger() external {
        _sell(alice, bob, FACE);
        _give(voucher, bob, carol);
        _assertRecourse(voucher, 1, alice, FACE);
    }

    function test_who_fills_a_bid_with_recourse_answers() external {
        Order memory order = _bid();
        order.recourse = FACE;
        _fill(order, FACE);
        _assertRecourse(voucher, 1, alice, FACE);
    }

    function test_there_is_no_recourse_at_other_places() external {
        _sell(alice, bob, FACE);
        _assertRecourse(voucher, 0, address(0), 0);
        _assertRecourse(voucher, 2, address(0), 0);
    }

    /* PARTS */

    function test_a_part_has_its_share() external {
        Order memory order = _askInParts();
        order.recourse = FACE / 2;
        (VoucherId part,,) = _fill(order, 400e6);
        _assertRecourse(part, 1, alice, 200e6);
        assertEq(exchange.recourseCount(voucher), 0);
    }

    function test_a_share_is_rounded_against_who_fills() external {
        uint8 cents = _tradeIn(new TestCurrency("Cents", "CENT", 2));
        Order memory ask = _askInParts();
        Order memory bid = _bid();
        (ask.currency, bid.currency) = (cents, cents);
        // A cent for the whole: for a third of it none, or one.
        (ask.recourse, bid.recourse) = (10_000, 10_000);
        (VoucherId bought,,) = _fill(ask, 333_333_330_000);
        (VoucherId sold,,) = _fill(bid, 333_333_330_000);
        assertEq(exchange.recourseCount(bought), 0);
        _assertRecourse(sold, 1, alice, 10_000);
    }

    function test_a_part_takes_its_share_of_those_before_along() external {
        _sell(alice, bob, FACE);
        Order memory order = _askInParts();
        (order.maker, order.recourse) = (bob, FACE / 2);
        VoucherId part = id.voucherAt(2);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseGiven(voucher, alice, 1, FACE - FACE / 4, false);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseGiven(part, alice, 1, FACE / 4, false);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseGiven(part, bob, 2, FACE / 8, false);
        _fillAs(carol, order, FACE / 4);
        assertEq(exchange.recourseCount(part), 2);
        _assertRecourse(part, 1, alice, FACE / 4);
        _assertRecourse(part, 2, bob, FACE / 8);
        assertEq(exchange.recourseCount(voucher), 1);
        _assertRecourse(voucher, 1, alice, FACE - FACE / 4);
    }

    function test_a_share_of_nothing_is_left_out() external {
        _sell(alice, bob, 1);
        Order memory order = _askInParts();
        order.maker = bob;
        (VoucherId part,,) = _fillAs(carol, order, FACE / 4);
        assertEq(exchange.recourseCount(part), 0);
        _assertRecourse(voucher, 1, alice, 1);
    }

    function testFuzz_shares_together_are_what_was_promised(
        uint80 recourse,
        uint80[4] calldata parts
    ) external {
        recourse = uint80(bound(recourse, 1, FACE));
        _sell(alice, bob, recourse);
        Order memory order = _askInParts();
        order.maker = bob;
        uint256 sum;
        for (uint256 i = 0; i < parts.length; ++i) {
            uint80 left = exchange.leftOf(order);
            if (left == 1) break;
            (VoucherId part,,) = _fillAs(carol, order, uint80(bound(parts[i], 1, left - 1)));
            sum += exchange.recourseOf(part, 1).amount;
            assertLe(exchange.recourseOf(part, 1).amount, _valueOf(part));
        }
        assertEq(sum + exchange.recourseOf(voucher, 1).amount, recourse);
    }

    /* REFUSED */

    function test_reverts_when_it_is_more_than_the_amount() external {
        Order memory order = _ask();
        order.recourse = FACE + 1;
        _refuse(order, _orderInvalid("recourse"));
    }

    function test_reverts_when_the_currency_cannot_express_it() external {
        Order memory order = _bid();
        order.currency = _tradeIn(new TestCurrency("Cents", "CENT", 2));
        order.recourse = 15_000;
        _refuse(order, _notExpressible(15_000, 10_000));
    }

    function test_threat_32_reverts_when_the_buyer_is_the_obligor() external {
        Order memory ask = _ask();
        ask.recourse = FACE;
        bytes memory signature = _sign(ask);
        vm.expectRevert(_obligorHasNone());
        _fillSigned(obligor, ask, signature, FACE);
        Order memory bid = _bid();
        (bid.maker, bid.recourse) = (obligor, FACE);
        _refuse(bid, _obligorHasNone());
    }

    function test_reverts_when_the_receivable_is_paid_outside_the_chain() external {
        _receiveIn(offChain);
        Order memory order = _ask();
        order.recourse = FACE;
        _refuse(order, _isOffChain(offChain));
    }

    /// @dev What was claimed on it would have to be answered for.
    function test_reverts_when_the_voucher_was_claimed_on() external {
        _pay(id, FACE / 2);
        _redeem(voucher);
        Order memory order = _ask();
        (order.amount, order.least, order.recourse) = (FACE / 2, FACE / 2, 1e6);
        _refuse(order, _claimedOn(FACE / 2));
    }

    function test_a_seller_may_want_another_currency_and_answers_in_the_receivables() external {
        TestCurrency dollars = new TestCurrency("Test Dollar", "tUSD", 6);
        Order memory order = _ask();
        order.currency = ledger.addCurrency("USD", address(dollars), address(0), 6);
        order.recourse = FACE;
        _fundFor(bob, dollars);
        _fill(order, FACE);
        _warpToOverdue(id);
        uint256 his = cash.balanceOf(bob);
        vm.prank(bob);
        exchange.exerciseRecourse(voucher);
        assertEq(cash.balanceOf(bob), his + FACE);
    }
}
