// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReceivableId, VoucherId} from "../types/Ids.sol";

/// @title ISettlement
/// @notice Money in: the obligor (or anyone for it) pays, guarantors advance. Money out: holders redeem,
/// guarantors are reimbursed. Everybody takes out for himself, so nobody can block another.
/// @dev Owed = face - paid. Coverage = min(face, paid + advanced). A voucher's claim is
/// floor(value x coverage / face), in whole granules, less what was claimed on it; at full coverage that is
/// exactly its value, and the voucher is burned. Before full coverage all claims together stay within
/// coverage. What comes in beyond the face reimburses guarantors in the order in which they advanced.
interface ISettlement {
    /* EVENTS */

    /// @notice Emitted when something is paid on what the obligor owes.
    /// @param evidence Hash of the proof of a payment outside the chain; zero on chain.
    event Paid(
        ReceivableId indexed receivable, address indexed payer, uint256 amount, bytes32 evidence
    );

    /// @notice Emitted when a holder takes money out.
    /// @param value The value that was burned: all of it at full coverage, 0 before.
    /// @param payout What was paid, in units.
    event Redeemed(
        VoucherId indexed voucher,
        address indexed holder,
        address payee,
        uint256 value,
        uint256 payout
    );

    /* ERRORS */

    /// @notice Thrown when nothing is owed, or nothing is left to advance.
    error NothingOwed(ReceivableId receivable);

    /// @notice Thrown when an amount is zero.
    error AmountIsZero();

    /// @notice Thrown when nothing can be taken out now.
    error NothingToClaim(VoucherId voucher);

    /* MONEY IN */

    /// @notice Pays on what the obligor owes, at most that; anyone may pay for it.
    /// @param amount In units; more than is owed is cut to it.
    /// @return taken What was paid, in units.
    function pay(ReceivableId id, uint256 amount) external returns (uint256 taken);

    /* MONEY OUT */

    /// @notice Takes out what a voucher's share of the coverage allows; by its holder or operator, paid to
    /// the holder. For a currency outside the chain the event is the paying agent's order to pay.
    /// @return payout What was paid, in units.
    function redeem(VoucherId id) external returns (uint256 payout);

    /* VIEWS */

    /// @notice What a voucher could take out now, in units.
    function claimableOf(VoucherId id) external view returns (uint256);
}
