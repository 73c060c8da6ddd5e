// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Call, ISponsoredAccount} from "contracts/interfaces/ISponsoredAccount.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {AccountTest} from "tests/contracts/account/AccountTest.sol";

/// @notice An account with code stays its key's: it withdraws, signs for others to ask, receives, and keeps
/// its numbers where nothing else writes.
contract AccountsTest is AccountTest {
    function test_what_was_signed_can_be_withdrawn() public {
        Call[] memory calls = _giving(alice);
        bytes memory signature = _signed(calls, 3, _soon());
        vm.expectEmit(address(account));
        emit ISponsoredAccount.IntentWithdrawn(3);
        vm.prank(address(account));
        account.withdraw(3);
        vm.expectRevert(abi.encodeWithSelector(ISponsoredAccount.IntentNonceUsed.selector, 3));
        account.execute(calls, 3, _soon(), signature);
    }

    function test_it_can_be_withdrawn_by_signature() public {
        Call[] memory calls = new Call[](1);
        calls[0] = Call(address(account), abi.encodeCall(ISponsoredAccount.withdraw, (3)));
        bytes memory signature = _signed(calls, 4, _soon());
        vm.prank(sponsor);
        account.execute(calls, 4, _soon(), signature);
        assertTrue(account.isIntentNonceUsed(3));
    }

    function test_reverts_when_another_withdraws() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                ISponsoredAccount.IntentSignatureInvalid.selector, address(account)
            )
        );
        vm.prank(sponsor);
        account.withdraw(3);
    }

    function test_reverts_when_a_number_is_withdrawn_twice() public {
        vm.startPrank(address(account));
        account.withdraw(3);
        vm.expectRevert(abi.encodeWithSelector(ISponsoredAccount.IntentNonceUsed.selector, 3));
        account.withdraw(3);
    }

    function testFuzz_other_contracts_are_told_whose_signature_it_is(bytes32 digest) public view {
        bytes4 yes = IERC1271.isValidSignature.selector;
        assertEq(account.isValidSignature(digest, _signedBy(accountKey, digest)), yes);
        bytes32 other = keccak256(abi.encode(digest));
        assertTrue(account.isValidSignature(other, _signedBy(accountKey, digest)) != yes);
        assertTrue(account.isValidSignature(digest, "") != yes);
    }

    function test_it_receives_as_contracts_do() public {
        // Verified again, it is noted as a contract, and is asked from now on.
        _verify(address(account));
        Call[] memory calls = _giving(alice);
        account.execute(calls, 1, _soon(), _signed(calls, 1, _soon()));
        Call memory back = _moving(alice, address(account), voucher);
        vm.prank(alice);
        (bool success,) = back.to.call(back.data);
        assertTrue(success);
    }

    function test_it_receives_ether_as_it_did_before() public {
        vm.deal(sponsor, 1 ether);
        vm.prank(sponsor);
        (bool success,) = address(account).call{value: 1 ether}("");
        assertTrue(success);
        assertEq(address(account).balance, 1 ether);
    }

    function test_its_numbers_stand_where_the_namespace_says() public {
        bytes32 place = keccak256(abi.encode(uint256(keccak256("duebill.SponsoredAccount")) - 1))
            & ~bytes32(uint256(0xff));
        vm.prank(address(account));
        account.withdraw(0);
        // EIP712 keeps two fallback strings first, then comes the map of numbers.
        bytes32 bucket = keccak256(abi.encode(uint256(0), uint256(place) + 2));
        assertEq(uint256(vm.load(address(account), bucket)), 1);
        assertEq(uint256(vm.load(address(account), 0)), 0);
    }
}
