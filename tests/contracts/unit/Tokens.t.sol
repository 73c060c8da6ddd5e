// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {FalseReturningToken} from "contracts/mocks/FalseReturningToken.sol";
import {FeeOnTransferToken} from "contracts/mocks/FeeOnTransferToken.sol";
import {HookedToken, ITokenHooks} from "contracts/mocks/HookedToken.sol";
import {NoReturnToken} from "contracts/mocks/NoReturnToken.sol";
import {PausableToken} from "contracts/mocks/PausableToken.sol";
import {RebasingToken} from "contracts/mocks/RebasingToken.sol";
import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Cash that does not behave.
contract TokensTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;

    /* FEES AND REBASING */

    function test_threat_05_fee_on_transfer_payment_is_refused() external {
        FeeOnTransferToken token = new FeeOnTransferToken();
        _use(token);
        bytes memory refusal =
            abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, 99e6, 100e6);
        vm.expectRevert(refusal);
        _pay(_id, 100e6);
        vm.expectRevert(refusal);
        vm.prank(obligor);
        ledger.advance(_id, bob, 100e6);
        assertEq(token.balanceOf(address(ledger)), 0);
        assertEq(ledger.receivableOf(_id).paid, 0);
    }

    function test_threat_06_the_loss_by_a_rebase_stays_in_its_currency() external {
        RebasingToken token = new RebasingToken();
        _use(token);
        (ReceivableId other, VoucherId voucher) = _accepted();
        _pay(_id, FACE);
        _pay(other, FACE);
        token.rebase(50);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientBalance.selector);
        vm.prank(creditor);
        ledger.redeem(_voucher);
        assertEq(_redeem(voucher), FACE);
        token.rebase(100);
        assertEq(_redeem(_voucher), FACE);
    }

    function test_threat_06_the_gain_by_a_rebase_changes_no_share() external {
        RebasingToken token = new RebasingToken();
        _use(token);
        _pay(_id, FACE);
        token.rebase(200);
        assertEq(_redeem(_voucher), FACE);
        assertEq(token.balanceOf(address(ledger)), FACE);
    }

    /* RETURN VALUES */

    function test_threat_07_a_token_that_answers_false_is_refused_both_ways() external {
        FalseReturningToken token = new FalseReturningToken();
        _use(token);
        token.setFailing(true);
        bytes memory refusal =
            abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token);
        vm.expectRevert(refusal);
        _pay(_id, 1e6);
        token.setFailing(false);
        _pay(_id, FACE);
        token.setFailing(true);
        vm.expectRevert(refusal);
        vm.prank(creditor);
        ledger.redeem(_voucher);
        _assertVoucher(_voucher, creditor, FACE);
        token.setFailing(false);
        assertEq(_redeem(_voucher), FACE);
    }

    function test_threat_08_a_token_that_returns_nothing_works() external {
        NoReturnToken token = new NoReturnToken();
        _fundSilently(obligor, token);
        _fundSilently(bob, token);
        (_id, _voucher) =
            _accepted(_termsIn(ledger.addCurrency("USD", address(token), address(0), 6)));
        _pay(_id, FACE / 2);
        _advance(_id, bob, FACE / 2);
        assertEq(_redeem(_voucher), FACE);
        _pay(_id, FACE);
        ledger.reimburse(_id, 0);
        assertEq(token.balanceOf(address(ledger)), 0);
        assertEq(token.balanceOf(creditor), FACE);
    }

    /* BLOCKED AND PAUSED */

    function test_threat_09_a_blocked_holder_blocks_nobody_else() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        VoucherId part = _splitOff(_voucher, creditor, alice, FACE / 4);
        _pay(_id, FACE);
        token.setBlocked(creditor, true);
        vm.expectRevert(abi.encodeWithSelector(BlocklistToken.AccountIsBlocked.selector, creditor));
        vm.prank(creditor);
        ledger.redeem(_voucher);
        assertEq(_redeem(part), FACE / 4);
        _assertVoucher(_voucher, creditor, FACE / 4 * 3);
    }

    function test_threat_09_a_blocked_holder_is_paid_through_its_payee() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        _pay(_id, FACE);
        token.setBlocked(creditor, true);
        ledger.setPayee(creditor, alice, REASON);
        assertEq(_redeem(_voucher), FACE);
        assertEq(token.balanceOf(alice), FACE);
    }

    function test_threat_09_a_blocked_holder_can_pass_its_voucher_on() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        _pay(_id, FACE);
        token.setBlocked(creditor, true);
        _give(_voucher, creditor, alice);
        assertEq(_redeem(_voucher), FACE);
    }

    function test_threat_10_paused_cash_changes_nothing_and_later_works() external {
        PausableToken token = new PausableToken();
        _use(token);
        token.setPaused(true);
        vm.expectRevert(PausableToken.TokenIsPaused.selector);
        _pay(_id, 1e6);
        token.setPaused(false);
        _pay(_id, FACE / 2);
        token.setPaused(true);
        vm.expectRevert(PausableToken.TokenIsPaused.selector);
        vm.prank(creditor);
        ledger.redeem(_voucher);
        assertEq(ledger.claimedOn(_voucher), 0);
        assertEq(ledger.receivableOf(_id).claimed, 0);
        token.setPaused(false);
        assertEq(_redeem(_voucher), FACE / 2);
    }

    function test_threat_10_cash_that_is_gone_changes_nothing() external {
        PausableToken token = new PausableToken();
        _use(token);
        _pay(_id, FACE);
        vm.etch(address(token), "");
        vm.expectRevert();
        vm.prank(creditor);
        ledger.redeem(_voucher);
        _assertVoucher(_voucher, creditor, FACE);
        assertEq(ledger.claimableOf(_voucher), FACE);
    }

    /* HOOKS */

    function test_threat_03_a_payers_hook_cannot_pay_twice_with_one_payment() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver payer = _hooked(token);
        token.mint(address(payer), 2 * FACE);
        payer.act(
            address(token), abi.encodeCall(token.approve, (address(ledger), type(uint256).max))
        );
        payer.arm(address(ledger), abi.encodeCall(ledger.pay, (_id, FACE / 2)));
        payer.act(address(ledger), abi.encodeCall(ledger.pay, (_id, FACE / 2)));
        _assertRepelled(payer);
        assertEq(ledger.receivableOf(_id).paid, FACE / 2);
        assertEq(token.balanceOf(address(ledger)), FACE / 2);
    }

    function test_threat_03_a_payers_hook_cannot_redeem_what_it_is_paying() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver payer = _hooked(token);
        token.mint(address(payer), FACE);
        payer.act(address(token), abi.encodeCall(token.approve, (address(ledger), FACE)));
        _give(_voucher, creditor, address(payer));
        _pay(_id, FACE / 2);
        payer.arm(address(ledger), abi.encodeCall(ledger.redeem, (_voucher)));
        payer.act(address(ledger), abi.encodeCall(ledger.pay, (_id, FACE / 2)));
        _assertRepelled(payer);
    }

    function test_threat_02_a_holders_hook_cannot_redeem_twice() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver holder = _hooked(token);
        _give(_voucher, creditor, address(holder));
        _pay(_id, FACE / 2);
        bytes memory redeem = abi.encodeCall(ledger.redeem, (_voucher));
        holder.arm(address(ledger), redeem);
        holder.act(address(ledger), redeem);
        _assertRepelled(holder);
        assertEq(token.balanceOf(address(holder)), FACE / 2);
    }

    function test_threat_02_views_agree_while_money_leaves() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver holder = _hooked(token);
        _give(_voucher, creditor, address(holder));
        _pay(_id, FACE / 2);
        holder.arm(address(ledger), abi.encodeCall(ledger.claimableOf, (_voucher)));
        holder.act(address(ledger), abi.encodeCall(ledger.redeem, (_voucher)));
        assertTrue(holder.succeeded());
        assertEq(abi.decode(holder.outcome(), (uint256)), 0);
    }

    function test_threat_02_a_guarantors_hook_cannot_be_reimbursed_twice() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver guarantor = _hooked(token);
        vm.prank(obligor);
        ledger.advance(_id, address(guarantor), FACE);
        _pay(_id, FACE);
        guarantor.arm(address(ledger), abi.encodeCall(ledger.reimburse, (_id, 0)));
        ledger.reimburse(_id, 0);
        _assertRepelled(guarantor);
        assertEq(token.balanceOf(address(guarantor)), FACE);
    }

    function test_threat_03_no_hook_can_move_the_voucher_that_is_being_redeemed() external {
        HookedToken token = new HookedToken();
        _use(token);
        ReentrantReceiver holder = _hooked(token);
        _give(_voucher, creditor, address(holder));
        _pay(_id, FACE / 2);
        holder.arm(
            address(ledger),
            abi.encodeWithSignature(
                "transferFrom(address,address,uint256)", holder, alice, _raw(_voucher)
            )
        );
        holder.act(address(ledger), abi.encodeCall(ledger.redeem, (_voucher)));
        _assertRepelled(holder);
        _assertVoucher(_voucher, address(holder), FACE);
    }

    /* INTERNAL */

    /// @dev An accepted receivable that this token pays.
    function _use(TestCurrency token) private {
        (_id, _voucher) = _accepted(_termsIn(_addToken(token)));
    }

    function _fundSilently(address payer, NoReturnToken token) private {
        token.mint(payer, 2 * FACE);
        vm.prank(payer);
        token.approve(address(ledger), type(uint256).max);
    }

    function _hooked(HookedToken token) private returns (ReentrantReceiver account) {
        account = new ReentrantReceiver();
        _verify(address(account));
        account.act(address(token), abi.encodeCall(token.setHook, (ITokenHooks(address(account)))));
    }

    function _assertRepelled(ReentrantReceiver account) private view {
        assertTrue(account.attempted());
        assertFalse(account.succeeded());
        assertEq(bytes4(account.outcome()), bytes4(keccak256("ReentrancyGuardReentrantCall()")));
    }
}
