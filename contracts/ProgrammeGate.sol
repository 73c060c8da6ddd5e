// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeGate} from "./interfaces/IProgrammeGate.sol";
import {IProgrammeRules} from "./interfaces/IProgrammeRules.sol";
import {IReceivableLedger} from "./interfaces/IReceivableLedger.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {AttestationRule} from "./gates/AttestationRule.sol";
import {Guarding} from "./gates/Guarding.sol";
import {InvoiceRule} from "./gates/InvoiceRule.sol";
import {LimitRule} from "./gates/LimitRule.sol";
import {OverdueRule} from "./gates/OverdueRule.sol";
import {Terms} from "./types/DataTypes.sol";
import {GateRules, Lacking, Stage} from "./types/GateTypes.sol";
import {ReceivableId, VoucherId} from "./types/Ids.sol";

/// @title ProgrammeGate
/// @notice A programme's rules beyond the ledger's, each in a contract of its own; its interface is
/// `IProgrammeRules`. Upkeep in batches goes through `multicall`.
/// @dev The only calls out are views, of the ledger, the registry and the document book.
contract ProgrammeGate is
    InvoiceRule,
    AttestationRule,
    LimitRule,
    OverdueRule,
    Multicall,
    IProgrammeRules
{
    constructor(IReceivableLedger newLedger, GateRules memory newRules)
        Guarding(newLedger)
        InvoiceRule(newRules.registry)
        AttestationRule(newRules.documents, newRules.requirements)
        LimitRule(newRules.totalLimit, newRules.faceLimit, newRules.lastIssueDay)
        OverdueRule(newRules.stopOnOverdue)
    {}

    /* GATE */

    /// @inheritdoc IProgrammeGate
    function beforeIssue(ReceivableId id, Terms calldata terms) external onlyLedger {
        _requireWithinLimits(terms);
        _requireInvoices(id, terms);
        _rememberIssue(id, terms);
    }

    /// @inheritdoc IProgrammeGate
    function beforeAccept(ReceivableId id) external onlyLedger {
        _requireAttestedToAccept(id);
        if (_totalLimit == 0 && !_stopOnOverdue) return;
        Outline memory outline = _outlineOf(id);
        if (_stopOnOverdue) _admitObligor(id, outline);
        _countFace(id, outline.programme, outline.face);
    }

    /// @inheritdoc IProgrammeGate
    function beforeTransfer(VoucherId id, address operator, address from, address to, uint256)
        external
        view
        onlyLedger
    {
        _requireAttestedToMove(id.receivableOf(), operator, from, to);
    }

    /// @inheritdoc IProgrammeGate
    function canTransfer(VoucherId id, address from, address to) external view returns (bool) {
        return _isAttestedToMove(id.receivableOf(), from, to);
    }

    /* UPKEEP */

    /// @inheritdoc IProgrammeRules
    function release(ReceivableId receivable) external returns (uint80 face) {
        return _releaseFace(receivable);
    }

    /// @inheritdoc IProgrammeRules
    function prune(address obligor, uint256 most) external returns (uint256 dropped) {
        return _prune(obligor, most);
    }

    /* VIEWS */

    /// @inheritdoc IProgrammeRules
    function ledger() external view returns (IReceivableLedger) {
        return _ledger;
    }

    /// @inheritdoc IProgrammeRules
    function rules() external view returns (GateRules memory) {
        return GateRules({
            registry: _registry,
            documents: _documents,
            totalLimit: _totalLimit,
            faceLimit: _faceLimit,
            lastIssueDay: _lastIssueDay,
            stopOnOverdue: _stopOnOverdue,
            requirements: _requirements
        });
    }

    /// @inheritdoc IProgrammeRules
    function missing(ReceivableId receivable, Stage stage)
        external
        view
        returns (Lacking[] memory)
    {
        return _missing(receivable, stage);
    }

    /// @inheritdoc IProgrammeRules
    function totalOf(uint16 programme) external view returns (uint256) {
        return _totals[programme];
    }

    /// @inheritdoc IProgrammeRules
    function countedFor(ReceivableId receivable) external view returns (uint80) {
        return _counts[receivable].face;
    }

    /// @inheritdoc IProgrammeRules
    function watchOf(address obligor)
        external
        view
        returns (uint256 count, ReceivableId earliest, uint256 lastDay)
    {
        return _watchOf(obligor);
    }
}
