// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC3525Receiver} from "contracts/interfaces/IERC3525Receiver.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {Vm} from "forge-std/Vm.sol";

import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {RefusingReceiver} from "contracts/mocks/RefusingReceiver.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice ERC-3525, sentence by sentence.
contract ERC3525Test is LedgerTest {
    ReceivableId private _id;
    uint256 private _slot;
    uint256 private _token;
    uint256 private _other;

    function setUp() public override {
        super.setUp();
        VoucherId voucher;
        (_id, voucher) = _accepted();
        _slot = _id.toSlot();
        _token = _raw(voucher);
        _other = _raw(_splitOff(voucher, creditor, alice, 100e6));
    }

    /* VALUE AND SLOT */

    function test_values_have_six_decimals() external view {
        assertEq(ledger.valueDecimals(), 6);
    }

    function test_a_token_has_a_value_and_a_slot() external view {
        assertEq(ledger.balanceOf(_other), 100e6);
        assertEq(ledger.slotOf(_token), _slot);
        assertEq(ledger.slotOf(_other), _slot);
    }

    function test_the_slot_is_set_when_a_token_is_minted() external {
        uint256 next = _raw(_id.voucherAt(3));
        vm.expectEmit(address(ledger));
        emit IERC3525.SlotChanged(next, 0, _slot);
        _toAddress(creditor, alice, 1e6);
    }

    /* APPROVAL OF VALUE */

    function test_owner_operator_and_approved_set_an_allowance() external {
        vm.prank(creditor);
        ledger.setApprovalForAll(bob, true);
        vm.expectEmit(address(ledger));
        emit IERC3525.ApprovalValue(_token, stranger, 5e6);
        vm.prank(bob);
        ledger.approve(_token, stranger, 5e6);
        assertEq(ledger.allowance(_token, stranger), 5e6);
        vm.prank(creditor);
        ledger.approve(alice, _token);
        vm.prank(alice);
        ledger.approve(_token, stranger, 6e6);
        assertEq(ledger.allowance(_token, stranger), 6e6);
    }

    function test_an_allowance_is_needed_and_used_up_in_both_kinds_of_transfer() external {
        vm.prank(creditor);
        ledger.approve(_token, stranger, 5e6);
        _toToken(stranger, 2e6);
        assertEq(ledger.allowance(_token, stranger), 3e6);
        _toAddress(stranger, alice, 3e6);
        assertEq(ledger.allowance(_token, stranger), 0);
        vm.expectRevert(
            abi.encodeWithSignature(
                "InsufficientAllowance(uint256,address,uint256,uint256)", _token, stranger, 0, 1
            )
        );
        _toToken(stranger, 1);
        vm.expectRevert(
            abi.encodeWithSignature(
                "InsufficientAllowance(uint256,address,uint256,uint256)", _token, stranger, 0, 1
            )
        );
        _toAddress(stranger, alice, 1);
    }

    /* TOKEN TO TOKEN */

    function test_value_moves_between_tokens_of_one_slot() external {
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_token, _other, 30e6);
        _toToken(creditor, 30e6);
        assertEq(ledger.balanceOf(_token), FACE - 130e6);
        assertEq(ledger.balanceOf(_other), 130e6);
        assertEq(ledger.ownerOf(_other), alice);
    }

    function test_value_does_not_move_between_slots() external {
        (, VoucherId foreign) = _accepted();
        vm.expectRevert(
            abi.encodeWithSignature("NotSameReceivable(uint256,uint256)", _token, _raw(foreign))
        );
        vm.prank(creditor);
        ledger.transferFrom(_token, _raw(foreign), 1e6);
    }

    function test_more_than_the_value_does_not_move() external {
        vm.expectRevert(
            abi.encodeWithSignature(
                "InsufficientValue(uint256,uint256,uint256)", _other, 100e6, 100e6 + 1
            )
        );
        vm.prank(alice);
        ledger.transferFrom(_other, _token, 100e6 + 1);
    }

    function test_invalid_tokens_neither_give_nor_receive() external {
        _expectNonexistent(VoucherId.wrap(1));
        vm.prank(creditor);
        ledger.transferFrom(_token, uint256(1), 1e6);
        _expectNonexistent(VoucherId.wrap(1));
        vm.prank(creditor);
        ledger.transferFrom(uint256(1), _token, 1e6);
    }

    /* TOKEN TO ADDRESS */

    function test_value_moves_to_an_address_into_a_new_token_of_the_slot() external {
        uint256 next = _raw(_id.voucherAt(3));
        vm.recordLogs();
        assertEq(_toAddress(creditor, alice, 30e6), next);
        assertEq(ledger.ownerOf(next), alice);
        assertEq(ledger.balanceOf(next), 30e6);
        assertEq(ledger.slotOf(next), _slot);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 3);
        assertEq(logs[0].topics[0], IERC721.Transfer.selector);
        assertEq(logs[1].topics[0], IERC3525.SlotChanged.selector);
        assertEq(logs[2].topics[0], IERC3525.TransferValue.selector);
        assertEq(logs[2].topics[1], bytes32(_token));
        assertEq(logs[2].topics[2], bytes32(next));
    }

    function test_value_does_not_move_to_nobody() external {
        vm.expectRevert(abi.encodeWithSignature("ERC721InvalidReceiver(address)", address(0)));
        _toAddress(creditor, address(0), 1e6);
    }

    /* CREATION AND DESTRUCTION */

    function test_creation_comes_from_zero_and_destruction_goes_to_zero() external {
        (ReceivableId id,) = _accepted();
        uint256 first = _raw(id.firstVoucher());
        _pay(id, FACE);
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(first, 0, FACE);
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(creditor, address(0), first);
        _redeem(id.firstVoucher());
    }

    /* WHOLE TOKENS KEEP VALUE AND SLOT */

    function test_a_whole_transfer_takes_the_value_along_and_ends_allowances() external {
        vm.prank(alice);
        ledger.approve(_other, stranger, 5e6);
        vm.recordLogs();
        vm.prank(alice);
        ledger.transferFrom(alice, bob, _other);
        assertEq(vm.getRecordedLogs().length, 1);
        assertEq(ledger.balanceOf(_other), 100e6);
        assertEq(ledger.slotOf(_other), _slot);
        assertEq(ledger.allowance(_other, stranger), 0);
    }

    /* RECEIVERS */

    function test_a_receiver_is_asked_in_both_kinds_of_transfer() external {
        ReentrantReceiver receiver = new ReentrantReceiver();
        _verify(address(receiver));
        uint256 next = _raw(_id.voucherAt(3));
        vm.expectCall(
            address(receiver),
            abi.encodeCall(IERC3525Receiver.onERC3525Received, (creditor, _token, next, 1e6, ""))
        );
        _toAddress(creditor, address(receiver), 1e6);
        vm.expectCall(
            address(receiver),
            abi.encodeCall(IERC3525Receiver.onERC3525Received, (creditor, _token, next, 2e6, ""))
        );
        vm.prank(creditor);
        ledger.transferFrom(_token, next, 2e6);
    }

    function test_a_receiver_that_refuses_is_obeyed() external {
        address receiver = address(new RefusingReceiver(RefusingReceiver.Manner.WrongSelector));
        _verify(receiver);
        vm.expectRevert(abi.encodeWithSignature("ValueRefused(address)", receiver));
        _toAddress(creditor, receiver, 1e6);
    }

    function test_a_contract_that_is_no_receiver_receives() external {
        _verify(address(cash));
        uint256 token = _toAddress(creditor, address(cash), 1e6);
        assertEq(ledger.ownerOf(token), address(cash));
    }

    /* INTERNAL */

    function _toToken(address by, uint256 value) private {
        vm.prank(by);
        ledger.transferFrom(_token, _other, value);
    }

    function _toAddress(address by, address to, uint256 value) private returns (uint256) {
        vm.prank(by);
        return ledger.transferFrom(_token, to, value);
    }
}
