// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

/// @title GasBurner
/// @notice Test only. Uses up all the gas that it was given.
abstract contract GasBurner {
    function _burnGas() internal view {
        uint256 rounds;
        while (gasleft() != 0) ++rounds;
    }
}
