// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Advance} from "../types/DataTypes.sol";
import {ReceivableId, VoucherId} from "../types/Ids.sol";

/// @title IRecoveries
/// @notice Money that does not come from the obligor on chain: advances of guarantors and their
/// reimbursement, payments attested by a paying agent, vouchers that the obligor itself holds.
/// @dev What comes in beyond the face reimburses guarantors in the order in which they advanced.
interface IRecoveries {
    /* EVENTS */

    /// @notice Emitted when a guarantor pays in. `start` is what guarantors had advanced before.
    event Advanced(
        ReceivableId indexed receivable,
        address indexed guarantor,
        uint256 start,
        uint256 amount,
        bytes32 evidence
    );

    /// @notice Emitted when a guarantor takes out what later payments reimburse.
    event Reimbursed(
        ReceivableId indexed receivable, address indexed guarantor, uint256 start, uint256 amount
    );

    /// @notice Emitted when an obligor's own voucher is extinguished.
    /// @param claimed What had been claimed on it; it leaves the receivable's books with it.
    event Extinguished(
        VoucherId indexed voucher, address indexed obligor, uint256 value, uint256 claimed
    );

    /* ERRORS */

    /// @notice Thrown when nothing can be reimbursed now.
    error NothingToReimburse(ReceivableId receivable, uint256 start);

    /// @notice Thrown when a voucher is to be extinguished that guarantors have advanced for.
    error AdvancesOutstanding(ReceivableId receivable, uint256 advanced);

    /* MONEY IN */

    /// @notice Pays in for a guarantor, at most what holders still lack; the guarantor is subrogated. It has
    /// to be verified; if a custodian pays in what the guarantor gave it, only not frozen.
    /// @return start The key of the advance, for `reimburse`.
    /// @return taken What was paid in, in units.
    function advance(ReceivableId id, address guarantor, uint256 amount)
        external
        returns (uint256 start, uint256 taken);

    /// @notice Attests, as the currency's paying agent, that the obligor paid outside the chain.
    /// @param evidence Hash of the proof.
    function attestPayment(ReceivableId id, uint256 amount, bytes32 evidence)
        external
        returns (uint256 taken);

    /// @notice Attests, as the currency's paying agent, that a guarantor paid outside the chain.
    function attestAdvance(ReceivableId id, address guarantor, uint256 amount, bytes32 evidence)
        external
        returns (uint256 start, uint256 taken);

    /* MONEY OUT */

    /// @notice Pays a guarantor, or its named payee, what came in beyond the face, in order; anyone may
    /// call, but for a named payee only the guarantor.
    function reimburse(ReceivableId id, uint256 start) external returns (uint256 amount);

    /// @notice Ends a voucher that the obligor itself holds: the debt is less by its value.
    /// @dev What it could still claim is redeemed for the obligor first.
    function extinguish(VoucherId id) external;

    /* VIEWS */

    /// @notice A guarantor's advance.
    function advanceOf(ReceivableId id, uint256 start) external view returns (Advance memory);

    /// @notice What an advance could be reimbursed now, in units.
    function reimbursableOf(ReceivableId id, uint256 start) external view returns (uint256);
}
