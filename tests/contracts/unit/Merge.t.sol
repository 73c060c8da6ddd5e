// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";

import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract MergeTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _first;
    VoucherId private _second;
    VoucherId private _third;

    function setUp() public override {
        super.setUp();
        (_id, _first) = _accepted();
        _second = _splitOff(_first, creditor, creditor, 200e6);
        _third = _splitOff(_first, creditor, creditor, 300e6);
    }

    function test_vouchers_become_one() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_second), _raw(_first), 200e6);
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_third), _raw(_first), 300e6);
        _merge(_list(_second, _third), _first);

        _assertVoucher(_first, creditor, FACE);
        _assertGone(_second);
        _assertGone(_third);
        assertEq(ledger.balanceOf(creditor), 1);
    }

    function test_the_larger_hops_stay() external {
        _give(_second, creditor, alice);
        _give(_second, alice, creditor);
        _merge(_list(_first, _third), _second);
        assertEq(_hopsOf(_second), 2);
    }

    function test_a_merged_voucher_takes_the_larger_hops() external {
        _give(_second, creditor, alice);
        _give(_second, alice, creditor);
        _merge(_list(_second), _first);
        assertEq(_hopsOf(_first), 2);
    }

    function test_claims_are_added_up() external {
        _pay(_id, FACE / 2);
        _redeem(_second);
        _redeem(_third);
        _merge(_list(_second, _third), _first);
        assertEq(ledger.claimedOn(_first), 250e6);
        _redeem(_first);
        assertEq(ledger.claimedOn(_first), FACE / 2);
        _pay(_id, FACE);
        assertEq(_redeem(_first), FACE / 2);
    }

    function test_an_operator_can_merge() external {
        vm.prank(creditor);
        ledger.setApprovalForAll(bob, true);
        vm.prank(bob);
        ledger.merge(_list(_second), _first);
        _assertVoucher(_first, creditor, FACE - 300e6);
    }

    function test_an_unverified_holder_can_merge() external {
        _unverify(creditor);
        _merge(_list(_second), _first);
    }

    /* REVERTS */

    function test_reverts_when_there_is_nothing_to_merge() external {
        vm.expectRevert(IVouchers.NothingToMerge.selector);
        _merge(new VoucherId[](0), _first);
    }

    function test_reverts_when_a_voucher_is_merged_into_itself() external {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.SameVoucher.selector, _first));
        _merge(_list(_second, _first), _first);
    }

    function test_reverts_when_a_voucher_is_named_twice() external {
        _expectNonexistent(_second);
        _merge(_list(_second, _second), _first);
    }

    function test_reverts_when_a_voucher_is_anothers() external {
        _give(_second, creditor, alice);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", creditor, _raw(_second), alice
            )
        );
        _merge(_list(_second), _first);
    }

    function test_reverts_when_the_target_is_anothers() external {
        _give(_first, creditor, alice);
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", alice, _raw(_second), creditor
            )
        );
        _merge(_list(_second), _first);
    }

    function test_reverts_when_caller_is_no_operator() external {
        _expectNotOperator(stranger, _second);
        vm.prank(stranger);
        ledger.merge(_list(_second), _first);
    }

    function test_reverts_when_caller_may_act_on_one_of_them_only() external {
        vm.prank(creditor);
        ledger.approve(bob, _raw(_second));
        _expectNotOperator(bob, _third);
        vm.prank(bob);
        ledger.merge(_list(_second, _third), _first);
    }

    function test_reverts_when_receivables_differ() external {
        (, VoucherId other) = _accepted();
        vm.expectRevert(
            abi.encodeWithSelector(IVouchers.NotSameReceivable.selector, _second, other)
        );
        _merge(_list(_second), other);
    }

    function test_reverts_when_a_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(9);
        _expectNonexistent(unknown);
        _merge(_list(unknown), _first);
        _expectNonexistent(unknown);
        _merge(_list(_first), unknown);
    }

    function test_threat_35_reverts_given_a_pause() external {
        _pause();
        _expectPaused();
        _merge(_list(_second), _first);
    }

    function test_reverts_given_a_frozen_holder() external {
        _freezeParty(creditor);
        _expectFrozen(creditor);
        _merge(_list(_second), _first);
    }

    /* INTERNAL */

    function _merge(VoucherId[] memory ids, VoucherId into) private {
        vm.prank(creditor);
        ledger.merge(ids, into);
    }
}
