// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IProgrammeRules} from "contracts/interfaces/IProgrammeRules.sol";

import {Programme, Terms} from "contracts/types/DataTypes.sol";
import {Attestation} from "contracts/types/DocumentTypes.sol";
import {LoanStatus, Order} from "contracts/types/FinanceTypes.sol";
import {GateRules, Requirement, Stage} from "contracts/types/GateTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {IDocumentBook} from "contracts/interfaces/IDocumentBook.sol";
import {ExchangeTest} from "../exchange/ExchangeTest.sol";
import {LedgerTest} from "../LedgerTest.sol";
import {PledgeTest} from "../pledge/PledgeTest.sol";
import {RulesTest} from "./RulesTest.sol";

/// @notice A verifier attests delivery before a voucher is financed; which moves that is.
contract FinancingTest is RulesTest {
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

    function test_what_moves_between_holders_needs_none() external {
        _assertForecast(creditor, alice, true);
        _give(_voucher, creditor, alice);
        _splitOff(_voucher, alice, bob, 1e6);
        vm.prank(alice);
        ledger.setApprovalForAll(bob, true);
        vm.prank(bob);
        ledger.transferFrom(alice, bob, _raw(_voucher));
        _assertVoucher(_voucher, bob, FACE - 1e6);
    }

    function test_what_goes_to_a_custodian_needs_it() external {
        _assertForecast(creditor, _escrow, false);
        _expectMissing();
        _give(_voucher, creditor, _escrow);
        _attestDelivery();
        _assertForecast(creditor, _escrow, true);
        _give(_voucher, creditor, _escrow);
        _assertVoucher(_voucher, _escrow, FACE);
    }

    function test_a_part_that_goes_to_a_custodian_needs_it() external {
        _expectMissing();
        _splitOff(_voucher, creditor, _escrow, 1e6);
        _expectMissing();
        vm.prank(creditor);
        ledger.split(_voucher, _parts(alice, 1e6, _escrow, 1e6));
        _attestDelivery();
        _splitOff(_voucher, creditor, _escrow, 1e6);
    }

    function test_what_a_custodian_moves_for_its_holder_needs_it() external {
        vm.prank(creditor);
        ledger.setApprovalForAll(_escrow, true);
        _expectMissing();
        _moveAsEscrow(creditor, alice);
        _attestDelivery();
        _moveAsEscrow(creditor, alice);
        _assertVoucher(_voucher, alice, FACE);
    }

    function test_threat_71_what_a_custodian_gives_out_is_free_when_the_attestation_ran_out()
        external
    {
        _attestDelivery();
        _give(_voucher, creditor, _escrow);
        vm.warp(block.timestamp + 2 days);
        _assertMissing(_id, Stage.Financing, DELIVERY, 1, 0);
        _assertForecast(_escrow, creditor, true);
        _moveAsEscrow(_escrow, creditor);
        _assertVoucher(_voucher, creditor, FACE);
    }

    function test_a_custodian_that_is_none_any_more_is_a_holder_like_others() external {
        ledger.setCustodian(_escrow, false);
        _give(_voucher, creditor, _escrow);
        _assertVoucher(_voucher, _escrow, FACE);
    }

    function test_acceptance_asks_nothing_of_it() external view {
        _assertNothingMissing(_id, Stage.Acceptance);
    }

    function test_payment_redemption_and_seizure_ask_nothing_of_it() external {
        ledger.seizeVoucher(_voucher, creditor, _escrow, REASON);
        _pay(_id, FACE);
        _redeem(_voucher);
        assertEq(cash.balanceOf(_escrow), FACE);
    }

    function test_fuzz_the_forecast_is_what_a_holders_own_move_meets(
        bool fromCustodian,
        bool toCustodian,
        bool attested
    ) external {
        if (attested) _attestDelivery();
        ledger.setCustodian(creditor, fromCustodian);
        ledger.setCustodian(alice, toCustodian);
        bool passes = ledger.canTransfer(creditor, alice, _raw(_voucher));
        assertEq(passes, attested || fromCustodian || !toCustodian);
        if (!passes) _expectMissing();
        _give(_voucher, creditor, alice);
    }

    function _attestDelivery() private {
        _attest(_id, DELIVERY, verifiers[0], block.timestamp + 1 days);
    }

    function _moveAsEscrow(address from, address to) private {
        vm.prank(_escrow);
        ledger.transferFrom(from, to, _raw(_voucher));
    }

    function _assertForecast(address from, address to, bool passes) private view {
        assertEq(ledger.canTransfer(from, to, _raw(_voucher)), passes, "forecast");
    }

    function _expectMissing() private {
        _expectAttestationsMissing(_id, DELIVERY, 0, 1);
    }
}

/// @notice The same programme for the desks: this contract is the verifier.
abstract contract DeliveryRequired is LedgerTest {
    IDocumentBook internal papers;

    function _deliveryGated() internal returns (Terms memory terms) {
        papers = IDocumentBook(deployCode("DocumentBook.sol:DocumentBook", abi.encode(ledger)));
        GateRules memory asked;
        asked.documents = papers;
        asked.requirements = new Requirement[](1);
        address[] memory verifiers = new address[](1);
        verifiers[0] = address(this);
        asked.requirements[0] = Requirement("delivery note", Stage.Financing, 1, verifiers);
        Programme memory rules = _programme();
        rules.gate = address(_newGate(asked));
        return _termsUnder(rules);
    }

    function _attestDelivery(ReceivableId of_) internal {
        uint40 until = uint40(block.timestamp + 1 days);
        papers.attest(
            Attestation(of_, keccak256("leaf"), "delivery note", address(this), until, 0), ""
        );
    }

    function _missingDelivery(ReceivableId of_) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IProgrammeRules.AttestationsMissing.selector, of_, bytes32("delivery note"), 0, 1
        );
    }
}

/// @notice A sale on the exchange is a financing.
contract SaleTest is ExchangeTest, DeliveryRequired {
    function setUp() public override(ExchangeTest, LedgerTest) {
        ExchangeTest.setUp();
        (id, voucher) = _accepted(_deliveryGated());
        _give(voucher, creditor, alice);
    }

    function test_a_sale_needs_the_attestation() external {
        Order memory order = _ask();
        _refuse(order, _missingDelivery(id));
        _attestDelivery(id);
        _fill(order, FACE);
        _assertVoucher(voucher, bob, FACE);
    }
}

/// @notice A pledge is a financing; its release is none.
contract PledgingTest is PledgeTest, DeliveryRequired {
    function setUp() public override(PledgeTest, LedgerTest) {
        PledgeTest.setUp();
        (debt, pledge) = _accepted(_deliveryGated());
        _prepare();
    }

    function test_a_pledge_needs_the_attestation() external {
        bytes memory signature = _signed(lenderKey);
        vm.expectRevert(_missingDelivery(debt));
        vm.prank(borrower);
        book.open(loan, signature);
        _attestDelivery(debt);
        _open();
        _assertVoucher(pledge, address(book), FACE);
    }

    function test_threat_71_a_pledge_comes_back_when_the_attestation_ran_out() external {
        _attestDelivery(debt);
        _open();
        _after(10);
        _repay(borrower, _owed());
        _assertVoucher(pledge, borrower, FACE);
    }

    function test_threat_71_a_pledge_is_foreclosed_when_the_attestation_ran_out() external {
        _attestDelivery(debt);
        _open();
        _warpToDefault();
        VoucherId taken = _foreclose();
        assertEq(ledger.ownerOf(_raw(taken)), lender);
        assertEq(uint8(_state().status), uint8(LoanStatus.Closed));
    }
}
