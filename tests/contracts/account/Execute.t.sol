// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "contracts/interfaces/IParties.sol";
import {Call, ISponsoredAccount} from "contracts/interfaces/ISponsoredAccount.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {AccountTest} from "tests/contracts/account/AccountTest.sol";

import {VoucherId} from "contracts/types/Ids.sol";

/// @notice What an account signed is carried out in its name, once, in time, and paid for by whoever brings it.
contract ExecuteTest is AccountTest {
    /// @dev Calls back into the account that calls it, with what it was given.
    bytes private _again;

    function _holder() private view returns (address) {
        return IERC721(address(ledger)).ownerOf(VoucherId.unwrap(voucher));
    }

    function test_a_voucher_is_given_by_signature_alone() public {
        Call[] memory calls = _giving(alice);
        bytes memory signature = _signed(calls, 7, _soon());
        assertEq(address(account).balance, 0);
        vm.expectEmit(address(account));
        emit ISponsoredAccount.IntentExecuted(account.intentDigest(calls, 7, _soon()), 7, sponsor);
        vm.prank(sponsor);
        account.execute(calls, 7, _soon(), signature);
        assertEq(_holder(), alice);
        assertTrue(account.isIntentNonceUsed(7));
    }

    function test_all_calls_are_made_or_none() public {
        Call[] memory calls = new Call[](2);
        calls[0] = _moving(address(account), alice, voucher);
        // Not the account's any more.
        calls[1] = _moving(address(account), bob, voucher);
        bytes memory signature = _signed(calls, 1, _soon());
        vm.expectRevert();
        account.execute(calls, 1, _soon(), signature);
        assertEq(_holder(), address(account));
        assertFalse(account.isIntentNonceUsed(1));
    }

    function test_a_refusal_comes_back_unchanged() public {
        Call[] memory calls = _giving(stranger);
        bytes memory signature = _signed(calls, 1, _soon());
        vm.expectRevert(abi.encodeWithSelector(IParties.PartyNotVerified.selector, stranger));
        account.execute(calls, 1, _soon(), signature);
    }

    function test_numbers_have_no_order() public {
        _doNothing(2 ** 255);
        _doNothing(0);
        _doNothing(255);
        _doNothing(256);
        assertFalse(account.isIntentNonceUsed(1));
    }

    function test_threat_19_reverts_when_it_is_brought_again() public {
        Call[] memory calls = _consenting(alice);
        bytes memory signature = _signed(calls, 3, _soon());
        account.execute(calls, 3, _soon(), signature);
        vm.expectRevert(abi.encodeWithSelector(ISponsoredAccount.IntentNonceUsed.selector, 3));
        account.execute(calls, 3, _soon(), signature);
    }

    function test_threat_22_it_counts_in_its_last_second_and_not_after() public {
        uint40 deadline = _soon();
        Call[] memory calls = _consenting(alice);
        bytes memory signature = _signed(calls, 3, deadline);
        vm.warp(uint256(deadline) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISponsoredAccount.IntentExpired.selector, deadline, block.timestamp
            )
        );
        account.execute(calls, 3, deadline, signature);
        vm.warp(deadline);
        account.execute(calls, 3, deadline, signature);
    }

    function test_reverts_when_there_is_nothing_to_do() public {
        Call[] memory calls = new Call[](0);
        bytes memory signature = _signed(calls, 3, _soon());
        vm.expectRevert(ISponsoredAccount.IntentEmpty.selector);
        account.execute(calls, 3, _soon(), signature);
    }

    function test_reverts_when_a_call_goes_to_no_contract() public {
        Call[] memory calls = new Call[](1);
        calls[0] = Call(stranger, "");
        bytes memory signature = _signed(calls, 3, _soon());
        vm.expectRevert(abi.encodeWithSelector(Address.AddressEmptyCode.selector, stranger));
        account.execute(calls, 3, _soon(), signature);
    }

    function test_threat_20_only_the_accounts_own_signature_counts() public {
        Call[] memory calls = _giving(alice);
        bytes32 digest = account.intentDigest(calls, 3, _soon());
        (, uint256 other) = makeAddrAndKey("other");
        _refused(calls, _signedBy(other, digest));
        _refused(calls, "");
        _refused(calls, new bytes(65));
        _refused(calls, abi.encodePacked(_signedBy(accountKey, digest), uint8(0)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(accountKey, digest);
        uint256 order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        bytes32 high = bytes32(order - uint256(s));
        _refused(calls, abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
    }

    function test_threat_18_it_binds_chain_and_account() public {
        Call[] memory calls = _consenting(alice);
        bytes memory signature = _signed(calls, 3, _soon());
        vm.chainId(block.chainid + 1);
        _refused(calls, signature);
        vm.chainId(block.chainid - 1);
        // The same key on another account's code: its own address is in the domain.
        address second = makeAddr("second");
        vm.etch(second, address(account).code);
        vm.expectRevert(
            abi.encodeWithSelector(ISponsoredAccount.IntentSignatureInvalid.selector, second)
        );
        ISponsoredAccount(second).execute(calls, 3, _soon(), signature);
    }

    function testFuzz_it_binds_every_field(uint8 field, bytes4 more) public {
        Call[] memory calls = _consenting(alice);
        uint256 nonce = 3;
        uint40 deadline = _soon();
        bytes memory signature = _signed(calls, nonce, deadline);
        field = field % 4;
        if (field == 0) calls[0].to = address(cash);
        if (field == 1) calls[0].data = abi.encodePacked(calls[0].data, more);
        if (field == 2) nonce = 4;
        if (field == 3) deadline += 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                ISponsoredAccount.IntentSignatureInvalid.selector, address(account)
            )
        );
        account.execute(calls, nonce, deadline, signature);
    }

    function test_threat_1_what_comes_back_in_finds_the_number_used() public {
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(this), abi.encodeCall(this.comeBack, ()));
        bytes memory signature = _signed(calls, 3, _soon());
        _again = abi.encodeCall(ISponsoredAccount.execute, (calls, 3, _soon(), signature));
        vm.expectRevert(abi.encodeWithSelector(ISponsoredAccount.IntentNonceUsed.selector, 3));
        account.execute(calls, 3, _soon(), signature);
    }

    function comeBack() external {
        Address.functionCall(address(account), _again);
    }

    function _consenting(address sender) private view returns (Call[] memory calls) {
        calls = new Call[](1);
        calls[0] = Call(address(ledger), abi.encodeCall(IParties.setConsent, (sender, true)));
    }

    function _doNothing(uint256 nonce) private {
        Call[] memory calls = _consenting(alice);
        bytes memory signature = _signed(calls, nonce, _soon());
        account.execute(calls, nonce, _soon(), signature);
        assertTrue(account.isIntentNonceUsed(nonce));
    }

    function _refused(Call[] memory calls, bytes memory signature) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISponsoredAccount.IntentSignatureInvalid.selector, address(account)
            )
        );
        account.execute(calls, 3, _soon(), signature);
    }
}
