// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReceivableId, VoucherId} from "../types/Ids.sol";
import {IReceivableLedger} from "./IReceivableLedger.sol";

/// @title IVoucherRenderer
/// @notice Describes a ledger, its receivables and its vouchers as JSON data URIs with pictures, made on
/// chain. It keeps nothing: all it says is read from the ledger that asks.
interface IVoucherRenderer {
    /// @notice ERC-3525 contract metadata.
    function contractURI(IReceivableLedger ledger) external view returns (string memory);

    /// @notice ERC-3525 slot metadata of a receivable.
    function slotURI(IReceivableLedger ledger, ReceivableId id)
        external
        view
        returns (string memory);

    /// @notice ERC-721 token metadata of a voucher, with an SVG picture.
    function tokenURI(IReceivableLedger ledger, VoucherId id) external view returns (string memory);
}
