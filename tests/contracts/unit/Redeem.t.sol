// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Money out when everything is covered.
contract RedeemTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
        _pay(_id, FACE);
    }

    function test_a_covered_voucher_is_paid_in_full_and_burned() external {
        assertEq(ledger.claimableOf(_voucher), FACE);
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_voucher), 0, FACE);
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(creditor, address(0), _raw(_voucher));
        vm.expectEmit(address(ledger));
        emit ISettlement.Redeemed(_voucher, creditor, creditor, FACE, FACE);
        assertEq(_redeem(_voucher), FACE);

        assertEq(cash.balanceOf(creditor), FACE);
        assertEq(ledger.balanceOf(creditor), 0);
        _assertGone(_voucher);
    }

    function test_no_claim_is_recorded_on_the_normal_path() external {
        _redeem(_voucher);
        assertEq(ledger.receivableOf(_id).claimed, 0);
    }

    function test_an_operator_redeems_for_the_holder_who_is_paid() external {
        vm.prank(creditor);
        ledger.approve(bob, _raw(_voucher));
        vm.prank(bob);
        ledger.redeem(_voucher);
        assertEq(cash.balanceOf(creditor), FACE);
        assertEq(cash.balanceOf(bob), 0);
    }

    function test_threat_37_an_unverified_holder_redeems() external {
        _unverify(creditor);
        _redeem(_voucher);
        assertEq(cash.balanceOf(creditor), FACE);
    }

    function test_threat_35_redemption_goes_on_in_a_pause() external {
        _pause();
        _redeem(_voucher);
        assertEq(cash.balanceOf(creditor), FACE);
    }

    function test_redemption_has_no_end() external {
        vm.warp(block.timestamp + 50 * 365 days);
        assertEq(_redeem(_voucher), FACE);
    }

    function test_threat_32_an_obligor_that_holds_its_own_paper_redeems_it() external {
        _give(_voucher, creditor, obligor);
        uint256 before = cash.balanceOf(obligor);
        _redeem(_voucher);
        assertEq(cash.balanceOf(obligor) - before, FACE);
    }

    function test_threat_40_donated_cash_changes_no_share() external {
        cash.mint(address(ledger), 5e6);
        assertEq(_redeem(_voucher), FACE);
        assertEq(cash.balanceOf(address(ledger)), 5e6);
    }

    function test_money_of_one_receivable_pays_no_other() external {
        (ReceivableId id, VoucherId other) = _accepted();
        assertEq(ledger.claimableOf(other), 0);
        _expectNothing(other);
        _redeem(other, creditor);
        _pay(id, FACE);
        _redeem(other);
        _redeem(_voucher);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    /* PAYEE */

    function test_threat_09_money_goes_to_the_payee_that_the_supervisor_named() external {
        ledger.setPayee(creditor, bob, REASON);
        vm.expectEmit(address(ledger));
        emit ISettlement.Redeemed(_voucher, creditor, bob, FACE, FACE);
        _redeem(_voucher);
        assertEq(cash.balanceOf(bob), FACE);
        assertEq(cash.balanceOf(creditor), 0);
    }

    function test_threat_36_only_the_holder_itself_redeems_to_a_payee() external {
        ledger.setPayee(creditor, bob, REASON);
        vm.prank(creditor);
        ledger.setApprovalForAll(bob, true);
        _expectNotEntitled(bob, creditor);
        _redeem(_voucher, bob);
    }

    function test_reverts_given_a_frozen_payee() external {
        ledger.setPayee(creditor, bob, REASON);
        _freezeParty(bob);
        _expectFrozen(bob);
        _redeem(_voucher, creditor);
    }

    function test_the_holder_is_paid_again_once_the_payee_is_withdrawn() external {
        ledger.setPayee(creditor, bob, REASON);
        ledger.setPayee(creditor, address(0), REASON);
        _redeem(_voucher);
        assertEq(cash.balanceOf(creditor), FACE);
    }

    /* REVERTS */

    function test_reverts_given_nothing_was_paid() external {
        (, VoucherId other) = _accepted();
        _expectNothing(other);
        _redeem(other, creditor);
    }

    function test_reverts_given_it_was_redeemed() external {
        _redeem(_voucher);
        _expectNonexistent(_voucher);
        _redeem(_voucher, creditor);
        _expectNonexistent(_voucher);
        ledger.claimableOf(_voucher);
    }

    function test_reverts_when_caller_is_no_operator() external {
        _expectNotOperator(stranger, _voucher);
        _redeem(_voucher, stranger);
    }

    function test_reverts_given_a_frozen_holder() external {
        _freezeParty(creditor);
        _expectFrozen(creditor);
        _redeem(_voucher, creditor);
    }

    function test_reverts_given_a_frozen_voucher() external {
        ledger.freezeVoucher(_voucher, creditor, FOREVER, REASON);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector,
                creditor,
                _raw(_voucher)
            )
        );
        _redeem(_voucher, creditor);
    }

    /* INTERNAL */

    function _redeem(VoucherId voucher, address by) private {
        vm.prank(by);
        ledger.redeem(voucher);
    }

    function _expectNothing(VoucherId voucher) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToClaim.selector, voucher));
    }
}
