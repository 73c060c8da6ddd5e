// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "contracts/interfaces/IParties.sol";

import {Party, Programme} from "contracts/types/DataTypes.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

contract PartiesTest is LedgerTest {
    bytes32 private constant _KEY = "key";

    address private _carol = makeAddr("carol");

    /* VERIFICATION */

    function test_a_party_is_verified_up_to_and_including_a_time() external {
        uint40 until = uint40(block.timestamp + 1 days);
        vm.expectEmit(address(ledger));
        emit IParties.PartyVerified(_carol, until, REASON, address(this));
        ledger.verifyParty(_carol, until, REASON);

        assertEq(ledger.partyOf(_carol).verifiedUntil, until);
        assertEq(ledger.partyOf(_carol).identifier, REASON);
        vm.warp(until);
        assertTrue(ledger.isVerified(_carol));
        vm.warp(until + 1);
        assertFalse(ledger.isVerified(_carol));
    }

    function test_threat_41_a_verification_counts_in_its_last_second() external {
        (, VoucherId voucher) = _accepted();
        uint40 until = uint40(block.timestamp + 1 days);
        ledger.verifyParty(_carol, until, REASON);
        vm.warp(until);
        _splitOff(voucher, creditor, _carol, 1e6);
        vm.warp(until + 1);
        _expectNotVerified(_carol);
        _splitOff(voucher, creditor, _carol, 1e6);
    }

    function test_a_time_in_the_past_ends_a_verification() external {
        _unverify(alice);
        assertFalse(ledger.isVerified(alice));
    }

    function test_reverts_when_party_is_zero() external {
        vm.expectRevert(IParties.PartyIsZero.selector);
        _verify(address(0));
    }

    /* FREEZE */

    function test_a_party_is_frozen_up_to_and_including_a_time() external {
        (, VoucherId voucher) = _accepted();
        uint40 until = uint40(block.timestamp + 1 days);
        vm.expectEmit(address(ledger));
        emit IParties.PartyFrozen(creditor, until, REASON, address(this));
        ledger.freezeParty(creditor, until, REASON);

        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IParties.PartyIsFrozen.selector, creditor, until));
        _give(voucher, creditor, alice);
        vm.warp(until + 1);
        _give(voucher, creditor, alice);
    }

    function test_zero_ends_a_freeze() external {
        (, VoucherId voucher) = _accepted();
        _freezeParty(creditor);
        ledger.freezeParty(creditor, 0, REASON);
        _give(voucher, creditor, alice);
    }

    /* EVERY FIELD FOR ITSELF */

    function test_threat_33_fields_of_a_party_do_not_touch_each_other(
        uint40 verified,
        uint40 frozen,
        bool custodian
    ) external {
        _accepted();
        ledger.verifyParty(creditor, verified, REASON);
        ledger.freezeParty(creditor, frozen, REASON);
        ledger.setCustodian(creditor, custodian);
        ledger.setPayee(creditor, alice, REASON);

        Party memory party = ledger.partyOf(creditor);
        assertEq(party.verifiedUntil, verified);
        assertEq(party.frozenUntil, frozen);
        assertEq(party.custodian, custodian);
        assertEq(party.payee, alice);
        assertEq(party.vouchers, 1);
        assertEq(party.defaults, 0);
        ledger.setPayee(creditor, address(0), REASON);
        assertEq(ledger.partyOf(creditor).payee, address(0));
        assertEq(ledger.partyOf(creditor).custodian, custodian);
    }

    function test_a_stranger_is_nothing() external view {
        Party memory party = ledger.partyOf(stranger);
        assertEq(uint256(party.verifiedUntil) + party.frozenUntil + party.vouchers, 0);
        assertFalse(party.custodian);
        assertFalse(ledger.isVerified(stranger));
    }

    /* CUSTODIAN AND PAYEE */

    function test_custodians_are_named_and_dismissed() external {
        vm.expectEmit(address(ledger));
        emit IParties.CustodianSet(bob, true);
        ledger.setCustodian(bob, true);
        assertTrue(ledger.partyOf(bob).custodian);
        ledger.setCustodian(bob, false);
        assertFalse(ledger.partyOf(bob).custodian);
    }

    function test_threat_36_a_payee_is_named_in_the_open() external {
        vm.expectEmit(address(ledger));
        emit IParties.PayeeSet(creditor, bob, REASON, address(this));
        ledger.setPayee(creditor, bob, REASON);
        assertEq(ledger.partyOf(creditor).payee, bob);
    }

    function test_reverts_when_payee_is_unverified_or_frozen() external {
        _expectNotVerified(stranger);
        ledger.setPayee(creditor, stranger, REASON);
        _freezeParty(bob);
        _expectFrozen(bob);
        ledger.setPayee(creditor, bob, REASON);
    }

    /* WHAT PARTIES SAY OF THEMSELVES */

    function test_a_party_publishes_its_encryption_key() external {
        vm.expectEmit(address(ledger));
        emit IParties.EncryptionKeyPublished(alice, _KEY);
        vm.prank(alice);
        ledger.publishEncryptionKey(_KEY);
        assertEq(ledger.partyOf(alice).encryptionKey, _KEY);
        assertEq(ledger.partyOf(bob).encryptionKey, 0);
    }

    function test_reverts_when_an_unverified_or_frozen_party_publishes_a_key() external {
        _expectNotVerified(stranger);
        vm.prank(stranger);
        ledger.publishEncryptionKey(_KEY);
        _freezeParty(alice);
        _expectFrozen(alice);
        vm.prank(alice);
        ledger.publishEncryptionKey(_KEY);
    }

    /* CONSENT */

    function test_standing_consent_is_given_and_withdrawn() external {
        VoucherId voucher = _consensual();
        vm.expectEmit(address(ledger));
        emit IParties.ConsentSet(alice, creditor, true);
        _consent(creditor, true);
        assertTrue(ledger.hasConsented(alice, creditor));
        assertFalse(ledger.hasConsented(creditor, alice));
        _splitOff(voucher, creditor, alice, 1e6);
        _consent(creditor, false);
        _expectNoConsent(alice, creditor);
        _splitOff(voucher, creditor, alice, 1e6);
    }

    function test_reverts_given_no_consent() external {
        VoucherId voucher = _consensual();
        _expectNoConsent(alice, creditor);
        _give(voucher, creditor, alice);
        _consent(bob, true);
        _expectNoConsent(alice, creditor);
        _give(voucher, creditor, alice);
        VoucherId own = _splitOff(voucher, creditor, creditor, 1e6);
        _consent(creditor, true);
        _give(own, creditor, alice);
        _consent(creditor, false);
        _expectNoConsent(alice, creditor);
        _moveValue(voucher, own, creditor, 1e6);
    }

    function test_who_fetches_a_voucher_consents() external {
        VoucherId voucher = _consensual();
        vm.prank(creditor);
        ledger.approve(alice, _raw(voucher));
        vm.prank(alice);
        ledger.transferFrom(creditor, alice, _raw(voucher));
        _assertVoucher(voucher, alice, FACE);
    }

    function test_custodians_take_and_give_without_standing_consent() external {
        VoucherId voucher = _consensual();
        ledger.setCustodian(bob, true);
        _give(voucher, creditor, bob);
        _give(voucher, bob, alice);
        vm.prank(alice);
        ledger.approve(bob, _raw(voucher));
        vm.prank(bob);
        ledger.transferFrom(alice, creditor, _raw(voucher));
        _assertVoucher(voucher, creditor, FACE);
    }

    function test_to_oneself_nothing_has_to_be_consented() external {
        VoucherId voucher = _consensual();
        _splitOff(voucher, creditor, creditor, 1e6);
        _give(voucher, creditor, creditor);
    }

    /* INTERNAL */

    function _consensual() private returns (VoucherId voucher) {
        Programme memory rules = _programme();
        rules.consent = true;
        (, voucher) = _accepted(_termsUnder(rules));
    }

    function _consent(address sender, bool given) private {
        vm.prank(alice);
        ledger.setConsent(sender, given);
    }

    function _expectNoConsent(address recipient, address sender) private {
        vm.expectRevert(abi.encodeWithSelector(IParties.ConsentMissing.selector, recipient, sender));
    }
}
