// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IParties} from "contracts/interfaces/IParties.sol";
import {IReceivableLedger} from "contracts/interfaces/IReceivableLedger.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";

import {LedgerTest} from "../LedgerTest.sol";
import {RebasingToken} from "contracts/mocks/RebasingToken.sol";
import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";

/// @notice Where numbers end, and where the ledger's two pieces meet (K9 to K12 of README.md).
contract EdgesTest is LedgerTest {
    /* NUMBERS */

    /// @dev K9: the largest face, in the currency with the most decimals, from end to end.
    function testFuzz_K9_largest_face_in_any_decimals(uint8 decimals, uint80 paid) external {
        decimals = uint8(bound(decimals, 6, 36));
        TestCurrency coin = new TestCurrency("Any", "ANY", decimals);
        Terms memory terms =
            _termsIn(ledger.addCurrency("EUR", address(coin), address(0), decimals));
        terms.face = type(uint80).max;
        (ReceivableId id, VoucherId voucher) = _accepted(terms);
        paid = uint80(bound(paid, 1, type(uint80).max - 1));
        uint256 scale = 10 ** (decimals - 6);
        coin.mint(obligor, terms.face * scale);
        vm.prank(obligor);
        coin.approve(address(ledger), type(uint256).max);
        VoucherId half = _splitOff(voucher, creditor, alice, type(uint80).max / 2);
        _pay(id, paid);
        uint256 taken = ledger.claimableOf(voucher);
        if (taken != 0) _redeem(voucher);
        _pay(id, type(uint256).max);
        taken += _redeem(voucher) + _redeem(half);
        assertEq(taken, type(uint80).max);
        assertEq(coin.balanceOf(alice), uint256(type(uint80).max / 2) * scale);
        assertEq(coin.balanceOf(address(ledger)), 0);
    }

    /// @dev K10: the last days that 16 bits can name neither overflow nor come early.
    function test_K10_the_last_day_of_the_calendar() external {
        Programme memory rules = _programme();
        (rules.acceptanceDays, rules.graceDays) = (type(uint16).max, type(uint16).max);
        (rules.maxTenorDays, rules.maxSplits) = (type(uint16).max, 0);
        Terms memory terms = _termsUnder(rules);
        terms.dueDay = type(uint16).max;
        ReceivableId id = _issued(terms);
        assertEq(ledger.receivableOf(id).acceptBy, type(uint16).max);
        vm.warp(65_536 * 1 days - 1);
        vm.prank(obligor);
        ledger.accept(id);
        vm.warp(uint256(2 * 65_535 + 1) * 1 days - 1);
        _assertStatus(id, Status.Accepted);
        vm.warp(uint256(2 * 65_535 + 1) * 1 days);
        _assertStatus(id, Status.Overdue);
    }

    /// @dev K10: an acceptance period that would end after the due date ends with it.
    function testFuzz_K10_acceptance_ends_by_the_due_date(uint16 tenor, uint16 period) external {
        Programme memory rules = _programme();
        rules.maxTenorDays = type(uint16).max;
        rules.acceptanceDays = uint16(bound(period, 1, type(uint16).max));
        Terms memory terms = _termsUnder(rules);
        uint256 today = block.timestamp / 1 days;
        terms.dueDay = uint16(bound(tenor, today, type(uint16).max));
        uint256 acceptBy = ledger.receivableOf(_issued(terms)).acceptBy;
        uint256 wanted = today + rules.acceptanceDays;
        assertEq(acceptBy, wanted < terms.dueDay ? wanted : terms.dueDay);
    }

    /* MONEY THAT SHRINKS */

    /// @dev 2 (THREATS 6): what a rebasing token takes away is missing in that currency alone.
    function test_02_rebasing_is_felt_in_its_own_currency_only() external {
        RebasingToken shrinking = new RebasingToken();
        uint8 currency = ledger.addCurrency("EUR", address(shrinking), address(0), 6);
        (ReceivableId id, VoucherId voucher) = _accepted(_termsIn(currency));
        (ReceivableId other, VoucherId otherVoucher) = _accepted();
        shrinking.mint(obligor, FACE);
        vm.prank(obligor);
        shrinking.approve(address(ledger), FACE);
        _pay(id, FACE);
        _pay(other, FACE);
        shrinking.rebase(50);
        vm.expectRevert();
        vm.prank(creditor);
        ledger.redeem(voucher);
        assertEq(_redeem(otherVoucher), FACE);
        shrinking.rebase(100);
        assertEq(_redeem(voucher), FACE);
    }

    /* TWO PIECES */

    /// @dev K11: the two pieces together answer the whole interface, and nothing is answered by neither.
    function test_K11_ledger_and_office_answer_the_whole_interface() external {
        string memory path = "build/forge/IReceivableLedger.sol/IReceivableLedger.json";
        string memory artifact = vm.readFile(path);
        string[] memory signatures = vm.parseJsonKeys(artifact, ".methodIdentifiers");
        assertGt(signatures.length, 80);
        for (uint256 i = 0; i < signatures.length; ++i) {
            bytes4 selector = bytes4(keccak256(bytes(signatures[i])));
            bytes memory zeros = new bytes(512);
            // What stumbles over a zero does not stumble over a contract, and the other way round.
            bool known = _isAnswered(abi.encodePacked(selector, zeros))
                || _isAnswered(abi.encodePacked(selector, abi.encode(cash), zeros));
            assertTrue(known, signatures[i]);
        }
        vm.expectRevert(Errors.FailedCall.selector);
        Address.functionCall(address(ledger), abi.encodeWithSignature("mint()"));
    }

    /// @dev K12: at its own address the office has no authority, no parties and no receivables.
    function test_K12_the_office_alone_can_do_nothing() external {
        IReceivableLedger office = IReceivableLedger(ledger.office());
        (ReceivableId id, VoucherId voucher) = _accepted();
        bytes[8] memory calls = [
            abi.encodeCall(ledger.verifyParty, (stranger, FOREVER, REASON)),
            abi.encodeCall(ledger.pause, (uint40(block.timestamp), REASON)),
            abi.encodeCall(ledger.seizeVoucher, (voucher, creditor, alice, REASON)),
            abi.encodeCall(ledger.sweep, (address(cash), stranger)),
            abi.encodeCall(ledger.advance, (id, alice, 1)),
            abi.encodeCall(ledger.declareDefault, (id)),
            abi.encodeCall(ledger.extinguish, (voucher)),
            abi.encodeWithSignature("setAuthority(address)", address(this))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(obligor);
            (bool success,) = address(office).call(calls[i]);
            assertFalse(success);
        }
        _assertStatus(id, Status.Accepted);
        assertEq(IAccessManaged(address(office)).authority(), address(0));
    }

    /// @dev K13: an act that the manager delays runs through the ledger in the office, once, when due.
    function test_K13_delayed_acts_reach_the_office() external {
        (, VoucherId voucher) = _accepted();
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = ledger.seizeVoucher.selector;
        roles.setTargetFunctionRole(address(ledger), selectors, 7);
        roles.grantRole(7, alice, 2 days);
        bytes memory order = abi.encodeCall(ledger.seizeVoucher, (voucher, creditor, bob, REASON));
        vm.startPrank(alice);
        vm.expectRevert();
        ledger.seizeVoucher(voucher, creditor, bob, REASON);
        roles.schedule(address(ledger), order, 0);
        vm.expectRevert();
        ledger.seizeVoucher(voucher, creditor, bob, REASON);
        vm.warp(block.timestamp + 2 days);
        ledger.seizeVoucher(voucher, creditor, bob, REASON);
        vm.stopPrank();
        _assertVoucher(voucher, bob, FACE);
    }

    /// @dev K14: several calls in one are the caller's own, in the ledger and in the office alike.
    function test_K14_batches_keep_the_caller() external {
        (ReceivableId id, VoucherId voucher) = _accepted();
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(ledger.setConsent, (alice, true));
        calls[1] = abi.encodeWithSignature(
            "transferFrom(uint256,address,uint256)", _raw(voucher), alice, uint256(1)
        );
        vm.prank(stranger);
        vm.expectRevert();
        ledger.multicall(calls);
        assertFalse(ledger.hasConsented(stranger, alice));
        vm.prank(creditor);
        ledger.multicall(calls);
        assertTrue(ledger.hasConsented(creditor, alice));
        assertEq(ledger.balanceOf(alice), 1);
        calls[0] = abi.encodeCall(ledger.freezeParty, (bob, FOREVER, REASON));
        _expectUnauthorized(creditor);
        vm.prank(creditor);
        ledger.multicall(calls);
        calls[0] = abi.encodeCall(ledger.extinguish, (voucher));
        vm.prank(creditor);
        vm.expectRevert(
            abi.encodeWithSelector(IParties.CallerNotEntitled.selector, creditor, obligor)
        );
        ledger.multicall(calls);
        _assertStatus(id, Status.Accepted);
    }

    /* HELPERS */

    /// @dev Nobody at home is a failed call without a word, which the fallback turns into this error.
    function _isAnswered(bytes memory call) private returns (bool) {
        (bool success, bytes memory answer) = address(ledger).call(call);
        bytes memory nobody = abi.encodeWithSelector(Errors.FailedCall.selector);
        return success || keccak256(answer) != keccak256(nobody);
    }
}
