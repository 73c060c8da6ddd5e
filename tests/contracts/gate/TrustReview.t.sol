// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IReceivables} from "contracts/interfaces/IReceivables.sol";

import {ContractWallet} from "contracts/mocks/ContractWallet.sol";
import {Status, Terms} from "contracts/types/DataTypes.sol";
import {Offer} from "contracts/types/FinanceTypes.sol";
import {GateRules, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {ExchangeTest} from "../exchange/ExchangeTest.sol";
import {LedgerTest} from "../LedgerTest.sol";
import {DeliveryRequired} from "./Financing.t.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice Ways round a requirement before financing: docs/security/trust-review-1.md.
contract FinancingReviewTest is RulesTest {
    address private _escrow = makeAddr("escrow");
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        _guard(_rulesWith(_requirement(DELIVERY, Stage.Financing, 1)));
        _verify(_escrow);
        ledger.setCustodian(_escrow, true);
        (_id, _voucher) = _accepted(_gatedTerms());
    }

    function test_value_that_goes_into_a_custodians_voucher_needs_it() external {
        _attest(_id, DELIVERY, verifiers[0], block.timestamp);
        VoucherId kept = _splitOff(_voucher, creditor, _escrow, 1e6);
        vm.warp(block.timestamp + 1);
        _expectAttestationsMissing(_id, DELIVERY, 0, 1);
        vm.prank(creditor);
        ledger.transferFrom(_raw(_voucher), _raw(kept), uint256(1e6));
    }

    function test_a_part_that_a_custodian_takes_for_another_needs_it() external {
        vm.prank(creditor);
        ledger.approve(_raw(_voucher), _escrow, 1e6);
        _expectAttestationsMissing(_id, DELIVERY, 0, 1);
        vm.prank(_escrow);
        ledger.transferFrom(_raw(_voucher), alice, uint256(1e6));
    }

    function test_the_forecast_knows_that_what_is_overdue_goes_to_custodians() external {
        assertFalse(ledger.canTransfer(creditor, _escrow, _raw(_voucher)));
        _warpToOverdue(_id);
        assertTrue(ledger.canTransfer(creditor, _escrow, _raw(_voucher)));
        _give(_voucher, creditor, _escrow);
    }

    function test_what_is_paid_or_within_grace_needs_it_all_the_same() external {
        vm.warp(
            (uint256(ledger.receivableOf(_id).dueDay) + 1 + _programme().graceDays) * 1 days - 1
        );
        assertFalse(ledger.canTransfer(creditor, _escrow, _raw(_voucher)));
        _pay(_id, FACE);
        vm.warp(block.timestamp + 1);
        assertFalse(ledger.canTransfer(creditor, _escrow, _raw(_voucher)));
    }

    function test_a_requirement_is_met_by_its_own_kind_alone() external {
        _attest(_id, INVOICE, verifiers[0], block.timestamp + 1 days);
        _assertMissing(_id, Stage.Financing, DELIVERY, 1, 0);
    }
}

/// @notice An accepted offer is moved by the exchange, and counts as financing.
contract OfferReviewTest is ExchangeTest, DeliveryRequired {
    function setUp() public override(ExchangeTest, LedgerTest) {
        ExchangeTest.setUp();
        (id, voucher) = _accepted(_deliveryGated());
        _give(voucher, creditor, alice);
    }

    function test_an_accepted_offer_needs_the_attestation_and_a_plain_transfer_does_not() external {
        Offer memory offer = Offer({
            from: alice,
            to: bob,
            voucher: voucher,
            value: FACE,
            expiry: uint40(block.timestamp + 1 days),
            referenceHash: 0,
            documentsRoot: 0,
            salt: 0
        });
        vm.prank(alice);
        exchange.makeOffer(offer);
        vm.expectRevert(_missingDelivery(id));
        vm.prank(bob);
        exchange.acceptOffer(offer);
        _give(voucher, alice, bob);
    }
}

/// @notice Several acts in one transaction, and what others can do to an obligor or a sandbox.
contract LimitReviewTest is RulesTest {
    function setUp() public override {
        super.setUp();
        GateRules memory rules;
        (rules.totalLimit, rules.stopOnOverdue) = (3 * FACE, true);
        _guard(rules);
    }

    function test_one_transaction_that_issues_twice_mixes_nothing_up() external {
        ContractWallet wallet = new ContractWallet(obligor);
        _verify(address(wallet));
        ReceivableId asCreditor = _issueAs(wallet, false, 1e6);
        ReceivableId asObligor = _issueAs(wallet, true, 2e6);
        assertEq(gate.countedFor(asObligor), 2e6);
        assertEq(gate.countedFor(asCreditor), 0);
        vm.prank(obligor);
        ledger.accept(asCreditor);
        assertEq(gate.countedFor(asCreditor), 1e6);
        assertEq(gate.totalOf(gated), 3e6);
        (uint256 his,,) = gate.watchOf(obligor);
        (uint256 its, ReceivableId earliest,) = gate.watchOf(address(wallet));
        assertEq(his, 1);
        assertEq(its, 1);
        assertTrue(earliest == asObligor);
    }

    function test_threat_72_nobody_but_the_obligor_fills_its_watch() external {
        for (uint256 i = 0; i < 20; ++i) {
            _issued(_gatedTerms(1e6));
        }
        (uint256 count,,) = gate.watchOf(obligor);
        assertEq(count, 0);
    }

    /// @dev A programme's limit for each obligor is what helps.
    function test_one_obligor_can_fill_a_total_at_no_cost_until_it_extinguishes() external {
        Terms memory terms = _gatedTerms(3 * FACE);
        (ReceivableId id, VoucherId whole) = _accepted(terms);
        terms = _gatedTerms(1);
        (terms.obligor, terms.creditor) = (bob, alice);
        _expectTotalExceeded(3 * uint256(FACE) + 1, 3 * FACE);
        _accepted(terms);
        _give(whole, creditor, obligor);
        vm.prank(obligor);
        ledger.extinguish(whole);
        gate.release(id);
        _accepted(terms);
    }

    function test_what_was_never_paid_counts_for_ever() external {
        (ReceivableId id,) = _accepted(_gatedTerms());
        vm.warp(block.timestamp + 3650 days);
        _assertStatus(id, Status.Overdue);
        vm.expectRevert();
        gate.release(id);
        assertEq(gate.totalOf(gated), FACE);
    }

    function _issueAs(ContractWallet wallet, bool owes, uint80 face)
        private
        returns (ReceivableId id)
    {
        Terms memory terms = _gatedTerms(face);
        if (owes) terms.obligor = address(wallet);
        else terms.creditor = address(wallet);
        wallet.act(address(ledger), abi.encodeCall(IReceivables.issue, (terms)));
        id = ledger.idOf(terms);
    }
}
