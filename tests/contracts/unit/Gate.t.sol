// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {GateMock} from "contracts/mocks/GateMock.sol";
import {Programme, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice A programme's own rules, asked at issue, acceptance and transfer.
contract GateTest is LedgerTest {
    GateMock private _gate;
    uint16 private _gated;

    function setUp() public override {
        super.setUp();
        _gate = new GateMock();
        Programme memory rules = _programme();
        rules.gate = address(_gate);
        _gated = ledger.createProgramme(rules);
    }

    function test_asked_before_issue_with_the_terms() external {
        Terms memory terms = _gatedTerms();
        ReceivableId id = _issued(terms);
        assertEq(_gate.issues(), 1);
        assertEq(_gate.acceptances(), 0);
        assertTrue(_gate.lastReceivable() == id);
        assertEq(_gate.lastTermsHash(), keccak256(abi.encode(terms)));
    }

    function test_asked_before_acceptance_however_it_comes() external {
        ReceivableId id = _issued(_gatedTerms());
        vm.prank(obligor);
        ledger.accept(id);
        assertEq(_gate.acceptances(), 1);
        assertTrue(_gate.lastReceivable() == id);
        _accepted(_gatedTerms());
        assertEq(_gate.acceptances(), 2);
        Terms memory terms = _gatedTerms();
        _issued(terms);
        bytes32 digest = ledger.acceptanceDigest(terms, block.timestamp);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(obligorKey, digest);
        ledger.acceptWithSignature(terms, block.timestamp, abi.encodePacked(r, s, v));
        assertEq(_gate.acceptances(), 3);
    }

    function test_asked_before_every_transfer() external {
        (ReceivableId id, VoucherId voucher) = _accepted(_gatedTerms());
        _splitOff(voucher, creditor, alice, 5e6);
        _assertAsked(1, voucher, creditor, creditor, alice, 5e6);
        VoucherId part = id.voucherAt(2);
        _moveValue(voucher, part, creditor, 2e6);
        _assertAsked(2, voucher, creditor, creditor, alice, 2e6);
        vm.prank(alice);
        ledger.setApprovalForAll(bob, true);
        vm.prank(bob);
        ledger.transferFrom(alice, bob, _raw(part));
        _assertAsked(3, part, bob, alice, bob, 7e6);
        vm.prank(creditor);
        ledger.split(voucher, _parts(alice, 1e6, bob, 3e6));
        _assertAsked(5, voucher, creditor, creditor, bob, 3e6);
    }

    function test_not_asked_by_other_programmes() external {
        (, VoucherId voucher) = _accepted();
        _splitOff(voucher, creditor, alice, 1e6);
        assertEq(_gate.occasions(), 0);
    }

    function test_not_asked_for_payment_and_redemption() external {
        (ReceivableId id, VoucherId voucher) = _accepted(_gatedTerms());
        uint256 before = _gate.occasions();
        _gate.setRefusal(REASON);
        _pay(id, FACE);
        _redeem(voucher);
        assertEq(_gate.occasions(), before);
    }

    function test_its_refusal_reaches_the_caller_unchanged() external {
        (, VoucherId voucher) = _accepted(_gatedTerms());
        VoucherId part = _splitOff(voucher, creditor, alice, 5e6);
        ReceivableId waiting = _issued(_gatedTerms());
        Terms memory terms = _gatedTerms();
        _gate.setRefusal(REASON);

        _expectRefused();
        _issued(terms);
        _expectRefused();
        _accepted(terms);
        _expectRefused();
        vm.prank(obligor);
        ledger.accept(waiting);
        _expectRefused();
        _give(voucher, creditor, alice);
        _expectRefused();
        _splitOff(voucher, creditor, alice, 1e6);
        _expectRefused();
        _moveValue(voucher, part, creditor, 1e6);
        _expectRefused();
        vm.prank(creditor);
        ledger.split(voucher, _parts(alice, 1e6));
        _expectRefused();
        _give(voucher, creditor, creditor);
        _assertStatus(waiting, Status.Issued);
    }

    function test_a_seizure_asks_no_gate() external {
        (, VoucherId voucher) = _accepted(_gatedTerms());
        _gate.setRefusal(REASON);
        ledger.seizeVoucher(voucher, creditor, alice, REASON);
        _assertVoucher(voucher, alice, FACE);
    }

    /* WHILE IT IS ASKED */

    function test_threat_01_a_gate_cannot_act_on_the_ledger() external {
        (, VoucherId voucher) = _accepted(_gatedTerms());
        _verify(address(_gate));
        vm.prank(creditor);
        ledger.setApprovalForAll(address(_gate), true);
        _gate.arm(
            address(ledger), abi.encodeCall(ledger.split, (voucher, _parts(address(_gate), 1e6)))
        );
        _splitOff(voucher, creditor, alice, 1e6);
        _assertRepelled();
        assertEq(ledger.balanceOf(address(_gate)), 0);
    }

    function test_threat_01_a_gate_with_a_role_cannot_change_parties_midway() external {
        (, VoucherId voucher) = _accepted(_gatedTerms());
        roles.grantRole(0, address(_gate), 0);
        bytes[5] memory calls = [
            abi.encodeCall(ledger.verifyParty, (alice, 0, REASON)),
            abi.encodeCall(ledger.freezeParty, (alice, FOREVER, REASON)),
            abi.encodeCall(ledger.setCustodian, (alice, true)),
            abi.encodeCall(ledger.setPayee, (alice, bob, REASON)),
            abi.encodeCall(ledger.freezeVoucher, (voucher, creditor, FOREVER, REASON))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            _gate.arm(address(ledger), calls[i]);
            _splitOff(voucher, creditor, alice, 1e6);
            _assertRepelled();
        }
        assertEq(ledger.balanceOf(alice), calls.length);
    }

    function test_threat_02_a_gate_sees_that_a_call_is_under_way() external {
        (, VoucherId voucher) = _accepted(_gatedTerms());
        assertFalse(ledger.isEntered());
        _gate.arm(address(ledger), abi.encodeCall(ledger.isEntered, ()));
        _splitOff(voucher, creditor, alice, 1e6);
        assertTrue(_gate.succeeded());
        assertTrue(abi.decode(_gate.outcome(), (bool)));
        assertFalse(ledger.isEntered());
    }

    function test_threat_01_the_second_gate_call_of_an_issue_sees_nothing_half_done() external {
        Terms memory terms = _gatedTerms();
        _gate.arm(address(ledger), abi.encodeCall(ledger.accept, (ledger.idOf(terms))));
        _accepted(terms);
        _assertRepelled();
    }

    /* INTERNAL */

    function _gatedTerms() private returns (Terms memory terms) {
        terms = _terms();
        terms.programme = _gated;
    }

    function _assertAsked(
        uint256 times,
        VoucherId id,
        address operator,
        address from,
        address to,
        uint256 value
    ) private view {
        assertEq(_gate.transfers(), times);
        (VoucherId moved, address by, address source, address target, uint256 amount) =
            _gate.lastMove();
        assertEq(_raw(moved), _raw(id));
        assertEq(by, operator);
        assertEq(source, from);
        assertEq(target, to);
        assertEq(amount, value);
    }

    function _assertRepelled() private view {
        assertTrue(_gate.attempted());
        assertFalse(_gate.succeeded());
        assertEq(bytes4(_gate.outcome()), bytes4(keccak256("ReentrancyGuardReentrantCall()")));
    }

    function _expectRefused() private {
        vm.expectRevert(abi.encodeWithSelector(GateMock.GateRefused.selector, REASON));
    }
}
