// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "../interfaces/IProgrammeRules.sol";
import {IReceivableLedger} from "../interfaces/IReceivableLedger.sol";

import {Terms} from "../types/DataTypes.sol";
import {ReceivableId} from "../types/Ids.sol";

/// @title Guarding
/// @notice Which ledger a gate is for, and what it knows of a receivable that is being accepted.
abstract contract Guarding {
    /// @dev What the rules ask of a receivable.
    struct Outline {
        address obligor;
        uint80 face;
        uint16 programme;
        uint16 dueDay;
    }

    IReceivableLedger internal immutable _ledger;

    // An obligor's own issue is accepted before the ledger knows it: it is remembered from the one question to
    // the other. Two words.
    ReceivableId private transient _issuing;
    uint16 private transient _programme;
    uint16 private transient _dueDay;
    address private transient _obligor;
    uint80 private transient _face;

    modifier onlyLedger() {
        require(msg.sender == address(_ledger), IProgrammeRules.NotItsLedger(msg.sender));
        _;
    }

    constructor(IReceivableLedger newLedger) {
        require(
            address(newLedger).code.length != 0,
            IProgrammeRules.GateRulesInvalid("ledger has no code")
        );
        _ledger = newLedger;
    }

    function _rememberIssue(ReceivableId id, Terms calldata terms) internal {
        _issuing = id;
        (_programme, _dueDay) = (terms.programme, terms.dueDay);
        (_obligor, _face) = (terms.obligor, terms.face);
    }

    /// @dev Terms never change under an id, so what is remembered is what the ledger would say.
    function _outlineOf(ReceivableId id) internal view returns (Outline memory outline) {
        if (_issuing == id) return Outline(_obligor, _face, _programme, _dueDay);
        // The currency is no matter here.
        // slither-disable-next-line unused-return
        (outline.obligor, outline.programme,, outline.dueDay) = _ledger.outlineOf(id);
        // Nothing moves before acceptance: the first voucher is worth the face.
        // slither-disable-next-line unused-return
        (, outline.face,) = _ledger.positionOf(id.firstVoucher());
    }
}
