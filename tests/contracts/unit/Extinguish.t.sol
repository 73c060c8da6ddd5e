// SPDX-License-Identifier: MIT
pragma solidity 0.8.35;

import {IERC3525} from "contracts/interfaces/IERC3525.sol";
import {IERC7943NonFungible} from "contracts/interfaces/IERC7943NonFungible.sol";
import {IRecoveries} from "contracts/interfaces/IRecoveries.sol";
import {IRefusals} from "contracts/interfaces/IRefusals.sol";
import {ISettlement} from "contracts/interfaces/ISettlement.sol";

import {Programme, Receivable, Status, Terms} from "contracts/types/DataTypes.sol";
import {ReceivableId, VoucherId} from "contracts/types/Ids.sol";
import {LedgerTest} from "../LedgerTest.sol";

/// @notice The obligor holds its own paper and ends it.
contract ExtinguishTest is LedgerTest {
    ReceivableId private _id;
    VoucherId private _voucher;
    // The obligor's own, a quarter of the face.
    VoucherId private _own;

    function setUp() public override {
        super.setUp();
        (_id, _voucher) = _accepted();
        _own = _splitOff(_voucher, creditor, obligor, FACE / 4);
    }

    function test_threat_32_the_debt_is_less_by_the_vouchers_value() external {
        vm.expectEmit(address(ledger));
        emit IRecoveries.Extinguished(_own, obligor, FACE / 4, 0);
        vm.expectEmit(address(ledger));
        emit IERC3525.TransferValue(_raw(_own), 0, FACE / 4);
        _extinguish(_own);

        assertEq(ledger.receivableOf(_id).face, FACE / 4 * 3);
        assertEq(ledger.balanceOf(obligor), 0);
        _assertGone(_own);
        _pay(_id, type(uint256).max);
        assertEq(_redeem(_voucher), FACE / 4 * 3);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_what_it_could_claim_is_redeemed_first() external {
        _pay(_id, FACE / 2);
        uint256 before = cash.balanceOf(obligor);
        vm.expectEmit(address(ledger));
        emit ISettlement.Redeemed(_own, obligor, obligor, 0, FACE / 8);
        vm.expectEmit(address(ledger));
        emit IRecoveries.Extinguished(_own, obligor, FACE / 4, FACE / 8);
        _extinguish(_own);

        assertEq(cash.balanceOf(obligor) - before, FACE / 8);
        Receivable memory receivable = ledger.receivableOf(_id);
        assertEq(receivable.face, FACE / 4 * 3);
        assertEq(receivable.paid, FACE / 8 * 3);
        assertEq(receivable.claimed, 0);
        // The others share in as much as before.
        assertEq(ledger.claimableOf(_voucher), FACE / 8 * 3);
    }

    function test_what_others_claimed_stays_theirs() external {
        _pay(_id, FACE / 2);
        _redeem(_voucher);
        _redeem(_own);
        _extinguish(_own);
        assertEq(ledger.receivableOf(_id).claimed, FACE / 8 * 3);
        assertEq(ledger.claimedOn(_voucher), FACE / 8 * 3);
        _pay(_id, type(uint256).max);
        _redeem(_voucher);
        assertEq(cash.balanceOf(creditor), FACE / 4 * 3);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_extinguishing_everything_settles() external {
        _give(_voucher, creditor, obligor);
        _extinguish(_voucher);
        _assertStatus(_id, Status.Accepted);
        _extinguish(_own);
        _assertStatus(_id, Status.Settled);
        assertEq(ledger.receivableOf(_id).face, 0);
    }

    function test_extinguishing_what_is_owed_cures_a_default() external {
        _give(_voucher, creditor, obligor);
        _warpToOverdue(_id);
        ledger.declareDefault(_id);
        _extinguish(_own);
        assertEq(ledger.partyOf(obligor).defaults, 1);
        vm.expectEmit(address(ledger));
        emit IRefusals.DefaultCured(_id, obligor);
        _extinguish(_voucher);
        assertEq(ledger.partyOf(obligor).defaults, 0);
        assertEq(ledger.balanceOf(obligor), 0);
        assertFalse(ledger.receivableOf(_id).defaultDeclared);
    }

    function test_it_frees_the_obligors_limit_by_what_was_still_owed() external {
        Programme memory rules = _programme();
        (rules.obligorLimit, rules.currency) = (FACE, eur);
        Terms memory terms = _termsUnder(rules);
        (ReceivableId id, VoucherId voucher) = _accepted(terms);
        VoucherId own = _splitOff(voucher, creditor, obligor, FACE / 4);
        _pay(id, FACE / 2);
        _extinguish(own);
        Receivable memory receivable = ledger.receivableOf(id);
        assertEq(ledger.outstandingOf(terms.programme, obligor), receivable.face - receivable.paid);
    }

    function test_fuzz_the_books_close(uint80 paid, uint80 value) external {
        VoucherId own = _splitOff(_voucher, creditor, obligor, bound(value, 1, FACE / 2));
        _pay(_id, bound(paid, 1, FACE - 1));
        _extinguish(own);
        if (ledger.statusOf(_id) != Status.Settled) _pay(_id, type(uint256).max);
        _redeem(_own);
        _redeem(_voucher);
        assertEq(cash.balanceOf(address(ledger)), 0);
    }

    function test_threat_35_the_obligor_extinguishes_in_a_pause() external {
        _pause();
        _extinguish(_own);
    }

    /* REVERTS */

    function test_reverts_when_caller_is_not_the_obligor() external {
        _expectNotEntitled(creditor, obligor);
        vm.prank(creditor);
        ledger.extinguish(_voucher);
    }

    function test_reverts_when_voucher_is_anothers() external {
        vm.expectRevert(
            abi.encodeWithSignature(
                "ERC721IncorrectOwner(address,uint256,address)", obligor, _raw(_voucher), creditor
            )
        );
        _extinguish(_voucher);
    }

    function test_reverts_when_voucher_does_not_exist() external {
        VoucherId unknown = _id.voucherAt(9);
        _expectNonexistent(unknown);
        _extinguish(unknown);
    }

    function test_reverts_given_nothing_is_owed() external {
        _pay(_id, FACE);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.NothingOwed.selector, _id));
        _extinguish(_own);
    }

    function test_reverts_given_guarantors_have_advanced() external {
        _fund(bob);
        _advance(_id, bob, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IRecoveries.AdvancesOutstanding.selector, _id, 1e6));
        _extinguish(_own);
    }

    function test_reverts_given_a_frozen_obligor() external {
        _freezeParty(obligor);
        _expectFrozen(obligor);
        _extinguish(_own);
    }

    function test_reverts_given_a_frozen_voucher() external {
        ledger.setFrozenTokens(obligor, _raw(_own), true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7943NonFungible.ERC7943InsufficientUnfrozenBalance.selector, obligor, _raw(_own)
            )
        );
        _extinguish(_own);
    }

    /* INTERNAL */

    function _extinguish(VoucherId voucher) private {
        vm.prank(obligor);
        ledger.extinguish(voucher);
    }
}
