// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {HookedToken} from "contracts/mocks/HookedToken.sol";
import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {RefusingReceiver} from "contracts/mocks/RefusingReceiver.sol";
import {Offer, Order} from "contracts/types/FinanceTypes.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice A party that acts whenever it is told of value or cash, in the middle of a sale.
contract ExchangeReentrancyTest is ExchangeTest {
    HookedToken private _token;
    uint8 private _currency;
    ReentrantReceiver private _intruder;

    function setUp() public override {
        super.setUp();
        _token = new HookedToken();
        _currency = _tradeIn(_token);
        _intruder = new ReentrantReceiver();
        _trader(address(_intruder));
        _fundFor(address(_intruder), _token);
    }

    /* WHILE IT BUYS */

    function test_threat_01_no_buyer_acts_while_it_receives_a_part() external {
        Order memory order = _askIn();
        bytes[] memory calls = _intrusions(order);
        for (uint256 i = 0; i < calls.length; ++i) {
            _intruder.arm(address(exchange), calls[i]);
            _buy(order);
            _assertRepelled(i);
        }
        assertEq(exchange.leftOf(order), FACE - calls.length * 1e6);
        assertEq(ledger.balanceOf(address(_intruder)), calls.length);
    }

    /// @dev It buys whole vouchers, of which receivers are not told.
    function test_threat_03_no_buyer_acts_while_it_pays() external {
        bytes[] memory calls = _intrusions(_askIn());
        _hook();
        for (uint256 i = 0; i < calls.length; ++i) {
            _receiveIn(_currency);
            uint256 before = _token.balanceOf(alice);
            _intruder.arm(address(exchange), calls[i]);
            _buyWhole(0);
            _assertRepelled(i);
            assertEq(_token.balanceOf(alice), before + PRICE);
        }
        assertEq(ledger.balanceOf(address(_intruder)), calls.length);
    }

    function test_threat_01_a_number_is_used_up_before_anybody_is_called() external {
        Order memory order = _askIn();
        _intruder.arm(address(exchange), abi.encodeCall(exchange.leftOf, (order)));
        _buy(order);
        assertTrue(_intruder.succeeded());
        assertEq(abi.decode(_intruder.outcome(), (uint80)), FACE - 1e6);
    }

    /* WHILE IT SELLS */

    function test_threat_03_no_seller_acts_while_it_is_paid() external {
        _give(voucher, alice, address(_intruder));
        _hook();
        Order memory order = _bid();
        order.currency = _currency;
        bytes memory signature = _sign(order);
        bytes[] memory calls = _intrusions(order);
        for (uint256 i = 0; i < calls.length; ++i) {
            _intruder.arm(address(exchange), calls[i]);
            vm.prank(address(_intruder));
            exchange.fill(order, signature, voucher, 1e6, 0);
            _assertRepelled(i);
        }
        assertEq(exchange.leftOf(order), FACE - calls.length * 1e6);
    }

    function test_threat_03_a_seller_cannot_claim_on_what_it_has_sold() external {
        _pay(id, FACE / 2);
        _give(voucher, alice, address(_intruder));
        _hook();
        Order memory order = _bid();
        order.currency = _currency;
        bytes memory signature = _sign(order);
        _intruder.arm(address(ledger), abi.encodeCall(ledger.redeem, (voucher)));
        vm.prank(address(_intruder));
        exchange.fill(order, signature, voucher, FACE, 0);
        assertTrue(_intruder.attempted());
        assertFalse(_intruder.succeeded());
        (address holder,, uint80 claimed) = ledger.positionOf(voucher);
        assertEq(holder, bob);
        assertEq(claimed, 0);
    }

    /* WHILE IT ANSWERS */

    function test_threat_03_no_seller_acts_while_it_takes_back() external {
        _sellTo(bob, address(_intruder));
        _hook();
        _warpToOverdue(id);
        _assertNoneActs(bob, address(_intruder));
    }

    function test_threat_03_no_holder_acts_while_a_seller_pays_it() external {
        _hook();
        _buyWhole(FACE);
        _warpToOverdue(id);
        _assertNoneActs(address(_intruder), alice);
    }

    /// @dev The seller has paid for a voucher on which nothing was claimed: it gets that one.
    function test_threat_02_a_holder_cannot_claim_while_it_is_paid() external {
        _hook();
        _buyWhole(FACE);
        _pay(id, FACE / 2);
        _warpToOverdue(id);
        _intruder.arm(address(ledger), abi.encodeCall(ledger.redeem, (voucher)));
        vm.prank(address(_intruder));
        (bool honoured, uint80 amount) = exchange.exerciseRecourse(voucher);
        assertTrue(honoured);
        assertEq(amount, FACE);
        assertTrue(_intruder.attempted());
        assertFalse(_intruder.succeeded());
        assertEq(_redeem(voucher), FACE / 2);
        _assertVoucher(voucher, alice, FACE);
    }

    /* WHO REFUSES */

    function test_threat_04_a_buyer_that_refuses_harms_only_its_own_fill() external {
        RefusingReceiver.Manner[3] memory manners = [
            RefusingReceiver.Manner.Revert,
            RefusingReceiver.Manner.WrongSelector,
            RefusingReceiver.Manner.BurnGas
        ];
        Order memory order = _askIn();
        bytes memory signature = _sign(order);
        for (uint256 i = 0; i < manners.length; ++i) {
            address buyer = address(new RefusingReceiver(manners[i]));
            _trader(buyer);
            _fundFor(buyer, _token);
            vm.expectRevert();
            vm.prank(buyer);
            exchange.fill{gas: 2_000_000}(order, signature, voucher, 1e6, PRICE);
        }
        assertEq(exchange.leftOf(order), FACE);
        _fill(order, 1e6);
    }

    /// @dev A seller that would refuse what comes back is not asked.
    function test_threat_04_a_seller_cannot_refuse_what_it_answers_for() external {
        address seller = address(new RefusingReceiver(RefusingReceiver.Manner.Accept));
        _trader(seller);
        _fundFor(seller, _token);
        _give(voucher, alice, seller);
        Order memory order = _bid();
        (order.currency, order.recourse) = (_currency, FACE / 2);
        bytes memory signature = _sign(order);
        vm.prank(seller);
        exchange.fill(order, signature, voucher, FACE, 0);
        RefusingReceiver(seller).setManner(RefusingReceiver.Manner.Revert);
        _warpToOverdue(id);
        vm.prank(bob);
        (bool honoured,) = exchange.exerciseRecourse(voucher);
        assertTrue(honoured);
        _assertVoucher(id.voucherAt(2), seller, FACE / 2);
    }

    /* INTERNAL */

    /// @dev All that changes anything.
    function _intrusions(Order memory order) private view returns (bytes[] memory calls) {
        Offer memory offer;
        bytes memory again =
            abi.encodeCall(exchange.fill, (order, _sign(order), voucher, 1e6, PRICE));
        calls = new bytes[](10);
        calls[0] = again;
        calls[1] = abi.encodeCall(exchange.cancelNonce, (1));
        calls[2] = abi.encodeCall(exchange.cancelNoncesBelow, (1));
        calls[3] = abi.encodeCall(exchange.makeOffer, (offer));
        calls[4] = abi.encodeCall(exchange.acceptOffer, (offer));
        calls[5] = abi.encodeCall(exchange.rejectOffer, (offer, REASON));
        calls[6] = abi.encodeCall(exchange.withdrawOffer, (offer));
        calls[7] = abi.encodeCall(exchange.exerciseRecourse, (voucher));
        calls[8] = abi.encodeCall(exchange.waiveRecourse, (voucher));
        bytes[] memory batch = new bytes[](1);
        batch[0] = again;
        calls[9] = abi.encodeCall(Multicall.multicall, (batch));
    }

    function _assertRepelled(uint256 i) private view {
        assertTrue(_intruder.attempted(), vm.toString(i));
        assertFalse(_intruder.succeeded(), vm.toString(i));
        assertEq(
            bytes4(_intruder.outcome()),
            ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            vm.toString(i)
        );
    }

    /// @dev The holder asks the seller; the intruder, one of the two, tries each call meanwhile.
    function _assertNoneActs(address holder, address seller) private {
        bytes[] memory calls = _intrusions(_askIn());
        uint256 before = _token.balanceOf(seller);
        for (uint256 i = 0; i < calls.length; ++i) {
            _intruder.arm(address(exchange), calls[i]);
            uint256 state = vm.snapshotState();
            vm.prank(holder);
            (bool honoured, uint80 amount) = exchange.exerciseRecourse(voucher);
            assertTrue(honoured);
            _assertRepelled(i);
            assertEq(before - _token.balanceOf(seller), amount);
            assertTrue(vm.revertToState(state));
        }
    }

    function _askIn() private returns (Order memory order) {
        order = _askInParts();
        order.currency = _currency;
    }

    /// @dev The intruder buys a little of it.
    function _buy(Order memory order) private {
        bytes memory signature = _sign(order);
        vm.prank(address(_intruder));
        exchange.fill(order, signature, voucher, 1e6, PRICE);
    }

    /// @dev The intruder buys all of it; Alice answers for `recourse`.
    function _buyWhole(uint80 recourse) private {
        Order memory order = _askIn();
        (order.least, order.recourse) = (FACE, recourse);
        bytes memory signature = _sign(order);
        vm.prank(address(_intruder));
        exchange.fill(order, signature, voucher, FACE, PRICE);
    }

    /// @dev `buyer` has it from `seller`, who answers for all of it.
    function _sellTo(address buyer, address seller) private {
        _give(voucher, alice, seller);
        Order memory order = _bid();
        (order.maker, order.currency, order.recourse) = (buyer, _currency, FACE);
        bytes memory signature = _sign(order);
        vm.prank(seller);
        exchange.fill(order, signature, voucher, FACE, 0);
    }

    /// @dev From now on the intruder is told of its cash.
    function _hook() private {
        vm.prank(address(_intruder));
        _token.setHook(_intruder);
    }
}
