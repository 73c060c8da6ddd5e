// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IRecoveries} from "contracts/interfaces/IRecoveries.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {Status} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Payments outside the chain, attested by the currency's paying agent.
contract OffChainTest is LedgerTest {
    bytes32 private constant _EVIDENCE = keccak256("bank statement");

    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted(_termsIn(offChain));
    }

    function test_the_agent_attests_a_payment() external {
        vm.expectEmit(address(ledger));
        emit ISettlement.Paid(_id, agent, FACE / 2, _EVIDENCE);
        assertEq(_attest(FACE / 2), FACE / 2);
        assertEq(ledger.receivableOf(_id).paid, FACE / 2);
        assertEq(ledger.claimableOf(_voucher), FACE / 2);
    }

    function test_threat_28_more_than_is_owed_is_not_booked() external {
        assertEq(_attest(FACE + 1e4), FACE);
        _assertStatus(_id, Status.Settled);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingOwed.selector, _id));
        _attest(1e4);
    }

    function test_redeeming_is_an_order_to_pay() external {
        _attest(FACE);
        vm.expectEmit(address(ledger));
        emit ISettlement.Redeemed(_voucher, creditor, creditor, FACE, FACE);
        assertEq(_redeem(_voucher), FACE);
        _assertGone(_voucher);
    }

    function test_the_agent_attests_an_advance_and_later_payment_reimburses() external {
        vm.expectEmit(address(ledger));
        emit IRecoveries.Advanced(_id, bob, 0, FACE, _EVIDENCE);
        vm.prank(agent);
        (uint256 start, uint256 taken) = ledger.attestAdvance(_id, bob, 2 * FACE, _EVIDENCE);
        assertEq(start, 0);
        assertEq(taken, FACE);
        _redeem(_voucher);
        _attest(FACE);
        vm.expectEmit(address(ledger));
        emit IRecoveries.Reimbursed(_id, bob, 0, FACE);
        ledger.reimburse(_id, 0);
    }

    function test_another_agent_takes_over() external {
        ledger.setPayingAgent(offChain, bob);
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.NotPayingAgent.selector, agent, bob));
        _attest(1e4);
        vm.prank(bob);
        ledger.attestPayment(_id, 1e4, _EVIDENCE);
    }

    function test_threat_35_attestations_are_taken_in_a_pause() external {
        _pause();
        _attest(1e4);
    }

    /* REVERTS */

    function test_reverts_when_caller_is_not_the_agent() external {
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.NotPayingAgent.selector, obligor, agent));
        vm.prank(obligor);
        ledger.attestPayment(_id, 1e4, _EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.NotPayingAgent.selector, bob, agent));
        vm.prank(bob);
        ledger.attestAdvance(_id, bob, 1e4, _EVIDENCE);
    }

    function test_nobody_attests_what_a_token_pays() external {
        (ReceivableId id,) = _accepted();
        bytes memory refusal =
            abi.encodeWithSelector(ICurrencies.NotPayingAgent.selector, agent, address(0));
        vm.startPrank(agent);
        vm.expectRevert(refusal);
        ledger.attestPayment(id, 1e6, _EVIDENCE);
        vm.expectRevert(refusal);
        ledger.attestAdvance(id, bob, 1e6, _EVIDENCE);
    }

    function test_reverts_when_currency_cannot_express_the_amount() external {
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1e4 - 1, 1e4)
        );
        _attest(1e4 - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1e4 - 1, 1e4)
        );
        _attestAdvance(bob, 1e4 - 1);
    }

    function test_reverts_when_amount_is_zero() external {
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _attest(0);
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _attestAdvance(bob, 0);
    }

    function test_reverts_when_guarantor_is_unverified() external {
        _expectNotVerified(stranger);
        _attestAdvance(stranger, 1e4);
    }

    function test_reverts_given_holders_lack_nothing() external {
        _attest(FACE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingOwed.selector, _id));
        _attestAdvance(bob, 1e4);
    }

    function test_reverts_given_it_is_not_accepted() external {
        _id = _issued(_termsIn(offChain));
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        _attest(1e4);
        _expectWrongStatus(_id, Status.Issued, Status.Accepted);
        _attestAdvance(bob, 1e4);
    }

    /* INTERNAL */

    function _attest(uint256 amount) private returns (uint256) {
        vm.prank(agent);
        return ledger.attestPayment(_id, amount, _EVIDENCE);
    }

    function _attestAdvance(address guarantor, uint256 amount) private {
        vm.prank(agent);
        ledger.attestAdvance(_id, guarantor, amount, _EVIDENCE);
    }
}
