// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";

import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {RefusingReceiver} from "contracts/mocks/RefusingReceiver.sol";
import {VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice ERC-721, sentence by sentence.
contract ERC721Test is LedgerTest {
    VoucherId private _voucher;
    uint256 private _token;

    function setUp() public override {
        super.setUp();
        (, _voucher) = _accepted();
        _token = _raw(_voucher);
    }

    /* BALANCE AND OWNER */

    function test_balance_counts_tokens_and_is_refused_for_zero() external {
        _accepted();
        assertEq(ledger.balanceOf(creditor), 2);
        assertEq(ledger.balanceOf(stranger), 0);
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidOwner(address)", address(0)));
        ledger.balanceOf(address(0));
    }

    function test_tokens_of_nobody_are_invalid() external {
        assertEq(ledger.ownerOf(_token), creditor);
        _expectNonexistent(VoucherId.wrap(_token + 1));
        ledger.ownerOf(_token + 1);
    }

    /* TRANSFER */

    function test_owner_approved_and_operator_transfer() external {
        _transfer(creditor, creditor, alice);
        vm.prank(alice);
        ledger.approve(stranger, _token);
        _transfer(stranger, alice, bob);
        vm.prank(bob);
        ledger.setApprovalForAll(stranger, true);
        _transfer(stranger, bob, creditor);
        assertEq(ledger.ownerOf(_token), creditor);
    }

    function test_transfer_is_refused_to_zero_from_others_and_of_invalid_tokens() external {
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidReceiver(address)", address(0)));
        _transfer(creditor, creditor, address(0));
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", alice, _token, creditor
            )
        );
        _transfer(creditor, alice, bob);
        _expectNonexistent(VoucherId.wrap(0));
        vm.prank(creditor);
        ledger.transferFrom(creditor, alice, 0);
    }

    function test_transfer_emits_once_and_clears_the_approval_in_silence() external {
        vm.prank(creditor);
        ledger.approve(bob, _token);
        vm.recordLogs();
        _transfer(creditor, creditor, alice);
        assertEq(vm.getRecordedLogs().length, 1);
        assertEq(ledger.getApproved(_token), address(0));
    }

    /* SAFE TRANSFER */

    function test_safe_transfer_asks_a_contract_with_all_it_should_know() external {
        ReentrantReceiver receiver = new ReentrantReceiver();
        _verify(address(receiver));
        vm.expectCall(
            address(receiver),
            abi.encodeCall(IERC721Receiver.onERC721Received, (creditor, creditor, _token, "data"))
        );
        vm.prank(creditor);
        ledger.safeTransferFrom(creditor, address(receiver), _token, "data");
        assertEq(ledger.ownerOf(_token), address(receiver));
    }

    function test_safe_transfer_without_data_sends_none() external {
        ReentrantReceiver receiver = new ReentrantReceiver();
        _verify(address(receiver));
        vm.expectCall(
            address(receiver),
            abi.encodeCall(IERC721Receiver.onERC721Received, (creditor, creditor, _token, ""))
        );
        vm.prank(creditor);
        ledger.safeTransferFrom(creditor, address(receiver), _token);
    }

    function test_safe_transfer_to_an_account_asks_nobody() external {
        vm.prank(creditor);
        ledger.safeTransferFrom(creditor, alice, _token);
        assertEq(ledger.ownerOf(_token), alice);
    }

    function test_safe_transfer_is_refused_by_contracts_that_do_not_receive() external {
        address[4] memory receivers = [
            address(new RefusingReceiver(RefusingReceiver.Manner.Revert)),
            address(new RefusingReceiver(RefusingReceiver.Manner.RevertSilently)),
            address(new RefusingReceiver(RefusingReceiver.Manner.WrongSelector)),
            address(cash)
        ];
        for (uint256 i = 0; i < receivers.length; ++i) {
            _verify(receivers[i]);
            vm.expectRevert();
            vm.prank(creditor);
            ledger.safeTransferFrom(creditor, receivers[i], _token);
        }
        assertEq(ledger.ownerOf(_token), creditor);
    }

    function test_safe_transfer_is_bound_by_the_same_rules() external {
        _expectNotOperator(stranger, _voucher);
        vm.prank(stranger);
        ledger.safeTransferFrom(creditor, alice, _token);
        _expectNotVerified(stranger);
        vm.prank(creditor);
        ledger.safeTransferFrom(creditor, stranger, _token);
        _pause();
        _expectPaused();
        vm.prank(creditor);
        ledger.safeTransferFrom(creditor, alice, _token);
    }

    /* APPROVAL */

    function test_approval_is_by_owner_or_operator_for_one_at_a_time() external {
        vm.startPrank(creditor);
        ledger.approve(alice, _token);
        vm.expectEmit(address(ledger));
        emit IERC721.Approval(creditor, bob, _token);
        ledger.approve(bob, _token);
        vm.stopPrank();
        assertEq(ledger.getApproved(_token), bob);
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidApprover(address)", bob));
        vm.prank(bob);
        ledger.approve(alice, _token);
    }

    function test_approval_of_invalid_tokens_is_refused() external {
        _expectNonexistent(VoucherId.wrap(0));
        ledger.getApproved(0);
    }

    function test_an_owner_can_have_many_operators() external {
        vm.startPrank(creditor);
        ledger.setApprovalForAll(alice, true);
        vm.expectEmit(address(ledger));
        emit IERC721.ApprovalForAll(creditor, bob, true);
        ledger.setApprovalForAll(bob, true);
        vm.stopPrank();
        assertTrue(ledger.isApprovedForAll(creditor, alice));
        assertTrue(ledger.isApprovedForAll(creditor, bob));
        assertFalse(ledger.isApprovedForAll(alice, creditor));
    }

    /* METADATA */

    function test_the_collection_has_a_name_and_a_symbol() external view {
        assertEq(ledger.name(), "Duebill");
        assertEq(ledger.symbol(), "DUE");
    }

    /* INTERNAL */

    function _transfer(address by, address from, address to) private {
        vm.prank(by);
        ledger.transferFrom(from, to, _token);
    }
}
