// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IRecoveries} from "contracts/interfaces/IRecoveries.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Advance, Status} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Guarantors pay in, and are reimbursed by what comes in beyond the face.
contract AdvanceTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
        _fund(alice);
        _fund(bob);
    }

    /* IN */

    function test_an_advance_covers_holders_but_not_the_obligors_debt() external {
        vm.expectEmit(address(ledger));
        emit IRecoveries.Advanced(_id, bob, 0, FACE / 2, 0);
        vm.prank(bob);
        (uint256 start, uint256 taken) = ledger.advance(_id, bob, FACE / 2);

        assertEq(start, 0);
        assertEq(taken, FACE / 2);
        assertEq(ledger.receivableOf(_id).advanced, FACE / 2);
        assertEq(ledger.receivableOf(_id).paid, 0);
        assertEq(ledger.claimableOf(_voucher), FACE / 2);
        assertEq(cash.balanceOf(address(ledger)), FACE / 2);
        _pay(_id, FACE);
        assertEq(ledger.receivableOf(_id).paid, FACE);
    }

    function test_threat_31_no_more_is_taken_than_holders_lack() external {
        _pay(_id, FACE / 4);
        vm.prank(bob);
        (, uint256 taken) = ledger.advance(_id, bob, type(uint256).max);
        assertEq(taken, FACE - FACE / 4);
        _redeem(_voucher);
        assertEq(cash.balanceOf(creditor), FACE);
        _assertStatus(_id, Status.Accepted);
    }

    function test_another_can_bring_the_guarantors_cash() external {
        _fund(stranger);
        vm.prank(stranger);
        ledger.advance(_id, bob, 10e6);
        Advance memory claim = ledger.advanceOf(_id, 0);
        assertEq(claim.guarantor, bob);
        assertEq(claim.amount, 10e6);
        assertEq(claim.reimbursed, 0);
    }

    function test_threat_35_advances_are_taken_in_a_pause() external {
        _pause();
        _advance(_id, bob, 10e6);
        assertEq(ledger.receivableOf(_id).advanced, 10e6);
    }

    function test_reverts_given_holders_lack_nothing() external {
        _advance(_id, bob, FACE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingOwed.selector, _id));
        _advance(_id, alice, 1e6);
    }

    function test_reverts_when_amount_is_zero() external {
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _advance(_id, bob, 0);
    }

    function test_reverts_when_guarantor_is_unverified() external {
        _fund(stranger);
        _expectNotVerified(stranger);
        _advance(_id, stranger, 1e6);
    }

    function test_reverts_when_guarantor_is_frozen() external {
        _freezeParty(bob);
        _fund(stranger);
        _expectFrozen(bob);
        vm.prank(stranger);
        ledger.advance(_id, bob, 1e6);
    }

    function test_reverts_given_a_frozen_payer() external {
        _freezeParty(alice);
        _expectFrozen(alice);
        vm.prank(alice);
        ledger.advance(_id, bob, 1e6);
    }

    function test_reverts_when_currency_is_off_chain() external {
        (ReceivableId id,) = _accepted(_termsIn(offChain));
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.CurrencyIsOffChain.selector, offChain));
        _advance(id, bob, 1e6);
    }

    function test_reverts_when_currency_cannot_express_the_amount() external {
        TestCurrency token = new TestCurrency("Cents", "CENT", 2);
        (ReceivableId id,) = _accepted(_termsIn(_addToken(token)));
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1, 1e4));
        _advance(id, bob, 1);
    }

    /* OUT */

    function test_threat_30_the_obligors_payment_reimburses_and_pays_nobody_twice() external {
        _advance(_id, bob, FACE);
        _redeem(_voucher);
        _pay(_id, FACE);
        vm.expectEmit(address(ledger));
        emit IRecoveries.Reimbursed(_id, bob, 0, FACE);
        assertEq(ledger.reimburse(_id, 0), FACE);

        assertEq(cash.balanceOf(bob), 100 * uint256(FACE));
        assertEq(cash.balanceOf(creditor), FACE);
        assertEq(cash.balanceOf(address(ledger)), 0);
        assertEq(ledger.advanceOf(_id, 0).reimbursed, FACE);
        _expectNothing(0);
        ledger.reimburse(_id, 0);
    }

    function test_guarantors_are_reimbursed_in_the_order_in_which_they_advanced() external {
        assertEq(_advance(_id, bob, 600_000e6), 0);
        assertEq(_advance(_id, alice, 400_000e6), 600_000e6);
        _pay(_id, 500_000e6);
        assertEq(ledger.reimbursableOf(_id, 0), 500_000e6);
        assertEq(ledger.reimbursableOf(_id, 600_000e6), 0);
        ledger.reimburse(_id, 0);
        _pay(_id, 300_000e6);
        assertEq(ledger.reimbursableOf(_id, 0), 100_000e6);
        assertEq(ledger.reimbursableOf(_id, 600_000e6), 200_000e6);
        ledger.reimburse(_id, 600_000e6);
        _pay(_id, FACE);
        ledger.reimburse(_id, 0);
        ledger.reimburse(_id, 600_000e6);
        _redeem(_voucher);

        assertEq(cash.balanceOf(bob), 100 * uint256(FACE));
        assertEq(cash.balanceOf(alice), 100 * uint256(FACE));
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_what_holders_still_lack_comes_before_guarantors() external {
        _advance(_id, bob, FACE / 4);
        _pay(_id, FACE / 2);
        assertEq(ledger.claimableOf(_voucher), FACE / 4 * 3);
        assertEq(ledger.reimbursableOf(_id, 0), 0);
        _expectNothing(0);
        ledger.reimburse(_id, 0);
    }

    function test_fuzz_what_comes_in_goes_out(uint80 a, uint80 b, uint80 paid) external {
        a = uint80(bound(a, 1, FACE - 1));
        b = uint80(bound(b, 1, FACE - a));
        uint256 first = _advance(_id, bob, a);
        uint256 second = _advance(_id, alice, b);
        _pay(_id, bound(paid, 1, FACE));
        uint256 surplus = ledger.reimbursableOf(_id, first) + ledger.reimbursableOf(_id, second);
        uint256 total = uint256(a) + b + ledger.receivableOf(_id).paid;
        assertEq(surplus, total > FACE ? total - FACE : 0);
        _pay(_id, FACE);
        ledger.reimburse(_id, first);
        ledger.reimburse(_id, second);
        _redeem(_voucher);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_threat_32_an_obligor_that_advances_for_itself_still_owes() external {
        uint256 before = cash.balanceOf(obligor);
        _advance(_id, obligor, FACE);
        _redeem(_voucher);
        _pay(_id, FACE);
        ledger.reimburse(_id, 0);
        assertEq(before - cash.balanceOf(obligor), FACE);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_reimburse_reverts_when_there_is_no_such_advance() external {
        _advance(_id, bob, FACE);
        _pay(_id, FACE);
        _expectNothing(1);
        ledger.reimburse(_id, 1);
    }

    function test_reimburse_reverts_given_a_frozen_guarantor() external {
        _advance(_id, bob, FACE);
        _pay(_id, FACE);
        _freezeParty(bob);
        _expectFrozen(bob);
        ledger.reimburse(_id, 0);
    }

    function test_threat_37_a_guarantor_whose_verification_ended_is_reimbursed() external {
        _advance(_id, bob, FACE);
        _pay(_id, FACE);
        _unverify(bob);
        assertEq(ledger.reimburse(_id, 0), FACE);
    }

    /* INTERNAL */

    function _expectNothing(uint256 start) private {
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.NothingToReimburse.selector, _id, start));
    }
}
