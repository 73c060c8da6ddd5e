// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {LedgerTest} from "../LedgerTest.sol";
import {GateMock} from "contracts/mocks/GateMock.sol";
import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";

/// @notice What the first review found, one test each; docs/security/kernel-review-1.md has the stories.
contract KernelReviewTest is LedgerTest {
    /// @dev F1: moving nothing needs no allowance, so a stranger could merge hops into any voucher.
    function test_F1_stranger_cannot_raise_hops_by_moving_nothing() external {
        (, VoucherId fresh) = _accepted();
        VoucherId dust = _splitOff(fresh, creditor, alice, 1);
        _give(dust, alice, bob);
        _give(dust, bob, creditor);
        assertEq(_hopsOf(dust), 3);

        vm.prank(stranger);
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        ledger.transferFrom(_raw(dust), _raw(fresh), 0);
        assertEq(_hopsOf(fresh), 0);
    }

    /// @dev F2: what extinguishing pays out is an event of its own, as every redemption.
    function test_F2_extinguishing_says_what_it_pays() external {
        (ReceivableId id, VoucherId voucher) = _accepted();
        _give(voucher, creditor, obligor);
        _pay(id, FACE / 4);
        vm.expectEmit();
        emit ISettlement.Redeemed(voucher, obligor, obligor, 0, FACE / 4);
        vm.prank(obligor);
        ledger.extinguish(voucher);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    /// @dev F4: a signature also binds where a gate is asked, round which the guard closes.
    function test_F4_signature_accepts_under_a_gate() external {
        Programme memory rules = _programme();
        rules.gate = address(new GateMock());
        Terms memory terms = _termsUnder(rules);
        ReceivableId id = _issued(terms);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(obligorKey, ledger.acceptanceDigest(terms, block.timestamp));
        ledger.acceptWithSignature(terms, block.timestamp, abi.encodePacked(r, s, v));
        _assertStatus(id, Status.Accepted);
    }

    /// @dev F3: ERC-7943's forecast knows the hop limit.
    function test_F3_forecast_knows_the_hop_limit() external {
        Programme memory rules = _programme();
        rules.maxHops = 1;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        assertTrue(ledger.canTransfer(creditor, alice, _raw(voucher)));
        _give(voucher, creditor, alice);
        assertFalse(ledger.canTransfer(alice, bob, _raw(voucher)));
        ledger.setCustodian(bob, true);
        assertTrue(ledger.canTransfer(alice, bob, _raw(voucher)));
    }
}
