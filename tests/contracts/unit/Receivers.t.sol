// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IVouchers} from "contracts/interfaces/IVouchers.sol";

import {ReentrantReceiver} from "contracts/mocks/ReentrantReceiver.sol";
import {RefusingReceiver} from "contracts/mocks/RefusingReceiver.sol";
import {Part} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Contracts that receive vouchers and value.
contract ReceiversTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;
    ReentrantReceiver private _intruder;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
        _intruder = new ReentrantReceiver();
        _verify(address(_intruder));
    }

    /* WHO IS ASKED */

    function test_a_contract_is_asked_when_value_reaches_it() external {
        VoucherId part = _splitOff(_voucher, creditor, address(_intruder), 1e6);
        assertEq(_intruder.occasions(), 1);
        _moveValue(_voucher, part, creditor, 1e6);
        assertEq(_intruder.occasions(), 2);
        _split(address(_intruder), bob);
        assertEq(_intruder.occasions(), 3);
        _split(bob, address(_intruder));
        assertEq(_intruder.occasions(), 4);
    }

    function test_a_contract_is_not_asked_for_its_own_value() external {
        VoucherId part = _splitOff(_voucher, creditor, address(_intruder), 10e6);
        VoucherId own = _splitOff(part, address(_intruder), address(_intruder), 1e6);
        _moveValue(part, own, address(_intruder), 1e6);
        address other = _receiver(RefusingReceiver.Manner.Accept);
        Part[] memory parts = _parts(address(_intruder), 1e6, other, 1e6);
        vm.prank(address(_intruder));
        ledger.split(part, parts);
        assertEq(_intruder.occasions(), 1);
    }

    function test_the_receiver_learns_all_of_it() external {
        uint256 part = _raw(_id.voucherAt(2));
        vm.prank(creditor);
        ledger.approve(bob, _raw(_voucher));
        vm.expectCall(
            address(_intruder),
            abi.encodeWithSignature(
                "onERC3525Received(address,uint256,uint256,uint256,bytes)",
                bob,
                _raw(_voucher),
                part,
                1e6,
                ""
            )
        );
        _splitOff(_voucher, bob, address(_intruder), 1e6);
    }

    function test_each_receiver_of_a_split_learns_of_its_own_part() external {
        vm.expectCall(
            address(_intruder),
            abi.encodeWithSignature(
                "onERC3525Received(address,uint256,uint256,uint256,bytes)",
                creditor,
                _raw(_voucher),
                _raw(_id.voucherAt(3)),
                2e6,
                ""
            )
        );
        Part[] memory parts = _parts(bob, 1e6, address(_intruder), 2e6);
        vm.prank(creditor);
        ledger.split(_voucher, parts);
    }

    function test_a_plain_transfer_asks_nobody() external {
        _give(_voucher, creditor, address(_intruder));
        assertEq(_intruder.occasions(), 0);
    }

    /* WHO REFUSES */

    function test_threat_04_a_contract_that_does_not_claim_to_refuse_is_not_asked() external {
        RefusingReceiver.Manner[3] memory manners = [
            RefusingReceiver.Manner.RevertWhenAsked,
            RefusingReceiver.Manner.BurnGasWhenAsked,
            RefusingReceiver.Manner.Accept
        ];
        for (uint256 i = 0; i < manners.length; ++i) {
            _splitOff(_voucher, creditor, _receiver(manners[i]), 1e6);
        }
        assertEq(ledger.receivableOf(_id).vouchers, 4);
    }

    function test_threat_04_a_refusal_undoes_everything() external {
        address receiver = _receiver(RefusingReceiver.Manner.Revert);
        vm.expectRevert(RefusingReceiver.Refused.selector);
        _splitOff(_voucher, creditor, receiver, 1e6);
        vm.expectRevert(RefusingReceiver.Refused.selector);
        _split(alice, receiver);
        assertEq(ledger.balanceOf(receiver), 0);
        assertEq(ledger.balanceOf(alice), 0);
        _assertVoucher(_voucher, creditor, FACE);
    }

    function test_reverts_when_receiver_answers_with_anything_else() external {
        address receiver = _receiver(RefusingReceiver.Manner.WrongSelector);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ValueRefused.selector, receiver));
        _splitOff(_voucher, creditor, receiver, 1e6);
        _give(_splitOff(_voucher, creditor, creditor, 1e6), creditor, receiver);
        VoucherId its = _id.voucherAt(2);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ValueRefused.selector, receiver));
        _moveValue(_voucher, its, creditor, 1e6);
    }

    function test_threat_04_a_receiver_that_burns_gas_harms_only_its_own_transfer() external {
        address receiver = _receiver(RefusingReceiver.Manner.BurnGas);
        vm.expectRevert();
        vm.prank(creditor);
        ledger.transferFrom{gas: 1_000_000}(_raw(_voucher), receiver, 1e6);
        _splitOff(_voucher, creditor, alice, 1e6);
    }

    function test_threat_04_a_holder_that_refuses_everything_is_still_paid() external {
        address receiver = _receiver(RefusingReceiver.Manner.ClaimEverything);
        _give(_voucher, creditor, receiver);
        _pay(_id, FACE);
        assertEq(_redeem(_voucher), FACE);
        assertEq(cash.balanceOf(receiver), FACE);
    }

    /* WHO RE-ENTERS */

    function test_threat_01_no_receiver_can_act_while_it_receives_value() external {
        VoucherId own = _splitOff(_voucher, creditor, address(_intruder), 10e6);
        _pay(_id, FACE);
        bytes[9] memory calls = _intrusions(own);
        for (uint256 i = 0; i < calls.length; ++i) {
            _intruder.arm(address(ledger), calls[i]);
            _splitOff(_voucher, creditor, address(_intruder), 1e6);
            _assertRepelled();
            _intruder.arm(address(ledger), calls[i]);
            _moveValue(_voucher, own, creditor, 1e6);
            _assertRepelled();
            _intruder.arm(address(ledger), calls[i]);
            _split(bob, address(_intruder));
            _assertRepelled();
        }
    }

    function test_threat_01_no_receiver_can_act_while_it_receives_a_voucher() external {
        VoucherId own = _splitOff(_voucher, creditor, address(_intruder), 10e6);
        _pay(_id, FACE);
        bytes[9] memory calls = _intrusions(own);
        for (uint256 i = 0; i < calls.length; ++i) {
            VoucherId part = _splitOff(_voucher, creditor, creditor, 1e6);
            _intruder.arm(address(ledger), calls[i]);
            vm.prank(creditor);
            ledger.safeTransferFrom(creditor, address(_intruder), _raw(part));
            _assertRepelled();
        }
    }

    function test_threat_01_not_even_through_a_batch() external {
        bytes[] memory calls = new bytes[](1);
        VoucherId own = _splitOff(_voucher, creditor, address(_intruder), 10e6);
        calls[0] = abi.encodeCall(ledger.split, (own, _parts(bob, 1e6)));
        _intruder.arm(address(ledger), abi.encodeCall(ledger.multicall, (calls)));
        _splitOff(_voucher, creditor, address(_intruder), 1e6);
        _assertRepelled();
    }

    function test_threat_02_everything_is_final_when_the_receiver_is_asked() external {
        uint256 part = _raw(_id.voucherAt(2));
        _intruder.arm(address(ledger), abi.encodeCall(ledger.voucherOf, (_id.voucherAt(2))));
        _splitOff(_voucher, creditor, address(_intruder), 1e6);
        assertTrue(_intruder.succeeded());
        assertEq(
            keccak256(_intruder.outcome()),
            keccak256(abi.encode(ledger.voucherOf(VoucherId.wrap(part))))
        );
        _intruder.arm(address(ledger), abi.encodeCall(ledger.receivableOf, (_id)));
        _split(address(_intruder), bob);
        assertEq(keccak256(_intruder.outcome()), keccak256(abi.encode(ledger.receivableOf(_id))));
    }

    /* INTERNAL */

    function _split(address a, address b) private {
        vm.prank(creditor);
        ledger.split(_voucher, _parts(a, 1e6, b, 1e6));
    }

    function _receiver(RefusingReceiver.Manner manner) private returns (address receiver) {
        receiver = address(new RefusingReceiver(manner));
        _verify(receiver);
    }

    /// @dev What a holder could do at any other time.
    function _intrusions(VoucherId own) private view returns (bytes[9] memory calls) {
        address me = address(_intruder);
        calls[0] = abi.encodeCall(ledger.redeem, (own));
        calls[1] = abi.encodeCall(ledger.split, (own, _parts(bob, 1e6)));
        calls[2] = abi.encodeCall(ledger.merge, (_list(_id.voucherAt(3)), own));
        calls[3] =
            abi.encodeWithSignature("transferFrom(address,address,uint256)", me, bob, _raw(own));
        calls[4] = abi.encodeWithSignature("approve(address,uint256)", bob, _raw(own));
        calls[5] = abi.encodeWithSignature("approve(uint256,address,uint256)", _raw(own), bob, 1);
        calls[6] =
            abi.encodeWithSignature("transferFrom(uint256,address,uint256)", _raw(own), bob, 1e6);
        calls[7] = abi.encodeWithSignature(
            "safeTransferFrom(address,address,uint256)", me, bob, _raw(own)
        );
        calls[8] = abi.encodeWithSignature(
            "transferFrom(uint256,uint256,uint256)", _raw(own), _raw(_voucher), 1e6
        );
    }

    function _assertRepelled() private view {
        assertTrue(_intruder.attempted());
        assertFalse(_intruder.succeeded());
        assertEq(bytes4(_intruder.outcome()), bytes4(keccak256("ReentrancyGuardReentrantCall()")));
    }
}
