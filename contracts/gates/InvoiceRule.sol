// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IInvoiceRegistry} from "../interfaces/IInvoiceRegistry.sol";
import {IProgrammeRules} from "../interfaces/IProgrammeRules.sol";

import {Terms} from "../types/DataTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {Guarding} from "./Guarding.sol";

/// @title InvoiceRule
/// @notice Nothing is issued that no registered invoices cover.
/// @dev From issue on the registry gives no such use back unless the receivable was cancelled or lapsed, so
/// acceptance and transfers have nothing more to ask.
abstract contract InvoiceRule is Guarding {
    IInvoiceRegistry internal immutable _registry;

    constructor(IInvoiceRegistry registry) {
        require(
            address(registry) == address(0) || address(registry).code.length != 0,
            IProgrammeRules.GateRulesInvalid("registry has no code")
        );
        _registry = registry;
    }

    function _requireInvoices(ReceivableId id, Terms calldata terms) internal view {
        if (address(_registry) == address(0)) return;
        bytes32 subject = bytes32(uint256(ReceivableId.unwrap(id)));
        bytes3 currency = _ledger.currencyOf(terms.currency).code;
        uint256 used = _registry.usedFor(address(_ledger), subject, currency);
        require(used >= terms.face, IProgrammeRules.InvoicesMissing(id, used, terms.face));
    }
}
