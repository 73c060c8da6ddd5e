// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Receivable, Status, Voucher} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice What the views say, and that they say the same.
contract ViewsTest is LedgerTest {
    function test_a_receivable_that_was_never_issued_is_all_zero() external view {
        Receivable memory none;
        ReceivableId unknown = ReceivableId.wrap(1);
        assertEq(abi.encode(ledger.receivableOf(unknown)), abi.encode(none));
        _assertStatus(unknown, Status.None);
    }

    function test_views_of_a_voucher_agree() external {
        (ReceivableId id, VoucherId first) = _accepted();
        VoucherId part = _splitOff(first, creditor, alice, FACE / 4);
        _pay(id, FACE / 2);
        _redeem(part);
        _pay(id, FACE / 4);

        Voucher memory voucher = ledger.voucherOf(part);
        assertEq(voucher.holder, ledger.ownerOf(_raw(part)));
        assertEq(voucher.value, ledger.balanceOf(_raw(part)));
        assertEq(voucher.claimed, ledger.claimedOn(part));
        assertEq(voucher.claimable, ledger.claimableOf(part));
        assertEq(voucher.claimable, FACE / 16);
        assertEq(voucher.hops, 1);
        assertFalse(voucher.frozen);
        assertEq(ledger.slotOf(_raw(part)), id.toSlot());
    }

    function test_what_is_claimable_is_what_redeeming_pays(uint80 paid, uint80 value) external {
        (ReceivableId id, VoucherId first) = _accepted();
        VoucherId part = _splitOff(first, creditor, alice, bound(value, 1, FACE - 1));
        _pay(id, bound(paid, 1, FACE));
        uint256 claimable = ledger.claimableOf(part);
        if (claimable == 0) {
            vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToClaim.selector, part));
            vm.prank(alice);
            ledger.redeem(part);
        } else {
            assertEq(_redeem(part), claimable);
        }
    }

    function test_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = VoucherId.wrap(1);
        _expectNonexistent(unknown);
        ledger.ownerOf(1);
        _expectNonexistent(unknown);
        ledger.balanceOf(1);
        _expectNonexistent(unknown);
        ledger.slotOf(1);
        _expectNonexistent(unknown);
        ledger.claimedOn(unknown);
        _expectNonexistent(unknown);
        ledger.claimableOf(unknown);
        _expectNonexistent(unknown);
        ledger.voucherOf(unknown);
        _expectNonexistent(unknown);
        ledger.tokenURI(1);
    }

    function test_reverts_when_a_slot_is_wider_than_an_id() external {
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedUintDowncast.selector, 192, uint256(1) << 192
            )
        );
        ledger.slotURI(1 << 192);
    }

    function test_time_alone_changes_a_status() external {
        ReceivableId waiting = _issued();
        (ReceivableId id,) = _accepted();
        _warpToOverdue(id);
        _assertStatus(waiting, Status.Lapsed);
        _assertStatus(id, Status.Overdue);
        assertEq(uint8(ledger.receivableOf(waiting).status), uint8(Status.Lapsed));
        assertEq(uint8(ledger.receivableOf(id).status), uint8(Status.Overdue));
        _pay(id, FACE);
        _assertStatus(id, Status.Settled);
    }
}
