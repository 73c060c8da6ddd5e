// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Status, Terms} from "contracts/types/DataTypes.sol";
import {GateRules, Lacking, Requirement, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId} from "contracts/types/Ids.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice Two of three verifiers attest the invoice before the obligor is bound.
contract AcceptanceTest is RulesTest {
    uint256 private _until;

    function setUp() public override {
        super.setUp();
        _guard(_rulesWith(_requirement(INVOICE, Stage.Acceptance, 2)));
        _until = block.timestamp + 1 days;
    }

    /* WHAT PASSES */

    function test_the_obligor_accepts_once_two_attest_it() external {
        ReceivableId id = _issued(_gatedTerms());
        _expectAttestationsMissing(id, INVOICE, 0, 2);
        _accept(id);
        _attest(id, INVOICE, verifiers[2], _until);
        _expectAttestationsMissing(id, INVOICE, 1, 2);
        _accept(id);
        _attest(id, INVOICE, verifiers[0], _until);
        _accept(id);
        _assertStatus(id, Status.Accepted);
    }

    function test_an_obligor_issues_what_was_attested_beforehand() external {
        Terms memory terms = _gatedTerms();
        ReceivableId id = ledger.idOf(terms);
        _expectAttestationsMissing(id, INVOICE, 0, 2);
        _accepted(terms);
        _attest(id, INVOICE, verifiers[0], _until);
        _attest(id, INVOICE, verifiers[1], _until);
        _accepted(terms);
        _assertStatus(id, Status.Accepted);
    }

    function test_the_creditor_issues_before_anybody_attests() external {
        ReceivableId id = _issued(_gatedTerms());
        _assertStatus(id, Status.Issued);
    }

    function test_what_is_accepted_stays_so_and_moves_whatever_becomes_of_attestations() external {
        ReceivableId id = _attested();
        _accept(id);
        _revoke(id, INVOICE, verifiers[0]);
        _give(id.firstVoucher(), creditor, alice);
        _assertVoucher(id.firstVoucher(), alice, FACE);
    }

    function test_threat_22_they_hold_in_their_last_second_and_not_after() external {
        (ReceivableId id, ReceivableId other) = (_attested(), _attested());
        vm.warp(_until);
        _accept(id);
        vm.warp(_until + 1);
        _expectAttestationsMissing(other, INVOICE, 0, 2);
        _accept(other);
    }

    function test_more_than_enough_is_enough() external {
        ReceivableId id = _attested();
        _attest(id, INVOICE, verifiers[2], _until);
        _accept(id);
        _assertStatus(id, Status.Accepted);
    }

    /* WHAT DOES NOT COUNT */

    function test_threat_19_a_revoked_attestation_does_not_count() external {
        ReceivableId id = _attested();
        _revoke(id, INVOICE, verifiers[1]);
        _expectAttestationsMissing(id, INVOICE, 1, 2);
        _accept(id);
    }

    function test_a_strangers_attestation_does_not_count() external {
        ReceivableId id = _issued(_gatedTerms());
        _attest(id, INVOICE, verifiers[0], _until);
        _attest(id, INVOICE, stranger, _until);
        _expectAttestationsMissing(id, INVOICE, 1, 2);
        _accept(id);
    }

    function test_one_verifier_counts_once_however_often_it_attests() external {
        ReceivableId id = _issued(_gatedTerms());
        _attest(id, INVOICE, verifiers[0], _until);
        _attest(id, INVOICE, verifiers[0], _until + 1 days);
        _expectAttestationsMissing(id, INVOICE, 1, 2);
        _accept(id);
    }

    function test_attestations_of_another_kind_or_receivable_do_not_count() external {
        ReceivableId id = _issued(_gatedTerms());
        ReceivableId other = _issued(_gatedTerms());
        _attest(id, DELIVERY, verifiers[0], _until);
        _attest(other, INVOICE, verifiers[1], _until);
        _expectAttestationsMissing(id, INVOICE, 0, 2);
        _accept(id);
    }

    function test_threat_16_a_signature_of_the_obligor_passes_the_same_gate() external {
        Terms memory terms = _gatedTerms();
        ReceivableId id = _issued(terms);
        bytes32 digest = ledger.acceptanceDigest(terms, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(obligorKey, digest);
        _expectAttestationsMissing(id, INVOICE, 0, 2);
        ledger.acceptWithSignature(terms, block.timestamp, abi.encodePacked(r, s, v));
    }

    /* SEVERAL REQUIREMENTS */

    function test_every_requirement_is_asked_and_all_that_is_missing_is_told() external {
        GateRules memory rules = _rulesWith(_requirement(INVOICE, Stage.Acceptance, 1));
        rules.requirements = new Requirement[](3);
        rules.requirements[0] = _requirement(INVOICE, Stage.Acceptance, 1);
        rules.requirements[1] = _requirement("contract", Stage.Financing, 1);
        rules.requirements[2] = _requirement(DELIVERY, Stage.Acceptance, 3);
        _guard(rules);
        ReceivableId id = _issued(_gatedTerms());
        Lacking[] memory lacking = gate.missing(id, Stage.Acceptance);
        assertEq(lacking.length, 2);
        assertEq(lacking[1].kind, DELIVERY);

        _attest(id, INVOICE, verifiers[0], _until);
        _attest(id, DELIVERY, verifiers[1], _until);
        _assertMissing(id, Stage.Acceptance, DELIVERY, 3, 1);
        _assertMissing(id, Stage.Financing, "contract", 1, 0);
        _expectAttestationsMissing(id, DELIVERY, 1, 3);
        _accept(id);

        _attest(id, DELIVERY, verifiers[0], _until);
        _attest(id, DELIVERY, verifiers[2], _until);
        _assertNothingMissing(id, Stage.Acceptance);
        _accept(id);
        ledger.setCustodian(alice, true);
        _expectAttestationsMissing(id, "contract", 0, 1);
        _give(id.firstVoucher(), creditor, alice);
    }

    /// @dev Issued, and attested by two.
    function _attested() private returns (ReceivableId id) {
        id = _issued(_gatedTerms());
        _attest(id, INVOICE, verifiers[0], _until);
        _attest(id, INVOICE, verifiers[1], _until);
    }
}
