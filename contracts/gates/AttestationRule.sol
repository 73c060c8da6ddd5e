// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "../interfaces/IDocumentBook.sol";
import {IProgrammeRules} from "../interfaces/IProgrammeRules.sol";

import {Status} from "../types/DataTypes.sol";
import {Lacking, Requirement, Stage} from "../types/GateTypes.sol";
import {ReceivableId} from "../types/Ids.sol";
import {Guarding} from "./Guarding.sol";

/// @title AttestationRule
/// @notice So many of certain verifiers attest a kind of document, before acceptance or before financing.
abstract contract AttestationRule is Guarding {
    uint256 private constant _MOST_REQUIREMENTS = 8;
    uint256 private constant _MOST_VERIFIERS = 16;

    IDocumentBook internal immutable _documents;
    bool private immutable _beforeAcceptance;
    bool private immutable _beforeFinancing;

    Requirement[] internal _requirements;

    constructor(IDocumentBook documents, Requirement[] memory requirements) {
        _documents = documents;
        uint256 count = requirements.length;
        _require(count <= _MOST_REQUIREMENTS, "too many requirements");
        if (count != 0) _require(address(documents) != address(0), "no document book");
        if (address(documents) != address(0)) {
            _require(address(documents).code.length != 0, "document book has no code");
            _require(
                address(documents.ledger()) == address(_ledger), "document book of another ledger"
            );
        }
        bool beforeAcceptance;
        bool beforeFinancing;
        for (uint256 i = 0; i < count; ++i) {
            _checkRequirement(requirements[i]);
            _requirements.push(requirements[i]);
            if (requirements[i].before == Stage.Acceptance) beforeAcceptance = true;
            else beforeFinancing = true;
        }
        (_beforeAcceptance, _beforeFinancing) = (beforeAcceptance, beforeFinancing);
    }

    /* INTERNAL */

    function _requireAttestedToAccept(ReceivableId id) internal view {
        if (_beforeAcceptance) _requireNothing(id, _missing(id, Stage.Acceptance));
    }

    function _requireAttestedToMove(ReceivableId id, address operator, address from, address to)
        internal
        view
    {
        _requireNothing(id, _missingToMove(id, operator, from, to));
    }

    /// @dev The same question of a move by the holder itself, answered.
    function _isAttestedToMove(ReceivableId id, address from, address to)
        internal
        view
        returns (bool)
    {
        return _missingToMove(id, from, from, to).length == 0;
    }

    function _missing(ReceivableId id, Stage stage) internal view returns (Lacking[] memory list) {
        uint256 count = _requirements.length;
        Lacking[] memory found = new Lacking[](count);
        uint256 length;
        for (uint256 i = 0; i < count; ++i) {
            Requirement storage requirement = _requirements[i];
            if (requirement.before != stage) continue;
            uint8 held = _heldOf(id, requirement);
            if (held == requirement.needed) continue;
            found[length] = Lacking(requirement.kind, requirement.needed, held);
            ++length;
        }
        list = new Lacking[](length);
        for (uint256 i = 0; i < length; ++i) {
            list[i] = found[i];
        }
    }

    /* PRIVATE */

    /// @dev What a move lacks. Whether it brings back what is overdue is asked last: most lack nothing.
    function _missingToMove(ReceivableId id, address operator, address from, address to)
        private
        view
        returns (Lacking[] memory list)
    {
        if (!_beforeFinancing || !_isFinancing(operator, from, to)) return list;
        list = _missing(id, Stage.Financing);
        if (list.length != 0 && _isOverdueForCustodian(id, to)) return new Lacking[](0);
    }

    /// @dev Tells the first of what is missing.
    function _requireNothing(ReceivableId id, Lacking[] memory list) private pure {
        if (list.length == 0) return;
        revert IProgrammeRules.AttestationsMissing(id, list[0].kind, list[0].held, list[0].needed);
    }

    /// @dev How many of a requirement's verifiers attest it now; no more than are needed are looked for.
    // The book and the verifiers were chosen with the programme, and these are 16 at most.
    // slither-disable-next-line calls-loop
    function _heldOf(ReceivableId id, Requirement storage requirement)
        private
        view
        returns (uint8 held)
    {
        (bytes32 kind, uint8 needed) = (requirement.kind, requirement.needed);
        uint256 count = requirement.verifiers.length;
        for (uint256 i = 0; i < count && held < needed; ++i) {
            uint40 until = _documents.attestedUntil(id, kind, requirement.verifiers[i]);
            if (until >= block.timestamp) ++held;
        }
    }

    /// @dev Whether a voucher goes to a custodian, or is moved by one, as in a sale. What a custodian gives
    /// out is none: an attestation that ran out must not lock in what was pledged while it held.
    function _isFinancing(address operator, address from, address to) private view returns (bool) {
        if (!_isCustodian(to) && (operator == from || !_isCustodian(operator))) return false;
        return !_isCustodian(from);
    }

    /// @dev A seller takes back what is overdue by way of a custodian, and an attestation that ran out meanwhile
    /// must not bar the holder's recourse. No loan is given on what is overdue.
    function _isOverdueForCustodian(ReceivableId id, address to) private view returns (bool) {
        return _isCustodian(to) && _ledger.statusOf(id) == Status.Overdue;
    }

    function _isCustodian(address party) private view returns (bool) {
        return _ledger.partyOf(party).custodian;
    }

    function _checkRequirement(Requirement memory requirement) private pure {
        uint256 count = requirement.verifiers.length;
        _require(requirement.kind != 0, "no kind");
        _require(requirement.needed != 0, "nobody needed");
        _require(count <= _MOST_VERIFIERS, "too many verifiers");
        _require(requirement.needed <= count, "too few verifiers");
        for (uint256 i = 0; i < count; ++i) {
            _require(requirement.verifiers[i] != address(0), "verifier is zero");
            for (uint256 j = 0; j < i; ++j) {
                _require(requirement.verifiers[i] != requirement.verifiers[j], "verifier twice");
            }
        }
    }

    function _require(bool condition, bytes32 rule) private pure {
        require(condition, IProgrammeRules.GateRulesInvalid(rule));
    }
}
