// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReceivableId} from "../types/Ids.sol";

/// @title IRefusals
/// @notice How a receivable comes to nothing before acceptance, and how a default is put on record.
/// @dev No transaction is needed for a receivable to be overdue: that follows from time. Declaring it
/// makes the obligor's record show it, which programmes can heed.
interface IRefusals {
    /* EVENTS */

    /// @notice Emitted when the obligor refuses.
    event ReceivableRejected(
        ReceivableId indexed receivable, address indexed obligor, bytes32 reason
    );

    /// @notice Emitted when the creditor withdraws, or anyone clears a lapsed receivable away.
    event ReceivableCancelled(ReceivableId indexed receivable, address indexed by);

    /// @notice Emitted when an overdue receivable is put on the obligor's record.
    event DefaultDeclared(ReceivableId indexed receivable, address indexed obligor, address by);

    /// @notice Emitted when a declared default is cured, because all is paid.
    event DefaultCured(ReceivableId indexed receivable, address indexed obligor);

    /* ERRORS */

    /// @notice Thrown when a default is declared that is already on record.
    error DefaultAlreadyDeclared(ReceivableId receivable);

    /* REFUSE */

    /// @notice Refuses as the obligor, while it is not accepted.
    /// @param reason Hash of the reason.
    function reject(ReceivableId id, bytes32 reason) external;

    /// @notice Withdraws as the creditor while it is not accepted; anyone may once it has lapsed.
    function cancel(ReceivableId id) external;

    /* DEFAULT */

    /// @notice Puts an overdue receivable on the obligor's record; anyone may. Payment in full cures it.
    function declareDefault(ReceivableId id) external;
}
