// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Call, ISponsoredAccount} from "contracts/interfaces/ISponsoredAccount.sol";
import {AccountTest} from "tests/contracts/account/AccountTest.sol";

import {VoucherId} from "contracts/types/Ids.sol";

/// @notice A contract that goes on when something inside it fails.
contract Forgiving {
    uint256 public done;

    function act() external {
        try this.toil() {} catch {}
    }

    function toil() external {
        for (uint256 i = 0; i < 200; ++i) {
            done = uint256(keccak256(abi.encode(done)));
        }
    }
}

/// @notice What relayers can do to an account and its sponsor: docs/security/trust-review-1.md.
contract AccountReviewTest is AccountTest {
    /* GAS */

    /// @dev With any gas an intent is carried out whole, or its number is as it was.
    function testFuzz_threat_4_too_little_gas_leaves_the_intent_as_it_was(uint256 gas) external {
        Call[] memory calls = _giving(alice);
        bytes memory signature = _signed(calls, 1, _soon());
        gas = bound(gas, 30_000, 250_000);
        vm.prank(sponsor);
        (bool success,) = address(account).call{gas: gas}(
            abi.encodeCall(ISponsoredAccount.execute, (calls, 1, _soon(), signature))
        );
        assertEq(account.isIntentNonceUsed(1), success);
        assertEq(ledger.ownerOf(VoucherId.unwrap(voucher)) == alice, success);
    }

    /// @dev The contracts of this project ask for enough gas wherever they go on after a failure.
    function test_a_call_that_forgives_failures_can_be_starved_by_whoever_brings_it() external {
        Forgiving target = new Forgiving();
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(target), abi.encodeCall(Forgiving.act, ()));
        account.execute{gas: 100_000}(calls, 1, _soon(), _signed(calls, 1, _soon()));
        assertTrue(account.isIntentNonceUsed(1));
        assertEq(target.done(), 0);
        account.execute(calls, 2, _soon(), _signed(calls, 2, _soon()));
        assertNotEq(target.done(), 0);
    }

    /* WHO BRINGS IT */

    function test_threat_16_who_brings_it_first_only_helps() external {
        Call[] memory calls = _giving(alice);
        bytes memory signature = _signed(calls, 1, _soon());
        vm.prank(stranger);
        account.execute(calls, 1, _soon(), signature);
        assertEq(ledger.ownerOf(VoucherId.unwrap(voucher)), alice);
        vm.expectRevert(abi.encodeWithSelector(ISponsoredAccount.IntentNonceUsed.selector, 1));
        vm.prank(sponsor);
        account.execute(calls, 1, _soon(), signature);
    }

    /* WHOSE CODE, WHOSE STORAGE */

    function test_threat_38_nobody_acts_for_the_code_itself() external {
        address code = deployCode("SponsoredAccount.sol:SponsoredAccount");
        ISponsoredAccount bare = ISponsoredAccount(payable(code));
        Call[] memory calls = _giving(alice);
        bytes memory signature = _signedBy(accountKey, bare.intentDigest(calls, 1, _soon()));
        vm.expectRevert(
            abi.encodeWithSelector(ISponsoredAccount.IntentSignatureInvalid.selector, code)
        );
        bare.execute(calls, 1, _soon(), signature);
    }

    function test_threat_38_what_other_code_left_in_low_slots_is_no_used_number() external {
        for (uint256 slot = 0; slot < 16; ++slot) {
            vm.store(address(account), bytes32(slot), bytes32(type(uint256).max));
        }
        assertFalse(account.isIntentNonceUsed(0));
        Call[] memory calls = _giving(alice);
        account.execute(calls, 0, _soon(), _signed(calls, 0, _soon()));
        assertTrue(account.isIntentNonceUsed(0));
    }

    function test_threat_18_an_intents_signature_is_no_word_for_another_digest() external view {
        Call[] memory calls = _giving(alice);
        bytes memory signature = _signed(calls, 1, _soon());
        bytes32 other = account.intentDigest(calls, 2, _soon());
        assertEq(account.isValidSignature(other, signature), bytes4(0xffffffff));
    }
}
