// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICurrencies} from "./ICurrencies.sol";
import {IInspection} from "./IInspection.sol";
import {IParties} from "./IParties.sol";
import {IProgrammes} from "./IProgrammes.sol";
import {IReceivables} from "./IReceivables.sol";
import {IRecoveries} from "./IRecoveries.sol";
import {IRefusals} from "./IRefusals.sol";
import {ISettlement} from "./ISettlement.sol";
import {ISupervision} from "./ISupervision.sol";
import {IVoucherRenderer} from "./IVoucherRenderer.sol";
import {IVouchers} from "./IVouchers.sol";

/// @title IReceivableLedger
/// @notice The kernel: receivables, their vouchers and the money on them.
/// @dev One address, two pieces of code: the ledger does what is done every day, and hands the rest to its
/// office, with which it shares its storage and which can never be replaced. Values have 6 decimals for every
/// currency. Nothing is enumerated on chain: lists come from events, and events alone rebuild everything.
interface IReceivableLedger is
    IReceivables,
    IVouchers,
    ISettlement,
    IParties,
    IProgrammes,
    ICurrencies,
    ISupervision,
    IRefusals,
    IRecoveries,
    IInspection
{
    /// @notice Thrown at deployment when the office has no code.
    error OfficeWithoutCode(address office);

    /// @notice Who describes vouchers.
    function renderer() external view returns (IVoucherRenderer);

    /// @notice The code that does what is not done every day.
    function office() external view returns (address);

    /// @notice Several calls in one transaction: all of them, or none.
    function multicall(bytes[] calldata data) external returns (bytes[] memory results);

    /// @notice Whether a call is under way: a contract that builds on the ledger's views can refuse to
    /// act meanwhile.
    function isEntered() external view returns (bool);
}
