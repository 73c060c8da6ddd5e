// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Several calls in one transaction, hot and rare code mixed.
contract MulticallTest is LedgerTest {
    function test_calls_run_in_order_in_the_callers_name() external {
        ReceivableId id = _issued();
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(ledger.accept, (id));
        calls[1] = abi.encodeCall(ledger.pay, (id, FACE));
        calls[2] = abi.encodeCall(ledger.statusOf, (id));
        vm.prank(obligor);
        bytes[] memory results = ledger.multicall(calls);

        assertEq(abi.decode(results[1], (uint256)), FACE);
        assertEq(abi.decode(results[2], (uint8)), uint8(Status.Settled));
    }

    function test_rare_calls_and_restricted_ones_run_too() external {
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(ledger.verifyParty, (stranger, FOREVER, REASON));
        calls[1] = abi.encodeCall(ledger.createProgramme, (_programme()));
        calls[2] = abi.encodeCall(ledger.partyOf, (stranger));
        bytes[] memory results = ledger.multicall(calls);
        assertTrue(ledger.isVerified(stranger));
        assertEq(abi.decode(results[1], (uint16)), 2);
        assertEq(results[2], abi.encode(ledger.partyOf(stranger)));
    }

    function test_one_failure_undoes_all_and_is_told_unchanged() external {
        ReceivableId id = _issued();
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(ledger.accept, (id));
        calls[1] = abi.encodeCall(ledger.accept, (id));
        _expectWrongStatus(id, Status.Accepted, Status.Issued);
        vm.prank(obligor);
        ledger.multicall(calls);
        _assertStatus(id, Status.Issued);
    }

    function test_a_batch_gives_nobody_more_rights() external {
        (, VoucherId voucher) = _accepted();
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(ledger.verifyParty, (stranger, FOREVER, REASON));
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        ledger.multicall(calls);
        calls[0] = abi.encodeCall(ledger.split, (voucher, _parts(alice, 1e6)));
        _expectNotOperator(stranger, voucher);
        vm.prank(stranger);
        ledger.multicall(calls);
    }

    function test_batches_can_hold_batches() external {
        Terms memory terms = _terms();
        bytes[] memory inner = new bytes[](1);
        inner[0] = abi.encodeCall(ledger.issue, (terms));
        bytes[] memory outer = new bytes[](1);
        outer[0] = abi.encodeCall(ledger.multicall, (inner));
        vm.prank(creditor);
        ledger.multicall(outer);
        _assertStatus(ledger.idOf(terms), Status.Issued);
    }
}
