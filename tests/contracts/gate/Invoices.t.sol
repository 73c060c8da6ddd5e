// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";

import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {RegistryTest} from "../registry/RegistryTest.sol";

/// @notice A programme that requires registered invoices.
contract InvoicesTest is RegistryTest {
    uint80 private constant _FACE = 400_000e6;

    function setUp() public override {
        super.setUp();
        _register();
    }

    function test_knows_its_ledger_and_registry() external view {
        assertEq(address(gate.ledger()), address(ledger));
        assertEq(address(gate.rules().registry), address(registry));
    }

    function test_creditor_issues_what_invoices_cover() external {
        (Terms memory terms, ReceivableId id) = _guardedTerms(_FACE);
        _useFor(harbour, KEY, id, _FACE);
        _issued(terms);
        vm.prank(obligor);
        ledger.accept(id);
        _assertStatus(id, Status.Accepted);
    }

    function test_obligor_issues_what_invoices_cover_and_vouchers_move() external {
        (Terms memory terms, ReceivableId id) = _guardedTerms(_FACE);
        _useFor(harbour, KEY, id, _FACE);
        (, VoucherId voucher) = _accepted(terms);
        assertTrue(ledger.canTransfer(creditor, alice, _raw(voucher)));
        _splitOff(voucher, creditor, alice, 1e6);
        _give(voucher, creditor, bob);
        _assertVoucher(voucher, bob, _FACE - 1e6);
    }

    function test_several_invoices_of_several_platforms_cover_together() external {
        (Terms memory terms, ReceivableId id) = _guardedTerms(_FACE);
        bytes32 other = keccak256("another invoice");
        _registerAs(meadow, other, TOTAL);
        _useFor(harbour, KEY, id, _FACE - 1);
        _expectMissing(id, _FACE - 1);
        _issued(terms);
        _useFor(meadow, other, id, 1);
        _issued(terms);
    }

    function test_threat_14_reverts_when_an_invoice_was_used_before() external {
        (Terms memory first, ReceivableId firstId) = _guardedTerms(_FACE);
        _useFor(harbour, KEY, firstId, _FACE);
        _issued(first);
        (Terms memory second, ReceivableId secondId) = _guardedTerms(_FACE);
        _expectExceeded(KEY, TOTAL - _FACE, 2 * _FACE - TOTAL);
        _useFor(meadow, KEY, secondId, _FACE);
        _expectMissing(secondId, 0);
        _issued(second);
    }

    function test_threat_14_reverts_when_what_was_used_was_given_back() external {
        (Terms memory terms, ReceivableId id) = _guardedTerms(_FACE);
        _useFor(harbour, KEY, id, _FACE);
        _releaseFor(harbour, KEY, id);
        _expectMissing(id, 0);
        _issued(terms);
    }

    function test_reverts_when_invoices_are_in_another_currency() external {
        (Terms memory terms,) = _guardedTerms(_FACE);
        terms.currency = offChain;
        ReceivableId id = ledger.idOf(terms);
        _useFor(harbour, KEY, id, _FACE);
        _expectMissing(id, 0);
        _issued(terms);
    }

    function test_threat_18_reverts_when_it_is_used_for_the_same_terms_on_another_ledger()
        external
    {
        IReceivableLedger other = _newLedger(address(roles));
        (Terms memory terms, ReceivableId id) = _guardedTerms(_FACE);
        vm.prank(harbour);
        registry.use(KEY, address(other), _subject(id), _FACE);
        _expectMissing(id, 0);
        _issued(terms);
    }

    function test_threat_18_reverts_when_another_ledger_asks() external {
        (IReceivableLedger other, Terms memory terms) = _twin();
        _useFor(harbour, KEY, other.idOf(terms), _FACE);
        vm.expectRevert(abi.encodeWithSelector(IProgrammeRules.NotItsLedger.selector, other));
        vm.prank(creditor);
        other.issue(terms);
    }

    function test_a_receivable_that_was_withdrawn_frees_its_invoices_and_never_returns() external {
        (Terms memory terms, ReceivableId id) = _guardedTerms(_FACE);
        _useFor(harbour, KEY, id, _FACE);
        _issued(terms);
        vm.prank(creditor);
        ledger.cancel(id);
        _releaseFor(harbour, KEY, id);
        (Terms memory again, ReceivableId fresh) = _guardedTerms(_FACE);
        _useFor(meadow, KEY, fresh, _FACE);
        _issued(again);
        vm.expectPartialRevert(bytes4(keccak256("AlreadyIssued(uint192)")));
        _issued(terms);
    }

    function _expectMissing(ReceivableId id, uint80 used) private {
        vm.expectRevert(
            abi.encodeWithSelector(IProgrammeRules.InvoicesMissing.selector, id, used, _FACE)
        );
    }

    /// @dev Another ledger with the same parties and currency, whose programme 1 has this gate.
    function _twin() private returns (IReceivableLedger other, Terms memory terms) {
        other = _newLedger(address(roles));
        other.addCurrency("EUR", address(cash), address(0), 6);
        other.verifyParty(obligor, FOREVER, REASON);
        other.verifyParty(creditor, FOREVER, REASON);
        Programme memory rules = _programme();
        rules.gate = address(gate);
        terms = _termsOf(_FACE);
        terms.programme = other.createProgramme(rules);
    }
}
