// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICash} from "contracts/interfaces/ICash.sol";
import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";
import {IGuaranteeBook} from "contracts/interfaces/IGuaranteeBook.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {IParties} from "contracts/interfaces/IParties.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {BlocklistToken} from "contracts/mocks/BlocklistToken.sol";
import {FalseReturningToken} from "contracts/mocks/FalseReturningToken.sol";
import {FeeOnTransferToken} from "contracts/mocks/FeeOnTransferToken.sol";
import {HookedToken, ITokenHooks} from "contracts/mocks/HookedToken.sol";
import {NoReturnToken} from "contracts/mocks/NoReturnToken.sol";
import {PausableToken} from "contracts/mocks/PausableToken.sol";
import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Aval} from "contracts/types/FinanceTypes.sol";
import {GuaranteeTest} from "./GuaranteeTest.sol";

/// @notice Cash that does not behave, callers that come back, and what the book needs of the ledger.
contract TokensTest is GuaranteeTest {
    Aval private _its;
    bytes32 private _id;

    /* TOKENS */

    function test_threat_05_a_margin_that_does_not_arrive_whole_is_refused() external {
        FeeOnTransferToken token = new FeeOnTransferToken();
        _use(token);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, MARGIN / 100 * 99, MARGIN)
        );
        _given(_its);
        assertEq(token.balanceOf(address(book)), 0);
    }

    function test_threat_05_what_is_called_and_does_not_arrive_whole_is_refused() external {
        FeeOnTransferToken token = new FeeOnTransferToken();
        _use(token);
        _its.margin = 0;
        _id = _given(_its);
        _warpToOverdue(receivable);
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, CAP / 100 * 99, CAP)
        );
        _call(_its, receivable);
        _assertState(_id, 0, 0, 0);
    }

    function test_threat_07_an_answer_of_false_is_a_refusal_on_record() external {
        FalseReturningToken token = new FalseReturningToken();
        _use(token);
        _its.margin = 0;
        _id = _given(_its);
        _warpToOverdue(receivable);
        token.setFailing(true);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, 0);
        assertEq(dishonoured, CAP);
        token.setFailing(false);
        (paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_07_a_margin_that_is_answered_with_false_is_refused() external {
        FalseReturningToken token = new FalseReturningToken();
        _use(token);
        token.setFailing(true);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token));
        _given(_its);
    }

    function test_threat_08_a_token_that_returns_nothing_works() external {
        NoReturnToken token = new NoReturnToken();
        token.mint(guarantor, PURSE);
        vm.prank(guarantor);
        token.approve(address(book), PURSE);
        (receivable,) =
            _accepted(_termsIn(ledger.addCurrency("USD", address(token), address(0), 6)));
        _its = _aval();
        _its.currency = ledger.currencyCount();
        _id = _given(_its);
        Aval memory second = _its;
        second.salt = 99;
        _given(second);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        (uint80 paid,) = _call(second, receivable);
        assertEq(paid, FACE - CAP);
        assertEq(token.balanceOf(address(book)), 0);
        assertEq(token.balanceOf(address(ledger)), FACE);
    }

    function test_threat_09_of_a_blocked_guarantor_the_margin_pays() external {
        BlocklistToken token = new BlocklistToken();
        _use(token);
        _id = _given(_its);
        token.setBlocked(guarantor, true);
        _warpToOverdue(receivable);
        (uint80 paid, uint80 dishonoured) = _call(_its, receivable);
        assertEq(paid, MARGIN);
        assertEq(dishonoured, CAP - MARGIN);
    }

    function test_threat_10_paused_cash_changes_nothing_and_later_works() external {
        PausableToken token = new PausableToken();
        _use(token);
        _id = _given(_its);
        _warpToOverdue(receivable);
        token.setPaused(true);
        vm.expectRevert(PausableToken.TokenIsPaused.selector);
        _call(_its, receivable);
        _assertState(_id, 0, MARGIN, 0);
        token.setPaused(false);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    function test_threat_40_cash_sent_by_mistake_changes_nothing() external {
        cash.mint(address(book), 7);
        _its = _aval();
        _id = _given(_its);
        _warpToOverdue(receivable);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
        assertEq(cash.balanceOf(address(book)), 7);
    }

    function test_a_token_of_18_decimals_is_paid_to_the_unit() external {
        TestCurrency token = new TestCurrency("Wei", "WEI", 18);
        _use(token);
        token.mint(guarantor, PURSE * 1e12);
        _id = _given(_its);
        assertEq(token.balanceOf(address(book)), uint256(MARGIN) * 1e12);
        _warpToOverdue(receivable);
        _call(_its, receivable);
        assertEq(token.balanceOf(address(ledger)), uint256(CAP) * 1e12);
        assertEq(token.balanceOf(address(book)), 0);
    }

    /* PERMITS */

    function test_threat_17_a_permit_that_was_used_before_does_no_harm() external {
        _its = _aval();
        _allow(guarantor, cash, 0);
        (uint8 v, bytes32 r, bytes32 s) = _permit();
        cash.permit(guarantor, address(book), MARGIN, FOREVER, v, r, s);
        bytes[] memory steps = new bytes[](2);
        steps[0] = abi.encodeCall(ICash.permit, (eur, guarantor, MARGIN, FOREVER, v, r, s));
        steps[1] = abi.encodeCall(IGuaranteeBook.give, (_its, ""));
        vm.prank(guarantor);
        Multicall(address(book)).multicall(steps);
        _assertState(book.avalIdOf(_its), 0, MARGIN, 0);
    }

    /* REENTRY */

    function test_threat_03_a_guarantor_that_is_asked_to_pay_gets_in_nowhere() external {
        (ReentrantReceiver intruder,) = _intruder();
        _id = _given(_its);
        Aval memory second = _its;
        second.salt = 99;
        bytes[5] memory attacks = [
            abi.encodeCall(book.call, (_its, receivable)),
            abi.encodeCall(book.release, (_its)),
            abi.encodeCall(book.addMargin, (_its, 1)),
            abi.encodeCall(book.give, (second, "")),
            abi.encodeCall(book.withdraw, (second))
        ];
        _warpToOverdue(receivable);
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < attacks.length; ++i) {
            intruder.arm(address(book), attacks[i]);
            (uint80 paid,) = _call(_its, receivable);
            assertEq(paid, CAP);
            assertTrue(intruder.attempted());
            _assertShutOut(intruder);
            _assertState(_id, CAP, 0, 0);
            vm.revertToState(snapshot);
        }
    }

    function test_threat_01_the_record_is_not_cleared_while_it_is_called() external {
        (ReentrantReceiver intruder, HookedToken token) = _intruder();
        _its.margin = 0;
        _id = _given(_its);
        intruder.act(address(token), abi.encodeCall(token.approve, (address(book), 0)));
        _warpToOverdue(receivable);
        _call(_its, receivable);
        intruder.act(address(token), abi.encodeCall(token.approve, (address(book), PURSE)));
        intruder.arm(address(book), abi.encodeCall(book.clear, (_id, receivable)));
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
        _assertShutOut(intruder);
    }

    function test_threat_03_a_margin_is_released_once() external {
        (ReentrantReceiver intruder,) = _intruder();
        _id = _given(_its);
        _pay(receivable, FACE);
        intruder.arm(address(book), abi.encodeCall(book.release, (_its)));
        assertEq(book.release(_its), MARGIN);
        _assertShutOut(intruder);
    }

    function test_threat_03_paying_in_between_is_refused_and_not_paid_twice() external {
        (ReentrantReceiver intruder, HookedToken token) = _intruder();
        _its.cap = FACE;
        _id = _given(_its);
        intruder.act(address(token), abi.encodeCall(token.approve, (address(ledger), PURSE)));
        _warpToOverdue(receivable);
        intruder.arm(address(ledger), abi.encodeCall(ledger.pay, (receivable, 5)));
        vm.expectRevert(
            abi.encodeWithSelector(ICurrencies.PaymentNotExact.selector, FACE - 5, FACE)
        );
        _call(_its, receivable);
    }

    function test_threat_02_nothing_is_called_or_released_while_the_ledger_is_at_work() external {
        (ReentrantReceiver intruder,) = _intruder();
        _id = _given(_its);
        bytes[3] memory attacks = [
            abi.encodeCall(book.call, (_its, receivable)),
            abi.encodeCall(book.release, (_its)),
            abi.encodeCall(book.clear, (_id, receivable))
        ];
        vm.prank(creditor);
        ledger.transferFrom(creditor, address(intruder), _raw(receivable.firstVoucher()));
        _warpToOverdue(receivable);
        for (uint256 i = 0; i < attacks.length; ++i) {
            _pay(receivable, 1e6);
            intruder.arm(address(book), attacks[i]);
            intruder.act(
                address(ledger), abi.encodeCall(ledger.redeem, (receivable.firstVoucher()))
            );
            _assertShutOut(intruder);
        }
    }

    /* GAS */

    function test_threat_04_too_little_gas_is_no_dishonour() external {
        _its = _aval();
        _id = _given(_its);
        _warpToOverdue(receivable);
        for (uint256 gas_ = 100_000; gas_ <= 400_000; gas_ += 10_000) {
            uint256 snapshot = vm.snapshotState();
            vm.prank(stranger);
            try book.call{gas: gas_}(_its, receivable) returns (uint80, uint80 dishonoured) {
                assertEq(dishonoured, 0);
            } catch {
                _assertState(_id, 0, MARGIN, 0);
            }
            vm.revertToState(snapshot);
        }
    }

    /* WHAT IT NEEDS OF THE LEDGER */

    function test_reverts_when_the_ledger_has_no_code() external {
        vm.expectRevert(abi.encodeWithSelector(ICash.LedgerWithoutCode.selector, stranger));
        deployCode("GuaranteeBook.sol:GuaranteeBook", abi.encode(stranger));
    }

    function test_a_book_that_is_no_custodian_pays_for_verified_guarantors_only() external {
        _its = _aval();
        _id = _given(_its);
        _warpToOverdue(receivable);
        ledger.setCustodian(address(book), false);
        _unverify(guarantor);
        vm.expectRevert(abi.encodeWithSelector(IParties.PartyNotVerified.selector, guarantor));
        _call(_its, receivable);
        _verify(guarantor);
        (uint80 paid,) = _call(_its, receivable);
        assertEq(paid, CAP);
    }

    /* INTERNAL */

    /// @dev A receivable that this token pays, and an aval for it.
    function _use(TestCurrency token) private {
        uint8 currency = _addToken(token);
        (receivable, voucher) = _accepted(_termsIn(currency));
        _fundFor(guarantor, token);
        _its = _aval();
        _its.currency = currency;
    }

    /// @dev A guarantor that is told of its cash.
    function _intruder() private returns (ReentrantReceiver intruder, HookedToken token) {
        token = new HookedToken();
        _use(token);
        intruder = new ReentrantReceiver();
        _verify(address(intruder));
        _its.guarantor = address(intruder);
        _fundFor(address(intruder), token);
        vm.prank(address(intruder));
        token.setHook(ITokenHooks(address(intruder)));
    }

    function _assertShutOut(ReentrantReceiver intruder) private view {
        assertTrue(intruder.attempted(), "attempted");
        assertFalse(intruder.succeeded(), "got in");
        assertEq(
            bytes4(intruder.outcome()),
            ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector,
            "shut out by the guard"
        );
    }

    function _permit() private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 kind = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 message =
            keccak256(abi.encode(kind, guarantor, book, MARGIN, cash.nonces(guarantor), FOREVER));
        return vm.sign(
            guarantorKey, keccak256(abi.encodePacked(hex"1901", cash.DOMAIN_SEPARATOR(), message))
        );
    }
}
