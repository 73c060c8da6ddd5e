// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Test} from "forge-std/Test.sol";

import {Calendar} from "contracts/libraries/Calendar.sol";
import {Digits} from "contracts/libraries/Digits.sol";
import {Shares} from "contracts/libraries/Shares.sol";

/// @notice Rounding, days and short numbers at their edges.
contract LibrariesTest is Test {
    /* SHARES */

    function test_threat_33_a_share_never_exceeds_value_or_coverage(
        uint80 value,
        uint80 coverage,
        uint80 face,
        uint8 exponent
    ) external pure {
        (value, coverage, face) = _ordered(value, coverage, face);
        uint256 granule = 10 ** (exponent % 7);
        uint80 share = Shares.covered(value, coverage, face, granule);
        assertLe(share, value);
        assertLe(share, coverage);
        assertEq(share % granule, 0);
        uint256 exact = uint256(value) * coverage / face;
        assertEq(share, exact - exact % granule);
    }

    function test_at_full_coverage_a_share_is_the_value(uint80 value, uint80 face) external pure {
        face = uint80(bound(face, 1, type(uint80).max));
        value = uint80(bound(value, 0, face));
        assertEq(Shares.covered(value, face, face, 1), value);
    }

    function test_threat_12_shares_of_parts_are_at_most_the_share_of_the_whole(
        uint80 value,
        uint80 part,
        uint80 coverage,
        uint80 face
    ) external pure {
        (value, coverage, face) = _ordered(value, coverage, face);
        part = uint80(bound(part, 0, value));
        uint80 whole = Shares.covered(value, coverage, face, 1);
        uint80 parts = Shares.covered(part, coverage, face, 1)
            + Shares.covered(value - part, coverage, face, 1);
        assertLe(parts, whole);
        assertLe(whole - parts, 1);
    }

    function test_a_share_grows_with_coverage(uint80 value, uint80 coverage, uint80 face)
        external
        pure
    {
        (value, coverage, face) = _ordered(value, coverage, face);
        if (coverage == face) return;
        assertLe(
            Shares.covered(value, coverage, face, 1), Shares.covered(value, coverage + 1, face, 1)
        );
    }

    function test_what_is_carried_fits_and_what_stays_fits(
        uint80 claimed,
        uint80 moved,
        uint80 value,
        uint8 exponent
    ) external pure {
        uint80 granule = uint80(10 ** (exponent % 7));
        value = uint80(bound(value, 1, type(uint80).max / granule)) * granule;
        claimed = uint80(bound(claimed, 0, value / granule)) * granule;
        moved = uint80(bound(moved, 1, value / granule)) * granule;
        uint80 carried = Shares.carried(claimed, moved, value, granule);
        assertLe(carried, claimed);
        assertLe(carried, moved);
        assertLe(claimed - carried, value - moved);
        assertEq(carried % granule, 0);
        if (moved == value) assertEq(carried, claimed);
    }

    function test_the_smaller_of_two(uint256 a, uint256 b) external pure {
        assertEq(Shares.min(a, b), a < b ? a : b);
    }

    /* CALENDAR */

    function test_threat_41_a_day_is_over_when_the_next_begins(uint16 day, uint16 count) external {
        uint256 end = (uint256(day) + 1 + count) * 1 days;
        vm.warp(end - 1);
        assertFalse(Calendar.isOver(day, count));
        vm.warp(end);
        assertTrue(Calendar.isOver(day, count));
    }

    function test_today_is_the_day_of_the_block(uint32 time) external {
        vm.warp(time);
        assertEq(Calendar.today(), uint256(time) / 86_400);
        assertFalse(Calendar.isOver(Calendar.today(), 0));
    }

    /* DIGITS */

    function test_one_digit_and_zeros_come_back(uint8 digit, uint8 exponent) external pure {
        uint256 number = uint256(digit % 10) * 10 ** (exponent % 16);
        (uint8 code, bool exact) = Digits.encode(number);
        assertTrue(exact);
        assertEq(Digits.decode(code), number);
    }

    function test_nothing_else_is_taken(uint256 number) external pure {
        (uint8 code, bool exact) = Digits.encode(number);
        if (exact) assertEq(Digits.decode(code), number);
        else assertEq(code, 0);
    }

    function test_two_digits_and_sixteen_zeros_are_refused() external pure {
        uint256[4] memory numbers = [uint256(11), 120, 1e16, type(uint256).max];
        for (uint256 i = 0; i < numbers.length; ++i) {
            (, bool exact) = Digits.encode(numbers[i]);
            assertFalse(exact);
        }
    }

    /* INTERNAL */

    /// @dev Any value and coverage, each at most a face that is not zero.
    function _ordered(uint80 value, uint80 coverage, uint80 face)
        private
        pure
        returns (uint80, uint80, uint80)
    {
        face = uint80(bound(face, 1, type(uint80).max));
        return (uint80(bound(value, 0, face)), uint80(bound(coverage, 0, face)), face);
    }
}
