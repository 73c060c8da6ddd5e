// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IProgrammes} from "contracts/interfaces/IProgrammes.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";

import {Part, Programme} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Dividing a voucher: into one new voucher (a value transfer to an address) or into many.
contract SplitTest is LedgerTest {
    /// @dev EIP-7825: no transaction may use more.
    uint256 private constant _TRANSACTION_GAS_LIMIT = 1 << 24;

    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
    }

    /* ONE PART */

    function test_one_part_becomes_a_new_voucher_of_its_recipient() external {
        VoucherId part = _splitOff(_voucher, creditor, alice, 300_000e6);

        assertEq(_raw(part), _raw(_id.voucherAt(2)));
        _assertVoucher(part, alice, 300_000e6);
        _assertVoucher(_voucher, creditor, 700_000e6);
        assertEq(_hopsOf(part), 1);
        assertEq(_hopsOf(_voucher), 0);
        assertEq(ledger.balanceOf(alice), 1);
        assertEq(ledger.balanceOf(creditor), 1);
        assertEq(ledger.receivableOf(_id).vouchers, 2);
    }

    function test_events_name_the_parent() external {
        uint256 part = _raw(_id.voucherAt(2));
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(address(0), alice, part);
        vm.expectEmit(address(ledger));
        emit IERC3525.SlotChanged(part, 0, _id.toSlot());
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_voucher), part, 1e6);
        _splitOff(_voucher, creditor, alice, 1e6);
    }

    function test_the_whole_value_burns_the_source() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_voucher), 0, 0);
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(creditor, address(0), _raw(_voucher));
        VoucherId part = _splitOff(_voucher, creditor, alice, FACE);

        _assertVoucher(part, alice, FACE);
        _assertGone(_voucher);
        assertEq(ledger.balanceOf(creditor), 0);
    }

    function test_a_part_of_ones_own_is_no_hop() external {
        VoucherId part = _splitOff(_voucher, creditor, creditor, 1e6);
        assertEq(_hopsOf(part), 0);
        assertEq(ledger.balanceOf(creditor), 2);
    }

    function test_an_unverified_holder_can_divide_for_itself_and_sell_out() external {
        _unverify(creditor);
        _splitOff(_voucher, creditor, alice, 1e6);
        _assertVoucher(_voucher, creditor, FACE - 1e6);
    }

    function test_split_fuzz_keeps_the_value(uint80 value) external {
        value = uint80(bound(value, 1, FACE - 1));
        VoucherId part = _splitOff(_voucher, creditor, alice, value);
        _assertVoucher(part, alice, value);
        _assertVoucher(_voucher, creditor, FACE - value);
    }

    /* MANY PARTS */

    function test_many_parts_in_order() external {
        vm.prank(creditor);
        VoucherId first = ledger.split(_voucher, _parts(alice, 1e6, bob, 2e6));

        assertEq(_raw(first), _raw(_id.voucherAt(2)));
        _assertVoucher(first, alice, 1e6);
        _assertVoucher(_id.voucherAt(3), bob, 2e6);
        _assertVoucher(_voucher, creditor, FACE - 3e6);
        assertEq(ledger.receivableOf(_id).vouchers, 3);
    }

    function test_two_parts_to_one_recipient_and_two_to_the_holder_are_counted() external {
        Part[] memory parts = new Part[](4);
        (parts[0], parts[1]) = (Part(alice, 1e6), Part(creditor, 2e6));
        (parts[2], parts[3]) = (Part(alice, 3e6), Part(creditor, 4e6));
        _split(parts);

        assertEq(ledger.balanceOf(alice), 2);
        assertEq(ledger.balanceOf(creditor), 3);
        assertEq(_hopsOf(_id.voucherAt(2)), 1);
        assertEq(_hopsOf(_id.voucherAt(3)), 0);
    }

    function test_all_to_the_holder_and_nothing_left_is_counted() external {
        _split(_parts(creditor, FACE / 2, creditor, FACE / 2));
        assertEq(ledger.balanceOf(creditor), 2);
        _assertGone(_voucher);
    }

    function test_parts_of_parts_take_their_parents_hops() external {
        VoucherId child = _splitOff(_voucher, creditor, alice, 10e6);
        VoucherId grandchild = _splitOff(child, alice, bob, 5e6);
        assertEq(_hopsOf(grandchild), 2);
        assertEq(_hopsOf(child), 1);
    }

    /// forge-config: default.isolate = true
    function test_threat_34_a_split_of_250_parts_fits_into_a_transaction() external {
        Part[] memory parts = _manyParts(250);
        assertLt(_gasOfSplit(parts), _TRANSACTION_GAS_LIMIT);
        _assertVoucher(_id.voucherAt(251), parts[249].to, 2e6);
    }

    /// @dev A claim to be divided costs each part a slot more.
    /// forge-config: default.isolate = true
    function test_threat_34_a_split_for_250_recipients_with_claims_fits() external {
        _pay(_id, FACE / 3);
        _redeem(_voucher);
        assertLt(_gasOfSplit(_manyParts(250)), _TRANSACTION_GAS_LIMIT);
    }

    function test_threat_34_reverts_when_there_are_more_than_250_parts() external {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.PartsOutOfRange.selector, 251, 250));
        _split(new Part[](251));
    }

    function test_reverts_when_there_are_no_parts() external {
        vm.expectRevert(abi.encodeWithSelector(IVouchers.PartsOutOfRange.selector, 0, 250));
        _split(new Part[](0));
    }

    /* REVERTS */

    function test_reverts_when_parts_are_worth_more_than_the_voucher() external {
        _expectInsufficient(FACE, FACE + 1);
        _splitOff(_voucher, creditor, alice, FACE + 1);
        _expectInsufficient(1e6, 1e6 + 1);
        _split(_parts(alice, FACE - 1e6, bob, 1e6 + 1));
    }

    function test_threat_33_reverts_when_value_exceeds_80_bits(uint256 value) external {
        value = bound(value, uint256(type(uint80).max) + 1, type(uint256).max);
        _expectInsufficient(FACE, value);
        _splitOff(_voucher, creditor, alice, value);
    }

    function test_reverts_when_a_part_is_zero() external {
        bytes memory refusal =
            abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, 0, 1);
        vm.expectRevert(refusal);
        _splitOff(_voucher, creditor, alice, 0);
        vm.expectRevert(refusal);
        _split(_parts(alice, 1e6, bob, 0));
    }

    function test_threat_13_reverts_when_a_part_or_the_rest_is_below_the_smallest() external {
        Programme memory rules = _programme();
        rules.smallestVoucher = 100e6;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        _expectTooSmall(100e6 - 1, 100e6);
        _splitOff(voucher, creditor, alice, 100e6 - 1);
        _expectTooSmall(100e6 - 1, 100e6);
        _splitOff(voucher, creditor, alice, FACE - 100e6 + 1);
        _splitOff(voucher, creditor, alice, FACE - 100e6);
        _splitOff(voucher, creditor, alice, 100e6);
    }

    function test_threat_13_reverts_given_as_many_splits_as_the_programme_allows() external {
        Programme memory rules = _programme();
        rules.maxSplits = 2;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        _splitOff(voucher, creditor, alice, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.SplitLimitReached.selector, 3, 2));
        vm.prank(creditor);
        ledger.split(voucher, _parts(alice, 1e6, bob, 1e6));
        _splitOff(voucher, creditor, alice, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.SplitLimitReached.selector, 3, 2));
        _splitOff(voucher, creditor, alice, 1e6);
    }

    function test_reverts_when_currency_cannot_express_a_part() external {
        (, VoucherId voucher) = _accepted(_termsIn(offChain));
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1e4 + 1, 1e4)
        );
        _splitOff(voucher, creditor, alice, 1e4 + 1);
        _splitOff(voucher, creditor, alice, 1e4);
    }

    function test_reverts_when_hops_are_used_up() external {
        Programme memory rules = _programme();
        rules.maxHops = 1;
        (, VoucherId voucher) = _accepted(_termsUnder(rules));
        VoucherId part = _splitOff(voucher, creditor, alice, 10e6);
        vm.expectRevert(abi.encodeWithSelector(IProgrammes.HopLimitReached.selector, 1, 1));
        _splitOff(part, alice, bob, 1e6);
        _splitOff(part, alice, alice, 1e6);
    }

    function test_reverts_when_a_recipient_may_not_receive() external {
        _expectNotVerified(stranger);
        _splitOff(_voucher, creditor, stranger, 1e6);
        _expectNotVerified(stranger);
        _split(_parts(alice, 1e6, stranger, 1e6));
        _freezeParty(bob);
        _expectFrozen(bob);
        _splitOff(_voucher, creditor, bob, 1e6);
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidReceiver(address)", address(0)));
        _splitOff(_voucher, creditor, address(0), 1e6);
    }

    function test_reverts_given_a_frozen_holder() external {
        _freezeParty(creditor);
        _expectFrozen(creditor);
        _splitOff(_voucher, creditor, alice, 1e6);
        _expectFrozen(creditor);
        _split(_parts(creditor, 1e6));
    }

    function test_reverts_given_a_frozen_voucher() external {
        ledger.setFrozenTokens(creditor, _raw(_voucher), true);
        bytes memory refusal = abi.encodeWithSelector(
            IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector,
            creditor,
            _raw(_voucher)
        );
        vm.expectRevert(refusal);
        _splitOff(_voucher, creditor, creditor, 1e6);
        vm.expectRevert(refusal);
        _split(_parts(alice, 1e6));
    }

    function test_threat_35_reverts_given_a_pause() external {
        _pause();
        _expectPaused();
        _splitOff(_voucher, creditor, alice, 1e6);
        _expectPaused();
        _split(_parts(alice, 1e6));
    }

    function test_reverts_when_caller_is_no_operator() external {
        _expectNotOperator(stranger, _voucher);
        vm.prank(stranger);
        ledger.split(_voucher, _parts(alice, 1e6));
    }

    function test_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(2);
        _expectNonexistent(unknown);
        vm.prank(creditor);
        ledger.split(unknown, _parts(alice, 1e6));
        _expectNonexistent(unknown);
        _splitOff(unknown, creditor, alice, 1e6);
    }

    function test_a_refused_part_undoes_the_whole_split() external {
        _expectNotVerified(stranger);
        _split(_parts(alice, 1e6, stranger, 1e6));
        assertEq(ledger.balanceOf(alice), 0);
        assertEq(ledger.receivableOf(_id).vouchers, 1);
        _assertVoucher(_voucher, creditor, FACE);
    }

    /* CLAIMS */

    function test_claims_are_divided_in_proportion() external {
        _pay(_id, FACE / 2);
        _redeem(_voucher);
        VoucherId part = _splitOff(_voucher, creditor, alice, 250_000e6);
        assertEq(ledger.claimedOn(part), 125_000e6);
        assertEq(ledger.claimedOn(_voucher), 375_000e6);
    }

    function test_fuzz_claims_are_divided_without_loss(uint80 paid, uint80 a, uint80 b) external {
        _pay(_id, bound(paid, 1, FACE - 1));
        _redeem(_voucher);
        uint256 claimed = ledger.claimedOn(_voucher);
        a = uint80(bound(a, 1, FACE - 2));
        b = uint80(bound(b, 1, FACE - a - 1));
        _split(_parts(alice, a, bob, b));

        uint256 sum = ledger.claimedOn(_voucher) + ledger.claimedOn(_id.voucherAt(2));
        assertEq(sum + ledger.claimedOn(_id.voucherAt(3)), claimed);
        assertLe(ledger.claimedOn(_id.voucherAt(2)), a);
        assertLe(ledger.claimedOn(_id.voucherAt(3)), b);
        assertLe(ledger.claimedOn(_voucher), FACE - a - b);
    }

    function test_dividing_a_claimed_voucher_wholly_leaves_no_claim_behind() external {
        _pay(_id, FACE / 2);
        _redeem(_voucher);
        _split(_parts(alice, FACE / 2, bob, FACE / 2));
        assertEq(ledger.claimedOn(_id.voucherAt(2)), FACE / 4);
        assertEq(ledger.claimedOn(_id.voucherAt(3)), FACE / 4);
        _pay(_id, FACE);
        _redeem(_id.voucherAt(2));
        _redeem(_id.voucherAt(3));
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    /* INTERNAL */

    /// @dev Each for another party.
    function _manyParts(uint256 count) private returns (Part[] memory parts) {
        parts = new Part[](count);
        for (uint256 i = 0; i < count; ++i) {
            parts[i] = Part(address(uint160(uint256(keccak256(abi.encode(i))))), 2e6);
            _verify(parts[i].to);
        }
    }

    /// @dev What the whole transaction uses: the test runs isolated.
    function _gasOfSplit(Part[] memory parts) private returns (uint256) {
        _split(parts);
        return vm.lastCallGas().gasTotalUsed;
    }

    function _split(Part[] memory parts) private {
        vm.prank(creditor);
        ledger.split(_voucher, parts);
    }

    function _expectInsufficient(uint256 value, uint256 needed) private {
        vm.expectRevert(
            abi.encodeWithSelector(IVouchers.InsufficientValue.selector, _voucher, value, needed)
        );
    }

    function _expectTooSmall(uint256 value, uint256 smallest) private {
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammes.BelowSmallestVoucher.selector, value, smallest)
        );
    }
}
