// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525Receiver} from "contracts/interfaces/IERC3525Receiver.sol";
import {IVouchers} from "contracts/interfaces/IVouchers.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {TestCurrency} from "contracts/mocks/TestCurrency.sol";
import {Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice Takes part in ERC-3525, refuses everything, and needs some gas to say so.
contract SlowRefuser {
    mapping(uint256 slot => uint256 word) private _cold;

    function supportsInterface(bytes4 id) external view returns (bool) {
        uint256 sum;
        for (uint256 i = 0; i < 4; ++i) {
            sum += _cold[i];
        }
        return sum == 0 && (id == 0x01ffc9a7 || id == type(IERC3525Receiver).interfaceId);
    }

    function onERC3525Received(address, uint256, uint256, uint256, bytes calldata)
        external
        pure
        returns (bytes4)
    {
        return 0;
    }
}

/// @notice What the second review of the kernel found stays fixed (docs/security/kernel-review-2.md).
contract SecondReviewTest is LedgerTest {
    /// @dev The smallest amount of a currency with two decimals.
    uint256 private constant _CENT = 1e4;

    ReceivableId private _id;
    VoucherId private _others;
    VoucherId private _mine;

    /// @dev Half of 20.00 is paid; alice holds 10.00 and has taken her 5.00 out.
    function setUp() public override {
        super.setUp();
        Terms memory terms = _termsIn(_addToken(new TestCurrency("Cents", "CENT", 2)));
        terms.face = 20e6;
        (_id, _others) = _accepted(terms);
        _mine = _splitOff(_others, creditor, alice, 10e6);
        _pay(_id, 10e6);
        _redeem(_mine);
    }

    function test_threat_12_a_claim_is_not_shed_cent_by_cent() external {
        VoucherId fresh = _splitOff(_mine, alice, alice, _CENT);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.ClaimNotDivisible.selector, _mine, 5e6));
        ledger.transferFrom(_raw(_mine), _raw(fresh), _CENT);
    }

    function test_threat_12_an_allowance_leaves_no_claim_behind() external {
        vm.prank(alice);
        ledger.approve(_raw(_mine), bob, 5e6);
        vm.startPrank(bob);
        uint256 taken = ledger.transferFrom(_raw(_mine), bob, 2e6);
        vm.expectRevert();
        ledger.transferFrom(_raw(_mine), taken, _CENT);
        ledger.transferFrom(_raw(_mine), taken, 2 * _CENT);
        vm.stopPrank();
        _pay(_id, 20e6);
        assertEq(_redeem(VoucherId.wrap(taken)), 1e6 + _CENT);
        assertEq(_redeem(_mine), 4e6 - _CENT);
    }

    function test_a_small_allowance_does_not_use_up_the_hops_of_another_voucher() external {
        VoucherId worn = _splitOff(_others, creditor, bob, 1e6);
        worn = _splitOff(worn, bob, alice, 1e6);
        VoucherId whole = _splitOff(_others, creditor, alice, 5e6);
        vm.prank(alice);
        ledger.approve(_raw(worn), stranger, 1e6);
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC721Errors.ERC721InsufficientApproval.selector, stranger, _raw(whole)
            )
        );
        ledger.transferFrom(_raw(worn), _raw(whole), 1e6);
    }

    function test_threat_04_a_receiver_is_not_passed_over_for_want_of_gas() external {
        address receiver = address(new SlowRefuser());
        ledger.verifyParty(receiver, FOREVER, "slow");
        for (uint256 gas_ = 120_000; gas_ < 200_000; gas_ += 1000) {
            vm.prank(creditor);
            (bool moved,) = address(ledger).call{gas: gas_}(
                abi.encodeWithSignature(
                    "transferFrom(uint256,address,uint256)", _raw(_others), receiver, 1e6
                )
            );
            assertFalse(moved);
        }
    }

    function test_a_blocked_guarantor_is_reimbursed_to_its_payee() external {
        uint8 currency = ledger.receivableOf(_id).currency;
        TestCurrency token = TestCurrency(ledger.currencyOf(currency).token);
        token.mint(bob, 100_000);
        vm.startPrank(bob);
        token.approve(address(ledger), type(uint256).max);
        (uint256 start,) = ledger.advance(_id, bob, 10e6);
        vm.stopPrank();
        _pay(_id, 10e6);
        ledger.setPayee(bob, alice, "order");
        uint256 before = token.balanceOf(alice);
        vm.expectRevert();
        ledger.reimburse(_id, start);
        vm.prank(bob);
        ledger.reimburse(_id, start);
        assertEq(token.balanceOf(alice) - before, 1000);
    }

    function test_threat_34_reverts_when_more_than_250_vouchers_are_merged() external {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IVouchers.PartsOutOfRange.selector, 251, 250));
        ledger.merge(new VoucherId[](251), _mine);
    }
}
