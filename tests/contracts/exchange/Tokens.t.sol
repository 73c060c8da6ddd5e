// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {FalseReturningToken} from "contracts/mocks/FalseReturningToken.sol";
import {FeeOnTransferToken} from "contracts/mocks/FeeOnTransferToken.sol";
import {NoReturnToken} from "contracts/mocks/NoReturnToken.sol";
import {PausableToken} from "contracts/mocks/PausableToken.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Order} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice Sales against cash of every kind: the price arrives whole, or nothing happens.
contract ExchangeTokensTest is ExchangeTest {
    function test_threat_05_reverts_when_less_than_the_price_arrives() external {
        Order memory order = _askIn(new FeeOnTransferToken());
        _refuse(
            order,
            abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, PRICE - PRICE / 100, PRICE)
        );
        _assertVoucher(voucher, alice, FACE);
        assertEq(exchange.leftOf(order), FACE);
    }

    function test_threat_05_reverts_when_less_comes_back_from_a_seller() external {
        FeeOnTransferToken token = new FeeOnTransferToken();
        _sellForEuros(_tradeIn(token));
        _warpToOverdue(id);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, FACE - FACE / 100, FACE)
        );
        vm.prank(bob);
        exchange.exerciseRecourse(voucher);
    }

    function test_threat_07_reverts_when_the_token_answers_false() external {
        FalseReturningToken token = new FalseReturningToken();
        Order memory order = _askIn(token);
        token.setFailing(true);
        _refuse(order, abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token));
        token.setFailing(false);
        _fill(order, FACE);
    }

    function test_threat_07_a_seller_whose_token_answers_false_has_not_paid() external {
        FalseReturningToken token = new FalseReturningToken();
        _sellForEuros(_tradeIn(token));
        _warpToOverdue(id);
        token.setFailing(true);
        vm.prank(bob);
        (bool honoured,) = exchange.exerciseRecourse(voucher);
        assertFalse(honoured);
    }

    function test_threat_08_a_token_that_returns_nothing_works() external {
        NoReturnToken token = new NoReturnToken();
        uint8 currency = ledger.addCurrency("USD", address(token), address(0), 6);
        token.mint(bob, FACE);
        vm.prank(bob);
        token.approve(address(exchange), PRICE);
        Order memory order = _ask();
        order.currency = currency;
        _fill(order, FACE);
        assertEq(token.balanceOf(alice), PRICE);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_threat_09_a_blocked_buyer_or_seller_blocks_nobody_else() external {
        BlocklistToken token = new BlocklistToken();
        Order memory order = _askIn(token);
        token.setBlocked(bob, true);
        _refuse(order, abi.encodeWithSelector(BlocklistToken.AccountIsBlocked.selector, bob));
        _fillAs(carol, order, FACE);
        _assertVoucher(voucher, carol, FACE);
    }

    function test_threat_10_paused_cash_changes_nothing_and_later_works() external {
        PausableToken token = new PausableToken();
        Order memory order = _askIn(token);
        token.setPaused(true);
        _refuse(order, abi.encodeWithSelector(PausableToken.TokenIsPaused.selector));
        assertEq(exchange.leftOf(order), FACE);
        token.setPaused(false);
        _fill(order, FACE);
    }

    function test_reverts_when_the_buyer_has_too_little() external {
        Order memory order = _ask();
        uint256 his = cash.balanceOf(bob);
        vm.prank(bob);
        cash.transfer(stranger, his - PRICE + 1);
        _refuse(
            order,
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientBalance.selector, bob, PRICE - 1, PRICE
            )
        );
    }

    function test_reverts_when_the_buyer_has_allowed_too_little() external {
        _allow(bob, cash, PRICE - 1);
        _refuse(
            _ask(),
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(exchange),
                PRICE - 1,
                PRICE
            )
        );
    }

    /* PERMIT */

    function test_a_permit_and_a_fill_are_one_transaction() external {
        _allow(bob, cash, 0);
        bytes[] memory calls = new bytes[](2);
        calls[0] = _permitCall(PRICE);
        calls[1] = _fillCall(_ask());
        vm.prank(bob);
        Multicall(address(exchange)).multicall(calls);
        _assertVoucher(voucher, bob, FACE);
        assertEq(cash.allowance(bob, address(exchange)), 0);
    }

    function test_threat_17_a_permit_that_somebody_used_first_does_no_harm() external {
        _allow(bob, cash, 0);
        bytes[] memory calls = new bytes[](2);
        calls[0] = _permitCall(PRICE);
        calls[1] = _fillCall(_ask());
        vm.prank(carol);
        (bool success,) = address(exchange).call(calls[0]);
        assertTrue(success);
        vm.prank(bob);
        Multicall(address(exchange)).multicall(calls);
        _assertVoucher(voucher, bob, FACE);
    }

    function test_threat_17_a_permit_that_fails_leaves_the_allowance_to_decide() external {
        bytes[] memory calls = new bytes[](2);
        calls[0] = _permitCall(PRICE);
        calls[1] = _fillCall(_ask());
        vm.warp(block.timestamp + 1 hours);
        vm.prank(bob);
        Multicall(address(exchange)).multicall(calls);
        _assertVoucher(voucher, bob, FACE);
    }

    /* BATCHES */

    function test_a_batch_fills_several_orders_or_none() external {
        Order memory first = _askInParts();
        (first.amount, first.least, first.price) = (FACE / 2, FACE / 2, PRICE / 2);
        Order memory second = _askInParts();
        (second.amount, second.least, second.price) = (FACE / 2, FACE / 2, PRICE / 2);
        bytes[] memory calls = new bytes[](2);
        calls[0] = _fillCall(first);
        calls[1] = _fillCall(first);
        vm.expectRevert(_orderClosed(first));
        vm.prank(bob);
        Multicall(address(exchange)).multicall(calls);
        assertEq(exchange.leftOf(first), FACE / 2);
        calls[1] = _fillCall(second);
        vm.prank(bob);
        Multicall(address(exchange)).multicall(calls);
        assertEq(ledger.balanceOf(bob), 2);
    }

    /* INTERNAL */

    function _askIn(TestCurrency token) private returns (Order memory order) {
        uint8 currency = _tradeIn(token);
        order = _ask();
        order.currency = currency;
    }

    /// @dev Alice sells her voucher, which is in another currency, for euros, and answers for all of it.
    function _sellForEuros(uint8 currency) private {
        (,, uint8 its,) = ledger.outlineOf(id);
        assertEq(its, currency);
        _sell(alice, bob, FACE);
    }

    function _fillCall(Order memory order) private view returns (bytes memory) {
        bytes memory signature = _sign(order);
        return abi.encodeCall(exchange.fill, (order, signature, voucher, order.amount, order.price));
    }

    function _permitCall(uint256 value) private view returns (bytes memory) {
        uint256 deadline = block.timestamp + 1 minutes;
        bytes32 contents = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                bob,
                address(exchange),
                value,
                cash.nonces(bob),
                deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", cash.DOMAIN_SEPARATOR(), contents));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[bob], digest);
        return abi.encodeCall(exchange.permit, (eur, bob, value, deadline, v, r, s));
    }
}
