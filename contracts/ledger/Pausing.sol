// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ISupervision} from "../interfaces/ISupervision.sol";

/// @title Pausing
/// @notice A pause that ends by itself. It is asked for where value enters or moves, never where
/// money is paid in or taken out.
abstract contract Pausing {
    uint40 internal _pausedUntil;

    function _requireNotPaused() internal view {
        uint40 until = _pausedUntil;
        require(until < block.timestamp, ISupervision.LedgerIsPaused(until));
    }
}
