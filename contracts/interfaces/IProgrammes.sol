// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Programme} from "../types/DataTypes.sol";

/// @title IProgrammes
/// @notice The rules that receivables are issued under. A programme never changes; it can be closed for
/// new issues, and what was issued under it lives on by its rules.
interface IProgrammes {
    /* EVENTS */

    /// @notice Emitted when a programme is created. It is open from then on.
    event ProgrammeCreated(uint16 indexed programme, Programme rules);

    /// @notice Emitted when a programme is closed for new issues, or opened again.
    event ProgrammeOpened(uint16 indexed programme, bool open);

    /* ERRORS */

    /// @notice Thrown when a programme does not exist.
    error ProgrammeUnknown(uint16 programme);

    /// @notice Thrown when a closed programme is to issue.
    error ProgrammeClosed(uint16 programme);

    /// @notice Thrown when a rule contradicts another: an obligor limit needs a currency, attestations
    /// need a gate, a gate needs code, a tenor and an acceptance period need at least a day; or when the
    /// smallest voucher or the most splits are not one digit and zeros, or splits are above 60,000.
    error ProgrammeInvalid(bytes32 rule);

    /// @notice Thrown when the programme admits another currency only.
    error CurrencyNotAdmitted(uint8 currency, uint8 admitted);

    /// @notice Thrown when the due date is further away than the programme allows.
    error TenorTooLong(uint256 tenorDays, uint256 maxTenorDays);

    /// @notice Thrown when an amount is smaller than the smallest voucher.
    error BelowSmallestVoucher(uint256 value, uint256 smallest);

    /// @notice Thrown when value has changed hands as often as the programme allows.
    error HopLimitReached(uint256 hops, uint256 maxHops);

    /// @notice Thrown when as many vouchers were split off as the programme allows.
    error SplitLimitReached(uint256 splits, uint256 maxSplits);

    /// @notice Thrown when an obligor would owe more than the programme allows.
    error ObligorLimitExceeded(address obligor, uint256 outstanding, uint256 limit);

    /// @notice Thrown when an obligor in declared default accepts anew under a programme that forbids it.
    error ObligorInDefault(address obligor);

    /* PROGRAMMES */

    /// @notice Creates a programme.
    /// @return programme Its number, from 1.
    function createProgramme(Programme calldata rules) external returns (uint16 programme);

    /// @notice Closes a programme for new issues, or opens it again.
    function setProgrammeOpen(uint16 programme, bool open) external;

    /* VIEWS */

    /// @notice The rules of a programme.
    function programmeOf(uint16 programme) external view returns (Programme memory rules, bool open);

    /// @notice How many programmes there are; their numbers are 1 to this.
    function programmeCount() external view returns (uint16);

    /// @notice What an obligor owes under a programme with an obligor limit, in units; 0 without a limit.
    function outstandingOf(uint16 programme, address obligor) external view returns (uint256);
}
