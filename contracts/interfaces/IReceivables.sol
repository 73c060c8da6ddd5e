// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Status, Terms} from "../types/DataTypes.sol";
import {ReceivableId} from "../types/Ids.sol";

/// @title IReceivables
/// @notice How a receivable comes to be: issued by the creditor and accepted by the obligor, or issued
/// by the obligor and thereby accepted. Nothing moves before acceptance.
/// @dev Time: the due date ends at 24:00 UTC; then the programme's grace days run; then it is overdue.
/// Trust: only the obligor's transaction or signature binds the obligor.
interface IReceivables {
    /* EVENTS */

    /// @notice Emitted when a receivable is issued; all its terms, and the last day to accept it.
    event ReceivableIssued(
        ReceivableId indexed receivable,
        address indexed obligor,
        address indexed creditor,
        uint8 currency,
        uint80 face,
        uint16 dueDay,
        uint16 programme,
        bytes32 documentsRoot,
        bytes32 referenceHash,
        uint256 salt,
        uint16 acceptBy
    );

    /// @notice Emitted when the obligor is bound.
    event ReceivableAccepted(ReceivableId indexed receivable, address indexed obligor);

    /* ERRORS */

    /// @notice Thrown when these very terms were issued before.
    error AlreadyIssued(ReceivableId receivable);

    /// @notice Thrown when the receivable is not in the state that the call needs.
    error WrongStatus(ReceivableId receivable, Status status, Status needed);

    /// @notice Thrown when obligor and creditor are one.
    error ObligorIsCreditor(address party);

    /// @notice Thrown when the due date is in the past.
    error DueDateInPast(uint256 dueDay, uint256 today);

    /// @notice Thrown when the acceptance period is over.
    error AcceptancePeriodOver(uint256 acceptBy, uint256 today);

    /// @notice Thrown when a signature is used after its deadline.
    error SignatureExpired(uint256 deadline, uint256 time);

    /// @notice Thrown when a signature is not the obligor's.
    error SignatureInvalid(address signer);

    /* ISSUE */

    /// @notice Issues a receivable and its first voucher. The caller is its creditor, and it waits for
    /// acceptance; or its obligor, and it is accepted at once.
    function issue(Terms calldata terms) external returns (ReceivableId id);

    /* ACCEPT */

    /// @notice Binds the calling obligor.
    function accept(ReceivableId id) external;

    /// @notice Binds the obligor by its EIP-712 signature (ERC-1271 for contracts), brought by anyone.
    /// @param deadline The last second in which the signature counts.
    /// @param signature Over `Acceptance(Terms terms,uint256 deadline)`.
    function acceptWithSignature(Terms calldata terms, uint256 deadline, bytes calldata signature)
        external;

    /* VIEWS */

    /// @notice The id that these terms have.
    function idOf(Terms calldata terms) external pure returns (ReceivableId);

    /// @notice Where a receivable stands now.
    function statusOf(ReceivableId id) external view returns (Status);

    /// @notice What a contract that finances vouchers asks, and what never changes: who owes, under which
    /// programme, in which currency, and on which day it is due. All zero when it was never issued.
    function outlineOf(ReceivableId id)
        external
        view
        returns (address obligor, uint16 programme, uint8 currency, uint16 dueDay);

    /// @notice The EIP-712 digest that an obligor signs to accept.
    function acceptanceDigest(Terms calldata terms, uint256 deadline)
        external
        view
        returns (bytes32);
}
