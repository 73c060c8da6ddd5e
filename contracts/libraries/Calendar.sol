// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Calendar
/// @notice Days are whole days since 1970-01-01 UTC. A day is over when the next one begins, at 00:00
/// UTC, so a payment on the due date is in time up to 23:59:59 of that day.
library Calendar {
    /// @notice The day of the current block.
    function today() internal view returns (uint16) {
        // Fits until the year 2149.
        return uint16(block.timestamp / 1 days);
    }

    /// @notice Whether `count` days after the end of `day` are over.
    function isOver(uint16 day, uint16 count) internal view returns (bool) {
        return block.timestamp >= (uint256(day) + 1 + count) * 1 days;
    }
}
