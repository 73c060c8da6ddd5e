// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {Programme} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Value moves from one existing voucher to another.
contract ValueTransferTest is LedgerTest {
    ReceivableId private _id;
    // The creditor's, hops 0.
    VoucherId private _source;
    // Alice's, hops 1.
    VoucherId private _target;

    function setUp() public override {
        super.setUp();
        (_id, _source) = _accepted();
        _target = _splitOff(_source, creditor, alice, 100e6);
    }

    function test_value_moves_and_the_target_keeps_its_hops() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_source), _raw(_target), 50e6);
        _moveValue(_source, _target, creditor, 50e6);

        _assertVoucher(_source, creditor, FACE - 150e6);
        _assertVoucher(_target, alice, 150e6);
        assertEq(_hopsOf(_target), 1);
        assertEq(_hopsOf(_source), 0);
    }

    function test_an_emptied_source_is_burned() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_source), 0, 0);
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(creditor, address(0), _raw(_source));
        _moveValue(_source, _target, creditor, FACE - 100e6);

        _assertVoucher(_target, alice, FACE);
        _assertGone(_source);
        assertEq(ledger.balanceOf(creditor), 0);
        assertEq(ledger.balanceOf(alice), 1);
    }

    function test_between_vouchers_of_one_holder_the_larger_hops_stay() external {
        VoucherId own = _splitOff(_target, alice, alice, 10e6);
        _give(_target, alice, bob);
        _give(_target, bob, alice);
        assertEq(_hopsOf(_target), 3);
        _moveValue(own, _target, alice, 1e6);
        assertEq(_hopsOf(_target), 3);
        _moveValue(_target, own, alice, 1e6);
        assertEq(_hopsOf(own), 3);
    }

    function test_into_or_out_of_custody_is_no_hop() external {
        ledger.setCustodian(bob, true);
        VoucherId kept = _splitOff(_source, creditor, bob, 10e6);
        assertEq(_hopsOf(kept), 0);
        _moveValue(_source, kept, creditor, 1e6);
        _moveValue(kept, _source, bob, 1e6);
        assertEq(_hopsOf(kept), 0);
        assertEq(_hopsOf(_source), 0);
    }

    function test_claims_move_in_proportion() external {
        _pay(_id, FACE / 2);
        _redeem(_source);
        uint256 claimed = ledger.claimedOn(_source);
        _moveValue(_source, _target, creditor, (FACE - 100e6) / 4);
        assertEq(ledger.claimedOn(_target), claimed / 4);
        assertEq(ledger.claimedOn(_source), claimed - claimed / 4);
        _redeem(_target);
        _moveValue(_source, _target, creditor, _valueOf(_source));
        assertEq(ledger.claimedOn(_target), FACE / 2);
    }

    /* ALLOWANCE */

    function test_an_allowance_is_used_up() external {
        _allow(bob, 60e6);
        vm.expectEmit(address(ledger));
        emit IERC3525.ApprovalValue(_raw(_source), bob, 20e6);
        _moveValue(_source, _target, bob, 40e6);
        assertEq(ledger.allowance(_raw(_source), bob), 20e6);
        _expectAllowance(20e6, 21e6);
        _moveValue(_source, _target, bob, 21e6);
        _splitOff(_source, bob, alice, 20e6);
        assertEq(ledger.allowance(_raw(_source), bob), 0);
    }

    function test_operators_use_up_no_allowance() external {
        _allow(bob, 60e6);
        vm.prank(creditor);
        ledger.approve(bob, _raw(_source));
        _moveValue(_source, _target, bob, 40e6);
        assertEq(ledger.allowance(_raw(_source), bob), 60e6);
    }

    function test_reverts_when_caller_has_no_allowance() external {
        _expectAllowance(0, 1e6);
        _moveValue(_source, _target, bob, 1e6);
        _expectAllowance(0, 1e6);
        _splitOff(_source, bob, bob, 1e6);
    }

    /// @dev It would raise the target's hops to the source's, and could so lock it.
    function test_reverts_when_value_is_zero() external {
        VoucherId own = _splitOff(_target, alice, alice, 10e6);
        _give(own, alice, bob);
        _give(own, bob, alice);
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _moveValue(own, _target, stranger, 0);
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _moveValue(own, _target, alice, 0);
        assertEq(_hopsOf(_target), 1);
    }

    /* REVERTS */

    function test_reverts_when_the_targets_hops_would_rise() external {
        VoucherId further = _splitOff(_target, alice, bob, 10e6);
        assertEq(_hopsOf(further), 2);
        _moveValue(_target, further, alice, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.HopsWouldRise.selector, _source, 0, 2));
        _moveValue(_target, _source, alice, 1e6);
    }

    function test_reverts_when_hops_are_used_up() external {
        Programme memory rules = _programme();
        rules.maxHops = 1;
        (, VoucherId source) = _accepted(_termsUnder(rules));
        VoucherId a = _splitOff(source, creditor, alice, 10e6);
        VoucherId b = _splitOff(source, creditor, bob, 10e6);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.HopLimitReached.selector, 1, 1));
        _moveValue(a, b, alice, 1e6);
    }

    function test_reverts_when_receivables_differ() external {
        (, VoucherId other) = _accepted();
        vm.expectRevert(
            abi.encodeWithSelector(IVouchers.NotSameReceivable.selector, _source, other)
        );
        _moveValue(_source, other, creditor, 1e6);
    }

    function test_reverts_when_source_is_target() external {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.SameVoucher.selector, _source));
        _moveValue(_source, _source, creditor, 1e6);
    }

    function test_reverts_when_source_has_less() external {
        vm.expectRevert(
            abi.encodeWithSelector(IVouchers.InsufficientValue.selector, _target, 100e6, 100e6 + 1)
        );
        _moveValue(_target, _source, alice, 100e6 + 1);
    }

    function test_threat_33_reverts_when_value_exceeds_80_bits(uint256 value) external {
        value = bound(value, uint256(type(uint80).max) + 1, type(uint256).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                IVouchers.InsufficientValue.selector, _source, FACE - 100e6, value
            )
        );
        _moveValue(_source, _target, creditor, value);
    }

    function test_reverts_when_rest_is_below_the_smallest_voucher() external {
        Programme memory rules = _programme();
        rules.smallestVoucher = 100e6;
        (, VoucherId source) = _accepted(_termsUnder(rules));
        VoucherId target = _splitOff(source, creditor, creditor, 200e6);
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, 99e6, 100e6)
        );
        _moveValue(target, source, creditor, 101e6);
        _moveValue(target, source, creditor, 100e6);
    }

    function test_reverts_when_currency_cannot_express_the_value() external {
        (, VoucherId source) = _accepted(_termsIn(offChain));
        VoucherId target = _splitOff(source, creditor, creditor, 1e6);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1e4 - 1, 1e4)
        );
        _moveValue(source, target, creditor, 1e4 - 1);
    }

    function test_reverts_when_a_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(9);
        _expectNonexistent(unknown);
        _moveValue(unknown, _target, creditor, 1e6);
        _expectNonexistent(unknown);
        _moveValue(_source, unknown, creditor, 1e6);
    }

    function test_reverts_given_either_holder_is_frozen() external {
        _freezeParty(alice);
        _expectFrozen(alice);
        _moveValue(_source, _target, creditor, 1e6);
        _expectFrozen(alice);
        _moveValue(_target, _source, alice, 1e6);
    }

    function test_threat_37_reverts_given_an_unverified_target_holder() external {
        _unverify(alice);
        _expectNotVerified(alice);
        _moveValue(_source, _target, creditor, 1e6);
    }

    function test_reverts_given_either_voucher_is_frozen() external {
        ledger.setFrozenTokens(alice, _raw(_target), true);
        bytes memory refusal = abi.encodeWithSelector(
            IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector, alice, _raw(_target)
        );
        vm.expectRevert(refusal);
        _moveValue(_source, _target, creditor, 1e6);
        vm.expectRevert(refusal);
        _moveValue(_target, _source, alice, 1e6);
    }

    function test_threat_35_reverts_given_a_pause() external {
        _pause();
        _expectPaused();
        _moveValue(_source, _target, creditor, 1e6);
    }

    /* INTERNAL */

    function _allow(address operator, uint256 value) private {
        vm.prank(creditor);
        ledger.approve(_raw(_source), operator, value);
    }

    function _expectAllowance(uint256 allowed, uint256 needed) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IVouchers.InsufficientAllowance.selector, _source, bob, allowed, needed
            )
        );
    }
}
