// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReceivableId} from "../types/Ids.sol";
import {IInvoiceRegistry} from "./IInvoiceRegistry.sol";
import {IProgrammeGate} from "./IProgrammeGate.sol";
import {IReceivableLedger} from "./IReceivableLedger.sol";

/// @title IInvoiceGate
/// @notice The gate of programmes whose receivables rest on registered invoices: one is issued only if what
/// the registry has as used for it, in its currency, comes to its face or more.
/// @dev From issue on the registry gives no such use back unless the receivable was cancelled or lapsed, so
/// acceptance and transfers have nothing more to ask.
interface IInvoiceGate is IProgrammeGate {
    /// @notice Thrown when another ledger asks: a receivable's id is the same on every ledger.
    error NotItsLedger(address caller);

    /// @notice Thrown when too little is used for a receivable.
    error InvoicesMissing(ReceivableId receivable, uint256 used, uint256 face);

    /// @notice The ledger whose programmes it guards.
    function ledger() external view returns (IReceivableLedger);

    /// @notice The registry that it asks.
    function registry() external view returns (IInvoiceRegistry);
}
