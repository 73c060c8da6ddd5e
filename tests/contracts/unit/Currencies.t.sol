// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {ICurrencies} from "contracts/interfaces/ICurrencies.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Currency} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract CurrenciesTest is LedgerTest {
    function test_a_currency_is_kept_as_it_was_given() external {
        vm.expectEmit(address(ledger));
        emit ICurrencies.CurrencyAdded(3, "USD", address(0), 2, bob);
        assertEq(ledger.addCurrency("USD", address(0), bob, 2), 3);

        Currency memory row = ledger.currencyOf(3);
        assertEq(bytes32(row.code), "USD");
        assertEq(row.token, address(0));
        assertEq(row.payingAgent, bob);
        assertEq(row.decimals, 2);
        assertTrue(row.open);
        assertEq(ledger.currencyCount(), 3);
    }

    function test_closing_a_currency_stops_new_issues_only() external {
        (ReceivableId id,) = _accepted();
        vm.expectEmit(address(ledger));
        emit ICurrencies.CurrencyOpened(eur, false);
        ledger.setCurrencyOpen(eur, false);
        assertFalse(ledger.currencyOf(eur).open);
        _pay(id, FACE);
        _redeem(id.firstVoucher());
        assertEq(cash.balanceOf(creditor), FACE);
        ledger.setCurrencyOpen(eur, true);
        _accepted();
    }

    function test_a_paying_agent_hands_over() external {
        vm.expectEmit(address(ledger));
        emit ICurrencies.PayingAgentChanged(offChain, bob);
        ledger.setPayingAgent(offChain, bob);
        assertEq(ledger.currencyOf(offChain).payingAgent, bob);
    }

    /* ADDING: REVERTS */

    function test_reverts_when_not_exactly_one_of_token_and_agent_is_named() external {
        _expectInvalid("token or agent");
        ledger.addCurrency("USD", address(0), address(0), 6);
        _expectInvalid("token or agent");
        ledger.addCurrency("USD", address(cash), agent, 6);
    }

    function test_reverts_when_code_is_not_three_capitals() external {
        bytes3 lower = "usd";
        bytes3[7] memory codes = [lower, "US", "", "U1D", "@SD", "US[", bytes3(0x5553ff)];
        for (uint256 i = 0; i < codes.length; ++i) {
            _expectInvalid("code");
            ledger.addCurrency(codes[i], address(0), agent, 2);
        }
        ledger.addCurrency("AZA", address(0), agent, 2);
    }

    function test_reverts_when_decimals_are_not_the_tokens() external {
        _expectInvalid("decimals");
        ledger.addCurrency("USD", address(cash), address(0), 18);
    }

    function test_reverts_when_decimals_are_above_36() external {
        TestCurrency wide = new TestCurrency("Wide", "WIDE", 37);
        _expectInvalid("decimals");
        ledger.addCurrency("USD", address(wide), address(0), 37);
        _expectInvalid("decimals");
        ledger.addCurrency("USD", address(0), agent, 37);
        ledger.addCurrency("USD", address(0), agent, 36);
    }

    function test_reverts_when_token_has_no_code() external {
        vm.expectRevert();
        ledger.addCurrency("USD", stranger, address(0), 6);
    }

    function test_threat_33_reverts_given_a_full_table() external {
        for (uint256 i = ledger.currencyCount(); i < 255; ++i) {
            ledger.addCurrency("USD", address(0), agent, 2);
        }
        assertEq(ledger.currencyCount(), 255);
        _expectInvalid("table is full");
        ledger.addCurrency("USD", address(0), agent, 2);
        _accepted(_termsIn(255));
    }

    /* CHANGING: REVERTS */

    function test_reverts_when_a_tokens_currency_is_to_have_an_agent() external {
        _expectInvalid("token or agent");
        ledger.setPayingAgent(eur, agent);
    }

    function test_reverts_when_new_agent_is_zero() external {
        _expectInvalid("token or agent");
        ledger.setPayingAgent(offChain, address(0));
    }

    function test_reverts_when_currency_is_unknown() external {
        for (uint8 unknown = 0; unknown <= offChain + 1; unknown += offChain + 1) {
            bytes memory refusal =
                abi.encodeWithSelector(ICurrencies.CurrencyUnknown.selector, unknown);
            vm.expectRevert(refusal);
            ledger.currencyOf(unknown);
            vm.expectRevert(refusal);
            ledger.setCurrencyOpen(unknown, true);
            vm.expectRevert(refusal);
            ledger.setPayingAgent(unknown, agent);
        }
    }

    /* SWEEP */

    function test_threat_40_a_token_sent_by_mistake_is_swept() external {
        TestCurrency lost = new TestCurrency("Lost", "LOST", 6);
        lost.mint(address(ledger), 7e6);
        assertEq(ledger.sweep(address(lost), alice), 7e6);
        assertEq(lost.balanceOf(alice), 7e6);
    }

    function test_threat_40_the_money_of_holders_is_never_swept() external {
        (ReceivableId id,) = _accepted();
        _pay(id, FACE);
        _expectInvalid("holds money of holders");
        ledger.sweep(address(cash), alice);
        ledger.setCurrencyOpen(eur, false);
        _expectInvalid("holds money of holders");
        ledger.sweep(address(cash), alice);
    }

    function test_threat_40_vouchers_of_the_ledger_itself_are_never_swept() external {
        _verify(address(ledger));
        (, VoucherId voucher) = _accepted();
        _give(voucher, creditor, address(ledger));
        vm.expectRevert();
        ledger.sweep(address(ledger), alice);
        _assertVoucher(voucher, address(ledger), FACE);
    }

    /* INTERNAL */

    function _expectInvalid(bytes32 rule) private {
        vm.expectRevert(abi.encodeWithSelector(ICurrencies.CurrencyInvalid.selector, rule));
    }
}
