// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IRefusals} from "contracts/interfaces/IRefusals.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract RejectCancelTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _first;

    function setUp() public override {
        super.setUp();
        _id = _issued();
        _first = _id.firstVoucher();
    }

    /* REJECT */

    function test_obligor_rejects_and_the_voucher_is_burned() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_first), 0, FACE);
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(creditor, address(0), _raw(_first));
        vm.expectEmit(address(ledger));
        emit IRefusals.ReceivableRejected(_id, obligor, REASON);
        _reject();

        _assertStatus(_id, Status.Cancelled);
        assertEq(ledger.balanceOf(creditor), 0);
        _assertGone(_first);
    }

    function test_obligor_can_reject_what_has_lapsed() external {
        _warpToLapse();
        _reject();
        _assertStatus(_id, Status.Cancelled);
    }

    function test_reject_reverts_when_caller_is_not_the_obligor() external {
        _expectNotEntitled(creditor, obligor);
        vm.prank(creditor);
        ledger.reject(_id, REASON);
    }

    function test_reject_reverts_given_it_is_accepted() external {
        vm.prank(obligor);
        ledger.accept(_id);
        _expectWrongStatus(_id, Status.Accepted, Status.Issued);
        _reject();
    }

    function test_reject_reverts_given_it_is_cancelled() external {
        _reject();
        _expectWrongStatus(_id, Status.Cancelled, Status.Issued);
        _reject();
    }

    /* CANCEL */

    function test_creditor_withdraws_and_the_voucher_is_burned() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_first), 0, FACE);
        vm.expectEmit(address(ledger));
        emit IRefusals.ReceivableCancelled(_id, creditor);
        vm.prank(creditor);
        ledger.cancel(_id);

        _assertStatus(_id, Status.Cancelled);
        assertEq(ledger.balanceOf(creditor), 0);
        _assertGone(_first);
    }

    function test_threat_24_only_the_creditor_cancels_until_the_period_is_over() external {
        uint256 lapse = _lapse();
        vm.warp(lapse - 1);
        _expectNotEntitled(stranger, creditor);
        vm.prank(stranger);
        ledger.cancel(_id);

        vm.warp(lapse);
        vm.prank(stranger);
        ledger.cancel(_id);
        _assertStatus(_id, Status.Cancelled);
    }

    function test_cancel_reverts_when_caller_is_the_obligor() external {
        _expectNotEntitled(obligor, creditor);
        vm.prank(obligor);
        ledger.cancel(_id);
    }

    function test_cancel_reverts_given_it_is_accepted() external {
        vm.prank(obligor);
        ledger.accept(_id);
        _expectWrongStatus(_id, Status.Accepted, Status.Issued);
        vm.prank(creditor);
        ledger.cancel(_id);
    }

    function test_cancel_reverts_given_it_was_never_issued() external {
        ReceivableId unknown = ledger.idOf(_terms());
        _expectWrongStatus(unknown, Status.None, Status.Issued);
        vm.prank(creditor);
        ledger.cancel(unknown);
    }

    /* NOTHING MOVES BEFORE ACCEPTANCE */

    function test_nothing_moves_before_acceptance() external {
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        _give(_first, creditor, alice);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        _splitOff(_first, creditor, alice, 1e6);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        _pay(_id, 1e6);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        ledger.advance(_id, alice, 1e6);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        ledger.claimableOf(_first);
        assertEq(ledger.voucherOf(_first).claimable, 0);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        ledger.seizeVoucher(_first, creditor, alice, REASON);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        vm.prank(creditor);
        ledger.redeem(_first);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        vm.prank(obligor);
        ledger.extinguish(_first);
    }

    /* INTERNAL */

    function _reject() private {
        vm.prank(obligor);
        ledger.reject(_id, REASON);
    }

    function _lapse() private view returns (uint256) {
        return (uint256(ledger.receivableOf(_id).acceptBy) + 1) * 1 days;
    }

    function _warpToLapse() private {
        vm.warp(_lapse());
    }
}
