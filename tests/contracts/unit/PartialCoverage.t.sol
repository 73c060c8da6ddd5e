// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Part, Receivable} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Money out while a part only is covered: pro rata, and to the last unit in the end.
contract PartialCoverageTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
    }

    function test_a_voucher_claims_its_share_of_what_is_covered() external {
        VoucherId part = _splitOff(_voucher, creditor, alice, FACE / 4);
        _pay(_id, FACE / 2);
        vm.expectEmit(address(ledger));
        emit ISettlement.Redeemed(part, alice, alice, 0, FACE / 8);
        assertEq(_redeem(part), FACE / 8);

        _assertVoucher(part, alice, FACE / 4);
        assertEq(ledger.claimedOn(part), FACE / 8);
        assertEq(ledger.voucherOf(part).claimed, FACE / 8);
        assertEq(ledger.receivableOf(_id).claimed, FACE / 8);
        assertEq(cash.balanceOf(alice), FACE / 8);
    }

    function test_claims_grow_with_coverage_and_end_at_the_value() external {
        _pay(_id, FACE / 4);
        assertEq(_redeem(_voucher), FACE / 4);
        _pay(_id, FACE / 4);
        assertEq(ledger.claimableOf(_voucher), FACE / 4);
        assertEq(_redeem(_voucher), FACE / 4);
        _pay(_id, FACE);
        vm.expectEmit(address(ledger));
        emit ISettlement.Redeemed(_voucher, creditor, creditor, FACE, FACE / 2);
        assertEq(_redeem(_voucher), FACE / 2);
        assertEq(cash.balanceOf(creditor), FACE);
    }

    function test_threat_12_claiming_again_without_new_coverage_is_refused() external {
        _pay(_id, FACE / 3);
        _redeem(_voucher);
        assertEq(ledger.claimableOf(_voucher), 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToClaim.selector, _voucher));
        vm.prank(creditor);
        ledger.redeem(_voucher);
    }

    function test_a_voucher_worth_one_unit_waits_for_full_coverage() external {
        VoucherId dust = _splitOff(_voucher, creditor, alice, 1);
        _pay(_id, FACE - 1);
        assertEq(ledger.claimableOf(dust), 0);
        _pay(_id, 1);
        assertEq(_redeem(dust), 1);
    }

    /* DUST */

    function test_threat_11_everything_is_paid_out_to_the_last_unit(
        uint80[3] memory payments,
        uint80[3] memory cuts,
        uint256 order
    ) external {
        VoucherId[4] memory vouchers = _cut(cuts);
        uint256 paid;
        for (uint256 i = 0; i < 3; ++i) {
            paid += _payAndRedeemOne(payments[i], vouchers[(order >> (8 * i)) % 4]);
        }
        uint256 owed = FACE - ledger.receivableOf(_id).paid;
        if (owed != 0) _pay(_id, owed);
        for (uint256 i = 0; i < 4; ++i) {
            if (_exists(vouchers[i])) paid += _redeem(vouchers[i]);
        }
        assertEq(paid, FACE);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_threat_11_the_order_of_claims_matters_by_at_most_a_unit(uint80 paid, uint80 cut)
        external
    {
        VoucherId part = _splitOff(_voucher, creditor, alice, bound(cut, 1, FACE - 1));
        _pay(_id, bound(paid, 1, FACE - 1));
        uint256 state = vm.snapshotState();
        uint256 first = _redeemIfAny(part);
        vm.revertToState(state);
        _redeemIfAny(_voucher);
        assertApproxEqAbs(_redeemIfAny(part), first, 1);
    }

    function test_threat_12_dividing_gains_at_most_a_unit_a_part(uint80 paid, uint80[4] memory cuts)
        external
    {
        VoucherId mine = _splitOff(_voucher, creditor, alice, FACE / 7);
        paid = uint80(bound(paid, 1, FACE - 1));
        _pay(_id, paid);
        uint256 taken = _redeemIfAny(mine);
        for (uint256 i = 0; i < cuts.length; ++i) {
            VoucherId part = _splitOff(mine, alice, alice, bound(cuts[i], 1, FACE / 100));
            taken += _redeemIfAny(part) + _redeemIfAny(mine);
        }
        assertLe(taken, uint256(FACE / 7) * paid / FACE + cuts.length);
    }

    function test_claims_never_exceed_the_coverage(uint80 paid) external {
        Part[] memory parts = new Part[](20);
        for (uint256 i = 0; i < 20; ++i) {
            parts[i] = Part(alice, 1);
        }
        _pay(_id, bound(paid, 1, FACE - 1));
        _redeemIfAny(_voucher);
        vm.prank(creditor);
        ledger.split(_voucher, parts);
        for (uint64 serial = 2; serial < 22; ++serial) {
            _redeemIfAny(_id.voucherAt(serial));
        }
        _redeemIfAny(_voucher);
        Receivable memory receivable = ledger.receivableOf(_id);
        assertLe(receivable.claimed, receivable.paid);
        assertEq(cash.balanceOf(address(ledger)), receivable.paid - receivable.claimed);
    }

    /// @dev Parts of which each lost a fraction of its claim are put together again.
    function test_threat_12_claims_end_at_the_coverage_where_parts_were_cut_to_gain() external {
        VoucherId mine = _splitOff(_voucher, creditor, alice, 1000);
        _pay(_id, FACE / 2);
        _redeem(mine);
        Part[] memory parts = new Part[](250);
        for (uint256 i = 0; i < 250; ++i) {
            parts[i] = Part(alice, 1);
        }
        vm.prank(alice);
        ledger.split(mine, parts);
        VoucherId[] memory ones = new VoucherId[](249);
        for (uint64 i = 0; i < 249; ++i) {
            ones[i] = _id.voucherAt(4 + i);
        }
        vm.prank(alice);
        ledger.merge(ones, _id.voucherAt(3));
        // Half of what was cut off, in units of a millionth: less than a unit a part.
        assertEq(_redeem(_id.voucherAt(3)), 125);
        // The others wait for it until the next payment, and miss nothing in the end.
        assertEq(_redeem(_voucher), FACE / 2 - 625);
        _pay(_id, FACE);
        _redeem(mine);
        _assertGone(mine);
        _redeem(_voucher);
        _redeem(_id.voucherAt(3));
        assertEq(cash.balanceOf(alice), 1000);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    /* DECIMALS */

    function test_claims_are_whole_granules() external {
        TestCurrency token = new TestCurrency("Cents", "CENT", 2);
        (ReceivableId id, VoucherId voucher) = _accepted(_termsIn(_addToken(token)));
        VoucherId part = _splitOff(voucher, creditor, alice, 1e6);
        _pay(id, 333_330_000_000);
        assertEq(_redeem(part), 330_000);
        assertEq(token.balanceOf(alice), 33);
        VoucherId half = _splitOff(part, alice, bob, 500_000);
        assertEq(ledger.claimedOn(half), 160_000);
        assertEq(ledger.claimedOn(part), 170_000);
    }

    /* INTERNAL */

    function _cut(uint80[3] memory cuts) private returns (VoucherId[4] memory vouchers) {
        vouchers[0] = _voucher;
        for (uint256 i = 0; i < 3; ++i) {
            vouchers[i + 1] =
                _splitOff(_voucher, creditor, alice, bound(cuts[i], 1, _valueOf(_voucher) - 1));
        }
    }

    function _payAndRedeemOne(uint256 payment, VoucherId voucher) private returns (uint256) {
        uint256 owed = FACE - ledger.receivableOf(_id).paid;
        if (owed != 0) _pay(_id, bound(payment, 1, owed));
        return _exists(voucher) ? _redeemIfAny(voucher) : 0;
    }

    function _redeemIfAny(VoucherId voucher) private returns (uint256) {
        return ledger.claimableOf(voucher) == 0 ? 0 : _redeem(voucher);
    }

    function _exists(VoucherId voucher) private view returns (bool) {
        try ledger.ownerOf(_raw(voucher)) returns (address) {
            return true;
        } catch {
            return false;
        }
    }
}
