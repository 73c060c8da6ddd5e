// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IPledgeBook} from "contracts/interfaces/IPledgeBook.sol";
import {IRecourses} from "contracts/interfaces/IRecourses.sol";

import {Programme} from "contracts/types/DataTypes.sol";
import {DayCount, Loan, Order} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "./ExchangeTest.sol";

/// @notice How far sellers, strangers and accomplices get; by design, with its bounds in the review of
/// financing.
contract ExchangeReviewTest is ExchangeTest {
    /* RECOURSE FOR WHAT IS LACKING */

    function test_reverts_given_a_guarantor_has_covered_all_of_it() external {
        _sell(alice, bob, FACE);
        _allow(alice, cash, 0);
        _warpToOverdue(id);
        _fund(carol);
        _advance(id, carol, FACE);
        assertEq(ledger.claimableOf(voucher), FACE, "all of it can be redeemed");
        vm.expectRevert(abi.encodeWithSelector(IRecourses.NoRecourse.selector, voucher));
        _exercise(bob);
        assertFalse(exchange.recourseOf(voucher, 1).dishonoured, "on record for nothing");
    }

    function test_reverts_given_uneven_splits_have_left_nothing() external {
        // 3 units, 2 of them claimed, 1 split off: 2 units, 2 of them claimed.
        (id, voucher) = _accepted(_termsOf(3));
        _give(voucher, creditor, alice);
        _sell(alice, bob, 3);
        _pay(id, 2);
        _redeem(voucher);
        _splitOff(voucher, bob, bob, 1);
        (, uint80 value, uint80 claimed) = ledger.positionOf(voucher);
        assertEq(value, claimed, "nothing is left");
        _warpToOverdue(id);
        vm.expectRevert(abi.encodeWithSelector(IRecourses.NoRecourse.selector, voucher));
        _exercise(bob);
    }

    /* NUMBERS BELOW THE FLOOR */

    function test_a_used_number_stays_used_below_the_floor() external {
        vm.startPrank(bob);
        exchange.cancelNonce(5);
        exchange.cancelNoncesBelow(1000);
        vm.stopPrank();
        assertTrue(exchange.isNonceUsed(bob, 5));
    }

    /* DUST */

    function test_a_sellers_dust_in_the_holders_voucher_costs_him_a_smallest_voucher() external {
        VoucherId kept = _underSmallest(1000e6);
        _sell(alice, bob, 900_000e6);
        _warpToOverdue(id);
        _moveValue(kept, voucher, alice, 1);
        vm.expectRevert(abi.encodeWithSignature("BelowSmallestVoucher(uint256,uint256)", 1, 1000e6));
        _exercise(bob);
        _splitOff(voucher, bob, bob, 1000e6);
        (bool honoured, uint80 amount) = _exercise(bob);
        assertTrue(honoured);
        assertEq(amount, 899_000e6 + 1);
    }

    function test_dust_in_a_voucher_for_sale_costs_a_new_order() external {
        VoucherId kept = _underSmallest(1000e6);
        Order memory order = _ask();
        (order.amount, order.least) = (900_000e6, 900_000e6);
        _give(voucher, alice, bob);
        order.maker = bob;
        _moveValue(kept, voucher, alice, 1);
        bytes memory signature = _sign(order);
        vm.expectRevert(abi.encodeWithSignature("BelowSmallestVoucher(uint256,uint256)", 1, 1000e6));
        _fillSigned(carol, order, signature, 900_000e6);
        (order.amount, order.least) = (900_000e6 + 1, 900_000e6 + 1);
        _fillAs(carol, order, order.amount);
        _assertVoucher(voucher, carol, 900_000e6 + 1);
    }

    /* BEFORE A FILL */

    function test_of_a_part_a_seller_may_deliver_what_it_has_claimed_on() external {
        _pay(id, FACE / 2);
        Order memory order = _askInParts();
        _redeem(voucher);
        (VoucherId got,,) = _fill(order, FACE / 2);
        (, uint80 value, uint80 claimed) = ledger.positionOf(got);
        assertEq(value - claimed, FACE / 2, "as much is still to be redeemed");
        assertEq(ledger.claimableOf(got), 0, "but nothing of it at once");
    }

    function test_who_buys_all_of_it_is_safe_from_claims() external {
        _pay(id, FACE / 2);
        Order memory order = _askInParts();
        _redeem(voucher);
        _refuse(order, FACE, _exceeds(FACE, FACE / 2));
    }

    function test_the_recourse_of_earlier_sellers_is_thinned_by_a_merge() external {
        VoucherId rest = _splitOff(voucher, alice, bob, 900_000e6);
        _sell(alice, bob, 100_000e6);
        Order memory order = _ask();
        (order.maker, order.amount, order.least) = (bob, 100_000e6, 100_000e6);
        _moveValue(rest, voucher, bob, 900_000e6);
        (VoucherId got,,) = _fillAs(carol, order, 100_000e6);
        _assertRecourse(got, 1, alice, 10_000e6);
        _assertRecourse(voucher, 1, alice, 90_000e6);
    }

    /* ACCOMPLICES */

    function test_threat_32_whom_the_obligor_gives_its_own_paper_has_recourse() external {
        _sell(alice, bob, FACE);
        _sell(bob, obligor, 0);
        _give(voucher, obligor, carol);
        _warpToOverdue(id);
        (bool honoured,) = _exercise(carol);
        assertTrue(honoured);
        assertEq(exchange.recourseCount(voucher), 0, "once");
    }

    function test_a_pledge_can_pass_on_without_a_hop_at_face_and_a_day_later() external {
        _give(voucher, alice, bob);
        uint8 hops = _hopsOf(voucher);
        (IPledgeBook book, Loan memory loan) = _pledged(FACE * 98 / 100);
        vm.prank(carol);
        vm.expectPartialRevert(IPledgeBook.NotInDefault.selector);
        book.foreclose(loan);
        vm.warp(block.timestamp + 1 days);
        vm.prank(carol);
        book.foreclose(loan);
        _assertVoucher(voucher, carol, FACE);
        assertEq(_hopsOf(voucher), hops);
    }

    function test_a_part_that_is_foreclosed_or_released_takes_no_recourse_along() external {
        _sell(alice, bob, FACE);
        (IPledgeBook book, Loan memory loan) = _pledged(FACE / 2);
        vm.warp(block.timestamp + 1 days);
        vm.prank(carol);
        VoucherId part = book.foreclose(loan);
        assertEq(exchange.recourseCount(part), 0);
        _assertRecourse(voucher, 1, alice, FACE);
        assertEq(ledger.ownerOf(_raw(voucher)), bob);
    }

    /* NUMBERS */

    /// forge-config: ci.fuzz.runs = 256
    function testFuzz_threat_19_numbers_are_used_as_in_a_plain_list(uint256 seed) external {
        bool[700] memory used;
        uint256 floor;
        for (uint256 i = 0; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 number = (seed >> 8) % used.length;
            vm.prank(alice);
            if (seed % 4 == 0 && number >= floor) {
                floor = number;
                exchange.cancelNoncesBelow(number);
            } else {
                used[number] = true;
                exchange.cancelNonce(number);
            }
        }
        Order memory order = _ask();
        for (uint256 number = 0; number < used.length; number += 7) {
            order.nonce = number;
            assertEq(exchange.leftOf(order) == 0, number < floor || used[number]);
        }
    }

    /* HELP */

    function _exercise(address holder) private returns (bool honoured, uint80 amount) {
        vm.prank(holder);
        return exchange.exerciseRecourse(voucher);
    }

    /// @dev Under a programme with this smallest voucher: `voucher` has 900,000, and `kept` the rest.
    function _underSmallest(uint80 smallest) private returns (VoucherId kept) {
        Programme memory rules = _programme();
        rules.smallestVoucher = smallest;
        (id, kept) = _accepted(_termsUnder(rules));
        _give(kept, creditor, alice);
        voucher = _splitOff(kept, alice, alice, 900_000e6);
    }

    /// @dev Bob owes Carol so much at 1,000 % a year, due today.
    function _pledged(uint80 principal) private returns (IPledgeBook book, Loan memory loan) {
        book = IPledgeBook(deployCode("PledgeBook.sol:PledgeBook", abi.encode(ledger)));
        _verify(address(book));
        ledger.setCustodian(address(book), true);
        vm.prank(bob);
        ledger.setApprovalForAll(address(book), true);
        vm.prank(carol);
        cash.approve(address(book), type(uint256).max);
        loan = Loan({
            lender: carol,
            borrower: bob,
            voucher: voucher,
            currency: eur,
            principal: principal,
            advanceRate: 1_000_000,
            rate: 10_000_000,
            lateRate: 0,
            dayCount: DayCount.Act360,
            maturityDay: uint16(block.timestamp / 1 days),
            graceDays: 0,
            signedUntil: uint40(block.timestamp),
            salt: 1
        });
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[carol], book.loanIdOf(loan));
        vm.prank(bob);
        book.open(loan, abi.encodePacked(r, s, v));
    }
}
