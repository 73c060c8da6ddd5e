// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";

import {Programme, Status} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice A whole voucher changes hands.
contract TransferTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
    }

    function test_holder_gives_a_whole_voucher_and_it_is_one_hop() external {
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(creditor, alice, _raw(_voucher));
        _give(_voucher, creditor, alice);

        _assertVoucher(_voucher, alice, FACE);
        assertEq(_hopsOf(_voucher), 1);
        assertEq(ledger.balanceOf(creditor), 0);
        assertEq(ledger.balanceOf(alice), 1);
    }

    function test_to_oneself_it_is_no_hop_and_counts_stay() external {
        vm.prank(creditor);
        ledger.approve(bob, _raw(_voucher));
        _give(_voucher, creditor, creditor);

        _assertVoucher(_voucher, creditor, FACE);
        assertEq(_hopsOf(_voucher), 0);
        assertEq(ledger.balanceOf(creditor), 1);
        assertEq(ledger.getApproved(_raw(_voucher)), address(0));
    }

    function test_claims_go_with_the_voucher() external {
        _pay(_id, FACE / 2);
        _redeem(_voucher);
        _give(_voucher, creditor, alice);
        assertEq(ledger.claimedOn(_voucher), FACE / 2);
        _pay(_id, FACE);

        assertEq(_redeem(_voucher), FACE / 2);
    }

    function test_an_unverified_holder_can_give() external {
        _unverify(creditor);
        _give(_voucher, creditor, alice);
        _assertVoucher(_voucher, alice, FACE);
    }

    function test_threat_26_vouchers_move_when_overdue_and_when_paid() external {
        _warpToOverdue(_id);
        _assertStatus(_id, Status.Overdue);
        _give(_voucher, creditor, alice);
        _pay(_id, FACE);
        _assertStatus(_id, Status.Settled);
        _give(_voucher, alice, bob);

        assertEq(_redeem(_voucher), FACE);
    }

    /* REVERTS */

    function test_reverts_when_recipient_is_zero() external {
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidReceiver(address)", address(0)));
        _give(_voucher, creditor, address(0));
    }

    function test_threat_37_reverts_when_recipient_is_unverified() external {
        _expectNotVerified(stranger);
        _give(_voucher, creditor, stranger);
    }

    function test_reverts_when_recipient_is_frozen() external {
        _freezeParty(alice);
        _expectFrozen(alice);
        _give(_voucher, creditor, alice);
    }

    function test_reverts_given_a_frozen_holder() external {
        _freezeParty(creditor);
        _expectFrozen(creditor);
        _give(_voucher, creditor, alice);
        _expectFrozen(creditor);
        _give(_voucher, creditor, creditor);
    }

    function test_reverts_given_a_frozen_voucher() external {
        ledger.freezeVoucher(_voucher, creditor, FOREVER, REASON);
        bytes memory refusal = abi.encodeWithSelector(
            IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector,
            creditor,
            _raw(_voucher)
        );
        vm.expectRevert(refusal);
        _give(_voucher, creditor, alice);
        vm.expectRevert(refusal);
        _give(_voucher, creditor, creditor);
    }

    function test_threat_35_reverts_given_a_pause() external {
        _pause();
        _expectPaused();
        _give(_voucher, creditor, alice);
        _expectPaused();
        _give(_voucher, creditor, creditor);
    }

    function test_reverts_when_caller_is_no_operator() external {
        _expectNotOperator(stranger, _voucher);
        vm.prank(stranger);
        ledger.transferFrom(creditor, alice, _raw(_voucher));
        _expectNotOperator(alice, _voucher);
        vm.prank(alice);
        ledger.transferFrom(creditor, alice, _raw(_voucher));
    }

    function test_reverts_when_from_is_not_the_holder() external {
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", alice, _raw(_voucher), creditor
            )
        );
        vm.prank(creditor);
        ledger.transferFrom(alice, bob, _raw(_voucher));
    }

    function test_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(2);
        _expectNonexistent(unknown);
        _give(unknown, creditor, alice);
    }

    /* HOPS */

    function test_as_many_hops_as_the_programme_allows() external {
        address[2] memory parties = [alice, bob];
        _give(_voucher, creditor, alice);
        for (uint256 i = 0; i < 4; ++i) {
            _give(_voucher, parties[i % 2], parties[(i + 1) % 2]);
        }
        assertEq(_hopsOf(_voucher), 5);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.HopLimitReached.selector, 5, 5));
        _give(_voucher, alice, bob);
        _give(_voucher, alice, alice);
    }

    function test_no_hops_allowed_means_no_transfer() external {
        Programme memory rules = _programme();
        rules.maxHops = 0;
        (, VoucherId stays) = _accepted(_termsUnder(rules));
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.HopLimitReached.selector, 0, 0));
        _give(stays, creditor, alice);
    }

    function test_threat_33_255_hops_do_not_spill_over() external {
        Programme memory rules = _programme();
        rules.maxHops = 255;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        _give(voucher, creditor, alice);
        for (uint256 i = 0; i < 254; ++i) {
            i % 2 == 0 ? _give(voucher, alice, bob) : _give(voucher, bob, alice);
        }
        assertEq(_hopsOf(voucher), 255);
        _assertVoucher(voucher, alice, FACE);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.HopLimitReached.selector, 255, 255));
        _give(voucher, alice, bob);
    }

    /* CUSTODIANS */

    function test_moves_into_and_out_of_custody_are_no_hops() external {
        ledger.setCustodian(bob, true);
        _give(_voucher, creditor, bob);
        assertEq(_hopsOf(_voucher), 0);
        _give(_voucher, bob, alice);
        assertEq(_hopsOf(_voucher), 0);
    }

    function test_custody_ends_with_the_supervisors_word() external {
        ledger.setCustodian(bob, true);
        ledger.setCustodian(bob, false);
        _give(_voucher, creditor, bob);
        assertEq(_hopsOf(_voucher), 1);
    }

    function test_custody_works_at_the_hop_limit() external {
        Programme memory rules = _programme();
        rules.maxHops = 0;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        ledger.setCustodian(bob, true);
        _give(voucher, creditor, bob);
        _give(voucher, bob, creditor);
        _assertVoucher(voucher, creditor, FACE);
    }
}
