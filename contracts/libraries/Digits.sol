// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Digits
/// @notice Numbers of one significant digit (0, 5, 20, 100, 5000, …) in one byte: digit x 10^exponent.
/// @dev A receivable carries its programme's smallest voucher and most splits along in its own word,
/// so that a split does not read the programme: 2,200 gas less.
library Digits {
    /// @notice The byte for a number, and whether it has one significant digit and an exponent below 16.
    function encode(uint256 number) internal pure returns (uint8 code, bool exact) {
        uint256 exponent = 0;
        while (number > 9 && number % 10 == 0) {
            number /= 10;
            ++exponent;
        }
        exact = number <= 9 && exponent < 16;
        // Both halves have four bits when it is exact; the code is not used otherwise.
        // forge-lint: disable-next-line(unsafe-typecast)
        code = exact ? uint8((exponent << 4) | number) : 0;
    }

    /// @notice The number of a byte.
    function decode(uint8 code) internal pure returns (uint256) {
        return (code & 15) * 10 ** (code >> 4);
    }
}
