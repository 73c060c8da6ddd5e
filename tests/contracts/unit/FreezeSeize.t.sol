// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {ISupervision} from "contracts/interfaces/ISupervision.sol";

import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Freezing a voucher, and taking it on an order.
contract FreezeSeizeTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
    }

    /* FREEZE */

    function test_a_voucher_is_frozen_up_to_and_including_a_time() external {
        uint40 until = uint40(block.timestamp + 1 days);
        vm.expectEmit(address(ledger));
        emit IERC7943NonFungible.Frozen(creditor, _raw(_voucher), true);
        vm.expectEmit(address(ledger));
        emit ISupervision.VoucherFrozen(_voucher, creditor, until, REASON, address(this));
        ledger.freezeVoucher(_voucher, creditor, until, REASON);

        assertEq(ledger.frozenUntil(_voucher, creditor), until);
        assertTrue(ledger.voucherOf(_voucher).frozen);
        vm.warp(until);
        _expectFrozenVoucher(creditor);
        _give(_voucher, creditor, alice);
        vm.warp(until + 1);
        assertFalse(ledger.voucherOf(_voucher).frozen);
        _give(_voucher, creditor, alice);
    }

    function test_zero_restores() external {
        ledger.freezeVoucher(_voucher, creditor, FOREVER, REASON);
        vm.expectEmit(address(ledger));
        emit IERC7943NonFungible.Frozen(creditor, _raw(_voucher), false);
        ledger.freezeVoucher(_voucher, creditor, 0, REASON);
        _give(_voucher, creditor, alice);
    }

    function test_a_freeze_waits_for_an_account_that_may_hold_the_voucher_later() external {
        ledger.freezeVoucher(_voucher, alice, FOREVER, REASON);
        assertFalse(ledger.voucherOf(_voucher).frozen);
        _give(_voucher, creditor, alice);
        assertTrue(ledger.voucherOf(_voucher).frozen);
        _expectFrozenVoucher(alice);
        _give(_voucher, alice, bob);
        _expectFrozenVoucher(alice);
        _splitOff(_voucher, alice, bob, 1e6);
    }

    function test_a_freeze_stays_with_account_and_voucher() external {
        ledger.freezeVoucher(_voucher, alice, FOREVER, REASON);
        VoucherId part = _splitOff(_voucher, creditor, alice, 1e6);
        _give(part, alice, bob);
        _give(_voucher, creditor, bob);
        _give(_voucher, bob, alice);
        assertTrue(ledger.voucherOf(_voucher).frozen);
    }

    function test_freezing_changes_neither_value_nor_claims() external {
        _pay(_id, FACE / 2);
        _redeem(_voucher);
        ledger.freezeVoucher(_voucher, creditor, FOREVER, REASON);
        _assertVoucher(_voucher, creditor, FACE);
        assertEq(ledger.claimedOn(_voucher), FACE / 2);
        ledger.freezeVoucher(_voucher, creditor, 0, REASON);
        _pay(_id, FACE);
        assertEq(_redeem(_voucher), FACE / 2);
    }

    function test_freeze_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(2);
        _expectNonexistent(unknown);
        ledger.freezeVoucher(unknown, creditor, FOREVER, REASON);
        _expectNonexistent(unknown);
        ledger.setFrozenTokens(creditor, _raw(unknown), true);
    }

    /* SEIZE */

    function test_threat_36_a_seizure_is_logged_with_reason_and_is_no_hop() external {
        vm.expectEmit(address(ledger));
        emit ISupervision.VoucherSeized(_voucher, REASON, address(this));
        ledger.seizeVoucher(_voucher, creditor, alice, REASON);
        _assertVoucher(_voucher, alice, FACE);
        assertEq(_hopsOf(_voucher), 0);
        assertEq(ledger.balanceOf(creditor), 0);
        assertEq(ledger.balanceOf(alice), 1);
    }

    function test_neither_freezes_nor_hops_nor_pause_stand_in_the_way() external {
        for (uint256 i = 0; i < 5; ++i) {
            i % 2 == 0
                ? _give(_voucher, i == 0 ? creditor : bob, alice)
                : _give(_voucher, alice, bob);
        }
        _freezeParty(alice);
        ledger.freezeVoucher(_voucher, alice, FOREVER, REASON);
        _pause();
        ledger.seizeVoucher(_voucher, alice, bob, REASON);
        _assertVoucher(_voucher, bob, FACE);
        assertEq(_hopsOf(_voucher), 5);
        assertEq(ledger.frozenUntil(_voucher, alice), 0);
    }

    function test_what_was_claimed_goes_with_it() external {
        _pay(_id, FACE / 2);
        _redeem(_voucher);
        ledger.seizeVoucher(_voucher, creditor, alice, REASON);
        _pay(_id, FACE);
        assertEq(_redeem(_voucher), FACE / 2);
        assertEq(cash.balanceOf(alice), FACE / 2);
    }

    function test_seize_reverts_when_from_is_not_the_holder() external {
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", bob, _raw(_voucher), creditor
            )
        );
        ledger.seizeVoucher(_voucher, bob, alice, REASON);
    }

    function test_seize_reverts_when_it_would_stay() external {
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidReceiver(address)", creditor));
        ledger.seizeVoucher(_voucher, creditor, creditor, REASON);
    }

    function test_seize_reverts_when_recipient_may_not_receive() external {
        _expectNotVerified(stranger);
        ledger.seizeVoucher(_voucher, creditor, stranger, REASON);
        _expectNotVerified(address(0));
        ledger.seizeVoucher(_voucher, creditor, address(0), REASON);
        _freezeParty(bob);
        _expectFrozen(bob);
        ledger.seizeVoucher(_voucher, creditor, bob, REASON);
    }

    function test_seize_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(2);
        _expectNonexistent(unknown);
        ledger.seizeVoucher(unknown, creditor, alice, REASON);
    }

    /* INTERNAL */

    function _expectFrozenVoucher(address account) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector,
                account,
                _raw(_voucher)
            )
        );
    }
}
