// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";

import {Order} from "contracts/types/FinanceTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "../exchange/ExchangeTest.sol";
import {LedgerTest} from "../LedgerTest.sol";
import {DeliveryRequired} from "./Financing.t.sol";

/// @notice A programme that asks for an attestation before financing, and what was sold under it with recourse.
contract RecourseTest is ExchangeTest, DeliveryRequired {
    function setUp() public override(ExchangeTest, LedgerTest) {
        ExchangeTest.setUp();
        (id, voucher) = _accepted(_deliveryGated());
        _give(voucher, creditor, alice);
        _attestDelivery(id);
    }

    function test_threat_71_a_seller_takes_back_what_it_sold_when_the_attestation_ran_out()
        external
    {
        _sell(alice, bob, FACE);
        _warpToOverdue(id);
        assertLt(papers.attestedUntil(id, "delivery note", address(this)), block.timestamp);
        vm.prank(bob);
        (bool honoured, uint80 amount) = exchange.exerciseRecourse(voucher);
        assertTrue(honoured);
        assertEq(amount, FACE);
        _assertVoucher(voucher, alice, FACE);
    }

    function test_threat_71_a_seller_takes_back_its_part() external {
        _sell(alice, bob, FACE / 2);
        _warpToOverdue(id);
        vm.prank(bob);
        exchange.exerciseRecourse(voucher);
        VoucherId back = VoucherId.wrap(_raw(id.firstVoucher()) + 1);
        _assertVoucher(back, alice, FACE / 2);
    }

    function test_a_sale_of_what_is_overdue_needs_the_attestation_all_the_same() external {
        _warpToOverdue(id);
        Order memory order = _ask();
        order.expiry = uint40(block.timestamp);
        _refuse(order, _missingDelivery(id));
    }
}
