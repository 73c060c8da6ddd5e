// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;
import {LedgerTest} from "./LedgerTest.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
contract SmokeTest is LedgerTest {
    function test_life() external {
        (ReceivableId id, VoucherId v) = _accepted();
        VoucherId w = _splitOff(v, creditor, alice, 400_000e6);
        vm.prank(alice); ledger.transferFrom(alice, bob, VoucherId.unwrap(w));
        _pay(id, FACE/3);
        vm.prank(bob); ledger.redeem(w);
        _pay(id, type(uint256).max);
        vm.prank(bob); ledger.redeem(w);
        vm.prank(creditor); ledger.redeem(v);
        assertEq(cash.balanceOf(address(ledger)), 0);
        assertEq(cash.balanceOf(bob), 400_000e6);
    }
}
