// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICash} from "contracts/interfaces/ICash.sol";
import {IRecourses} from "contracts/interfaces/IRecourses.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {Order} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Asking sellers once a receivable is overdue.
contract ExerciseRecourseTest is ExchangeTest {
    /* HONOURED */

    function test_the_seller_takes_the_voucher_back_against_cash() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        uint256 his = cash.balanceOf(bob);
        uint256 hers = cash.balanceOf(alice);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseHonoured(voucher, alice, bob, 1, voucher, FACE);
        _assertPaid(bob, FACE);
        _assertVoucher(voucher, alice, FACE);
        assertEq(cash.balanceOf(bob), his + FACE);
        assertEq(cash.balanceOf(alice), hers - FACE);
        assertEq(exchange.recourseCount(voucher), 0);
        _assertEmpty();
    }

    function test_she_asks_the_one_before() external {
        _give(voucher, alice, creditor);
        _sell(creditor, alice, FACE);
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _assertPaid(bob, FACE);
        uint256 hers = cash.balanceOf(alice);
        _assertPaid(alice, FACE);
        assertEq(cash.balanceOf(alice), hers + FACE);
        _assertVoucher(voucher, creditor, FACE);
        _expectNoRecourse();
        _exercise(creditor);
    }

    function test_it_goes_with_the_voucher() external {
        _sell(alice, bob, FACE);
        _give(voucher, bob, carol);
        _warpToOverdue(id);
        _assertPaid(carol, FACE);
        _assertVoucher(voucher, alice, FACE);
    }

    function test_what_the_obligor_paid_is_not_asked_for() external {
        _sell(alice, bob, FACE);
        _pay(id, FACE / 4);
        _redeem(voucher);
        _warpToOverdue(id);
        _assertPaid(bob, FACE - FACE / 4);
        _assertVoucher(voucher, alice, FACE);
        _pay(id, FACE);
        assertEq(_redeem(voucher), FACE - FACE / 4);
    }

    /// @dev What she paid in full she redeems in full, when the obligor pays after all.
    function test_threat_30_nobody_pays_twice() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _exercise(bob);
        _pay(id, FACE);
        assertEq(_redeem(voucher), FACE);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_going_back_is_no_hop_and_needs_no_consent() external {
        Programme memory rules = _programme();
        (rules.maxHops, rules.consent) = (1, true);
        Terms memory terms = _termsUnder(rules);
        terms.creditor = alice;
        (id, voucher) = _accepted(terms);
        _sell(alice, bob, FACE);
        assertEq(_hopsOf(voucher), 1);
        _warpToOverdue(id);
        _exercise(bob);
        _assertVoucher(voucher, alice, FACE);
        assertEq(_hopsOf(voucher), 1);
    }

    function test_threat_37_an_unverified_holder_can_ask() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _unverify(bob);
        _assertPaid(bob, FACE);
    }

    /* LIMITED */

    function test_a_limited_one_takes_a_part_back() external {
        _sell(alice, bob, 600e6);
        _warpToOverdue(id);
        VoucherId part = id.voucherAt(2);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseHonoured(voucher, alice, bob, 1, part, 600e6);
        _assertPaid(bob, 600e6);
        _assertVoucher(part, alice, 600e6);
        _assertVoucher(voucher, bob, FACE - 600e6);
        assertEq(exchange.recourseCount(voucher), 0);
        _expectNoRecourse();
        _exercise(bob);
    }

    function test_a_part_takes_its_share_of_those_before_along() external {
        _give(voucher, alice, creditor);
        _sell(creditor, alice, FACE);
        _sell(alice, bob, FACE / 4);
        _warpToOverdue(id);
        _assertPaid(bob, FACE / 4);
        VoucherId part = id.voucherAt(2);
        _assertRecourse(part, 1, creditor, FACE / 4);
        _assertRecourse(voucher, 1, creditor, FACE - FACE / 4);
        _assertPaid(bob, FACE - FACE / 4);
        voucher = part;
        _assertPaid(alice, FACE / 4);
        assertEq(ledger.balanceOf(creditor), 2);
    }

    function test_of_a_claimed_voucher_a_part_costs_what_is_left_on_it() external {
        _sell(alice, bob, FACE / 2);
        _pay(id, FACE / 4);
        _redeem(voucher);
        _warpToOverdue(id);
        // Half of the value, a quarter of which was taken out.
        _assertPaid(bob, FACE * 3 / 8);
        (address holder, uint80 value, uint80 claimed) = ledger.positionOf(id.voucherAt(2));
        assertEq(holder, alice);
        assertEq(value, FACE / 2);
        assertEq(claimed, FACE / 8);
    }

    /* SPLIT AND MERGED ON THE LEDGER */

    function test_what_is_split_off_on_the_ledger_has_none() external {
        _sell(alice, bob, FACE);
        VoucherId part = _splitOff(voucher, bob, bob, FACE / 4);
        _warpToOverdue(id);
        assertEq(exchange.recourseCount(part), 0);
        _assertPaid(bob, FACE - FACE / 4);
    }

    function test_merged_value_gains_none() external {
        Order memory order = _askInParts();
        order.recourse = FACE;
        VoucherId rest = voucher;
        (voucher,,) = _fill(order, FACE / 4);
        _give(rest, alice, bob);
        _pay(id, FACE / 2);
        _redeem(voucher);
        _redeem(rest);
        _moveValue(rest, voucher, bob, FACE - FACE / 4);
        _warpToOverdue(id);
        // She sold a quarter, and half of that was paid.
        _assertPaid(bob, FACE / 8);
    }

    function testFuzz_threat_30_nobody_pays_more_than_it_promised(
        uint80 recourse,
        uint80 paid,
        uint80 part,
        uint80 merged
    ) external {
        recourse = uint80(bound(recourse, 1, FACE / 2));
        Order memory order = _askInParts();
        (order.amount, order.recourse) = (FACE / 2, recourse);
        VoucherId rest = voucher;
        (voucher,,) = _fill(order, FACE / 2);
        _give(rest, alice, bob);
        _pay(id, bound(paid, 1, FACE - 1e6));
        // His share may come to nothing, and his claim may not divide.
        _try(bob, abi.encodeCall(ledger.redeem, (voucher)));
        part = uint80(bound(part, 1, FACE / 2 - 1));
        VoucherId away = _splitOff(voucher, bob, bob, part);
        merged = uint80(bound(merged, 1, FACE / 2));
        _try(
            bob,
            abi.encodeWithSignature(
                "transferFrom(uint256,uint256,uint256)", _raw(rest), _raw(voucher), merged
            )
        );
        _warpToOverdue(id);
        uint256 before = cash.balanceOf(alice);
        (bool honoured, uint80 amount) = _exercise(bob);
        assertTrue(honoured);
        assertGt(amount, 0);
        assertLe(amount, recourse);
        assertEq(before - cash.balanceOf(alice), amount);
        assertEq(ledger.balanceOf(alice), 1);
        assertEq(exchange.recourseCount(voucher) + exchange.recourseCount(away), 0);
        _assertEmpty();
    }

    /// @dev What somebody does on the ledger, if it lets him.
    function _try(address who, bytes memory call) private {
        vm.prank(who);
        (bool success,) = address(ledger).call(call);
        if (!success) return;
    }

    /* DISHONOURED */

    function test_a_seller_without_cash_is_on_record() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        uint256 hers = cash.balanceOf(alice);
        vm.prank(alice);
        cash.transfer(stranger, hers - FACE + 1);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseDishonoured(voucher, alice, bob, 1, FACE);
        _assertNotPaid(bob, FACE);
        _assertVoucher(voucher, bob, FACE);
        assertEq(cash.balanceOf(alice), FACE - 1);
        assertTrue(exchange.recourseOf(voucher, 1).dishonoured);
    }

    function test_so_is_one_that_allows_too_little() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _allow(alice, cash, FACE - 1);
        _assertNotPaid(bob, FACE);
    }

    function test_so_is_one_that_cannot_receive() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        uint256 hers = cash.balanceOf(alice);
        _unverify(alice);
        _assertNotPaid(bob, FACE);
        _verify(alice);
        _freezeParty(alice);
        _assertNotPaid(bob, FACE);
        assertEq(cash.balanceOf(alice), hers);
    }

    function test_threat_09_so_is_one_that_the_token_blocks() external {
        BlocklistToken token = new BlocklistToken();
        uint8 currency = _tradeIn(token);
        _sellIn(currency);
        _warpToOverdue(id);
        token.setBlocked(alice, true);
        _assertNotPaid(bob, FACE);
    }

    /// @dev A holder that cannot be paid does not blame the seller, and can pass its voucher on.
    function test_threat_09_reverts_when_the_token_blocks_the_holder() external {
        BlocklistToken token = new BlocklistToken();
        _sellIn(_tradeIn(token));
        _warpToOverdue(id);
        token.setBlocked(bob, true);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.AccountIsBlocked.selector, bob));
        _exercise(bob);
        assertFalse(exchange.recourseOf(voucher, 1).dishonoured);
        _give(voucher, bob, carol);
        _assertPaid(carol, FACE);
    }

    function test_a_record_goes_with_the_voucher_until_it_is_honoured() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _allow(alice, cash, 0);
        _exercise(bob);
        _give(voucher, bob, carol);
        Order memory order = _askInParts();
        order.maker = carol;
        (VoucherId part,,) = _fillAs(bob, order, FACE / 4);
        assertTrue(exchange.recourseOf(part, 1).dishonoured);
        assertTrue(exchange.recourseOf(voucher, 1).dishonoured);
        _allow(alice, cash, type(uint256).max);
        _assertPaid(carol, FACE - FACE / 4);
        voucher = part;
        _assertPaid(bob, FACE / 4);
    }

    function test_reverts_when_too_little_gas_is_left_to_tell() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        vm.expectPartialRevert(ICash.GasTooLow.selector);
        vm.prank(bob);
        exchange.exerciseRecourse{gas: 300_000}(voucher);
    }

    /* TO WHOM IT COMES BACK */

    function test_threat_32_who_has_it_back_does_not_ask_itself() external {
        _give(voucher, alice, creditor);
        _sell(creditor, alice, FACE);
        _sell(alice, bob, FACE);
        _give(voucher, bob, alice);
        _warpToOverdue(id);
        vm.expectEmit(address(exchange));
        emit IRecourses.RecourseWaived(voucher, alice, 2);
        _assertPaid(alice, FACE);
        _assertVoucher(voucher, creditor, FACE);
    }

    function test_threat_32_reverts_when_only_the_holder_itself_answers() external {
        _sell(alice, bob, FACE);
        _give(voucher, bob, alice);
        _warpToOverdue(id);
        _expectNoRecourse();
        _exercise(alice);
    }

    /// @dev An obligor that has bought its own debt cannot ask those who sold it.
    function test_threat_32_reverts_when_the_holder_is_the_obligor() external {
        _sell(alice, bob, FACE);
        _sell(bob, obligor, 0);
        _warpToOverdue(id);
        vm.expectRevert(_obligorHasNone());
        _exercise(obligor);
    }

    /* WHO AND WHEN */

    function test_reverts_when_the_caller_is_not_the_holder() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _expectNotEntitled(carol, bob);
        _exercise(carol);
    }

    function test_threat_24_reverts_given_it_is_not_overdue_yet() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        vm.warp(block.timestamp - 1);
        _expectWrongStatus(id, Status.Accepted, Status.Overdue);
        _exercise(bob);
        vm.warp(block.timestamp + 1);
        _assertPaid(bob, FACE);
    }

    function test_reverts_given_the_obligor_has_paid() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        _pay(id, FACE);
        _expectWrongStatus(id, Status.Settled, Status.Overdue);
        _exercise(bob);
    }

    function test_reverts_given_nobody_answers() external {
        _sell(alice, bob, 0);
        _warpToOverdue(id);
        _expectNoRecourse();
        _exercise(bob);
    }

    function test_reverts_given_the_voucher_is_gone() external {
        _sell(alice, bob, FACE);
        _pay(id, FACE);
        _redeem(voucher);
        _expectNonexistent(voucher);
        _exercise(bob);
    }

    function test_reverts_given_the_exchange_may_not_move_the_voucher() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        uint256 hers = cash.balanceOf(alice);
        vm.prank(bob);
        ledger.setApprovalForAll(address(exchange), false);
        _expectNotOperator(address(exchange), voucher);
        _exercise(bob);
        assertEq(cash.balanceOf(alice), hers);
    }

    function test_reverts_given_a_frozen_holder() external {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        uint256 hers = cash.balanceOf(alice);
        _freezeParty(bob);
        _expectFrozen(bob);
        _exercise(bob);
        assertEq(cash.balanceOf(alice), hers);
    }

    /* INTERNAL */

    function _exercise(address holder) private returns (bool honoured, uint80 amount) {
        vm.prank(holder);
        return exchange.exerciseRecourse(voucher);
    }

    function _assertPaid(address holder, uint256 expected) private {
        (bool honoured, uint80 amount) = _exercise(holder);
        assertTrue(honoured, "honoured");
        assertEq(amount, expected, "amount");
    }

    function _assertNotPaid(address holder, uint256 expected) private {
        (bool honoured, uint80 amount) = _exercise(holder);
        assertFalse(honoured, "honoured");
        assertEq(amount, expected, "amount");
    }

    function _expectNoRecourse() private {
        vm.expectRevert(abi.encodeWithSelector(IRecourses.NoRecourse.selector, voucher));
    }

    function _sellIn(uint8 currency) private {
        Order memory order = _ask();
        (order.currency, order.recourse) = (currency, FACE);
        _fill(order, FACE);
    }
}
