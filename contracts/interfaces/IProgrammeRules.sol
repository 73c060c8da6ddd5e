// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Status} from "../types/DataTypes.sol";
import {GateRules, Lacking, Stage} from "../types/GateTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {IProgrammeGate} from "./IProgrammeGate.sol";
import {IReceivableLedger} from "./IReceivableLedger.sol";

/// @title IProgrammeRules
/// @notice The gate of a programme with rules beyond the ledger's: registered invoices, attested documents,
/// limits, a stop for obligors who are overdue. Rules are given once and never change (docs/gates.md).
/// @dev A gate is made for one programme; if several name it, totals are kept for each, and an obligor's
/// overdue receivables count whichever of them they are under.
interface IProgrammeRules is IProgrammeGate {
    /* EVENTS */

    /// @notice Emitted when an accepted receivable's face counts towards its programme's total.
    event FaceCounted(ReceivableId indexed receivable, uint16 indexed programme, uint80 face);

    /// @notice Emitted when it counts no more.
    event FaceReleased(ReceivableId indexed receivable, uint16 indexed programme, uint80 face);

    /// @notice Emitted when an accepted receivable is among those that may stop its obligor.
    /// @param lastDay The last day of its grace.
    event ReceivableWatched(
        ReceivableId indexed receivable, address indexed obligor, uint256 lastDay
    );

    /// @notice Emitted when it is no longer, because it is settled.
    event ReceivableUnwatched(ReceivableId indexed receivable, address indexed obligor);

    /* ERRORS */

    /// @notice Thrown at deployment when the rules contradict themselves.
    error GateRulesInvalid(bytes32 rule);

    /// @notice Thrown when another ledger asks: a receivable's id is the same on every ledger.
    error NotItsLedger(address caller);

    /// @notice Thrown when too little is used for a receivable.
    error InvoicesMissing(ReceivableId receivable, uint256 used, uint256 face);

    /// @notice Thrown when too few of a requirement's verifiers attest a kind of document.
    error AttestationsMissing(ReceivableId receivable, bytes32 kind, uint256 held, uint256 needed);

    /// @notice Thrown when something is issued after the last day for it.
    error IssuesEnded(uint256 lastIssueDay, uint256 today);

    /// @notice Thrown when a gate with limits guards a programme that admits every currency: limits need one.
    error LimitNeedsCurrency(uint16 programme);

    /// @notice Thrown when a receivable is for more than the gate allows.
    error FaceAboveLimit(uint256 face, uint256 limit);

    /// @notice Thrown when more would be accepted and unsettled under a programme than the gate allows.
    error TotalLimitExceeded(uint16 programme, uint256 total, uint256 limit);

    /// @notice Thrown when a face is to be given back to the total before the receivable is settled.
    error FaceStillCounts(ReceivableId receivable, Status status);

    /// @notice Thrown when an obligor accepts anew while a receivable of its is overdue.
    error ObligorOverdue(address obligor, ReceivableId receivable, uint256 lastDay);

    /// @notice Thrown when so many settled receivables stand before what matters that they have to be pruned
    /// first.
    error PruneFirst(address obligor, uint256 most);

    /* UPKEEP */

    /// @notice Gives a settled receivable's face back to its programme's total; anyone may. Where nothing
    /// counts (any more), nothing happens.
    /// @return face What was given back, in units.
    function release(ReceivableId receivable) external returns (uint80 face);

    /// @notice Takes off the watch, earliest first, what is settled of an obligor's receivables, until one that is
    /// not settled comes, or `most` were taken; anyone may. Needed only where `PruneFirst` says so.
    /// @return dropped How many were taken off.
    function prune(address obligor, uint256 most) external returns (uint256 dropped);

    /* VIEWS */

    /// @notice The ledger whose programmes it guards.
    function ledger() external view returns (IReceivableLedger);

    /// @notice What it asks.
    function rules() external view returns (GateRules memory);

    /// @notice The requirements that are not met now for a receivable, issued or not; none: nothing is missing.
    function missing(ReceivableId receivable, Stage stage) external view returns (Lacking[] memory);

    /// @notice What counts towards the total of a programme, in units.
    function totalOf(uint16 programme) external view returns (uint256);

    /// @notice How much of the total a receivable takes, in units.
    function countedFor(ReceivableId receivable) external view returns (uint80);

    /// @notice How many of an obligor's receivables are watched, and the one of them whose grace ends first; what
    /// is settled stays among them until it is dropped.
    function watchOf(address obligor)
        external
        view
        returns (uint256 count, ReceivableId earliest, uint256 lastDay);
}
