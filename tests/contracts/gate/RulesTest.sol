// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";

import {Programme, Terms} from "contracts/types/DataTypes.sol";
import {GateRules, Lacking, Requirement, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {DocumentTest} from "../documents/DocumentTest.sol";

/// @notice A programme in one currency whose gate each test gives its rules.
abstract contract RulesTest is DocumentTest {
    IProgrammeRules internal gate;
    uint16 internal gated;

    /* RULES */

    /// @dev From now on `gate` has these rules, and `gated` is a programme that names it.
    function _guard(GateRules memory rules) internal {
        gate = _newGate(rules);
        gated = _newGated();
    }

    function _newGated() internal returns (uint16) {
        Programme memory rules = _programme();
        rules.currency = eur;
        rules.gate = address(gate);
        return ledger.createProgramme(rules);
    }

    /// @dev So many of the three verifiers attest a kind of document.
    function _requirement(bytes32 kind, Stage before, uint8 needed)
        internal
        view
        returns (Requirement memory)
    {
        address[] memory all = new address[](verifiers.length);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = verifiers[i];
        }
        return Requirement({kind: kind, before: before, needed: needed, verifiers: all});
    }

    function _rulesWith(Requirement memory requirement)
        internal
        view
        returns (GateRules memory rules)
    {
        rules.documents = book;
        rules.requirements = new Requirement[](1);
        rules.requirements[0] = requirement;
    }

    /* RECEIVABLES */

    function _gatedTerms() internal returns (Terms memory terms) {
        terms = _terms();
        terms.programme = gated;
    }

    function _gatedTerms(uint80 face) internal returns (Terms memory terms) {
        terms = _gatedTerms();
        terms.face = face;
    }

    /// @dev Issued by the creditor, and since then something else: the gate remembers it no more.
    function _issuedBefore(Terms memory terms) internal returns (ReceivableId id) {
        id = _issued(terms);
        Terms memory other = _gatedTerms();
        other.face = 1;
        _issued(other);
    }

    function _accept(ReceivableId id) internal {
        vm.prank(obligor);
        ledger.accept(id);
    }

    /* WHAT MUST HOLD */

    function _assertMissing(ReceivableId id, Stage stage, bytes32 kind, uint8 needed, uint8 held)
        internal
        view
    {
        Lacking[] memory lacking = gate.missing(id, stage);
        assertEq(lacking.length, 1, "one is missing");
        assertEq(lacking[0].kind, kind, "kind");
        assertEq(lacking[0].needed, needed, "needed");
        assertEq(lacking[0].held, held, "held");
    }

    function _assertNothingMissing(ReceivableId id, Stage stage) internal view {
        assertEq(gate.missing(id, stage).length, 0, "nothing is missing");
    }

    function _expectAttestationsMissing(ReceivableId id, bytes32 kind, uint256 held, uint256 needed)
        internal
    {
        vm.expectRevert(_attestationsMissing(id, kind, held, needed));
    }

    function _attestationsMissing(ReceivableId id, bytes32 kind, uint256 held, uint256 needed)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IProgrammeRules.AttestationsMissing.selector, id, kind, held, needed
        );
    }

    function _expectOverdue(ReceivableId id, uint256 lastDay) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.ObligorOverdue.selector, obligor, id, lastDay)
        );
    }

    function _expectTotalExceeded(uint256 total, uint256 limit) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.TotalLimitExceeded.selector, gated, total, limit)
        );
    }
}
