// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {VoucherId} from "../types/Ids.sol";
import {IERC7943NonFungible} from "./IERC7943NonFungible.sol";

/// @title ISupervision
/// @notice What the supervisor can do to vouchers and to the whole ledger: freeze, take on an order,
/// pause. It can neither mint nor take money, and each act is logged with who, why and until when.
/// @dev A pause stops issue, acceptance, transfer and split; never payment or the redemption of what is
/// covered. It ends by itself, and the next one has to wait.
interface ISupervision is IERC7943NonFungible {
    /* EVENTS */

    /// @notice Emitted when an account's right to move a voucher is frozen, or (`until` 0) restored.
    event VoucherFrozen(
        VoucherId indexed voucher, address indexed account, uint40 until, bytes32 reason, address by
    );

    /// @notice Emitted beside ERC-7943's `ForcedTransfer`: who took the voucher, and why.
    event VoucherSeized(VoucherId indexed voucher, bytes32 reason, address by);

    /// @notice Emitted when the ledger is paused.
    event Paused(uint40 until, bytes32 reason, address by);

    /// @notice Emitted when a pause is ended early.
    event Unpaused(address by);

    /* ERRORS */

    /// @notice Thrown when the ledger is paused.
    error LedgerIsPaused(uint40 until);

    /// @notice Thrown when a pause would end in the past, or later than `longest`.
    error PauseOutOfRange(uint256 until, uint256 longest);

    /// @notice Thrown when a pause follows the last one too soon.
    error PauseTooSoon(uint256 earliest);

    /// @notice Thrown when there is no pause to end.
    error LedgerNotPaused();

    /* SUPERVISOR */

    /// @notice Pauses the ledger until, and including, a time at most 7 days away.
    /// @dev The next pause has to wait for 1 day after the end of the last one.
    function pause(uint40 until, bytes32 reason) external;

    /// @notice Ends a pause early.
    function unpause() external;

    /// @notice Freezes an account's right to a voucher up to and including `until`; 0 restores it.
    function freezeVoucher(VoucherId id, address account, uint40 until, bytes32 reason) external;

    /// @notice Takes a voucher from its holder and gives it to a verified party; no hop.
    /// @param reason Hash of the court's order.
    function seizeVoucher(VoucherId id, address from, address to, bytes32 reason) external;

    /* VIEWS */

    /// @notice Until when, inclusive, the ledger is paused; in the past: it is not.
    function pausedUntil() external view returns (uint40);

    /// @notice Until when, inclusive, an account's right to a voucher is frozen; 0: it never was.
    function frozenUntil(VoucherId id, address account) external view returns (uint40);
}
