// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";

/// @title IProgrammeGate
/// @notice What a programme's own rules look like to the ledger: attestations, an invoice registry, a
/// bank's policy. A gate refuses by reverting; its error reaches the caller unchanged.
/// @dev The ledger's guard is closed during these calls: a gate can read the ledger, not act on it.
interface IProgrammeGate {
    /// @notice Called before a receivable is issued.
    function beforeIssue(ReceivableId id, Terms calldata terms) external;

    /// @notice Called before a receivable is accepted. When its obligor issues it, the ledger does not know
    /// it yet, and `beforeIssue` has just been called with its terms.
    function beforeAccept(ReceivableId id) external;

    /// @notice Called before value changes hands. `to` has not received anything yet.
    /// @param operator Who sent the transaction's call.
    /// @param value How much moves, in units.
    function beforeTransfer(VoucherId id, address operator, address from, address to, uint256 value)
        external;

    /// @notice What `beforeTransfer` would say of the whole voucher. Must not revert.
    function canTransfer(VoucherId id, address from, address to) external view returns (bool);
}
