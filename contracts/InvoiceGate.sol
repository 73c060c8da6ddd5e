// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceGate} from "./interfaces/IInvoiceGate.sol";
import {IInvoiceRegistry} from "./interfaces/IInvoiceRegistry.sol";
import {IProgrammeGate} from "./interfaces/IProgrammeGate.sol";
import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";

import {Terms} from "./types/DataTypes.sol";
import {ReceivableId, VoucherId} from "./types/Ids.sol";

/// @title InvoiceGate
/// @notice Lets nothing be issued that no registered invoices cover; its interface is `IInvoiceGate`.
contract InvoiceGate is IInvoiceGate {
    /// @inheritdoc IInvoiceGate
    IReceivableLedger public immutable ledger;
    /// @inheritdoc IInvoiceGate
    IInvoiceRegistry public immutable registry;

    constructor(IReceivableLedger newLedger, IInvoiceRegistry newRegistry) {
        ledger = newLedger;
        registry = newRegistry;
    }

    /// @inheritdoc IProgrammeGate
    function beforeIssue(ReceivableId id, Terms calldata terms) external view {
        require(msg.sender == address(ledger), NotItsLedger(msg.sender));
        bytes32 subject = bytes32(uint256(ReceivableId.unwrap(id)));
        bytes3 currency = ledger.currencyOf(terms.currency).code;
        uint256 used = registry.usedFor(address(ledger), subject, currency);
        require(used >= terms.face, InvoicesMissing(id, used, terms.face));
    }

    /// @inheritdoc IProgrammeGate
    // solhint-disable-next-line no-empty-blocks
    function beforeAccept(ReceivableId) external pure {}

    /// @inheritdoc IProgrammeGate
    // solhint-disable-next-line no-empty-blocks
    function beforeTransfer(VoucherId, address, address, address, uint256) external pure {}

    /// @inheritdoc IProgrammeGate
    function canTransfer(VoucherId, address, address) external pure returns (bool) {
        return true;
    }
}
