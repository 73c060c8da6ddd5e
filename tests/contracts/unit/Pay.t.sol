// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract PayTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
    }

    function test_a_payment_is_booked_and_taken() external {
        uint256 before = cash.balanceOf(obligor);
        vm.expectEmit(address(ledger));
        emit ISettlement.Paid(_id, obligor, 300_000e6, 0);
        vm.prank(obligor);
        assertEq(ledger.pay(_id, 300_000e6), 300_000e6);

        assertEq(ledger.receivableOf(_id).paid, 300_000e6);
        assertEq(cash.balanceOf(address(ledger)), 300_000e6);
        assertEq(before - cash.balanceOf(obligor), 300_000e6);
        _assertStatus(_id, Status.Accepted);
    }

    function test_threat_28_more_than_is_owed_is_not_taken() external {
        uint256 before = cash.balanceOf(obligor);
        _pay(_id, 1e6);
        vm.prank(obligor);
        assertEq(ledger.pay(_id, type(uint256).max), FACE - 1e6);
        assertEq(before - cash.balanceOf(obligor), FACE);
        _assertStatus(_id, Status.Settled);
    }

    function test_threat_28_reverts_given_all_is_paid() external {
        _pay(_id, FACE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingOwed.selector, _id));
        _pay(_id, 1);
    }

    function test_threat_28_anyone_can_pay_for_the_obligor() external {
        _fund(stranger);
        vm.prank(stranger);
        ledger.pay(_id, FACE);
        _assertStatus(_id, Status.Settled);
    }

    function test_threat_27_payment_is_taken_when_due_overdue_and_in_default() external {
        _warpToOverdue(_id);
        _pay(_id, 1e6);
        ledger.declareDefault(_id);
        _pay(_id, 1e6);
        assertEq(ledger.receivableOf(_id).paid, 2e6);
    }

    function test_threat_35_payment_is_taken_in_a_pause() external {
        _pause();
        _pay(_id, FACE);
        _assertStatus(_id, Status.Settled);
    }

    function test_payment_is_taken_for_an_unverified_and_for_a_frozen_obligor() external {
        _unverify(obligor);
        _pay(_id, 1e6);
        _freezeParty(obligor);
        _fund(stranger);
        vm.prank(stranger);
        ledger.pay(_id, 1e6);
        assertEq(ledger.receivableOf(_id).paid, 2e6);
    }

    function test_fuzz_many_payments_add_up(uint80[5] memory amounts) external {
        uint256 sum;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 1, FACE / 5);
            _pay(_id, amount);
            sum += amount;
        }
        assertEq(ledger.receivableOf(_id).paid, sum);
        assertEq(cash.balanceOf(address(ledger)), sum);
    }

    /* DECIMALS */

    function test_fuzz_a_token_of_any_decimals_is_scaled(uint8 decimals, uint80 amount) external {
        decimals = uint8(bound(decimals, 0, 36));
        uint256 granule = decimals < 6 ? 10 ** (6 - decimals) : 1;
        TestCurrency token = new TestCurrency("Any", "ANY", decimals);
        (ReceivableId id, VoucherId voucher) = _accepted(_termsIn(_addToken(token)));
        uint256 units = bound(amount, 1, FACE / granule - 1) * granule;
        _pay(id, units);

        uint256 tokens = decimals < 6 ? units / granule : units * 10 ** (decimals - 6);
        assertEq(token.balanceOf(address(ledger)), tokens);
        _pay(id, FACE);
        _redeem(voucher);
        assertEq(token.balanceOf(address(ledger)), 0);
        assertEq(token.balanceOf(creditor), uint256(FACE) * 10 ** decimals / 1e6);
    }

    function test_threat_33_the_largest_face_in_a_token_of_36_decimals() external {
        TestCurrency token = new TestCurrency("Wide", "WIDE", 36);
        uint8 currency = _addToken(token);
        uint256 tokens = uint256(type(uint80).max) * 1e30;
        token.mint(obligor, tokens);
        _fund(obligor, token);
        (ReceivableId id, VoucherId voucher) = _largest(currency);
        _pay(id, type(uint256).max);
        assertEq(token.balanceOf(address(ledger)), tokens);
        assertEq(_redeem(voucher), type(uint80).max);
        assertEq(token.balanceOf(creditor), tokens);
    }

    function test_reverts_when_currency_cannot_express_the_amount() external {
        TestCurrency token = new TestCurrency("Whole", "WHOLE", 0);
        (ReceivableId id,) = _accepted(_termsIn(_addToken(token)));
        _pay(id, 1e6);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.AmountNotExpressible.selector, 1e6 + 1, 1e6)
        );
        _pay(id, 1e6 + 1);
    }

    /* REVERTS */

    function test_reverts_when_amount_is_zero() external {
        vm.expectRevert(ISettlement.AmountIsZero.selector);
        _pay(_id, 0);
    }

    function test_reverts_when_currency_is_off_chain() external {
        (ReceivableId id,) = _accepted(_termsIn(offChain));
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.CurrencyIsOffChain.selector, offChain));
        _pay(id, 1e6);
    }

    function test_reverts_given_a_frozen_payer() external {
        _freezeParty(obligor);
        _expectFrozen(obligor);
        _pay(_id, 1e6);
    }

    function test_reverts_given_it_was_never_issued() external {
        ReceivableId id = ledger.idOf(_terms());
        _expectWrongStatus(id, Status.None, Status.Accepted);
        _pay(id, 1e6);
    }

    function test_reverts_given_it_is_cancelled() external {
        ReceivableId id = _issued();
        vm.prank(creditor);
        ledger.cancel(id);
        _expectWrongStatus(id, Status.Cancelled, Status.Accepted);
        _pay(id, 1e6);
    }

    function test_reverts_when_payer_has_no_cash() external {
        vm.expectPartialRevert(
            bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)"))
        );
        vm.prank(stranger);
        ledger.pay(_id, 1e6);
    }

    /* INTERNAL */

    function _largest(uint8 currency) private returns (ReceivableId, VoucherId) {
        Terms memory terms = _termsIn(currency);
        terms.face = type(uint80).max;
        return _accepted(terms);
    }
}
