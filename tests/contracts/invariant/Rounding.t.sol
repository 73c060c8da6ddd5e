// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISettlement} from "contracts/interfaces/ISettlement.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LedgerTest} from "../LedgerTest.sol";
import {Shares} from "contracts/libraries/Shares.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Part, Programme, Receivable, Terms, Voucher} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";

/// @notice The ledger's arithmetic against exact fractions (K2 to K5 of README.md): what rounding can and
/// cannot do for somebody who splits, merges and redeems as often as it likes.
contract RoundingTest is LedgerTest {
    uint256 private constant _CENT = 10_000;

    TestCurrency private coin;
    uint8 private cents;
    uint16 private manySplits;

    function setUp() public override {
        super.setUp();
        coin = new TestCurrency("Cents", "CENT", 2);
        cents = ledger.addCurrency("EUR", address(coin), address(0), 2);
        Programme memory rules = _programme();
        rules.maxSplits = 60_000;
        manySplits = ledger.createProgramme(rules);
        coin.mint(obligor, type(uint128).max);
        vm.prank(obligor);
        coin.approve(address(ledger), type(uint256).max);
    }

    /* THE LIBRARY */

    /// @dev K2: a share is the exact fraction, rounded down to whole granules.
    function testFuzz_K2_share_is_the_exact_fraction_rounded_down(
        uint80 value,
        uint80 coverage,
        uint80 face,
        uint8 exponent
    ) external pure {
        face = uint80(bound(face, 1, type(uint80).max));
        value = uint80(bound(value, 0, face));
        coverage = uint80(bound(coverage, 0, face));
        uint256 granule = 10 ** (exponent % 7);
        uint256 exact = Math.mulDiv(value, coverage, face);
        uint256 share = Shares.covered(value, coverage, face, granule);
        // Whole granules are what is wanted.
        // forge-lint: disable-next-line(divide-before-multiply)
        assertEq(share, (exact / granule) * granule);
        if (coverage == face && value % granule == 0) assertEq(share, value);
    }

    /// @dev K2: shares of parts never exceed the share of the whole, nor what is covered.
    function testFuzz_K2_shares_of_parts_fit_into_the_whole(
        uint80 face,
        uint80 coverage,
        uint80 a,
        uint80 b
    ) external pure {
        face = uint80(bound(face, 1, type(uint80).max));
        coverage = uint80(bound(coverage, 0, face));
        a = uint80(bound(a, 0, face));
        b = uint80(bound(b, 0, face - a));
        uint256 together = Shares.covered(a + b, coverage, face, 1);
        uint256 apart =
            uint256(Shares.covered(a, coverage, face, 1)) + Shares.covered(b, coverage, face, 1);
        assertLe(apart, together);
        assertLe(together, apart + 1);
        assertLe(together, coverage);
    }

    /// @dev K3: a claim is divided without loss, and neither part claims more than it is worth.
    function testFuzz_K3_claims_divide_without_loss(
        uint80 claimed,
        uint80 moved,
        uint80 value,
        uint8 exponent
    ) external pure {
        uint80 granule = uint80(10 ** (exponent % 7));
        value = uint80(bound(value, 1, type(uint80).max / granule)) * granule;
        moved = uint80(bound(moved, 1, value / granule)) * granule;
        claimed = uint80(bound(claimed, 0, value / granule)) * granule;
        uint80 carried = Shares.carried(claimed, moved, value, granule);
        assertLe(carried, claimed);
        assertLe(carried, moved);
        assertLe(claimed - carried, value - moved);
        assertEq(carried % granule, 0);
    }

    /* THE LEDGER */

    /// @dev K4 (THREATS 12): what was taken out cannot be taken out again, however often one asks.
    function testFuzz_K4_redeeming_again_gains_nothing(uint80 part, uint80 paid) external {
        (ReceivableId id, VoucherId voucher) = _accepted();
        part = uint80(bound(part, 1, FACE - 1));
        paid = uint80(bound(paid, 1, FACE - 1));
        VoucherId piece = _splitOff(voucher, creditor, alice, part);
        _pay(id, paid);
        uint256 share = Math.mulDiv(part, paid, FACE);
        assertEq(ledger.claimableOf(piece), share);
        if (share != 0) assertEq(_redeem(piece), share);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingToClaim.selector, piece));
        vm.prank(alice);
        ledger.redeem(piece);
    }

    /// @dev K5 (THREATS 11): many partial payments, each redeemed at once by some: in the end everybody
    /// has exactly his value, and nothing is left.
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_K5_nothing_is_left_and_nobody_lacks(
        uint256 seed,
        uint8 pieces,
        uint8 payments
    ) external {
        (ReceivableId id, VoucherId voucher) = _inCents(987_654_321 * _CENT);
        uint256 n = bound(pieces, 1, 12);
        for (uint256 i = 0; i < n; ++i) {
            uint256 value = 1 + (_random(seed, i) % 80_000_000);
            _splitOff(voucher, creditor, creditor, value * _CENT);
        }
        for (uint256 i = 0; i < bound(payments, 1, 8); ++i) {
            _pay(id, (1 + (_random(seed, 100 + i) % 200_000_000)) * _CENT);
            _redeemSome(id, n, _random(seed, 200 + i));
            if (ledger.receivableOf(id).paid == ledger.receivableOf(id).face) break;
        }
        if (ledger.receivableOf(id).paid != ledger.receivableOf(id).face) {
            _pay(id, type(uint256).max);
        }
        _redeemSome(id, n, type(uint256).max);
        assertEq(coin.balanceOf(creditor), 987_654_321);
        assertEq(coin.balanceOf(address(ledger)), 0);
        assertEq(ledger.balanceOf(creditor), 0);
    }

    /// @dev K6: by dividing a voucher that has claimed, and merging the pieces, its holder gains at most
    /// a granule for each piece that it makes, never more than there is, and nothing in the end.
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_K6_dividing_a_claim_gains_at_most_a_granule_each(
        uint256 value,
        uint256 paid,
        uint256 size
    ) external {
        uint256 pieces = 40;
        value = bound(value, 1000, 50_000);
        paid = bound(paid, 1, 99_999);
        size = bound(size, 1, value / pieces);
        (ReceivableId id, VoucherId rest) = _inCents(100_000 * _CENT);
        VoucherId voucher = _splitOff(rest, creditor, alice, value * _CENT);
        _pay(id, paid * _CENT);
        uint256 fair = (value * paid) / 100_000;
        uint256 taken = fair == 0 ? 0 : _redeem(voucher);
        assertEq(taken, fair * _CENT);
        VoucherId merged = _divideAndMerge(voucher, pieces, size);
        if (ledger.claimableOf(merged) != 0) taken += _redeem(merged);
        if (_exists(voucher) && ledger.claimableOf(voucher) != 0) taken += _redeem(voucher);
        assertLe(taken, (fair + pieces + 1) * _CENT);

        if (ledger.claimableOf(rest) != 0) _redeem(rest);
        assertLe(ledger.receivableOf(id).claimed, paid * _CENT);
        _pay(id, type(uint256).max);
        _redeem(merged);
        if (_exists(voucher)) _redeem(voucher);
        _redeem(rest);
        assertEq(coin.balanceOf(alice), value);
        assertEq(coin.balanceOf(address(ledger)), 0);
    }

    /// @dev K7: ending one's own voucher never lowers what the others can take out of the whole, once paid.
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_K7_extinguishing_leaves_the_others_whole(
        uint256 own,
        uint256 paid,
        uint256 cut
    ) external {
        own = bound(own, 2, 99_998);
        paid = bound(paid, 1, 99_999);
        (ReceivableId id, VoucherId rest) = _inCents(100_000 * _CENT);
        VoucherId voucher = _splitOff(rest, creditor, obligor, own * _CENT);
        cut = bound(cut, 1, own - 1);
        _pay(id, paid * _CENT);
        uint256 before = ledger.claimableOf(rest);
        VoucherId second = _splitOff(voucher, obligor, obligor, cut * _CENT);
        vm.startPrank(obligor);
        ledger.extinguish(voucher);
        assertGe(ledger.claimableOf(rest) + _CENT, before);
        Receivable memory r = ledger.receivableOf(id);
        if (r.paid != r.face && r.paid - _claimable(second) <= r.face - cut * _CENT) {
            ledger.extinguish(second);
        }
        r = ledger.receivableOf(id);
        if (r.paid != r.face) ledger.pay(id, type(uint256).max);
        vm.stopPrank();
        uint256 spent = coin.balanceOf(address(ledger));
        assertEq(_redeem(rest), (100_000 - own) * _CENT);
        if (_exists(second)) _redeem(second);
        assertEq(coin.balanceOf(address(ledger)), 0);
        assertGe(spent, 100_000 - own);
    }

    /// @dev K8: guarantors are reimbursed in the order in which they advanced, whatever the amounts.
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_K8_reimbursed_in_order(uint256 first, uint256 second, uint256 paid) external {
        (ReceivableId id, VoucherId voucher) = _accepted();
        first = bound(first, 1, FACE - 2);
        second = bound(second, 1, FACE - first);
        _fund(alice);
        _fund(bob);
        uint256 a = _advance(id, alice, first);
        uint256 b = _advance(id, bob, second);
        paid = bound(paid, 1, FACE);
        _pay(id, paid);
        uint256 surplus = first + second + paid > FACE ? first + second + paid - FACE : 0;
        assertEq(ledger.reimbursableOf(id, a), Math.min(surplus, first));
        assertEq(ledger.reimbursableOf(id, b), surplus > first ? surplus - first : 0);
        if (surplus != 0) ledger.reimburse(id, a);
        if (surplus > first) ledger.reimburse(id, b);
        if (paid != FACE) _pay(id, type(uint256).max);
        if (ledger.reimbursableOf(id, a) != 0) ledger.reimburse(id, a);
        if (ledger.reimbursableOf(id, b) != 0) ledger.reimburse(id, b);
        assertEq(_redeem(voucher), FACE);
        assertEq(cash.balanceOf(alice), 100 * uint256(FACE));
        assertEq(cash.balanceOf(bob), 100 * uint256(FACE));
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    /* HELPERS */

    function _inCents(uint256 face) private returns (ReceivableId id, VoucherId voucher) {
        Terms memory terms = _termsIn(cents);
        terms.programme = manySplits;
        // The tests' faces are small.
        // forge-lint: disable-next-line(unsafe-typecast)
        terms.face = uint80(face);
        return _accepted(terms);
    }

    function _divideAndMerge(VoucherId voucher, uint256 pieces, uint256 size)
        private
        returns (VoucherId merged)
    {
        Part[] memory parts = new Part[](pieces);
        for (uint256 i = 0; i < pieces; ++i) {
            // A part of a value of 80 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            parts[i] = Part(alice, uint80(size * _CENT));
        }
        vm.startPrank(alice);
        merged = ledger.split(voucher, parts);
        VoucherId[] memory ids = new VoucherId[](pieces - 1);
        for (uint256 i = 1; i < pieces; ++i) {
            ids[i - 1] = VoucherId.wrap(_raw(merged) + i);
        }
        ledger.merge(ids, merged);
        vm.stopPrank();
    }

    /// @dev Redeems the creditor's vouchers whose bit is set, as far as they have something to take out.
    function _redeemSome(ReceivableId id, uint256 n, uint256 bits) private {
        for (uint64 serial = 1; serial <= n + 1; ++serial) {
            VoucherId voucher = id.voucherAt(serial);
            if ((bits >> serial) % 2 == 0 || !_exists(voucher)) continue;
            Receivable memory r = ledger.receivableOf(id);
            if (r.paid == r.face || ledger.claimableOf(voucher) != 0) _redeem(voucher);
        }
    }

    function _claimable(VoucherId voucher) private view returns (uint256) {
        Voucher memory v = ledger.voucherOf(voucher);
        return uint256(v.claimed) + v.claimable;
    }

    function _exists(VoucherId voucher) private view returns (bool exists) {
        (exists,) = address(ledger).staticcall(abi.encodeCall(ledger.ownerOf, (_raw(voucher))));
    }

    function _random(uint256 seed, uint256 i) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }
}
