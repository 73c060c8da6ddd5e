// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Shares
/// @notice The ledger's rounding, in one place. All inputs have at most 80 bits, so products have at
/// most 160 and nothing here can overflow. Everything rounds down, against whoever takes money out.
library Shares {
    /// @notice A voucher's part of what is covered, in whole granules.
    /// @dev At full coverage it is exactly `value`: values are whole granules.
    function covered(uint80 value, uint80 coverage, uint80 face, uint256 granule)
        internal
        pure
        returns (uint80)
    {
        uint256 share = (uint256(value) * coverage) / face;
        // coverage <= face, so share <= value, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint80(share - (share % granule));
    }

    /// @notice How much of `claimed` goes with `moved` when it leaves a voucher of `value`.
    /// @dev What does not go stays: nothing is claimed twice, nothing is forgotten. moved <= value.
    function carried(uint80 claimed, uint80 moved, uint80 value, uint256 granule)
        internal
        pure
        returns (uint80)
    {
        if (moved == value) return claimed;
        uint256 share = (uint256(claimed) * moved) / value;
        // moved <= value, so share <= claimed, which has 80 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint80(share - (share % granule));
    }

    /// @notice Whether `carried` would round nothing off.
    function isWhole(uint80 claimed, uint80 moved, uint80 value, uint256 granule)
        internal
        pure
        returns (bool)
    {
        return (uint256(claimed) * moved) % (value * granule) == 0;
    }

    /// @notice The smaller of two amounts.
    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
