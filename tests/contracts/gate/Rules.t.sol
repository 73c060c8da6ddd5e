// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";
import {IInvoiceRegistry} from "contracts/interfaces/IInvoiceRegistry.sol";
import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";

import {Status, Terms} from "contracts/types/DataTypes.sol";
import {GateRules, Requirement, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice What a gate is made with, who may ask it, and what it asks without rules.
contract GateRulesTest is RulesTest {
    /* WHAT IT IS MADE WITH */

    function test_it_tells_its_ledger_and_all_its_rules() external {
        GateRules memory rules = _rulesWith(_requirement(INVOICE, Stage.Financing, 2));
        bytes memory arguments = abi.encode(address(roles));
        rules.registry =
            IInvoiceRegistry(deployCode("InvoiceRegistry.sol:InvoiceRegistry", arguments));
        (rules.totalLimit, rules.faceLimit) = (3 * FACE, FACE);
        (rules.lastIssueDay, rules.stopOnOverdue) = (30_000, true);
        gate = _newGate(rules);
        assertEq(address(gate.ledger()), address(ledger));
        assertEq(abi.encode(gate.rules()), abi.encode(rules));
    }

    function test_a_gate_without_rules_lets_everything_pass() external {
        GateRules memory none;
        _guard(none);
        Terms memory terms = _gatedTerms();
        ReceivableId id = _issued(terms);
        _accept(id);
        _assertStatus(id, Status.Accepted);
        VoucherId voucher = id.firstVoucher();
        assertTrue(ledger.canTransfer(creditor, alice, _raw(voucher)));
        _give(voucher, creditor, alice);
        _assertNothingMissing(id, Stage.Acceptance);
        _assertNothingMissing(id, Stage.Financing);
        assertEq(gate.totalOf(gated), 0);
        (uint256 count,,) = gate.watchOf(obligor);
        assertEq(count, 0);
    }

    /* WHAT CONTRADICTS ITSELF */

    function test_reverts_when_the_ledger_has_no_code() external {
        GateRules memory rules;
        ledger = IReceivableLedger(stranger);
        _refuse(rules, "ledger has no code");
    }

    function test_reverts_when_the_registry_has_no_code() external {
        GateRules memory rules;
        rules.registry = IInvoiceRegistry(stranger);
        _refuse(rules, "registry has no code");
    }

    function test_reverts_when_requirements_have_no_document_book() external {
        GateRules memory rules = _rulesWith(_requirement(INVOICE, Stage.Acceptance, 1));
        rules.documents = IDocumentBook(address(0));
        _refuse(rules, "no document book");
    }

    function test_reverts_when_the_document_book_has_no_code() external {
        GateRules memory rules;
        rules.documents = IDocumentBook(stranger);
        _refuse(rules, "document book has no code");
    }

    function test_threat_18_reverts_when_the_document_book_is_of_another_ledger() external {
        GateRules memory rules;
        rules.documents = _newBook(_newLedger(address(roles)));
        _refuse(rules, "document book of another ledger");
    }

    function test_reverts_when_there_are_more_than_eight_requirements() external {
        GateRules memory rules = _rulesWith(_requirement(INVOICE, Stage.Acceptance, 1));
        Requirement memory one = rules.requirements[0];
        rules.requirements = new Requirement[](9);
        for (uint256 i = 0; i < 9; ++i) {
            rules.requirements[i] = one;
        }
        _refuse(rules, "too many requirements");
    }

    function test_reverts_when_a_requirement_names_no_kind() external {
        _refuse(_rulesWith(_requirement(0, Stage.Acceptance, 1)), "no kind");
    }

    function test_reverts_when_a_requirement_needs_nobody() external {
        _refuse(_rulesWith(_requirement(INVOICE, Stage.Acceptance, 0)), "nobody needed");
    }

    function test_reverts_when_a_requirement_needs_more_than_it_names() external {
        _refuse(_rulesWith(_requirement(INVOICE, Stage.Acceptance, 4)), "too few verifiers");
    }

    function test_reverts_when_a_requirement_names_more_than_sixteen() external {
        Requirement memory requirement = _requirement(INVOICE, Stage.Acceptance, 1);
        requirement.verifiers = new address[](17);
        _refuse(_rulesWith(requirement), "too many verifiers");
    }

    function test_reverts_when_a_verifier_is_zero() external {
        Requirement memory requirement = _requirement(INVOICE, Stage.Acceptance, 1);
        requirement.verifiers[1] = address(0);
        _refuse(_rulesWith(requirement), "verifier is zero");
    }

    function test_reverts_when_a_verifier_is_named_twice() external {
        Requirement memory requirement = _requirement(INVOICE, Stage.Acceptance, 2);
        requirement.verifiers[2] = requirement.verifiers[0];
        _refuse(_rulesWith(requirement), "verifier twice");
        requirement.verifiers[2] = requirement.verifiers[1];
        _refuse(_rulesWith(requirement), "verifier twice");
    }

    /* WHO MAY ASK */

    function test_threat_18_reverts_when_another_than_its_ledger_asks() external {
        GateRules memory none;
        _guard(none);
        Terms memory terms = _gatedTerms();
        ReceivableId id = ledger.idOf(terms);
        _expectNotItsLedger();
        vm.prank(stranger);
        gate.beforeIssue(id, terms);
        _expectNotItsLedger();
        vm.prank(stranger);
        gate.beforeAccept(id);
        _expectNotItsLedger();
        vm.prank(stranger);
        gate.beforeTransfer(id.firstVoucher(), stranger, creditor, alice, 1);
    }

    function _refuse(GateRules memory rules, bytes32 rule) private {
        vm.expectRevert(abi.encodeWithSelector(IProgrammeRules.GateRulesInvalid.selector, rule));
        _newGate(rules);
    }

    function _expectNotItsLedger() private {
        vm.expectRevert(abi.encodeWithSelector(IProgrammeRules.NotItsLedger.selector, stranger));
    }
}
