// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract ApprovalsTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;
    uint256 private _token;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
        _token = _raw(_voucher);
    }

    /* ONE VOUCHER */

    function test_an_approved_account_can_do_what_the_holder_can() external {
        vm.expectEmit(address(ledger));
        emit IERC721.Approval(creditor, bob, _token);
        _approve(creditor, bob);
        assertEq(ledger.getApproved(_token), bob);
        _pay(_id, FACE / 2);

        vm.startPrank(bob);
        ledger.redeem(_voucher);
        ledger.split(_voucher, _parts(alice, 1e6));
        ledger.approve(_token, alice, 1e6);
        ledger.transferFrom(creditor, alice, _token);
        vm.stopPrank();
        _assertVoucher(_voucher, alice, FACE - 1e6);
        assertEq(cash.balanceOf(creditor), FACE / 2);
    }

    function test_an_approval_ends_when_the_voucher_changes_hands() external {
        _approve(creditor, bob);
        _give(_voucher, creditor, alice);
        assertEq(ledger.getApproved(_token), address(0));
        _expectNotOperator(bob, _voucher);
        vm.prank(bob);
        ledger.transferFrom(alice, bob, _token);
    }

    function test_an_approval_does_not_return_with_the_voucher() external {
        _approve(creditor, bob);
        _give(_voucher, creditor, alice);
        _give(_voucher, alice, creditor);
        assertEq(ledger.getApproved(_token), address(0));
        // Even when another approval has raised the flag again.
        _allow(creditor, alice, 1e6);
        assertEq(ledger.getApproved(_token), address(0));
        _expectNotOperator(bob, _voucher);
        vm.prank(bob);
        ledger.redeem(_voucher);
    }

    function test_an_approval_is_withdrawn_with_zero() external {
        _approve(creditor, bob);
        _approve(creditor, address(0));
        assertEq(ledger.getApproved(_token), address(0));
        _expectNotOperator(bob, _voucher);
        vm.prank(bob);
        ledger.transferFrom(creditor, bob, _token);
    }

    function test_an_approval_is_not_inherited_by_parts() external {
        _approve(creditor, bob);
        VoucherId part = _splitOff(_voucher, creditor, creditor, 1e6);
        assertEq(ledger.getApproved(_raw(part)), address(0));
        assertEq(ledger.getApproved(_token), bob);
    }

    function test_an_approval_ends_with_a_seizure() external {
        _approve(creditor, bob);
        ledger.seizeVoucher(_voucher, creditor, alice, REASON);
        assertEq(ledger.getApproved(_token), address(0));
    }

    function test_reverts_when_approver_is_not_the_holder() external {
        _expectInvalidApprover(stranger);
        _approve(stranger, bob);
        _approve(creditor, bob);
        _expectInvalidApprover(bob);
        _approve(bob, alice);
    }

    function test_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(2);
        vm.startPrank(creditor);
        _expectNonexistent(unknown);
        ledger.approve(bob, _raw(unknown));
        _expectNonexistent(unknown);
        ledger.approve(_raw(unknown), bob, 1e6);
        _expectNonexistent(unknown);
        ledger.getApproved(_raw(unknown));
        _expectNonexistent(unknown);
        ledger.allowance(_raw(unknown), bob);
    }

    /* ALL VOUCHERS OF A HOLDER */

    function test_an_operator_can_do_what_the_holder_can() external {
        vm.expectEmit(address(ledger));
        emit IERC721.ApprovalForAll(creditor, bob, true);
        _setOperator(bob, true);
        assertTrue(ledger.isApprovedForAll(creditor, bob));

        _approve(bob, stranger);
        vm.startPrank(bob);
        ledger.approve(_token, alice, 1e6);
        ledger.transferFrom(creditor, alice, _token);
        vm.stopPrank();
        _assertVoucher(_voucher, alice, FACE);
    }

    function test_an_operators_power_is_withdrawn_and_was_never_others() external {
        _setOperator(bob, true);
        _setOperator(bob, false);
        assertFalse(ledger.isApprovedForAll(creditor, bob));
        _expectNotOperator(bob, _voucher);
        vm.prank(bob);
        ledger.transferFrom(creditor, alice, _token);
        _expectInvalidApprover(bob);
        _approve(bob, alice);
    }

    function test_reverts_when_operator_is_zero() external {
        _expectInvalidOperator();
        _setOperator(address(0), true);
        _expectInvalidOperator();
        _allow(creditor, address(0), 1e6);
    }

    /* VALUE */

    function test_an_allowance_is_set_over_the_last_one() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.ApprovalValue(_token, bob, 7e6);
        _allow(creditor, bob, 7e6);
        _allow(creditor, bob, 3e6);
        assertEq(ledger.allowance(_token, bob), 3e6);
        assertEq(ledger.allowance(_token, alice), 0);
    }

    function test_an_allowance_ends_when_the_voucher_changes_hands() external {
        _allow(creditor, bob, 7e6);
        _give(_voucher, creditor, alice);
        assertEq(ledger.allowance(_token, bob), 0);
        _give(_voucher, alice, creditor);
        assertEq(ledger.allowance(_token, bob), 0);
        _allow(creditor, alice, 1e6);
        assertEq(ledger.allowance(_token, bob), 0);
    }

    function test_an_allowance_permits_no_more_than_moving_value() external {
        _allow(creditor, bob, type(uint256).max);
        _pay(_id, FACE);
        vm.startPrank(bob);
        _expectNotOperator(bob, _voucher);
        ledger.transferFrom(creditor, bob, _token);
        _expectNotOperator(bob, _voucher);
        ledger.split(_voucher, _parts(bob, 1e6));
        _expectNotOperator(bob, _voucher);
        ledger.redeem(_voucher);
        _expectNotOperator(bob, _voucher);
        ledger.approve(_token, bob, 1e6);
        _expectNotOperator(bob, _voucher);
        ledger.merge(_list(_voucher), _voucher);
    }

    function test_reverts_when_allowance_is_given_by_a_stranger() external {
        _expectNotOperator(stranger, _voucher);
        _allow(stranger, stranger, 1e6);
    }

    /* INTERNAL */

    function _approve(address by, address to) private {
        vm.prank(by);
        ledger.approve(to, _token);
    }

    function _allow(address by, address operator, uint256 value) private {
        vm.prank(by);
        ledger.approve(_token, operator, value);
    }

    function _setOperator(address operator, bool approved) private {
        vm.prank(creditor);
        ledger.setApprovalForAll(operator, approved);
    }

    function _expectInvalidApprover(address approver) private {
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidApprover(address)", approver));
    }

    function _expectInvalidOperator() private {
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidOperator(address)", address(0)));
    }
}
